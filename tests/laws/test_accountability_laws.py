"""Laws of the accountability report, of the pace of stages, and of the curve beneath both."""

import random
from datetime import timedelta
from itertools import chain

import attrs
from hypothesis import event, given
from hypothesis import strategies as st

import nurturekit as nk
from nurturekit.accountability import MEASURES, Report, report
from nurturekit.progress import pace
from nurturekit.survival import kaplan_meier
from tests.builders import called, day, did, moved, world
from tests.cases import case, several
from tests.strategies import histories

REPS = ("rep-7", "rep-8", "mo")
SCENE = attrs.evolve(
    world(), reps=[nk.Rep(id="rep-7", pool="sales"), nk.Rep(id="mo", team="marketing")]
)
KINDS = nk.preset(nk.PRESETS[0]).kinds
START, END = day(5), day(40)
ENDS = ("accepted", "rejected", "lapsed", "withdrawn")
REASONS = (None, "no_need", "bad_fit", "said no")
NAMES = [one.name for one in MEASURES]

# Days on a grid, so that offers, ends and touches meet one another and the window's edges.
days = st.integers(0, 4 * 45).map(lambda quarter: quarter / 4)
reps = st.sampled_from((*REPS, None))


@st.composite
def offers(draw: st.DrawFn) -> list[nk.Move]:
    """Draw an offer, and what may become of it: some end twice, some before they begin."""
    on, was = draw(days), draw(st.sampled_from(("marketing", "sales", None)))
    offer_id = f"offer-{on}-{was}"
    due = draw(st.sampled_from((None, on + 1, on + 4)))
    made = moved(
        "offered",
        on,
        id=offer_id,
        was=was,
        to="sales",
        rep=draw(reps),
        due=None if due is None else day(due),
    )
    ends = draw(st.lists(st.tuples(st.sampled_from(ENDS), days, reps), max_size=2))
    return [
        made,
        *(
            moved(
                kind,
                at,
                id=f"{kind}-{at}-{offer_id}",
                answers=draw(st.sampled_from((offer_id, offer_id, None))),
                rep=rep,
                reason=draw(st.sampled_from(REASONS)),
            )
            for kind, at, rep in ends
        ),
    ]


owners = st.builds(
    lambda on, to, rep: [moved("owner", on, id=f"owner-{on}-{to}", to=to, rep=rep)],
    days,
    st.sampled_from(("marketing", "sales")),
    reps,
)
named = st.builds(
    lambda on, rep: [moved("rep", on, id=f"rep-{on}-{rep}", rep=rep)], days, st.sampled_from(REPS)
)
calls = st.builds(
    lambda on, rep, said: [called(on, id=f"call-{on}-{rep}", rep=rep, outcome=said)],
    days,
    reps,
    st.sampled_from((None, "connected", "voicemail", "no_answer")),
)
visits = st.builds(
    lambda on, campaign: [did("form_submitted", on, campaign=campaign)],
    days,
    st.sampled_from((None, "fair", "webinar")),
)
stages = st.builds(
    lambda on, to: [moved("stage", on, id=f"stage-{on}-{to}", to=to, reason="not_now")],
    days,
    st.sampled_from([str(stage) for stage in nk.Stage]),
)
parts = st.one_of(offers(), offers(), owners, owners, named, calls, calls, visits, stages)
stories = st.one_of(
    st.lists(parts, min_size=1, max_size=10).map(lambda found: list(chain.from_iterable(found))),
    histories(most=6),
)
many = st.lists(stories, max_size=5)


def told(cases, **fields) -> Report:
    """Report on leads in the laws' window."""
    fields = {"start": START, "end": END, "kinds": KINDS, "minutes": {"phone": 0.1}, **fields}
    return report(cases, **fields)


def values(made: Report, name: str, **about: object) -> dict[object, float]:
    """Return the values of one measure by whose it is, with what isn't there left out."""
    return {
        (one.team, one.rep, one.source, one.detail): one.value
        for one in made.measures
        if one.name == name and all(getattr(one, key) == about[key] for key in about)
    }


@given(many)
def test_every_offer_ends_in_one_way(leads):
    """Endings add up to offers, reasons to rejections, and what is given to what is taken."""
    made = told(several(*leads, scene=SCENE))
    event("offered" if any(values(made, "offers").values()) else "nothing offered")
    for side in ("effort", "quality"):
        endings = [values(made, name, side=side) for name in (*ENDS, "pending")]
        for key, count in values(made, "offers", side=side).items():
            assert count == sum(ending[key] for ending in endings)
        reasons = values(made, "rejected because", side=side)
        for whose, count in values(made, "rejected", side=side).items():
            assert count == sum(n for key, n in reasons.items() if key[:3] == whose[:3])
    taken = sum(values(made, "offers", side="effort", rep=None).values())
    given_away = values(made, "offers", side="quality", source=None)
    assert sum(given_away.values()) == taken
    by_source = values(made, "offers", side="quality", team=None)
    assert sum(by_source.values()) == taken


@given(many)
def test_reps_add_up_to_their_team(leads):
    """Of every measure that adds up, the reps' values and nobody's are the team's."""
    made = told(several(*leads, scene=SCENE))
    for definition in MEASURES:
        found = values(made, definition.name, side="effort") if definition.adds else {}
        for team in nk.Team:
            details = {key[3] for key in found if key[0] is team}
            for detail in details:
                whole = found[team, None, None, detail] or 0
                among = [
                    value or 0
                    for key, value in found.items()
                    if (key[0], key[3]) == (team, detail) and key[1] is not None
                ]
                assert abs(sum(among) - whole) < 1e-9


@given(many, stories)
def test_what_comes_after_the_end_changes_nothing(leads, more):
    """A report can be made again at any time: records from the end on aren't read."""
    late = [_at_or_after_the_end(record) for record in more]
    earlier = [[record for record in lead if record.occurred_at < END] for lead in leads]
    cases = several(*earlier, scene=SCENE)
    later = several(*([*lead, *late] for lead in earlier), scene=SCENE)
    assert told(cases) == told(later)


def _at_or_after_the_end(record):
    since = max(record.occurred_at - day(30), timedelta())
    changes = {"id": f"late-{record.id}", "occurred_at": END + since, "recorded_at": None}
    if getattr(record, "expires_at", None) is not None:
        changes["expires_at"] = END + since + timedelta(days=1)
    return attrs.evolve(record, **changes)


@given(many, st.integers(0, 10))
def test_order_of_leads_and_records_does_not_matter(leads, seed):
    """The same leads in any order, their records in any order, give the same numbers."""
    cases = several(*leads, scene=SCENE)
    rng = random.Random(seed)
    mixed = [
        attrs.evolve(one, history=nk.History(rng.sample(one.history.records, len(one.history))))
        for one in rng.sample(cases, len(cases))
    ]
    assert told(cases) == told(mixed)
    assert pace(cases, as_of=END) == pace(mixed, as_of=END)


@given(many, days.filter(lambda on: START <= day(on) < END))
def test_an_open_offer_lowers_no_rate(leads, on):
    """An offer that waits is open beside the rates, and moves none of them."""
    cases = several(*leads, scene=SCENE)
    owner = moved("owner", 0, to="marketing")
    waiting = moved("offered", on, was="marketing", to="sales", rep="rep-7", due=day(90))
    before = told(cases)
    after = told([*cases, case(owner, waiting, lead="another", scene=SCENE)])
    for name in ("acceptance rate", "rejection rate", "lapse rate", "on time", "followed up"):
        measure = before.find(name, team="sales", side="effort")
        more = after.find(name, team="sales", side="effort")
        assert (more.value, more.n, more.open) == (measure.value, measure.n, measure.open + 1)


@given(many)
def test_nothing_is_divided_by_nothing(leads):
    """A share has a value, between its limits, exactly where it rests on a case."""
    for one in told(several(*leads, scene=SCENE)).measures:
        assert not (one.unit == "share" and one.n) or 0 <= one.low <= one.value <= one.high <= 1
        assert one.unit != "share" or (one.value is None) == (one.n == 0)
        assert one.n >= 0


durations = st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=12)


@given(durations, st.integers(0, 14))
def test_a_censored_case_never_brings_a_quantile_forward(found, time):
    """One more that hadn't ended leaves every quantile where it was, or later."""
    curve, more = kaplan_meier(found), kaplan_meier([*found, (time, False)])
    for p in (0.1, 0.5, 0.9):
        before, after = curve.quantile(p), more.quantile(p)
        assert after is None or (before is not None and before <= after)


@given(durations)
def test_a_curve_only_falls_within_its_limits(found):
    """S(t) starts at 1, never rises, and lies between its limits; ended and censored are all."""
    curve = kaplan_meier(found)
    shares = [1.0, *(step.survival for step in curve.steps)]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= step.low <= step.survival <= step.high <= 1 for step in curve.steps)
    assert curve.events + curve.censored == len(found) == curve.n
    events = sum(step.events for step in curve.steps)
    assert events == curve.events


@given(many, days)
def test_a_lead_that_waits_makes_no_median_earlier(leads, on):
    """One more lead still in its stage never lowers what is expected of that stage."""
    cases = several(*leads, scene=SCENE)
    waiting = case(did("form_submitted", on), lead="another", scene=SCENE)
    before, after = (pace(found, as_of=END).stages for found in (cases, [*cases, waiting]))
    for stage, was in before.items():
        now = after[stage].expected_days
        assert now is None or (was.expected_days is not None and was.expected_days <= now)
