"""Who may do what: the only place. Deny by default."""

from __future__ import annotations

from enum import StrEnum

from django.contrib.auth.models import AnonymousUser

from annotations.errors import NotFound, Refused
from annotations.models import Annotation, ApiKey, Desk, Membership, Role, Scope, User


class Action(StrEnum):
    READ_WORK = "read the desk's work"
    IMPORT = "import sources"
    TAG = "tag passages"
    SUBMIT = "submit annotations"
    COMMENT = "comment on annotations"
    DELETE_ANY = "delete other people's annotations"
    DELETE_ANY_COMMENT = "delete other people's comments"
    DECIDE = "review annotations"
    WITHDRAW = "withdraw published annotations"
    RELEASE = "create releases"
    MAKE_KEYS = "create API keys"
    REVOKE_KEYS = "revoke API keys"
    REMOVE_MEMBERS = "manage members"
    MANAGE = "manage this desk"


LOWEST_ROLE = {
    Action.READ_WORK: Role.READER,
    Action.IMPORT: Role.EDITOR,
    Action.TAG: Role.EDITOR,
    Action.SUBMIT: Role.EDITOR,
    Action.COMMENT: Role.EDITOR,
    Action.MAKE_KEYS: Role.EDITOR,
    Action.REVOKE_KEYS: Role.EDITOR,
    Action.REMOVE_MEMBERS: Role.MANAGER,
    Action.DELETE_ANY: Role.REVIEWER,
    Action.DELETE_ANY_COMMENT: Role.REVIEWER,
    Action.DECIDE: Role.REVIEWER,
    Action.WITHDRAW: Role.REVIEWER,
    Action.RELEASE: Role.MANAGER,
    Action.MANAGE: Role.MANAGER,
}
ENDING_ACCESS = {Action.REVOKE_KEYS, Action.REMOVE_MEMBERS}
ON_A_CLOSED_DESK = {Action.READ_WORK} | ENDING_ACCESS  # they change nothing of its content
DESK_IS_CLOSED = "This desk is closed. You can read it, but nothing on it can be changed."
SECOND_FACTOR_OWED = "This site asks for a second factor. Set yours up first, on its pages."
NO_SUCH_DESK = "There is no such desk, or you are not a member of it."


def role_on(desk: Desk, user: User | AnonymousUser) -> Role | None:
    """The person's role; None for strangers and for people who are not signed in."""
    if not user.is_authenticated or not user.is_active:
        return None
    membership = Membership.objects.filter(desk=desk, user=user).first()
    return Role(membership.role) if membership else None


def allows(role: Role | None, action: Action) -> bool:
    return role is not None and role.rank >= LOWEST_ROLE[action].rank


def require(user: User | AnonymousUser, desk: Desk, action: Action) -> Role:
    """The person's role. Raises NotFound for strangers, Refused when the role is too low."""
    return admit(role_on(desk, user), action, desk)


def admit(role: Role | None, action: Action, desk: Desk | None = None) -> Role:
    """As `require`, of a role that was read together with other rows."""
    if role is None:
        raise NotFound(NO_SUCH_DESK)
    if desk is not None and desk.closed_at is not None and action not in ON_A_CLOSED_DESK:
        raise Refused(DESK_IS_CLOSED)
    if not allows(role, action):
        raise Refused(f"Only {_needed(action)} can {action}.")
    return role


def _needed(action: Action) -> str:
    """The roles that may do it, as people: “reviewers and managers”."""
    roles = [f"{role.label.lower()}s" for role in Role if allows(role, action)]
    return " and ".join([", ".join(roles[:-1]), roles[-1]]) if len(roles) > 1 else roles[0]


def require_administrator(user: User | AnonymousUser) -> User:
    """A person who runs the site. Raises Refused."""
    if isinstance(user, User) and user.is_active and user.is_administrator:
        return user
    raise Refused("Only administrators of this site may do this.")


def require_scope(key: ApiKey | None, desk: Desk, scope: Scope) -> None:
    """A key works on its own desk and for its own scopes only; no key means a signed-in session."""
    if key is None:
        return
    if key.desk_id != desk.id:
        raise NotFound(NO_SUCH_DESK)
    readable = {Scope.WORK_WRITE: {Scope.WORK_READ, Scope.WORK_WRITE}}
    granted = {s for each in key.scopes for s in readable.get(Scope(each), {Scope(each)})}
    if scope not in granted:
        raise Refused(f"This key lacks the scope {scope.value}.")


def admit_reader(desk: Desk, key: ApiKey | None, role: Role | None) -> None:
    """Published annotations are open to all on a public desk, else to members and keys."""
    if desk.is_public:
        return
    if key is not None:
        require_scope(key, desk, Scope.PUBLISHED_READ)
    admit(role, Action.READ_WORK)


def may_decide(annotation: Annotation, user: User, role: Role | None) -> bool:
    """Whether this person may approve the newest version: a reviewer, and not its author."""
    head = annotation.head
    own = head is not None and head.author_id == user.id
    return allows(role, Action.DECIDE) and (not own or annotation.desk.authors_may_approve)
