"""Which leads are at rest, and what their columns say; the others are decided one by one.

A lead is at rest where nothing can follow: no evidence that isn't told, no stage to cross, no
offer, word, pause or date that waits. Then stage and owner are what is in force, and the policy's
row is read from columns. Whatever isn't certain here is left to the single decision: a lead may be
looked at for nothing, but never passed over.
"""

from functools import reduce
from operator import or_
from typing import Any

import narwhals as nw

from nurturekit.frame.criteria import truth
from nurturekit.frame.deeds import DEEDS, deeds, since_us
from nurturekit.frame.holdings import holdings
from nurturekit.frame.moment import Moment
from nurturekit.frame.policies import Columnar, Reading, outcomes, row_of
from nurturekit.frame.scores import Scores
from nurturekit.frame.tables import Prepared, once
from nurturekit.instants import DAY_US
from nurturekit.lifecycle import Qualification
from nurturekit.ownership import OwnershipPolicy
from nurturekit.records import World
from nurturekit.records.standing import STAGE_RANK
from nurturekit.signals import FactSignal
from nurturekit.vocabulary import Stage, Team

Lazy = nw.LazyFrame[Any]
_LOW = (Stage.INQUIRY, Stage.INCUBATING, Stage.RECYCLED)
_SALES = (Stage.SAL, Stage.SQL, Stage.OPPORTUNITY)
_CLOSED = (Stage.DISQUALIFIED, Stage.LOST)
MARKETING, SALES = str(Team.MARKETING), str(Team.SALES)


def resting(
    prepared: Prepared, columnar: Columnar, scored: Scores, world: World, moment: Moment
) -> Lazy:
    """Return every lead with `stage`, `accountable`, `rep`, `row`, `next_due_us` and `changes`.

    Args:
        prepared: The tables.
        columnar: The parts of a playbook that can be read from columns.
        scored: The scores.
        world: Reps.
        moment: From when.

    `stirs` is 1 for leads that must be decided one by one: the other columns say nothing of them.
    """
    policy, qualification = columnar.policy, columnar.qualification
    frame = _with_deeds(prepared, columnar, scored.frame, world, moment)
    frame = holdings(prepared, frame, moment)
    frame = frame.with_columns(**_judged(scored, qualification, world))
    columns = frozenset(frame.collect_schema().names())
    base = Reading(
        subject=scored.subject,
        columns=columns,
        parameters=policy.parameters,
        team="team",
        judged=False,
    )
    # Joined, so that a row is looked for once: engines write an expression out wherever it is read.
    said = prepared.small(**outcomes(policy))
    # Only who has no owner yet gets the first row's: an engine may pass over the others.
    first = nw.when(nw.col("team").is_null()).then(row_of(policy, base)).otherwise(nw.lit(0))
    frame = frame.with_columns(first_place=first.cast(nw.Int64)).join(
        said.select("first", first_place=nw.col("place")), on="first_place", how="left"
    )
    frame = frame.with_columns(accountable=nw.coalesce("team", "first"))
    now = Reading(
        subject=scored.subject,
        columns=columns | {"accountable"},
        parameters=policy.parameters,
        team="accountable",
    )
    frame = frame.with_columns(place=row_of(policy, now).cast(nw.Int64))
    frame = frame.join(said.drop("first"), on="place", how="left")
    return frame.with_columns(
        stirs=_one(_stirs(policy, qualification, moment)),
        next_due_us=_due(policy),
        changes=nw.col("team").is_null(),
        is_open=nw.col("ends") == 0,
    )


def _one(held: nw.Expr) -> nw.Expr:
    return nw.when(held.fill_null(value=False)).then(nw.lit(1)).otherwise(nw.lit(0))


def _with_deeds(
    prepared: Prepared, columnar: Columnar, frame: Lazy, world: World, moment: Moment
) -> Lazy:
    """Add what touches say, and how many people of the account have lately taken part (S0-8)."""
    qualification = columnar.qualification
    counts = qualification.people is not None and prepared.leads.has("account")
    found = deeds(
        prepared,
        columnar.kinds,
        world,
        moment,
        recent_us=since_us(moment, qualification.intent_days),
        wanted=[name for name in DEEDS if counts or name != "engaged"],
    )
    if found is not None:
        found = once(prepared, found) if counts else found
        frame = frame.join(found, on="lead_id", how="left")
    there = set() if found is None else set(found.collect_schema().names())
    missing = {name: nw.lit(None, dtype=nw.Int64) for name in DEEDS if name not in there}
    frame = frame.with_columns(**missing) if missing else frame
    if found is None or not counts:
        return frame.with_columns(people=nw.lit(0))
    counted = _people(prepared, found, qualification.people or 1)
    return frame.join(counted, on="lead_id", how="left").with_columns(nw.col("people").fill_null(0))


def _people(prepared: Prepared, found: Lazy, least: int) -> Lazy:
    """Return how many people of its account have taken part, of leads where they are enough."""
    leads = prepared.leads
    person = nw.coalesce("person_id", "id") if leads.has("person_id") else nw.col("id")
    known = leads.rows.select("account", lead_id=nw.col("id"), person=person)
    known = known.filter(~nw.col("account").is_null())
    engaged = found.filter(~nw.col("engaged").is_null()).join(known, on="lead_id", how="inner")
    people = (
        engaged.select("account", "person")
        .unique(["account", "person"])
        .group_by("account")
        .agg(nw.len().cast(nw.Int64).alias("people"))
        .filter(nw.col("people") >= least)
    )
    return known.join(people, on="account", how="inner").select("lead_id", "people")


def _judged(scored: Scores, qualification: Qualification, world: World) -> dict[str, nw.Expr]:
    """Return what is known of a lead before its policy is asked."""
    unfit = nw.lit(None).cast(nw.Int64)
    if qualification.unfit is not None:
        early = Reading(
            subject=scored.subject,
            columns=frozenset(scored.outputs),
            parameters={},
            team=None,
        )
        held = truth(qualification.unfit, early.measured)
        unfit = nw.when(held.holds).then(nw.lit(1)).otherwise(nw.when(held.fails).then(nw.lit(0)))
    stage = nw.col("stage")
    is_shut = (stage == str(Stage.DISQUALIFIED)) | (
        (stage == str(Stage.LOST)) & (nw.col("moved_idle") == 0)
    )
    told = scored.subject.measured(FactSignal("do_not_contact")).flag
    forbidden = nw.lit(value=False) if told is None else told.fill_null(value=False)
    closed = (stage == str(Stage.CUSTOMER)) | is_shut | forbidden
    gone = [one.id for one in world.reps.values() if not (one.active and one.team is Team.SALES)]
    rep = nw.col("rep")
    here = nw.when(~rep.is_in(gone)).then(rep) if gone else rep
    return {"unfit": unfit, "closed": _one(closed), "rep": here, "has_rep": _one(~rep.is_null())}


def _stirs(policy: OwnershipPolicy, qualification: Qualification, moment: Moment) -> nw.Expr:
    """Say whether something may follow for a lead."""
    stage, team, milli = nw.col("stage"), nw.col("accountable"), nw.col("score_milli")
    is_sales, is_open = team == SALES, nw.col("ends") == 0
    recent = since_us(moment, qualification.intent_days)
    rank = nw.lit(0)
    for one, value in STAGE_RANK.items():
        rank = nw.when(stage == str(one)).then(nw.lit(value)).otherwise(rank)
    sales_us = nw.col("sales").fill_null(-1)
    agreed = nw.max_horizontal(nw.col("opened_next") * DAY_US, nw.col("opened_us") + 1)
    reasons = [
        nw.col("tangled") == 1,
        # Evidence that may be new: a hand raised lately, what buyers look at, an engaged account.
        nw.col("raised") >= recent,
        ~nw.col("weak").is_null(),
        nw.col("people") >= (qualification.people or 1)
        if qualification.people
        else nw.lit(value=False),
        # A closed lead that has raised its hand since, or a word that may wait for an answer.
        stage.is_in([str(one) for one in _CLOSED]) & (nw.col("raised") > nw.col("staged_us")),
        nw.col("word") >= nw.coalesce(nw.col("opened_us"), nw.lit(0)),
        # The gate, and stages that outcomes prove.
        stage.is_in([str(one) for one in _LOW]) & (milli >= qualification.mql_milli),
        (stage == str(Stage.MQL)) & (milli < qualification.recycle_milli),
        is_sales & (nw.col("proven") > rank),
        # An agreed date that no sales touch has kept.
        ~nw.col("attempt").is_null() & (sales_us < nw.col("attempt")),
        ~nw.col("opened_next").is_null() & (sales_us < agreed),
        # Who has the lead isn't who the policy wants, or nobody in person has it.
        is_sales & (nw.col("said") == MARKETING),
        is_sales & nw.col("team").is_null(),
        is_sales & is_open & nw.col("rep").is_null(),
        ~is_sales & is_open & stage.is_in([str(one) for one in _SALES]),
    ]
    if policy.handoff_on != "sales_ready":
        reasons.append(~is_sales & (stage == str(Stage.MQL)))
    return reduce(or_, (one.fill_null(value=False) for one in reasons))


def _due(policy: OwnershipPolicy) -> nw.Expr:
    """Return when a check-in is owed: all that a lead at rest can owe (S2-4)."""
    nothing = nw.lit(None).cast(nw.Int64)
    if policy.check_in_days is None:
        return nothing
    is_sales = nw.col("accountable") == SALES
    since = nw.coalesce(nw.col("call"), nw.when(is_sales).then(nw.col("owned_us")))
    opened = nw.col("opened_us")
    later = nw.when(opened > since).then(opened).otherwise(since)
    day = later - later % DAY_US + policy.check_in_days * DAY_US
    return nw.when(nw.col("checks") == 1).then(day)
