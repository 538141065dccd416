"""The read model of what is published and its counters, held to the rows that they repeat."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection

from annotations.models import (
    Annotation,
    Concern,
    Decision,
    Desk,
    DeskTally,
    Entity,
    Kind,
    Publication,
    RecordTally,
    Relation,
    RelationType,
    Role,
    Source,
    SourceTally,
    State,
    Version,
)
from annotations.services.review import decide, submit, withdraw
from annotations.services.tagging.annotations import edit_annotation
from annotations.services.tagging.drafts import Link
from tests import factories
from tests.models.attacks import a_draft, execute, refused

pytestmark = pytest.mark.django_db
TALLIES = {Kind.CLAIM: "claims", Kind.ENTITY: "entities", Kind.QUOTE: "quotes", Kind.FLAG: "flags"}
TABLES = ["publication", "concern", "desktally", "sourcetally", "recordtally"]


def check(desk: Desk) -> None:
    """Compares all that is kept with what the versions say."""
    published = {
        version.annotation_id: version
        for version in Version.objects.filter(
            published_of__desk=desk, annotation__published__isnull=False
        ).select_related("annotation", "label")
    }
    rows = Publication.objects.filter(desk=desk).in_bulk()
    assert rows.keys() == published.keys()
    for id, version in published.items():
        row, fields = rows[id], version.fields
        assert (row.version_id, row.label, row.kind) == (
            version.id, version.label.name, version.annotation.kind,
        )  # fmt: skip
        assert str(row.record_id or "") == (fields.get("entity") or "")
        assert (row.speaker, row.verdict, row.claimant) == tuple(
            fields.get(name) or "" for name in ("speaker", "verdict", "claimant")
        )
        assert row.published_at == version.annotation.published_at
        assert row.is_disputed == is_disputed(version, published)
    assert concerns(desk) == expected_concerns(published)
    assert signs_of_records(rows) == concerns(desk)
    tally = DeskTally.objects.filter(desk=desk).first()
    assert (tally.published if tally else 0) == len(published)
    check_sources(desk, published)
    check_records(desk, rows)


def is_disputed(version: Version, published: dict[UUID, Version]) -> bool:
    contradicts = Relation.objects.filter(type=RelationType.CONTRADICTS)
    from_here = contradicts.filter(version=version, to__in=published)
    to_here = contradicts.filter(to=version.annotation_id, version__in=published.values())
    return from_here.exists() or to_here.exists()


def concerns(desk: Desk) -> set[tuple[UUID, UUID]]:
    return set(Concern.objects.filter(record__desk=desk).values_list("record", "annotation"))


def expected_concerns(published: dict[UUID, Version]) -> set[tuple[UUID, UUID]]:
    named = {
        id: UUID(str(version.fields["entity"]))
        for id, version in published.items()
        if version.fields.get("entity")
    }
    links = Relation.objects.filter(version__in=published.values(), to__in=named)
    return {(record, id) for id, record in named.items()} | {
        (named[link.to_id], link.version.annotation_id) for link in links.select_related("version")
    }


def signs_of_records(rows: dict[UUID, Publication]) -> set[tuple[UUID, UUID]]:
    """The records among the words of each."""
    return {
        (UUID(word.removeprefix("@")), id)
        for id, row in rows.items()
        for word in row.words.split()
        if word.startswith("@")
    }


def check_sources(desk: Desk, published: dict[UUID, Version]) -> None:
    expected = Counter(
        (version.annotation.source_id, version.annotation.kind) for version in published.values()
    )
    found = {
        (tally.source_id, kind.value): getattr(tally, name)
        for tally in SourceTally.objects.filter(desk=desk)
        for kind, name in TALLIES.items()
        if getattr(tally, name)
    }
    assert found == dict(expected)
    assert SourceTally.objects.filter(desk=desk).count() == len({id for id, _ in expected})


def check_records(desk: Desk, rows: dict[UUID, Publication]) -> None:
    mentions = Counter(row.record_id for row in rows.values() if row.record_id)
    sources = Counter(
        record for record, _ in {(r.record_id, r.source_id) for r in rows.values() if r.record_id}
    )
    tallies = RecordTally.objects.filter(desk=desk).select_related("record")
    assert {tally.record_id: (tally.mentions, tally.sources) for tally in tallies} == {
        record: (count, sources[record]) for record, count in mentions.items()
    }
    assert all(tally.name == tally.record.name for tally in tallies)


def a_place() -> tuple[Desk, list[Source], list[Entity]]:
    desk = factories.make_desk(is_public=True)
    sources = [factories.make_source(desk) for _ in range(2)]
    return desk, sources, [factories.make_entity(desk, name) for name in ("Baku", "Ankara")]


def make_some(sources: list[Source], records: list[Entity]) -> list[Annotation]:
    """Mentions, claims that contradict each other and are about them, and quotes."""
    made: list[Annotation] = []
    for source in sources:
        for record in [*records, records[0]]:
            made.append(factories.make_annotation(source, fields={"entity": str(record.id)}))
        mention = made[-1]
        claims = [
            factories.make_annotation(
                source,
                kind=Kind.CLAIM,
                fields={"normalized": "Baku said no.", "claimant": "Baku", "verdict": "supported"},
                links=[Link(RelationType.ABOUT, mention.id)],
            )
        ]
        claims.append(
            factories.make_annotation(
                source,
                kind=Kind.CLAIM,
                links=[Link(RelationType.CONTRADICTS, claims[0].id)],
            )
        )
        quote = factories.make_annotation(
            source,
            kind=Kind.QUOTE,
            fields={"speaker": "Ankara"},
            links=[Link(RelationType.SAID_BY, mention.id)],
        )
        made += [*claims, quote]
    return made


@pytest.mark.parametrize("seed", range(3))
def test_lists_and_counters_follow_whatever_is_approved_corrected_and_withdrawn(seed: int) -> None:
    desk, sources, records = a_place()
    chance = random.Random(seed)  # noqa: S311 - the same each time
    some = make_some(sources, records)

    for _ in range(40):
        annotation = Annotation.objects.get(id=chance.choice(some).id)
        step(annotation, records, chance)
        check(desk)

    assert Publication.objects.filter(desk=desk).exists()


def step(annotation: Annotation, records: list[Entity], chance: random.Random) -> None:
    """Withdraws what is published now and then; else approves it, corrected first if need be."""
    if annotation.published_id and chance.random() < 0.5:
        withdraw(
            annotation=annotation,
            by=factories.member(annotation.desk, Role.MANAGER),
            reason="It was wrong.",
        )
        return
    head = annotation.versions.order_by("-number")[0]
    if head.state in (State.APPROVED, State.WITHDRAWN):
        fields = dict(head.fields)
        if annotation.kind == Kind.ENTITY:
            fields["entity"] = str(chance.choice(records).id)
        edit_annotation(
            annotation=annotation, by=head.author, expected_version=head.number, fields=fields
        )
    factories.approved(Annotation.objects.get(id=annotation.id))


@pytest.mark.django_db(transaction=True)
def test_counters_stay_true_while_many_approve_and_withdraw_at_once() -> None:
    desk, sources, records = a_place()
    some = [factories.submitted(each) for each in make_some(sources, records)]
    reviewer = factories.member(desk, Role.REVIEWER)
    manager = factories.member(desk, Role.MANAGER)

    def work(annotation: Annotation) -> None:
        try:
            decide(
                annotation=annotation,
                by=reviewer,
                expected_version=1,
                verdict=Decision.Verdict.APPROVE,
            )
            if annotation.kind != Kind.QUOTE:
                withdraw(annotation=annotation, by=manager, reason="It was wrong.")
                edit_annotation(
                    annotation=annotation, by=annotation.created_by, expected_version=1, fields=None
                )
                submit(annotation=annotation, by=annotation.created_by, expected_version=2)
                decide(
                    annotation=annotation,
                    by=reviewer,
                    expected_version=2,
                    verdict=Decision.Verdict.APPROVE,
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, some))

    check(desk)
    assert DeskTally.objects.get(desk=desk).published == len(some)


def test_what_was_published_before_there_were_lists_is_filled_in_without_counting_twice() -> None:
    desk, sources, records = a_place()
    some = [factories.approved(each) for each in make_some(sources, records)]

    for _ in range(2):
        execute("SELECT imprimatur_publish(%s::uuid[])", [each.id for each in some])

    check(desk)


def test_a_record_with_another_name_is_counted_under_it() -> None:
    desk, sources, records = a_place()
    factories.approved(factories.make_annotation(sources[0], fields={"entity": str(records[0].id)}))

    Entity.objects.filter(id=records[0].id).update(name="Baki")

    check(desk)


@pytest.mark.parametrize("table", TABLES)
def test_nothing_else_writes_the_lists(table: str) -> None:
    factories.approved(a_draft())

    with refused("lists_follow_what_is_published"):
        execute(f"DELETE FROM annotations_{table}")


def test_an_annotation_repeats_what_work_lists_ask_of_its_newest_version() -> None:
    annotation = a_draft()
    seen = [repeated(annotation)]

    factories.returned(annotation)
    seen.append(repeated(annotation))
    other = factories.add_member(annotation.desk, Role.EDITOR)
    edit_annotation(annotation=annotation, by=other, expected_version=1)
    seen.append(repeated(annotation))
    factories.approved(Annotation.objects.get(id=annotation.id))
    seen.append(repeated(annotation))

    assert [(state, author) for state, author, _ in seen] == [
        (State.DRAFT, annotation.created_by_id),
        (State.RETURNED, annotation.created_by_id),
        (State.DRAFT, other.id),
        (State.APPROVED, other.id),
    ]
    assert [at is None for _, _, at in seen] == [True, False, True, False]


def test_what_an_annotation_repeats_cannot_be_made_untrue() -> None:
    annotation = a_draft()

    execute("UPDATE annotations_annotation SET state = 'approved', author_id = NULL")

    assert repeated(annotation)[:2] == (State.DRAFT, annotation.created_by_id)


def repeated(annotation: Annotation) -> tuple[object, object, object]:
    row = Annotation.objects.select_related("head").get(id=annotation.id)
    assert row.head is not None
    assert (row.state, row.author_id, row.submitted_at) == (
        row.head.state, row.head.author_id, row.head.submitted_at,
    )  # fmt: skip
    return row.state, row.author_id, row.submitted_at
