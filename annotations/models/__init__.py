"""Tables and their constraints, one module a concept."""

from annotations.models.account_log import AccountEvent, AccountEventType
from annotations.models.accounts import NewNames, Theme, User
from annotations.models.codebooks import Codebook, FieldDefinition, FieldType, Kind, Label
from annotations.models.comments import LONGEST_COMMENT, Comment, Mention
from annotations.models.desks import Desk, Membership, Role
from annotations.models.entities import Entity
from annotations.models.events import PUBLIC_EVENTS, Event, EventType, Ledger
from annotations.models.invitations import Invitation
from annotations.models.jobs import Job
from annotations.models.keys import ApiKey, Scope
from annotations.models.presence import Presence
from annotations.models.publication import (
    IS_UNNAMED,
    SPEAKER_KEY,
    Concern,
    DeskTally,
    NewestWords,
    Publication,
    RecordTally,
    SourceTally,
    published_vector,
)
from annotations.models.releases import Release, ReleaseFile
from annotations.models.site import SetUp, SiteSettings
from annotations.models.sources import Chunk, Revision, Source
from annotations.models.states import TRANSITIONS, State
from annotations.models.suggestions import Suggestion
from annotations.models.tags import (
    DECIDED,
    RELATES,
    Annotation,
    Decision,
    Relation,
    RelationType,
    Span,
    Version,
)
from annotations.models.webhooks import DeadLetter, Webhook

__all__ = [
    "DECIDED",
    "IS_UNNAMED",
    "LONGEST_COMMENT",
    "PUBLIC_EVENTS",
    "RELATES",
    "SPEAKER_KEY",
    "TRANSITIONS",
    "AccountEvent",
    "AccountEventType",
    "Annotation",
    "ApiKey",
    "Chunk",
    "Codebook",
    "Comment",
    "Concern",
    "DeadLetter",
    "Decision",
    "Desk",
    "DeskTally",
    "Entity",
    "Event",
    "EventType",
    "FieldDefinition",
    "FieldType",
    "Invitation",
    "Job",
    "Kind",
    "Label",
    "Ledger",
    "Membership",
    "Mention",
    "NewNames",
    "NewestWords",
    "Presence",
    "Publication",
    "RecordTally",
    "Relation",
    "RelationType",
    "Release",
    "ReleaseFile",
    "Revision",
    "Role",
    "Scope",
    "SetUp",
    "SiteSettings",
    "Source",
    "SourceTally",
    "Span",
    "State",
    "Suggestion",
    "Theme",
    "User",
    "Version",
    "Webhook",
    "published_vector",
]
