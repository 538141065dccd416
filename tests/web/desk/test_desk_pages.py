"""Overview, lists, releases, settings and keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annotations.models import ApiKey, Desk, Event, EventType, Job, Membership, Role, Scope
from annotations.services.keys import use_key
from annotations.services.review import withdraw
from tests import factories
from tests.web.rows import MANIFEST, make_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk()


def signed_in(desk: Desk, role: Role) -> Client:
    client = Client()
    client.force_login(factories.member(desk, role))
    return client


def at(name: str, desk: Desk, *more: object) -> str:
    return reverse(name, args=[desk.slug, *more])


def test_strangers_read_what_this_is_and_where_to_sign_in(client: Client) -> None:
    response = client.get("/")

    assert response.status_code == 200
    assert reverse("account_login") in response.text


def test_a_member_of_one_desk_goes_straight_there(desk: Desk) -> None:
    response = signed_in(desk, Role.READER).get("/")

    assert response["Location"] == at("desk", desk)


def test_a_member_of_several_desks_chooses(desk: Desk, client: Client) -> None:
    user = factories.member(desk, Role.MANAGER)
    other = factories.make_desk()
    Membership.objects.create(desk=other, user=user, role=Role.READER)
    client.force_login(user)

    text = client.get("/").text

    assert at("desk", desk) in text
    assert at("desk", other) in text


def test_somebody_without_a_desk_learns_what_to_do(client: Client) -> None:
    user = factories.make_user()
    client.force_login(user)

    assert user.email in client.get("/").text


def test_the_overview_shows_authors_what_was_returned_and_why(desk: Desk) -> None:
    annotation = factories.returned(factories.make_annotation(factories.make_source(desk)))

    authors = signed_in(desk, Role.EDITOR).get(at("desk", desk))
    others = signed_in(desk, Role.REVIEWER).get(at("desk", desk))

    assert list(authors.context["returned"]) == [annotation]
    assert '<blockquote class="note">Take the whole sentence.' in authors.text
    assert list(others.context["returned"]) == []


@pytest.mark.parametrize(
    "name", ["desk", "sources", "review", "mentions", "activity", "releases", "keys"]
)
def test_the_number_of_queries_does_not_grow_with_the_rows(desk: Desk, name: str) -> None:
    client = signed_in(desk, Role.MANAGER)
    fill(desk, 2)
    few = queries_of(client, at(name, desk))

    fill(desk, 18)
    many = queries_of(client, at(name, desk))

    assert many == few


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def fill(desk: Desk, rows: int) -> None:
    manager = factories.member(desk, Role.MANAGER)
    for _ in range(rows):
        source = factories.make_source(desk)
        factories.submitted(factories.make_annotation(source))
        factories.make_annotation(source, by=manager, spans=[(8, 18)])
        factories.returned(factories.make_annotation(source, by=manager, spans=[(20, 24)]))
        factories.approved(factories.make_annotation(source, spans=[(26, 30)]))
        said = factories.make_annotation(source, spans=[(32, 40)])
        factories.make_comment(said, mentions=[manager])
        factories.make_key(desk, manager)
    make_release(desk)


def test_sources_are_listed_with_how_far_their_tags_are(desk: Desk) -> None:
    source = factories.make_source(desk, title="The talks")
    factories.make_annotation(source)
    factories.submitted(factories.make_annotation(source, spans=[(8, 18)]))
    factories.approved(factories.make_annotation(source, spans=[(20, 24)]))

    response = signed_in(desk, Role.READER).get(at("sources", desk))

    (row,) = response.context["page"]
    assert (row.title, row.open_count, row.review_count, row.published_count) == (
        "The talks", 1, 1, 1,
    )  # fmt: skip
    assert "The talks" in response.text


def test_empty_lists_say_what_to_do(desk: Desk) -> None:
    editor = signed_in(desk, Role.EDITOR)

    assert at("source_import", desk) in editor.get(at("sources", desk)).text
    assert "Nothing to review" in editor.get(at("review", desk)).text
    assert "No releases yet" in editor.get(at("releases", desk)).text
    assert "No keys yet" in editor.get(at("keys", desk)).text


def test_activity_is_paged_by_place_in_the_ledger(desk: Desk) -> None:
    source = factories.make_source(desk)
    for _ in range(60):
        factories.make_annotation(source)
    reader = signed_in(desk, Role.READER)

    first = reader.get(at("activity", desk))
    second = reader.get(at("activity", desk), {"before": first.context["older"]})

    shown = [event.seq for page in (first, second) for event in page.context["events"]]
    assert shown == sorted(Event.objects.filter(desk=desk).values_list("seq", flat=True))[::-1]
    assert second.context["older"] is None


@pytest.mark.parametrize("before", ["x", "-1", "٣", "9" * 30])
def test_a_wrong_place_in_the_ledger_shows_a_page_all_the_same(desk: Desk, before: str) -> None:
    response = signed_in(desk, Role.READER).get(at("activity", desk), {"before": before})

    assert response.status_code == 200


def test_a_manager_cuts_a_release_by_a_job_with_its_page(desk: Desk) -> None:
    factories.approved(factories.make_annotation(factories.make_source(desk)))

    response = signed_in(desk, Role.MANAGER).post(at("releases", desk), {"notes": "The first."})

    job = Job.objects.get()
    assert response["Location"] == at("job", desk, job.id)
    assert (job.type, job.parameters["notes"]) == (Job.Type.RELEASE, "The first.")


def test_anyone_of_the_desk_reads_a_release_and_downloads_its_files(desk: Desk) -> None:
    release = make_release(desk)
    reader = signed_in(desk, Role.READER)

    page = reader.get(at("release", desk, release.number))
    download = reader.get(at("release_file", desk, release.number, "manifest.json"))

    assert release.notes in page.text
    assert release.files.get().sha256 in page.text
    assert b"".join(download.streaming_content) == MANIFEST  # type: ignore[attr-defined]
    assert download["Content-Type"] == "application/json"
    assert download["Content-Disposition"] == 'attachment; filename="manifest.json"'


def test_a_release_shows_what_it_says_otherwise_than_the_one_before(desk: Desk) -> None:
    gone = factories.approved(factories.make_annotation(factories.make_source(desk)))
    make_release(desk)
    reviewer = factories.member(desk, Role.REVIEWER)
    withdraw(annotation=gone, by=reviewer, reason="The <name> was wrong.")
    second = make_release(desk)

    page = signed_in(desk, Role.READER).get(at("release", desk, second.number)).text

    assert "0 added, 0 changed, 1 retracted." in page
    assert f"/sources/{gone.source_id}/#a={gone.id}" in page
    assert f">{gone.versions.get().spans.get().exact}</a>" in page
    assert f"in {gone.source.title}" in page
    assert "The &lt;name&gt; was wrong." in page
    assert "retracted" not in signed_in(desk, Role.READER).get(at("release", desk, 1)).text


def test_only_a_manager_cuts_a_release(desk: Desk) -> None:
    factories.approved(factories.make_annotation(factories.make_source(desk)))

    response = signed_in(desk, Role.REVIEWER).post(at("releases", desk), {"notes": ""})

    assert response.status_code == 403
    assert not Job.objects.exists()


def test_nothing_approved_cannot_be_released(desk: Desk) -> None:
    response = signed_in(desk, Role.MANAGER).post(at("releases", desk), {"notes": ""})

    assert response.status_code == 409
    assert "nothing to release" in response.text


def test_a_manager_adds_somebody_by_address(desk: Desk) -> None:
    somebody = factories.make_user("New Person")
    sent = {"change": "member", "email": somebody.email.upper(), "role": "reviewer"}

    signed_in(desk, Role.MANAGER).post(at("settings", desk), sent)

    assert desk.memberships.get(user=somebody).role == Role.REVIEWER


def test_an_unknown_address_is_explained_beside_its_field(desk: Desk) -> None:
    sent = {"change": "member", "email": "nobody@example.org", "role": "editor"}

    response = signed_in(desk, Role.MANAGER).post(at("settings", desk), sent)

    assert response.status_code == 422
    assert "There is no account" in response.text
    assert 'value="nobody@example.org"' in response.text


def test_a_manager_changes_a_role(desk: Desk) -> None:
    membership = desk.memberships.get(role=Role.EDITOR)
    sent = {"change": "role", "member": membership.id, "role": "reviewer"}

    signed_in(desk, Role.MANAGER).post(at("settings", desk), sent)

    membership.refresh_from_db()
    assert membership.role == Role.REVIEWER


def test_members_are_paged_and_a_change_leads_back_to_its_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotations.web.desk.settings.PAGE", 3)
    last = desk.memberships.order_by("-user__name", "-id")[0]
    manager, address = signed_in(desk, Role.MANAGER), f"{at('settings', desk)}?before="
    sent = {"change": "role", "member": last.id, "role": last.role}

    first, end = manager.get(at("settings", desk)), manager.get(address)
    changed = manager.post(address, sent)

    assert f'value="{last.id}"' not in first.text
    assert f'value="{last.id}"' in end.text
    assert changed.status_code == 302
    assert changed["Location"] == address


def test_a_role_on_another_desk_is_out_of_reach(desk: Desk) -> None:
    other = factories.make_desk().memberships.get(role=Role.READER)
    sent = {"change": "role", "member": other.id, "role": "manager"}

    response = signed_in(desk, Role.MANAGER).post(at("settings", desk), sent)

    other.refresh_from_db()
    assert response.status_code == 422
    assert other.role == Role.READER


def test_the_last_manager_stays(desk: Desk) -> None:
    membership = desk.memberships.get(role=Role.MANAGER)
    sent = {"change": "role", "member": membership.id, "role": "reader"}

    response = signed_in(desk, Role.MANAGER).post(at("settings", desk), sent, follow=True)

    membership.refresh_from_db()
    assert membership.role == Role.MANAGER
    assert "A desk needs a manager" in response.text


def test_a_manager_removes_a_member(desk: Desk) -> None:
    membership = desk.memberships.get(role=Role.EDITOR)
    sent = {"change": "removal", "member": membership.id, "role": "editor"}

    response = signed_in(desk, Role.MANAGER).post(at("settings", desk), sent, follow=True)

    assert not desk.memberships.filter(role=Role.EDITOR).exists()
    assert "no longer a member" in response.text


def test_the_last_manager_cannot_be_removed(desk: Desk) -> None:
    membership = desk.memberships.get(role=Role.MANAGER)
    sent = {"change": "removal", "member": membership.id}

    response = signed_in(desk, Role.MANAGER).post(at("settings", desk), sent, follow=True)

    assert desk.memberships.filter(id=membership.id).exists()
    assert "A desk needs a manager" in response.text


def test_the_switches_are_saved_and_written_down(desk: Desk) -> None:
    manager = signed_in(desk, Role.MANAGER)

    manager.post(at("settings", desk), {"change": "switches", "is_public": "on"})

    desk.refresh_from_db()
    assert (desk.is_public, desk.authors_may_approve) == (True, False)
    notes = Event.objects.filter(desk=desk, type=EventType.DESK_CHANGED).values_list("note")
    assert notes.order_by("-seq")[0] == ("the desk is public",)


@pytest.mark.parametrize("change", ["", "everything"])
def test_an_unknown_change_is_refused(desk: Desk, change: str) -> None:
    response = signed_in(desk, Role.MANAGER).post(at("settings", desk), {"change": change})

    assert response.status_code == 422


def test_a_key_is_shown_once_and_works(desk: Desk) -> None:
    editor = signed_in(desk, Role.EDITOR)
    sent = {"name": "Export", "scopes": [Scope.PUBLISHED_READ], "lives": "30"}

    made = editor.post(at("keys", desk), sent)
    later = editor.get(at("keys", desk))

    secret = made.context["secret"]
    key = use_key(secret)
    assert key is not None
    assert secret in made.text
    assert "no-store" in made["Cache-Control"]
    assert secret not in later.text
    assert "Export" in later.text
    assert key.expires_at is not None
    assert abs(key.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)


def test_what_is_wrong_with_a_key_stands_beside_its_field(desk: Desk) -> None:
    response = signed_in(desk, Role.EDITOR).post(at("keys", desk), {"name": " ", "lives": "30"})

    assert set(response.context["form"].errors) == {"name", "scopes"}
    assert response.status_code == 422
    assert not ApiKey.objects.exists()


def test_a_revoked_key_is_dead(desk: Desk) -> None:
    key, secret = factories.make_key(desk, factories.member(desk, Role.EDITOR))

    signed_in(desk, Role.EDITOR).post(at("key_revoke", desk, key.id))

    assert use_key(secret) is None


def test_other_peoples_keys_are_found_by_managers_only(desk: Desk) -> None:
    key, secret = factories.make_key(desk, factories.member(desk, Role.EDITOR), name="Theirs")

    reviewers = signed_in(desk, Role.REVIEWER)
    assert "Theirs" not in reviewers.get(at("keys", desk)).text
    assert reviewers.post(at("key_revoke", desk, key.id)).status_code == 404
    assert use_key(secret) is not None

    managers = signed_in(desk, Role.MANAGER)
    assert "Theirs" in managers.get(at("keys", desk)).text
    managers.post(at("key_revoke", desk, key.id))
    assert use_key(secret) is None


def test_what_was_returned_is_a_link_that_selects_it_in_its_text(desk: Desk) -> None:
    annotation = factories.returned(factories.make_annotation(factories.make_source(desk)))

    text = signed_in(desk, Role.EDITOR).get(at("desk", desk)).text

    assert f"{at('annotate', desk, annotation.source_id)}#a={annotation.id}" in text


def test_removing_a_member_can_be_undone(client: Client) -> None:
    desk = factories.make_desk()
    client.force_login(factories.member(desk, Role.MANAGER))
    removed = factories.member(desk, Role.REVIEWER)
    membership = Membership.objects.get(desk=desk, user=removed)
    address = reverse("settings", args=[desk.slug])
    page = client.post(address, {"change": "removal", "member": membership.id}, follow=True)
    assert 'value="undo"' in page.text

    page = client.post(address, {"change": "undo"}, follow=True)

    assert Membership.objects.get(desk=desk, user=removed).role == Role.REVIEWER
    assert 'value="undo"' not in page.text


def test_undoing_a_removal_twice_changes_nothing(client: Client) -> None:
    desk = factories.make_desk()
    client.force_login(factories.member(desk, Role.MANAGER))
    before = Membership.objects.count()

    client.post(reverse("settings", args=[desk.slug]), {"change": "undo"})

    assert Membership.objects.count() == before
