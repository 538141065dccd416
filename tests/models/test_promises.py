"""Each promise that the database keeps itself, attacked by SQL that goes past every service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from annotations.models import (
    TRANSITIONS,
    Annotation,
    Chunk,
    Decision,
    Event,
    Kind,
    Ledger,
    Relation,
    RelationType,
    Release,
    Revision,
    Role,
    State,
    Version,
)
from annotations.models.identity import new_id
from annotations.services.annotations import edit_annotation
from annotations.services.desks import set_authors_may_approve
from annotations.services.drafts import Link, Part
from tests.factories import (
    approved,
    make_annotation,
    make_desk,
    make_source,
    member,
    rejected,
    returned,
    submitted,
)

pytestmark = pytest.mark.django_db


def execute(sql: str, *values: Any) -> None:
    """The statement, then the checks that otherwise wait for the commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@contextmanager
def refused(rule: str) -> Iterator[None]:
    """The database refuses what is inside, and says by which rule."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == rule


def a_draft(**values: Any) -> Annotation:
    return make_annotation(make_source(make_desk()), **values)


def insert_version(annotation: Annotation, **changes: Any) -> Version:
    """A version as the service writes it, save what is changed."""
    head = annotation.versions.order_by("-number")[0]
    values = {
        "annotation": annotation,
        "number": head.number + 1,
        "revision": head.revision,
        "label": head.label,
        "author": head.author,
    }
    return Version.objects.create(**(values | changes))


def insert_span(version: Version, start: int, end: int, exact: str) -> None:
    execute(
        'INSERT INTO annotations_span (version_id, start, "end", exact, prefix, suffix) '
        "VALUES (%s, %s, %s, %s, '', '')",
        version.id,
        start,
        end,
        exact,
    )


# --- what never changes -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "column", "rule"),
    [
        ("revision", "text", "revision_is_immutable"),
        ("span", "exact", "span_is_immutable"),
        ("relation", "type", "relation_is_immutable"),
        ("decision", "note", "decision_is_immutable"),
        ("event", "note", "events_are_append_only"),
        ("release", "notes", "release_is_immutable"),
        ("releasefile", "name", "release_file_is_immutable"),
    ],
)
def test_rows_of_the_record_can_be_neither_changed_nor_removed(
    table: str, column: str, rule: str
) -> None:
    desk = make_desk()
    source = make_source(desk)
    place = approved(make_annotation(source))
    approved(make_annotation(source, kind=Kind.CLAIM, links=[Link(RelationType.ABOUT, place.id)]))
    release = make_release_row(desk)
    release.files.create(name="a.jsonl", media_type="application/jsonl", size=1, sha256="a" * 64)

    with refused(rule):
        execute(f"UPDATE annotations_{table} SET {column} = {column} || 'x'")
    with refused(rule):
        execute(f"DELETE FROM annotations_{table}")


@pytest.mark.parametrize(
    "change",
    [
        "number = 7",
        "label_id = label_id + 1",
        'fields = \'{"note": "other"}\'',
        "created_at = now() - interval '1 year'",
    ],
)
def test_what_a_version_says_never_changes(change: str) -> None:
    head = a_draft().head_id

    with refused("version_is_immutable"):
        execute(f"UPDATE annotations_version SET {change} WHERE id = %s", head)


def test_a_version_cannot_be_removed() -> None:
    a_draft()

    with refused("version_is_kept"):
        execute("DELETE FROM annotations_version")


def test_a_version_takes_no_more_spans_once_it_is_the_head() -> None:
    annotation = a_draft()

    with refused("version_is_immutable"):
        insert_span(annotation.versions.get(), 8, 11, annotation.versions.get().revision.text[8:11])


def test_a_version_takes_no_more_relations_once_it_is_the_head() -> None:
    source = make_source(make_desk())
    place, claim = make_annotation(source), make_annotation(source, kind=Kind.CLAIM)

    with refused("version_is_immutable"):
        Relation.objects.create(version=claim.versions.get(), type="about", to=place)


@pytest.mark.parametrize(
    "table", ["annotation", "source", "codebook", "label", "fielddefinition", "chunk"]
)
def test_what_others_point_to_is_kept(table: str) -> None:
    a_draft()
    rules = {"label": "codebook_is_immutable", "fielddefinition": "codebook_is_immutable"}
    rules |= {"codebook": "codebook_is_immutable", "chunk": "chunk_is_immutable"}

    with refused(rules.get(table, f"{table}_is_kept")):
        execute(f"DELETE FROM annotations_{table}")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("annotation SET id = gen_random_uuid()", "annotation_stays_put"),
        ("source SET id = gen_random_uuid()", "source_stays_on_its_desk"),
        ("source SET desk_id = gen_random_uuid()", "source_stays_on_its_desk"),
        ("label SET kind = 'flag'", "codebook_is_immutable"),
        ("codebook SET guidelines = 'x'", "codebook_is_immutable"),
        ("fielddefinition SET required = true", "codebook_is_immutable"),
        ("chunk SET text = 'x'", "chunk_is_immutable"),
    ],
)
def test_what_others_point_to_stays_what_it_is(change: str, rule: str) -> None:
    a_draft()

    with refused(rule):
        execute(f"UPDATE annotations_{change}")


def test_one_statement_cannot_open_the_head_and_add_to_it() -> None:
    annotation = a_draft()
    claim = make_annotation(annotation.source, kind=Kind.CLAIM)
    touch = "WITH touched AS (UPDATE annotations_version SET submitted_at = now() WHERE id = %s) "
    span = (
        'INSERT INTO annotations_span (version_id, start, "end", exact, prefix, suffix) '
        "VALUES (%s, 29, 33, 'Baku', '', '')"
    )
    relation = (
        "INSERT INTO annotations_relation (uid, version_id, type, to_id) "
        "VALUES (gen_random_uuid(), %s, 'about', %s)"
    )
    head = claim.versions.get().id

    with refused("version_is_immutable"):
        execute(touch + span, head, head)
    with refused("version_is_immutable"):
        execute(touch + relation, head, head, annotation.id)
    with refused("version_is_immutable"):
        execute(f"WITH added AS ({span}) {relation}", head, head, annotation.id)


# --- a revision and the spans on it -----------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"length": 4}, "revision_length_is_true"),
        ({"sha256": "0" * 64}, "revision_sha256_is_true"),
        ({"number": 1}, "one_revision_per_number"),
    ],
)
def test_a_revision_tells_the_truth_about_its_text(changes: dict[str, Any], rule: str) -> None:
    revision = make_source(make_desk()).revisions.get()
    revision.pk, revision.number = None, 2
    for name, value in changes.items():
        setattr(revision, name, value)

    with refused(rule):
        revision.save(force_insert=True)


@pytest.mark.parametrize(
    ("start", "end", "exact", "rule"),
    [
        (29, 33, "BAKU", "span_is_exact"),
        (29, 33, "Bak", "span_is_exact"),
        (60, 9_999, "the votes.", "span_is_inside_the_text"),
        (3, 8, "ara „", "spans_do_not_overlap"),
        (6, 6, "", "span_is_not_empty"),
        (9, 7, "", "span_is_not_empty"),
    ],
)
def test_a_span_has_the_words_that_stand_there(start: int, end: int, exact: str, rule: str) -> None:
    version = insert_version(a_draft())
    insert_span(version, 0, 6, "Ankara")

    with refused(rule):
        insert_span(version, start, end, exact)


def test_offsets_of_the_database_count_code_points() -> None:
    version = insert_version(a_draft())
    start = version.revision.text.index("𝔠")

    insert_span(version, start, start + 7, "𝔠ounted")

    assert version.spans.get().exact == "𝔠ounted"


@pytest.mark.parametrize("length", [1, 1_023, 1_024, 1_025, 2_048, 2_049, 50_000])
def test_a_text_is_cut_into_chunks_of_code_points(length: int) -> None:
    text = ("a😀ğ́\n" * length)[: length - 1] + "."

    revision = make_source(make_desk(), text=text).revisions.get()

    chunks = list(revision.chunks.order_by("number").values_list("number", "text"))
    assert "".join(words for _, words in chunks) == revision.text
    assert [number for number, _ in chunks] == list(range(len(chunks)))
    assert all(len(words) == Chunk.SIZE for _, words in chunks[:-1])


def test_only_the_text_of_a_revision_makes_chunks() -> None:
    revision = make_source(make_desk()).revisions.get()

    with refused("chunk_is_cut_from_the_text"):
        execute(
            "INSERT INTO annotations_chunk (revision_id, number, text) VALUES (%s, 1, 'x')",
            revision.id,
        )


@pytest.mark.parametrize(
    ("start", "end"),
    [(1_018, 1_024), (1_024, 1_028), (1_022, 1_026), (0, 9_000), (8_999, 9_000)],
)
def test_a_span_may_cross_chunks(start: int, end: int) -> None:
    source = make_source(make_desk(), text="a😀" * 4_500)

    span = make_annotation(source, spans=[(start, end)]).versions.get().spans.get()

    text = source.revisions.get().text
    assert span.exact == text[start:end]
    assert span.prefix == text[max(0, start - 32) : start]
    assert span.suffix == text[end : end + 32]


def test_a_version_without_a_span_cannot_be_committed() -> None:
    annotation = a_draft()

    with refused("version_has_a_span"):
        insert_version(annotation)
        execute("SELECT 1")


# --- people -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "column"),
    [("annotation", "created_by_id"), ("version", "author_id"), ("event", "actor_id")],
)
def test_nobody_is_named_who_is_not_there(table: str, column: str) -> None:
    a_draft()
    name = f"annotations_{table}"
    with connection.cursor() as cursor:
        columns = [
            each.name for each in connection.introspection.get_table_description(cursor, name)
        ]
    id = (
        "gen_random_uuid()"
        if table == "annotation"
        else "nextval(pg_get_serial_sequence(%s, 'id'))"
    )
    new = {"id": id, column: "gen_random_uuid()", "head_id": "NULL", "number": "number + 1"}
    values = ", ".join(new.get(each, f'"{each}"') for each in columns)

    with refused("person_is_there"):
        execute(
            f"INSERT INTO {name} ({', '.join(columns)}) SELECT {values} FROM {name} LIMIT 1",
            *([name] if "%s" in id else []),
        )


def test_who_did_something_is_kept() -> None:
    person = a_draft().created_by

    with refused("person_is_kept"):
        execute("DELETE FROM annotations_user WHERE id = %s", person.id)
    with refused("person_is_kept"):
        execute("UPDATE annotations_user SET id = gen_random_uuid() WHERE id = %s", person.id)


# --- a version and its annotation -------------------------------------------------------------


@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
def test_a_version_starts_as_a_draft(state: State) -> None:
    annotation = a_draft()

    with refused("version_starts_as_draft"):
        insert_version(annotation, state=state)


def test_a_version_has_a_label_of_its_kind_and_desk() -> None:
    annotation = a_draft()
    elsewhere = a_draft().versions.get()
    other_kind = make_annotation(annotation.source, kind=Kind.FLAG).versions.get()

    with refused("version_fits_its_annotation"):
        insert_version(annotation, label=elsewhere.label)
    with refused("version_fits_its_annotation"):
        insert_version(annotation, label=other_kind.label)


def test_a_version_is_on_a_text_of_its_source() -> None:
    annotation = a_draft()
    other = make_source(annotation.desk).revisions.get()

    with refused("version_fits_its_annotation"):
        insert_version(annotation, revision=other)


def test_an_annotation_is_on_a_source_of_its_desk() -> None:
    here, elsewhere = make_source(make_desk()), make_source(make_desk())

    with refused("annotation_is_on_its_desk"):
        Annotation.objects.create(
            desk=here.desk, source=elsewhere, kind="entity", created_by=here.created_by
        )


def test_an_annotation_keeps_its_kind_and_source() -> None:
    annotation = a_draft()

    with refused("annotation_stays_put"):
        execute("UPDATE annotations_annotation SET kind = 'flag' WHERE id = %s", annotation.id)


def test_the_head_is_a_version_of_the_annotation() -> None:
    annotation, other = a_draft(), a_draft()

    with refused("head_is_its_version"):
        Annotation.objects.filter(id=annotation.id).update(head=other.head_id)


def test_two_annotations_cannot_have_one_id() -> None:
    annotation = a_draft()

    with refused("annotations_annotation_pkey"):
        execute(
            "INSERT INTO annotations_annotation "
            "(id, desk_id, source_id, kind, created_by_id, created_at, updated_at) "
            "SELECT id, desk_id, source_id, kind, created_by_id, now(), now() "
            "FROM annotations_annotation WHERE id = %s",
            annotation.id,
        )


def test_a_relation_stays_on_its_desk_and_leads_to_another() -> None:
    annotation, elsewhere = a_draft(), a_draft()
    version = insert_version(annotation)
    insert_span(version, 0, 6, "Ankara")

    with refused("relation_stays_on_the_desk"):
        Relation.objects.create(version=version, type="same_as", to=elsewhere)
    with refused("relation_stays_on_the_desk"):
        Relation.objects.create(version=version, type="same_as", to=annotation)


# --- the way to publication -------------------------------------------------------------------


def in_state(state: State) -> Version:
    """A version that came to this state by the services."""
    annotation = a_draft()
    if state == State.SUBMITTED:
        submitted(annotation)
    elif state == State.APPROVED:
        approved(annotation)
    elif state == State.RETURNED:
        returned(annotation)
    elif state == State.REJECTED:
        rejected(annotation)
    elif state == State.WITHDRAWN:
        approved(annotation)
        Annotation.objects.filter(id=annotation.id).update(published=None, published_at=None)
        Version.objects.filter(annotation=annotation).update(state=State.WITHDRAWN)
    return annotation.versions.get()


@pytest.mark.parametrize(
    ("before", "after"),
    [pair for pair in product(State, State) if pair not in TRANSITIONS and pair[0] != pair[1]],
)
def test_a_transition_that_is_not_in_the_table_is_refused(before: State, after: State) -> None:
    version = in_state(before)

    with refused("transition_is_allowed"):
        Version.objects.filter(id=version.id).update(state=after)


def test_the_database_has_the_same_table_of_transitions() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT before, after FROM unnest(%s::text[]) AS before, unnest(%s::text[]) AS after "
            "WHERE imprimatur_may_go(before, after)",
            [State.values, State.values],
        )
        allowed = set(cursor.fetchall())

    assert allowed == TRANSITIONS


@pytest.mark.parametrize("state", [State.APPROVED, State.RETURNED, State.REJECTED])
def test_only_a_decision_ends_a_review(state: State) -> None:
    version = in_state(State.SUBMITTED)

    with refused("state_follows_a_decision"):
        Version.objects.filter(id=version.id).update(state=state)


def test_a_decision_for_another_verdict_does_not_approve() -> None:
    version = in_state(State.SUBMITTED)
    reviewer = member(version.annotation.desk, Role.REVIEWER)
    Decision.objects.create(version=version, verdict="reject", note="No.", by=reviewer)

    with refused("state_follows_a_decision"):
        Version.objects.filter(id=version.id).update(state=State.APPROVED)


def test_nobody_approves_a_version_of_their_own() -> None:
    version = in_state(State.SUBMITTED)

    with refused("approver_is_not_the_author"):
        Decision.objects.create(version=version, verdict="approve", by=version.author)


def test_a_desk_may_let_authors_approve() -> None:
    version = in_state(State.SUBMITTED)
    desk = version.annotation.desk
    set_authors_may_approve(desk=desk, by=member(desk, Role.MANAGER), allowed=True)

    Decision.objects.create(version=version, verdict="approve", by=version.author)

    assert version.decisions.get().verdict == "approve"


@pytest.mark.parametrize("state", [state for state in State if state != State.SUBMITTED])
def test_only_what_is_in_review_is_decided(state: State) -> None:
    version = in_state(state)
    reviewer = member(version.annotation.desk, Role.REVIEWER)

    with refused("only_submitted_is_decided"):
        Decision.objects.create(version=version, verdict="approve", by=reviewer)


def test_a_return_needs_a_note() -> None:
    version = in_state(State.SUBMITTED)
    reviewer = member(version.annotation.desk, Role.REVIEWER)

    with refused("a_return_or_rejection_has_a_note"):
        Decision.objects.create(version=version, verdict="return", by=reviewer)


@pytest.mark.parametrize("state", [state for state in State if state != State.APPROVED])
def test_only_an_approved_version_is_published(state: State) -> None:
    version = in_state(state)

    with refused("published_is_approved"):
        Annotation.objects.filter(id=version.annotation_id).update(published=version)


def test_an_annotation_cannot_publish_the_version_of_another() -> None:
    annotation, other = a_draft(), approved(a_draft())

    with refused("published_is_approved"):
        Annotation.objects.filter(id=annotation.id).update(published=other.published_id)


def test_a_published_version_cannot_be_withdrawn_and_stay_published() -> None:
    version = in_state(State.APPROVED)

    with refused("published_is_approved"):
        execute("UPDATE annotations_version SET state = 'withdrawn' WHERE id = %s", version.id)


def test_what_is_published_cannot_be_deleted() -> None:
    annotation = approved(a_draft())

    with refused("published_is_not_deleted"):
        execute("UPDATE annotations_annotation SET deleted_at = now() WHERE id = %s", annotation.id)


def test_the_published_version_outlives_an_edit() -> None:
    annotation = approved(a_draft())
    editor = member(annotation.desk, Role.EDITOR)

    edit_annotation(annotation=annotation, by=editor, expected_version=1, parts=[Part(29, 33)])
    execute("SELECT 1")

    assert Annotation.objects.get(id=annotation.id).published_id == annotation.published_id


# --- the ledger -------------------------------------------------------------------------------


def test_events_are_numbered_without_gaps_whatever_number_they_bring() -> None:
    desk = make_desk()
    before = Ledger.objects.get(desk=desk).seq

    Event.objects.create(desk=desk, type="desk.changed", seq=9_999)
    Event.objects.create(desk=desk, type="desk.changed", seq=1)

    seqs = Event.objects.filter(desk=desk).order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, before + 3))


def test_events_of_two_desks_in_one_statement_are_numbered_each_on_its_own() -> None:
    desks = [make_desk(), make_desk()]
    before = [Ledger.objects.get(desk=desk).seq for desk in desks]

    Event.objects.bulk_create(Event(desk=desks[n % 2], type="desk.changed") for n in range(6))

    for desk, count in zip(desks, before, strict=True):
        seqs = Event.objects.filter(desk=desk).order_by("seq").values_list("seq", flat=True)
        assert list(seqs) == list(range(1, count + 4))
        assert Ledger.objects.get(desk=desk).seq == count + 3


def test_an_event_is_about_a_source_and_an_annotation_of_its_desk() -> None:
    annotation, elsewhere = a_draft(), a_draft()

    with refused("event_is_on_its_desk"):
        Event.objects.create(desk=annotation.desk, type="x", source=elsewhere.source)
    with refused("event_is_on_its_desk"):
        Event.objects.create(desk=annotation.desk, type="x", annotation=elsewhere)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE annotations_ledger SET seq = 0",
        "UPDATE annotations_ledger SET seq = seq + 1",
        "UPDATE annotations_ledger SET seq = seq - 1",
        "DELETE FROM annotations_ledger",
    ],
)
def test_the_ledger_counts_its_events_and_nothing_else(attack: str) -> None:
    make_desk()

    with refused("ledger_only_counts_events"):
        execute(attack)


# --- releases ---------------------------------------------------------------------------------


def make_release_row(desk: Any, **changes: Any) -> Release:
    values = {
        "desk": desk,
        "number": 1,
        "annotation_count": 1,
        "manifest_sha256": "a" * 64,
        "created_by": member(desk, Role.MANAGER),
        "created_at": "2026-01-01T00:00:00Z",
    }
    return Release.objects.create(**(values | changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 2, "previous_sha256": "b" * 64},
        {"number": 2, "previous_sha256": ""},
        {"number": 3, "previous_sha256": "a" * 64},
    ],
)
def test_a_release_follows_the_newest_one_and_names_its_hash(changes: dict[str, Any]) -> None:
    desk = make_desk()
    make_release_row(desk)

    with refused("release_is_chained"):
        make_release_row(desk, **changes)


def test_a_release_takes_no_files_after_its_manifest() -> None:
    release = make_release_row(make_desk())
    release.files.create(name="manifest.json", media_type="application/json", size=1, sha256="a")

    with refused("release_is_immutable"):
        release.files.create(name="late.jsonl", media_type="application/jsonl", size=1, sha256="b")


def test_ids_grow_with_time() -> None:
    ids = [new_id() for _ in range(100)]

    assert ids == sorted(ids)
    assert {id.version for id in ids} == {7}


def test_two_users_cannot_share_an_address_in_other_letters() -> None:
    user = member(make_desk(), Role.EDITOR)

    with refused("one_user_per_email"):
        type(user).objects.create_user(user.email.upper(), "x", name="Same")


def test_a_revision_with_an_empty_text_is_refused() -> None:
    revision = make_source(make_desk()).revisions.get()
    empty = Revision(
        source=revision.source,
        number=2,
        text="",
        length=0,
        sha256="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        original=b"",
        importer="pasted",
        importer_version="1",
        created_by=revision.created_by,
    )

    with refused("revision_has_a_text"):
        empty.save()
