"""Reading the sample corpus of `seeds/`, and bringing it onto a desk through the services."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from annotations import importers
from annotations.models import Annotation, Decision, Desk, RelationType, Role, Source, State, User
from annotations.models.identity import new_id
from annotations.services.desks import create_desk, set_member
from annotations.services.register import create_entity
from annotations.services.releases.cut import cut_release
from annotations.services.review import decide, submit
from annotations.services.sources import Provenance, Upload, write_source
from annotations.services.tagging.annotations import create_annotations
from annotations.services.tagging.drafts import Draft, Link, Part

SLUG = "turkey-azerbaijan"
NAME = "Turkey and Azerbaijan"
FOLDER: Path = settings.BASE_DIR / "seeds" / SLUG

VERDICTS = {
    State.APPROVED: Decision.Verdict.APPROVE,
    State.RETURNED: Decision.Verdict.RETURN,
    State.REJECTED: Decision.Verdict.REJECT,
}


@dataclass(frozen=True)
class Team:
    """Who does what. Without a reviewer, what would be decided stays in review."""

    manager: User
    editor: User
    second_editor: User
    reviewer: User | None = None


@dataclass(frozen=True)
class Outcome:
    """How far an annotation is, and what the reviewer said."""

    state: State
    note: str = ""


@transaction.atomic
def load_corpus(team: Team) -> Desk:
    """The desk with the article, its annotations and a release on its way, unless it is there."""
    if desk := Desk.objects.filter(slug=SLUG).first():
        return desk
    desk = create_desk(
        slug=SLUG,
        name=NAME,
        manager=team.manager,
        codebook=_toml("codebook.toml"),
        is_public=team.reviewer is not None,
    )
    _add_members(desk, team)
    source = _write_article(desk, team.editor)
    _tag(source, team)
    if team.reviewer is not None:
        cut_release(
            desk=desk, by=team.manager, notes="The first article, as far as it is reviewed."
        )
    return desk


def _add_members(desk: Desk, team: Team) -> None:
    members = [(team.editor, Role.EDITOR), (team.second_editor, Role.EDITOR)]
    if team.reviewer is not None:
        members.append((team.reviewer, Role.REVIEWER))
    for user, role in members:
        if user != team.manager:
            set_member(desk=desk, by=team.manager, user=user, role=role)


def _write_article(desk: Desk, by: User) -> Source:
    known = _toml("provenance.toml")
    data = (FOLDER / known["file"]).read_bytes()
    imported = importers.read(data, filename=known["file"], limit=settings.IMPORT_LIMIT)
    given = {name: known[name] for name in Provenance.__dataclass_fields__}
    return write_source(
        desk=desk,
        by=by,
        provenance=Provenance(**given),
        imported=imported,
        upload=Upload(data, known["file"]),
    )


def _tag(source: Source, team: Team) -> None:
    rows = [json.loads(line) for line in _text("annotations.jsonl").splitlines()]
    states = _toml("states.toml")
    ids = {row["ref"]: new_id() for row in rows}
    records = _write_register(source.desk, team.editor)
    of_the_second = set(states["second_editor"])
    for author, mine in (
        (team.editor, [row for row in rows if row["ref"] not in of_the_second]),
        (team.second_editor, [row for row in rows if row["ref"] in of_the_second]),
    ):
        drafts = [_draft(row, ids, records) for row in mine]
        written = create_annotations(source=source, by=author, drafts=drafts)
        for row, (annotation, _) in zip(mine, written, strict=True):
            _bring_to(_outcome(row["ref"], states), annotation, author, team.reviewer)


def _write_register(desk: Desk, by: User) -> dict[str, UUID]:
    """The records' ids by the refs of their mentions."""
    ids: dict[str, UUID] = {}
    for record in _toml("register.toml")["records"]:
        mentions: Sequence[str] = record.pop("mentions")
        entity = create_entity(desk=desk, by=by, **record)
        ids |= dict.fromkeys(mentions, entity.id)
    return ids


def _draft(row: Mapping[str, Any], ids: Mapping[str, UUID], records: Mapping[str, UUID]) -> Draft:
    record = records.get(row["ref"])
    return Draft(
        kind=row["kind"],
        label=row["label"],
        parts=[Part(**span) for span in row["spans"]],
        fields=row["fields"] | ({"entity": str(record)} if record else {}),
        links=[Link(RelationType(link["type"]), ids[link["to"]]) for link in row["relations"]],
        id=ids[row["ref"]],
    )


def _outcome(ref: str, states: Mapping[str, Any]) -> Outcome:
    for state in (State.DRAFT, State.SUBMITTED):
        if ref in states[state]:
            return Outcome(state)
    for state in (State.RETURNED, State.REJECTED):
        if note := states[state].get(ref):
            return Outcome(state, note)
    return Outcome(State.APPROVED)


def _bring_to(
    outcome: Outcome, annotation: Annotation, author: User, reviewer: User | None
) -> None:
    if outcome.state == State.DRAFT:
        return
    submit(annotation=annotation, by=author, expected_version=1)
    if reviewer is not None and (verdict := VERDICTS.get(outcome.state)):
        decide(
            annotation=annotation,
            by=reviewer,
            expected_version=1,
            verdict=verdict,
            note=outcome.note,
        )


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(_text(name))


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
