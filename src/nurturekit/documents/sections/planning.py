"""`[[sequences]]`, `[planning]` and `[[questions]]`: what happens next, and what may be asked."""

from nurturekit.documents.mentions import KIND_NAME
from nurturekit.documents.sections.criteria import CRITERION
from nurturekit.documents.shapes import TEXT, WHOLE, ListOf, Scalar, Word
from nurturekit.documents.tables import Field, Table
from nurturekit.planning import ContentRule, Question, Sequence, SequencePlanner, Step
from nurturekit.vocabulary import Channel, Purpose, Style, Team

TEXTS = ListOf(TEXT)

CONTENT_RULE = Table(
    ContentRule,
    (
        Field("position", TEXT),
        Field("pain_point", TEXT),
        Field("persona", TEXT),
        Field("topics", TEXTS),
        Field("max_age_days", WHOLE),
    ),
)

STEP = Table(
    Step,
    (
        Field("id", TEXT, required=True),
        Field("channel", Word(Channel)),
        Field("style", Word(Style)),
        Field("team", Word(Team)),
        Field("sender", TEXT),
        Field("content", CONTENT_RULE),
        Field("after_days", WHOLE),
        Field("up_to_days", WHOLE),
        Field("triggers", ListOf(KIND_NAME)),
        Field("repeat_every_days", WHOLE),
    ),
)

REENTRY = Scalar((str, int), "not-text", "`never`, `after_end` or a number of days")

SEQUENCE = Table(
    Sequence,
    (
        Field("name", TEXT, required=True),
        Field("version", WHOLE),
        Field("team", Word(Team), required=True),
        Field("purpose", Word(Purpose)),
        Field("priority", WHOLE),
        Field("entry", CRITERION),
        Field("exit", CRITERION),
        Field("reentry", REENTRY),
        Field("steps", ListOf(STEP), required=True),
    ),
)
SEQUENCES = ListOf(SEQUENCE)

# `SequencePlanner` without its sequences, which stand at the top of the document.
PLANNING = Table(
    SequencePlanner,
    (
        Field("max_silence_days", WHOLE),
        Field("duty_channels", ListOf(Word(Channel))),
        Field("max_unanswered_calls", WHOLE),
    ),
)

CHOICE = Scalar((str, int, bool), "not-text", "text, a whole number, or true or false")

QUESTIONS = ListOf(
    Table(
        Question,
        (
            Field("fact", TEXT, required=True),
            Field("on", TEXTS),
            Field("cost", WHOLE),
            Field("prompt_id", TEXT),
            Field("choices", ListOf(CHOICE)),
        ),
    )
)
