"""The scoring of `benchmarks/engines.py` in general rule engines, each as its own users write it.

What is asked for is a dict: the lead's attributes, and either `faded` (what each kind of touch is
worth today, uncapped, worked out beforehand) or `touches`, which the engine counts itself.
"""

import json
from collections.abc import Callable
from typing import Any

from benchmarks.single import LIMITS, STATE_RULES, TOUCH_RULES

Asked = dict[str, Any]
Score = Callable[[Asked], int]
TOTAL = (0, 100_000)
RULES = [(name, how, wanted, points * 1000) for name, how, wanted, points in STATE_RULES]
# Kind, dimension, milli-points, and the most that it gives.
COUNTS = [
    (kind, dimension, points * 1000, at_most * 1000)
    for kind, dimension, points, _, at_most, _ in TOUCH_RULES
]


def total(sums: dict[str, int]) -> int:
    """Limit the dimensions and add them up, as plain code does it."""
    limits = {name: (low * 1000, high * 1000) for name, (low, high) in LIMITS.items()}
    limited = (max(low, min(high, sums[name])) for name, (low, high) in limits.items())
    return max(TOTAL[0], min(TOTAL[1], sum(limited)))


# ---------------------------------------------------------------------------------- zen-engine


def zen_tables(*, counts: bool) -> Score:
    """Score by a decision graph: two tables that collect the rows that hold, then expressions."""
    import zen

    decision = zen.ZenEngine().create_decision(json.dumps(_graph(counts=counts)))
    return lambda asked: decision.evaluate(asked)["result"]["total"]


def _graph(*, counts: bool) -> dict[str, Any]:
    states = [(name, _cell(how, wanted), "fit", milli) for name, how, wanted, milli in RULES]
    touched = [
        (f"faded.{kind}", "> 0", dimension, f"min([faded.{kind}, {most}])")
        for kind, dimension, _, most in COUNTS
    ]
    worth = {f"faded.{kind}": _zen_worth(kind, milli) for kind, _, milli, _ in COUNTS}
    first = "worth" if counts else "in"
    nodes = [
        {"id": "in", "type": "inputNode"},
        *([_expressions("worth", worth, passes=True)] if counts else []),
        _table("state", states),
        _table("touch", touched),
        _expressions("sums", _sums()),
        {"id": "out", "type": "outputNode"},
    ]
    edges = [
        *([("in", "worth")] if counts else []),
        (first, "state"),
        (first, "touch"),
        ("state", "sums"),
        ("touch", "sums"),
        ("sums", "out"),
    ]
    return {
        "nodes": [{"name": one["id"], "position": {"x": 0, "y": 0}, **one} for one in nodes],
        "edges": [
            {"id": f"{start}-{end}", "sourceId": start, "targetId": end, "type": "edge"}
            for start, end in edges
        ],
    }


def _zen_worth(kind: str, milli: int) -> str:
    return f"{milli} * count(touches, #.kind == '{kind}')"


def _expressions(name: str, keyed: dict[str, str], *, passes: bool = False) -> dict[str, Any]:
    made = [{"id": key, "key": key, "value": value} for key, value in keyed.items()]
    content = {"expressions": made, "passThrough": passes}
    return {"id": name, "type": "expressionNode", "content": content}


def _table(name: str, rows: list[tuple[str, str, str, object]]) -> dict[str, Any]:
    fields = list(dict.fromkeys(field for field, *_ in rows))
    rules = [
        {
            "_id": f"{name} {number}",
            **dict.fromkeys(fields, ""),
            field: cell,
            "rule": f"'{field} {number}'",
            "dimension": f"'{dimension}'",
            "milli": str(milli),
        }
        for number, (field, cell, dimension, milli) in enumerate(rows)
    ]
    outputs = ("rule", "dimension", "milli")
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": field, "name": field, "field": field} for field in fields],
        "outputs": [{"id": out, "name": out, "field": out} for out in outputs],
        "rules": rules,
        "outputPath": name,
    }
    return {"id": name, "type": "decisionTableNode", "content": content}


def _cell(how: str, wanted: object) -> str:
    if how == "words":
        return _any_word("$", wanted)
    if how == "one_of":
        return f"lower($) in {list(wanted)}"
    return f"{'>=' if how == 'at_least' else '<='} {wanted}"


def _any_word(value: str, words: object) -> str:
    padded = f"' ' + lower({value}) + ' '"
    return " or ".join(f"contains({padded}, ' {word} ')" for word in words)


def _sums() -> dict[str, str]:
    told = {"rules": "map(state, #.rule)", "touches": "map(touch, #.rule)"}
    limited = {}
    for name, (low, high) in LIMITS.items():
        rows = f"filter({'state' if name == 'fit' else 'touch'}, #.dimension == '{name}')"
        limited[name] = _clamped(f"sum(map({rows}, #.milli))", low * 1000, high * 1000)
    return {
        **told,
        **limited,
        "total": _clamped(" + ".join(f"$.{name}" for name in LIMITS), *TOTAL),
    }


def _clamped(text: str, low: int, high: int) -> str:
    return f"max([{low}, min([{high}, {text}])])"


def zen_expression(*, counts: bool) -> Score:
    """Score by one compiled expression."""
    import zen

    parts = {name: [] for name in LIMITS}
    for name, how, wanted, milli in RULES:
        parts["fit"].append(f"({_question(name, how, wanted)} ? {milli} : 0)")
    for kind, dimension, milli, most in COUNTS:
        worth = _zen_worth(kind, milli) if counts else f"faded.{kind}"
        parts[dimension].append(f"min([{worth}, {most}])")
    limited = [
        _clamped(" + ".join(parts[name]), low * 1000, high * 1000)
        for name, (low, high) in LIMITS.items()
    ]
    return zen.compile_expression(_clamped(" + ".join(limited), *TOTAL)).evaluate


def _question(name: str, how: str, wanted: object) -> str:
    # What isn't said is no number to compare: one that answers no stands in for it.
    if how == "words":
        return f"({name} != null and ({_any_word(name, wanted)}))"
    if how == "one_of":
        return f"(lower({name} ?? '') in {list(wanted)})"
    return (
        f"(({name} ?? -1) >= {wanted})" if how == "at_least" else f"(({name} ?? 1e9) <= {wanted})"
    )


# ------------------------------------------------------------------------------ business-rules


def business_rules(*, counts: bool) -> Score:
    """Score by rules over variables, whose actions add up points in plain code."""
    from business_rules import run_all
    from business_rules.actions import BaseActions

    class Sums(BaseActions):
        def __init__(self, said: object) -> None:
            self.said, self.sums = said, dict.fromkeys(LIMITS, 0)

        def add(self, milli: int) -> None:
            self.sums["fit"] += milli

        def add_touches(self, worth: str, dimension: str, most: int) -> None:
            self.sums[dimension] += min(getattr(self.said, worth)(), most)

    said_of = _variables(counts=counts)
    rules = [*_state_rules(), *_touch_rules()]

    def score(asked: Asked) -> int:
        said = said_of(asked)
        sums = Sums(said)
        run_all(rules, said, sums)
        return total(sums.sums)

    return score


def _variables(*, counts: bool) -> type:
    from business_rules import variables

    def asked_of(name: str, how: str) -> Callable[[Any], object]:
        if how in ("words", "one_of"):
            text = variables.string_rule_variable()
            return text(lambda self: f" {self.asked.get(name, '').lower()} ")
        missing = -1 if how == "at_least" else 10**9
        return variables.numeric_rule_variable()(lambda self: self.asked.get(name, missing))

    def worth_of(kind: str, milli: int) -> Callable[[Any], object]:
        number = variables.numeric_rule_variable()
        if not counts:
            return number(lambda self: self.asked["faded"][kind])
        return number(
            lambda self: milli * sum(one["kind"] == kind for one in self.asked["touches"])
        )

    def begin(self: Any, asked: Asked) -> None:  # noqa: ANN401 - the class is made below
        self.asked = asked

    named = {name: asked_of(name, how) for name, how, *_ in RULES}
    named |= {f"worth_{kind}": worth_of(kind, milli) for kind, _, milli, _ in COUNTS}
    return type("Said", (variables.BaseVariables,), {"__init__": begin, **named})


def _state_rules() -> list[dict[str, Any]]:
    operators = {"at_least": "greater_than_or_equal_to", "at_most": "less_than_or_equal_to"}
    rules = []
    for name, how, wanted, milli in RULES:
        values = [wanted] if how in operators else [f" {word} " for word in wanted]
        operator = operators.get(how, "contains")
        asked = [{"name": name, "operator": operator, "value": value} for value in values]
        actions = [{"name": "add", "params": {"milli": milli}}]
        rules.append({"conditions": {"any": asked}, "actions": actions})
    return rules


def _touch_rules() -> list[dict[str, Any]]:
    rules = []
    for kind, dimension, _, most in COUNTS:
        worth = f"worth_{kind}"
        params = {"worth": worth, "dimension": dimension, "most": most}
        condition = {"name": worth, "operator": "greater_than", "value": 0}
        actions = [{"name": "add_touches", "params": params}]
        rules.append({"conditions": condition, "actions": actions})
    return rules


# --------------------------------------------------------------------------------- rule-engine


def rule_engine(*, counts: bool) -> Score:
    """Score by a compiled rule for each question, its answers added up in plain code."""
    from rule_engine import Context, Rule

    context = Context(default_value=None)
    states = [
        (Rule(_ruled(name, how, wanted), context=context).matches, milli)
        for name, how, wanted, milli in RULES
    ]
    touched = [
        (Rule(_ruled_worth(kind, milli, counts=counts), context=context).evaluate, dimension, most)
        for kind, dimension, milli, most in COUNTS
    ]

    def score(asked: Asked) -> int:
        sums = dict.fromkeys(LIMITS, 0)
        for holds, milli in states:
            if holds(asked):
                sums["fit"] += milli
        for worth, dimension, most in touched:
            sums[dimension] += min(int(worth(asked)), most)
        return total(sums)

    return score


def _ruled_worth(kind: str, milli: int, *, counts: bool) -> str:
    if counts:
        return f"[one for one in touches if one.kind == '{kind}'].length * {milli}"
    return f"faded.{kind}"


def _ruled(name: str, how: str, wanted: object) -> str:
    if how == "words":
        padded = f"' ' + {name}.as_lower + ' '"
        asked = " or ".join(f"' {word} ' in {padded}" for word in wanted)
    elif how == "one_of":
        asked = f"{name}.as_lower in {list(wanted)}"
    else:
        asked = f"{name} {'>=' if how == 'at_least' else '<='} {wanted}"
    return f"{name} != null and ({asked})"
