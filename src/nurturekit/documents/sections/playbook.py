"""The whole document: its sections, and the playbook that they make."""

from typing import Any

import attrs

from nurturekit.documents.places import Bad, Place
from nurturekit.documents.sections.guards import GUARDS
from nurturekit.documents.sections.kinds import KINDS
from nurturekit.documents.sections.ownership import OWNERSHIP
from nurturekit.documents.sections.planning import PLANNING, QUESTIONS, SEQUENCES
from nurturekit.documents.sections.plugin import OrPlugin
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
from nurturekit.typing import Planner

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
    planning: SequencePlanner | Planner = NO_PLANNING,
    sequences: tuple[Sequence, ...] = (),
    **sections: Any,  # noqa: ANN401 - each read by its own shape
) -> Playbook:
    del sections["format"]
    try:
        model = attrs.evolve(scoring, kinds=kinds)
    except ModelError as error:
        path = f"scoring.{error.path}"
        raise ModelError(error.code, path=path, problem=error.problem) from error
    planner = _with_sequences(planning, sequences)
    return Playbook(kinds=kinds, scoring=model, planner=planner, **sections)


def _with_sequences(planner: Any, sequences: tuple[Sequence, ...]) -> Any:  # noqa: ANN401 - any planner
    if _takes_sequences(planner):
        return attrs.evolve(planner, sequences=sequences)
    if sequences:
        problem = "aren't read by this planner: write `sequences = []`"
        raise ModelError("no-sequences", path="sequences", problem=problem)
    return planner


def _takes_sequences(planner: Any) -> bool:  # noqa: ANN401 - any planner
    return attrs.has(type(planner)) and "sequences" in attrs.fields_dict(type(planner))


def _sequences(playbook: Playbook) -> tuple[Sequence, ...]:
    planner: Any = playbook.planner
    return tuple(planner.sequences) if _takes_sequences(planner) else ()


def _scoring(playbook: Playbook) -> ScoringModel:
    if playbook.scoring.kinds == playbook.kinds:
        return playbook.scoring
    raise ModelError(
        "not-a-document",
        path="scoring.kinds",
        problem="must be the playbook's own `kinds`: a document says them once",
    )


POLICY = OrPlugin(own=OWNERSHIP, own_type=OwnershipPolicy, section="ownership", kind="policies")
PLANNER = OrPlugin(
    own=PLANNING,
    own_type=SequencePlanner,
    section="planning",
    kind="planners",
    elsewhere=frozenset({"sequences"}),
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
        Field("ownership", POLICY, required=True),
        Field("planning", PLANNER, lambda playbook: playbook.planner),
        Field("sequences", SEQUENCES, _sequences),
        Field("questions", QUESTIONS),
        Field("guards", GUARDS, required=True),
    ),
)
