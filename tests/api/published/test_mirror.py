"""Whatever happens on a desk, a copy kept by the feed of changes becomes what the lists say."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.errors import DomainError
from annotations.models import Annotation, Kind, RelationType, Role
from annotations.models.identity import new_id
from annotations.services.review import withdraw
from annotations.services.tagging.annotations import (
    delete_annotation,
    edit_annotation,
    restore_annotation,
)
from annotations.services.tagging.drafts import Link, Part
from tests import factories
from tests.api.published.mirror import Mirror, listed

PASSAGES = [(0, 6), (7, 17), (29, 33), (45, 50)]
KINDS = [Kind.ENTITY, Kind.ENTITY, Kind.QUOTE, Kind.CLAIM]
LINKS = {
    Kind.ENTITY: RelationType.SAME_AS,
    Kind.QUOTE: RelationType.SAID_BY,
    Kind.CLAIM: RelationType.ABOUT,
}
OFTEN = ["edit", "approve", "approve", "approve", "withdraw", "withdraw", "follow", "follow"]
SELDOM = ["return", "delete", "restore", "another mirror"]


class Step(NamedTuple):
    what: str
    which: int  # of the annotations and of the mirrors
    passage: int
    linked: set[int]


which = st.integers(0, len(KINDS) - 1)
steps = st.lists(
    st.builds(
        Step,
        st.sampled_from([*OFTEN, *SELDOM]),
        which,
        st.integers(0, len(PASSAGES) - 1),
        st.sets(which, max_size=2),
    ),
    min_size=20,
    max_size=40,
)


class Play:
    """A desk with four annotations, two of which link to the other two, and copies of it."""

    def __init__(self) -> None:
        self.desk = factories.make_desk(is_public=True)
        self.source = factories.make_source(self.desk)
        self.editor = factories.member(self.desk, Role.EDITOR)
        self.reviewer = factories.member(self.desk, Role.REVIEWER)
        self.mirrors = [Mirror(self.desk)]
        self.ids = [new_id() for _ in KINDS]
        for number, (kind, id) in enumerate(zip(KINDS, self.ids, strict=True)):
            links = self.links(kind, {0, 1} if number > 1 else set())
            factories.make_annotation(
                self.source, kind=kind, spans=[PASSAGES[number]], links=links, id=id
            )

    def links(self, kind: Kind, linked: set[int]) -> list[Link]:
        return [Link(LINKS[kind], self.ids[number]) for number in sorted(linked)]

    def do(self, step: Step) -> None:
        if step.what == "another mirror":
            self.mirrors.append(Mirror.begun_with_lists(self.desk))
        elif step.what == "follow":
            self.mirrors[step.which % len(self.mirrors)].step(limit=step.passage + 1)
        else:
            with suppress(DomainError):
                self.work(step)

    def work(self, step: Step) -> None:
        row = Annotation.objects.select_related("head", "desk").get(id=self.ids[step.which])
        assert row.head is not None
        number = row.head.number
        if step.what == "edit":
            edit_annotation(
                annotation=row,
                by=self.editor,
                expected_version=number,
                parts=[Part(*PASSAGES[step.passage])],
                links=self.links(Kind(row.kind), step.linked),
            )
        elif step.what == "approve":
            factories.approved(row)
        elif step.what == "return":
            factories.returned(row)
        elif step.what == "withdraw":
            withdraw(annotation=row, by=self.reviewer, reason="It was wrong.")
        elif step.what == "delete":
            delete_annotation(annotation=row, by=self.editor, expected_version=number)
        else:
            restore_annotation(annotation=row, by=self.editor)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=steps)
def test_copies_end_equal(steps: list[Step]) -> None:
    with transaction.atomic():
        play = Play()

        for step in steps:
            play.do(step)

        expected = listed(play.desk)
        for mirror in [*play.mirrors, Mirror(play.desk)]:
            mirror.catch_up(limit=3)
            assert mirror.annotations == expected
        transaction.set_rollback(True)
