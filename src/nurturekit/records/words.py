"""The closed vocabularies as tables from text to member, as records and documents read them."""

from nurturekit.vocabulary import (
    Channel,
    ConsentKind,
    Direction,
    MoveKind,
    Origin,
    Outcome,
    Purpose,
    Stage,
    Style,
    Team,
)

CHANNELS = {str(word): word for word in Channel}
DIRECTIONS = {str(word): word for word in Direction}
STYLES = {str(word): word for word in Style}
ORIGINS = {str(word): word for word in Origin}
OUTCOMES = {str(word): word for word in Outcome}
STAGES = {str(word): word for word in Stage}
TEAMS = {str(word): word for word in Team}
CONSENT_KINDS = {str(word): word for word in ConsentKind}
MOVE_KINDS = {str(word): word for word in MoveKind}
PURPOSES = {str(word): word for word in Purpose}
