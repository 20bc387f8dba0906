"""Content libraries that run out before a sequence does."""

from datetime import UTC, datetime

import nurturekit as nk
from nurturekit.lint import findings
from tests.unit.lint.cases import found, planned, step

PLACE = "$.sequences[series].steps[mail].content"
LEAD = {"position": "lead"}


def piece(name, position=None, **fields):
    """Return a piece of content."""
    published = datetime(2026, 1, 5, tzinfo=UTC)
    return nk.Content(id=name, position=position, published_at=published, **fields)


def library(*pieces):
    """Return a world with these pieces."""
    return nk.World(content=pieces)


def mails(count, **fields):
    """Return so many mails in a row, of which the last is called `mail`."""
    names = [*[f"mail-{number}" for number in range(1, count)], "mail"]
    return planned(*(step(name, **fields) for name in names))


def test_enough_and_too_little():
    """Every step of a path takes a piece of its own; what is missing is found at the step."""
    world = library(piece("a"), piece("b"))
    assert found(mails(2), world=world) == []
    assert found(mails(3), world=world) == [("no-content-left", PLACE)]
    assert [one.level for one in findings(mails(3), world=world)] == ["warning"]


def test_without_a_library():
    """A world without content says nothing of it."""
    assert found(mails(3)) == []


def test_a_step_that_repeats_takes_several():
    """A step every ten days takes nine pieces in ninety, the first after two."""
    playbook = planned(step("mail", repeat_every_days=10))
    enough = library(*(piece(f"p{number}") for number in range(9)))
    assert found(playbook, world=enough) == []
    fewer = library(*(piece(f"p{number}") for number in range(8)))
    assert found(playbook, world=fewer) == [("no-content-left", PLACE)]
    assert found(playbook, world=fewer, horizon_days=81) == []


def test_a_cadence_takes_several():
    """On Tuesdays and Fridays there are at least 25 in 88 days, whenever a run begins."""
    weekly = {"every": "week", "on": ["tue", "fri"], "at": "09:00", "start": "2026-01-06"}
    playbook = planned(step("mail", cadence=weekly))
    assert found(playbook, world=library(*(piece(f"p{one}") for one in range(25)))) == []
    fewer = library(*(piece(f"p{one}") for one in range(24)))
    assert found(playbook, world=fewer) == [("no-content-left", PLACE)]


def test_steps_that_are_skipped_without_content():
    """Such a step may go short; what it would have taken is left for those that wait."""
    world = library(piece("a", topics=["roi"]), piece("b"))
    skipped = {"if_no_content": "skip"}
    assert found(mails(4, **skipped), world=world) == []
    roi = {"position": "any", "topics": ["roi"]}
    passed = [step(f"roi-{number}", content=roi, **skipped) for number in (1, 2)]
    assert found(planned(*passed, step("mail")), world=world) == []
    both = [step("one", **skipped), step("two", **skipped)]
    assert found(planned(*both, step("mail")), world=world) == [("no-content-left", PLACE)]
    nothing = {"position": "any", "topics": ["price"]}
    (finding,) = findings(planned(step("mail", content=nothing, **skipped)), world=world)
    assert (finding.path, finding.level) == (PLACE, "error")


def test_every_position_needs_its_own():
    """A rule for the lead's own position needs pieces for each of the three."""
    playbook = planned(step("mail", content=LEAD))
    all_three = library(*(piece(f"for-{one}", one) for one in nk.FunnelPosition))
    assert found(playbook, world=all_three) == []
    two = library(piece("a", "awareness"), piece("d", "decision"))
    (finding,) = findings(playbook, world=two)
    assert finding.path == PLACE
    assert "0 for consideration" in finding.problem
    assert found(planned(step("mail", content={"position": "decision"})), world=two) == []


def test_positions_that_have_left_need_none():
    """Who leaves at another position reads nothing for it; without one it is awareness."""
    leaving = {"signal": "position", "is_not": "consideration"}
    playbook = planned(step("mail", content=LEAD), exit=leaving)
    assert found(playbook, world=library(piece("c", "consideration"))) == []
    assert found(playbook, world=library(piece("a", "awareness"))) == [("no-content-left", PLACE)]
    new = {"signal": "position", "one_of": ["awareness", "consideration", "decision"]}
    unplaced = planned(step("mail", content=LEAD), exit=new)
    assert found(unplaced, world=library(piece("a", "awareness"))) == []


def test_every_language_needs_its_own():
    """Each language of the library needs enough; pieces without one count for all."""
    world = library(piece("en", language="en"), piece("de", language="de"), piece("any"))
    assert found(mails(2), world=world) == []
    few = library(piece("en", language="en"), piece("de", language="de"), piece("b", language="de"))
    (finding,) = findings(mails(2), world=few)
    assert "`en`" in finding.problem
    assert "`de`" not in finding.problem


def test_nothing_fits_at_all():
    """A step for which no piece fits anybody is an error: another channel, topic or need."""
    world = library(piece("a", channels=["post"], topics=["roi"]))
    for rule in ({"position": "any"}, {"position": "any", "topics": ["price"]}):
        (finding,) = findings(planned(step("mail", content=rule)), world=world)
        assert (finding.path, finding.level) == (PLACE, "error")
    letter = step("mail", channel="post", content={"position": "any", "topics": ["roi"]})
    assert found(planned(letter), world=world) == []
    needy = {"position": "any", "pain_point": "require"}
    assert found(planned(step("mail", content=needy)), world=library(piece("a"))) != []
    answered = library(piece("a", pain_points=["cost"]))
    assert found(planned(step("mail", content=needy)), world=answered) == []


def test_steps_that_take_other_pieces_do_not_count():
    """Only steps whose pieces fit this one as well take any of them away."""
    world = library(piece("a", topics=["roi"]), piece("b", topics=["faq"]))
    roi, faq = ({"position": "any", "topics": [topic]} for topic in ("roi", "faq"))
    assert found(planned(step("first", content=roi), step("mail", content=faq)), world=world) == []
    twice = planned(step("first", content=faq), step("mail", content=faq))
    assert found(twice, world=world) == [("no-content-left", PLACE)]


def test_the_path_that_takes_fewest_counts():
    """What a shorter way round saves isn't missed."""
    fork = {"id": "fork", "arms": [{"to": "mail", "when": {"fact": "employees", "above": 9}}]}
    playbook = planned(fork, step("more"), step("mail"))
    assert found(playbook, world=library(piece("a"))) == []


def test_beyond_the_horizon_nothing_is_needed():
    """A step that comes later than anybody plans takes no piece."""
    playbook = planned(step("first"), step("mail", after_days=60))
    world = library(piece("a"))
    assert ("no-content-left", PLACE) in found(playbook, world=world)
    assert ("no-content-left", PLACE) not in found(playbook, world=world, horizon_days=61)
