"""Put what examples/golden.py prints into docs/explanation/who-should-nurture.md.

With --check, write nothing and exit 1 when the page shows something else.
"""

import argparse
import io
import re
import runpy
import sys
from contextlib import redirect_stdout
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/explanation/who-should-nurture.md"
TABLE = re.compile(r"(?<=<!-- GOLDEN-TABLE -->\n).*?(?=<!-- end -->)", re.DOTALL)


def printed() -> str:
    """Return what the example prints, as a block of text."""
    output = io.StringIO()
    with redirect_stdout(output):
        runpy.run_path(str(ROOT / "examples/golden.py"), run_name="__main__")
    return f"\n```text\n{output.getvalue().strip()}\n```\n\n"


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 when the page is out of date")
    check = parser.parse_args().check
    old = PAGE.read_text(encoding="utf-8")
    table = printed()
    new = TABLE.sub(lambda _: table, old)
    if new == old:
        return 0
    if check:
        print(f"{PAGE.relative_to(ROOT)} is out of date: run {sys.argv[0]}", file=sys.stderr)
        return 1
    PAGE.write_text(new, encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
