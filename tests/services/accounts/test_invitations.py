"""Inviting people to a desk or to the site, and what an invitation is worth."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from annotations.errors import Conflict, Invalid, NotFound, Refused
from annotations.models import (
    AccountEvent,
    AccountEventType,
    Desk,
    Event,
    EventType,
    Invitation,
    Membership,
    Role,
    User,
)
from annotations.models.identity import new_id
from annotations.services.accounts.invitations import (
    MOST_OPEN,
    accept,
    accept_with_new_account,
    invite,
    revoke_invitation,
)
from annotations.services.desks import remove_member, set_member
from tests.factories import PASSWORD, add_member, make_desk, make_user, member
from tests.models.attacks import execute, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def a_link(desk: Desk, role: Role = Role.EDITOR, **wanted: object) -> tuple[Invitation, str]:
    return invite(desk=desk, by=member(desk, Role.MANAGER), role=role, **wanted)  # type: ignore[arg-type]


def make_account(token: str, email: str = "new@example.org") -> User:
    return accept_with_new_account(token=token, name="New", email=email, password=PASSWORD)[1]


def is_confirmed(user: User) -> bool:
    return EmailAddress.objects.get(user=user, email=user.email).verified


def role_of(desk: Desk, user: User) -> str:
    return Membership.objects.get(desk=desk, user=user).role


def test_the_token_is_kept_as_a_hash_only(desk: Desk) -> None:
    invitation, token = a_link(desk)

    kept = Invitation.objects.filter(pk=invitation.pk).values()[0]

    assert token not in str(kept)
    assert len(token) >= 43  # 256 bits


def test_a_new_person_makes_an_account_and_is_a_member(desk: Desk) -> None:
    _, token = a_link(desk, Role.REVIEWER)

    user = make_account(token)

    assert role_of(desk, user) == Role.REVIEWER
    assert user.check_password(PASSWORD)


def test_an_account_that_is_there_joins(desk: Desk) -> None:
    user = make_user()
    _, token = a_link(desk)

    accept(token=token, by=user)

    assert role_of(desk, user) == Role.EDITOR


@pytest.mark.parametrize(("by_mail", "confirmed"), [(True, True), (False, False)])
def test_only_a_mailed_token_confirms_the_address(
    desk: Desk, by_mail: bool, confirmed: bool
) -> None:
    _, token = a_link(desk, email="New@Example.org", by_mail=by_mail)

    user = make_account(token, email="another@example.org")

    assert user.email == "new@example.org"
    assert is_confirmed(user) is confirmed


def test_a_link_confirms_no_address_even_where_mails_are_sent(desk: Desk) -> None:
    _, token = a_link(desk, by_mail=True)

    assert not is_confirmed(make_account(token))


def test_an_invitation_for_an_address_is_for_no_other_account(desk: Desk) -> None:
    stranger = make_user()
    _, token = a_link(desk, email="new@example.org")

    with pytest.raises(Refused, match=r"for new@example\.org"):
        accept(token=token, by=stranger)

    assert not desk.memberships.filter(user=stranger).exists()


@pytest.mark.parametrize("by_mail", [True, False])
def test_an_account_with_the_address_may_use_it_and_confirms_it_if_it_came_by_mail(
    desk: Desk, by_mail: bool
) -> None:
    user = User.objects.create_user("own@example.org", "x", name="Own", email_confirmed=False)
    _, token = a_link(desk, email="own@example.org", by_mail=by_mail)

    accept(token=token, by=user)

    user.refresh_from_db()
    assert role_of(desk, user) == Role.EDITOR
    assert user.email_confirmed == by_mail


def test_nobody_gets_an_account_with_an_address_that_is_taken(desk: Desk) -> None:
    taken = make_user(email="taken@example.org")
    _, token = a_link(desk)

    with pytest.raises(Invalid) as caught:
        make_account(token, email="TAKEN@example.org")

    assert list(caught.value.errors) == ["email"]
    assert list(User.objects.filter(email__iexact=taken.email)) == [taken]
    assert Invitation.objects.get().used == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "), ("name", "x" * 121), ("email", "nobody"), ("email", "a@b@c.org"),
        ("email", f"{'x' * 250}@example.org"), ("password", "short"), ("password", "password1"),
        ("password", "new-person@example"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_changes_nothing(desk: Desk, field: str, value: str) -> None:
    _, token = a_link(desk)
    people = User.objects.count()
    wanted = {"name": "New", "email": "new-person@example.org", "password": PASSWORD, field: value}

    with pytest.raises(Invalid) as caught:
        accept_with_new_account(token=token, **wanted)

    assert list(caught.value.errors) == [field]
    assert User.objects.count() == people


def test_a_link_works_as_often_as_was_said(desk: Desk) -> None:
    _, token = a_link(desk, most=2)

    make_account(token, "one@example.org")
    accept(token=token, by=make_user())

    with pytest.raises(NotFound):
        make_account(token, "three@example.org")


def test_revoked_expired_and_unknown_ones_are_all_the_same(desk: Desk) -> None:
    revoked, revoked_token = a_link(desk)
    revoke_invitation(invitation=revoked, by=member(desk, Role.MANAGER))
    expired, expired_token = a_link(desk)
    past = timezone.now() - timedelta(days=8)
    Invitation.objects.filter(pk=expired.pk).update(
        created_at=past, expires_at=past + timedelta(days=7)
    )
    said = set()

    for token in (revoked_token, expired_token, "x" * 43):
        with pytest.raises(NotFound) as caught:
            accept(token=token, by=make_user())
        said.add(caught.value.sentence)

    assert len(said) == 1


def test_accepting_never_lowers_a_role_nor_uses_the_link_up(desk: Desk) -> None:
    _, token = a_link(desk, Role.READER)

    with pytest.raises(Conflict, match="You are reviewer of this desk already"):
        accept(token=token, by=member(desk, Role.REVIEWER))

    assert Invitation.objects.get().used == 0
    assert role_of(desk, member(desk, Role.REVIEWER)) == Role.REVIEWER


def test_accepting_raises_a_role(desk: Desk) -> None:
    reader = member(desk, Role.READER)
    _, token = a_link(desk, Role.EDITOR)

    accept(token=token, by=reader)

    assert role_of(desk, reader) == Role.EDITOR


def test_only_managers_invite_to_a_desk_and_only_administrators_to_the_site(desk: Desk) -> None:
    for role in (Role.READER, Role.EDITOR, Role.REVIEWER):
        with pytest.raises(Refused):
            invite(desk=desk, by=member(desk, role), role=Role.READER)
    with pytest.raises(NotFound):
        invite(desk=desk, by=member(make_desk(), Role.MANAGER), role=Role.READER)
    with pytest.raises(Refused):
        invite(desk=None, by=member(desk, Role.MANAGER), role=None)


def test_an_invitation_to_the_site_gives_an_account_and_no_desk() -> None:
    administrator = make_user()
    administrator.is_staff = True
    administrator.save()
    _, token = invite(desk=None, by=administrator, role=None)

    user = make_account(token)

    assert not user.memberships.exists()
    assert not user.is_administrator


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("most", {"most": 0}), ("most", {"most": 51}), ("most", {"most": -1}),
        ("lives", {"lives": timedelta(0)}), ("lives", {"lives": timedelta(days=31)}),
        ("email", {"email": "nobody"}), ("role", {"role": None}),
    ],
)  # fmt: skip
def test_wrong_invitations_are_refused_by_name(
    desk: Desk, field: str, wanted: dict[str, object]
) -> None:
    with pytest.raises(Invalid) as caught:
        a_link(desk, **wanted)  # type: ignore[arg-type]

    assert list(caught.value.errors) == [field]
    assert not Invitation.objects.exists()


def test_a_member_is_not_invited_again(desk: Desk) -> None:
    with pytest.raises(Invalid):
        a_link(desk, email=member(desk, Role.READER).email.upper())


def test_one_person_has_a_bounded_number_of_open_invitations(desk: Desk) -> None:
    for _ in range(MOST_OPEN):
        a_link(desk)

    with pytest.raises(Conflict, match="Revoke some"):
        a_link(desk)


def test_who_was_removed_does_not_come_back_by_an_old_link(desk: Desk) -> None:
    removed = add_member(desk, Role.EDITOR)
    _, link = a_link(desk, most=50)

    remove_member(desk=desk, by=member(desk, Role.MANAGER), user=removed)

    with pytest.raises(NotFound):
        accept(token=link, by=removed)


@pytest.mark.parametrize("how", ["demoted", "removed"])
def test_what_a_former_manager_gave_out_ends(desk: Desk, how: str) -> None:
    second = add_member(desk, Role.MANAGER)
    _, token = invite(desk=desk, by=second, role=Role.MANAGER, email="a-friend@example.org")
    _, other = a_link(desk, email="unconcerned@example.org")
    manager = member(desk, Role.MANAGER)

    if how == "demoted":
        set_member(desk=desk, by=manager, user=second, role=Role.EDITOR)
    else:
        remove_member(desk=desk, by=manager, user=second)

    with pytest.raises(NotFound):
        make_account(token)
    assert make_account(other).email == "unconcerned@example.org"


def test_each_step_is_an_event_that_names_no_address(desk: Desk) -> None:
    manager = member(desk, Role.MANAGER)
    revoked, _ = a_link(desk, email="a@example.org")
    revoke_invitation(invitation=revoked, by=manager)
    revoke_invitation(invitation=revoked, by=manager)
    _, token = a_link(desk, Role.READER, most=5)
    user = make_account(token)

    events = Event.objects.filter(desk=desk, type__startswith="invitation.").order_by("seq")

    assert list(events.values_list("type", "actor", "note")) == [
        (EventType.INVITATION_MADE, manager.pk, "editor by email address"),
        (EventType.INVITATION_REVOKED, manager.pk, "editor by email address"),
        (EventType.INVITATION_MADE, manager.pk, "reader by a link for up to 5 people"),
        (EventType.INVITATION_ACCEPTED, user.pk, "reader by a link for up to 5 people"),
    ]


def test_the_account_log_says_how_an_account_came_to_be(desk: Desk) -> None:
    _, token = a_link(desk)
    user = make_account(token)

    lines = AccountEvent.objects.filter(user=user).order_by("id").values_list("type", "note")

    assert list(lines) == [
        (AccountEventType.ACCOUNT_MADE, ""),
        (AccountEventType.INVITATION_ACCEPTED, f"Editor of {desk}"),
    ]


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("an_invitation_is_used_no_more_than_allowed", "used = most + 1"),
        ("an_invitation_is_used_no_more_than_allowed", "most = 51"),
        ("an_invitation_gives_a_role_on_its_desk", "role = ''"),
        ("an_invitation_gives_a_role_on_its_desk", "desk_id = NULL"),
        ("an_invitation_gives_a_role_on_its_desk", "role = 'owner'"),
        ("an_address_is_invited_once", "email = 'a@example.org', most = 2"),
        ("an_address_is_invited_once", "was_mailed = true"),
        ("an_invitation_expires", "expires_at = created_at"),
        ("an_invitation_expires", "expires_at = created_at + interval '31 days'"),
    ],
)
def test_the_database_keeps_the_bounds(desk: Desk, rule: str, change: str) -> None:
    a_link(desk)

    with refused(rule):
        execute(f"UPDATE annotations_invitation SET {change}")


def test_a_hash_stands_for_one_invitation(desk: Desk) -> None:
    first, _ = a_link(desk)
    second, _ = a_link(desk)

    with pytest.raises(Exception, match="sha256"):
        Invitation.objects.filter(pk=second.pk).update(sha256=first.sha256, id=new_id())
