"""Write docs/reference/glossary.md: every word of the vocabulary, with its definition.

The definitions are in docs/reference/glossary.toml; a word of `nurturekit.vocabulary` without one,
or one too many, is an error. With --check, write nothing and exit 1 when the page is out of date.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from nurturekit import vocabulary

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "docs/reference/glossary.toml"
PAGE = ROOT / "docs/reference/glossary.md"
HEAD = """\
# Glossary

What the words mean here. Code, documents, tables and these pages use the same ones.
"""
IDEAS = "ideas"


def classes() -> dict[str, type[StrEnum]]:
    """Return the closed sets of words, by class name."""
    found = {name: one for name, one in vars(vocabulary).items() if isinstance(one, type)}
    return {
        name: one
        for name, one in found.items()
        if issubclass(one, StrEnum) and one.__module__ == vocabulary.__name__
    }


def problems(defined: dict[str, dict[str, str]]) -> Iterator[str]:
    """Yield each word that is missing, or that the vocabulary doesn't have."""
    known = {name: {str(word) for word in one} for name, one in classes().items()}
    for name in sorted({*known, *defined} - {IDEAS}):
        words, said = known.get(name, set()), set(defined.get(name, ()))
        yield from (f"{name}.{word} has no definition" for word in sorted(words - said))
        yield from (
            f"{name}.{word} isn't a word of the vocabulary" for word in sorted(said - words)
        )


def page(defined: dict[str, dict[str, str]]) -> str:
    """Build the page: the ideas by alphabet, then each set in its own order."""
    lines = [HEAD, "## Ideas", "", *_table(defined[IDEAS], list(defined[IDEAS]))]
    for name, one in classes().items():
        doc = (one.__doc__ or "").strip().splitlines()[0]
        words = [str(word) for word in one]
        lines += ["", f"## {name}", "", doc, "", *_table(defined[name], words, code=True)]
    return "\n".join(lines) + "\n"


def _table(defined: dict[str, str], words: list[str], *, code: bool = False) -> Iterator[str]:
    yield "| word | meaning |"
    yield "|---|---|"
    for word in words:
        yield f"| {f'`{word}`' if code else word} | {defined[word]} |"


def main() -> int:
    """Write the page, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 when the page is out of date")
    check = parser.parse_args().check
    defined = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    found = list(problems(defined))
    if found:
        print("\n".join(found), file=sys.stderr)
        return 1
    text = page(defined)
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
