"""Writing the next version of an annotation that is there."""

from __future__ import annotations

from annotations.errors import Invalid
from annotations.models import Annotation, Relation, RelationType, State, User, Version
from annotations.models import Span as SpanRow
from annotations.queries.annotations.validation_context import known
from annotations.services.tagging.drafts import Draft, Link, Part, question_about
from annotations.services.tagging.validation import check


def write_version(*, annotation: Annotation, head: Version, draft: Draft, by: User) -> Version:
    """The version after `head` of a locked annotation, a draft on the same text.

    Raises Invalid naming each wrong input.
    """
    question = question_about(
        [draft], source=annotation.source_id, person=by.id, revision=head.revision_id
    )
    answer = known(desk=annotation.desk_id, question=question)
    carried = frozenset(link.uid for link in links_of(head))
    [said] = check([draft], answer, carried=carried)
    if isinstance(said, Invalid):
        raise said
    version = Version.objects.create(
        annotation=annotation,
        number=head.number + 1,
        revision_id=head.revision_id,
        label=said.label,
        fields=said.fields,
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
        for s in said.selectors
    )
    Relation.objects.bulk_create(
        Relation(version=version, uid=link.uid, type=link.type, to_id=link.to)
        for link in draft.links
    )
    annotation.head = version
    annotation.save(update_fields=["head", "updated_at"])
    return version


def parts_of(version: Version) -> list[Part]:
    return [Part(span.start, span.end) for span in version.spans.order_by("start")]


def links_of(version: Version) -> list[Link]:
    return [
        Link(RelationType(relation.type), relation.to_id, relation.uid)
        for relation in version.relations.order_by("id")
    ]
