"""Write docs/reference/errors.md: every error code, which errors carry it, and what to do.

The advice is in docs/reference/errors.toml; a code that the source raises without one is an error,
and so is advice on a code that nothing raises. With --check, write nothing and exit 1 when the page
is out of date.
"""

import argparse
import ast
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from nurturekit import errors

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src/nurturekit"
ADVICE = ROOT / "docs/reference/errors.toml"
PAGE = ROOT / "docs/reference/errors.md"
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RAISED = ("RecordError", "CallError", "ModelError", "InputError", "PluginError")
# What notes a problem without raising it: a document's reader, or a file's.
NOTED = {"report": "ModelError", "problem": "ModelError", "_problem": "ModelError"}
NOTED |= {"skip": "finding", "note": "finding", "Scalar": "ModelError", "refuse": "ModelError"}
# Codes that the source chooses before it raises.
CHOSEN = {
    "duplicate-column": "InputError",
    "unnamed-column": "InputError",
    "not-toml": "ModelError",
    "duplicate-key": "ModelError",
}

WHO = {
    "RecordError": "the caller: a record or instant can't be one; `field` names it",
    "CallError": "the caller: an argument makes no sense; `argument` names it",
    "ModelError": "the author of a model, policy, sequence or document; `path` says where",
    "DocumentError": "the author of a document: all problems at once, in `problems`",
    "InputError": "whoever exported the file; `source`, `line` and `column` say where",
    "PluginError": "the plug-in's author; `plugin` and `lead_id` say which and for whom",
}
HEAD = """\
# Errors

What the library refuses is a `NurtureError` and also the builtin that one expects. Catch by class,
compare `code`: codes are stable, sentences aren't. Messages carry ids and places, never a person's
data. Python's own errors stay what they are: a `TypeError` for an argument that is missing or of a
type that makes no sense, an `OSError` from `nk.load` for a file that can't be read (in
`nurturekit.interop` that is an `InputError`).

```python
from datetime import datetime

import nurturekit as nk

try:
    nk.preset("blended").decide(nk.Lead(id="lead-1"), as_of=datetime(2026, 11, 2))
except nk.RecordError as error:
    assert (error.code, error.field) == ("naive-datetime", "as_of")
```

A lead of which facts are missing is no error: see
[unknown is not false](../explanation/unknown.md). An action that can't be done is no error either:
it is [blocked](decision.md#blocked), whole.

"""


def codes() -> dict[str, set[str]]:
    """Map each code that the source raises or notes to the classes that carry it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                carrier = _carrier(node)
                for code in _codes(node) if carrier else ():
                    found[code].add(carrier)
    for name in WHO:
        code = getattr(errors, name).code
        if code != errors.NurtureError.code:
            found[code].add(name)
    for code, carrier in CHOSEN.items():
        found[code].add(carrier)
    return dict(found)


def _carrier(call: ast.Call) -> str:
    function = call.func
    name = getattr(function, "id", getattr(function, "attr", ""))
    return name if name in RAISED else NOTED.get(name, "")


def _codes(call: ast.Call) -> Iterator[str]:
    given = [*call.args, *(word.value for word in call.keywords if word.arg == "code")]
    for argument in given:
        value = argument.value if isinstance(argument, ast.Constant) else None
        if isinstance(value, str) and CODE.fullmatch(value):
            yield value
            return


def problems(found: Mapping[str, set[str]], advice: Mapping[str, str]) -> Iterator[str]:
    """Yield codes without advice, and advice on what isn't a code."""
    # Also a code that is chosen before it is raised stands somewhere in quotes.
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    yield from (f"`{code}` has no advice" for code in sorted(found) if code not in advice)
    for code in sorted(advice):
        if f'"{code}"' not in text:
            yield f"`{code}` is raised nowhere"


def page(found: Mapping[str, set[str]], advice: Mapping[str, str]) -> str:
    """Build the page."""
    lines = ["## Classes", "", "| class | also | who acts |", "|---|---|---|"]
    for name, who in WHO.items():
        builtin = getattr(errors, name).__mro__[2].__name__
        lines.append(f"| `{name}` | `{builtin}` | {who} |")
    lines += [
        "",
        "## Codes",
        "",
        "A *finding* is counted in a file's `Report`; the other rows are read.",
    ]
    lines += ["", "| code | carried by | what to do |", "|---|---|---|"]
    for code, what in sorted(advice.items()):
        if code != errors.NurtureError.code:
            carriers = sorted(found[code])
            shown = ", ".join(one if one == "finding" else f"`{one}`" for one in carriers)
            lines.append(f"| `{code}` | {shown} | {what} |")
    return HEAD + "\n".join(lines) + "\n"


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 when the page is out of date")
    check = parser.parse_args().check
    advice = tomllib.loads(ADVICE.read_text(encoding="utf-8"))
    found = codes()
    wrong = list(problems(found, advice))
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    text = page(found, advice)
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if check:
        print(f"{PAGE.relative_to(ROOT)} is out of date: run {sys.argv[0]}", file=sys.stderr)
        return 1
    PAGE.write_text(text, encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
