"""The trade's words, each with its definition, in closed sets that all the layers share.

CLOSED. To add one: a member here with its definition, then every table over its set.
"""

from enum import StrEnum


class Team(StrEnum):
    """Who can be accountable for nurturing a lead."""

    MARKETING = "marketing"
    SALES = "sales"


class Channel(StrEnum):
    """The way by which a touch reaches the other side."""

    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    CHAT = "chat"
    SOCIAL = "social"
    MEETING = "meeting"
    POST = "post"
    WEB = "web"
    EVENT = "event"
    ADS = "ads"


class Direction(StrEnum):
    """Who turned to whom: `inbound` from the lead to us, `outbound` from us to the lead."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Style(StrEnum):
    """How personal a touch is: mass communication and conversation differ (S1-13).

    `mass`: the same for everybody. `automated`: chosen for this lead, sent by a machine.
    `one_to_one`: made by a person for this lead.
    """

    MASS = "mass"
    AUTOMATED = "automated"
    ONE_TO_ONE = "one_to_one"


class Origin(StrEnum):
    """Who made a record: the lead, a person of ours, or a playbook's decision."""

    LEAD = "lead"
    PERSON = "person"
    PLAYBOOK = "playbook"


class Stage(StrEnum):
    """Where a lead stands in the lifecycle.

    Forward: inquiry, mql (qualified by marketing), sal (accepted by sales), sql (qualified by
    sales), opportunity, customer. Detours: incubating (idle, with whoever has it), recycled (handed
    back to marketing), disqualified and lost (closed).
    """

    INQUIRY = "inquiry"
    MQL = "mql"
    SAL = "sal"
    SQL = "sql"
    OPPORTUNITY = "opportunity"
    CUSTOMER = "customer"
    INCUBATING = "incubating"
    RECYCLED = "recycled"
    DISQUALIFIED = "disqualified"
    LOST = "lost"


class FunnelPosition(StrEnum):
    """How far a buyer has come, whatever our stages say (S0-4), in rising order."""

    AWARENESS = "awareness"
    CONSIDERATION = "consideration"
    DECISION = "decision"


POSITIONS: tuple[FunnelPosition, ...] = tuple(FunnelPosition)


class Outcome(StrEnum):
    """What came of a conversation or of an attempt at one (S1-12, S3-5)."""

    CONNECTED = "connected"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no_answer"
    REPLIED = "replied"
    MEETING_BOOKED = "meeting_booked"
    QUALIFIED = "qualified"
    OPPORTUNITY = "opportunity"
    WON = "won"
    NOT_NOW = "not_now"
    NO_BUDGET = "no_budget"
    NO_NEED = "no_need"
    NO_RESPONSE = "no_response"
    BAD_FIT = "bad_fit"
    BAD_DATA = "bad_data"
    DUPLICATE = "duplicate"
    COMPETITOR = "competitor"
    DO_NOT_CONTACT = "do_not_contact"
    OTHER = "other"


# S1-12: why a rep turns a lead down; the taxonomy of `rejected` moves and of backward stage moves.
REJECTION_REASONS: frozenset[str] = frozenset(
    {
        Outcome.BAD_FIT,
        Outcome.BAD_DATA,
        Outcome.NO_RESPONSE,
        Outcome.NOT_NOW,
        Outcome.NO_BUDGET,
        Outcome.NO_NEED,
        Outcome.DUPLICATE,
        Outcome.COMPETITOR,
        Outcome.OTHER,
    }
)

# S4-1, S2-6: reasons that idle a lead without ending its story.
IDLE_REASONS: frozenset[str] = frozenset({Outcome.NOT_NOW, Outcome.NO_BUDGET, Outcome.NO_NEED})

# S3-5: outcomes that bring a lead forward; each takes back an earlier word that idled it.
PROGRESS: frozenset[str] = frozenset({Outcome.QUALIFIED, Outcome.OPPORTUNITY, Outcome.WON})

# Reasons after which nobody nurtures, whoever records them.
CLOSING_REASONS: frozenset[str] = frozenset(
    {Outcome.BAD_DATA, Outcome.DO_NOT_CONTACT, Outcome.DUPLICATE}
)


class ConsentKind(StrEnum):
    """What a consent record says; all but `given` are restrictions."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"
    ERASED = "erased"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class Basis(StrEnum):
    """On what legal ground a person may be contacted (those of GDPR Art. 6(1) met in marketing)."""

    CONSENT = "consent"
    LEGITIMATE_INTEREST = "legitimate_interest"
    CONTRACT = "contract"


class Purpose(StrEnum):
    """What a contact is for; a consent without a purpose covers both."""

    MARKETING = "marketing"
    SALES = "sales"


class MoveKind(StrEnum):
    """What can be decided about a lead, by a playbook or by a person in the CRM."""

    STAGE = "stage"
    OWNER = "owner"
    REP = "rep"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    ADOPT = "adopt"
    ENROLLED = "enrolled"
    LEFT = "left"
    SKIPPED = "skipped"
    BRANCH = "branch"
    SNOOZED = "snoozed"
    ALERTED = "alerted"
