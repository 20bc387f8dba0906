"""The fields of records: what each refuses, by its stable code."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

import nurturekit as nk
from nurturekit.errors import RecordError
from tests.builders import did, learned, moved

AT = datetime(2026, 1, 5, tzinfo=UTC)
NAIVE = datetime(2026, 1, 5)
BASE = {"id": "r1", "lead_id": "lead-1", "occurred_at": AT}
KINDS = [
    (nk.Touch, {"kind": "blog_viewed"}),
    (nk.Fact, {"name": "title"}),
    (nk.Consent, {"kind": "given"}),
    (nk.Move, {"kind": "adopt"}),
    (nk.Opening, {}),
]
every_record = pytest.mark.parametrize(
    ("record", "needed"), KINDS, ids=[kind.__name__ for kind, _ in KINDS]
)


def refusal(make, **fields):
    """Return the error of making a record."""
    with pytest.raises(RecordError) as caught:
        make(**fields)
    return caught.value


@every_record
@pytest.mark.parametrize("field", ["id", "lead_id"])
@pytest.mark.parametrize(
    "value",
    ["", "x" * 257, "a\nb", "a\x00", "\ud800", "a\u200bb", 7, None, nk.Stage.LOST],
    ids=["empty", "257", "newline", "nul", "surrogate", "zero width", "int", "None", "member"],
)
def test_ids_are_short_and_printable(record, needed, field, value):
    """0 or 257 characters, control characters, lone surrogates and non-texts are no id."""
    error = refusal(record, **BASE | needed | {field: value})
    assert (error.code, error.field) == ("bad-id", f"{record.__name__}.{field}")


@every_record
@pytest.mark.parametrize("value", ["x", "x" * 256, "søren 7/é"])
def test_ids_of_1_to_256_characters_are_kept(record, needed, value):
    """Every printable text of that length is an id, as it is."""
    assert record(**BASE | needed | {"id": value}).id == value


@every_record
@pytest.mark.parametrize("field", ["occurred_at", "recorded_at"])
@pytest.mark.parametrize(
    ("value", "code"),
    [
        (NAIVE, "naive-datetime"),
        ("2026-01-05", "not-a-datetime"),
        (date(2026, 1, 5), "not-a-datetime"),
        (datetime(1, 1, 1, tzinfo=UTC), "out-of-range"),
        (datetime(9999, 12, 31, tzinfo=UTC), "out-of-range"),
        (datetime(2200, 1, 1, tzinfo=UTC), "out-of-range"),
    ],
)
def test_times_are_aware_instants(record, needed, field, value, code):
    """Naive, impossible and non-datetimes name the record's field."""
    error = refusal(record, **BASE | needed | {field: value})
    assert (error.code, error.field) == (code, f"{record.__name__}.{field}")


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda at: nk.Consent(**BASE, kind="given", expires_at=at), "Consent.expires_at"),
        (lambda at: nk.Move(**BASE, kind="offered", due=at), "Move.due"),
        (lambda at: nk.Move(**BASE, kind="snoozed", until=at), "Move.until"),
        (lambda at: nk.Content(id="c", published_at=at), "Content.published_at"),
        (lambda at: nk.Content(id="c", published_at=AT, retired_at=at), "Content.retired_at"),
        (lambda at: nk.Situation(nk.Lead(id="l"), as_of=at), "as_of"),
        (lambda at: nk.Situation(nk.Lead(id="l"), as_of=AT, known_at=at), "known_at"),
        (lambda at: nk.History().visible(as_of=at), "as_of"),
        (lambda at: nk.History().visible(as_of=AT, known_at=at), "known_at"),
        (lambda at: nk.History.opening(lead_id="l", at=at), "at"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_every_other_instant_is_checked_too(make, field):
    """A naive instant is refused wherever one is given, naming its field."""
    with pytest.raises(RecordError) as caught:
        make(NAIVE)
    assert (caught.value.code, caught.value.field) == ("naive-datetime", field)


@pytest.mark.parametrize(
    ("make", "field", "meant"),
    [
        (lambda: did("x", 0, channel="phome"), "Touch.channel", "phone"),
        (lambda: did("x", 0, direction="inbund"), "Touch.direction", "inbound"),
        (lambda: did("x", 0, style="one-to-one"), "Touch.style", "one_to_one"),
        (lambda: did("x", 0, outcome="no_bugdet"), "Touch.outcome", "no_budget"),
        (lambda: did("x", 0, origin="person "), "Touch.origin", "person"),
        (lambda: learned("x", 1, origin="peron"), "Fact.origin", "person"),
        (lambda: moved("ofered", 0), "Move.kind", "offered"),
        (lambda: moved("adopt", 0, origin="playbok"), "Move.origin", "playbook"),
        (lambda: moved("adopt", 0, team="sale"), "Move.team", "sales"),
        (lambda: moved("stage", 0, to="inquirry"), "Move.to", "inquiry"),
        (lambda: moved("owner", 0, to="marketting"), "Move.to", "marketing"),
        (lambda: nk.Consent(**BASE, kind="withdrawed"), "Consent.kind", "withdrawn"),
        (lambda: nk.Consent(**BASE, kind="given", channel="emial"), "Consent.channel", "email"),
        (lambda: nk.Consent(**BASE, kind="given", origin="led"), "Consent.origin", "lead"),
        (
            lambda: nk.Consent(**BASE, kind="objected", purpose="Marketing"),
            "Consent.purpose",
            "marketing",
        ),
        (lambda: nk.Opening(**BASE, stage="recycle"), "Opening.stage", "recycled"),
        (lambda: nk.Opening(**BASE, team="Sales"), "Opening.team", "sales"),
        (lambda: nk.Opening(**BASE, origin="lad"), "Opening.origin", "lead"),
        (
            lambda: nk.Opening(**BASE, last_touch={"fone": date(2026, 1, 1)}),
            "Opening.last_touch",
            "phone",
        ),
        (lambda: nk.Rep(id="r", team="sale"), "team", "sales"),
        (lambda: nk.Pool(id="p", team="sale"), "team", "sales"),
        (
            lambda: nk.Content(id="c", published_at=AT, position="decison"),
            "Content.position",
            "decision",
        ),
        (
            lambda: nk.Content(id="c", published_at=AT, channels=["emial"]),
            "Content.channels",
            "email",
        ),
        (lambda: nk.Assume(basis={"emial": "consent"}), "Assume.basis", "email"),
        (lambda: nk.Kind.of(position="awarenes"), "Kind.position", "awareness"),
        (lambda: nk.Kind.of(direction="in_bound"), "Kind.direction", "inbound"),
        (lambda: nk.Kind.of(channel="emial"), "Kind.channel", "email"),
        (lambda: nk.Kind.of(style="masss"), "Kind.style", "mass"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_an_unknown_word_is_refused_with_the_nearest(make, field, meant):
    """A misspelled word of a closed vocabulary names its field and the word that was meant."""
    error = refusal(make)
    assert (error.code, error.field) == ("unknown-word", field)
    assert f"did you mean `{meant}`" in error.problem


@pytest.mark.parametrize("value", [7, b"email", ["email"], True])
def test_a_word_is_a_text(value):
    """What isn't text names no word, and nothing is guessed."""
    error = refusal(lambda: did("x", 0, channel=value))
    assert error.code == "unknown-word"
    assert "did you mean" not in error.problem


@pytest.mark.parametrize(
    "value", ["x" * 10_001, "a\x00b", "a\x1b[0m", "a\x7f", "a\x85", "\ud800", 7, None]
)
def test_bad_texts(value):
    """Too long, control characters of either set, lone surrogates, no text at all: refused."""
    given = {"value": value} if isinstance(value, str) else {"value": "x", "source": value or 0}
    error = refusal(lambda: nk.Fact(**BASE, name="title", **given))
    assert error.code == "bad-text"


@pytest.mark.parametrize("value", ["", "x" * 10_000, "a\tb\r\nc", "Ünïcode \u2028 and 🙂"])
def test_good_texts(value):
    """Empty, long, with line ends or any script: kept as it is."""
    assert learned("note", value).value == value


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: moved("stage", 0, to="lost", reason="a\x00"), "Move.reason"),
        (lambda: nk.Lead(id="l", language="a\x00"), "Lead.language"),
        (lambda: nk.Lead(id="l", attributes={"title": "\ud800"}), "Lead.attributes.title"),
        (lambda: learned("topics", ["fine", "a\x00"]), "Fact.value"),
    ],
)
def test_texts_are_checked_in_every_place(make, field):
    """Reasons, languages, attributes and each of several texts are checked, naming the field."""
    error = refusal(make)
    assert (error.code, error.field) == ("bad-text", field)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (True, "not-a-number"),
        ("7", "not-a-number"),
        (float("inf"), "out-of-range"),
        (float("-inf"), "out-of-range"),
        (Decimal("Infinity"), "out-of-range"),
        (1_000_000.5, "out-of-range"),
        (-1_000_001, "out-of-range"),
        (10**400, "out-of-range"),
    ],
)
def test_a_touch_measures_a_number_within_a_million(value, code):
    """Bools, texts, infinities and numbers beyond one million are refused."""
    error = refusal(lambda: did("x", 0, value=value))
    assert (error.code, error.field) == (code, "Touch.value")


@pytest.mark.parametrize("value", [0, -1_000_000, 1_000_000, 2.5, Decimal("2.5")])
def test_a_touch_keeps_its_measure(value):
    """Every number within a million of zero is kept, the bounds included."""
    assert did("x", 0, value=value).value == value


@pytest.mark.parametrize("value", [float("nan"), Decimal("NaN"), Decimal("sNaN")])
def test_nan_is_missing(value):
    """NaN is no measure of a touch and an unknown value of a fact."""
    assert did("x", 0, value=value).value is None
    assert learned("employees", value).value is None


@pytest.mark.parametrize(
    "value",
    [True, False, 0, 10**400, 2.5, Decimal("2.5"), "x", date(2026, 1, 5), ("a", "b"), (), None],
)
def test_a_fact_keeps_its_value(value):
    """A bool stays a bool, a whole number of any size itself, texts a tuple."""
    kept = learned("x", value).value
    assert kept == value
    assert type(kept) is type(value)


def test_a_facts_value_is_frozen_and_plain():
    """A list becomes a tuple, a member of a vocabulary its text."""
    assert learned("topics", ["a", "b"]).value == ("a", "b")
    assert type(learned("stage", nk.Stage.LOST).value) is str


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (float("inf"), "not-a-number"),
        (Decimal("-Infinity"), "not-a-number"),
        (datetime(2026, 1, 5, tzinfo=UTC), "bad-value"),
        ({"a": 1}, "bad-value"),
        (["a", 1], "bad-value"),
        (b"bytes", "bad-value"),
        (object(), "bad-value"),
    ],
)
def test_a_fact_refuses_what_cannot_be_compared(value, code):
    """Infinities, datetimes, mappings, mixed lists, bytes and objects are no value."""
    error = refusal(lambda: learned("x", value))
    assert (error.code, error.field) == (code, "Fact.value")


@pytest.mark.parametrize(
    ("make", "code", "field"),
    [
        (lambda: did("", 0), "bad-id", "Touch.kind"),
        (lambda: did("x", 0, automated=1), "not-a-bool", "Touch.automated"),
        (lambda: did("x", 0, automated=None), "not-a-bool", "Touch.automated"),
        (lambda: did("x", 0, revision=-1), "not-a-number", "Touch.revision"),
        (lambda: did("x", 0, revision=True), "not-a-number", "Touch.revision"),
        (lambda: did("x", 0, revision=1.0), "not-a-number", "Touch.revision"),
        (lambda: did("x", 0, next_attempt_on=AT), "not-a-date", "Touch.next_attempt_on"),
        (lambda: did("x", 0, next_attempt_on="soon"), "not-a-date", "Touch.next_attempt_on"),
        (lambda: learned("", 1), "bad-id", "Fact.name"),
        (lambda: moved("adopt", 0, seq=-1), "not-a-number", "Move.seq"),
        (lambda: moved("adopt", 0, seq=True), "not-a-number", "Move.seq"),
        (lambda: moved("stage", 0), "unknown-word", "Move.to"),
        (lambda: moved("owner", 0), "unknown-word", "Move.to"),
        (lambda: moved("rep", 0), "bad-id", "Move.rep"),
        (lambda: moved("offered", 0, evidence=["t1", ""]), "bad-id", "Move.evidence"),
        (lambda: moved("left", 0, sequence=7), "bad-id", "Move.sequence"),
        (lambda: nk.Consent(**BASE, kind="given", basis=""), "bad-id", "Consent.basis"),
        (lambda: nk.Opening(**BASE, rep=""), "bad-id", "Opening.rep"),
        (lambda: nk.Opening(**BASE, since=AT), "not-a-date", "Opening.since"),
        (lambda: nk.Opening(**BASE, next_attempt_on=AT), "not-a-date", "Opening.next_attempt_on"),
        (
            lambda: nk.Opening(**BASE, last_touch={"phone": AT}),
            "not-a-date",
            "Opening.last_touch",
        ),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_the_other_fields(make, code, field):
    """Each field that can be wrong says so under its own name."""
    error = refusal(make)
    assert (error.code, error.field) == (code, field)


@pytest.mark.parametrize(
    "field", ["person_id", "rep", "asset", "topic", "campaign", "sequence", "run", "step"]
)
def test_short_texts_of_a_touch_are_ids(field):
    """A touch's names of people, content and campaigns are printable and short."""
    error = refusal(lambda: did("x", 0, **{field: "a\nb"}))
    assert (error.code, error.field) == ("bad-id", f"Touch.{field}")
    assert getattr(did("x", 0, **{field: "a b"}), field) == "a b"
