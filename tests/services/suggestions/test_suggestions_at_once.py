"""Two people decide on the same suggestions, or look for the same, at the same moment."""

from __future__ import annotations

import pytest

from annotations.errors import Conflict
from annotations.models import Annotation, Desk, Role, Suggestion
from annotations.services.suggestions.decide import (
    accept_suggestions,
    dismiss_suggestions,
    reopen_suggestions,
)
from annotations.services.suggestions.propose import suggest_occurrences
from tests.factories import add_member, make_annotation, make_desk, make_source, member
from tests.services.tagging.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mention() -> Annotation:
    return make_annotation(make_source(make_desk(), text="Baku " * 20), spans=[(0, 4)])


@pytest.fixture
def desk(mention: Annotation) -> Desk:
    return mention.desk


def test_two_who_accept_the_same_make_one_tag_of_each(desk: Desk, mention: Annotation) -> None:
    editor, other = member(desk, Role.EDITOR), add_member(desk, Role.EDITOR)
    ids = suggest_occurrences(annotation=mention, by=editor).ids

    first, second = at_once(
        lambda: accept_suggestions(desk=desk, by=editor, ids=ids),
        lambda: accept_suggestions(desk=desk, by=other, ids=ids[::-1]),
    )

    assert first == second
    assert Annotation.objects.count() == 20


def test_of_one_who_accepts_and_one_who_dismisses_one_is_told(
    desk: Desk, mention: Annotation
) -> None:
    editor, other = member(desk, Role.EDITOR), add_member(desk, Role.EDITOR)
    ids = suggest_occurrences(annotation=mention, by=editor).ids

    results = at_once(
        lambda: accept_suggestions(desk=desk, by=editor, ids=ids),
        lambda: dismiss_suggestions(desk=desk, by=other, ids=ids[::-1]),
    )

    assert [isinstance(each, Conflict) for each in results].count(True) == 1
    assert Suggestion.objects.values("state").distinct().count() == 1


def test_an_undo_beside_a_second_acceptance_leaves_no_stray_tag(
    desk: Desk, mention: Annotation
) -> None:
    editor = member(desk, Role.EDITOR)
    ids = suggest_occurrences(annotation=mention, by=editor).ids
    accept_suggestions(desk=desk, by=editor, ids=ids)

    at_once(
        lambda: reopen_suggestions(desk=desk, by=editor, ids=ids),
        lambda: accept_suggestions(desk=desk, by=editor, ids=ids),
    )

    accepted = Suggestion.objects.filter(state="accepted").count()
    assert Annotation.objects.present().count() == 1 + accepted
    assert accepted in (0, 19)


def test_two_who_look_for_the_same_find_it_once(desk: Desk, mention: Annotation) -> None:
    editor, other = member(desk, Role.EDITOR), add_member(desk, Role.EDITOR)

    first, second = at_once(
        lambda: suggest_occurrences(annotation=mention, by=editor),
        lambda: suggest_occurrences(annotation=mention, by=other),
    )

    assert first.ids == second.ids
    assert first.new + second.new == Suggestion.objects.count() == 19
