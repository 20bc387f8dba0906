"""Laws of lint about sequences: what is reported as impossible happens in no run and no week."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import attrs
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import nurturekit as nk
from nurturekit.calendars import ContactHours, zone_named
from nurturekit.instants import DAY_US
from nurturekit.lint import findings
from nurturekit.lint.draft import Draft
from nurturekit.planning import Arm, Branch
from tests.builders import BOTH, LEAD, library, night, world
from tests.laws.test_lint_laws import HOUSE, conditions
from tests.strategies import LAST_DAY, histories

MORE = settings(max_examples=max(300, settings().max_examples))
NAME = "drawn"
IDS = "abcdef"
OPEN = {"marketing": ["mass", "automated", "one_to_one"], "sales": ["one_to_one"]}
NIGHTS = (*range(0, LAST_DAY, 6), LAST_DAY)
# Everything a row says may hold, and rows that keep a sequence from running.
rows = st.lists(
    st.builds(
        lambda when, shut, allowed, continues: nk.Row(
            name="drawn",
            number=1,
            when=when,
            closed=shut,
            accountable="marketing",
            allowed=allowed,
            continues=continues,
        ),
        conditions,
        st.booleans(),
        st.sampled_from(({}, OPEN)),
        st.sampled_from(((), ("newsletter",))),
    ),
    max_size=3,
)


positions = st.sampled_from(("any", "lead", "lead", "decision"))


@st.composite
def waits(draw):
    """Draw a wait of any sort."""
    days = draw(st.sampled_from((0, 0, 1, 2, 5)))
    return draw(
        st.sampled_from(
            (
                {"after_days": days},
                {"after_days": days},
                {"up_to_days": days, "triggers": ("email_clicked",)},
                {"until_fact": "renewal", "offset_days": days, "if_missing": "skip"},
                {"until_fact": "renewal", "if_missing": "now"},
            )
        )
    )


@st.composite
def sequences(draw, criteria=conditions):
    """Draw a sequence of steps and branches, of which some lead past others."""
    ids = IDS[: draw(st.integers(2, 6))]
    steps = []
    for index, name in enumerate(ids):
        ahead = st.sampled_from((*ids[index + 1 :], "end"))
        if draw(st.integers(0, 2)) == 0 and index < len(ids) - 1:
            arms = draw(
                st.lists(
                    st.builds(lambda to, when: Arm(to=to, when=when), ahead, criteria)
                    | st.builds(lambda to: Arm(to=to, outcome=("no_need",)), ahead),
                    min_size=1,
                    max_size=3,
                )
            )
            steps.append(Branch(id=name, arms=arms, otherwise=draw(st.none() | ahead)))
        else:
            steps.append(
                nk.Step(
                    id=name,
                    style=draw(st.sampled_from(("mass", "automated"))),
                    channel=draw(st.sampled_from(("email", "email", "post"))),
                    content=nk.ContentRule(position=draw(positions)),
                    if_no_content=draw(st.sampled_from(("wait", "skip"))),
                    next=draw(st.none() | st.none() | ahead),
                    **draw(waits()),
                )
            )
    return nk.Sequence(
        name=NAME,
        team="marketing",
        steps=steps,
        entry=draw(st.none() | st.none() | criteria),
        exit=draw(st.none() | criteria),
        reentry="after_end",
    )


def playbook_of(sequence, *more, guards=HOUSE.guards):
    """Return a playbook with one sequence, and rows before those of the house."""
    numbered = [
        attrs.evolve(row, number=number, name=f"more {number}")
        for number, row in enumerate(more, start=101)
    ]
    ownership = attrs.evolve(HOUSE.ownership, rows=(*numbered, *HOUSE.ownership.rows))
    planner = attrs.evolve(HOUSE.planner, sequences=(sequence,))
    return attrs.evolve(HOUSE, ownership=ownership, planner=planner, guards=guards)


def lived(playbook, records, *, scene):
    """Decide some nights, moves appended and what is planned done; return the history.

    Nothing is decided before an opening: it is when the history begins.
    """
    history = nk.History([*records, *BOTH])
    openings = [one.occurred_at for one in records if isinstance(one, nk.Opening)]
    for number in NIGHTS:
        if any(night(number) < at for at in openings):
            continue
        decision = playbook.decide(LEAD, history, as_of=night(number), world=scene)
        history = history.add(*decision.moves)
        for action in decision.actions:
            if action.sequence == NAME:
                at = max(action.earliest, night(number) + timedelta(minutes=5))
                history = history.add(nk.performed(action, at=at))
    return history


def happened(history):
    """Yield step, instant and run of everything that the drawn sequence did."""
    for record in history:
        if getattr(record, "sequence", None) == NAME and record.step is not None:
            yield record.step, record.occurred_us, record.run


def begun(history):
    """Return when each run of the drawn sequence began."""
    return {
        record.run: record.occurred_us
        for record in history
        if getattr(record, "sequence", None) == NAME and getattr(record, "kind", "") == "enrolled"
    }


def places(playbook, *codes, **options):
    """Return what is reported below the drawn sequence, by the place there."""
    head = f"$.sequences[{NAME}]."
    found = [one for one in findings(playbook, **options) if one.code in codes]
    return {one.path.removeprefix(head): one for one in found}


@MORE
@given(sequences(), histories())
def test_nothing_unreachable_happens(sequence, records):
    """No run makes, skips or branches at a step reported unreachable, or sooner than it can."""
    playbook = playbook_of(sequence)
    history = lived(playbook, records, scene=world())
    (paths,) = Draft(playbook=playbook, horizon_days=90).paths
    earliest = {step.id: paths.earliest[index] for index, step in enumerate(sequence.steps)}
    starts = begun(history)
    event("entered" if starts else "never entered")
    event("some unreachable" if None in earliest.values() else "all reachable")
    for step, us, run in happened(history):
        assert f"steps[{step}]" not in places(playbook, "unreachable-step")
        assert us - starts[run] >= earliest[step] * DAY_US


@MORE
@given(sequences(), rows, histories())
def test_nobody_enters_what_cannot_be_entered(sequence, more, records):
    """No lead enters a sequence reported as never entered, left at once or not continued."""
    codes = ("never-entered", "exit-at-once", "sequence-not-continued")
    playbook = playbook_of(sequence, *more)
    reported = set(places(playbook, *codes)) & {"entry", "exit", "team"}
    event(f"reported: {', '.join(sorted(reported))}")
    assert not (reported and begun(lived(playbook, records, scene=world())))


def ways(sequence, index=0):
    """Yield every path from an index to the end, as tuples of indexes."""
    ahead = sequence.ways_from(index)
    for to in set(ahead):
        if to == len(sequence.steps):
            yield (index,)
        else:
            for rest in ways(sequence, to):
                yield (index, *rest)


def longest(step):
    """Return the most days a step waits; a date may be any."""
    if step.until_fact is not None:
        return 10**6
    return step.after_days if step.up_to_days is None else step.up_to_days


caps = st.builds(
    lambda at_most, days, channel, styles: nk.Cap(
        name="cap",
        at_most=at_most,
        window_days=days,
        channel=channel,
        styles=styles,
        then="drop",
    ),
    st.integers(1, 3),
    st.integers(1, 12),
    st.sampled_from((None, "email")),
    st.sampled_from((None, ("mass",))),
)


@MORE
@given(sequences(criteria=st.just(nk.fact("size") >= 3)), caps)
def test_what_is_capped_out_is_one_too_many(sequence, cap):
    """On some path the contacts up to a step reported capped out are too many for one window."""
    guards = attrs.evolve(HOUSE.guards, caps=(cap,), minimum_gap_hours=0)
    reported = places(playbook_of(sequence, guards=guards), "capped-out")
    over = set()
    for path in ways(sequence):
        day, days = 0, []
        for index in path:
            step = sequence.steps[index]
            day += longest(step)
            counts = isinstance(step, nk.Step) and cap.counts(step.channel, "marketing", step.style)
            days += [day] if counts else []
            if counts and sum(day - one < cap.window_days for one in days) > cap.at_most:
                over.add(f"steps[{step.id}]")
    event("some capped out" if reported else "none capped out")
    assert set(reported) <= over


DAYS_OF_WEEK = ("mon", "tue", "wed-thu", "fri", "sat-sun", "mon-sun")
hours = st.lists(
    st.builds(
        lambda days, start, length: (
            f"{days} {start // 60:02}:{start % 60:02}-"
            f"{(start + length) // 60 % 24:02}:{(start + length) % 60:02}"
            + (" overnight" if start + length >= 24 * 60 else "")
        ),
        st.sampled_from(DAYS_OF_WEEK),
        st.integers(0, 23).map(lambda hour: hour * 60)
        | st.sampled_from((90, 120, 150, 180, 23 * 60)),
        st.sampled_from((1, 30, 60, 90, 240, 12 * 60)),
    ),
    min_size=1,
    max_size=2,
).map(lambda windows: ContactHours(windows=windows))
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca")
# Weeks around the change of clocks, and one without.
WEEKS = [datetime(2026, month, first, tzinfo=UTC) for month, first in ((3, 5), (3, 26), (10, 1))]
WEEKS += [datetime(2026, 10, 22, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC)]


@MORE
@given(hours, hours, st.sampled_from(ZONES))
def test_what_never_opens_is_open_at_no_instant(send, channel, zone_name):
    """Hours reported as never open together share no instant, also where clocks change."""
    step = nk.Step(id="a", content=nk.ContentRule())
    sequence = nk.Sequence(name=NAME, team="marketing", steps=[step], send=send)
    guards = attrs.evolve(HOUSE.guards, hours={"email": channel})
    reported = places(playbook_of(sequence, guards=guards), "never-opens")
    event("never opens" if reported else "opens")
    assume(reported)
    zone = zone_named(zone_name, field="zone")
    for start in WEEKS:
        first = int(start.timestamp() * 10**6) // DAY_US
        for day in range(first, first + 10):
            spans = sorted((*send.openings(day, zone), *channel.openings(day, zone)))
            assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))


@st.composite
def shelves(draw):
    """Draw a library of few pieces."""
    return [
        attrs.evolve(piece, channels=draw(st.sampled_from(((), ("email",), ("post",)))))
        for piece in library(each=1)[: draw(st.integers(1, 3))]
    ]


@MORE
@given(sequences(criteria=st.just(nk.fact("size") >= 3)), shelves(), histories())
def test_no_step_without_content_is_made(sequence, shelf, records):
    """A step for which nothing was found to fit anybody is made in no run."""
    scene = world(content=shelf)
    playbook = playbook_of(attrs.evolve(sequence, entry=None, exit=None))
    short = places(playbook, "no-content-left", world=scene)
    none = {place for place, one in short.items() if one.level == "error"}
    event("some without any" if none else "some short" if short else "enough")
    made = [one for one in lived(playbook, records, scene=scene).touches if one.sequence == NAME]
    assert not {f"steps[{one.step}].content" for one in made} & none
