"""Clocks: how long a team, or a rep of it, took to turn to a lead.

A clock runs for a team from when it was offered or given the lead, for a rep from when the rep was
named. The first touch of its own stops it. Whatever else ends it, the window's end too, only says
that it took at least so long. Another offer, or another rep, is another clock.
"""

import attrs

from nurturekit.accountability.ledger import Clock, Window
from nurturekit.calendars import BusinessHours
from nurturekit.records import Touch, World
from nurturekit.vocabulary import Team

# How a clock ends: see `Clock`.
TOUCHED, GONE, CLOSED, OPEN = "touched", "gone", "closed", "open"
# The team, and whether it is the clock of one rep.
Key = tuple[Team, bool]


def team_of(world: World, rep: str) -> Team:
    """Return a rep's team; one whom the world doesn't know is sales."""
    known = world.reps.get(rep)
    return Team.SALES if known is None else known.team


def hours_of(world: World, team: Team, rep: str | None) -> BusinessHours | None:
    """Return the hours of the rep's pool, else of the team's where it has just one pool."""
    known = world.reps.get(rep or "")
    pool = None if known is None else world.pools.get(known.pool or "")
    pools = [one for one in world.pools.values() if one.team is team]
    if pool is None and len(pools) == 1:
        pool = pools[0]
    return None if pool is None else pool.hours


@attrs.frozen
class _Running:
    """A clock that runs: since when, and the rep who is asked."""

    start_us: int
    asked: str | None


@attrs.define(kw_only=True)
class Clocks:
    """The clocks of one lead: those that run, and those that were stopped.

    Args:
        world: Reps and pools, for the hours in which clocks run.
        window: Clocks that start in it are kept.
    """

    world: World
    window: Window
    stopped: list[Clock] = attrs.field(factory=list)
    _running: dict[Key, _Running] = attrs.field(factory=dict)

    def is_running(self, team: Team) -> bool:
        """Say whether a team's clock runs."""
        return (team, False) in self._running

    def rep(self, team: Team) -> str | None:
        """Return the rep of the team whose clock runs."""
        running = self._running.get((team, True))
        return None if running is None else running.asked

    def start(self, team: Team, us: int, *, asked: str | None = None) -> None:
        """Start a team's clock, and with a rep asked that rep's; what ran stops untouched."""
        self.stop(us, team)
        self._running[team, False] = _Running(us, asked)
        if asked is not None:
            self._running[team, True] = _Running(us, asked)

    def name(self, team: Team, us: int, *, rep: str) -> None:
        """Start a rep's clock beside the team's, which goes on in the hours of the rep's pool."""
        if (team, True) in self._running:
            self._stop((team, True), us, GONE)
        self._running[team, True] = _Running(us, rep)
        if self.is_running(team):
            self._running[team, False] = _Running(self._running[team, False].start_us, rep)

    def touch(self, touch: Touch, team: Team) -> None:
        """Stop the clocks that a touch answers; another rep's touch only ends a rep's clock."""
        for key in ((team, False), (team, True)):
            running = self._running.get(key)
            if running is not None and running.start_us < touch.occurred_us:
                is_own = not key[1] or touch.rep in (None, running.asked)
                self._stop(key, touch.occurred_us, TOUCHED if is_own else GONE)

    def stop(self, us: int, *teams: Team, ending: str = GONE) -> None:
        """Stop what runs for the teams, untouched; what started just then leaves no trace."""
        for key in tuple(self._running):
            if key[0] in teams:
                self._stop(key, us, ending)

    def _stop(self, key: Key, us: int, ending: str) -> None:
        running = self._running.pop(key)
        if running.start_us < us and self.window.holds(running.start_us):
            clock = Clock(
                team=key[0],
                rep=running.asked if key[1] else None,
                start_us=running.start_us,
                stop_us=us,
                ending=ending,
                hours=hours_of(self.world, key[0], running.asked),
            )
            self.stopped.append(clock)
