"""`[[sequences]]`, `[planning]` and `[[questions]]`: what happens next, and what may be asked."""

from datetime import time

from nurturekit.calendars import Cadence
from nurturekit.documents.mentions import KIND_NAME
from nurturekit.documents.sections.criteria import CRITERION
from nurturekit.documents.sections.guards import Hours
from nurturekit.documents.shapes import DAY, POINTS, TEXT, WHOLE, ListOf, Parsed, Scalar, Word
from nurturekit.documents.tables import Field, Table, Variant
from nurturekit.errors import RecordError
from nurturekit.planning import (
    Arm,
    Branch,
    ContentRule,
    Question,
    Sequence,
    SequencePlanner,
    Step,
)
from nurturekit.vocabulary import Channel, Outcome, Purpose, Style, Team

TEXTS = ListOf(TEXT)

CONTENT_RULE = Table(
    ContentRule,
    (
        Field("position", TEXT),
        Field("pain_point", TEXT),
        Field("persona", TEXT),
        Field("topics", TEXTS),
        Field("topic", TEXT),
        Field("max_age_days", WHOLE),
    ),
)


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        problem = "must be a local time such as `09:30`"
        raise RecordError("bad-time", field="at", problem=problem) from None


CADENCE = Table(
    Cadence,
    (
        Field("every", TEXT, required=True),
        Field("interval", WHOLE),
        Field("on", TEXTS, lambda cadence: cadence.on or None),
        Field("at", Parsed(TEXT, _clock, lambda at: f"{at:%H:%M}"), required=True),
        Field("start", DAY, required=True),
    ),
)

# The waits of steps and branches: one of the four.
WAITS = (
    Field("after_days", WHOLE),
    Field("up_to_days", WHOLE),
    Field("triggers", ListOf(KIND_NAME)),
    Field("until_fact", TEXT),
    Field("offset_days", WHOLE),
    Field("if_missing", TEXT),
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
        Field("if_no_content", TEXT),
        Field("topic", TEXT),
        *WAITS,
        Field("next", TEXT),
        Field("repeat_every_days", WHOLE),
        Field("cadence", CADENCE),
    ),
)

ARM = Table(
    Arm,
    (
        Field("to", TEXT, required=True),
        Field("when", CRITERION),
        Field("outcome", ListOf(Word(Outcome)), lambda arm: arm.outcome or None),
        Field("share", POINTS),
    ),
)
BRANCH = Table(
    Branch,
    (
        Field("id", TEXT, required=True),
        Field("arms", ListOf(ARM), required=True),
        Field("otherwise", TEXT),
        Field("salt", TEXT),
        *WAITS,
    ),
)
STEPS = ListOf(
    Variant(
        (
            ("arms", lambda step: isinstance(step, Branch), BRANCH),
            ("", lambda step: isinstance(step, Step), STEP),
        )
    )
)

REENTRY = Scalar((str, int), "not-text", "`never`, `after_end` or a number of days")

SEQUENCE = Table(
    Sequence,
    (
        Field("name", TEXT, required=True),
        Field("version", WHOLE),
        Field("takes_over", ListOf(WHOLE)),
        Field("team", Word(Team), required=True),
        Field("purpose", Word(Purpose)),
        Field("priority", WHOLE),
        Field("exclusive", TEXT),
        Field("entry", CRITERION),
        Field("exit", CRITERION),
        Field("goals", TEXTS),
        Field("reentry", REENTRY),
        Field("send", Hours()),
        Field("steps", STEPS, required=True),
    ),
)
SEQUENCES = ListOf(SEQUENCE)

# `SequencePlanner` without its sequences, which stand at the top of the document.
PLANNING = Table(
    SequencePlanner,
    (
        Field("max_silence_days", WHOLE),
        Field("duty_channels", ListOf(Word(Channel))),
        Field("call_values", ListOf(WHOLE)),
        Field("least_call_value", WHOLE),
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
