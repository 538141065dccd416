"""Tagging: create, edit, delete and restore annotations, and link them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from annotations import policy
from annotations.errors import Conflict, Invalid, NotFound, Outdated, Refused
from annotations.models import (
    Annotation,
    Codebook,
    EventType,
    Kind,
    Relation,
    RelationType,
    Revision,
    Source,
    User,
    Version,
)
from annotations.models.identity import new_id
from annotations.policy import Action
from annotations.queries.desks import codebook_of
from annotations.services.events import record_about
from annotations.services.versions import Link, Part, links_of, parts_of, write_version

MOST_AT_ONCE = 1_000


@dataclass(frozen=True)
class Draft:
    """An annotation that is to be written, one of many."""

    kind: str
    label: str
    parts: Sequence[Part]
    fields: Mapping[str, object]
    links: Sequence[Link] = ()
    id: UUID | None = None
    origin: str = ""  # the program that proposed it, see Suggestion


@transaction.atomic
def create_annotation(
    *,
    source: Source,
    by: User,
    kind: str,
    label: str,
    parts: Sequence[Part],
    fields: Mapping[str, object],
    links: Sequence[Link] = (),
    id: UUID | None = None,
) -> tuple[Annotation, bool]:
    """Tag spans of the source's newest revision. Returns the annotation and whether it is new.

    The same `id` again, by the same person on the same source, returns what is there: a retry never
    makes two, not even one that runs beside the first. Raises Invalid, Conflict (the id belongs to
    another), NotFound, Refused.
    """
    policy.require(by, source.desk, Action.TAG)
    draft = Draft(kind, label, parts, fields, links, id)
    annotation, is_new = _open(draft, source, by)
    if is_new:
        codebook = codebook_of(source.desk)
        version = _write_draft(annotation, draft, codebook, _newest(source), by)
        record_about(annotation, version, EventType.ANNOTATION_CREATED, by)
    return annotation, is_new


@transaction.atomic
def create_annotations(
    *, source: Source, by: User, drafts: Sequence[Draft]
) -> list[tuple[Annotation, bool]]:
    """Up to MOST_AT_ONCE as by create_annotation, all or none; they may link each other.

    Raises as it does; the errors of Invalid are named `annotations.<position>.<field>`.
    """
    policy.require(by, source.desk, Action.TAG)
    if len(drafts) > MOST_AT_ONCE:
        raise Invalid({"annotations": [f"At most {MOST_AT_ONCE} can be sent at once."]})
    if len({draft.id for draft in drafts if draft.id}) < sum(1 for draft in drafts if draft.id):
        raise Invalid({"annotations": ["Each annotation needs an id of its own."]})
    codebook, revision = codebook_of(source.desk), _newest(source)
    errors: dict[str, Sequence[str]] = {}
    opened: list[tuple[Annotation, bool]] = []
    for position, draft in enumerate(drafts):
        with _collected(errors, position):
            opened.append(_open(draft, source, by))
    if errors:
        raise Invalid(errors)
    versions: list[tuple[Annotation, Version]] = []
    for position, (draft, (annotation, is_new)) in enumerate(zip(drafts, opened, strict=True)):
        if is_new:
            with _collected(errors, position):
                version = _write_draft(annotation, draft, codebook, revision, by)
                versions.append((annotation, version))
    if errors:
        raise Invalid(errors)
    for annotation, version in versions:
        record_about(annotation, version, EventType.ANNOTATION_CREATED, by)
    return opened


@transaction.atomic
def edit_annotation(
    *,
    annotation: Annotation,
    by: User,
    expected_version: int,
    label: str | None = None,
    parts: Sequence[Part] | None = None,
    fields: Mapping[str, object] | None = None,
    links: Sequence[Link] | None = None,
) -> Annotation:
    """Write the next version, a draft; what is not given stays, what is published stays published.

    Raises Outdated when `expected_version` is not the newest, Invalid, Conflict, NotFound, Refused.
    """
    policy.require(by, annotation.desk, Action.TAG)
    annotation = lock(annotation, expected_version)
    head = head_of(annotation)
    version = write_version(
        annotation=annotation,
        codebook=codebook_of(annotation.desk),
        revision=head.revision,
        by=by,
        label=label or head.label.name,
        parts=parts_of(head) if parts is None else parts,
        fields=head.fields if fields is None else fields,
        links=links_of(head) if links is None else _kept(links, links_of(head)),
    )
    record_about(annotation, version, EventType.ANNOTATION_EDITED, by)
    return annotation


def add_relation(
    *, annotation: Annotation, by: User, expected_version: int, type: str, to: UUID
) -> Relation:
    """Link the annotation to another one, as its next version. Raises as edit_annotation does."""
    if type not in RelationType.values:
        raise Invalid({"type": [f"The type must be one of: {', '.join(RelationType.values)}."]})
    link = Link(RelationType(type), to)
    links = [*links_of(head_of(annotation)), link]
    edited = edit_annotation(
        annotation=annotation, by=by, expected_version=expected_version, links=links
    )
    return Relation.objects.get(version=edited.head, uid=link.uid)


def remove_relation(
    *, annotation: Annotation, by: User, expected_version: int, uid: UUID
) -> Annotation:
    """Drop the link in the next version. Raises NotFound when the newest version has none such."""
    links = links_of(head_of(annotation))
    kept = [link for link in links if link.uid != uid]
    if len(kept) == len(links):
        raise NotFound("There is no such relation.")
    return edit_annotation(
        annotation=annotation, by=by, expected_version=expected_version, links=kept
    )


@transaction.atomic
def delete_annotation(*, annotation: Annotation, by: User, expected_version: int) -> Annotation:
    """Take an unpublished annotation off the desk; restore_annotation brings it back.

    Its own creator may, and reviewers. A published one must be withdrawn first (Conflict).
    """
    role = policy.require(by, annotation.desk, Action.TAG)
    if annotation.created_by_id != by.id and not policy.allows(role, Action.DELETE_ANY):
        raise Refused("Only its creator or a reviewer may delete an annotation.")
    annotation = lock(annotation, expected_version)
    if annotation.published_id:
        raise Conflict("This annotation is published: withdraw it with a reason first.")
    annotation.deleted_at = timezone.now()
    annotation.save(update_fields=["deleted_at", "updated_at"])
    record_about(annotation, head_of(annotation), EventType.ANNOTATION_DELETED, by)
    return annotation


@transaction.atomic
def restore_annotation(*, annotation: Annotation, by: User) -> Annotation:
    """Undo a deletion. Restoring what is not deleted changes nothing."""
    policy.require(by, annotation.desk, Action.TAG)
    annotation = _locked(annotation)
    if annotation.deleted_at is None:
        return annotation
    annotation.deleted_at = None
    annotation.save(update_fields=["deleted_at", "updated_at"])
    record_about(annotation, head_of(annotation), EventType.ANNOTATION_RESTORED, by)
    return annotation


def lock(annotation: Annotation, expected_version: int) -> Annotation:
    """The row, locked until the transaction ends. Raises Outdated, NotFound when it is deleted."""
    locked = _locked(annotation)
    if locked.deleted_at is not None:
        raise NotFound("This annotation was deleted.")
    if head_of(locked).number != expected_version:
        raise Outdated(locked)
    return locked


def head_of(annotation: Annotation) -> Version:
    """The newest version; every annotation has one once its first transaction has ended."""
    if annotation.head is None:
        raise Conflict("This annotation has no version yet.")
    return annotation.head


def _locked(annotation: Annotation) -> Annotation:
    """Two statements: one that waited for a lock would still join the head of before the wait."""
    Annotation.objects.select_for_update().get(pk=annotation.pk)
    return Annotation.objects.select_related(
        "desk", "source", "head__revision", "head__label", "published"
    ).get(pk=annotation.pk)


def _open(draft: Draft, source: Source, by: User) -> tuple[Annotation, bool]:
    """The annotation's row and whether it is new; of two writers the second waits for the first."""
    if draft.kind not in Kind.values:
        raise Invalid({"kind": [f"The kind must be one of: {', '.join(Kind.values)}."]})
    annotation, is_new = Annotation.objects.get_or_create(
        id=draft.id or new_id(),
        defaults={
            "desk": source.desk, "source": source, "kind": draft.kind, "created_by": by,
            "origin": draft.origin,
        },
    )  # fmt: skip
    if (annotation.source_id, annotation.created_by_id) != (source.id, by.id):
        raise Conflict(f"The id {annotation.id} is already in use.")
    return annotation, is_new


def _newest(source: Source) -> Revision:
    revision = source.revisions.defer("original").order_by("-number").first()
    if revision is None:
        raise Conflict("This source has no text yet.")
    return revision


def _kept(links: Sequence[Link], before: Sequence[Link]) -> list[Link]:
    """A link that was there before keeps its id."""
    there = {(link.type, link.to): link for link in before}
    return [there.get((link.type, link.to), link) for link in links]


def _write_draft(
    annotation: Annotation, draft: Draft, codebook: Codebook, revision: Revision, by: User
) -> Version:
    return write_version(
        annotation=annotation,
        codebook=codebook,
        revision=revision,
        by=by,
        label=draft.label,
        parts=draft.parts,
        fields=draft.fields,
        links=draft.links,
    )


@contextmanager
def _collected(errors: dict[str, Sequence[str]], position: int) -> Iterator[None]:
    """Keeps what is invalid of one among many, so that all of it can be told at once."""
    try:
        yield
    except Invalid as error:
        errors |= {f"annotations.{position}.{name}": each for name, each in error.errors.items()}
