"""People whose work crosses: each holds what the other asks for next. Neither may fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from annotations.models import Annotation, Kind, RelationType
from annotations.services.comments import write_comment
from annotations.services.review import submit
from annotations.services.suggestions.propose import suggest_occurrences
from annotations.services.tagging.annotations import delete_annotation, edit_annotation
from annotations.services.tagging.bulk_delete import delete_annotations
from annotations.services.tagging.drafts import Link, Part
from tests import factories
from tests.hands import MOMENT, PATIENCE, hands

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("webhooks_may_lead_here"),
]

Act = Callable[[Annotation, Annotation], Any]


def _link(one: Annotation, other: Annotation) -> None:
    edit_annotation(
        annotation=one,
        by=one.created_by,
        expected_version=1,
        links=[Link(RelationType.SAME_AS, other.id)],
    )


def _edit(one: Annotation, _other: Annotation) -> None:
    edit_annotation(annotation=one, by=one.created_by, expected_version=1, parts=[Part(29, 33)])


def _delete(one: Annotation, _other: Annotation) -> None:
    delete_annotation(annotation=one, by=one.created_by, expected_version=1)


def _delete_many(one: Annotation, _other: Annotation) -> None:
    delete_annotations(desk=one.desk, by=one.created_by, ids=[one.id])


def _submit(one: Annotation, _other: Annotation) -> None:
    submit(annotation=one, by=one.created_by, expected_version=1)


def _comment(one: Annotation, _other: Annotation) -> None:
    write_comment(annotation=one, by=one.created_by, body="Is this so?", mentions=[])


def _propose(one: Annotation, _other: Annotation) -> None:
    suggest_occurrences(annotation=one, by=one.created_by)


def _add_webhook(one: Annotation, _other: Annotation) -> None:
    factories.make_webhook(one.desk)


# What the first does to one annotation, and the second to the other or to the same one.
CROSSINGS: dict[str, tuple[Act, Act]] = {
    "links to each other": (_link, lambda one, other: _link(other, one)),
    "a link to what is edited": (_link, lambda _one, other: _edit(other, _one)),
    "a link to what is deleted": (_link, lambda _one, other: _delete(other, _one)),
    "a link to what is deleted with others": (_link, lambda _one, other: _delete_many(other, _one)),
    "a comment on what is edited": (_comment, _edit),
    "a comment on what is submitted": (_comment, _submit),
    "proposals of what is edited": (_propose, _edit),
    "a comment while a webhook is added": (_comment, _add_webhook),
    "a tag while a webhook is added": (_edit, _add_webhook),
}


@pytest.mark.parametrize("acts", CROSSINGS.values(), ids=CROSSINGS)
def test_work_that_crosses_is_done(acts: tuple[Act, Act]) -> None:
    source = factories.make_source(factories.make_desk())
    one, other = (
        factories.make_annotation(source, kind=Kind.ENTITY, spans=[span])
        for span in ((0, 6), (29, 33))
    )
    with hands() as hand:
        first = hand(lambda: acts[0](one, other))
        assert first.has_acted.wait(PATIENCE)
        second = hand(lambda: acts[1](one, other))
        second.has_acted.wait(MOMENT)

        first.commit()
        second.commit()
