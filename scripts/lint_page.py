"""Write docs/reference/lint.md: every finding of the lint, its levels and what it means.

The table is `nurturekit.lint.CODES`. With --check, write nothing and exit 1 when the page is out of
date.
"""

import argparse
import sys
from pathlib import Path

from nurturekit.lint import CODES

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/reference/lint.md"
HEAD = """\
# Lint

`nurturekit check FILE` and `nurturekit.lint.findings(playbook)` tell what loads but can't work. A
finding has a `code`, a `path` (tables in a list go by name), a `problem`, a `remedy` and a `level`:

- **error**: something can never take effect. `check` ends with 1.
- **warning**: it takes effect, but deserves a look. `check` ends with 1 only under `--strict`.

```python
import nurturekit as nk
from nurturekit.lint import findings

gate = {"mql_at": 101}
house = nk.load({"format": 1, "extends": "blended", "name": "house", "qualification": gate})
(found,) = findings(house)
assert (found.code, found.path) == ("gate-out-of-reach", "$.qualification.mql_at")
```

What is reported is proven: no lead, history or instant makes it work (laws in `tests/laws` try to
refute it). What isn't reported may still not work. Signals are taken as independent of each other,
facts as possible in any combination, and a proof that becomes too long is given up.

- **Points** are bounded by the model's own integers: caps, decays, limits and weights. State rules
  that exclude each other are added up all the same.
- **Horizon**: `horizon_days`, 90 if not given, is how far you plan. A wait is as short as it can
  be: a trigger or a date may be there already.
- **Hours** are compared minute by minute of a local week; holidays aside.
- **Caps** count only the sequence itself, made when due. Every wait counts as long as it can be.
- **Content** counts only with a `world` that has a library: for each position, in each language of
  the library, without what a lead may have had before. Pieces count whenever they were published or
  will be retired, and for the need that they meet.
- Only the latest version of a sequence counts. `sequence-not-continued` leaves out sequences named
  as those that come with the library: a document that inherits them need not use all.
- A plug-in's policy, planner or signal isn't looked into: its signals can measure anything.

"""


def page() -> str:
    """Build the page."""
    lines = ["| code | level | what is wrong |", "|---|---|---|"]
    for name, code in CODES.items():
        lines.append(f"| `{name}` | {' or '.join(code.levels)} | {code.meaning} |")
    return HEAD + "\n".join(lines) + "\n"


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 when the page is out of date")
    check = parser.parse_args().check
    text = page()
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if check:
        print(f"{PAGE.relative_to(ROOT)} is out of date: run {sys.argv[0]}", file=sys.stderr)
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
