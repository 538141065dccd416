"""Tagging: create, edit, delete and restore annotations, and link them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from annotations import policy
from annotations.errors import Conflict, DomainError, Invalid, NotFound, Outdated, Refused
from annotations.models import (
    Annotation,
    EventType,
    Relation,
    RelationType,
    Source,
    User,
    Version,
)
from annotations.policy import Action
from annotations.queries.annotations.validation_context import Known, known_of_all
from annotations.queries.annotations.work import WorkText, work_texts
from annotations.services.ledger import record_about
from annotations.services.tagging.bulk_insert import Writing, write
from annotations.services.tagging.drafts import Draft, Link, Part, question_about
from annotations.services.tagging.group_commit import GroupCommit
from annotations.services.tagging.new_version import links_of, parts_of, write_version
from annotations.services.tagging.validation import check

MOST_AT_ONCE = 1_000


@dataclass(frozen=True)
class Written:
    """The annotation's id, whether it is new, and its work JSON."""

    id: UUID
    is_new: bool
    text: WorkText


def write_annotation(*, desk: UUID, source: UUID, by: User, draft: Draft) -> Written:
    """Tag spans of the newest text of a source on the desk; two statements.

    The same id again, by the same person on the same source, is what is there: a retry never makes
    two, not even one that runs beside the first. What is tagged on a desk at the same time, by
    whom and wherever, is written in one transaction. Raises Invalid, Conflict (the id belongs to
    another), NotFound, Refused.
    """
    request = _Request(source, by, [draft])
    if connection.in_atomic_block:
        return _written(desk, request)[0]
    return _group_commit.do(desk, request)[0]


def write_annotations(
    *, desk: UUID, source: UUID, by: User, drafts: Sequence[Draft]
) -> list[Written]:
    """Up to MOST_AT_ONCE as by write_annotation, all or none; they may link each other.

    Raises as it does; the errors of Invalid are named `annotations.<position>.<field>`.
    """
    if len(drafts) > MOST_AT_ONCE:
        raise Invalid({"annotations": [f"At most {MOST_AT_ONCE} can be sent at once."]})
    if _share_ids(drafts):
        raise Invalid({"annotations": ["Each annotation needs an id of its own."]})
    with transaction.atomic():
        return _written(desk, _Request(source, by, drafts, field="annotations.{}."))


def create_annotations(
    *, source: Source, by: User, drafts: Sequence[Draft]
) -> list[tuple[Annotation, bool]]:
    """As write_annotations; the rows and whether they are new."""
    written = write_annotations(desk=source.desk_id, source=source.id, by=by, drafts=drafts)
    return list(zip(_rows(written), [each.is_new for each in written], strict=True))


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
    draft = Draft(
        kind=annotation.kind,
        label=label or head.label.name,
        parts=parts_of(head) if parts is None else parts,
        fields=head.fields if fields is None else fields,
        links=links_of(head) if links is None else _kept(links, links_of(head)),
        id=annotation.id,
    )
    version = write_version(annotation=annotation, head=head, draft=draft, by=by)
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
    return Annotation.objects.select_related("desk", "source", "head__label", "published").get(
        pk=annotation.pk
    )


@dataclass(frozen=True)
class _Request:
    """What a person tags on a source, all or none; errors are named `field` and their own name."""

    source: UUID
    by: User
    drafts: Sequence[Draft]
    field: str = ""

    @property
    def ids(self) -> list[UUID]:
        return [draft.id for draft in self.drafts]


def _written(desk: UUID, request: _Request) -> list[Written]:
    [outcome] = _all_written(desk, [request])
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


def _beside_each_other(
    desk: UUID, requests: Sequence[_Request]
) -> Sequence[list[Written] | DomainError]:
    """Requests that know nothing of each other."""
    if _share_ids([draft for request in requests for draft in request.drafts]):
        raise Conflict("A retry came together with its first try.")
    return _all_written(desk, requests)


_group_commit = GroupCommit(_beside_each_other, outages=(OperationalError, InterfaceError))


def _all_written(desk: UUID, requests: Sequence[_Request]) -> list[list[Written] | DomainError]:
    """What each has written, or its error, which keeps none of the others from being written."""
    questions = [
        question_about(each.drafts, source=each.source, person=each.by.id) for each in requests
    ]
    answers = known_of_all(desk=desk, questions=questions)
    all_checked = [_checked(*each) for each in zip(requests, answers, strict=True)]
    writings = [
        writing
        for checked in all_checked
        if not isinstance(checked, DomainError)
        for writing in checked
    ]
    new = write(desk=desk, writings=writings) if writings else {}
    return [
        checked if isinstance(checked, DomainError) else _outcome(request, checked, new)
        for request, checked in zip(requests, all_checked, strict=True)
    ]


def _checked(request: _Request, answer: Known | DomainError) -> list[Writing] | DomainError:
    """What is to be written of a request, which is less when some of it was written before."""
    try:
        return _to_write(request, answer)
    except DomainError as error:
        return error


def _to_write(request: _Request, answer: Known | DomainError) -> list[Writing]:
    if isinstance(answer, DomainError):
        raise answer
    policy.admit(answer.role, Action.TAG)
    for id, owners in answer.owners.items():
        if owners != (str(request.source), str(request.by.id)):
            raise Conflict(f"The id {id} is already in use.")
    errors: dict[str, Sequence[str]] = {}
    writings: list[Writing] = []
    drafts = request.drafts
    for position, (draft, each) in enumerate(zip(drafts, check(drafts, answer), strict=True)):
        if answer.owners and str(draft.id) in answer.owners:
            continue
        if isinstance(each, Invalid):
            field = request.field.format(position)
            errors |= {field + name: why for name, why in each.errors.items()}
        else:
            writings.append(Writing(request.by, request.source, answer.revision, each))
    if errors:
        raise Invalid(errors)
    return writings


def _outcome(
    request: _Request, writings: Sequence[Writing], new: Mapping[UUID, str]
) -> list[Written] | DomainError:
    """Ids that are not new were there before, or somebody was quicker to write them."""
    taken = {each.said.draft.id for each in writings} - new.keys()
    if taken and not _are_own(request, taken):
        return Conflict("Some of these ids are in use already.")
    there = [id for id in request.ids if id not in new]
    texts = dict(zip(there, work_texts(there), strict=True)) if there else {}
    return [
        Written(id, id in new, WorkText(1, new[id]) if id in new else texts[id])
        for id in request.ids
    ]


def _are_own(request: _Request, ids: Collection[UUID]) -> bool:
    """Whether the person of the request wrote them, on its source."""
    own = Annotation.objects.filter(id__in=ids, source_id=request.source, created_by=request.by)
    return own.count() == len(ids)


def _share_ids(drafts: Sequence[Draft]) -> bool:
    return len({draft.id for draft in drafts}) < len(drafts)


def _rows(written: Sequence[Written]) -> list[Annotation]:
    """One statement, in the order given."""
    rows = Annotation.objects.select_related("desk", "source", "created_by", "head")
    by_id = rows.in_bulk([each.id for each in written])
    return [by_id[each.id] for each in written]


def _kept(links: Sequence[Link], before: Sequence[Link]) -> list[Link]:
    """A link that was there before keeps its id."""
    there = {(link.type, link.to): link for link in before}
    return [there.get((link.type, link.to), link) for link in links]
