"""E-mail addresses: one counts only once it is confirmed, and each account has one."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from annotations.models import AccountEvent, AccountEventType, Membership, Role, User
from annotations.services.accounts.addresses import change_address
from annotations.services.accounts.mailing import CONSOLE
from tests import factories

pytestmark = pytest.mark.django_db
NEW = "new@example.org"


@pytest.fixture
def mary(client: Client) -> User:
    user = factories.make_user("Mary", email="mary@example.org")
    client.force_login(user)
    return user


def post(client: Client, **sent: str) -> str:
    return client.post(reverse("account_email"), sent, follow=True).text


def ask(client: Client, address: str = NEW) -> str:
    """Ask for another address, with the password when it is wanted."""
    answer = client.post(reverse("account_email"), {"action_add": "", "email": address})
    if answer.status_code == 302 and "reauthenticate" in answer["Location"]:
        sent = {"password": factories.PASSWORD, "next": reverse("account_email")}
        answer = client.post(answer["Location"], sent)
    return answer.text


def code() -> str:
    found = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found is not None, mail.outbox[-1].body
    return found[0]


def test_a_code_that_was_sent_there_changes_the_address(client: Client, mary: User) -> None:
    ask(client)
    assert mail.outbox[-1].to == [NEW]

    post(client, action_confirm="", code=code())

    mary.refresh_from_db()
    assert (mary.email, mary.email_confirmed) == (NEW, True)
    row = EmailAddress.objects.get(user=mary)
    assert (row.email, row.verified, row.primary) == (NEW, True, True)


def test_the_old_address_is_told_and_the_log_has_a_line(client: Client, mary: User) -> None:
    ask(client)
    post(client, action_confirm="", code=code())

    assert mail.outbox[-1].to == ["mary@example.org"]
    assert NEW in mail.outbox[-1].body
    line = AccountEvent.objects.get(user=mary, type=AccountEventType.ADDRESS_CHANGED)
    assert line.note == f"From mary@example.org to {NEW}"
    assert line.address == "127.0.0.1"


def test_the_password_is_asked_for_again(client: Client, mary: User) -> None:
    answer = client.post(reverse("account_email"), {"action_add": "", "email": NEW})

    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not mail.outbox


@pytest.mark.parametrize("typed", ["", "ABCD-EFGH", "\x00", "x" * 400, "kode"])
def test_a_wrong_code_changes_nothing(client: Client, mary: User, typed: str) -> None:
    ask(client)

    page = post(client, action_confirm="", code=typed)

    mary.refresh_from_db()
    assert mary.email == "mary@example.org"
    assert "too old" in page


def test_a_code_is_tried_five_times_at_most(client: Client, mary: User) -> None:
    ask(client)
    right = code()
    for _ in range(5):
        post(client, action_confirm="", code="ABCD-EFGH")

    post(client, action_confirm="", code=right)

    mary.refresh_from_db()
    assert mary.email == "mary@example.org"


def test_a_code_counts_for_a_quarter_of_an_hour(
    client: Client, mary: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(client)
    sent = code()
    session = client.session
    session["pending_address"] |= {"at": session["pending_address"]["at"] - 901}
    session.save()

    post(client, action_confirm="", code=sent)

    mary.refresh_from_db()
    assert mary.email == "mary@example.org"


def test_a_code_counts_for_the_account_that_asked_and_once(client: Client, mary: User) -> None:
    ask(client)
    sent = code()
    other = factories.make_user()
    elsewhere = Client()
    elsewhere.force_login(other)

    post(elsewhere, action_confirm="", code=sent)
    post(client, action_confirm="", code=sent)
    change_address(user=mary, address="mary@example.org")
    post(client, action_confirm="", code=sent)

    mary.refresh_from_db()
    other.refresh_from_db()
    assert mary.email == "mary@example.org"
    assert other.email != NEW


def test_nobody_learns_whether_an_address_has_an_account(client: Client, mary: User) -> None:
    colleague = factories.make_user()

    free = ask(client)
    taken = ask(client, colleague.email)

    assert free.replace(NEW, "") == taken.replace(colleague.email, "")
    assert mail.outbox[-1].to == [colleague.email]
    assert "has an account already" in mail.outbox[-1].subject
    assert not re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", str(mail.outbox[-1].body))


def test_an_address_that_was_taken_meanwhile_stays_with_its_account(
    client: Client, mary: User
) -> None:
    ask(client)
    sent = code()
    other = factories.make_user(email=NEW)

    page = post(client, action_confirm="", code=sent)

    assert "Another account has this address already" in page
    mary.refresh_from_db()
    assert mary.email == "mary@example.org"
    assert User.objects.get(email=NEW) == other


def test_codes_are_sent_to_one_address_five_times_an_hour(client: Client, mary: User) -> None:
    for _ in range(7):
        ask(client)

    assert len(mail.outbox) == 5


def test_without_a_mail_server_the_page_says_who_can_change_it(
    client: Client, mary: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = CONSOLE

    page = client.get(reverse("account_email")).text
    ask(client)

    assert "has no mail server" in page
    assert "site administrator can" in page
    assert 'name="email"' not in page
    mary.refresh_from_db()
    assert mary.email == "mary@example.org"


# Attacks


def add_to_desk(address: str) -> tuple[str, set[User]]:
    """What a manager sees who adds the person of this address, and who is a member then."""
    desk = factories.make_desk()
    manager = Client()
    manager.force_login(factories.member(desk, Role.MANAGER))
    before = set(Membership.objects.filter(desk=desk).values_list("user", flat=True))
    sent = {"change": "member", "email": address, "role": Role.EDITOR}
    page = manager.post(reverse("settings", args=[desk.slug]), sent, follow=True)
    after = Membership.objects.filter(desk=desk).exclude(user__in=before).select_related("user")
    return page.text, {each.user for each in after}


ACTIONS = ["action_add", "action_primary", "action_send", "action_remove", "action_confirm",
           "action_cancel"]  # fmt: skip


@pytest.mark.parametrize("address", [NEW, "NEW@Example.ORG", " new@example.org "])
def test_nobody_gets_into_a_desk_by_an_address_that_is_not_theirs(
    client: Client, mary: User, address: str
) -> None:
    for _ in range(2):
        ask(client, address)
        for action in ACTIONS:
            client.post(reverse("account_email"), {action: "", "email": address, "code": "x"})

    page, added = add_to_desk(NEW)

    assert not added
    assert "There is no account" in page
    mary.refresh_from_db()
    assert mary.email == "mary@example.org"


def test_nobody_locks_a_colleague_out_by_their_address(client: Client, mary: User) -> None:
    colleague = factories.make_user()

    ask(client, colleague.email)
    for action in ACTIONS:
        client.post(reverse("account_email"), {action: "", "email": colleague.email})
    links = re.findall(r"https?://\S+", "".join(str(each.body) for each in mail.outbox))
    own = Client()
    for link in links:
        own.post(link)
    own.post(reverse("account_login"), {"login": colleague.email, "password": factories.PASSWORD})

    assert own.session["_auth_user_id"] == str(colleague.pk)
    _, added = add_to_desk(colleague.email)
    assert added == {colleague}


def test_an_account_that_has_not_confirmed_its_address_is_not_added_by_it(client: Client) -> None:
    User.objects.create_user(NEW, factories.PASSWORD, name="Eve", email_confirmed=False)

    page, added = add_to_desk(NEW)

    assert not added
    assert "has not confirmed it" in page


def test_no_mail_for_a_new_password_goes_to_an_address_that_is_not_confirmed(
    client: Client,
) -> None:
    User.objects.create_user(NEW, factories.PASSWORD, name="Eve", email_confirmed=False)

    client.post(reverse("account_reset_password"), {"email": NEW})

    assert not re.search(r"password/reset/key", "".join(str(each.body) for each in mail.outbox))


def test_an_address_that_is_not_confirmed_is_confirmed_by_a_code(client: Client) -> None:
    user = User.objects.create_user(NEW, factories.PASSWORD, name="Eve", email_confirmed=False)
    client.force_login(user)

    ask(client)
    post(client, action_confirm="", code=code())

    user.refresh_from_db()
    assert user.email_confirmed
    assert AccountEvent.objects.filter(type=AccountEventType.ADDRESS_CONFIRMED, user=user).exists()


@pytest.mark.parametrize("row", [
    [], [{"email": NEW, "verified": False}], [{"email": "other@example.org", "verified": False}],
    [{"email": NEW, "verified": False}, {"email": "other@example.org", "verified": False}],
])  # fmt: skip
@pytest.mark.parametrize("confirmed", [True, False])
def test_no_action_on_addresses_fails_or_changes_the_address(
    client: Client, row: list[dict[str, object]], confirmed: bool
) -> None:
    own, colleague = "own@example.org", factories.make_user(email="colleague@example.org")
    user = User.objects.create_user(own, factories.PASSWORD, name="A", email_confirmed=confirmed)
    for each in row:
        EmailAddress.objects.create(user=user, **each)
    client.force_login(user)

    for address in (own, NEW, colleague.email, "", "no address", "\x00", "x" * 999):
        for action in ACTIONS:
            answer = client.post(reverse("account_email"), {action: "", "email": address})
            assert answer.status_code < 500
            if answer.status_code == 302 and "reauthenticate" in answer["Location"]:
                again = client.post(answer["Location"], {"password": factories.PASSWORD})
                assert again.status_code < 500

    user.refresh_from_db()
    assert (user.email, user.email_confirmed) == (own, confirmed)
    kept = EmailAddress.objects.get(user=user, primary=True)
    assert (kept.email, kept.verified) == (own, confirmed)
