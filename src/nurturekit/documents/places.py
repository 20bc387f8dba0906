"""Where a problem is, and the one list that all problems of a document go to."""

from collections.abc import Iterable
from typing import Final

import attrs

from nurturekit.documents.catalog import NO_PLUGINS, Catalog
from nurturekit.errors import ModelError, RecordError, did_you_mean

MOST_HINTS = 100


class Bad:
    """What a reader gives back when it has reported a problem; there is one, `BAD`."""


BAD: Final = Bad()


@attrs.frozen
class Names:
    """What a document describes by name, for the places that cite it.

    Args:
        kinds: Its kinds of touch; where it describes none, any may be cited.
        sequences: Its sequences, likewise.
        shipped: The shipped sequences, which inherited rows cite even where they were replaced.
    """

    kinds: frozenset[str] = frozenset()
    sequences: frozenset[str] = frozenset()
    shipped: frozenset[str] = frozenset()


@attrs.frozen
class Place:
    """A path in a document, with what is the same wherever one reads.

    Args:
        path: The place: `$.scoring.rules[3]`.
        problems: Every problem found so far.
        catalog: What plug-ins supply, by name.
        names: What the document describes by name.
    """

    path: str = "$"
    problems: list[ModelError] = attrs.field(factory=list)
    catalog: Catalog = NO_PLUGINS
    names: Names = Names()

    def at(self, step: str | int) -> "Place":
        """Return the place of a key or of an index below."""
        deeper = f"{self.path}[{step}]" if isinstance(step, int) else f"{self.path}.{step}"
        return Place(deeper, self.problems, self.catalog, self.names)

    def report(self, code: str, problem: str) -> Bad:
        """Note a problem here."""
        self.problems.append(ModelError(code, path=self.path, problem=problem))
        return BAD

    def report_unknown(self, key: str, known: Iterable[str]) -> None:
        """Note a key that nothing reads, with the one that may be meant."""
        names = sorted(known)
        hint = self.hint(key, names)
        self.at(key).report("unknown-key", f"isn't one of {', '.join(names)}{hint}")

    def hint(self, word: str, known: Iterable[str]) -> str:
        """Return the one known name that may be meant, for the end of a sentence."""
        # Looking for near names is slow, so a hopeless document gets no hints.
        return did_you_mean(word, known) if len(self.problems) < MOST_HINTS else ""

    def report_error(self, error: ModelError | RecordError, known: Iterable[str]) -> Bad:
        """Note what a value said of itself, at the deepest key of this place that it names."""
        said = error.path if isinstance(error, ModelError) else error.field
        deeper = self._below(said, frozenset(known))
        self.problems.append(ModelError(error.code, path=deeper, problem=error.problem))
        return BAD

    def _below(self, said: str, known: frozenset[str]) -> str:
        # A value names its field, maybe after its own name: `Kind.direction`, `rules[3].points`.
        steps = said.removeprefix("$.").split(".")
        for index, step in enumerate(steps):
            if step.partition("[")[0] in known:
                return ".".join([self.path, *steps[index:]])
        return self.path
