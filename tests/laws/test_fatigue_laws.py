"""Laws of the fatigue report: totals add up, order doesn't matter, later records change nothing."""

import random
from datetime import timedelta

import attrs
from hypothesis import event, given
from hypothesis import strategies as st

import nurturekit as nk
from nurturekit.fatigue import PARTS, fatigue
from tests.builders import called, day, did, learned, mailed
from tests.cases import several

PLAYBOOK = nk.preset("blended")
END, DAYS = day(40), 30
# A grid, so that touches meet one another and the window's edges.
days = st.integers(0, 4 * 45).map(lambda quarter: quarter / 4)


def _told(histories, **fields):
    found = {"playbook": PLAYBOOK, "as_of": END, "days": DAYS, **fields}
    return fatigue(several(*histories), **found)


def _touch(on, which, asset, outcome):
    made = {
        "mail": lambda: mailed(on, asset or "p0"),
        "blast": lambda: mailed(on, asset or "p0", style="mass", id=f"blast-{on}"),
        "call": lambda: called(on, outcome=outcome),
        "note": lambda: attrs.evolve(called(on, id=f"note-{on}", asset=asset), channel="email"),
        "asked": lambda: did("price_asked", on),
        "reply": lambda: did("email_replied", on, automated=outcome is None),
        "ad": lambda: attrs.evolve(mailed(on, "ad", id=f"ad-{on}"), channel="ads"),
        "fact": lambda: learned("size", outcome or "none", on),
        "stop": lambda: nk.Consent(
            id=f"stop-{on}",
            lead_id="lead-1",
            occurred_at=day(on),
            kind="withdrawn",
            channel="email",
        ),
    }
    return made[which]()


WHICH = ("mail", "blast", "call", "call", "note", "asked", "reply", "ad", "fact", "stop")
records = st.lists(
    st.builds(
        _touch,
        days,
        st.sampled_from(WHICH),
        st.sampled_from((None, "p0", "p1")),
        st.sampled_from((None, "voicemail", "no_answer", "connected", "no_need")),
    ),
    max_size=14,
    unique_by=lambda record: record.id,
)
many = st.lists(records, max_size=4)


@given(many)
def test_totals_add_up(histories):
    """By channel, team or style, the parts are the whole; and so are teams and leads."""
    found = _told(histories)
    for lead in found.leads:
        assert all(sum(lead.by(part).values()) == lead.touches for part in PARTS)
    both, *teams = found.teams
    assert both.touches == sum(one.touches for one in teams)
    assert both.touches == sum(lead.touches for lead in found.leads)
    assert both.most <= sum(one.most for one in teams)
    event(f"{min(both.touches, 5)} contacts")


@given(many)
def test_counts_are_those_of_a_plain_recount(histories):
    """Counted again from the records alone: contacts, the busiest week, opt-outs."""
    for lead, given_records in zip(_told(histories).leads, histories, strict=True):
        since = END - timedelta(days=DAYS)
        recent = [one for one in given_records if since < one.occurred_at <= END]
        ours = [
            one.occurred_at
            for one in recent
            if isinstance(one, nk.Touch) and one.direction == "outbound" and one.channel != "ads"
        ]
        week = timedelta(days=7)
        busiest = max((sum(at - week < one <= at for one in ours) for at in ours), default=0)
        stopped = sum(isinstance(one, nk.Consent) for one in recent)
        assert (lead.touches, lead.busiest_week, lead.opt_outs) == (len(ours), busiest, stopped)


@given(many)
def test_repeats_and_answers_are_bounded(histories):
    """No count of contacts of some kind exceeds the contacts; machines answer nothing."""
    for lead, given_records in zip(_told(histories).leads, histories, strict=True):
        sales = lead.by("team")["sales"]
        assert lead.same_asset <= lead.touches
        assert lead.same_channel <= sales
        assert lead.unanswered_calls <= lead.by("channel")["phone"]
        assert 0 <= lead.silence_days <= DAYS
        people = [one for one in given_records if isinstance(one, nk.Touch) and not one.automated]
        assert lead.answers <= len(people)


@given(many, st.randoms(use_true_random=False))
def test_order_does_not_matter(histories, chance: random.Random):
    """Records and leads in another order give the same report."""
    shuffled = [chance.sample(given_records, len(given_records)) for given_records in histories]
    made = several(*shuffled)
    chance.shuffle(made)
    again = fatigue(made, playbook=PLAYBOOK, as_of=END, days=DAYS)
    assert again == _told(histories)


def _late(record, number):
    new_id, later = f"{record.id}-later", record.occurred_at + timedelta(days=46)
    if number % 2:
        return attrs.evolve(record, id=new_id, recorded_at=later)
    return attrs.evolve(record, id=new_id, occurred_at=later)


@given(many, many)
def test_later_records_change_no_earlier_report(histories, later):
    """What happens after the window's last instant, or is recorded later, changes nothing."""
    added = [[_late(one, number) for number, one in enumerate(records_)] for records_ in later]
    added += [[] for _ in histories[len(added) :]]
    both = [[*old, *new] for old, new in zip(histories, added, strict=False)]
    assert _told(both) == _told(histories)
