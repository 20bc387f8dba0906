"""An ownership policy: a decision table over signals. The first row that holds wins.

Source: S2-2 (a position on who should nurture is a value that can be compared).
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import attrs

from nurturekit.answers import Desired, Score
from nurturekit.criteria import Criterion
from nurturekit.errors import ModelError
from nurturekit.interpreters.evaluate import evaluate
from nurturekit.ownership.terms import CONTINUITY, PAST_DUE, TERMS_FIELDS, Terms
from nurturekit.records import FrozenMap, Situation
from nurturekit.vocabulary import POSITIONS, FunnelPosition, Style, Team

STAY, BEFORE_READY = "stay", "before_ready"
ACCOUNTABLE = (*map(str, Team), STAY, BEFORE_READY)
NOTIFIED = ("rep", "sales", "marketing", "manager")
DUTIES = ("answer", "first_response", "next_attempt", "check_in")
SENDERS = ("team", "rep")


def _allowed(value: Mapping[str, Any] | None) -> FrozenMap[Team, frozenset[Style]]:
    try:
        return FrozenMap(
            {Team(team): frozenset(Style(style) for style in value[team]) for team in value or {}}
            if value
            else {}
        )
    except ValueError as error:
        raise ModelError(
            "unknown-word",
            path="allowed",
            problem="must map marketing and sales to mass, automated, one_to_one",
        ) from error


@attrs.frozen(kw_only=True)
class Row:
    """One row of a policy's table.

    Args:
        name: What holds, in a few words.
        number: Its number in the table, from 1.
        when: When it holds; the last row has none.
        accountable: `marketing`, `sales`, `stay` for whoever is accountable already, or
            `before_ready` for whom the parameter `owner_before_ready` names.
        allowed: Per team the styles it may use.
        notify: Whom to tell of weaker evidence, once each.
        duties: Which duties apply.
        continues: Sequences of the other team that may run; empty means all that its styles allow.
        closed: Whether nobody nurtures.
        sender: Whom automated mail comes from, `team` or `rep` (S4-5).
        early_sales: Whether sales may write one-to-one from `earliest_sales_touch` on.
        parameters: Names of the parameters that decide in this row, for the reasons.
        because: Why, in words for people.
        source: Requirement ids, or `inference`.

    Raises:
        ModelError: For words outside the vocabulary.
    """

    name: str
    number: int
    when: Criterion | None = None
    accountable: str = STAY
    allowed: Mapping[Team, frozenset[Style]] = attrs.field(default=None, converter=_allowed)
    notify: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    duties: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    continues: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    closed: bool = False
    sender: str = "team"
    early_sales: bool = False
    parameters: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    because: str = ""
    source: str = "inference"

    def __attrs_post_init__(self) -> None:
        if type(self.number) is not int or self.number < 1:
            raise ModelError("out-of-range", path="number", problem="must be a number from 1")
        for name, value, words in (
            ("accountable", (self.accountable,), ACCOUNTABLE),
            ("notify", self.notify, NOTIFIED),
            ("duties", self.duties, DUTIES),
            ("sender", (self.sender,), SENDERS),
            ("parameters", self.parameters, TERMS_FIELDS),
        ):
            if not set(value) <= set(words):
                raise ModelError(
                    "unknown-word", path=name, problem=f"must be one of {', '.join(words)}"
                )


@attrs.frozen(kw_only=True, slots=False)
class OwnershipPolicy:
    """Who should nurture a lead: rows, and the parameters on which the sources disagree.

    Args:
        name: Its name; `adopt` moves cite it.
        rows: The table; the first row that holds wins, the last has no condition.

    The other fields are those of `Terms`.

    Raises:
        ModelError: `no-rows`, `no-last-row` or `condition-after-last`; see also `Terms`.
    """

    name: str
    rows: tuple[Row, ...] = attrs.field(converter=tuple)
    handoff_on: str = "sales_ready"
    owner_before_ready: str = "marketing"
    earliest_sales_touch: str = "consideration"
    check_in_days: int | None = 60
    max_offers: int = 3
    response_hours: int = 4
    accept_hours: int = 24
    past_due: tuple[str, ...] = attrs.field(default=PAST_DUE, converter=tuple)
    grace_hours: int = 8
    min_stay_days: int = 30
    acceptance: str = "first_sales_touch"
    continuity: tuple[str, ...] = attrs.field(default=CONTINUITY, converter=tuple)
    pool: str = "sales"
    role: str = "rep"
    ramp_per_day: int = 50

    def __attrs_post_init__(self) -> None:
        if not self.rows:
            raise ModelError("no-rows", path="ownership.rows", problem="needs at least one row")
        if self.rows[-1].when is not None or self.rows[-1].accountable == STAY:
            raise ModelError(
                "no-last-row",
                path=f"ownership.rows[{len(self.rows) - 1}]",
                problem="must have no condition and name a team: it answers when nothing else does",
            )
        for index, row in enumerate(self.rows[:-1]):
            if row.when is None:
                raise ModelError(
                    "shadowed-row",
                    path=f"ownership.rows[{index}]",
                    problem="has no condition, so no later row could ever hold",
                )
        self.terms  # noqa: B018 - checks the parameters

    @cached_property
    def terms(self) -> Terms:
        """The parameters that `settle` reads."""
        return Terms(**{name: getattr(self, name) for name in TERMS_FIELDS})

    @cached_property
    def parameters(self) -> Mapping[str, object]:
        """The parameters by name, as criteria read them."""
        return FrozenMap({name: getattr(self, name) for name in TERMS_FIELDS})

    def decide(self, situation: Situation) -> Desired:
        """Return what should hold for a lead now.

        Args:
            situation: With `score`, `stage`, `readiness` and `accountable` bound, as far as the
                rows read them; what is missing is unknown, and a row with an unknown condition
                doesn't hold.
        """
        bound = situation
        if situation.bound.get("parameters") is not self.parameters:
            bound = situation.bind(parameters=self.parameters)
        # The last row has no condition: there always is one.
        held = next(
            row for row in self.rows if row.when is None or evaluate(row.when, bound) is True
        )
        return self._desired(held, bound)

    def _desired(self, row: Row, situation: Situation) -> Desired:
        return Desired(
            accountable=self._accountable(row, situation),
            allowed=self._allowed(row, situation),
            notify=row.notify,
            duties=row.duties,
            continues=row.continues,
            because=row.because or row.name,
            row=row.number,
            is_closed=row.closed,
            sender=row.sender,
            source=row.source,
            parameters=FrozenMap({name: getattr(self, name) for name in row.parameters}),
        )

    def _accountable(self, row: Row, situation: Situation) -> Team:
        if row.accountable == STAY:
            held: Team | None = situation.bound.get("accountable") or situation.standing.team
            return held or self._accountable(self.rows[-1], situation)
        is_early = row.accountable == BEFORE_READY
        return Team(self.owner_before_ready if is_early else row.accountable)

    def _allowed(self, row: Row, situation: Situation) -> Mapping[Team, frozenset[Style]]:
        # S0-3 against S3-4: how early sales may write is a parameter.
        if not row.early_sales or not self._is_early_enough(situation):
            return row.allowed
        sales = row.allowed.get(Team.SALES) or frozenset()
        return FrozenMap({**row.allowed, Team.SALES: sales | {Style.ONE_TO_ONE}})

    def _is_early_enough(self, situation: Situation) -> bool:
        if self.earliest_sales_touch == "never":
            return False
        score: Score | None = situation.bound.get("score")
        position = (score.position if score else None) or FunnelPosition.AWARENESS
        earliest = FunnelPosition(self.earliest_sales_touch)
        return POSITIONS.index(position) >= POSITIONS.index(earliest)
