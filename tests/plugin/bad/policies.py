"""Policies that are wrong on purpose, one fault each; all else about them is right."""

import datetime as dt
import functools
import json
import random
import secrets
import socket
import sys
import time
import uuid
from pathlib import Path

import attrs

import nurturekit as nk

HERE = Path(__file__)
BOTH = frozenset({nk.Style.AUTOMATED, nk.Style.ONE_TO_ONE})
# Taken hold of before anybody could replace it.
wall_clock = functools.partial(dt.datetime.now, dt.UTC)
asked = []
first_answers = {}


def wanted(situation, team=nk.Team.MARKETING, **fields):
    """Return what a good policy wants: nothing for those who asked to be left alone."""
    is_closed = situation.is_erased or situation.is_objected
    allowed = {} if is_closed else {nk.Team.MARKETING: BOTH}
    return nk.Desired(**{"accountable": team, "allowed": allowed, "is_closed": is_closed, **fields})


def drawn_team(number):
    """Return a team by a number."""
    return nk.Team.SALES if number % 2 else nk.Team.MARKETING


class _Named:
    """What every policy here has: a name of its own, and one for documents."""

    def __init_subclass__(cls):
        cls.name = cls.plugin = cls.__name__


@attrs.frozen(kw_only=True)
class Good(_Named):
    def decide(self, situation):
        return wanted(situation)


@attrs.frozen(kw_only=True)
class TwoOwners(_Named):
    def decide(self, situation):
        return wanted(situation, team=(nk.Team.SALES, nk.Team.MARKETING))


@attrs.frozen(kw_only=True)
class NoOwner(_Named):
    def decide(self, situation):
        return wanted(situation, team=None)


@attrs.frozen(kw_only=True)
class Coroutine(_Named):
    async def decide(self, situation):
        return wanted(situation)


@attrs.frozen(kw_only=True)
class AString(_Named):
    def decide(self, situation):
        return "sales"


@attrs.frozen(kw_only=True)
class Nothing(_Named):
    def decide(self, situation):
        return None


@attrs.frozen(kw_only=True)
class UnknownDuty(_Named):
    def decide(self, situation):
        return wanted(situation, duties=("call_by_noon",))


@attrs.frozen(kw_only=True)
class RaisesOnUnknown(_Named):
    def decide(self, situation):
        is_vp = situation.attribute("title").lower().startswith("vp")
        return wanted(situation, team=nk.Team.SALES if is_vp else nk.Team.MARKETING)


@attrs.frozen(kw_only=True)
class Recurses(_Named):
    def decide(self, situation):
        return self.decide(situation) if situation.standing.snoozed else wanted(situation)


@attrs.frozen(kw_only=True)
class ExitsOnSnooze(_Named):
    def decide(self, situation):
        if situation.standing.snoozed:
            sys.exit("snoozed")
        return wanted(situation)


@attrs.frozen(kw_only=True)
class BlamesAnother(_Named):
    def decide(self, situation):
        if situation.standing.snoozed:
            raise nk.PluginError("somebody-else", lead_id="another", problem="can't")
        return wanted(situation)


@attrs.frozen(kw_only=True)
class MutatesTouches(_Named):
    def decide(self, situation):
        for touch in situation.touches:
            touch.__dict__["kind"] = "seen"
        return wanted(situation)


@attrs.frozen(kw_only=True)
class MutatesBound(_Named):
    def decide(self, situation):
        situation.bound = {**situation.bound, "team": "sales"}
        return wanted(situation)


@attrs.frozen(kw_only=True)
class MutatesStanding(_Named):
    def decide(self, situation):
        situation.standing.cited.clear()
        return wanted(situation)


@attrs.frozen(kw_only=True)
class LeavesANote(_Named):
    def decide(self, situation):
        situation.note = "seen"
        return wanted(situation)


@attrs.frozen(kw_only=True)
class ReadsTheClock(_Named):
    def decide(self, situation):
        is_recent = dt.datetime.now(dt.UTC) - situation.as_of < dt.timedelta(days=-(10**5))
        return wanted(situation, team=nk.Team.SALES if is_recent else nk.Team.MARKETING)


@attrs.frozen(kw_only=True)
class ReadsAHiddenClock(_Named):
    def decide(self, situation):
        return wanted(situation, team=drawn_team(int(wall_clock().year >= 2099)))


@attrs.frozen(kw_only=True)
class MeasuresTime(_Named):
    def decide(self, situation):
        return wanted(situation, because="late" if time.monotonic() < 0 else "in time")


@attrs.frozen(kw_only=True)
class Tosses(_Named):
    def decide(self, situation):
        if random.random() < 0:
            return wanted(situation, team=nk.Team.SALES)
        return wanted(situation)


@attrs.frozen(kw_only=True)
class DrawsSecrets(_Named):
    def decide(self, situation):
        return wanted(situation, because="x" * min(len(secrets.token_hex(2)), 4))


@attrs.frozen(kw_only=True)
class MakesUuids(_Named):
    def decide(self, situation):
        return wanted(situation, because=str(uuid.uuid4())[8])


# A function of C that a call doesn't show.
toss = functools.partial(random.getrandbits, 1)


@attrs.frozen(kw_only=True)
class DependsOnTheSeed(_Named):
    def decide(self, situation):
        return wanted(situation, team=drawn_team(toss()))


@attrs.frozen(kw_only=True)
class OpensAFile(_Named):
    def decide(self, situation):
        with HERE.open() as file:
            file.readline()
        return wanted(situation)


@attrs.frozen(kw_only=True)
class ReadsAFileOnce(_Named):
    def decide(self, situation):
        return wanted(situation, because=_territories()[0])


@functools.cache
def _territories():
    return json.loads(json.dumps(HERE.read_text("utf-8").splitlines()))


@attrs.frozen(kw_only=True)
class OpensASocket(_Named):
    def decide(self, situation):
        socket.socket().close()
        return wanted(situation)


@attrs.frozen(kw_only=True)
class LooksAhead(_Named):
    def decide(self, situation):
        raised = any(one.id == "check-raised" for one in situation.history.records)
        called = any(getattr(one, "kind", "") == "demo_requested" for one in situation.history)
        return wanted(situation, team=nk.Team.SALES if raised or called else nk.Team.MARKETING)


@attrs.frozen(kw_only=True)
class ReadsLateRecords(_Named):
    def decide(self, situation):
        late = [
            one
            for one in situation.history
            if isinstance(one, nk.Move)
            and one.occurred_at <= situation.as_of < one.recorded_at
            and one.kind == "stage"
        ]
        return wanted(situation, team=nk.Team.SALES if late else nk.Team.MARKETING)


@attrs.frozen(kw_only=True)
class IgnoresObjection(_Named):
    def decide(self, situation):
        return wanted(situation, allowed={nk.Team.MARKETING: BOTH}, is_closed=False)


@attrs.frozen(kw_only=True)
class DependsOnHashes(_Named):
    def decide(self, situation):
        duties = {"answer", "first_response", "next_attempt", "check_in"}
        return wanted(situation, duties=tuple(duties))


@attrs.frozen(kw_only=True)
class RemembersLeads(_Named):
    def decide(self, situation):
        count = first_answers.setdefault(situation.lead.id, len(situation.touches))
        return wanted(situation, because=f"{count} touches")


@attrs.frozen(kw_only=True)
class Alternates(_Named):
    def decide(self, situation):
        asked.append(situation.lead.id)
        return wanted(situation, team=drawn_team(len(asked)))


@attrs.frozen(kw_only=True)
class TiesByIdentity(_Named):
    def decide(self, situation):
        return wanted(situation, because=str(id(situation)))


@attrs.frozen(kw_only=True)
class LosesItsTable(_Named):
    """A parameter that no document can hold."""

    rule: object = str.casefold

    def decide(self, situation):
        return wanted(situation)


class NotAnAttrsClass:
    name = plugin = "NotAnAttrsClass"

    def decide(self, situation):
        return wanted(situation)
