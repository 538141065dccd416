"""Reviewing by the pages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import Annotation, Decision, Desk, Kind, RelationType, Role, State
from annotations.services.desks import set_authors_may_approve
from annotations.services.review import withdraw
from annotations.services.tagging.annotations import edit_annotation
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "First paragraph.\n\nBaku said no on 9 May.\n\nThird one.\n\nFourth one."


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk()


@pytest.fixture
def reviewer(desk: Desk, client: Client) -> Client:
    client.force_login(factories.member(desk, Role.REVIEWER))
    return client


def waiting(desk: Desk, **values: object) -> Annotation:
    source = factories.make_source(desk, text=TEXT)
    return factories.submitted(factories.make_annotation(source, **values))  # type: ignore[arg-type]


def page_of(annotation: Annotation) -> str:
    return reverse("review_item", args=[annotation.desk.slug, annotation.id])


def state_of(annotation: Annotation) -> str:
    return Annotation.objects.get(id=annotation.id).head.state  # type: ignore[union-attr]


def test_an_item_shows_the_marked_passage_with_the_paragraphs_around_it(
    desk: Desk, reviewer: Client
) -> None:
    annotation = waiting(desk, spans=[(18, 22), (34, 39)])

    text = reviewer.get(page_of(annotation)).text

    assert (
        'First paragraph.\n\n<mark class="entity">Baku</mark> said no on '
        '<mark class="entity">9 May</mark>.\n\nThird one.</div>' in text
    )
    assert "Fourth one." not in text


def test_an_item_shows_fields_relations_and_its_author(desk: Desk, reviewer: Client) -> None:
    source = factories.make_source(desk, text=TEXT)
    place = factories.make_annotation(source, spans=[(18, 22)])
    claim = factories.submitted(
        factories.make_annotation(
            source,
            kind=Kind.CLAIM,
            spans=[(18, 39)],
            fields={"normalized": "Baku refused.", "evidence": ["https://example.org/proof"]},
            links=[factories.Link(RelationType.ABOUT, place.id)],
        )
    )

    text = reviewer.get(page_of(claim)).text

    assert "Baku refused." in text
    assert 'href="https://example.org/proof"' in text
    assert page_of(place) in text
    assert str(factories.member(desk, Role.EDITOR)) in text


def test_approving_publishes_and_goes_on_to_the_next_item(desk: Desk, reviewer: Client) -> None:
    first, second = waiting(desk), waiting(desk)

    response = reviewer.post(page_of(first), {"verdict": "approve", "version": 1})

    assert response["Location"] == page_of(second)
    assert state_of(first) == State.APPROVED


def test_after_the_last_item_the_empty_queue_says_so(desk: Desk, reviewer: Client) -> None:
    annotation = waiting(desk)

    response = reviewer.post(page_of(annotation), {"verdict": "approve", "version": 1}, follow=True)

    assert response.request["PATH_INFO"] == reverse("review", args=[desk.slug])
    assert "Nothing to review" in response.text


@pytest.mark.parametrize(
    ("verdict", "state"), [("return", State.RETURNED), ("reject", State.REJECTED)]
)
def test_returning_and_rejecting_keep_the_note(
    desk: Desk, reviewer: Client, verdict: str, state: State
) -> None:
    annotation = waiting(desk)

    reviewer.post(page_of(annotation), {"verdict": verdict, "version": 1, "note": "Too wide."})

    assert state_of(annotation) == state
    assert Decision.objects.get().note == "Too wide."
    assert "Too wide." in reviewer.get(page_of(annotation)).text


@pytest.mark.parametrize("verdict", ["return", "reject"])
def test_a_missing_note_is_asked_for_beside_its_field(
    desk: Desk, reviewer: Client, verdict: str
) -> None:
    annotation = waiting(desk)

    response = reviewer.post(page_of(annotation), {"verdict": verdict, "version": 1})

    assert response.status_code == 422
    assert "Give the reason in a note" in str(response.context["form"].errors["note"])
    assert state_of(annotation) == State.SUBMITTED


@pytest.mark.parametrize("sent", [{}, {"verdict": "publish"}, {"verdict": "approve"}])
def test_a_decision_that_is_none_changes_nothing(
    desk: Desk, reviewer: Client, sent: dict[str, str]
) -> None:
    annotation = waiting(desk)

    response = reviewer.post(page_of(annotation), sent)

    assert response.status_code == 422
    assert state_of(annotation) == State.SUBMITTED


def test_an_author_sees_why_they_cannot_approve(desk: Desk, client: Client) -> None:
    author = factories.member(desk, Role.REVIEWER)
    annotation = waiting(desk, by=author)
    client.force_login(author)

    shown = client.get(page_of(annotation))
    refused = client.post(page_of(annotation), {"verdict": "approve", "version": 1})

    assert "another reviewer must approve it" in shown.text
    assert refused.status_code == 403
    assert "You wrote this version" in refused.text
    assert state_of(annotation) == State.SUBMITTED


def test_an_author_may_approve_where_the_desk_allows_it(desk: Desk, client: Client) -> None:
    manager = factories.member(desk, Role.MANAGER)
    set_authors_may_approve(desk=desk, by=manager, allowed=True)
    annotation = waiting(desk, by=manager)
    client.force_login(manager)

    client.post(page_of(annotation), {"verdict": "approve", "version": 1})

    assert state_of(annotation) == State.APPROVED


def test_an_editor_sees_the_item_without_the_decision(desk: Desk, client: Client) -> None:
    annotation = waiting(desk)
    client.force_login(factories.member(desk, Role.EDITOR))

    shown = client.get(page_of(annotation))
    refused = client.post(page_of(annotation), {"verdict": "approve", "version": 1})

    assert 'value="approve"' not in shown.text
    assert refused.status_code == 403
    assert state_of(annotation) == State.SUBMITTED


def test_a_decision_on_an_outdated_version_shows_the_newest_and_keeps_the_note(
    desk: Desk, reviewer: Client
) -> None:
    annotation = waiting(desk)
    editor = factories.member(desk, Role.EDITOR)
    edited = edit_annotation(annotation=annotation, by=editor, expected_version=1, label="event")
    factories.submitted(edited)

    response = reviewer.post(
        page_of(annotation), {"verdict": "return", "version": 1, "note": "Wrong label."}
    )

    assert response.status_code == 409
    assert "Look at the newest version first" in response.text
    assert 'name="version" value="2"' in response.text
    assert "Wrong label." in response.text
    assert not Decision.objects.exists()


def test_the_changes_to_the_published_version_are_shown(desk: Desk, reviewer: Client) -> None:
    source = factories.make_source(desk, text=TEXT)
    claim = factories.make_annotation(
        source, kind=Kind.CLAIM, spans=[(18, 30)], fields={"normalized": "Baku said no."}
    )
    published = factories.approved(claim)
    edited = edit_annotation(
        annotation=published,
        by=factories.member(desk, Role.EDITOR),
        expected_version=1,
        label="opinion",
        parts=[factories.Part(18, 39)],
        fields={"normalized": "Baku said yes."},
    )
    factories.submitted(edited)

    text = reviewer.get(page_of(claim)).text

    assert "<del>Checkable</del><ins>Opinion</ins>" in text
    assert "Baku said no<ins> on 9 May</ins>" in text
    assert "Baku said <del>no</del><ins>yes</ins>." in text


def test_neighbours_in_the_queue_are_one_key_away(desk: Desk, reviewer: Client) -> None:
    first, second, third = waiting(desk), waiting(desk), waiting(desk)

    text = reviewer.get(page_of(second)).text

    assert f'data-key="k" rel="prev" href="{page_of(first)}"' in text
    assert f'data-key="j" rel="next" href="{page_of(third)}"' in text


def test_a_reviewer_withdraws_what_is_published_with_a_reason(desk: Desk, reviewer: Client) -> None:
    annotation = factories.approved(factories.make_annotation(factories.make_source(desk)))

    sent = {"withdraw": "1", "note": "The text was forged."}
    response = reviewer.post(page_of(annotation), sent, follow=True)

    annotation.refresh_from_db()
    assert annotation.published_id is None
    assert state_of(annotation) == State.WITHDRAWN
    assert "no longer published" in response.text


def test_a_withdrawal_without_a_reason_is_refused_beside_its_field(
    desk: Desk, reviewer: Client
) -> None:
    annotation = factories.approved(factories.make_annotation(factories.make_source(desk)))

    response = reviewer.post(page_of(annotation), {"withdraw": "1", "note": " "})

    annotation.refresh_from_db()
    assert response.status_code == 422
    assert annotation.published_id is not None
    assert '<details class="card" open>' in response.text


def test_an_editor_is_offered_no_withdrawal_and_cannot_do_it(desk: Desk, client: Client) -> None:
    annotation = factories.approved(factories.make_annotation(factories.make_source(desk)))
    client.force_login(factories.member(desk, Role.EDITOR))

    page = client.get(page_of(annotation))
    posted = client.post(page_of(annotation), {"withdraw": "1", "note": "No."})

    annotation.refresh_from_db()
    assert "Withdraw" not in page.text
    assert posted.status_code == 403
    assert annotation.published_id is not None


def test_the_history_says_who_decided_and_who_wrote(desk: Desk, reviewer: Client) -> None:
    source = factories.make_source(desk, text=TEXT)
    annotation = factories.rejected(factories.make_annotation(source))

    text = " ".join(reviewer.get(page_of(annotation)).text.split())

    author, decider = annotation.created_by, factories.member(desk, Role.REVIEWER)
    assert f'<span class="state rejected">Rejected</span> by {decider}' in text
    assert f"written by {author}" in text
    assert f"Rejected by {author}" not in text


def test_the_history_says_who_withdrew_and_why(desk: Desk, reviewer: Client) -> None:
    source = factories.make_source(desk, text=TEXT)
    annotation = factories.approved(factories.make_annotation(source))
    manager = factories.add_member(desk, Role.MANAGER, "The manager")
    withdraw(annotation=annotation, by=manager, reason="It was misread.")

    text = " ".join(reviewer.get(page_of(annotation)).text.split())

    assert '<span class="state withdrawn">Withdrawn</span> by The manager' in text
    assert "It was misread.<footer>Withdrawn by The manager" in text
    assert f"Approved by {factories.member(desk, Role.REVIEWER)}" in text


def test_small_saves_of_one_draft_are_one_step_of_its_history(desk: Desk, reviewer: Client) -> None:
    annotation = factories.make_annotation(factories.make_source(desk, text=TEXT))
    for label in ("person", "place", "person"):
        annotation = edit_annotation(
            annotation=annotation,
            by=annotation.created_by,
            expected_version=annotation.head.number,  # type: ignore[union-attr]
            label=label,
        )
    factories.submitted(annotation)

    steps = reviewer.get(page_of(annotation)).context["history"].steps

    assert [step.version.number for step in steps] == [4]


def test_what_was_submitted_or_written_by_another_stays_in_the_history(
    desk: Desk, reviewer: Client
) -> None:
    annotation = factories.returned(factories.make_annotation(factories.make_source(desk)))
    other = factories.add_member(desk, Role.EDITOR)
    for by, version in ((annotation.created_by, 1), (annotation.created_by, 2), (other, 3)):
        edit_annotation(annotation=annotation, by=by, expected_version=version, label="person")

    steps = reviewer.get(page_of(annotation)).context["history"].steps

    assert [step.version.number for step in steps] == [4, 3, 1]
