"""Criteria as plain data, as documents hold them: `{fact = "title", contains_any = [...]}`.

Everything that the form allows lives in the two tables `_SUBJECTS` and `_OPERATORS`: one subject,
one operator, or one of `all`, `any`, `not`. There are no expressions, templates or patterns.
A date is a TOML date, or `{date = "2026-01-05"}`, which is the form written.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, assert_never

from nurturekit.criteria import (
    AllOf,
    AnyOf,
    Compare,
    Contains,
    Criterion,
    IsKnown,
    Leaf,
    Literal,
    Not,
    OneOf,
)
from nurturekit.errors import ModelError, did_you_mean
from nurturekit.signals import DaysSince, FactSignal, Parameter, TouchCount, named
from nurturekit.typing import Signal

# How deep criteria may be nested.
MAX_DEPTH = 32

Data = dict[str, Any]
_GROUPS = ("all", "any", "not")
_COMPARISONS: Mapping[str, str] = {
    "at_least": ">=",
    "above": ">",
    "at_most": "<=",
    "below": "<",
    "is": "==",
    "is_not": "!=",
}
_KEYS_OF_OPS: Mapping[str, str] = {op: key for key, op in _COMPARISONS.items()}
_OPERATORS = (*_COMPARISONS, "one_of", "contains_any", "contains_all", "known")
# Each subject with the further keys that say more about it.
_SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "fact": (),
    "signal": (),
    "parameter": (),
    "touches": ("days", "channel"),
    "days_since": ("channel",),
}

_MAKERS: Mapping[str, Callable[..., Signal]] = {
    "fact": FactSignal,
    "parameter": Parameter,
    "touches": TouchCount,
    "days_since": DaysSince,
}
_ALL_KEYS = (*_GROUPS, *_SUBJECTS, *_OPERATORS, "days", "channel")


def to_data(criterion: Criterion) -> Data:
    """Return a criterion as plain data that `from_data` reads back.

    >>> from nurturekit.criteria import fact
    >>> to_data(fact("title").contains_any("vp") & (fact("employees") >= 50))
    {'all': [{'fact': 'title', 'contains_any': ['vp']}, {'fact': 'employees', 'at_least': 50}]}
    """
    match criterion:
        case AllOf():
            return {"all": [to_data(part) for part in criterion.criteria]}
        case AnyOf():
            return {"any": [to_data(part) for part in criterion.criteria]}
        case Not(criterion=IsKnown() as known):
            return _subject(known.signal) | {"known": False}
        case Not():
            return {"not": to_data(criterion.criterion)}
        case _:
            return _subject(criterion.signal) | _operator(criterion)


def _subject(signal: Signal) -> Data:
    match signal:
        case FactSignal():
            return {"fact": signal.fact}
        case Parameter():
            return {"parameter": signal.parameter}
        case TouchCount():
            pairs = {"touches": signal.kind, "days": signal.days, "channel": signal.channel}
        case DaysSince():
            pairs = {"days_since": signal.kind, "channel": signal.channel}
        case _:
            return {"signal": signal.name}
    return {key: _plain(value) for key, value in pairs.items() if value is not None}


def _operator(leaf: Leaf) -> Data:
    match leaf:
        case Compare():
            return {_KEYS_OF_OPS[leaf.op]: _plain(leaf.value)}
        case OneOf():
            return {"one_of": [_plain(value) for value in leaf.values]}
        case Contains():
            return {f"contains_{leaf.mode}": list(leaf.words)}
        case IsKnown():
            return {"known": True}
        case _:
            assert_never(leaf)


def _plain(value: Literal) -> object:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return str(value) if isinstance(value, str) else value


def from_data(
    data: object,
    *,
    path: str,
    problems: list[ModelError],
    signals: Mapping[str, Signal] | None = None,
) -> Criterion | None:
    """Read a criterion from plain data.

    Args:
        data: A mapping in the form above.
        path: Where it stands, for the problems: `$.scoring.rules[3].when`.
        problems: Every problem found is added here.
        signals: Signals that plug-ins supply, by name.

    Returns:
        The criterion, or None where there were problems.

    >>> problems = []
    >>> from_data({"fact": "employees", "at_lest": 50}, path="$.when", problems=problems)
    >>> print(problems[0])
    `$.when.at_lest` isn't known here, did you mean `at_least`?
    """
    found = len(problems)
    read = _Reading(problems, signals or {}).criterion(data, path, depth=1)
    return read if len(problems) == found else None


class _Reading:
    """One reading of a document's criterion: where problems go, and what signals there are."""

    def __init__(self, problems: list[ModelError], signals: Mapping[str, Signal]) -> None:
        self.problems, self.signals = problems, signals

    def refuse(self, code: str, path: str, problem: str) -> None:
        self.problems.append(ModelError(code, path=path, problem=problem))

    def criterion(self, data: object, path: str, *, depth: int) -> Criterion | None:
        if depth > MAX_DEPTH:
            self.refuse("too-deep", path, f"is nested more than {MAX_DEPTH} deep")
            return None
        if not isinstance(data, Mapping):
            self.refuse("bad-type", path, "must be a table such as { fact = ..., is = ... }")
            return None
        heads = [key for key in (*_GROUPS, *_SUBJECTS) if key in data]
        if len(heads) != 1:
            self._refuse_unknown(data, path, _ALL_KEYS)
            self.refuse("one-subject", path, f"must have one of {_named(heads)}")
            return None
        head = heads[0]
        if head in _GROUPS:
            self._refuse_unknown(data, path, (head,))
            return self._group(head, data[head], f"{path}.{head}", depth)
        self._refuse_unknown(data, path, (head, *_SUBJECTS[head], *_OPERATORS))
        operators = [key for key in _OPERATORS if key in data]
        if len(operators) != 1:
            self.refuse("one-operator", path, f"must have one of {_named(operators)}")
            return None
        signal = self._signal(head, data, path)
        return None if signal is None else self._leaf(signal, operators[0], data, path)

    def _refuse_unknown(self, data: Mapping[Any, Any], path: str, known: tuple[str, ...]) -> None:
        for key in data:
            if key not in known:
                near = did_you_mean(str(key), known)
                self.refuse("unknown-key", f"{path}.{key}", f"isn't known here{near}")

    def _group(self, key: str, data: object, path: str, depth: int) -> Criterion | None:
        if key == "not":
            part = self.criterion(data, path, depth=depth + 1)
            return None if part is None else Not(part)
        if not isinstance(data, list | tuple) or not data:
            self.refuse("bad-type", path, "must be a list with at least one criterion")
            return None
        read = [
            self.criterion(item, f"{path}[{index}]", depth=depth + 1)
            for index, item in enumerate(data)
        ]
        parts = tuple(part for part in read if part is not None)
        if len(parts) < len(read):
            return None
        return AllOf(parts) if key == "all" else AnyOf(parts)

    def _signal(self, head: str, data: Mapping[str, Any], path: str) -> Signal | None:
        name = data[head]
        if not isinstance(name, str) or not name:
            self.refuse("bad-type", f"{path}.{head}", "must be a name")
            return None
        more = {key: data[key] for key in _SUBJECTS[head] if key in data}
        try:
            if head == "signal":
                return named(name, path="signal", more=self.signals)
            return _MAKERS[head](str(name), **more)
        except ModelError as error:
            self.refuse(error.code, f"{path}.{error.path}", error.problem)
            return None

    def _leaf(
        self, signal: Signal, key: str, data: Mapping[str, Any], path: str
    ) -> Criterion | None:
        try:
            return _LEAVES[key](signal, data[key])
        except ModelError as error:
            self.refuse(error.code, f"{path}.{key}", error.problem)
            return None


def _named(given: list[str]) -> str:
    if not given:
        return "the keys that say what is asked: see the reference of criteria"
    return f"`{'`, `'.join(given)}`, not several: join criteria with `all`"


def _known(signal: Signal, value: object) -> Criterion:
    if not isinstance(value, bool):
        raise ModelError("bad-type", path="known", problem="must be true or false")
    return IsKnown(signal) if value else Not(IsKnown(signal))


def _several(value: object) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise ModelError("bad-type", path="values", problem="must be a list")
    return tuple(map(_literal, value))


def _literal(value: object) -> Any:  # noqa: ANN401 - the node checks it
    if not isinstance(value, Mapping) or set(value) != {"date"}:
        return value
    text = value["date"]
    if isinstance(text, date) and not isinstance(text, datetime):
        return text
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise ModelError(
            "bad-value", path="date", problem="must be a date such as `2026-01-05`"
        ) from error


def _comparing(op: str) -> Callable[[Signal, Any], Criterion]:
    return lambda signal, value: Compare(signal, op, _literal(value))


_LEAVES: Mapping[str, Callable[[Signal, Any], Criterion]] = {
    **{key: _comparing(op) for key, op in _COMPARISONS.items()},
    "one_of": lambda signal, value: OneOf(signal, _several(value)),
    "contains_any": lambda signal, value: Contains(signal, _several(value), "any"),
    "contains_all": lambda signal, value: Contains(signal, _several(value), "all"),
    "known": _known,
}
