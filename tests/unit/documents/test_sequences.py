"""Sequences in documents: every key comes back as it was; what can't be one says where."""

import textwrap

import pytest

from nurturekit.documents import check, dump, dumps, load, loads

BASE = 'format = 1\nextends = "blended"\nname = "house"\n'
EVERYTHING = """
[[sequences]]
name = "all"
version = 3
takes_over = [1, 2]
team = "marketing"
purpose = "sales"
priority = 4
exclusive = "drip"
entry = { signal = "stage", is = "inquiry" }
exit = { signal = "was_lost", is = true }
goals = ["reply", "meeting_booked", "unsubscribe", "bounce", "account_reply"]
reentry = "after_end"
send = ["tue-thu 09:00-11:00", "fri-sat 22:00-02:00 overnight"]

[[sequences.steps]]
id = "renew"
content = { position = "any", pain_point = "require", persona = "ignore", topics = ["a"], topic = "prefer", max_age_days = 9 }
if_no_content = "skip"
topic = "renewal"
until_fact = "contract_ends"
offset_days = -30
if_missing = "skip"

[[sequences.steps]]
id = "trial"
salt = "trial of March"
after_days = 2
arms = [{ share = 0.25, to = "quarter" }, { share = 0.75, to = "rest" }]

[[sequences.steps]]
id = "quarter"
style = "mass"
next = "end"

[[sequences.steps]]
id = "rest"
channel = "phone"
style = "one_to_one"
team = "sales"
sender = "owner"
up_to_days = 9
triggers = ["pricing_viewed"]

[[sequences.steps]]
id = "heard"
arms = [
    { outcome = ["connected", "no_budget"], to = "issue" },
    { when = { fact = "employees", at_least = 50 }, to = "end" },
]
otherwise = "monthly"
until_fact = "contract_ends"
if_missing = "wait"

[[sequences.steps]]
id = "monthly"
style = "mass"
repeat_every_days = 28

[[sequences.steps]]
id = "issue"
style = "mass"
cadence = { every = "week", interval = 2, on = ["tue", "thu"], at = "09:30", start = 2026-01-06 }
"""  # noqa: E501 - a document's line


def test_every_key_comes_back():
    """A sequence of every key, step, branch and wait is the same after a dump and a load."""
    playbook = loads(BASE + EVERYTHING)
    assert load(dump(playbook)) == playbook
    assert loads(dumps(playbook), "json") == playbook
    (made,) = playbook.planner.sequences
    assert [step.id for step in made.steps] == [
        "renew", "trial", "quarter", "rest", "heard", "monthly", "issue",
    ]  # fmt: skip
    assert made.steps[1].arms[0].share == made.steps[1].arms[1].share / 3
    assert made.steps[-1].cadence.on == ("tue", "thu")
    assert made.send.windows[1].overnight


TWICE = "[2026-12-25, 2026-12-25]"
STEP = 'id = "a"\nstyle = "mass"\n'


@pytest.mark.parametrize(
    ("steps", "code", "path"),
    [
        ([STEP + "after_days = -1"], "out-of-range", "steps[0].after_days"),
        ([STEP + "up_to_days = 3"], "bad-wait", "steps[0].triggers"),
        ([STEP + 'until_fact = "d"'], "no-rule", "steps[0].if_missing"),
        ([STEP + 'until_fact = "d"\nif_missing = "guess"'], "unknown-word", "steps[0].if_missing"),
        (['id = "a"'], "needs-content", "steps[0].content"),
        ([STEP + 'if_no_content = "guess"'], "unknown-word", "steps[0].if_no_content"),
        ([STEP + 'next = "a"'], "cyclic-branch", "steps"),
        ([STEP, 'id = "b"\narms = [{ outcome = ["won"], to = "a" }]'], "cyclic-branch", "steps"),
        (['id = "b"\narms = [{ outcome = ["won"], to = "c" }]', STEP], "unknown-step", "steps"),
        (['id = "b"\narms = []'], "no-arms", "steps[0].arms"),
        (['id = "b"\narms = [{ to = "end" }]'], "one-of", "steps[0].arms[0]"),
        (['id = "b"\narms = [{ to = "end", share = 1.5 }]'], "bad-share", "steps[0].arms[0].share"),
        (
            ['id = "b"\narms = [{ to = "end", share = 0.5 }, { to = "a", share = 0.4 }]', STEP],
            "bad-share",
            "steps[0].arms",
        ),
        (
            ['id = "b"\narms = [{ outcome = ["wonn"], to = "end" }]'],
            "unknown-word",
            "steps[0].arms[0].outcome[0]",
        ),
        (
            [STEP + 'cadence = { every = "month", at = "09:30", start = 2026-01-06 }'],
            "unknown-word",
            "steps[0].cadence.every",
        ),
        (
            [STEP + 'cadence = { every = "week", at = "24:30", start = 2026-01-06 }'],
            "bad-time",
            "steps[0].cadence.at",
        ),
        (
            [STEP + 'cadence = { every = "week", on = ["thx"], at = "09:30", start = 2026-01-06 }'],
            "bad-weekday",
            "steps[0].cadence.on",
        ),
        ([STEP + "chanel = 'email'"], "unknown-key", "steps[0].chanel"),
    ],
)
def test_what_cannot_be_one(steps, code, path):
    """Waits, branches, shares, contents and cadences that can't be are found, with their place."""
    below = "".join(f"[[sequences.steps]]\n{step}\n" for step in steps)
    text = f'{BASE}[[sequences]]\nname = "n"\nteam = "marketing"\n{below}'
    found = [(problem.code, problem.path) for problem in check(text)]
    assert found == [(code, f"$.sequences[0].{path}")] or (
        found[0][0] == code and found[0][1].startswith(f"$.sequences[0].{path}")
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('send = "mon-fri 17:00-09:00"', "bad-window"),
        ('send = "mon-fry 09:00-17:00"', "bad-weekday"),
        ('send = "mon 24:00-24:00"', "bad-window"),
        (f"send = {{ windows = ['mon 09:00-10:00'], holidays = {TWICE} }}", "duplicate-holiday"),
        ('goals = ["fame"]', "unknown-word"),
        ("takes_over = [1]", "out-of-range"),
        ('reentry = "sometimes"', "unknown-word"),
    ],
)  # fmt: skip
def test_what_a_sequence_cannot_say(line, code):
    """Send windows, goals, versions and re-entry rules that can't be are found at load."""
    text = textwrap.dedent(f"""\
        {BASE}[[sequences]]
        name = "n"
        team = "marketing"
        {line}
        [[sequences.steps]]
        id = "a"
        style = "mass"
        """).replace("        ", "")
    key = line.partition(" ")[0]
    (problem,) = check(text)
    assert problem.code == code
    assert problem.path.startswith(f"$.sequences[0].{key}")
