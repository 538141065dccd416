"""Tagging: create, edit, delete and restore annotations, and link them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from annotations import policy
from annotations.errors import Conflict, Invalid, NotFound, Outdated, Refused
from annotations.models import (
    RELATES,
    Annotation,
    EventType,
    Kind,
    Label,
    Relation,
    RelationType,
    Revision,
    Source,
    State,
    User,
    Version,
)
from annotations.models import Span as SpanRow
from annotations.models.identity import new_id
from annotations.policy import Action
from annotations.services.events import record
from annotations.services.fields import clean_fields
from annotations.text.spans import Selector, Span, overlapping, select

MOST_SPANS = 20
MOST_AT_ONCE = 1_000


@dataclass(frozen=True)
class Part:
    """A span as a client names it; `exact`, if given, must equal the text there."""

    start: int
    end: int
    exact: str | None = None


@dataclass(frozen=True)
class Link:
    """A relation to another annotation."""

    type: RelationType
    to: UUID
    uid: UUID = field(default_factory=new_id)


@dataclass(frozen=True)
class Draft:
    """An annotation that is to be written, one of many."""

    kind: str
    label: str
    parts: Sequence[Part]
    fields: Mapping[str, object]
    links: Sequence[Link] = ()
    id: UUID | None = None


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
        version = _write_draft(annotation, draft, _newest(source), by)
        _record(EventType.ANNOTATION_CREATED, annotation, by, version)
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
    revision = _newest(source)
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
                versions.append((annotation, _write_draft(annotation, draft, revision, by)))
    if errors:
        raise Invalid(errors)
    for annotation, version in versions:
        _record(EventType.ANNOTATION_CREATED, annotation, by, version)
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
    version = _write_version(
        annotation=annotation,
        revision=head.revision,
        by=by,
        label=label or head.label.name,
        parts=_parts_of(head) if parts is None else parts,
        fields=head.fields if fields is None else fields,
        links=_links_of(head) if links is None else links,
    )
    _record(EventType.ANNOTATION_EDITED, annotation, by, version)
    return annotation


def add_relation(
    *, annotation: Annotation, by: User, expected_version: int, type: str, to: UUID
) -> Relation:
    """Link the annotation to another one, as its next version. Raises as edit_annotation does."""
    if type not in RelationType.values:
        raise Invalid({"type": [f"The type must be one of: {', '.join(RelationType.values)}."]})
    link = Link(RelationType(type), to)
    links = [*_links_of(head_of(annotation)), link]
    edited = edit_annotation(
        annotation=annotation, by=by, expected_version=expected_version, links=links
    )
    return Relation.objects.get(version=edited.head, uid=link.uid)


def remove_relation(
    *, annotation: Annotation, by: User, expected_version: int, uid: UUID
) -> Annotation:
    """Drop the link in the next version. Raises NotFound when the newest version has none such."""
    links = _links_of(head_of(annotation))
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
    _record(EventType.ANNOTATION_DELETED, annotation, by, head_of(annotation))
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
    _record(EventType.ANNOTATION_RESTORED, annotation, by, head_of(annotation))
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
        defaults={"desk": source.desk, "source": source, "kind": draft.kind, "created_by": by},
    )
    if (annotation.source_id, annotation.created_by_id) != (source.id, by.id):
        raise Conflict(f"The id {annotation.id} is already in use.")
    return annotation, is_new


def _newest(source: Source) -> Revision:
    revision = source.revisions.defer("original").order_by("-number").first()
    if revision is None:
        raise Conflict("This source has no text yet.")
    return revision


def _write_draft(annotation: Annotation, draft: Draft, revision: Revision, by: User) -> Version:
    return _write_version(
        annotation=annotation,
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


def _write_version(
    *,
    annotation: Annotation,
    revision: Revision,
    by: User,
    label: str,
    parts: Sequence[Part],
    fields: Mapping[str, object],
    links: Sequence[Link],
) -> Version:
    row = _label(annotation, label)
    definitions = row.codebook.fields.filter(kind=annotation.kind).order_by("position")
    cleaned = clean_fields(definitions=definitions, values=fields, desk=annotation.desk)
    selectors = _selectors(parts, revision.text)
    _check_links(annotation, links)
    version = Version.objects.create(
        annotation=annotation,
        number=annotation.head.number + 1 if annotation.head else 1,
        revision=revision,
        label=row,
        fields=cleaned,
        state=State.DRAFT,
        author=by,
    )
    SpanRow.objects.bulk_create(
        SpanRow(
            version=version,
            start=s.start,
            end=s.end,
            exact=s.exact,
            prefix=s.prefix,
            suffix=s.suffix,
        )
        for s in selectors
    )
    Relation.objects.bulk_create(
        Relation(version=version, uid=link.uid, type=link.type, to_id=link.to) for link in links
    )
    annotation.head = version
    annotation.save(update_fields=["head", "updated_at"])
    return version


def _label(annotation: Annotation, name: str) -> Label:
    codebook = annotation.desk.codebooks.order_by("-version").first()
    labels = Label.objects.filter(codebook=codebook, kind=annotation.kind).select_related(
        "codebook"
    )
    if label := labels.filter(name=name).first():
        return label
    known = ", ".join(labels.order_by("position").values_list("name", flat=True))
    raise Invalid({"label": [f"The label of a {annotation.kind} must be one of: {known}."]})


def _selectors(parts: Sequence[Part], text: str) -> list[Selector]:
    if not parts:
        raise Invalid({"spans": ["Select at least one passage."]})
    if len(parts) > MOST_SPANS:
        raise Invalid({"spans": [f"An annotation has at most {MOST_SPANS} spans."]})
    selectors = []
    for part in parts:
        try:
            selector = select(text, Span(part.start, part.end))
        except ValueError:
            raise Invalid({"spans": [_outside(part, text)]}) from None
        if part.exact is not None and part.exact != selector.exact:
            raise Invalid({"spans": [_mismatch(part.exact, selector)]})
        if not selector.exact.strip():
            raise Invalid({"spans": ["The span holds only white space."]})
        selectors.append(selector)
    if overlapping([Span(s.start, s.end) for s in selectors]):
        raise Invalid({"spans": ["The spans of one annotation may not overlap."]})
    return sorted(selectors, key=lambda s: s.start)


def _outside(part: Part, text: str) -> str:
    span = f"{part.start}–{part.end}"
    return f"The span {span} lies outside the text, which has {len(text)} characters."


def _mismatch(sent: str, selector: Selector) -> str:
    return (
        f"At {selector.start}–{selector.end} the text says “{selector.exact[:200]}”, "
        f"not “{sent[:200]}”. Offsets count Unicode code points."
    )


def _check_links(annotation: Annotation, links: Sequence[Link]) -> None:
    """Links that the newest version has already may go on, even to what was deleted since."""
    if len({(link.type, link.to) for link in links}) < len(links):
        raise Invalid({"relations": ["This relation is there already."]})
    carried = {link.uid for link in _links_of(annotation.head)} if annotation.head else set()
    links = [link for link in links if link.uid not in carried]
    targets = Annotation.objects.present().filter(desk=annotation.desk)
    kinds = dict(targets.filter(id__in=[link.to for link in links]).values_list("id", "kind"))
    for link in links:
        origin, target = RELATES[link.type]
        if link.to not in kinds or link.to == annotation.id:
            raise Invalid(
                {"relations": ["A relation must lead to another annotation of this desk."]}
            )
        if annotation.kind not in origin or kinds[link.to] not in target:
            sentence = f"A {annotation.kind} cannot be “{link.type.label}” a {kinds[link.to]}."
            raise Invalid({"relations": [sentence]})


def _parts_of(version: Version) -> list[Part]:
    return [Part(span.start, span.end) for span in version.spans.order_by("start")]


def _links_of(version: Version) -> list[Link]:
    return [
        Link(RelationType(relation.type), relation.to_id, relation.uid)
        for relation in version.relations.order_by("id")
    ]


def _record(type: EventType, annotation: Annotation, by: User, version: Version) -> None:
    record(
        desk=annotation.desk,
        type=type,
        actor=by,
        source=annotation.source,
        annotation=annotation,
        version=version.number,
    )
