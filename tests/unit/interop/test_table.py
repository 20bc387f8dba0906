"""Structure of a file: what stops it, with its place."""

import pytest

from nurturekit.errors import InputError
from nurturekit.interop import read_leads, read_touches
from nurturekit.interop.table import open_table

TOUCH_HEADER = "id,lead_id,kind,occurred_at\n"


def _file(tmp_path, content, name="in.csv"):
    path = tmp_path / name
    if isinstance(content, str):
        content = content.encode("utf-8")
    path.write_bytes(content)
    return path


def _error(path, read=read_leads):
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.source == str(path)
    return caught.value


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("", "empty-file", None),
        ("\ufeff", "empty-file", None),
        ("\n \n\n", "empty-file", None),
        ("id;title\nl1;VP\n", "wrong-separator", 1),
        ("id\ttitle\nl1\tVP\n", "wrong-separator", 1),
        ("title|id\nVP|l1\n", "wrong-separator", 1),
        ("title;id;name, full\nVP;l1;x\n", "wrong-separator", 1),
        ("title,name\nVP,x\n", "missing-column", 1),
        ("title;name\nVP;x\n", "missing-column", 1),
        ("id,,title\nl1,,VP\n", "unnamed-column", 1),
        ("id,title,title\nl1,VP,VP\n", "duplicate-column", 1),
        (b"id,title\nl1,VP\nl2,Caf\xe9\n", "not-utf-8", 3),
        (b"\xff\xfei\x00d\x00", "not-utf-8", 1),
        ('id,title\nl1,"VP\nl2,VP\n', "bad-csv", 2),
        ("id,title\nl1," + "x" * 200_000 + "\n", "bad-csv", 2),
    ],
)
def test_a_wrong_file_stops(tmp_path, content, code, line):
    """What is wrong with a file as a whole is an error with a code and a line."""
    error = _error(_file(tmp_path, content))
    assert (error.code, error.line) == (code, line)


def test_a_missing_file_stops(tmp_path):
    """A file that isn't there, and a folder, can't be read."""
    assert _error(tmp_path / "none.csv").code == "cannot-read"
    assert _error(tmp_path).code == "cannot-read"


@pytest.mark.parametrize(("header", "hint"), [("Id", "`Id`"), (" id", "` id`"), ("idd", "`idd`")])
def test_a_missing_column_has_a_hint(tmp_path, header, hint):
    """A column with nearly the right name is suggested."""
    error = _error(_file(tmp_path, f"{header},title\nl1,VP\n"))
    assert (error.code, error.column) == ("missing-column", "id")
    assert f"did you mean {hint}" in str(error)


def test_an_unknown_touch_column_has_a_hint(tmp_path):
    """A column of touches that nothing reads stops, with the nearest known one."""
    path = _file(
        tmp_path, "id,lead_id,kind,occurred_at,chanel\nt1,l1,x,2026-01-01T00:00:00Z,email\n"
    )
    error = _error(path, read_touches)
    assert (error.code, error.column) == ("unknown-column", "chanel")
    assert "did you mean `channel`" in str(error)


def test_an_unlike_column_lists_the_known(tmp_path):
    """A column like none lists what is known."""
    error = _error(_file(tmp_path, "id,lead_id,kind,occurred_at,zzz\n"), read_touches)
    assert "known are id, lead_id" in str(error)


def test_a_byte_order_mark_is_no_matter(tmp_path):
    """A byte-order mark is taken silently, and a column's name doesn't hold it."""
    leads = read_leads(_file(tmp_path, "\ufeffid,title\nl1,VP\n"))
    assert leads.by_id["l1"].attributes["title"] == "VP"
    assert not leads.report.counts


def test_lines_are_those_of_the_file(tmp_path):
    """Lines count from 1, through blank lines, quoted line breaks and Windows line ends."""
    path = _file(tmp_path, '\r\nid,note\r\n\r\nl1,"two\r\nlines"\r\nl2,x\r\n')
    with open_table(path, required=("id",)) as table:
        rows = list(table.rows)
    assert [row.line for row in rows] == [4, 6]
    assert rows[0].cells["note"] == "two\r\nlines"


def test_a_row_of_another_width_is_counted(tmp_path):
    """A row with too many or too few cells is left out and counted."""
    leads = read_leads(_file(tmp_path, "id,title\nl1,VP\nl2\nl3,VP,x\n"))
    assert list(leads.by_id) == ["l1"]
    assert dict(leads.report.counts) == {"wrong-width": 2}
    touches = read_touches(
        _file(tmp_path, TOUCH_HEADER + "t1,l1,x\nt2,l1,x,2026-01-01T00:00:00Z\n")
    )
    assert dict(touches.report.counts) == {"wrong-width": 1}


def test_a_header_alone_is_no_error(tmp_path):
    """A file with a header and no rows holds nothing, which is legal."""
    assert read_touches(_file(tmp_path, TOUCH_HEADER)).records == ()
