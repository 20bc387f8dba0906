"""Laws of planning: content once, news or silence, reasons for every end, the same answer again."""

import random

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from nurturekit.criteria import fact
from nurturekit.planning import Arm, Branch, ContentRule, Sequence, SequencePlanner, Step
from nurturekit.records import Lead, World
from tests.unit.planning.cases import (
    LEAD,
    MINUTE,
    allowing,
    as_moves,
    basis,
    call,
    day,
    duty,
    enrolled,
    fact_at,
    move,
    owner,
    piece,
    sent,
    situation,
    touch,
    us,
)

# Few examples meet one run, one piece or one touch twice.
MORE = settings(max_examples=max(400, settings().max_examples))
TODAY = 40
DAYS = st.integers(-5, TODAY)
NAMES = st.sampled_from(["nurture", "series"])
RUNS = st.sampled_from(["1@1", "1@2", "2@1", "3@3", "by hand", None])
STEPS = st.sampled_from(["a", "b", "c", "c-1", "c-2", "f", "zz"])
PAINS = st.sampled_from([(), ("downtime",), ("cost",)])
ASSETS = st.sampled_from([None, "p0", "p1", "p2", "p3"])
OUTCOMES = st.sampled_from([None, "connected", "voicemail", "no_answer", "no_budget"])
CRITERIA = st.sampled_from([None, fact("size") >= 50, fact("size") < 50])
STYLES = st.sampled_from(["mass", "automated", "one_to_one"])
CHANNELS = st.sampled_from(["email", "phone", "post"])
ORIGINS = st.sampled_from(["playbook", "playbook", "person"])


@st.composite
def rules(draw):
    """What content a step takes, or that it takes none."""
    position = draw(st.sampled_from(["lead", "any", "decision"]))
    pain_point = draw(st.sampled_from(["prefer", "require", "ignore"]))
    rule = ContentRule(position=position, pain_point=pain_point)
    return draw(st.sampled_from([None, rule, rule]))


DATED = {"until_fact": "ends_on"}


@st.composite
def waits(draw):
    """A wait of each kind."""
    days = draw(st.integers(0, 20))
    missing = draw(st.sampled_from(["wait", "skip", "now", "leave"]))
    return draw(
        st.sampled_from(
            [
                {"after_days": days},
                {"after_days": days},
                {"up_to_days": days, "triggers": ("page_viewed",)},
                {**DATED, "offset_days": days - 10, "if_missing": missing},
            ]
        )
    )


@st.composite
def arms(draw, targets):
    """The arms of a branch: by criterion, outcome or cohort, each to a later step or the end."""
    ways = draw(st.lists(st.sampled_from(targets), min_size=2, max_size=2))
    if draw(st.booleans()):
        return [Arm(to=to, share=share) for to, share in zip(ways, (0.3, 0.7), strict=True)]
    said = [{"when": fact("size") >= 50}, {"outcome": ["connected"]}, {"outcome": ["no_budget"]}]
    return [Arm(to=to, **draw(st.sampled_from(said))) for to in ways]


@st.composite
def sequences(draw, name, version):
    """A sequence of steps of every style and wait, maybe with a branch, maybe repeating.

    Half of them are plain ones: what content and news are about is met more often in those.
    """
    ids = list("abc"[: draw(st.integers(1, 3))])
    is_plain = draw(st.booleans())
    forked = draw(st.integers(0, len(ids))) if not is_plain and draw(st.booleans()) else None
    after = st.integers(0, 20).map(lambda days: {"after_days": days})
    each = after if is_plain else waits()
    steps = []
    for index, step_id in enumerate(ids):
        content, channel = draw(rules()), draw(CHANNELS)
        style = draw(STYLES if content else st.sampled_from(["mass", "one_to_one"]))
        made = Step(id=step_id, style=style, channel=channel, content=content, **draw(each))
        if index == forked:
            steps.append(Branch(id="f", arms=draw(arms([*ids[index:], "end"])), **draw(waits())))
        if index < len(ids) - 1 and not is_plain and draw(st.integers(0, 4)) == 0:
            made = attrs.evolve(made, next=draw(st.sampled_from([*ids[index + 1 :], "end"])))
        steps.append(made)
    if draw(st.booleans()):
        steps[-1] = attrs.evolve(steps[-1], repeat_every_days=draw(st.integers(1, 20)))
    elif steps[-1].content and draw(st.booleans()):
        steps[-1] = attrs.evolve(steps[-1], if_no_content="skip")
    return Sequence(
        name=name,
        version=version,
        team=draw(st.sampled_from(["marketing", "sales"])),
        priority=draw(st.integers(0, 2)),
        exclusive=None if is_plain else draw(st.sampled_from([None, None, "drip"])),
        entry=draw(st.none() | CRITERIA),
        exit=draw(st.none() | CRITERIA),
        goals=() if is_plain else draw(st.sampled_from([(), (), ("reply", "meeting_booked")])),
        reentry=draw(st.sampled_from(["never", "after_end", 1, 30])),
        steps=steps,
    )


@st.composite
def planners(draw):
    """A planner with up to three sequences, one of them in two versions."""
    keys = [("nurture", 1), ("nurture", 2), ("series", 1)]
    kept = [key for key in keys if draw(st.booleans())]
    return SequencePlanner(sequences=[draw(sequences(*key)) for key in kept])


TOUCHES = st.one_of(
    st.builds(touch, DAYS, st.sampled_from(["page_viewed", "price_asked"]), asset=ASSETS),
    st.builds(touch, DAYS, st.just("page_viewed"), automated=st.just(True), asset=ASSETS),
    st.builds(sent, DAYS, STEPS, run=RUNS, sequence=NAMES, asset=ASSETS),
    st.builds(call, DAYS, OUTCOMES, asset=ASSETS),
)
FACTS = st.one_of(
    st.builds(fact_at, DAYS, st.just("size"), st.sampled_from([10, 90, None])),
    st.builds(fact_at, DAYS, st.just("pain_point"), st.sampled_from(["Downtime", "cost"])),
    st.builds(fact_at, DAYS, st.just("ends_on"), st.integers(0, 70).map(lambda on: day(on).date())),
)
MOVES = st.one_of(
    st.builds(enrolled, DAYS, NAMES, RUNS, origin=ORIGINS),
    st.builds(
        move, DAYS, st.just("left"), origin=ORIGINS, sequence=NAMES, run=RUNS, reason=st.just("x")
    ),
    st.builds(
        move, DAYS, st.just("skipped"), sequence=NAMES, run=RUNS, step=STEPS, reason=st.just("x")
    ),
    st.builds(move, DAYS, st.just("branch"), sequence=NAMES, run=RUNS, step=st.just("f"), to=STEPS),
    st.builds(
        move,
        DAYS,
        st.just("snoozed"),
        origin=st.just("person"),
        reason=st.just("x"),
        until=st.sampled_from([None, day(20), day(60)]),
        sequence=st.sampled_from([None, "nurture"]),
    ),
    st.builds(move, DAYS, st.just("rejected"), origin=st.just("person"), reason=st.just("x")),
)
RECORDS = st.lists(st.one_of(TOUCHES, FACTS, MOVES), max_size=12)
# A run that the planner ended: what re-entry rules are about.
ENDED = st.builds(
    lambda on, days, name: [
        enrolled(on, name, "1@1"),
        move(on + days, "left", sequence=name, run="1@1", reason="x"),
    ],
    st.integers(-5, TODAY - 20),
    st.integers(0, 20),
    NAMES,
)
LIBRARIES = st.lists(
    st.builds(
        lambda published, position, pains: (published, position, pains),
        st.integers(-10, 60),
        st.sampled_from([None, "awareness", "decision"]),
        PAINS,
    ),
    max_size=5,
).map(
    lambda rows: [
        piece(f"p{index}", published, position=position, pain_points=pains)
        for index, (published, position, pains) in enumerate(rows)
    ]
)
DUTIES = st.lists(
    st.builds(
        duty,
        st.sampled_from(["check_in", "next_attempt", "answer", "first_response"]),
        st.integers(0, 60),
        agreed=st.booleans(),
    ),
    max_size=2,
    unique_by=lambda owed: owed.kind,
)


@st.composite
def ownerships(draw):
    """An open ownership with any rights, duties and reps."""
    words = st.just(frozenset(["mass", "automated", "one_to_one"])) | st.frozensets(STYLES)
    return owner(
        allowed=allowing(marketing=draw(words), sales=draw(words)),
        continues=draw(st.sampled_from([(), (), ("series",)])),
        duties=tuple(draw(DUTIES)),
        rep=draw(st.sampled_from(["rep-7", None])),
    )


@st.composite
def cases(draw):
    """A situation, its planner and its ownership."""
    lead = draw(st.sampled_from([LEAD, Lead(id=LEAD.id)]))
    channels = draw(st.sampled_from([(), ("phone",), ("phone", "email")]))
    seen = situation(
        TODAY,
        [*draw(RECORDS), *draw(st.just([]) | ENDED), *basis(*channels)],
        lead=lead,
        content=draw(LIBRARIES),
        position=draw(st.sampled_from([None, "decision"])),
    )
    return seen, draw(planners()), draw(ownerships())


def everything(made):
    """The actions of a plan, refused ones included."""
    return [*made.actions, *(one.action for one in made.blocked if one.action)]


@MORE
@given(cases())
def test_no_content_twice(case):
    """No plan takes a piece twice, or one the lead has had."""
    seen, planner, ownership = case
    made = planner.plan(seen, ownership)
    taken = [one.content for one in made.actions if one.content]
    had = {one.asset for one in seen.touches if not (one.automated and one.kind == "page_viewed")}
    assert len(taken) == len(set(taken))
    assert had.isdisjoint(taken)


def _has_news(seen, at_us):
    """Say independently whether a rep has something new to say at an instant."""
    day_us = us(1) - us(0)
    calls = [one.occurred_us for one in seen.touches if one.kind == "call"]
    last = max(calls, default=-1)
    words = [one.occurred_us for one in seen.visible.moves if one.kind in ("rejected", "snoozed")]
    dealt = max([last, *words])
    if any(
        one.occurred_us > dealt and one.kind == "price_asked" and not one.automated
        for one in seen.touches
    ):
        return True

    def was(name, since):
        old = [one for one in seen.visible.facts if one.name == name]
        old = [one for one in old if since >= 0 and one.occurred_us // day_us <= since // day_us]
        return old[-1].value if old else seen.lead.attributes.get(name)

    def is_new(name, since):
        value = seen.attribute(name)
        return name in seen.facts and value is not None and value != was(name, since)

    if any(is_new(name, dealt) for name in ("size", "pain_point", "ends_on")):
        return True
    pain = seen.attribute("pain_point")
    had = {one.asset for one in seen.touches if not (one.automated and one.kind == "page_viewed")}
    position = seen.bound["score"].position or "awareness"
    for one in seen.world.content.values():
        fits = pain.lower() in one.pain_points if pain else one.position in (None, position)
        is_out = one.published_us <= at_us
        is_newer = one.published_us > last or is_new("pain_point", last)
        if fits and is_out and is_newer and one.id not in had:
            return True
    return False


@MORE
@given(cases())
def test_no_check_in_without_news(case):
    """S3-2: whatever the calendar says, a rep turns to the lead only with something new to say."""
    seen, planner, ownership = case
    made = planner.plan(seen, ownership)
    agreed = {one.kind for one in ownership.duties if one.agreed}
    for action in made.actions:
        is_asked_for = action.duty in ("answer", "first_response") or action.duty in agreed
        if action.style == "one_to_one" and not is_asked_for and action.content is None:
            assert _has_news(seen, action.earliest_us)
        if action.duty and not is_asked_for:
            assert _has_news(seen, action.earliest_us)


@MORE
@given(cases())
def test_what_is_refused_for_want_of_news_has_none(case):
    """The other way round: with news and no other claim to it, a check-in isn't refused."""
    seen, _, ownership = case
    made = SequencePlanner().plan(seen, ownership)
    for one in made.blocked:
        if one.code == "nothing-new" and len(ownership.duties) == 1:
            assert not _has_news(seen, one.action.earliest_us)


@given(cases())
def test_every_end_has_its_reason(case):
    """S3-1: a run under way goes on, or leaves with a reason; none disappears."""
    seen, planner, ownership = case
    made = planner.plan(seen, ownership)
    going = {(one.sequence, one.run) for one in everything(made)}
    waiting = {one.reason.split("`")[1] for one in made.blocked if "` waits at `" in one.reason}
    ended = {(one.sequence, one.run): one.reason for one in made.moves if one.kind == "left"}
    for (name, run), recorded in seen.standing.runs.items():
        if recorded.left is None:
            key = (name, run or None)
            assert (key in going) != (key in ended) or run == "" or name in waiting
            assert ended.get(key, "still going")


@given(cases())
def test_nothing_is_planned_that_ownership_forbids(case):
    """Every planned action uses a style that its team may use, in a sequence that goes on."""
    seen, planner, ownership = case
    teams = {one.name: one.team for one in planner.sequences}
    for one in planner.plan(seen, ownership).actions:
        assert one.style in ownership.allowed[one.team]
        is_own = teams.get(one.sequence) is ownership.accountable
        assert (
            is_own
            or one.sequence is None
            or one.sequence in (ownership.continues or (one.sequence,))
        )


@MORE
@given(cases())
def test_run_stays_on_its_version(case):
    """A step planned for a run is a step of the version that the run began with."""
    seen, planner, ownership = case
    by_key = {(one.name, one.version): one for one in planner.sequences}
    for action in everything(planner.plan(seen, ownership)):
        version = (action.run or "").rpartition("@")[2]
        if action.sequence and version.isdigit():
            assert by_key[action.sequence, int(version)].place_of(action.step) is not None


@MORE
@given(cases())
def test_reentry_rule_holds(case):
    """Nobody enters a sequence again against its rule, or what a person took the lead out of."""
    seen, planner, ownership = case
    made = planner.plan(seen, ownership)
    ended_now = {one.sequence for one in made.moves if one.kind == "left"}
    newest = {one.name: one for one in sorted(planner.sequences, key=lambda one: one.version)}
    for entering in (one for one in made.moves if one.kind == "enrolled"):
        runs = [run for (name, _), run in seen.standing.runs.items() if name == entering.sequence]
        assert entering.run not in {run.run for run in runs}
        assert all(run.left or entering.sequence in ended_now for run in runs)
        assert not any(
            one.kind == "left" and one.origin == "person" and one.sequence == entering.sequence
            for one in seen.visible.moves
        )
        rule = newest[entering.sequence].reentry
        ends = [run.left.occurred_us if run.left else us(TODAY) for run in runs]
        if rule == "never":
            assert not ends
        elif rule != "after_end" and ends:
            assert us(TODAY) - max(ends) >= rule * (us(1) - us(0))


@given(st.integers(0, 30), st.integers(0, 30), st.lists(DAYS, max_size=4), st.booleans())
def test_up_to_takes_the_earlier(begin, wait, views, is_machine):
    """A triggered step is due at its first later trigger or after its wait, if that is earlier."""
    triggered = Step(id="a", style="mass", up_to_days=wait, triggers=("page_viewed",))
    planner = SequencePlanner(sequences=[Sequence(name="n", team="marketing", steps=[triggered])])
    touches = [touch(number, automated=is_machine) for number in views]
    made = planner.plan(situation(TODAY, [enrolled(begin, "n"), *touches]), owner())
    later = [number for number in views if number > begin and not is_machine]
    due = min([begin + wait, *later])
    assert [one.earliest_us for one in made.actions] == [us(max(due, TODAY))]


@given(cases())
def test_every_open_lead_has_an_action_or_a_reason(case):
    """S1-8: no open lead is left without a next action or a refusal that says why."""
    seen, planner, ownership = case
    made = planner.plan(seen, ownership)
    assert made.actions or made.blocked
    assert all(one.reason for one in made.blocked)
    assert all(one.earliest_us >= seen.as_of_us and one.because for one in made.actions)


@MORE
@given(cases(), st.randoms(use_true_random=False))
def test_order_does_not_matter(case, chance):
    """Records, content and sequences in another order give the same plan."""
    seen, planner, ownership = case
    records, content = list(seen.history.records), list(seen.world.content.values())
    order = list(planner.sequences)
    for items in (records, content, order):
        chance.shuffle(items)
    again = type(seen)(
        seen.lead, records, as_of=seen.as_of, world=World(content=content), kinds=seen.kinds
    ).bind(**seen.bound)
    assert SequencePlanner(sequences=order).plan(again, ownership) == planner.plan(seen, ownership)


@given(cases())
def test_deciding_again_changes_nothing(case):
    """With its moves appended, a minute later, the same actions are planned and nothing moves."""
    seen, planner, ownership = case
    made = planner.plan(seen, ownership)
    records = [*seen.history.records, *as_moves(seen, made.moves)]
    later = type(seen)(
        seen.lead, records, as_of=seen.as_of + MINUTE, world=seen.world, kinds=seen.kinds
    ).bind(**seen.bound)
    again = planner.plan(later, ownership)
    assert not again.moves
    assert {one.id for one in everything(again)} == {one.id for one in everything(made)}
    ids = [one.id for one in everything(made)]
    assert len(ids) == len(set(ids))


def _became(action, number):
    """The touch that an action became."""
    fields = {"asset": action.content, "sequence": action.sequence, "run": action.run}
    return touch(
        number,
        "done",
        id=f"touch-{number}-{action.id}",
        direction="outbound",
        style=str(action.style),
        channel=str(action.channel),
        step=action.step,
        rep=action.rep,
        automated=action.style != "one_to_one",
        **fields,
    )


@given(planners(), LIBRARIES, st.integers(0, 2**32 - 1))
def test_a_season_of_nights(planner, content, seed):
    """Night after night: no piece twice, no action twice, no silence without a reason."""
    chance = random.Random(seed)
    records, assets, done, last = [], [], set(), 0
    for number in range(0, 120, 3):
        if chance.random() < 0.1:
            records.append(touch(number - 1))
        seen = situation(number, records, content=content)
        made = planner.plan(seen, owner(since_us=us(0), duties=(duty(due=60),)))
        records += as_moves(seen, made.moves)
        due = [one for one in made.actions if one.earliest_us <= seen.as_of_us]
        records += [_became(one, number) for one in due]
        assets += [one.content for one in due if one.content]
        assert done.isdisjoint({one.id for one in due})
        done |= {one.id for one in due}
        last = number if due or made.blocked else last
        assert number - last <= planner.max_silence_days
    assert len(assets) == len(set(assets))
