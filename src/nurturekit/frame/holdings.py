"""What is in force for each lead, from its latest moves or from what its opening's columns said.

Only what can be told from the latest move of each sort is told here. Where more than that decides
(offers made and answered, a rep's word, a pause), the lead is marked `tangled`, and the single
decision folds its moves.
"""

from typing import Any

import narwhals as nw

from nurturekit.frame.counting import visible
from nurturekit.frame.moment import Moment
from nurturekit.frame.tables import Prepared, Table
from nurturekit.vocabulary import IDLE_REASONS, MoveKind, Origin, Purpose, Stage, Team

Lazy = nw.LazyFrame[Any]
# Moves that say nothing of who has the lead.
_ENROLLING = (MoveKind.ENROLLED, MoveKind.LEFT, MoveKind.SKIPPED, MoveKind.BRANCH)
_HANDING = (MoveKind.OWNER, MoveKind.ADOPT)
_OFFERING = (
    MoveKind.OFFERED,
    MoveKind.ACCEPTED,
    MoveKind.REJECTED,
    MoveKind.LAPSED,
    MoveKind.WITHDRAWN,
)
_OPENING = ("opened_us", "opened_stage", "opened_team", "opened_rep", "opened_next", "opened_out")


def holdings(prepared: Prepared, frame: Lazy, moment: Moment) -> Lazy:
    """Return the leads with what is in force.

    Args:
        prepared: The tables.
        frame: One row a lead, with `lead_id`.
        moment: From when.

    Adds `opened_us`, `stage`, `team` and `rep` (null where there are none), `owned_us`,
    `staged_us`, `was_lost`, `erased`, `objected`, and `tangled` (1 where more than the latest moves
    decides).
    """
    frame = _opened(prepared, frame, moment)
    frame = _moved(prepared, frame, moment)
    return _restricted(prepared, frame, moment)


def _opened(prepared: Prepared, frame: Lazy, moment: Moment) -> Lazy:
    table = prepared.tables.get("openings")
    if table is None:
        missing = {name: nw.lit(None).cast(_type(name)) for name in _OPENING}
        return frame.with_columns(**missing, openings=nw.lit(0).cast(nw.Int64))
    columns = {
        "opened_us": nw.col("occurred_us"),
        "opened_stage": _own(table, "stage", nw.String),
        "opened_team": _own(table, "team", nw.String),
        "opened_rep": _own(table, "rep", nw.String),
        "opened_next": _own(table, "next_attempt_on_n", nw.Int64),
        "opened_out": _flag(table, "opted_out"),
    }
    seen = visible(table, moment).select("lead_id", **columns)
    # Of several the earliest counts: the single decision settles them.
    one = seen.group_by("lead_id").agg(
        *(nw.col(name).max() for name in _OPENING), nw.len().cast(nw.Int64).alias("openings")
    )
    joined = frame.join(one, on="lead_id", how="left")
    return joined.with_columns(nw.col("openings").fill_null(0))


def _type(name: str) -> Any:  # noqa: ANN401 - Narwhals' own types
    return nw.Int64 if name in ("opened_us", "opened_next", "opened_out") else nw.String


def _own(table: Table, name: str, dtype: Any) -> nw.Expr:  # noqa: ANN401 - Narwhals' own types
    is_there = table.has(name.removesuffix("_n"))
    return nw.col(name) if is_there else nw.lit(None).cast(dtype)


def _flag(table: Table, name: str) -> nw.Expr:
    if not table.has(name):
        return nw.lit(0).cast(nw.Int64)
    return nw.when(nw.col(name).fill_null(value=False)).then(nw.lit(1)).otherwise(nw.lit(0))


def seen_moves(table: Table, moment: Moment) -> Lazy:
    """Return the moves that can be seen: a playbook's own only after its instant."""
    seen = visible(table, moment)
    if not table.has("origin"):
        return seen
    own = (nw.col("origin") == str(Origin.PLAYBOOK)).fill_null(value=False)
    return seen.filter(~own | (nw.col("occurred_us") < moment.as_of_us))


def _moved(prepared: Prepared, frame: Lazy, moment: Moment) -> Lazy:
    table = prepared.tables.get("moves")
    if table is None:
        return _without_moves(frame)
    names = ("was", "to", "rep", "reason", "answers", "origin")
    moves = seen_moves(table, moment).select(
        "lead_id",
        "kind",
        "occurred_us",
        seq=nw.col("seq").fill_null(0) if table.has("seq") else nw.lit(0),
        id=_own(table, "id", nw.String),
        sequence=_own(table, "sequence", nw.String),
        **{name: _own(table, name, nw.String) for name in names},
    )
    moves = moves.filter(~nw.col("kind").is_in([str(one) for one in _ENROLLING]))
    frame = frame.join(_counts(moves), on="lead_id", how="left")
    stages = moves.filter(nw.col("kind") == str(MoveKind.STAGE))
    owners = moves.filter(nw.col("kind") == str(MoveKind.OWNER))
    hands = moves.filter(nw.col("kind").is_in([str(one) for one in _HANDING]))
    given = [MoveKind.OWNER, MoveKind.REP, MoveKind.OFFERED, MoveKind.ACCEPTED]
    reps = moves.filter(nw.col("kind").is_in([str(one) for one in given])).filter(
        ~nw.col("rep").is_null()
    )
    is_person = nw.coalesce(nw.col("origin"), nw.lit(str(Origin.PERSON))) == str(Origin.PERSON)
    idle = [str(one) for one in IDLE_REASONS]
    frame = _with_last(
        frame,
        stages,
        moved_stage=nw.col("to"),
        moved_us=nw.col("occurred_us"),
        moved_by_person=_as_one(is_person),
        moved_idle=_as_one(nw.col("reason").is_in(idle).fill_null(value=False)),
    )
    frame = _with_last(frame, owners, moved_team=nw.col("to"), owned_us=nw.col("occurred_us"))
    frame = _with_last(frame, hands, adopting=_as_one(nw.col("kind") == str(MoveKind.ADOPT)))
    frame = _with_last(frame, reps, moved_rep=nw.col("rep"))
    return _in_force(frame)


def _as_one(held: nw.Expr) -> nw.Expr:
    return nw.when(held).then(nw.lit(1)).otherwise(nw.lit(0))


def _with_last(frame: Lazy, moves: Lazy, **columns: nw.Expr) -> Lazy:
    """Add what the last of some moves says, by (occurred, seq, id)."""
    order = ["occurred_us", "seq", "id"]
    place = nw.col("occurred_us").cum_count(reverse=True).over("lead_id", order_by=order)
    last = moves.filter(place == 1).select("lead_id", **columns)
    return frame.join(last, on="lead_id", how="left")


def _counts(moves: Lazy) -> Lazy:
    """Return how many moves there were of the sorts that tangle."""
    kind, origin = nw.col("kind"), nw.col("origin")
    is_person = nw.coalesce(origin, nw.lit(str(Origin.PERSON))) == str(Origin.PERSON)
    lost = (kind == str(MoveKind.STAGE)) & (nw.col("to") == str(Stage.LOST))
    first = (
        (kind == str(MoveKind.OWNER)) & (origin == str(Origin.PLAYBOOK)) & nw.col("was").is_null()
    )
    snoozed = (kind == str(MoveKind.SNOOZED)) & nw.col("sequence").is_null()
    sorts = {
        "offering": kind.is_in([str(one) for one in _OFFERING]),
        "offers": kind == str(MoveKind.OFFERED),
        "taken": kind == str(MoveKind.ACCEPTED),
        "losses": lost & is_person,
        "lost_ever": lost,
        "firsts": first,
        "pauses": snoozed,
    }
    return moves.group_by("lead_id").agg(
        nw.col("occurred_us").min().alias("first_move_us"),
        *(
            nw.when(held.fill_null(value=False))
            .then(nw.lit(1))
            .otherwise(nw.lit(0))
            .sum()
            .cast(nw.Int64)
            .alias(name)
            for name, held in sorts.items()
        ),
        nw.when(kind == str(MoveKind.OFFERED)).then(nw.col("id")).max().alias("offer_id"),
        nw.when(kind == str(MoveKind.OFFERED)).then(nw.col("occurred_us")).max().alias("offer_us"),
        nw.when(kind == str(MoveKind.ACCEPTED)).then(nw.col("answers")).max().alias("taken_id"),
        nw.when(kind == str(MoveKind.ACCEPTED)).then(nw.col("occurred_us")).max().alias("taken_us"),
    )


def _in_force(frame: Lazy) -> Lazy:
    counted = ("offering", "offers", "taken", "losses", "lost_ever", "firsts", "pauses")
    frame = frame.with_columns(
        *(nw.col(name).fill_null(0) for name in (*counted, "adopting", "moved_idle"))
    )
    opened = nw.col("opened_us")
    before = (nw.col("first_move_us") < opened).fill_null(value=False)
    # One offer, taken: the lead has changed hands, and nothing waits.
    is_taken = (
        (nw.col("offers") == 1)
        & (nw.col("taken") == 1)
        & (nw.col("offering") == 2)  # noqa: PLR2004 - the offer and its acceptance
        & (nw.col("taken_id") == nw.col("offer_id")).fill_null(value=False)
        & (nw.col("taken_us") > nw.col("offer_us")).fill_null(value=False)
        & (nw.col("moved_team") == str(Team.SALES)).fill_null(value=False)
    )
    offered = (nw.col("offering") > 0) & ~is_taken
    # A deal that a person recorded as lost is a rep's word; the last such closes the lead.
    closes = (
        (nw.col("losses") == 1)
        & (nw.col("moved_stage") == str(Stage.LOST)).fill_null(value=False)
        & (nw.col("moved_by_person") == 1).fill_null(value=False)
        & (nw.col("moved_idle") == 0)
    )
    lost = (nw.col("losses") > 0) & ~closes
    # The first owner of a duplicate takes nothing from who has the lead it was merged into.
    twice = (nw.col("firsts") > 1) | ((nw.col("firsts") > 0) & ~nw.col("opened_team").is_null())
    tangled = (
        (nw.col("openings") > 1)
        | before
        | offered
        | lost
        | twice
        | (nw.col("pauses") > 0)
        | (nw.col("adopting") == 1)
    )
    owned = nw.coalesce(nw.col("owned_us"), nw.when(~nw.col("opened_team").is_null()).then(opened))
    was_lost = (nw.col("lost_ever") > 0) | (nw.col("opened_stage") == str(Stage.LOST)).fill_null(
        value=False
    )
    return frame.with_columns(
        stage=nw.coalesce("moved_stage", "opened_stage", nw.lit(str(Stage.INQUIRY))),
        team=nw.coalesce("moved_team", "opened_team"),
        rep=nw.coalesce("moved_rep", "opened_rep"),
        owned_us=owned,
        staged_us=nw.coalesce(nw.col("moved_us"), opened, nw.lit(0)),
        was_lost=_as_one(was_lost),
        tangled=_as_one(tangled),
    )


def _without_moves(frame: Lazy) -> Lazy:
    text, whole = nw.lit(None).cast(nw.String), nw.lit(None).cast(nw.Int64)
    none = nw.lit(0).cast(nw.Int64)
    texts = ("moved_stage", "moved_team", "moved_rep", "offer_id", "taken_id")
    wholes = ("moved_us", "owned_us", "first_move_us", "offer_us", "taken_us", "moved_by_person")
    counts = [
        "offering",
        "offers",
        "taken",
        "losses",
        "lost_ever",
        "firsts",
        "pauses",
        "adopting",
        "moved_idle",
    ]
    return _in_force(
        frame.with_columns(
            **dict.fromkeys(texts, text),
            **dict.fromkeys(wholes, whole),
            **dict.fromkeys(counts, none),
        )
    )


_OBJECTING = ("objected", "withdrawn", "complained")


def _restricted(prepared: Prepared, frame: Lazy, moment: Moment) -> Lazy:
    """Add whether the person is erased or objects; grants that might lift it tangle."""
    opted = nw.col("opened_out").fill_null(0) == 1
    table = prepared.tables.get("consents")
    if table is None:
        return frame.with_columns(erased=nw.lit(0), objected=_as_one(opted))
    # A restriction counts from the earlier of its two times.
    occurred = nw.col("occurred_us")
    recorded = (
        nw.coalesce(nw.col("recorded_us"), occurred) if table.has("recorded_at") else occurred
    )
    is_grant = nw.col("kind") == "given"
    rows = table.rows.select(
        "lead_id",
        "kind",
        seen=nw.when(is_grant)
        .then(_as_one((occurred <= moment.as_of_us) & (recorded <= moment.known_us)))
        .otherwise(_as_one(nw.min_horizontal(occurred, recorded) <= moment.as_of_us)),
        channel=_own(table, "channel", nw.String),
        purpose=_own(table, "purpose", nw.String),
    ).filter(nw.col("seen") == 1)
    wide = nw.col("channel").is_null()
    for_marketing = (
        nw.col("purpose").is_null()
        | (nw.col("purpose") == str(Purpose.MARKETING)).fill_null(value=False)
        | (nw.col("kind") == "complained")
    )
    sorts = {
        "is_erased": nw.col("kind") == "erased",
        "is_objected": nw.col("kind").is_in(list(_OBJECTING)) & wide & for_marketing,
        "is_granted": nw.col("kind") == "given",
    }
    found = rows.group_by("lead_id").agg(
        *(_as_one(held).max().alias(name) for name, held in sorts.items())
    )
    frame = frame.join(found, on="lead_id", how="left").with_columns(
        nw.col(name).fill_null(0) for name in sorts
    )
    is_objected = (nw.col("is_objected") == 1) | opted
    is_held = (nw.col("is_erased") == 1) | is_objected
    lifts = is_held & (nw.col("is_granted") == 1)
    return frame.with_columns(
        erased=nw.col("is_erased"),
        objected=_as_one(is_objected),
        tangled=_as_one((nw.col("tangled") == 1) | lifts),
    )
