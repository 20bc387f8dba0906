"""A small playbook in which nothing is wrong, and what the lint says once something is."""

import nurturekit as nk
from nurturekit.lint import CODES, findings

KINDS = {
    "pricing_viewed": {"direction": "inbound", "channel": "web", "position": "decision"},
    "email_replied": {"direction": "inbound", "channel": "email"},
    "email_opened": {"direction": "inbound", "channel": "email", "human": False},
    "email_sent": {"direction": "outbound", "channel": "email", "style": "automated"},
}
FIT = {
    "name": "big",
    "dimension": "fit",
    "points": 40,
    "when": {"fact": "employees", "at_least": 50},
}
PRICING = {
    "name": "pricing",
    "dimension": "interest",
    "points": 20,
    "on": {"kind": "pricing_viewed"},
    "at_most": 60,
}
SCORING = {"rules": [FIT, PRICING]}
BANDS = [
    {"label": "cold", "from_points": 0, "to_points": 70},
    {"label": "hot", "from_points": 70, "to_points": 100},
]
OPEN = {"marketing": ["mass", "automated"], "sales": ["one_to_one"]}
LAST = {"number": 9, "name": "otherwise", "accountable": "marketing", "allowed": OPEN}
STEP = {
    "id": "mail",
    "channel": "email",
    "style": "automated",
    "content": {"position": "any"},
    "after_days": 2,
}
SERIES = {
    "name": "series",
    "team": "marketing",
    "entry": {"signal": "stage", "is": "inquiry"},
    "exit": {"signal": "stage", "is_not": "inquiry"},
    "steps": [STEP],
}
GUARDS = {"name": "house", "dated": "2026-11-21", "hours": {"email": "mon-fri 08:00-18:00"}}
BASE = {
    "format": 1,
    "name": "house",
    "kinds": KINDS,
    "scoring": SCORING,
    "ownership": {"name": "house", "rows": [LAST]},
    "sequences": [SERIES],
    "guards": GUARDS,
}


def house(**sections):
    """Return the small playbook with other sections."""
    return nk.load({**BASE, **sections})


def scored(*rules, **fields):
    """Return the small playbook with these rules."""
    return house(scoring={"rules": list(rules), **fields})


def owned(*conditions, **parameters):
    """Return the small playbook with a row for each condition before the last one."""
    rows = [
        {"number": number, "name": f"row {number}", "when": when, "allowed": OPEN}
        for number, when in enumerate(conditions, start=1)
    ]
    ownership = {"name": "house", "parameters": parameters, "rows": [*rows, LAST]}
    return house(ownership=ownership)


def planned(*steps, kinds=KINDS, guards=GUARDS, **fields):
    """Return the small playbook with these steps in its sequence."""
    return house(kinds=kinds, guards=guards, sequences=[SERIES | {"steps": list(steps)} | fields])


def step(name, **fields):
    """Return a step that mails something."""
    return STEP | {"id": name} | fields


def found(playbook, **options):
    """Return code and path of everything found, each at a level that its code can have."""
    everything = findings(playbook, **options)
    assert all(one.level in CODES[one.code].levels for one in everything)
    return [(one.code, one.path) for one in everything]
