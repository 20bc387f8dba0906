"""From one lead's history to its account: a walk over its moves and touches as they happened.

Everything that reads histories for the report lives here, in `clocks` and in `offering`. Rules:

- What counts happened in the window [start, end) and can be seen at its end. An offer or a clock
  counts where it began in the window.
- Moves are folded as for a decision. A team holds a lead while it is accountable for it, a rep
  while in force for that team; nobody does once the lead is closed, erased or objects to marketing.
- An opening starts no clock.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping

import attrs

from nurturekit.accountability.clocks import CLOSED, OPEN, Clocks, team_of
from nurturekit.accountability.ledger import NOBODY, Effort, Holder, Ledger, Window
from nurturekit.accountability.offering import Offering, touching
from nurturekit.interop import Case
from nurturekit.rates import campaign_of
from nurturekit.records import FrozenMap, History, Move, Situation, Standing, Touch
from nurturekit.records.permissions import is_erased, is_objected
from nurturekit.records.standing import walk
from nurturekit.signals.evidence import closing
from nurturekit.vocabulary import MoveKind, Origin, Outcome, Stage, Style, Team

# S4-3, S4-4: attempts that reached nobody.
_WASTED = frozenset({Outcome.VOICEMAIL, Outcome.NO_ANSWER})
_CLOSED = frozenset({Stage.CUSTOMER, Stage.DISQUALIFIED, Stage.LOST})


def read(case: Case, window: Window) -> Ledger:
    """Return a lead's account."""
    history = _before(case.history, window.end_us)
    situation = Situation(
        case.lead, history, as_of=window.end, world=case.world, kinds=window.kinds
    )
    found = _Walk.of(situation, window)
    found.run()
    return Ledger(
        source=campaign_of(situation),
        held=frozenset(found.held),
        at_end=found.at_end,
        touched=frozenset(found.touched),
        clocks=tuple(found.clocks.stopped),
        offers=found.offering.made(situation, found.standing, window),
        efforts=tuple(_efforts(situation, window)),
    )


def _before(history: History, end_us: int) -> History:
    # As of the end its own instant can be seen, but the window is half-open: it isn't read.
    if all(record.occurred_us != end_us for record in history):
        return history
    return History(record for record in history if record.occurred_us != end_us)


def _shut_us(situation: Situation, window: Window) -> int:
    # From when on nobody has the lead: what closed it, or the person's own word; else the end.
    closed = closing(situation)
    gone = [
        min(one.occurred_us, one.recorded_us)
        for one in situation.restrictions
        if is_erased([one]) or is_objected([one])
    ]
    return min([window.end_us, *gone, *([] if closed is None else [closed.occurred_us])])


def _efforts(situation: Situation, window: Window) -> Iterator[Effort]:
    for touch in situation.touches:
        team = touching(situation, touch)
        if team is not None and window.holds(touch.occurred_us) and _is_work(situation, touch):
            yield Effort(
                team=team,
                rep=touch.rep or NOBODY,
                channel=touch.channel or situation.kind_of(touch).channel,
                is_wasted=None if touch.outcome is None else touch.outcome in _WASTED,
            )


def _is_work(situation: Situation, touch: Touch) -> bool:
    if situation.is_sales_touch(touch):
        return True
    style = touch.style or situation.kind_of(touch).style
    is_personal = touch.origin is Origin.PERSON and not touch.automated
    return is_personal and style is Style.ONE_TO_ONE


@attrs.define(kw_only=True)
class _Walk:
    """What is in force before the next record, and what was found so far.

    Args:
        situation: The lead at the window's end.
        shut_us: From when on nobody has the lead.
    """

    situation: Situation
    window: Window
    shut_us: int
    clocks: Clocks
    offering: Offering = attrs.field(factory=Offering)
    standing: Standing = attrs.field(factory=Standing)
    held: set[Holder] = attrs.field(factory=set)
    at_end: Holder | None = None
    touched: set[tuple[Team, str | None]] = attrs.field(factory=set)
    team: Team | None = None
    rep: str | None = None
    pending: Move | None = None
    _holder: Holder | None = None
    _since_us: int = 0

    @classmethod
    def of(cls, situation: Situation, window: Window) -> "_Walk":
        """Return the walk at its start."""
        return cls(
            situation=situation,
            window=window,
            shut_us=_shut_us(situation, window),
            clocks=Clocks(world=situation.world, window=window),
        )

    def run(self) -> None:
        """Walk to the window's end."""
        situation = self.situation
        opened_us = 0 if situation.opening is None else situation.opening.occurred_us
        # Records from before the opening never set an owner, and no clock.
        moves = [one for one in situation.visible.moves if opened_us <= one.occurred_us]
        touches = deque(situation.touches)
        for move, standing in walk(situation.opening, moves, lambda one: one.occurred_us):
            # A touch at the instant of a move came before it: an acceptance follows its touch.
            while move is not None and touches and touches[0].occurred_us <= move.occurred_us:
                self._touch(touches.popleft())
            self._move(move, standing)
            self._hold(opened_us if move is None else move.occurred_us)
        for touch in touches:
            self._touch(touch)
        self._finish()

    def _touch(self, touch: Touch) -> None:
        team = touching(self.situation, touch)
        if team is None or touch.occurred_us >= self.shut_us:
            return
        asked = None if self.pending is None else self.offering.taker(self.pending)
        if self.window.holds(touch.occurred_us) and team in (self.team, asked):
            self.touched |= {(team, None), (team, touch.rep or self._rep_of(team))}
        self.clocks.touch(touch, team)

    def _move(self, move: Move | None, standing: Standing) -> None:
        self.standing = standing
        if move is not None:
            if move.kind is MoveKind.OFFERED:
                self.offering.add(move, owner=self.team)
            elif move.kind is MoveKind.REP and self.pending is not None:
                self.offering.named[self.pending.id] = str(move.rep)
            if move.occurred_us < self.shut_us:
                _CLOCKS.get(MoveKind(move.kind), _none)(self, move)
        self.team, self.rep, self.pending = standing.team, standing.rep, standing.pending

    def _hold(self, us: int) -> None:
        holder = self._held_by()
        if holder != self._holder:
            self._keep(us)
            self._holder, self._since_us = holder, us
        if self.standing.stage in _CLOSED:
            self.clocks.stop(min(us, self.shut_us), *Team, ending=CLOSED)

    def _held_by(self) -> Holder | None:
        if self.team is None or self.standing.stage in _CLOSED:
            return None
        return self.team, self._rep_of(self.team)

    def _rep_of(self, team: Team) -> str:
        # A rep of the other team may stay in force, as the sender of mail; the lead isn't theirs.
        is_theirs = self.rep is not None and team_of(self.situation.world, self.rep) is team
        return self.rep if self.rep is not None and is_theirs else NOBODY

    def _keep(self, us: int) -> bool:
        from_us, until_us = max(self._since_us, self.window.start_us), min(us, self.shut_us)
        if self._holder is not None and from_us < until_us:
            self.held.add(self._holder)
            return True
        return False

    def _finish(self) -> None:
        is_open = self.shut_us == self.window.end_us
        if self._keep(self.shut_us) and is_open:
            self.at_end = self._holder
        self.clocks.stop(self.shut_us, *Team, ending=OPEN if is_open else CLOSED)

    def pending_taker(self, end: Move) -> Team | None:
        """Return who was offered the lead, where a move ends the offer that waits."""
        if self.pending is None or self.offering.is_other(end, self.pending):
            return None
        return self.offering.taker(self.pending)

    def is_taking(self, move: Move) -> bool:
        """Say whether an owner move only follows an offer's acceptance."""
        ends = self.standing.ends.values()
        accepted = {end.id for end in ends if end.kind is MoveKind.ACCEPTED}
        return move.answers in accepted or self.offering.knows(move.answers)


def _offered(found: _Walk, move: Move) -> None:
    # A request within the team that has the lead goes on with the clock it started by getting it.
    taker, clocks = found.offering.taker(move), found.clocks
    is_request = found.team is taker and found.pending is None and clocks.is_running(taker)
    if not is_request:
        clocks.start(taker, move.occurred_us, asked=move.rep)
    elif move.rep is not None:
        _name(found, move, taker)


def _owned(found: _Walk, move: Move) -> None:
    team, clocks = Team(str(move.to)), found.clocks
    if team is not found.team:
        clocks.stop(move.occurred_us, *(other for other in Team if other is not team))
    if found.is_taking(move):
        return
    if team is not found.team and not clocks.is_running(team):
        clocks.start(team, move.occurred_us)
    if move.rep not in (None, found.rep):
        _name(found, move, team)


def _repped(found: _Walk, move: Move) -> None:
    asked = found.team if found.pending is None else found.offering.taker(found.pending)
    if asked is not None and (found.pending is not None or move.rep != found.rep):
        _name(found, move, asked)


def _accepted(found: _Walk, move: Move) -> None:
    taker = found.pending_taker(move)
    if taker is not None and move.origin is Origin.PLAYBOOK:
        # A touch took it: where none has stopped the clock, it came before the offer.
        found.clocks.stop(move.occurred_us, taker)
    # The clock goes on for who took the offer, where nobody has touched the lead yet.
    elif taker is not None and move.rep is not None and found.clocks.is_running(taker):
        _name(found, move, taker)


def _name(found: _Walk, move: Move, team: Team) -> None:
    rep = str(move.rep)
    if team_of(found.situation.world, rep) is team and found.clocks.rep(team) != rep:
        found.clocks.name(team, move.occurred_us, rep=rep)


def _ended(found: _Walk, move: Move) -> None:
    # An offer withdrawn because the taker has the lead already leaves the taker's clock running.
    taker = found.pending_taker(move)
    is_theirs = move.kind is MoveKind.WITHDRAWN and found.team is taker
    if taker is not None and not is_theirs:
        found.clocks.stop(move.occurred_us, taker)


def _none(_: _Walk, __: Move) -> None:
    """Leave the clocks alone."""


# What a kind of move does to the clocks; the others do nothing.
_CLOCKS: Mapping[MoveKind, Callable[[_Walk, Move], None]] = FrozenMap(
    {
        MoveKind.OFFERED: _offered,
        MoveKind.OWNER: _owned,
        MoveKind.REP: _repped,
        MoveKind.ACCEPTED: _accepted,
        MoveKind.REJECTED: _ended,
        MoveKind.LAPSED: _ended,
        MoveKind.WITHDRAWN: _ended,
    }
)
