"""`[kinds.<name>]`: what the playbook says of a kind of touch."""

from nurturekit.documents.shapes import FLAG, TEXT, MapOf, Word
from nurturekit.documents.tables import Field, Table
from nurturekit.records import Kind
from nurturekit.vocabulary import Channel, Direction, FunnelPosition, Style

KIND = Table(
    Kind,
    (
        Field("direction", Word(Direction)),
        Field("channel", Word(Channel)),
        Field("style", Word(Style)),
        Field("position", Word(FunnelPosition)),
        Field("human", FLAG),
        Field("intent", FLAG),
        Field("engagement", FLAG),
        Field("reply", FLAG),
    ),
)
KINDS = MapOf(TEXT, KIND)
