"""Names by which one part of a document cites another: kinds of touch, and sequences.

A misspelt one would make no error later: nothing would ever match it.
"""

from collections.abc import Iterable
from typing import Any

import attrs

from nurturekit.documents.places import BAD, Bad, Names, Place
from nurturekit.documents.shapes import SOURCE, TEXT
from nurturekit.signals import EVERY_KIND


def names_of(tree: dict[str, Any]) -> Names:
    """Return what a document, complete but not read yet, describes by name."""
    kinds, sequences = tree.get("kinds"), tree.get("sequences")
    return Names(
        kinds=frozenset(_keys(kinds)) if isinstance(kinds, dict) else frozenset(),
        sequences=frozenset(_named(sequences)) if isinstance(sequences, list) else frozenset(),
    )


def _keys(kinds: dict[str, Any]) -> Iterable[str]:
    return (key for key, kind in kinds.items() if key != SOURCE or not isinstance(kind, str))


def _named(tables: list[Any]) -> Iterable[str]:
    names = (table.get("name") for table in tables if isinstance(table, dict))
    return (name for name in names if isinstance(name, str))


def check_kinds(cited: Iterable[str], place: Place) -> bool:
    """Report, at a place that cites kinds of touch, each that isn't described, once."""
    known = place.names.kinds
    unknown = [kind for kind in dict.fromkeys(cited) if kind not in {*known, EVERY_KIND}]
    for kind in unknown if known else ():
        hint = place.hint(kind, sorted(known))
        place.report("unknown-kind", f"names `{kind}`, which no kind describes{hint}")
    return not (unknown and known)


@attrs.frozen
class KindName:
    """The name of a kind of touch."""

    def read(self, node: Any, place: Place) -> str | Bad:  # noqa: ANN401 - the JSON border
        """Return the name."""
        kind = TEXT.read(node, place)
        return BAD if kind is BAD or not check_kinds([kind], place) else str(kind)

    def write(self, value: str) -> str:
        """Return the name."""
        return str(value)


@attrs.frozen
class SequenceName:
    """The name of a sequence."""

    def read(self, node: Any, place: Place) -> str | Bad:  # noqa: ANN401 - the JSON border
        """Return the name."""
        name, known = TEXT.read(node, place), place.names.sequences
        if name is BAD or not known or name in known | place.names.shipped:
            return name  # type: ignore[no-any-return]
        listed, hint = ", ".join(sorted(known)), place.hint(name, sorted(known))
        return place.report(
            "unknown-sequence", f"names `{name}`, but the sequences are {listed}{hint}"
        )

    def write(self, value: str) -> str:
        """Return the name."""
        return str(value)


KIND_NAME, SEQUENCE_NAME = KindName(), SequenceName()
