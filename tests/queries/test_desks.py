from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from annotations.errors import NotFound, Refused
from annotations.models import Kind, Role
from annotations.policy import Action
from annotations.queries.desks import codebook_document, desk_for, members_of, memberships_of
from annotations.queries.sources import latest_revision, source_on, sources_of
from tests.factories import (
    approved,
    make_annotation,
    make_desk,
    make_source,
    make_user,
    member,
    returned,
    submitted,
)

pytestmark = pytest.mark.django_db


def test_a_member_gets_the_desk_and_their_role() -> None:
    desk = make_desk()

    assert desk_for(member(desk, Role.EDITOR), desk.slug) == (desk, Role.EDITOR)


def test_strangers_cannot_tell_a_desk_from_none() -> None:
    desk = make_desk()

    with pytest.raises(NotFound) as there:
        desk_for(make_user(), desk.slug)
    with pytest.raises(NotFound) as missing:
        desk_for(make_user(), "no-such-desk")
    with pytest.raises(NotFound) as signed_out:
        desk_for(AnonymousUser(), desk.slug)

    assert there.value.sentence == missing.value.sentence == signed_out.value.sentence


def test_a_role_too_low_is_refused() -> None:
    desk = make_desk()

    with pytest.raises(Refused):
        desk_for(member(desk, Role.EDITOR), desk.slug, Action.DECIDE)


def test_people_see_their_own_desks_only() -> None:
    desk = make_desk()
    make_desk()

    assert [m.desk for m in memberships_of(member(desk, Role.READER))] == [desk]
    assert members_of(desk).count() == 4


def test_the_codebook_says_labels_fields_and_relations_of_each_kind() -> None:
    document = codebook_document(make_desk())

    kinds = {kind["kind"]: kind for kind in document["kinds"]}
    assert list(kinds) == Kind.values
    assert [label["name"] for label in kinds["quote"]["labels"]] == ["direct", "indirect", "mixed"]
    assert {f["name"]: f["required"] for f in kinds["claim"]["fields"]}["normalized"] is True
    assert {"type": "said_by", "title": "said by", "to": ["entity"]} in kinds["quote"]["relations"]


def test_sources_are_listed_newest_first_with_their_counts() -> None:
    desk = make_desk()
    older = make_source(desk, title="Older")
    newer = make_source(desk, title="Newer", text="Some 😀 words.")
    make_annotation(older)
    returned(make_annotation(older))
    submitted(make_annotation(older))
    approved(make_annotation(older))

    listed = list(sources_of(desk))

    assert listed == [newer, older]
    assert listed[0].length == 13
    counts = ("annotation_count", "open_count", "review_count", "published_count")
    assert [getattr(listed[1], count) for count in counts] == [4, 2, 1, 1]


def test_a_source_of_another_desk_is_not_found() -> None:
    source = make_source(make_desk())

    with pytest.raises(NotFound):
        source_on(make_desk(), source.id)


def test_the_latest_revision_comes_without_its_original_bytes() -> None:
    revision = latest_revision(make_source(make_desk()))

    assert revision.get_deferred_fields() == {"original"}
