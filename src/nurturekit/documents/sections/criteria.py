"""A criterion as data: `{ fact = "title", contains_any = ["vp"] }`."""

from collections.abc import Iterable
from typing import Any

from nurturekit.criteria import Criterion
from nurturekit.documents.mentions import check_kinds
from nurturekit.documents.places import BAD, Bad, Place
from nurturekit.documents.shapes import holds_bad
from nurturekit.interpreters.data import from_data, to_data
from nurturekit.interpreters.explain import signals_of
from nurturekit.signals import DaysSince, TouchCount


class CriterionShape:
    """A criterion, read and written by `interpreters.data`."""

    def read(self, node: Any, place: Place) -> Criterion | Bad:  # noqa: ANN401 - the JSON border
        """Return the criterion."""
        if holds_bad(node):
            return BAD
        read = from_data(
            node, path=place.path, problems=place.problems, signals=place.catalog.signals
        )
        return BAD if read is None or not check_kinds(_cited(read), place) else read

    def write(self, value: Criterion) -> dict[str, Any]:
        """Return the node."""
        return to_data(value)


def _cited(criterion: Criterion) -> Iterable[str]:
    # The kinds of touch that a criterion counts.
    signals = signals_of(criterion)
    return (signal.kind for signal in signals if isinstance(signal, TouchCount | DaysSince))


CRITERION = CriterionShape()
