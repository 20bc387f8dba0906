"""Records from lines of JSON."""

import json
from datetime import UTC, date, datetime

import pytest

from nurturekit.errors import InputError
from nurturekit.interop import read_records
from nurturekit.records import Consent, Fact, Move, Opening, Touch

AT = "2026-01-05T09:00:00Z"
EVERY = {"id": "r1", "lead_id": "l1", "occurred_at": AT}
GOOD = json.dumps({"record": "fact", **EVERY, "id": "f1", "name": "title", "value": "VP"})


def _read(tmp_path, *lines, **options):
    path = tmp_path / "records.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return read_records(path, **options)


def _one(tmp_path, record, **fields):
    (found,) = _read(tmp_path, {"record": record, **EVERY, **fields}).records
    return found


def test_every_kind_of_record(tmp_path):
    """Each of the five kinds is read, with instants, dates and lists as its fields want them."""
    assert type(_one(tmp_path, "touch", kind="x", next_attempt_on="2026-02-01")) is Touch
    assert type(_one(tmp_path, "fact", name="budget", value=None)) is Fact
    consent = _one(tmp_path, "consent", kind="given", basis="consent", expires_at=AT)
    assert type(consent) is Consent
    assert consent.expires_at == datetime(2026, 1, 5, 9, tzinfo=UTC)
    move = _one(tmp_path, "move", kind="offered", due=AT, until=AT, evidence=["t1"], seq=2)
    assert type(move) is Move
    assert (move.evidence, move.seq) == (("t1",), 2)
    opening = _one(
        tmp_path, "opening", since="2025-01-01", last_touch={"phone": "2025-12-01"}, enrolled=["s"]
    )
    assert type(opening) is Opening
    assert (opening.last_touch["phone"], opening.enrolled) == (date(2025, 12, 1), ("s",))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "bad-json"),
        ("[]", "bad-json"),
        ('{"record": "fact", "record": "fact"}', "bad-json"),
        ('{"record": "fact", "value": NaN}', "bad-json"),
        ("[" * 100_000, "bad-json"),
        ({"record": "facts", **EVERY, "name": "x"}, "unknown-record"),
        ({**EVERY, "name": "x"}, "unknown-record"),
        ({"record": ["fact"]}, "unknown-record"),
        ({"record": "fact", **EVERY, "nam": "x"}, "unknown-field"),
        ({"record": "fact", **EVERY}, "missing-value"),
        ({"record": "fact", **EVERY, "name": "x", "value": {"a": 1}}, "bad-value"),
        ({"record": "fact", **EVERY, "name": 5}, "bad-id"),
        ({"record": "fact", **EVERY, "name": "x", "occurred_at": 5}, "bad-instant"),
        ({"record": "touch", **EVERY, "kind": "x", "value": "5"}, "not-a-number"),
        ({"record": "touch", **EVERY, "kind": "x", "automated": 1}, "not-a-bool"),
        ({"record": "touch", **EVERY, "kind": "x", "next_attempt_on": 5}, "bad-date"),
        ({"record": "move", **EVERY, "kind": "owner", "to": "sale"}, "unknown-word"),
        ({"record": "move", **EVERY, "kind": "alerted", "evidence": "t1"}, "bad-value"),
        ({"record": "opening", **EVERY, "last_touch": []}, "bad-value"),
        ({"record": "fact", **EVERY, "lead_id": "l7", "name": "x"}, "orphan"),
    ],
)
def test_a_bad_line_is_counted(tmp_path, line, code):
    """A bad line is left out and counted with its place; the good ones stay."""
    found = _read(tmp_path, GOOD, "", line, known={"l1"})
    assert [record.id for record in found.records] == ["f1"]
    (example,) = found.report.examples[code]
    assert example.line == 3
    assert (example.column is None) == (code == "bad-json")


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\n"])
def test_no_lines_are_no_records(tmp_path, text):
    """An empty file holds no records, which is legal: the first night has none."""
    path = tmp_path / "records.jsonl"
    path.write_text(text, encoding="utf-8")
    assert read_records(path).records == ()


def test_all_bad_alike_is_a_wrong_file(tmp_path):
    """Where no line is JSON, the file isn't one of records."""
    with pytest.raises(InputError) as caught:
        _read(tmp_path, "id,lead_id", "t1,l1")
    assert (caught.value.code, caught.value.line) == ("bad-json", 1)
