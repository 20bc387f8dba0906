"""Laws of the work queue, the list for time to spare, the rates behind them, and digests."""

import random
from datetime import timedelta
from itertools import pairwise

import attrs
from hypothesis import event, given, settings
from hypothesis import strategies as st

import nurturekit as nk
from nurturekit.interop import Case
from nurturekit.rates import beta_probability, beta_quantile, conversion_rates
from nurturekit.work import digest, idle_list, work_queue
from tests.builders import BOTH, LEAD, called, day, learned, library, moved, world
from tests.strategies import AS_OF, LAST_DAY, any_record, histories, policies
from tests.unit.work.cases import PLAYBOOK, action, came, case, decision, nothing_new, owed
from tests.unit.work.cases import called as called_lead

CAMPAIGNS = ("fair", "web", "list")
# The morning after the night on which the leads of the laws are decided.
MORNING = AS_OF + timedelta(hours=11)


@st.composite
def pasts(draw: st.DrawFn) -> list[Case]:
    """Draw leads of the past: a campaign, an age, and whether and when each one bought."""
    cases = []
    for number in range(draw(st.integers(0, 12))):
        name = f"past-{number}"
        campaign = draw(st.sampled_from((*CAMPAIGNS, None)))
        start = draw(st.sampled_from((-400, -200, -181, -180, -179, -20)))
        bought = draw(st.sampled_from((None, None, 1, 179, 180, 300)))
        records = [came(name, start, campaign=campaign)]
        if bought is not None and start + bought <= 0:
            won = moved("stage", start + bought, to="customer")
            records.append(attrs.evolve(won, id=f"{name}-won", lead_id=name))
        cases.append(case(name, *records))
    return cases


@st.composite
def pipelines(draw: st.DrawFn, *, most: int = 9) -> list[Case]:
    """Draw open leads of several campaigns that came, or were last called, on different days."""
    cases = []
    for number in range(draw(st.integers(1, most))):
        name = f"lead-{number}"
        campaign = draw(st.sampled_from((*CAMPAIGNS, None)))
        records = [came(name, draw(st.integers(-30, -1)), campaign=campaign)]
        if draw(st.booleans()):
            records.append(called_lead(name, draw(st.integers(-30, -1)), hour=12))
        cases.append(case(name, *records))
    return cases


def rates_of(past, as_of=None):
    """Return the rates of the past on the Monday."""
    return conversion_rates(past, as_of=as_of or day(0))


def simulate(cases, rates, *, per_day, days):
    """Yield each day's queue and what was done of it; whoever was called is callable tomorrow."""
    for number in range(days):
        at = day(number, 9)
        pairs = [
            (one, decision(one.lead.id, action(one.lead.id, at=at), as_of=at)) for one in cases
        ]
        queue = work_queue(pairs, playbook=PLAYBOOK, as_of=at, rep="rep-7", rates=rates)
        done = queue.take(per_day)
        yield number, queue, done
        acted = {item.lead_id for item in done}
        cases = [
            attrs.evolve(one, history=one.history.add(called_lead(one.lead.id, number)))
            if one.lead.id in acted
            else one
            for one in cases
        ]


@given(pasts(), pipelines(), st.integers(1, 4))
@settings(max_examples=60)
def test_the_best_source_never_goes_uncalled_while_capacity_remains(past, cases, per_day):
    """A lead of the best campaign is left uncalled only for leads that have waited longer.

    Or for others of its own; so it waits at most as many days as it takes to call everybody once.
    """
    rates = rates_of(past)
    bound = -(-len(cases) // per_day)
    waited: dict[str, int] = {}
    for _, queue, done in simulate(cases, rates, per_day=per_day, days=12):
        best = max(item.rate.p for item in queue)
        left = [item for item in queue.items[len(done) :] if item.rate.p == best]
        worse = [item for item in done if item.rate.p < best]
        assert len(done) == per_day or not left
        assert all(one.age_days > other.age_days for one in worse for other in left)
        waited = {item.lead_id: waited.get(item.lead_id, 0) + 1 for item in left}
        assert max(waited.values(), default=0) <= bound
        event(f"best left: {bool(left)}, worse called: {bool(worse)}")


@given(pasts(), pipelines())
def test_rate_and_age_both_count(past, cases):
    """Of two with the same rate the older goes first; of two of an age the better source."""
    (_, queue, _), *_ = simulate(cases, rates_of(past), per_day=0, days=1)
    for first, second in pairwise(queue):
        behind = first.rate.p <= second.rate.p and first.age_days <= second.age_days
        same = first.rate.p == second.rate.p and first.age_days == second.age_days
        assert same or not behind
        assert not same or first.lead_id < second.lead_id


DUTIES = ("answer", "next_attempt", "first_response", "check_in")


@st.composite
def decided(draw: st.DrawFn) -> list[tuple[Case, nk.Decision]]:
    """Draw leads with what is owed to them, planned for them or refused, at various instants."""
    pairs = []
    for one in draw(pipelines(most=4)):
        name, parts = one.lead.id, []
        for kind in sorted(draw(st.sets(st.sampled_from(DUTIES)))):
            on = draw(st.sampled_from((-3, 0, 0.2, 1, 5)))
            parts += owed(name, kind, day(on, 9), at=day(max(on, 0), 9))
        if draw(st.booleans()):
            parts.append(action(name, at=day(draw(st.sampled_from((0, 3))), 9)))
        if draw(st.booleans()):
            parts.append(nothing_new(name))
        is_open = draw(st.sampled_from((True, True, True, False)))
        rep = draw(st.sampled_from(("rep-7", "rep-7", "rep-8", None)))
        made = decision(name, *parts, as_of=day(0, 8), ownership={"is_open": is_open, "rep": rep})
        pairs.append((one, made))
    return pairs


def listed(pairs, rates=None, **fields):
    """Return the queue of the Monday morning."""
    return work_queue(pairs, playbook=PLAYBOOK, as_of=day(0, 9), rates=rates, **fields)


@given(decided(), pasts(), st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(pairs, past, rng):
    """Any order of the leads, of a history's records and of the past gives the same list."""
    mixed, before = list(pairs), list(past)
    rng.shuffle(mixed)
    rng.shuffle(before)
    again = [
        (attrs.evolve(one, history=nk.History(reversed(one.history.records))), made)
        for one, made in mixed
    ]
    first, second = listed(pairs, rates_of(past)), listed(again, rates_of(before))
    assert first == second
    assert str(first) == str(second)
    assert rates_of(past) == rates_of(before)


@given(decided())
def test_what_is_owed_goes_before_what_is_ranked(pairs):
    """Answers, agreed dates, deadlines, the rest; within the owed ones by due time."""
    order = ["answer", "agreed", "deadline", "ranked"]
    queue = listed(pairs)
    for first, second in pairwise(queue):
        assert order.index(first.kind) <= order.index(second.kind)
        if first.kind == second.kind != "ranked":
            assert first.due <= second.due


@given(decided(), st.sampled_from(("rep-7", "rep-8", None)))
def test_each_open_lead_is_listed_once_or_left_out_with_a_reason(pairs, rep):
    """Nobody is in both, closed leads in neither, and what is listed falls in the day."""
    queue = listed(pairs, rep=rep)
    inside = [item.lead_id for item in queue]
    outside = [one.lead_id for one in queue.left_out]
    assert len(set(inside + outside)) == len(inside + outside)
    mine = {
        made.lead_id
        for _, made in pairs
        if made.ownership.is_open and rep in (None, made.ownership.rep)
    }
    acted = {
        one.lead_id
        for _, made in pairs
        for one in made.actions
        if made.ownership.is_open and rep in (None, one.rep)
    }
    assert mine <= set(inside + outside) <= mine | acted
    known = {one.id for _, made in pairs for one in made.actions}
    for item in queue:
        assert item.action.id in known
        assert item.action.earliest < day(1, 0)
        assert rep in (None, item.action.rep)
    assert [item.rank for item in queue] == list(range(1, len(queue) + 1))


NEWS = nk.Content(id="use-case", pain_points=("reporting",), published_at=day(LAST_DAY - 5))
MINE = moved("owner", 5, to="sales", rep="rep-7")
IDLE = [learned("pain_point", "reporting", 19), called(LAST_DAY - 20, outcome="no_budget")]
# With anybody, in sales' hands, just called, idle with sales, given back by sales.
run_ups = st.sampled_from(
    (
        [],
        [*BOTH, MINE],
        [*BOTH, MINE, called(LAST_DAY - 3)],
        [*BOTH, MINE, *IDLE],
        [*BOTH, MINE, *IDLE],
        [*BOTH, *IDLE],
    )
)


@st.composite
def workable(draw: st.DrawFn) -> list[object]:
    """Draw a history that mostly has a basis and a rep, so that there is work in it."""
    noise = (
        draw(histories(most=5)) if draw(st.booleans()) else draw(st.lists(any_record, max_size=3))
    )
    return [*draw(run_ups), *noise]


def at_work(records, policy):
    """Return a playbook and the lead with its decision, a week after an earlier one."""
    playbook, scene = nk.preset(policy), world(content=[*library(), NEWS])
    history = nk.History(records)
    before = playbook.decide(LEAD, history, as_of=AS_OF - timedelta(days=7), world=scene)
    history = history.add(*before.moves)
    made = playbook.decide(LEAD, history, as_of=AS_OF, world=scene)
    return playbook, Case(lead=LEAD, history=history, world=scene), made


@given(workable(), policies, st.sampled_from(("rep-7", "rep-8", None)))
@settings(max_examples=max(200, settings().max_examples))
def test_nobody_is_offered_without_leave_or_news(records, policy, rep):
    """Under each policy: open, not objected, allowed, unpaused, with a basis, and in one list."""
    playbook, one, made = at_work(records, policy)
    work = work_queue([(one, made)], playbook=playbook, as_of=MORNING, rep=rep)
    spare = idle_list([(one, made)], playbook=playbook, as_of=MORNING, rep=rep)
    event(f"work: {len(work)}, spare: {len(spare)}")
    assert len(work) + len(spare) <= 1
    for item in (*work, *spare):
        assert made.ownership.is_open
        assert not nk.Situation(LEAD, records, as_of=MORNING).is_objected
        assert nk.Style.ONE_TO_ONE in made.ownership.allowed[nk.Team.SALES]
        assert item.action.basis is not None
    for item in work:
        assert item.action in made.actions or item.action.rep is None
    for item in spare:
        assert "snoozed" not in {blocked.code for blocked in made.blocked}
        seen = nk.Situation(LEAD, one.history, as_of=MORNING, kinds=playbook.kinds)
        assert item.action.content or "since" in item.because or not seen.sales_touches
        said = playbook.confirm(
            item.action, LEAD, one.history, as_of=item.action.earliest, world=one.world
        )
        assert said.allowed


@given(workable(), policies)
def test_later_records_change_no_list(records, policy):
    """What happens after the instant changes neither list, whatever it is."""
    playbook, one, made = at_work(records, policy)
    later = [called(LAST_DAY + 3, outcome="no_need"), moved("snoozed", LAST_DAY + 2, reason="x")]
    more = attrs.evolve(one, history=one.history.add(*later))
    for lists in (work_queue, idle_list):
        first = lists([(one, made)], playbook=playbook, as_of=MORNING)
        assert first == lists([(more, made)], playbook=playbook, as_of=MORNING)


@given(pasts(), st.sampled_from(CAMPAIGNS))
def test_young_leads_change_no_rate(past, campaign):
    """Leads younger than the horizon, bought or not, are open and move no rate."""
    young = []
    for number, bought in enumerate((True, False, True)):
        name = f"young-{number}"
        won = attrs.evolve(moved("stage", -5, to="customer"), id=f"{name}-won", lead_id=name)
        young.append(case(name, came(name, -179, campaign=campaign), *([won] if bought else [])))
    before, after = rates_of(past), rates_of([*past, *young])
    for name in (*CAMPAIGNS, "none"):
        one, other = before.of(name), after.of(name)
        assert (one.p, one.low, one.high, one.n) == (other.p, other.low, other.high, other.n)
    assert after.overall.open == before.overall.open + 3


@given(pasts())
def test_a_rate_lies_between_its_leads_and_all_leads(past):
    """Smoothing draws a campaign's share towards the rate of all, never past it."""
    rates = rates_of(past)
    counted = sum(rate.n + rate.open for rate in rates.campaigns) + rates.left_out
    assert counted == len(past)
    for rate in rates.campaigns:
        assert 0 < rate.p < 1
        assert 0 <= rate.low < rate.high <= 1
        if rate.n:
            share = rate.converted / rate.n
            low, high = sorted((share, rates.overall.p))
            assert low - 1e-12 <= rate.p <= high + 1e-12


@given(pasts(), st.integers(1, 300))
def test_later_records_change_no_earlier_rate(past, days_ago):
    """The rates of an instant are those of the records seen then."""
    at = day(0) - timedelta(days=days_ago)
    seen = [
        attrs.evolve(
            one,
            history=nk.History(record for record in one.history if record.occurred_at <= at),
        )
        for one in past
    ]
    assert rates_of(past, at) == rates_of(seen, at)


shapes = st.floats(0.01, 1e4)


@given(st.floats(0.001, 0.999), shapes, shapes)
def test_a_quantile_is_where_the_probability_lies(q, a, b):
    """The probability at a quantile is what was asked for, and rises with it."""
    x = beta_quantile(q, a, b)
    assert 0 < x <= 1
    if 1e-9 < x < 1 - 1e-9:
        assert abs(beta_probability(x, a, b) - q) < 1e-6
        assert abs(beta_probability(x, a, b) + beta_probability(1 - x, b, a) - 1) < 1e-6
    assert beta_quantile(min(q + 0.0005, 0.9999), a, b) >= x


@st.composite
def alerts(draw: st.DrawFn) -> nk.Alert:
    """Draw an alert: few ids, so that some come twice."""
    number = draw(st.integers(0, 9))
    to = ("rep", "sales", "marketing", "manager")[number % 4]
    return nk.Alert(
        id=f"alert-{number}",
        lead_id=f"lead-{number % 3}",
        to=to,
        rep={"marketing": None, "manager": "ann"}.get(to, ("rep-7", None)[number % 5 // 3]),
        reason=("hand_raise", "not_taken", "reminder", "other")[number % 7 % 4],
        evidence=(),
        because=draw(st.sampled_from(("this", "that"))),
    )


@given(st.lists(st.lists(alerts(), max_size=4), max_size=5), st.integers(0, 99))
def test_each_alert_is_told_once_to_one_recipient(groups, seed):
    """Nothing is lost and nothing told twice; the order of decisions doesn't matter."""
    decisions = [decision("any", alerts=tuple(group)) for group in groups]
    shuffled = list(decisions)
    random.Random(seed).shuffle(shuffled)
    found = digest(decisions)
    told = [alert.id for one in found for alert in one.alerts]
    assert sorted(told) == sorted({alert.id for group in groups for alert in group})
    assert len({one.recipient for one in found if one.rep}) == len(
        [one for one in found if one.rep]
    )
    assert digest(shuffled) == found
    for one in found:
        assert one.to != "rep" or one.rep is not None
