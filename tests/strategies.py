"""Histories shaped to reach every row of the policies, their edges and their mess."""

from datetime import timedelta

from hypothesis import strategies as st

import nurturekit as nk
from nurturekit.criteria import AllOf, AnyOf, Not
from nurturekit.testing.drawing import INTENTS, KINDS, LAST_DAY, OUTCOMES, SEQUENCES, WORDS
from tests.builders import LEAD, MONDAY, called, day, learned, mailed, moved, night

STAGES = tuple(str(stage) for stage in nk.Stage)

# Days on a grid of quarter hours, so that instants meet: ties, day edges, due instants.
days = st.integers(0, LAST_DAY * 4).map(lambda quarter: quarter / 4)


@st.composite
def lead_touches(draw: st.DrawFn, *, intents: bool = True) -> nk.Touch:
    """Draw something the lead did."""
    kind = draw(st.sampled_from(KINDS + (INTENTS if intents else ())))
    number = draw(st.integers(0, 40))
    return nk.Touch(
        id=f"touch-{number}-{kind}",
        lead_id=LEAD.id,
        kind=kind,
        occurred_at=day(draw(days)),
        direction="inbound",
        automated=draw(st.sampled_from((False, False, False, True))),
        asset=draw(st.sampled_from((None, "guide", "paper"))),
    )


calls = st.builds(
    lambda on, rep, outcome: called(on, rep=rep, outcome=outcome),
    days,
    st.sampled_from(("rep-7", "rep-8")),
    st.sampled_from(OUTCOMES),
)
mails = st.builds(mailed, days, st.sampled_from(("decision-1", "awareness-2", "consideration-3")))
facts = st.builds(
    lambda name_value, on: learned(*name_value, on),
    st.sampled_from(
        (
            ("title", "VP Sales"),
            ("title", "student"),
            ("title", None),
            ("employees", 500),
            ("employees", float("nan")),
            ("pain_point", "reporting"),
            ("do_not_contact", True),
            ("position", "decision"),
        )
    ),
    days,
)


@st.composite
def consents(draw: st.DrawFn) -> nk.Consent:
    """Draw a grant with or without an end, or a restriction."""
    restrictions = ("withdrawn", "objected", "erased", "bounced", "complained")
    kind = draw(st.sampled_from((*("given",) * 4, *restrictions)))
    on = draw(days)
    channel = draw(st.sampled_from((None, "email", "phone")))
    ends = draw(st.sampled_from((None, 1, 10, 40))) if kind == "given" else None
    return nk.Consent(
        id=f"consent-{kind}-{channel}-{on}",
        lead_id=LEAD.id,
        occurred_at=day(on),
        kind=kind,
        channel=channel,
        basis="consent" if kind == "given" else None,
        expires_at=None if ends is None else day(on + ends),
    )


@st.composite
def decided(draw: st.DrawFn) -> nk.Move:
    """Draw a move, by a person or by an earlier decision: legal or not."""
    on = draw(days)
    kind = draw(
        st.sampled_from(
            ("stage", "stage", "owner", "offered", "rejected", "snoozed", "rep", "left", "enrolled")
        )
    )
    fields: dict[str, object] = {"id": f"{kind}-{on}"}
    if kind == "stage":
        fields |= {"to": draw(st.sampled_from(STAGES))}
        fields["reason"] = draw(st.sampled_from((None, *WORDS, "competitor")))
    elif kind == "owner":
        fields |= {"to": draw(st.sampled_from(("marketing", "sales")))}
    elif kind == "offered":
        due = draw(st.sampled_from((1, 5, 60)))
        fields |= {"was": "marketing", "to": "sales", "due": day(on + due), "origin": "playbook"}
    elif kind == "rejected":
        fields["reason"] = draw(st.sampled_from(("no_need", "bad_fit", "bad_data")))
    elif kind == "snoozed":
        fields |= {"reason": "asked to wait", "until": day(on + draw(st.sampled_from((3, 30))))}
    elif kind == "rep":
        fields["rep"] = "rep-8"
    elif kind == "enrolled":
        fields |= {"sequence": draw(st.sampled_from(SEQUENCES)), "run": "1@1", "origin": "playbook"}
    else:
        fields |= {"sequence": "nurture-awareness", "reason": "by hand"}
    return moved(kind, on, **fields)


@st.composite
def openings(draw: st.DrawFn) -> nk.Opening:
    """Draw what a CRM column said on the day the history began."""
    on = draw(st.integers(0, 40))
    return nk.Opening(
        id="opening",
        lead_id=LEAD.id,
        occurred_at=day(on),
        stage=draw(st.sampled_from((None, "mql", "sal", "recycled", "customer"))),
        team=draw(st.sampled_from((None, "marketing", "sales"))),
        rep=draw(st.sampled_from((None, "rep-7"))),
        opted_out=draw(st.sampled_from((None, False, True))),
    )


any_record = st.one_of(
    lead_touches(),
    lead_touches(),
    lead_touches(),
    calls,
    calls,
    mails,
    facts,
    consents(),
    decided(),
)
# A run-up that brings a lead to where each of the nine rows holds, before the noise.
GRANTS = st.just(
    [
        nk.Consent(
            id=f"basis-{channel}",
            lead_id=LEAD.id,
            occurred_at=day(-10),
            kind="given",
            channel=channel,
            basis="consent",
        )
        for channel in ("email", "phone")
    ]
)


def _at_the_end(kind: str, **fields: object) -> list[nk.Move]:
    return [moved(kind, LAST_DAY - 1, **fields)]


run_ups = st.sampled_from(
    [
        [],
        [
            nk.Consent(
                id="stop",
                lead_id=LEAD.id,
                occurred_at=day(LAST_DAY - 1),
                kind="objected",
            )
        ],
        _at_the_end("stage", to="disqualified", reason="bad_fit"),
        [called(LAST_DAY - 0.5, outcome="no_budget")],
        _at_the_end("offered", was="marketing", to="sales", due=day(LAST_DAY - 0.5), rep="rep-7"),
        _at_the_end("offered", was="marketing", to="sales", due=day(LAST_DAY + 5), rep="rep-7"),
        _at_the_end("stage", to="sql"),
        [
            nk.Touch(
                id="raised",
                lead_id=LEAD.id,
                kind="demo_requested",
                direction="inbound",
                occurred_at=day(LAST_DAY - 0.5),
            )
        ],
        _at_the_end("stage", to="recycled", reason="no_need"),
    ]
)


@st.composite
def histories(draw: st.DrawFn, *, most: int = 14) -> list[nk.Touch]:
    """Draw a lead's records, with or without an opening, up to the day `LAST_DAY`."""
    records = list(draw(GRANTS)) if draw(st.booleans()) else []
    records += draw(st.lists(any_record, max_size=most))
    records += draw(run_ups)
    if draw(st.integers(0, 4)) == 0:
        records.append(draw(openings()))
    return records


AS_OF = night(LAST_DAY)
policies = st.sampled_from(nk.PRESETS)
instants = days.map(lambda on: MONDAY + timedelta(days=on, hours=22))


def trees(leaves, *, max_leaves):
    """Draw criteria built of leaves: all of some, any of some, not one."""
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(AllOf),
            st.lists(inner, min_size=1, max_size=3).map(AnyOf),
            inner.map(Not),
        ),
        max_leaves=max_leaves,
    )
