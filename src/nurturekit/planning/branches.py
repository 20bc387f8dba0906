"""Where a run goes one way or another: arms, of which the first that holds is taken.

Rules:

- An arm holds by a criterion (unknown isn't true), by what came of the last conversation since the
  run began, or by the lead's cohort. Where none holds, the run goes on with `otherwise`.
- Arms lead forward only, so that every path ends: a cycle can't be written down.
- A branch is taken once, as a `branch` move; only another conversation, whose outcome names another
  arm, changes the track. The new one starts at the later of its own start and that of the track it
  replaces: changing tracks never brings a contact forward.
- A cohort is stable: the sha256 of (salt, lead id), and nothing else, says which.
"""

import hashlib
from collections.abc import Iterable
from decimal import Decimal

import attrs

from nurturekit.criteria import Criterion
from nurturekit.errors import ModelError
from nurturekit.identity import canonical
from nurturekit.interpreters.evaluate import evaluate
from nurturekit.planning.waits import check_wait, texts
from nurturekit.planning.words import check_name, word
from nurturekit.records import Situation, Touch
from nurturekit.vocabulary import Outcome

END = "end"
# Shares are told to a thousandth.
WHOLE_PERMILLE = 1000


def _outcomes(words: Iterable[str]) -> tuple[Outcome, ...]:
    return tuple(word(one, Outcome, path="outcome") for one in words)


def _share(value: Decimal | float | str | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


@attrs.frozen(kw_only=True)
class Arm:
    """One way out of a branch.

    Args:
        to: The id of a later step, or `end`.
        when: It holds by this criterion; or
        outcome: by what came of the last conversation since the run began; or
        share: by the lead's cohort, this share of all leads (0 to 1, in thousandths).

    Raises:
        ModelError: `one-of`, `bad-share`, `unknown-word`.
    """

    to: str
    when: Criterion | None = None
    outcome: tuple[Outcome, ...] = attrs.field(default=(), converter=_outcomes)
    share: Decimal | None = attrs.field(default=None, converter=_share)

    def __attrs_post_init__(self) -> None:
        told = [self.when is not None, bool(self.outcome), self.share is not None]
        if sum(told) != 1:
            raise ModelError(
                "one-of", path="arms", problem="must have one of `when`, `outcome`, `share`"
            )
        if self.share is not None:
            permille = self.share * WHOLE_PERMILLE
            if not 0 < self.share <= 1 or permille != int(permille):
                raise ModelError(
                    "bad-share",
                    path="share",
                    problem="must be above 0 and at most 1, in thousandths",
                )


def _arms(arms: Iterable[Arm]) -> tuple[Arm, ...]:
    return tuple(arms)


@attrs.frozen(kw_only=True)
class Branch:
    """A place in a sequence where it goes one way or another; it makes no contact itself.

    Args:
        id: Its name within the sequence.
        arms: The ways out, the first that holds is taken; all by share, or none.
        otherwise: Where it goes if none holds: a later step's id or `end`; the following step if
            not given. Shares leave nothing over.
        salt: What cohorts are drawn with; the ids of sequence and branch if not given. Branches
            with one salt draw alike.
        after_days: As a step's: how long it waits before it decides.
        up_to_days: As a step's.
        triggers: As a step's.
        until_fact: As a step's.
        offset_days: As a step's.
        if_missing: As a step's.

    Raises:
        ModelError: Naming the field, below `steps.<id>`.
    """

    id: str
    arms: tuple[Arm, ...] = attrs.field(converter=_arms)
    otherwise: str | None = None
    salt: str | None = None
    after_days: int = 0
    up_to_days: int | None = None
    triggers: tuple[str, ...] = attrs.field(default=(), converter=texts)
    until_fact: str | None = None
    offset_days: int = 0
    if_missing: str | None = None

    def __attrs_post_init__(self) -> None:
        check_name(self.id, path="steps.id")
        path = f"steps.{self.id}"
        check_wait(self, path=path)
        if self.salt is not None:
            check_name(self.salt, path=f"{path}.salt")
        if not self.arms:
            raise ModelError("no-arms", path=f"{path}.arms", problem="needs at least one arm")
        shares = [arm.share for arm in self.arms if arm.share is not None]
        if shares and (len(shares) < len(self.arms) or sum(shares) != 1 or self.otherwise):
            raise ModelError(
                "bad-share",
                path=f"{path}.arms",
                problem="must all have shares that add up to 1, without `otherwise`",
            )

    @property
    def targets(self) -> tuple[str | None, ...]:
        """Where its ways lead: ids, `end`, or None for the following step."""
        ways = tuple(arm.to for arm in self.arms)
        return ways if self.arms[0].share is not None else (*ways, self.otherwise)


def bucket(salt: str, lead_id: str) -> int:
    """Return a lead's place from 0 to 999 among all leads, the same for ever.

    Args:
        salt: What is drawn for.
        lead_id: The lead.

    >>> bucket("trial", "lead-1") == bucket("trial", "lead-1")
    True
    """
    digest = hashlib.sha256(canonical([salt, lead_id])).digest()
    # 64 bits spread over a thousand places: no place is favoured by more than 1 in 10**16.
    return int.from_bytes(digest[:8], "big") * WHOLE_PERMILLE >> 64


@attrs.frozen(kw_only=True)
class Taken:
    """The way a branch goes: where to (None is the following step), why, and what it cites."""

    to: str | None
    because: str
    touch: Touch | None = None


def way(branch: Branch, situation: Situation, *, sequence: str, since_us: int) -> Taken:
    """Return the way a branch goes now.

    Args:
        branch: The branch.
        situation: The lead at one instant.
        sequence: The sequence's name.
        since_us: When the run began: only later conversations count.
    """
    place, end = bucket(branch.salt or f"{sequence}/{branch.id}", situation.lead.id), 0
    spoken = last_spoken(branch, situation, since_us=since_us)
    for arm in branch.arms:
        if arm.when is not None and evaluate(arm.when, situation) is True:
            return Taken(to=arm.to, because="its criterion holds")
        if spoken is not None and spoken.outcome in arm.outcome:
            return Taken(to=arm.to, because=f"{spoken.outcome} ({spoken.id})", touch=spoken)
        end += int((arm.share or 0) * WHOLE_PERMILLE)
        if place < end:
            return Taken(to=arm.to, because=f"cohort of {arm.share} of all leads")
    return Taken(to=branch.otherwise, because="no arm holds")


def last_spoken(branch: Branch, situation: Situation, *, since_us: int) -> Touch | None:
    """Return the last conversation since an instant whose outcome one of the arms names."""
    named = {outcome for arm in branch.arms for outcome in arm.outcome}
    for touch in reversed(situation.conversations if named else ()):
        if touch.occurred_us < since_us:
            return None
        if touch.outcome in named:
            return touch
    return None


def turned(branch: Branch, situation: Situation, *, after_us: int) -> Taken | None:
    """Return the way that a conversation after an instant turns a run to, if any does.

    Args:
        branch: A branch that was taken.
        situation: The lead at one instant.
        after_us: When it was taken.
    """
    spoken = last_spoken(branch, situation, since_us=after_us + 1)
    if spoken is None:
        return None
    arm = next(arm for arm in branch.arms if spoken.outcome in arm.outcome)
    return Taken(to=arm.to, because=f"{spoken.outcome} ({spoken.id})", touch=spoken)
