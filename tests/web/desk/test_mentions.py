"""Where a person sees that they are called, and the talk in the ledger."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import Annotation, Comment, Desk, Role, User
from annotations.services.comments import delete_comment, resolve_thread, see_mentions
from tests.factories import make_annotation, make_comment, make_desk, make_source, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def annotation(desk: Desk) -> Annotation:
    return make_annotation(make_source(desk, title="The talks"))


def page(name: str, desk: Desk, user: User) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(reverse(name, args=[desk.slug]))
    assert response.status_code == 200
    return response.text


def link(comment: Comment) -> str:
    source = reverse("annotate", args=[comment.desk.slug, comment.annotation.source_id])
    return f"{source}#a={comment.annotation_id}&amp;c={comment.id}"


def test_who_is_called_reads_it_on_the_overview_until_they_saw_it(
    desk: Desk, annotation: Annotation
) -> None:
    reader = member(desk, Role.READER)
    comment = make_comment(annotation, "Is <this> it?", mentions=[reader])

    before = page("desk", desk, reader)
    see_mentions(annotation=annotation, by=reader)
    after = page("desk", desk, reader)

    assert "You were mentioned" in before
    assert "Is &lt;this&gt; it?" in before
    assert link(comment) in before
    assert "You were mentioned" not in after
    assert "You were mentioned" not in page("desk", desk, member(desk, Role.MANAGER))


def test_the_page_keeps_what_was_seen_and_the_navigation_counts_what_was_not(
    desk: Desk, annotation: Annotation
) -> None:
    reader = member(desk, Role.READER)
    seen = make_comment(annotation, "First.", mentions=[reader])
    see_mentions(annotation=annotation, by=reader)
    new = make_comment(annotation, "Second.", mentions=[reader])

    text = page("mentions", desk, reader)

    assert text.index(link(new)) < text.index(link(seen))
    assert text.count(">New<") == 1
    assert '<span class="count">1<' in text
    assert "The talks" in text
    assert "Ankara" in text


def test_somebody_whom_nobody_called_learns_how_that_is_done(desk: Desk) -> None:
    assert "No mentions yet" in page("mentions", desk, member(desk, Role.EDITOR))


def test_the_ledger_says_what_was_talked_about(desk: Desk, annotation: Annotation) -> None:
    reviewer = member(desk, Role.REVIEWER)
    comment = make_comment(annotation, "Is it?")
    resolve_thread(comment=comment, by=reviewer)

    text = page("activity", desk, reviewer)

    assert "commented on" in text
    assert "resolved a thread on" in text
    assert "Is it?" in text
    assert link(comment) in text

    delete_comment(comment=comment, by=reviewer)
    text = page("activity", desk, reviewer)
    assert "deleted a comment on" in text
    assert "Is it?" not in text
