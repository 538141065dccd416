"""Sessions and the log of one's own account."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from functools import partial

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from annotations.models import AccountEvent, AccountEventType, Role, User
from annotations.services.accounts.addresses import password_link
from annotations.services.accounts.administration import close_desk, set_administrator
from annotations.services.accounts.closing import close_account, reopen_account
from annotations.services.desks import remove_member, set_member
from annotations.services.keys import revoke_all_keys, use_key
from annotations.web.accounts.adapter import AccountAdapter
from annotations.web.confirming import SIGN_IN_AGAIN
from tests import factories
from tests.services.tagging.test_at_once import at_once

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0"
PAGES = ["account_email", "account_sessions", "account_log", "account_change_password"]


def sign_in(user: User, *, password: str = factories.PASSWORD, device: str = FIREFOX) -> Client:
    client = Client(headers={"User-Agent": device})
    client.post(reverse("account_login"), {"login": user.email, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("account_log")).status_code == 200


def kinds(user: User) -> list[str]:
    return list(
        AccountEvent.objects.filter(user=user).order_by("id").values_list("type", flat=True)
    )


def test_signing_in_and_out_and_failing_is_written_down_with_address_and_device() -> None:
    user = factories.make_user()

    sign_in(user, password="wrong")
    client = sign_in(user)
    client.post(reverse("account_logout"))

    assert kinds(user) == ["session.refused", "session.started", "session.ended"]
    lines = AccountEvent.objects.filter(user=user)
    assert {(line.address, line.device) for line in lines} == {("127.0.0.1", FIREFOX)}


def test_an_address_without_account_is_not_kept() -> None:
    Client().post(reverse("account_login"), {"login": "my-password@x.org", "password": "wrong"})

    line = AccountEvent.objects.get(type=AccountEventType.SIGN_IN_FAILED)
    assert (line.user, line.note) == (None, "")


def test_passwords_changed_and_reset_are_written_down() -> None:
    user = factories.make_user()
    client = sign_in(user)
    new = "granite and 7 wools"

    client.post(
        reverse("account_change_password"),
        {"oldpassword": factories.PASSWORD, "password1": new, "password2": new},
    )
    client.post(reverse("account_reset_password"), {"email": user.email})

    assert kinds(user)[1:] == ["password.changed", "password.reset_sent"]


def test_a_wrong_password_while_signed_in_is_another_line() -> None:
    user = factories.make_user()
    client = sign_in(user)

    client.post(reverse("account_reauthenticate"), {"password": "wrong"})

    assert kinds(user) == ["session.started", "reauthentication.failed"]


def test_the_log_shows_ones_own_lines_only() -> None:
    desk = factories.make_desk()
    editor, reviewer = (
        factories.add_member(desk, Role.EDITOR),
        factories.member(desk, Role.REVIEWER),
    )
    factories.make_key(desk, reviewer, name="Secret plan")

    page = sign_in(editor).get(reverse("account_log")).text

    assert f"Editor of {desk}" in page
    assert "by Manager" in page
    assert "Firefox on Linux" in page
    assert "Secret plan" not in page


def test_the_log_is_read_by_pages(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    user = factories.make_user()
    client = sign_in(user)
    for number in range(120):
        AccountEvent.objects.create(
            type=AccountEventType.KEY_MADE,
            user=user,
            note=f"key {number}",
            at=timezone.now() + timedelta(seconds=number),
        )

    with django_assert_max_num_queries(6):
        first = client.get(reverse("account_log")).text
    older = re.search(r"\?before=\d+", first)
    assert older is not None
    second = client.get(reverse("account_log") + older[0]).text

    assert "key 119" in first
    assert "key 69<" not in first
    assert "key 69<" in second
    for odd in ("x", "-1", "9" * 30, "\u0663", ""):
        assert client.get(reverse("account_log"), {"before": odd}).status_code == 200


def test_sessions_are_listed_with_their_devices() -> None:
    user = factories.make_user()
    client = sign_in(user)
    sign_in(user, device="curl/8.5")
    sign_in(factories.make_user(), device="Other person")

    page = client.get(reverse("account_sessions")).text

    assert page.count("Firefox on Linux") >= 1
    assert "curl/8.5" in page
    assert "Other person" not in page
    assert page.count("This device") == 1


def number_of(page: str, device: str) -> str:
    found = re.search(rf"<strong>{device}.*?name=\"end\" value=\"(\d+)\"", page, re.DOTALL)
    assert found is not None
    return found[1]


def test_one_session_is_ended() -> None:
    user = factories.make_user()
    client, lost, third = sign_in(user), sign_in(user, device="Lost"), sign_in(user, device="Third")
    page = client.get(reverse("account_sessions")).text

    client.post(reverse("account_sessions"), {"end": number_of(page, "Lost")})

    assert (is_in(client), is_in(lost), is_in(third)) == (True, False, True)
    assert AccountEvent.objects.filter(user=user, note="127.0.0.1, Lost").exists()


def test_all_other_sessions_are_ended() -> None:
    user = factories.make_user()
    client, *others = (sign_in(user) for _ in range(4))

    client.post(reverse("account_sessions"), {"end": "others"})

    assert is_in(client)
    assert not any(is_in(other) for other in others)


def test_the_present_session_is_ended_too() -> None:
    user = factories.make_user()
    client = sign_in(user, device="Mine")
    page = client.get(reverse("account_sessions")).text

    answer = client.post(reverse("account_sessions"), {"end": number_of(page, "Mine")})

    assert answer["Location"] == reverse("account_login")
    assert not is_in(client)


@pytest.mark.parametrize("which", ["", "x", "-1", "0", "9" * 30, "\x00"])
def test_nobody_ends_the_session_of_another_person(which: str) -> None:
    mine, other = sign_in(factories.make_user()), sign_in(factories.make_user(), device="Other")
    theirs = number_of(other.get(reverse("account_sessions")).text, "Other")

    assert mine.post(reverse("account_sessions"), {"end": theirs}).status_code == 404
    assert mine.post(reverse("account_sessions"), {"end": which}).status_code == 404
    assert is_in(other)


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_ones_account_are_for_people_who_are_signed_in(client: Client, name: str) -> None:
    answer = client.get(reverse(name))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_its_own_account(name: str, role: Role) -> None:
    client = Client()
    client.force_login(factories.member(factories.make_desk(), role))

    answer = client.get(reverse(name))

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize("way", ["change", "reset"])
def test_keys_end_with_a_new_password_if_their_owner_says_so(way: str, said: bool) -> None:
    desks = [factories.make_desk(), factories.make_desk()]
    user = factories.member(desks[0], Role.EDITOR)
    set_member(
        desk=desks[1], by=factories.member(desks[1], Role.MANAGER), user=user, role=Role.EDITOR
    )
    secrets = [factories.make_key(desk, user)[1] for desk in desks]
    new = "granite and 7 wools"
    sent = {"password1": new, "password2": new} | ({"end_keys": "on"} if said else {})
    client = sign_in(user)

    if way == "change":
        page = client.get(reverse("account_change_password"))
        client.post(reverse("account_change_password"), sent | {"oldpassword": factories.PASSWORD})
    else:
        client.post(reverse("account_reset_password"), {"email": user.email})
        link = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
        assert link is not None
        page = client.get(link[1], follow=True)
        client.post(page.request["PATH_INFO"], sent)

    user.refresh_from_db()
    assert user.check_password(new)
    assert "Also revoke all my API keys" in page.text
    assert [use_key(secret) is None for secret in secrets] == [said, said]


@pytest.mark.parametrize("way", ["mailed", "made by an administrator"])
@pytest.mark.parametrize("is_open_page", [True, False])
@pytest.mark.parametrize("is_reopened", [True, False])
def test_a_link_from_before_the_closing_sets_no_password(
    way: str, is_open_page: bool, is_reopened: bool
) -> None:
    user = factories.make_user()
    administrator = set_administrator(user=factories.make_user(), by=None, wanted=True)
    client = Client()
    if way == "mailed":
        client.post(reverse("account_reset_password"), {"email": user.email})
        found = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
        assert found is not None
        link = found[1]
    else:
        link = password_link(user=user, by=administrator)
    page = client.get(link, follow=True) if is_open_page else None
    close_account(user=user, by=administrator)
    if is_reopened:
        reopen_account(user=user, by=administrator)

    opened = client.get(link, follow=True)
    assert "This link no longer works" in opened.text
    new = "granite and 7 wools"
    for path in {opened.request["PATH_INFO"], page.request["PATH_INFO"] if page else link}:
        client.post(path, {"password1": new, "password2": new})

    user.refresh_from_db()
    assert user.check_password(factories.PASSWORD)
    assert user.is_active == is_reopened
    if is_reopened:
        assert is_in(sign_in(user))
        user.refresh_from_db()
        client.get(password_link(user=user), follow=True)  # a new one works
        path = reverse(
            "account_reset_password_from_key", args=[user_pk_to_url_str(user), "set-password"]
        )
        client.post(path, {"password1": new, "password2": new})
        user.refresh_from_db()
        assert user.check_password(new)


def test_a_new_password_opens_no_account_that_was_closed_meanwhile() -> None:
    user = factories.make_user()
    stale = User.objects.get(pk=user.pk)
    close_account(user=user, by=user)

    AccountAdapter().set_password(stale, "granite and 7 wools")

    user.refresh_from_db()
    assert not user.is_active
    assert user.closed_at is not None


def test_keys_on_a_closed_desk_end_too() -> None:
    desk = factories.make_desk()
    user = factories.member(desk, Role.EDITOR)
    _, secret = factories.make_key(desk, user)
    administrator = set_administrator(user=factories.make_user(), by=None, wanted=True)
    close_desk(desk=desk, by=administrator)

    revoke_all_keys(user=user)

    assert use_key(secret) is None


def test_the_keys_of_a_removed_member_stay_dead_when_they_return() -> None:
    desk = factories.make_desk()
    manager, editor = factories.member(desk, Role.MANAGER), factories.member(desk, Role.EDITOR)
    _, secret = factories.make_key(desk, editor)

    remove_member(desk=desk, by=manager, user=editor)
    set_member(desk=desk, by=manager, user=editor, role=Role.MANAGER)

    assert use_key(secret) is None
    assert "key.revoked" in kinds(editor)


def test_too_many_requests_have_a_page_of_this_site() -> None:
    client = sign_in(factories.make_user())
    wrong = {"oldpassword": "x", "password1": "x", "password2": "x"}

    answers = [client.post(reverse("account_change_password"), wrong) for _ in range(6)]

    assert answers[-1].status_code == 429
    assert "Wait some minutes" in answers[-1].text


def opened(link: str) -> Client:
    """A browser on the form behind the link."""
    client = Client()
    client.get(link, follow=True)
    return client


def set_by_link(client: Client, user: User, password: str) -> int:
    """The status of the answer: 302 if the password was taken."""
    path = reverse(
        "account_reset_password_from_key", args=[user_pk_to_url_str(user), "set-password"]
    )
    return client.post(path, {"password1": password, "password2": password}).status_code


def test_a_link_works_once_and_ends_those_before_it() -> None:
    user = factories.make_user()
    links = [password_link(user=user) for _ in range(2)]
    Client().post(reverse("account_reset_password"), {"email": user.email})
    mailed = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert mailed is not None
    links.append(mailed[1])
    browsers = [opened(link) for link in [*links, links[-1]]]

    assert len(set(links)) == 3  # of one second
    for link, browser in zip(links[:2], browsers, strict=False):
        assert "This link no longer works" in Client().get(link, follow=True).text
        assert set_by_link(browser, user, "granite and 7 wools") == 200
    assert set_by_link(browsers[2], user, "granite and 7 wools") == 302
    assert set_by_link(browsers[3], user, "another 8 feathers") == 200
    user.refresh_from_db()
    assert user.check_password("granite and 7 wools")


@pytest.mark.django_db(transaction=True)
def test_two_who_use_one_link_at_once_set_one_password() -> None:
    user = factories.make_user()
    link = password_link(user=user)
    browsers = {f"granite and {number} wools": opened(link) for number in range(2)}

    codes = at_once(*[
        partial(set_by_link, browser, user, password) for password, browser in browsers.items()
    ])  # fmt: skip

    assert sorted(codes)[0] == 302
    assert codes.count(302) == 1, codes
    user.refresh_from_db()
    assert user.check_password(list(browsers)[codes.index(302)])


@pytest.mark.parametrize(
    "name",
    [
        "account_close", "account_set_password", "mfa_activate_totp", "mfa_add_webauthn",
        "mfa_generate_recovery_codes", "mfa_view_recovery_codes", "mfa_list_webauthn",
    ],
)  # fmt: skip
def test_without_password_and_factor_such_pages_need_a_new_session(name: str) -> None:
    """Nothing could be asked again of people who come by single sign-on."""
    user = User.objects.create_user("mary@example.org", None, name="Mary")
    client = Client()
    client.force_login(user)

    def tried() -> list[str]:
        answers = [client.get(reverse(name), follow=True), client.post(reverse(name), follow=True)]
        return [SIGN_IN_AGAIN for answer in answers if SIGN_IN_AGAIN in answer.text]

    assert tried() == [SIGN_IN_AGAIN] * 2
    user.refresh_from_db()
    assert user.is_active
    session = client.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    assert SIGN_IN_AGAIN not in client.get(reverse(name), follow=True).text
