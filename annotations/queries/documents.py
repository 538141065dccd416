"""The JSON of an annotation, built by the database: one statement however many there are.

The two shapes (docs/api.md): the published one says what was approved and no more; the work one
says the newest version and what was decided on it. Times are ISO 8601 in UTC, offsets code points.
"""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from annotations.models import Annotation, Decision, Relation, Span, State


def published_document() -> JSONObject:
    """The approved version; relations lead to published annotations only."""
    return JSONObject(
        **_said_by("published"),
        relations=_relations(
            Relation.objects.filter(version=OuterRef("published_id"), to__published__isnull=False)
        ),
        state=Value(State.APPROVED.value),
        updated_at=F("published_at"),
    )


def work_document() -> JSONObject:
    """The newest version, with its newest decision and the number of the published version."""
    return JSONObject(
        **_said_by("head"),
        relations=_relations(
            Relation.objects.filter(version=OuterRef("head_id"), to__deleted_at=None)
        ),
        state=F("head__state"),
        updated_at=F("updated_at"),
        published_version=F("published__number"),
        decision=_newest_decision(),
        deleted=Case(When(Q(deleted_at=None), then=Value(False)), default=Value(True)),
    )


def _said_by(version: str) -> dict[str, Combinable]:
    spans = Span.objects.filter(version=OuterRef(f"{version}_id"))
    return {
        "id": F("id"),
        "kind": F("kind"),
        "label": F(f"{version}__label__name"),
        "spans": ArraySubquery(
            spans.order_by("start").values(json=JSONObject(start="start", end="end", exact="exact"))
        ),
        "prefix": Subquery(spans.order_by("start").values("prefix")[:1]),
        "suffix": Subquery(spans.order_by("-start").values("suffix")[:1]),
        "fields": F(f"{version}__fields"),
        "source": F("source_id"),
        "revision": F(f"{version}__revision__number"),
        "revision_sha256": F(f"{version}__revision__sha256"),
        "version": F(f"{version}__number"),
        "author": JSONObject(id=f"{version}__author_id", name=f"{version}__author__name"),
        "created_at": F("created_at"),
    }


def _relations(relations: QuerySet[Relation]) -> ArraySubquery:
    return ArraySubquery(
        relations.order_by("id").values(json=JSONObject(id="uid", type="type", to="to_id"))
    )


def _newest_decision() -> Subquery:
    decisions = Decision.objects.filter(version=OuterRef("head_id")).order_by("-id")
    return Subquery(
        decisions.values(
            json=JSONObject(verdict="verdict", note="note", by="by__name", at="created_at")
        )[:1]
    )


def documents_of(annotations: QuerySet[Annotation], document: JSONObject) -> QuerySet:
    """One JSON object a row, in the order of `annotations`."""
    return annotations.order_by(*annotations.query.order_by).values_list(document, flat=True)
