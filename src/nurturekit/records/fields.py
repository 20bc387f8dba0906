"""What the five kinds of record share: their ids, their two times, their derived fields."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import attrs

from nurturekit.errors import RecordError
from nurturekit.instants import to_us
from nurturekit.records.checks import MAX_ID, check_id


def is_id(value: object) -> bool:
    """Say whether a value is a text of 1 to 256 printable characters."""
    return type(value) is str and 0 < len(value) <= MAX_ID and value.isprintable()


def set_times(record: Any, name: str) -> None:  # noqa: ANN401 - any of the five
    """Check what every record has: ids, and both times, kept in UTC and as microseconds."""
    fields = record.__dict__
    record_id, lead_id = fields["id"], fields["lead_id"]
    if not (is_id(record_id) and is_id(lead_id)):
        check_id(record_id, field=f"{name}.id")
        check_id(lead_id, field=f"{name}.lead_id")
    occurred_at = fields["occurred_at"]
    fields["occurred_us"] = to_us(occurred_at, field=f"{name}.occurred_at")
    if occurred_at.tzinfo is not UTC:
        fields["occurred_at"] = occurred_at.astimezone(UTC)
    recorded_at = fields["recorded_at"]
    if recorded_at is None:
        fields["recorded_at"] = fields["occurred_at"]
        fields["recorded_us"] = fields["occurred_us"]
    else:
        fields["recorded_us"] = to_us(recorded_at, field=f"{name}.recorded_at")
        fields["recorded_at"] = recorded_at.astimezone(UTC)


def texts(value: Iterable[str]) -> tuple[str, ...]:
    """Return texts as a tuple, whatever they came in."""
    return tuple(value)


def derived() -> int:
    """Declare a field that is computed from the others."""
    return attrs.field(init=False, eq=False, repr=False)  # type: ignore[no-any-return]


def check_date(value: object, *, field: str) -> None:
    """Refuse what isn't a plain date."""
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        raise RecordError("not-a-date", field=field, problem="must be a date, without a time")
