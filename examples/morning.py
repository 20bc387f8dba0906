"""A sales team's morning: requests given out, alerts by recipient, one rep's day, the report.

python examples/morning.py
"""

from datetime import timedelta

import attrs
from demo import AS_OF, read

import nurturekit as nk
from nurturekit.accountability import report
from nurturekit.interop import decide_each
from nurturekit.progress import pace
from nurturekit.rates import conversion_rates
from nurturekit.routing import loads
from nurturekit.work import digest, idle_list, work_queue

PLAYBOOK = nk.preset("blended")
# Example value: no evidence. What one call costs a rep.
MINUTES = {"phone": 6}


def main() -> None:
    """Print what the night gave, and what the day asks for."""
    found = {case.lead.id: case for case in read()}
    decided = list(decide_each(PLAYBOOK, found.values(), as_of=AS_OF))
    decisions = [one for _, one in decided if isinstance(one, nk.Decision)]
    world = next(iter(found.values())).world

    histories = {one.lead_id: found[one.lead_id].history.add(*one.moves) for one in decisions}
    requests = [one.request for one in decisions if one.request]
    now = AS_OF + timedelta(minutes=10)
    load = loads(histories, world.reps, pools=world.pools, kinds=PLAYBOOK.kinds, as_of=now)
    given = nk.assign(requests, world.reps, load, pools=world.pools, as_of=now)
    print(f"== {len(requests)} requests: {len(given.moves)} given")
    for move in given.moves[:5]:
        print(f"  {move.lead_id} to {move.rep} ({move.reason})")
    for move in given.moves:
        histories[move.lead_id] = histories[move.lead_id].add(move)

    print("\n== alerts")
    for one in digest(decisions)[:2]:
        print(one.text())

    cases = [attrs.evolve(found[lead_id], history=held) for lead_id, held in histories.items()]
    again = list(decide_each(PLAYBOOK, cases, as_of=now))
    rates = conversion_rates(cases, as_of=now, kinds=PLAYBOOK.kinds)
    print("\n== one rep's day, then time to spare")
    asked = {"playbook": PLAYBOOK, "as_of": now, "rep": "rep-1", "rates": rates}
    print(work_queue(again, **asked).text(first=5))
    print(idle_list(again, **asked).text(first=3))

    print("\n== three months, both ways")
    made = report(
        cases,
        start=AS_OF - timedelta(days=92),
        end=now,
        kinds=PLAYBOOK.kinds,
        decisions=[one for _, one in again if isinstance(one, nk.Decision)],
        minutes=MINUTES,
    )
    print(made)

    print("\n== how long leads stay in a stage")
    print(pace(cases, as_of=now))


if __name__ == "__main__":
    main()
