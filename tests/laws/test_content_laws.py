"""Laws of content: the chosen piece is the explained one, and the unknown is never another."""

import random

import attrs
from hypothesis import event, given
from hypothesis import strategies as st

from nurturekit.planning import ContentRule, explain_content
from nurturekit.planning.content import Shelf
from nurturekit.records import Content, Lead
from nurturekit.vocabulary import Channel
from tests.unit.planning.cases import LEAD, codes, content_step, day, plan, sent, sequence
from tests.unit.planning.cases import situation as lead_at

PERSONAS = ("cfo", "cto")
NEEDS = ("cost", "downtime")
WORDS = st.sampled_from(("prefer", "require", "ignore"))
# So that ages, fresh days and publications meet at their boundaries.
DAYS = (-40, -30, -29, -1, 0, 1)


@st.composite
def libraries(draw: st.DrawFn) -> list[Content]:
    """Draw a few pieces that differ in all that fitting looks at."""
    return [
        Content(
            id=f"piece-{number}",
            published_at=day(draw(st.sampled_from(DAYS))),
            position=draw(st.sampled_from((None, "awareness", "decision"))),
            pain_points=draw(st.lists(st.sampled_from(NEEDS), max_size=1)),
            personas=draw(st.lists(st.sampled_from(PERSONAS), max_size=1)),
            language=draw(st.sampled_from((None, "de", "de-AT", "fr"))),
            fresh_days=draw(st.sampled_from((None, 29))),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


@st.composite
def rules(draw: st.DrawFn) -> ContentRule:
    """Draw a rule."""
    return ContentRule(
        position=draw(st.sampled_from(("lead", "any", "decision"))),
        pain_point=draw(WORDS),
        persona=draw(WORDS),
        max_age_days=draw(st.sampled_from((None, 29, 30))),
    )


@st.composite
def leads(draw: st.DrawFn) -> Lead:
    """Draw a lead of which a need, a persona and a language may be known."""
    given = {
        "persona": draw(st.sampled_from((None, *PERSONAS))),
        "objection": draw(st.sampled_from((None, *NEEDS))),
    }
    language = draw(st.sampled_from((None, "de", "de-AT")))
    return Lead(id=LEAD.id, language=language, attributes=given)


def _seen(lead, library, had=()):
    return lead_at(0, [sent(-1, one, asset=one) for one in had], lead=lead, content=library)


@given(leads(), libraries(), rules(), st.randoms(use_true_random=False))
def test_what_is_chosen_is_what_is_explained(lead, library, rule, chance):
    """The first of the explained pieces is the one taken, whatever order the library came in."""
    mixed = random.Random(chance.random()).sample(library, len(library))
    fits = explain_content(_seen(lead, library), rule)
    assert fits == explain_content(_seen(lead, mixed), rule)
    seen = _seen(lead, library)
    best = Shelf(seen).best(rule, Channel.EMAIL, at_us=seen.as_of_us)
    chosen = [fit.content for fit in fits if fit.place == 1]
    event(f"fitting: {min(len(library), sum(not fit.misfits for fit in fits))}")
    assert chosen == ([] if best is None else [best.id])
    assert sorted(fit.content for fit in fits) == sorted(piece.id for piece in library)


@given(leads(), libraries(), rules(), st.sampled_from(PERSONAS))
def test_unknown_persona_is_not_another(lead, library, rule, persona):
    """Learning a persona only takes pieces away under `prefer`, and only adds under `require`."""
    unknown = attrs.evolve(lead, attributes={**lead.attributes, "persona": None})
    known = attrs.evolve(lead, attributes={**lead.attributes, "persona": persona})
    before, after = (
        {fit.content for fit in explain_content(_seen(one, library), rule) if fit.place}
        for one in (unknown, known)
    )
    event(f"{rule.persona}: changed" if before != after else "the same")
    assert rule.persona != "prefer" or before >= after
    assert rule.persona != "require" or before <= after
    assert rule.persona != "ignore" or before == after


@given(leads(), libraries(), rules(), st.sets(st.integers(0, 5)))
def test_exhausted_means_that_something_would_fit_again(lead, library, rule, numbers):
    """A step is exhausted just where a piece would fit a lead that has had nothing."""
    had = [piece.id for number, piece in enumerate(library) if number in numbers]
    step = content_step(
        position=rule.position,
        pain_point=rule.pain_point,
        persona=rule.persona,
        max_age_days=rule.max_age_days,
    )
    made = plan(_seen(lead, library, had), sequence(steps=[step]))
    fresh = plan(_seen(lead, library), sequence(steps=[step]))
    event(",".join(codes(made)) or "chosen")
    if not made.actions:
        assert codes(made) == ["exhausted" if fresh.actions else "no-content"]
