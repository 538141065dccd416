"""What people do with suggestions: accept, dismiss, and put back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from annotations import policy
from annotations.errors import Conflict, Invalid, NotFound
from annotations.models import Annotation, Desk, EventType, Source, Suggestion, User
from annotations.models.identity import new_id
from annotations.policy import Action
from annotations.queries.desks import codebook_of
from annotations.queries.suggestions import tag_of, tagged
from annotations.services.ledger import record
from annotations.services.tagging.annotations import MOST_AT_ONCE, write_annotations
from annotations.services.tagging.bulk_delete import delete_annotations, restore_annotations
from annotations.services.tagging.drafts import Draft, Part
from annotations.text.spans import Span

State = Suggestion.State
LONGEST_NOTE = 60  # code points of words that an event repeats


@transaction.atomic
def accept_suggestions(*, desk: Desk, by: User, ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Make them drafts of this person, all or none. Returns annotation ids by suggestion id.

    The annotation takes the suggestion's id, so that accepting again after an undo brings the same
    one back. Accepting what is accepted changes nothing; where the very tag stands already, that
    one is what the suggestion became. Raises Conflict for dismissed ones, Invalid, NotFound,
    Refused.
    """
    policy.require(by, desk, Action.TAG)
    rows = _locked(desk, ids)
    if any(row.state == State.DISMISSED for row in rows):
        raise Conflict("Some of these were dismissed in the meantime. Look at the rest.")
    by_source: dict[Source, list[Suggestion]] = defaultdict(list)
    for row in rows:
        if row.state == State.OPEN:
            by_source[row.source].append(row)
    became = {row.id: row.annotation_id for row in rows if row.annotation_id}
    for source, each in by_source.items():
        accepted = _accept(source, each, by)
        _decide(each, State.ACCEPTED, by, accepted)
        became |= accepted
    return became


@transaction.atomic
def dismiss_suggestions(*, desk: Desk, by: User, ids: Sequence[UUID]) -> None:
    """Never propose the same tag there again, all or none. Dismissing again changes nothing.

    Raises Conflict for accepted ones, Invalid, NotFound, Refused.
    """
    policy.require(by, desk, Action.TAG)
    rows = _locked(desk, ids)
    if any(row.state == State.ACCEPTED for row in rows):
        raise Conflict("Some of these were accepted in the meantime. Look at the rest.")
    rows = [row for row in rows if row.state == State.OPEN]
    _decide(rows, State.DISMISSED, by)
    _record(rows, EventType.SUGGESTIONS_DISMISSED, by)


@transaction.atomic
def reopen_suggestions(*, desk: Desk, by: User, ids: Sequence[UUID]) -> None:
    """Undo accepting or dismissing, all or none: the drafts that accepting made are deleted.

    Raises Conflict when somebody has changed or published such a draft since, it is in review or
    was decided on, or the tag is proposed anew, Invalid, NotFound, Refused.
    """
    policy.require(by, desk, Action.TAG)
    rows = _locked(desk, ids)
    delete_annotations(desk=desk, by=by, ids=_made(rows))
    dismissed = [row for row in rows if row.state == State.DISMISSED]
    try:
        with transaction.atomic():
            Suggestion.objects.filter(id__in=[row.id for row in rows]).update(
                state=State.OPEN, annotation=None, decided_by=None, decided_at=None
            )
    except IntegrityError as error:
        raise Conflict("Some of these are proposed anew already.") from error
    _record(dismissed, EventType.SUGGESTIONS_REOPENED, by)


def _locked(desk: Desk, ids: Sequence[UUID]) -> list[Suggestion]:
    """In the order of their ids, so that two people who decide on the same never wait in a ring.

    Two statements: one that waited for a lock would still join what was there before the wait.
    """
    wanted = set(ids)
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise Invalid({"ids": [f"Name at least one and at most {MOST_AT_ONCE}."]})
    rows = Suggestion.objects.filter(desk=desk, id__in=wanted).order_by("id")
    if len(rows.select_for_update().values_list("id")) < len(wanted):
        raise NotFound("There is no such suggestion on this desk.")
    return list(rows.select_related("source__desk", "label", "annotation"))


def _accept(source: Source, rows: Sequence[Suggestion], by: User) -> dict[UUID, UUID]:
    """The annotation of each: one that stands there already, one brought back, or a new one."""
    became = _standing(source, rows)
    rest = [row for row in rows if row.id not in became]
    undone = Annotation.objects.in_bulk([row.id for row in rest])
    own = [id for id, annotation in undone.items() if annotation.created_by_id == by.id]
    restore_annotations(desk=source.desk, by=by, ids=own)
    became |= {row.id: new_id() if row.id in undone else row.id for row in rest}
    became |= {id: id for id in own}
    drafts = [_draft(row, became[row.id]) for row in rest if row.id not in own]
    if drafts:
        write_annotations(desk=source.desk_id, source=source.id, by=by, drafts=drafts)
    return became


def _standing(source: Source, rows: Sequence[Suggestion]) -> dict[UUID, UUID]:
    """By suggestion, the annotation that says the very same already."""
    codebook = codebook_of(source.desk)
    there = {
        (revision, kind, each.span, each.tag): each.id
        for revision, kind in {(row.revision_id, row.kind) for row in rows}
        for each in tagged(codebook, revision, kind)
    }
    said = {
        row.id: (
            row.revision_id,
            row.kind,
            Span(row.start, row.end),
            tag_of(codebook, row.kind, row.label.name, row.fields),
        )
        for row in rows
    }
    return {id: there[tag] for id, tag in said.items() if tag in there}


def _draft(row: Suggestion, id: UUID) -> Draft:
    return Draft(
        id=id,
        kind=row.kind,
        label=row.label.name,
        parts=[Part(row.start, row.end, row.exact)],
        fields=row.fields,
        origin=row.origin,
    )


def _made(rows: Sequence[Suggestion]) -> list[UUID]:
    """The drafts that accepting made; one that a person had made before stays."""
    return [
        row.annotation.id
        for row in rows
        if row.annotation is not None and row.annotation.origin == row.origin
    ]


def _decide(
    rows: Sequence[Suggestion], state: State, by: User, became: Mapping[UUID, UUID] | None = None
) -> None:
    """One statement for all that keep their id, or become nothing; one for each other."""
    decided = {"state": state, "decided_by": by, "decided_at": timezone.now()}
    others = {id: other for id, other in (became or {}).items() if id != other}
    alike = Suggestion.objects.filter(id__in=[row.id for row in rows if row.id not in others])
    alike.update(**decided, annotation_id=F("id") if became else None)
    for id, other in others.items():
        Suggestion.objects.filter(id=id).update(**decided, annotation_id=other)


def _record(rows: Sequence[Suggestion], type: EventType, by: User) -> None:
    """One event a source, whose note says how many of which words."""
    by_source: dict[Source, Counter[str]] = defaultdict(Counter)
    for row in rows:
        by_source[row.source][row.exact[:LONGEST_NOTE]] += 1
    for source, words in by_source.items():
        said = ", ".join(f"{count} × “{each}”" for each, count in words.most_common(3))
        note = f"{said} …" if len(words) > 3 else said
        record(desk=source.desk, type=type, actor=by, source=source, note=note)
