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
from annotations.models.releases import Release, ReleaseFile
from annotations.models.site import SetUp, SiteSettings
from annotations.models.sources import Chunk, Revision, Source
from annotations.models.states import TRANSITIONS, State
from annotations.models.suggestions import Suggestion
from annotations.models.tags import (
    DECIDED,
    RELATES,
    SEARCHED,
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
    "LONGEST_COMMENT",
    "PUBLIC_EVENTS",
    "RELATES",
    "SEARCHED",
    "TRANSITIONS",
    "AccountEvent",
    "AccountEventType",
    "Annotation",
    "ApiKey",
    "Chunk",
    "Codebook",
    "Comment",
    "DeadLetter",
    "Decision",
    "Desk",
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
    "Presence",
    "Relation",
    "RelationType",
    "Release",
    "ReleaseFile",
    "Revision",
    "Role",
    "Scope",
    "SetUp", "SiteSettings",
    "Source",
    "Span",
    "State",
    "Suggestion",
    "Theme",
    "User",
    "Version",
    "Webhook",
]  # fmt: skip
