"""Nothing that was not approved is in any byte of what is published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.urls import reverse

from annotations.models import (
    Annotation,
    Decision,
    Desk,
    Kind,
    RelationType,
    Role,
    Source,
    Suggestion,
)
from annotations.services.comments import edit_comment, resolve_thread
from annotations.services.review import withdraw
from annotations.services.suggestions.decide import accept_suggestions, dismiss_suggestions
from annotations.services.suggestions.propose import suggest_occurrences
from annotations.services.tagging.annotations import Link, delete_annotation, edit_annotation
from annotations.text.normalisation import sha256
from tests import factories
from tests.api.client import anonymous, published, read
from tests.api.test_access import PUBLISHED
from tests.web.rows import make_release

pytestmark = pytest.mark.django_db

SECRET = "sesame"  # every word that must not come out holds it


@dataclass(frozen=True)
class Place:
    desk: Desk
    source: Source
    shown: Annotation

    def flag(self, note: str) -> Annotation:
        return factories.make_annotation(
            self.source, kind=Kind.FLAG, fields={"note": f"{SECRET} {note}"}
        )


@pytest.fixture
def place() -> Place:
    """A public desk with one published annotation."""
    desk = factories.make_desk(is_public=True)
    source = factories.make_source(desk)
    return Place(desk, source, factories.approved(factories.make_annotation(source)))


def everything(place: Place, *others: Annotation) -> Iterator[bytes]:
    """What each published endpoint says, to those who also know the ids of the others."""
    make_release(place.desk)
    arguments = {
        "source": [[place.source.id]],
        "text": [[place.source.id]],
        "source-container": [[place.source.id]],
        "release": [[1]],
        "diff": [[1]],
        "release-file": [[1, "manifest.json"]],
        "claim": [[each.id] for each in others] or [[place.shown.id]],
        "quote": [[each.id] for each in others] or [[place.shown.id]],
        "annotation": [[each.id] for each in (place.shown, *others)],
        "entity": [[each.id] for each in place.desk.entities.all()] or [[place.shown.id]],
    }
    for name, _ in sorted(PUBLISHED):
        for given in arguments.get(name, [[]]):
            address = reverse(f"api:{name}", args=[place.desk.slug, *given])
            for accept in ("application/json", "application/ld+json"):
                yield anonymous().get(address, headers={"Accept": accept}).getvalue()
    for narrowed in (
        "q=sesame",
        "speaker=sesame",
        "include=source,entities,relations",
        *(f"entity={each.id}" for each in others),
    ):
        yield anonymous().get(published(place.desk, f"annotations?{narrowed}")).getvalue()


def says_nothing(place: Place, *others: Annotation) -> None:
    said = b"\n".join(everything(place, *others))

    assert str(place.shown.id).encode() in said
    assert SECRET.encode() not in said
    for each in others:
        assert str(each.id).encode() not in said


def test_drafts_and_what_waits_for_review(place: Place) -> None:
    says_nothing(place, place.flag("a draft"), factories.submitted(place.flag("waits")))


@pytest.mark.parametrize("verdict", [Decision.Verdict.RETURN, Decision.Verdict.REJECT])
def test_what_was_refused_and_why(place: Place, verdict: Decision.Verdict) -> None:
    refused = factories.decided(place.flag("refused"), verdict, note=f"{SECRET}: not so.")

    says_nothing(place, refused)


def test_the_note_of_an_approval(place: Place) -> None:
    annotation = factories.make_annotation(place.source, spans=[(29, 33)])
    factories.decided(annotation, Decision.Verdict.APPROVE, note=f"{SECRET}: checked twice.")

    says_nothing(place)


def test_what_was_deleted(place: Place) -> None:
    flag = place.flag("deleted")
    editor = factories.member(place.desk, Role.EDITOR)

    says_nothing(place, delete_annotation(annotation=flag, by=editor, expected_version=1))


def test_what_programs_propose_until_it_is_approved_like_any_tag(place: Place) -> None:
    editor = factories.member(place.desk, Role.EDITOR)
    source = factories.make_source(place.desk, text=f"Baku {SECRET} Baku {SECRET} Baku. " * 2)
    mention = factories.make_annotation(source, spans=[(0, 4)])
    proposed = suggest_occurrences(annotation=mention, by=editor).ids
    suggestion = Suggestion.objects.get(id=proposed[0])
    dismiss_suggestions(desk=place.desk, by=editor, ids=proposed[1:2])

    says_nothing(place, mention)
    said = b"\n".join(everything(place, mention))
    assert not [id for id in proposed if str(id).encode() in said]
    assert suggestion.origin.encode() not in said

    accept_suggestions(desk=place.desk, by=editor, ids=proposed[2:])
    says_nothing(place, *Annotation.objects.filter(source=source))


def test_what_was_withdrawn_but_for_the_reason_in_the_feed(place: Place) -> None:
    flag = factories.approved(place.flag("withdrawn"))
    reviewer = factories.member(place.desk, Role.REVIEWER)
    withdraw(annotation=flag, by=reviewer, reason="The page was mended.")

    feed = anonymous().get(published(place.desk, "changes")).content
    said = b"\n".join(each for each in everything(place, flag) if each != feed)

    assert b"The page was mended." in feed
    assert str(flag.id).encode() not in said
    assert SECRET.encode() not in feed + said


def test_an_edit_of_what_was_approved(place: Place) -> None:
    claim = factories.approved(
        factories.make_annotation(place.source, kind=Kind.CLAIM, spans=[(29, 51)])
    )
    edit_annotation(
        annotation=claim,
        by=factories.member(place.desk, Role.EDITOR),
        expected_version=1,
        label="opinion",
        parts=None,
        fields={"normalized": f"{SECRET} said otherwise."},
        links=[Link(RelationType.ABOUT, place.shown.id)],
    )

    says_nothing(place)
    [found] = read(anonymous(), published(place.desk, "claims"))["results"]
    assert (found["version"], found["label"], found["about"]) == (1, "checkable", [])
    mention = read(anonymous(), published(place.desk, "entities"))["results"][0]
    assert mention["subject_of"] == []


def test_relations_to_and_from_what_is_not_published(place: Place) -> None:
    draft = factories.make_annotation(place.source, spans=[(29, 33)])
    factories.approved(
        factories.make_annotation(
            place.source,
            kind=Kind.QUOTE,
            spans=[(34, 41)],
            links=[Link(RelationType.SAID_BY, draft.id)],
        )
    )
    about = factories.make_annotation(
        place.source, kind=Kind.CLAIM, links=[Link(RelationType.ABOUT, place.shown.id)]
    )

    says_nothing(place, draft, about)
    for hidden in (draft, about):
        found = read(anonymous(), published(place.desk, "annotations"), entity=hidden.id)
        assert found["results"] == []


def test_sources_and_texts_on_which_nothing_published_stands(place: Place) -> None:
    source = factories.make_source(place.desk, title=f"{SECRET} title", text=f"A {SECRET} text.")
    factories.submitted(factories.make_annotation(source, spans=[(0, 1)]))

    says_nothing(place)
    for path in (f"sources/{source.id}", f"sources/{source.id}/text"):
        assert anonymous().get(published(place.desk, path)).status_code == 404
    assert read(anonymous(), published(place.desk, "annotations"), source=source.id) == {
        "next": None,
        "results": [],
    }


def test_texts_on_which_only_later_work_stands(place: Place) -> None:
    first = place.source.revisions.get()
    text = f"A {SECRET} text."
    first.pk, first.number, first.text = None, 2, text
    first.length, first.sha256 = len(text), sha256(text)
    first.save(force_insert=True)
    factories.submitted(factories.make_annotation(place.source, spans=[(0, 1)]))

    says_nothing(place)
    address = published(place.desk, f"sources/{place.source.id}/text")
    assert anonymous().get(address).content.decode() == factories.TEXT
    assert anonymous().get(address, {"revision": 2}).status_code == 404


def test_what_was_said_about_it(place: Place) -> None:
    reviewer = factories.member(place.desk, Role.REVIEWER)
    said = factories.make_comment(place.shown, f"{SECRET}: a comment.", mentions=[reviewer])
    factories.make_comment(place.shown, f"{SECRET}: a reply.", by=reviewer, thread=said)
    edit_comment(comment=said, by=said.author, body=f"{SECRET}: said otherwise.")
    resolve_thread(comment=said, by=reviewer)

    says_nothing(place)
    assert str(said.id).encode() not in b"\n".join(everything(place))


def test_register_records_that_no_published_mention_stands_for(place: Place) -> None:
    factories.make_entity(place.desk, f"{SECRET} record")

    says_nothing(place)


def test_other_desks(place: Place) -> None:
    other = factories.make_source(factories.make_desk(), text=f"A {SECRET} text.")
    hidden = factories.approved(factories.make_annotation(other, spans=[(2, 8)]))

    says_nothing(place, hidden)


def test_addresses_of_people(place: Place) -> None:
    said = b"\n".join(everything(place))

    assert b"example.org" not in said
    assert b"@" not in said.replace(b"@context", b"")
