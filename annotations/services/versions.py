"""Writing a version: what it says is checked here, once, for every way to tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from annotations.errors import Invalid
from annotations.models import (
    RELATES,
    Annotation,
    Codebook,
    Label,
    Relation,
    RelationType,
    Revision,
    State,
    User,
    Version,
)
from annotations.models import Span as SpanRow
from annotations.models.identity import new_id
from annotations.services.fields import clean_fields
from annotations.text.spans import Selector, Span, overlapping, select

MOST_SPANS = 20


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


def write_version(
    *,
    annotation: Annotation,
    codebook: Codebook,
    revision: Revision,
    by: User,
    label: str,
    parts: Sequence[Part],
    fields: Mapping[str, object],
    links: Sequence[Link],
) -> Version:
    """The next version of a locked annotation, a draft. Raises Invalid naming each wrong input."""
    row = _label(codebook, annotation.kind, label)
    definitions = [each for each in codebook.fields.all() if each.kind == annotation.kind]
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


def _label(codebook: Codebook, kind: str, name: str) -> Label:
    labels = {each.name: each for each in codebook.labels.all() if each.kind == kind}
    if name not in labels:
        known = ", ".join(labels)
        raise Invalid({"label": [f"For the kind {kind} the label must be one of: {known}."]})
    return labels[name]


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
            raise Invalid({"spans": [_misplaced(part, text)]}) from None
        if part.exact is not None and part.exact != selector.exact:
            raise Invalid({"spans": [_mismatch(part.exact, selector)]})
        if not selector.exact.strip():
            raise Invalid({"spans": ["The span holds only white space."]})
        selectors.append(selector)
    if overlapping([Span(s.start, s.end) for s in selectors]):
        raise Invalid({"spans": ["The spans of one annotation may not overlap."]})
    return sorted(selectors, key=lambda s: s.start)


def _misplaced(part: Part, text: str) -> str:
    span = f"{part.start}–{part.end}"
    if part.start >= part.end:
        return f"The span {span} is empty: it must end after its start."
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
    carried = {link.uid for link in links_of(annotation.head)} if annotation.head else set()
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


def parts_of(version: Version) -> list[Part]:
    return [Part(span.start, span.end) for span in version.spans.order_by("start")]


def links_of(version: Version) -> list[Link]:
    return [
        Link(RelationType(relation.type), relation.to_id, relation.uid)
        for relation in version.relations.order_by("id")
    ]
