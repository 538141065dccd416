"""API keys: shown once, kept as a hash, revoked for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from annotations.errors import Invalid, NotFound, Refused
from annotations.models import ApiKey, Event, EventType, Role, Scope
from annotations.services.keys import make_key as make_key_of
from annotations.services.keys import revoke_key, use_key
from tests.factories import add_member, make_desk, make_key, make_user, member

pytestmark = pytest.mark.django_db


def test_a_key_is_found_by_its_secret_which_is_not_kept() -> None:
    desk = make_desk()

    key, secret = make_key(desk, member(desk, Role.EDITOR), Scope.WORK_WRITE)

    assert use_key(secret) == key
    assert secret.startswith("imp_")
    assert secret not in str(ApiKey.objects.values().get())
    assert Event.objects.filter(desk=desk, type=EventType.KEY_MADE).count() == 1


@pytest.mark.parametrize("secret", ["", "imp_", "imp_wrong", "nonsense"])
def test_a_wrong_secret_finds_nothing(secret: str) -> None:
    desk = make_desk()
    make_key(desk, member(desk, Role.EDITOR))

    assert use_key(secret) is None


def test_an_expired_key_finds_nothing() -> None:
    desk = make_desk()
    soon = timezone.now() + timedelta(hours=1)
    key, secret = make_key(desk, member(desk, Role.EDITOR), expires_at=soon)
    assert use_key(secret) is not None

    ApiKey.objects.filter(id=key.id).update(expires_at=timezone.now())

    assert use_key(secret) is None


def test_a_revoked_key_finds_nothing_and_is_revoked_once() -> None:
    desk = make_desk()
    editor = member(desk, Role.EDITOR)
    key, secret = make_key(desk, editor)

    revoke_key(key=key, by=editor)
    revoke_key(key=key, by=editor)

    assert use_key(secret) is None
    assert Event.objects.filter(desk=desk, type=EventType.KEY_REVOKED).count() == 1


def test_the_key_of_a_person_who_may_not_sign_in_finds_nothing() -> None:
    desk = make_desk()
    editor = member(desk, Role.EDITOR)
    _, secret = make_key(desk, editor)

    editor.is_active = False
    editor.save()

    assert use_key(secret) is None


def test_use_is_noted_at_most_once_a_minute() -> None:
    desk = make_desk()
    key, secret = make_key(desk, member(desk, Role.EDITOR))

    use_key(secret)
    first = ApiKey.objects.get(id=key.id).last_used_at
    use_key(secret)
    second = ApiKey.objects.get(id=key.id).last_used_at
    ApiKey.objects.filter(id=key.id).update(last_used_at=timezone.now() - timedelta(minutes=2))
    use_key(secret)

    assert first == second
    assert first is not None
    third = ApiKey.objects.get(id=key.id).last_used_at
    assert third is not None
    assert third > first


def test_wrong_input_is_named_field_by_field() -> None:
    desk = make_desk()
    yesterday = timezone.now() - timedelta(days=1)

    with pytest.raises(Invalid) as caught:
        make_key_of(
            desk=desk,
            by=member(desk, Role.EDITOR),
            name=" ",
            scopes=["everything"],
            expires_at=yesterday,
        )

    assert caught.value.errors.keys() == {"name", "scopes", "expires_at"}
    assert not ApiKey.objects.exists()


def test_readers_and_strangers_make_no_keys() -> None:
    desk = make_desk()

    with pytest.raises(Refused):
        make_key(desk, member(desk, Role.READER))
    with pytest.raises(NotFound):
        make_key(desk, make_user("Stranger"))


def test_a_key_is_revoked_by_its_owner_or_a_manager() -> None:
    desk = make_desk()
    key, _ = make_key(desk, member(desk, Role.EDITOR))

    with pytest.raises(Refused):
        revoke_key(key=key, by=add_member(desk, Role.EDITOR))

    assert revoke_key(key=key, by=member(desk, Role.MANAGER)).revoked_at is not None
