"""An annotation's versions as a reviewer reads them, and what the newest would change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from annotations.models import Annotation, Decision, Event, Relation, Version
from annotations.queries.annotations.version_history import (
    FieldValue,
    field_values,
    versions_of,
    withdrawals_of,
    without_superseded_drafts,
)
from annotations.web.review.word_diff import Stretch, words_changed


@dataclass(frozen=True)
class Change:
    """One thing that differs: its name, and the words from before to after."""

    title: str
    stretches: list[Stretch]


@dataclass(frozen=True)
class Step:
    """One version with what was decided on it, and its withdrawal."""

    version: Version
    decisions: list[Decision]
    withdrawal: Event | None

    @property
    def decided_by(self) -> str:
        """The name of the person who brought about the version's state; empty for its author."""
        if self.withdrawal:
            return str(self.withdrawal.actor or "")
        return str(self.decisions[-1].by) if self.decisions else ""


@dataclass(frozen=True)
class History:
    """`steps` newest first, without superseded drafts; `fields` and `relations` of the newest one.

    `changes` lead from the published version to the newest; None when none is published, or when
    the newest is the published one.
    """

    steps: list[Step]
    fields: list[FieldValue]
    relations: list[Relation]
    changes: list[Change] | None


def history_of(annotation: Annotation) -> History:
    versions = versions_of(annotation)
    values = field_values(versions)
    newest = versions[0]
    published = next((each for each in versions if each.id == annotation.published_id), None)
    changes = None
    if published is not None and published.id != newest.id:
        changes = list(_changes(published, newest, values))
    withdrawals = withdrawals_of(annotation)
    steps = [
        Step(version, list(version.decisions.all()), withdrawals.get(version.number))
        for version in without_superseded_drafts(versions)
    ]
    return History(steps, values[newest.id], list(newest.relations.all()), changes)


def _changes(
    before: Version, after: Version, values: dict[int, list[FieldValue]]
) -> Iterator[Change]:
    pairs = [
        ("Label", before.label.title, after.label.title),
        ("Passage", _words(before), _words(after)),
        *_field_pairs(values[before.id], values[after.id]),
        ("Relations", _links(before), _links(after)),
    ]
    for title, old, new in pairs:
        if old != new:
            yield Change(title, words_changed(old, new))


def _field_pairs(
    before: list[FieldValue], after: list[FieldValue]
) -> Iterator[tuple[str, str, str]]:
    old, new = ({each.name: each for each in values} for values in (before, after))
    for name, field in (old | new).items():
        yield (
            field.title,
            old[name].text if name in old else "",
            new[name].text if name in new else "",
        )


def _words(version: Version) -> str:
    return " … ".join(span.exact for span in version.spans.all())


def _links(version: Version) -> str:
    return "\n".join(
        f"{each.get_type_display()} {_words(each.to.head)}"
        for each in version.relations.all()
        if each.to.head
    )
