"""Whatever people do in whatever order, the published set follows from the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.errors import DomainError
from annotations.models import Annotation, Desk, Event, Ledger, Role, Source, State, User, Version
from annotations.queries.published.annotations import published, published_documents
from annotations.services.review import decide, submit, withdraw
from annotations.services.tagging.annotations import (
    delete_annotation,
    edit_annotation,
    restore_annotation,
)
from annotations.services.tagging.drafts import Part
from tests.factories import add_member, make_annotation, make_desk, make_source, member

PASSAGES = [(0, 6), (7, 17), (29, 33), (45, 50)]
STEPS = ["edit", "submit", "approve", "return", "reject", "withdraw", "delete", "restore"]


@dataclass
class Simple:
    """One annotation as the rules tell it, without a database."""

    passage: int
    creator: User
    author: User
    state: State = State.DRAFT
    deleted: bool = False
    published: int | None = None
    versions: int = 1
    published_version: int = 0

    def may(self, step: str, by: User, role: Role) -> bool:
        reviews = role in (Role.REVIEWER, Role.MANAGER)
        if step == "restore":
            return True
        if self.deleted:
            return False
        rules: dict[str, Callable[[], bool]] = {
            "edit": lambda: True,
            "submit": lambda: self.state in (State.DRAFT, State.RETURNED),
            "approve": lambda: reviews and self.state == State.SUBMITTED and by != self.author,
            "return": lambda: reviews and self.state == State.SUBMITTED,
            "reject": lambda: reviews and self.state == State.SUBMITTED,
            "withdraw": lambda: reviews and self.published is not None,
            "delete": lambda: self.published is None and (reviews or by == self.creator),
        }
        return rules[step]()

    def do(self, step: str, by: User, passage: int) -> None:
        if step == "edit":
            self.state, self.author, self.passage = State.DRAFT, by, passage
            self.versions += 1
        elif step == "submit":
            self.state = State.SUBMITTED
        elif step == "approve":
            self.state, self.published = State.APPROVED, self.passage
            self.published_version = self.versions
        elif step in ("return", "reject"):
            self.state = State.RETURNED if step == "return" else State.REJECTED
        elif step == "withdraw":
            if self.published_version == self.versions:
                self.state = State.WITHDRAWN
            self.published = None
        else:
            self.deleted = step == "delete"


def perform(annotation: Annotation, step: str, by: User, passage: int) -> None:
    """The step by the services, on the version that is newest now."""
    annotation = Annotation.objects.select_related("head", "desk").get(id=annotation.id)
    assert annotation.head is not None
    number = annotation.head.number
    if step == "edit":
        parts = [Part(*PASSAGES[passage])]
        edit_annotation(annotation=annotation, by=by, expected_version=number, parts=parts)
    elif step == "submit":
        submit(annotation=annotation, by=by, expected_version=number)
    elif step == "withdraw":
        withdraw(annotation=annotation, by=by, reason="It was wrong.")
    elif step == "delete":
        delete_annotation(annotation=annotation, by=by, expected_version=number)
    elif step == "restore":
        restore_annotation(annotation=annotation, by=by)
    else:
        decide(annotation=annotation, by=by, expected_version=number, verdict=step, note="Because.")


def check_promises(desk: Desk, source: Source) -> None:
    text = source.revisions.get().text
    for version in Version.objects.filter(annotation__desk=desk).prefetch_related("spans"):
        assert version.spans.count() >= 1
        assert all(text[span.start : span.end] == span.exact for span in version.spans.all())
    seqs = Event.objects.filter(desk=desk).order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, Ledger.objects.get(desk=desk).seq + 1))


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(
        st.tuples(
            st.integers(0, 1),
            st.sampled_from(STEPS),
            st.integers(0, 3),
            st.integers(0, len(PASSAGES) - 1),
        ),
        min_size=5,
        max_size=25,
    )
)
def test_what_is_published_is_what_the_rules_say(steps: list[tuple[int, str, int, int]]) -> None:
    with transaction.atomic():
        desk = make_desk()
        source = make_source(desk)
        people = [
            (member(desk, Role.EDITOR), Role.EDITOR),
            (add_member(desk, Role.EDITOR), Role.EDITOR),
            (member(desk, Role.REVIEWER), Role.REVIEWER),
            (member(desk, Role.MANAGER), Role.MANAGER),
        ]
        rows = [make_annotation(source, spans=[PASSAGES[n]], by=people[n][0]) for n in (0, 1)]
        simple = [Simple(n, people[n][0], people[n][0]) for n in (0, 1)]

        for which, step, who, passage in steps:
            by, role = people[who]
            allowed = simple[which].may(step, by, role)
            try:
                perform(rows[which], step, by, passage)
            except DomainError:
                assert not allowed, (step, role)
            else:
                assert allowed, (step, role)
                simple[which].do(step, by, passage)

        expected = {
            str(row.id): PASSAGES[each.published]
            for row, each in zip(rows, simple, strict=True)
            if each.published is not None
        }
        documents = published_documents(published(desk).order_by("id"))
        found = {d["id"]: (d["spans"][0]["start"], d["spans"][0]["end"]) for d in documents}
        assert found == expected
        check_promises(desk, source)
        transaction.set_rollback(True)
