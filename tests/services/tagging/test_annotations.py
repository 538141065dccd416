"""Tagging, editing, deleting and linking."""

from __future__ import annotations

from typing import Any

import pytest

from annotations.errors import Conflict, Invalid, NotFound, Outdated, Refused
from annotations.models import (
    Annotation,
    Event,
    EventType,
    Kind,
    RelationType,
    Role,
    State,
    Version,
)
from annotations.models.identity import new_id
from annotations.services.tagging.annotations import (
    add_relation,
    create_annotations,
    delete_annotation,
    edit_annotation,
    remove_relation,
    restore_annotation,
)
from annotations.services.tagging.drafts import Draft, Link, Part
from tests.factories import (
    TEXT,
    add_member,
    approved,
    create_annotation,
    make_annotation,
    make_desk,
    make_entity,
    make_source,
    make_user,
    member,
    submitted,
)

pytestmark = pytest.mark.django_db


def newest(annotation: Annotation) -> Version:
    return Annotation.objects.select_related("head__label").get(id=annotation.id).head  # type: ignore[return-value]


def events_of(annotation: Annotation) -> list[str]:
    return list(
        Event.objects.filter(annotation=annotation).order_by("seq").values_list("type", flat=True)
    )


def test_a_split_quote_keeps_its_parts_in_the_order_of_the_text() -> None:
    source = make_source(make_desk())

    quote = make_annotation(source, kind=Kind.QUOTE, spans=[(29, 33), (7, 17)])

    spans = newest(quote).spans.order_by("start")
    assert [(s.start, s.end, s.exact) for s in spans] == [(7, 17, "„welcomed“"), (29, 33, "Baku")]
    assert all(TEXT[s.start : s.end] == s.exact for s in spans)
    assert events_of(quote) == [EventType.ANNOTATION_CREATED]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "rumour"}, "kind"),
        ({"label": "checkable"}, "label"),
        ({"parts": []}, "spans"),
        ({"parts": [Part(0, 0)]}, "spans"),
        ({"parts": [Part(-1, 4)]}, "spans"),
        ({"parts": [Part(5, 2)]}, "spans"),
        ({"parts": [Part(0, len(TEXT) + 1)]}, "spans"),
        ({"parts": [Part(6, 7)]}, "spans"),
        ({"parts": [Part(0, 6), Part(5, 8)]}, "spans"),
        ({"parts": [Part(0, 6, "Ankar4")]}, "spans"),
        ({"parts": [Part(n, n + 1) for n in range(21)]}, "spans"),
        ({"fields": {"speaker": "Somebody"}}, "fields.speaker"),
        ({"fields": {"wikidata": "39259"}}, "fields.wikidata"),
        ({"links": [Link(RelationType.SAME_AS, new_id())]}, "relations"),
    ],
)
def test_wrong_input_is_named_and_changes_nothing(changes: dict[str, Any], field: str) -> None:
    source = make_source(make_desk())
    editor = member(source.desk, Role.EDITOR)
    given: dict[str, Any] = {
        "kind": "entity",
        "label": "place",
        "parts": [Part(0, 6)],
        "fields": {},
    }

    with pytest.raises(Invalid) as caught:
        create_annotation(source=source, by=editor, **(given | changes))

    assert list(caught.value.errors) == [field]
    assert not Annotation.objects.exists()


def test_a_mismatch_says_what_stands_there_and_what_was_sent() -> None:
    source = make_source(make_desk())
    editor = member(source.desk, Role.EDITOR)
    beyond_the_pair = TEXT.index("ounted") + 1  # as UTF-16 counts it

    with pytest.raises(Invalid, match="“unted ”, not “ounted”") as caught:
        create_annotation(
            source=source,
            by=editor,
            kind="entity",
            label="place",
            parts=[Part(beyond_the_pair, beyond_the_pair + 6, "ounted")],
            fields={},
        )

    assert "code points" in caught.value.sentence


def test_a_record_of_the_register_is_one_of_the_desk() -> None:
    source, other = make_source(make_desk()), make_desk()
    here, elsewhere = make_entity(source.desk), make_entity(other)

    annotation = make_annotation(source, fields={"entity": str(here.id)})
    with pytest.raises(Invalid) as caught:
        make_annotation(source, fields={"entity": str(elsewhere.id)})

    assert newest(annotation).fields == {"entity": str(here.id)}
    assert list(caught.value.errors) == ["fields.entity"]


def test_everything_that_is_wrong_is_named_at_once() -> None:
    source = make_source(make_desk())

    with pytest.raises(Invalid) as caught:
        make_annotation(
            source,
            label="planet",
            spans=[(0, 9_999)],
            fields={"colour": "red", "wikidata": "Berlin"},
            links=[Link(RelationType.SAME_AS, new_id())],
        )

    assert set(caught.value.errors) == {
        "label",
        "spans",
        "fields.colour",
        "fields.wikidata",
        "relations",
    }


def test_a_required_field_may_not_be_missing() -> None:
    source = make_source(make_desk())

    with pytest.raises(Invalid) as caught:
        make_annotation(source, kind=Kind.CLAIM, fields={"normalized": "  "})

    assert list(caught.value.errors) == ["fields.normalized"]


@pytest.mark.parametrize(("role", "error"), [(Role.READER, Refused), (None, NotFound)])
def test_readers_and_strangers_cannot_tag(role: Role | None, error: type[Exception]) -> None:
    source = make_source(make_desk())
    person = member(source.desk, role) if role else make_user("Stranger")

    with pytest.raises(error):
        make_annotation(source, by=person)

    assert not Annotation.objects.exists()


def test_a_retry_with_the_same_id_makes_no_second_one() -> None:
    source, id = make_source(make_desk()), new_id()
    first = make_annotation(source, id=id)

    second = make_annotation(source, id=id)

    assert first == second
    assert Version.objects.count() == 1
    assert events_of(first) == [EventType.ANNOTATION_CREATED]


def test_the_id_of_somebody_elses_annotation_is_refused() -> None:
    source, id = make_source(make_desk()), new_id()
    make_annotation(source, id=id)

    with pytest.raises(Conflict, match="already in use"):
        make_annotation(source, id=id, by=add_member(source.desk, Role.EDITOR))


def test_an_edit_makes_a_draft_and_keeps_what_is_not_given() -> None:
    source = make_source(make_desk())
    editor = member(source.desk, Role.EDITOR)
    place = make_annotation(source)
    claim = make_annotation(source, kind=Kind.CLAIM, links=[Link(RelationType.ABOUT, place.id)])

    edit_annotation(annotation=claim, by=editor, expected_version=1, label="opinion")

    head = newest(claim)
    assert (head.number, head.state, head.label.name) == (2, State.DRAFT, "opinion")
    assert head.fields == {"normalized": "Baku said no to the talks."}
    assert [s.exact for s in head.spans.all()] == ["Ankara"]
    assert head.relations.get().to_id == place.id


def test_an_edit_of_what_is_published_waits_for_review() -> None:
    annotation = approved(make_annotation(make_source(make_desk())))
    editor = member(annotation.desk, Role.EDITOR)

    edit_annotation(annotation=annotation, by=editor, expected_version=1, parts=[Part(29, 33)])

    published = Annotation.objects.select_related("published").get(id=annotation.id).published
    assert published is not None
    assert (published.number, published.state) == (1, State.APPROVED)
    assert newest(annotation).state == State.DRAFT
    approved(Annotation.objects.get(id=annotation.id))
    assert Annotation.objects.get(id=annotation.id).published == newest(annotation)


def test_an_edit_of_an_outdated_version_brings_the_current_one_back() -> None:
    annotation = make_annotation(make_source(make_desk()))
    editor = member(annotation.desk, Role.EDITOR)
    edit_annotation(annotation=annotation, by=editor, expected_version=1, parts=[Part(29, 33)])

    with pytest.raises(Outdated) as caught:
        edit_annotation(annotation=annotation, by=editor, expected_version=1, parts=[Part(0, 3)])

    assert caught.value.current.head.number == 2
    assert newest(annotation).spans.get().exact == "Baku"


def test_an_edit_carries_a_link_to_what_was_deleted_since() -> None:
    source = make_source(make_desk())
    editor = member(source.desk, Role.EDITOR)
    place = make_annotation(source)
    claim = make_annotation(source, kind=Kind.CLAIM, links=[Link(RelationType.ABOUT, place.id)])
    delete_annotation(annotation=place, by=editor, expected_version=1)

    edit_annotation(annotation=claim, by=editor, expected_version=1, label="unclear")

    assert newest(claim).relations.get().to_id == place.id


def test_deleting_and_restoring() -> None:
    annotation = make_annotation(make_source(make_desk()))
    editor = member(annotation.desk, Role.EDITOR)

    delete_annotation(annotation=annotation, by=editor, expected_version=1)
    with pytest.raises(NotFound):
        submitted(annotation)
    restore_annotation(annotation=annotation, by=editor)
    restore_annotation(annotation=annotation, by=editor)

    assert submitted(annotation).deleted_at is None
    assert events_of(annotation) == [
        EventType.ANNOTATION_CREATED,
        EventType.ANNOTATION_DELETED,
        EventType.ANNOTATION_RESTORED,
        EventType.ANNOTATION_SUBMITTED,
    ]


def test_only_its_creator_or_a_reviewer_deletes() -> None:
    annotation = make_annotation(make_source(make_desk()))
    other = add_member(annotation.desk, Role.EDITOR)

    with pytest.raises(Refused):
        delete_annotation(annotation=annotation, by=other, expected_version=1)
    reviewer = member(annotation.desk, Role.REVIEWER)
    deleted = delete_annotation(annotation=annotation, by=reviewer, expected_version=1)

    assert deleted.deleted_at is not None


def test_what_is_published_is_withdrawn_not_deleted() -> None:
    annotation = approved(make_annotation(make_source(make_desk())))

    with pytest.raises(Conflict, match="withdraw"):
        delete_annotation(
            annotation=annotation, by=member(annotation.desk, Role.EDITOR), expected_version=1
        )


def test_a_link_that_an_edit_names_again_keeps_its_id() -> None:
    source = make_source(make_desk())
    claim, other = make_annotation(source, kind=Kind.CLAIM), make_annotation(source)
    link = Link(RelationType.ABOUT, other.id)
    edited = edit_annotation(
        annotation=claim, by=claim.created_by, expected_version=1, links=[link]
    )

    again = edit_annotation(
        annotation=edited,
        by=claim.created_by,
        expected_version=2,
        links=[Link(RelationType.ABOUT, other.id)],
    )

    assert [relation.uid for relation in again.head.relations.all()] == [link.uid]


def test_a_link_keeps_its_id_from_version_to_version_until_it_is_removed() -> None:
    source = make_source(make_desk())
    editor = member(source.desk, Role.EDITOR)
    quote = make_annotation(source, kind=Kind.QUOTE, spans=[(7, 17)])
    speaker = make_annotation(source, label="person")

    link = add_relation(
        annotation=quote, by=editor, expected_version=1, type="said_by", to=speaker.id
    )
    quote = edit_annotation(annotation=quote, by=editor, expected_version=2, label="mixed")
    carried = newest(quote).relations.get()
    quote = remove_relation(annotation=quote, by=editor, expected_version=3, uid=link.uid)

    assert carried.uid == link.uid
    assert not newest(quote).relations.exists()
    with pytest.raises(NotFound):
        remove_relation(annotation=quote, by=editor, expected_version=4, uid=link.uid)


@pytest.mark.parametrize(
    ("type", "origin", "target"),
    [
        ("said_by", Kind.CLAIM, Kind.ENTITY),
        ("said_by", Kind.QUOTE, Kind.CLAIM),
        ("supports", Kind.CLAIM, Kind.QUOTE),
        ("stated_in", Kind.CLAIM, Kind.ENTITY),
        ("same_as", Kind.ENTITY, Kind.FLAG),
        ("about", Kind.ENTITY, Kind.ENTITY),
    ],
)
def test_a_link_between_the_wrong_kinds_is_refused(type: str, origin: Kind, target: Kind) -> None:
    source = make_source(make_desk())
    one, other = make_annotation(source, kind=origin), make_annotation(source, kind=target)

    with pytest.raises(Invalid) as caught:
        add_relation(annotation=one, by=one.created_by, expected_version=1, type=type, to=other.id)

    assert list(caught.value.errors) == ["relations"]


def test_many_at_once_may_link_each_other() -> None:
    source = make_source(make_desk())
    claim, place = new_id(), new_id()
    drafts = [
        Draft(
            kind="claim",
            label="checkable",
            parts=[Part(29, 50)],
            fields={"normalized": "Baku said no."},
            links=[Link(RelationType.ABOUT, place)],
            id=claim,
        ),
        Draft(kind="entity", label="place", parts=[Part(29, 33)], fields={}, id=place),
    ]

    written = create_annotations(source=source, by=member(source.desk, Role.EDITOR), drafts=drafts)

    assert [(each.id, is_new) for each, is_new in written] == [(claim, True), (place, True)]
    assert newest(written[0][0]).relations.get().to_id == place


def test_many_at_once_are_all_written_or_none() -> None:
    source = make_source(make_desk())
    good = Draft(kind="entity", label="place", parts=[Part(29, 33)], fields={})
    bad = Draft(kind="entity", label="place", parts=[Part(0, 999)], fields={})

    with pytest.raises(Invalid) as caught:
        create_annotations(source=source, by=member(source.desk, Role.EDITOR), drafts=[good, bad])

    assert list(caught.value.errors) == ["annotations.1.spans"]
    assert not Annotation.objects.exists()
