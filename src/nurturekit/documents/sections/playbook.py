"""The whole document: its sections, and the playbook that they make."""

from typing import Any

import attrs

from nurturekit.documents.places import Bad, Place
from nurturekit.documents.sections.guards import GUARDS
from nurturekit.documents.sections.kinds import KINDS
from nurturekit.documents.sections.ownership import OWNERSHIP
from nurturekit.documents.sections.planning import PLANNING, SEQUENCES
from nurturekit.documents.sections.qualification import QUALIFICATION
from nurturekit.documents.sections.scoring import SCORING
from nurturekit.documents.shapes import TEXT, WHOLE, refuse
from nurturekit.documents.tables import Field, Table
from nurturekit.errors import ModelError
from nurturekit.ownership import OwnershipPolicy
from nurturekit.planning import Sequence, SequencePlanner
from nurturekit.playbook import Playbook
from nurturekit.records import FrozenMap
from nurturekit.scoring import ScoringModel

FORMAT = 1


class Format:
    """The version of the document's form."""

    def read(self, node: Any, place: Place) -> int | Bad:  # noqa: ANN401 - the JSON border
        """Return the version."""
        if type(node) is not int:
            return refuse(node, place, code="not-a-whole-number", must=f"{FORMAT}")
        return node if node == FORMAT else place.report("unknown-format", f"must be {FORMAT}")

    def write(self, value: int) -> int:
        """Return the node."""
        return value


NO_KINDS: Any = FrozenMap()
NO_PLANNING = SequencePlanner()


def _playbook(
    *,
    scoring: ScoringModel,
    kinds: Any = NO_KINDS,  # noqa: ANN401 - read as a mapping of kinds
    planning: SequencePlanner = NO_PLANNING,
    sequences: tuple[Sequence, ...] = (),
    **sections: Any,  # noqa: ANN401 - each read by its own shape
) -> Playbook:
    del sections["format"]
    try:
        model = attrs.evolve(scoring, kinds=kinds)
    except ModelError as error:
        path = f"scoring.{error.path}"
        raise ModelError(error.code, path=path, problem=error.problem) from error
    planner = attrs.evolve(planning, sequences=sequences)
    return Playbook(kinds=kinds, scoring=model, planner=planner, **sections)


def _planner(playbook: Playbook) -> SequencePlanner:
    if isinstance(playbook.planner, SequencePlanner):
        return playbook.planner
    raise _no_document("planning", playbook.planner)


def _policy(playbook: Playbook) -> OwnershipPolicy:
    if isinstance(playbook.ownership, OwnershipPolicy):
        return playbook.ownership
    raise _no_document("ownership", playbook.ownership)


def _scoring(playbook: Playbook) -> ScoringModel:
    if playbook.scoring.kinds == playbook.kinds:
        return playbook.scoring
    raise ModelError(
        "not-a-document",
        path="scoring.kinds",
        problem="must be the playbook's own `kinds`: a document says them once",
    )


def _no_document(path: str, part: object) -> ModelError:
    return ModelError(
        "not-a-document",
        path=path,
        problem=f"is a {type(part).__name__}: only the library's own parts have a document",
    )


PLAYBOOK = Table(
    _playbook,
    (
        Field("format", Format(), lambda _: FORMAT, required=True),
        Field("name", TEXT, required=True),
        Field("version", WHOLE),
        Field("kinds", KINDS),
        Field("scoring", SCORING, _scoring, required=True),
        Field("qualification", QUALIFICATION),
        Field("ownership", OWNERSHIP, _policy, required=True),
        Field("planning", PLANNING, _planner),
        Field("sequences", SEQUENCES, lambda playbook: _planner(playbook).sequences),
        Field("guards", GUARDS, required=True),
    ),
)
