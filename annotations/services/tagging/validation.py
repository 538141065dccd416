"""What a version says is checked here, once, for every way to tag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from annotations.errors import Invalid
from annotations.models import RELATES, Kind, Label
from annotations.queries.annotations.validation_context import Known
from annotations.queries.desks import Vocabulary, vocabulary
from annotations.services.tagging.codebook_values import clean_fields
from annotations.services.tagging.drafts import Draft, Link, Part
from annotations.text.spans import BLANK, CONTEXT, Selector, Span, overlapping

MOST_SPANS = 20


@dataclass(frozen=True)
class Said:
    """A draft that was checked: what the database is to keep of it."""

    draft: Draft
    label: Label
    fields: Mapping[str, Any]
    selectors: Sequence[Selector]


def check(
    drafts: Sequence[Draft], known: Known, *, carried: frozenset[UUID] = frozenset()
) -> Iterator[Said | Invalid]:
    """Each draft as it may be written, or all that is wrong with it.

    `known` answers the question about these drafts. They may lead to each other; links whose uid
    is `carried` on from the version before may go on, even to what was deleted since.
    """
    kinds = known.kinds
    if any(draft.links for draft in drafts):
        kinds = {**kinds, **{str(draft.id): draft.kind for draft in drafts}}
    words = iter(known.words)
    for draft in drafts:
        around = [next(words) for _ in draft.parts]
        try:
            yield _said(draft, known, around, kinds, carried)
        except Invalid as error:
            yield error


def _said(
    draft: Draft,
    known: Known,
    around: Sequence[str],
    kinds: Mapping[str, str],
    carried: frozenset[UUID],
) -> Said:
    terms = vocabulary(known.codebook)
    if draft.kind not in terms.labels:
        raise Invalid({"kind": [f"The kind must be one of: {', '.join(Kind.values)}."]})
    errors: dict[str, Sequence[str]] = {}
    label = terms.labels[draft.kind].get(draft.label)
    if label is None:
        errors["label"] = [_unknown_label(draft.kind, terms)]
    fields: Mapping[str, Any] = {}
    try:
        definitions = terms.fields[draft.kind]
        fields = clean_fields(definitions=definitions, values=draft.fields, records=known.records)
    except Invalid as error:
        errors |= error.errors
    selectors: Sequence[Selector] = ()
    try:
        selectors = _selectors(draft.parts, around, known.revision.length)
    except ValueError as error:
        errors["spans"] = [str(error)]
    if draft.links and (sentence := _wrong_link(draft, kinds, carried)):
        errors["relations"] = [sentence]
    if errors or label is None:
        raise Invalid(errors)
    return Said(draft, label, fields, selectors)


def _unknown_label(kind: str, terms: Vocabulary) -> str:
    return f"For the kind {kind} the label must be one of: {', '.join(terms.labels[kind])}."


def _selectors(parts: Sequence[Part], around: Sequence[str], length: int) -> list[Selector]:
    if not parts:
        raise ValueError("Select at least one passage.")
    if len(parts) > MOST_SPANS:
        raise ValueError(f"An annotation has at most {MOST_SPANS} spans.")
    selectors = [_selector(*each, length) for each in zip(parts, around, strict=True)]
    if len(parts) > 1 and overlapping([Span(each.start, each.end) for each in selectors]):
        raise ValueError("The spans of one annotation may not overlap.")
    return sorted(selectors, key=lambda selector: selector.start)


def _selector(part: Part, around: str, length: int) -> Selector:
    """The span, trimmed, with its words, out of those and up to 32 code points on either side."""
    if part.start >= part.end:
        raise ValueError(f"The span {part.start}–{part.end} is empty: it must end after its start.")
    if not part.is_span or part.end > length:
        raise ValueError(
            f"The span {part.start}–{part.end} lies outside the text, "
            f"which has {length} characters."
        )
    before = min(part.start, CONTEXT)
    after = before + part.end - part.start
    exact = around[before:after]
    if part.exact is not None and part.exact != exact:
        raise ValueError(
            f"At {part.start}–{part.end} the text says “{exact[:200]}”, "
            f"not “{part.exact[:200]}”. Offsets count Unicode code points."
        )
    words = exact.strip(BLANK)
    if not words:
        raise ValueError("The span holds only white space.")
    lead = len(exact) - len(exact.lstrip(BLANK))
    start = part.start + lead
    before += lead
    after = before + len(words)
    prefix, suffix = around[max(0, before - CONTEXT) : before], around[after : after + CONTEXT]
    return Selector(start, start + len(words), words, prefix, suffix)


def _wrong_link(draft: Draft, kinds: Mapping[str, str], carried: frozenset[UUID]) -> str | None:
    if len({(link.type, link.to) for link in draft.links}) < len(draft.links):
        return "This relation exists already."
    for link in draft.links:
        if link.uid not in carried and (sentence := _misled(link, draft, kinds)):
            return sentence
    return None


def _misled(link: Link, draft: Draft, kinds: Mapping[str, str]) -> str | None:
    origin, target = RELATES[link.type]
    there = kinds.get(str(link.to))
    if there is None or link.to == draft.id:
        return "A relation must lead to another annotation of this desk."
    if draft.kind not in origin or there not in target:
        return f"A {draft.kind} cannot be “{link.type.label}” a {there}."
    return None
