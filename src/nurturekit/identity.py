"""Canonical bytes of values, and the ids made from them.

CLOSED. An id hashes what a thing is about, never when it was asked for.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import attrs

from nurturekit.instants import format_us, to_us


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - the JSON border, a case a line
    """Return a value as JSON types: mappings sorted by key, sets sorted, instants in RFC 3339.

    Attrs values become their fields without the missing ones.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return format_us(to_us(value, field="value"))
    if isinstance(value, date | time | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, AbstractSet):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return _plain_fields(value)


def _plain_fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - the JSON border
    fields = (field.name for field in attrs.fields(type(value)) if field.init)
    pairs = ((name, getattr(value, name)) for name in fields if not name.startswith("_"))
    return {name: plain(item) for name, item in pairs if item is not None}


_PARTS = json.JSONEncoder(separators=(",", ":"), default=plain)


def canonical(value: object) -> bytes:
    """Return the canonical JSON bytes of a value: sorted keys, no spaces, ASCII only."""
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii")


def stable_id(prefix: str, *parts: object) -> str:
    """Return `prefix-` and 20 hex digits of the sha256 of the parts.

    >>> stable_id("action", "lead-1", "run-1", "step-2") == stable_id(
    ...     "action", "lead-1", "run-1", "step-2")
    True
    """
    text = _PARTS.encode(parts)
    return f"{prefix}-{hashlib.sha256(text.encode('ascii')).hexdigest()[:20]}"


def fingerprint(value: object) -> str:
    """Return the sha256 of a value's canonical bytes, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()
