"""Tag all: from one mention of an entity, propose every other place where its words stand.

A place is left out when it is tagged so already, or when somebody dismissed the same tag there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from annotations import policy
from annotations.errors import Conflict
from annotations.models import (
    Annotation,
    Codebook,
    Desk,
    Entity,
    EventType,
    Job,
    Kind,
    Label,
    Revision,
    Source,
    Suggestion,
    User,
)
from annotations.policy import Action
from annotations.queries.annotations.work import annotation_on
from annotations.queries.desks import codebook_of
from annotations.queries.sources import latest_revision
from annotations.queries.suggestions import Tag, suggested, tag_of, tagged
from annotations.services import jobs
from annotations.services.ledger import record
from annotations.services.tagging.annotations import MOST_AT_ONCE, head_of
from annotations.suggesters.occurrences import ORIGIN, clear_of, occurrences
from annotations.text.spans import Selector, Span, select, trimmed

LONGEST_NOTE = 60  # code points of the words that an event repeats


@dataclass(frozen=True)
class Prompt:
    """A mention, with all names that its entity goes by."""

    annotation: Annotation
    codebook: Codebook
    label: Label
    fields: dict[str, Any]
    tag: Tag
    names: tuple[str, ...]


@dataclass(frozen=True)
class Proposals:
    """Ids of open suggestions in reading order, and how many of them this request made.

    `more` places are left over; a search brings them when these are decided.
    """

    ids: list[UUID]
    new: int
    more: int


@dataclass(frozen=True)
class Place:
    """A place for the mention's tag; `suggestion` is None until the place is recorded."""

    selector: Selector
    suggestion: UUID | None


@dataclass(frozen=True)
class Occurrences:
    """Places in reading order; `more` are left over, and found when these are decided."""

    places: list[Place]
    more: int


def find_occurrences(*, annotation: Annotation, by: User) -> Occurrences:
    """Where else the mention's words stand in its source, up to MOST_AT_ONCE; records nothing.

    Raises as suggest_occurrences does.
    """
    policy.require(by, annotation.desk, Action.READ_WORK)
    prompt = _prompt(annotation)
    revision = latest_revision(annotation.source)
    found = _found(prompt, revision)
    spans = sorted([*found.open, *found.missing])
    places = [
        Place(select(revision.text, span), found.open.get(span)) for span in spans[:MOST_AT_ONCE]
    ]
    return Occurrences(places, len(spans) - len(places))


@transaction.atomic
def suggest_occurrences(
    *, annotation: Annotation, by: User, spans: Collection[Span] | None = None
) -> Proposals:
    """Propose the mention's tag wherever its words stand in its source, up to MOST_AT_ONCE places.

    With `spans`, only at those of the places, and not listed for the desk: an editor is about to
    accept or dismiss them. Asked again, it answers with what is still open, and with the next
    places as there is room. Raises Conflict when the annotation is no mention of an entity,
    NotFound, Refused.
    """
    policy.require(by, annotation.desk, Action.TAG)
    prompt = _prompt(annotation)
    proposals = _propose(prompt, annotation.source, by, only=spans)
    if proposals.new and spans is None:
        record(
            desk=annotation.desk,
            type=EventType.SUGGESTIONS_PROPOSED,
            actor=by,
            source=annotation.source,
            note=_note(proposals.new, prompt),
        )
    return proposals


def suggest_on_desk(*, annotation: Annotation, by: User) -> Job:
    """Leave the search of all sources to a job; a search that is under way is not begun twice.

    Raises as suggest_occurrences does.
    """
    policy.require(by, annotation.desk, Action.TAG)
    _prompt(annotation)
    parameters: dict[str, object] = {"annotation": str(annotation.id)}
    under_way = Job.objects.filter(
        desk=annotation.desk,
        type=Job.Type.SUGGEST,
        state__in=[Job.State.QUEUED, Job.State.RUNNING],
        parameters=parameters,
    ).first()
    return under_way or jobs.enqueue(
        desk=annotation.desk, by=by, type=Job.Type.SUGGEST, parameters=parameters
    )


def run_search(job: Job, lease: UUID) -> None:
    """Search source by source, each in a transaction of its own; an attempt goes on where one died.

    One text is in memory at a time. Raises Conflict when another attempt took over, NotFound when
    the mention was deleted, Refused.
    """
    policy.require(job.created_by, job.desk, Action.TAG)
    prompt = _prompt(annotation_on(job.desk, UUID(job.parameters["annotation"])))
    ids = _sources_of(job.desk)
    for done, id in enumerate(ids):
        with transaction.atomic():  # the report is the fence: it fails if the lease is lost
            step = f"Searching text {done + 1} of {len(ids)}"
            jobs.report(job.id, lease, progress=100 * done // len(ids), step=step)
            _propose(prompt, Source.objects.get(id=id), job.created_by, job)
    with transaction.atomic():
        count = Suggestion.objects.filter(job=job).count()
        if count:
            record(
                desk=job.desk,
                type=EventType.SUGGESTIONS_PROPOSED,
                actor=job.created_by,
                note=_note(count, prompt),
            )
        jobs.finish(job, lease)


def _prompt(annotation: Annotation) -> Prompt:
    if annotation.kind != Kind.ENTITY:
        raise Conflict("Only mentions of entities can be looked for elsewhere.")
    head, codebook = head_of(annotation), codebook_of(annotation.desk)
    tag = tag_of(codebook, annotation.kind, head.label.name, head.fields)
    words = " ".join(head.spans.order_by("start").values_list("exact", flat=True))
    known = Entity.objects.filter(desk=annotation.desk, id__in=tag.records)
    names = (name for entity in known for name in (entity.name, *entity.aliases))
    return Prompt(annotation, codebook, head.label, head.fields, tag, (words, *names))


@dataclass(frozen=True)
class _Found:
    """Places of the prompt's tag on a text: with an open suggestion, and without any."""

    open: dict[Span, UUID]
    missing: list[Span]


def _found(prompt: Prompt, revision: Revision) -> _Found:
    places = set(_places(prompt, revision))
    open = _suggested(prompt, revision, Suggestion.State.OPEN)
    dismissed = _suggested(prompt, revision, Suggestion.State.DISMISSED)
    return _Found(
        open={span: id for span, id in open.items() if span in places},
        missing=sorted(places.difference(open, dismissed)),
    )


def _propose(
    prompt: Prompt,
    source: Source,
    by: User,
    job: Job | None = None,
    only: Collection[Span] | None = None,
) -> Proposals:
    """Propose what is missing, then say what is open for the prompt's tag on this text."""
    revision = latest_revision(source)
    found = _found(prompt, revision)
    missing = [span for span in found.missing if only is None or span in only]
    room = max(0, MOST_AT_ONCE - len(found.open))
    listed = only is None
    rows = [
        _suggestion(prompt, revision, span, by, job, is_listed=listed) for span in missing[:room]
    ]
    new = {row.id for row in rows}
    open = found.open
    if rows:  # where another search of the same moment was quicker, its row stays
        Suggestion.objects.bulk_create(rows, ignore_conflicts=True)
        open = _suggested(prompt, revision, Suggestion.State.OPEN)
    if listed:
        new |= _list(open.values(), job)
    wanted = {*found.open, *found.missing} if only is None else set(only)
    ids = [id for span, id in open.items() if span in wanted]
    return Proposals(
        ids=ids[:MOST_AT_ONCE],
        new=len(new.intersection(ids)),
        more=len(missing[room:]) + len(ids[MOST_AT_ONCE:]),
    )


def _list(ids: Collection[UUID], job: Job | None) -> set[UUID]:
    """Propose to the desk what an undone Tag all left; returns what was not listed before."""
    rows = Suggestion.objects.filter(id__in=ids, is_listed=False, state=Suggestion.State.OPEN)
    unlisted = set(rows.select_for_update().values_list("id", flat=True))
    if unlisted:
        Suggestion.objects.filter(id__in=unlisted).update(is_listed=True, job=job)
    return unlisted


def _places(prompt: Prompt, revision: Revision) -> Iterator[Span]:
    """Where the names stand and nothing says the same already."""
    known = tagged(prompt.codebook, revision.id, Kind.ENTITY)
    taken = (each.span for each in known if each.tag.resembles(prompt.tag))
    found = (trimmed(revision.text, span) for span in occurrences(revision.text, prompt.names))
    return clear_of(filter(None, found), taken)


def _suggested(prompt: Prompt, revision: Revision, state: Suggestion.State) -> dict[Span, UUID]:
    """By place, in reading order: what was proposed with the very same tag."""
    known = suggested(prompt.codebook, revision.id, Kind.ENTITY, state)
    return {each.span: each.id for each in known if each.tag == prompt.tag}


def _suggestion(
    prompt: Prompt, revision: Revision, span: Span, by: User, job: Job | None, *, is_listed: bool
) -> Suggestion:
    return Suggestion(
        desk_id=revision.source.desk_id,
        source=revision.source,
        revision=revision,
        kind=Kind.ENTITY,
        label=prompt.label,
        fields=prompt.fields,
        **asdict(select(revision.text, span)),
        origin=ORIGIN,
        prompted_by=prompt.annotation,
        proposed_by=by,
        job=job,
        is_listed=is_listed,
    )


def _sources_of(desk: Desk) -> list[UUID]:
    """Those with a text, oldest first."""
    sources = Source.objects.filter(desk=desk, revisions__isnull=False).distinct()
    return list(sources.order_by("id").values_list("id", flat=True))


def _note(count: int, prompt: Prompt) -> str:
    words = prompt.names[0]
    shown = words if len(words) <= LONGEST_NOTE else f"{words[: LONGEST_NOTE - 1]}…"
    return f"{count} × “{shown}”"
