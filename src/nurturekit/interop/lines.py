"""Records of every kind from a file with one JSON object a line.

Each line says what it is, `{"record": "consent", ...}`; its other keys are the record's fields.
"""

import json
from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import Any

import attrs

from nurturekit.errors import RecordError, did_you_mean
from nurturekit.interop.cells import day, field_names, instant
from nurturekit.interop.findings import Tally
from nurturekit.interop.rows import Records, Versions, is_orphan, refuse, require
from nurturekit.interop.table import open_text
from nurturekit.records import Consent, Fact, FrozenMap, Move, Opening, Record, Touch

_RECORDS: Mapping[str, type[Record]] = FrozenMap(
    {"touch": Touch, "fact": Fact, "consent": Consent, "move": Move, "opening": Opening}
)


def _days(value: object, *, field: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise RecordError("bad-value", field=field, problem="must be channels with a date each")
    return {channel: day(text, field=field) for channel, text in value.items()}


def _texts(value: object, *, field: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RecordError("bad-value", field=field, problem="must be a list of texts")
    return tuple(value)


# How JSON values become a record's; every other field takes them as they are.
_VALUES: Mapping[str, Callable[..., object]] = FrozenMap(
    {
        "occurred_at": instant,
        "recorded_at": instant,
        "expires_at": instant,
        "due": instant,
        "until": instant,
        "since": day,
        "next_attempt_on": day,
        "last_touch": _days,
        "evidence": _texts,
        "enrolled": _texts,
    }
)


def read_records(path: str | Path, *, known: Container[str] | None = None) -> Records:
    """Read touches, facts, consents, moves and openings, one JSON object a line.

    Args:
        path: The file.
        known: Ids of the leads there are; a record of another lead is counted and left out.

    Raises:
        InputError: When the file itself is wrong, or every line for the same reason.
    """
    tally = Tally(str(path))
    records: list[Record] = []
    versions = Versions(tally)
    with open_text(path) as file:
        for line, text in enumerate(file, start=1):
            if not text.strip():
                continue
            tally.rows += 1
            record = _read(text, line, tally)
            if record is not None and not is_orphan(record, known, tally, line):
                versions.see(record, line)
                records.append(record)
    return Records(records=tuple(records), report=tally.report())


def _read(text: str, line: int, tally: Tally) -> Record | None:
    try:
        return parse_record(text)
    except RecordError as error:
        if error.code == "bad-json":
            # What isn't an object has no keys to point at.
            tally.skip(error.code, line, error.problem)
        else:
            refuse(tally, line, error)
        return None


def parse_record(text: str) -> Record:
    """Return the record that one line of JSON holds.

    Raises:
        RecordError: `bad-json`, `unknown-record`, `unknown-field`, `missing-value`, or the
            record's own.

    >>> parse_record('{"record": "fact", "id": "f1", "lead_id": "l1", "name": "title", '
    ...              '"value": "VP", "occurred_at": "2026-01-05T00:00:00Z"}').value
    'VP'
    """
    fields = _parsed(text)
    kind = _RECORDS.get(str(fields.get("record")))
    if kind is None:
        hint = did_you_mean(str(fields.get("record")), _RECORDS)
        problem = f"must be one of {', '.join(_RECORDS)}{hint}"
        raise RecordError("unknown-record", field="record", problem=problem)
    del fields["record"]
    _check_fields(fields, kind)
    given = {name: value for name, value in fields.items() if value is not None}
    return kind(**{name: _value(name, value, kind) for name, value in given.items()})


def _parsed(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise RecordError(
            "bad-json", field="record", problem="isn't JSON, one object a line"
        ) from (error)
    if not isinstance(value, dict):
        raise RecordError("bad-json", field="record", problem="must be a JSON object")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError(pairs)
    return dict(pairs)


def _no_constant(name: str) -> object:
    raise ValueError(name)


def _check_fields(fields: Mapping[str, object], kind: type[Record]) -> None:
    names = field_names(kind)
    for name in fields:
        if name not in names:
            hint = did_you_mean(name, names) or f"; known are {', '.join(names)}"
            problem = f"isn't a field of a {kind.__name__.lower()}{hint}"
            raise RecordError("unknown-field", field=f"{kind.__name__}.{name}", problem=problem)
    needed = [one.name for one in attrs.fields(kind) if one.init and one.default is attrs.NOTHING]
    require(fields, needed, record=kind.__name__)


def _value(name: str, value: object, kind: type[Record]) -> Any:  # noqa: ANN401 - JSON
    reader = _VALUES.get(name)
    return value if reader is None else reader(value, field=f"{kind.__name__}.{name}")
