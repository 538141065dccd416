"""What published annotations can be asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from annotations.api.http.problems import BadQuery
from annotations.models import Annotation, Kind, Source
from annotations.queries.published import filters

TEXT = django_filters.CharFilter


class Filters(DjangoFilterBackend):
    """Answers 400, not 422, since it is the address that is wrong.

    An empty id, time or kind is wrong too: the client has lost it and does not mean everything.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet, view: APIView) -> QuerySet:
        declared = self.get_filterset_class(view, queryset).base_filters
        lost = [
            name
            for name, filter in declared.items()
            if request.query_params.get(name) == "" and not isinstance(filter, TEXT)
        ]
        if lost:
            raise BadQuery({name: ["This may not be empty."] for name in lost})
        try:
            return super().filter_queryset(request, queryset, view)
        except ValidationError as error:
            raise BadQuery(error.detail) from error


class PartFilter(django_filters.CharFilter):
    """Part of a name, however both are spelled."""

    def filter(self, rows: QuerySet[Any], part: str) -> QuerySet[Any]:
        return filters.with_part(rows, self.field_name, part=part) if part else rows


class PassageFilters(django_filters.FilterSet):
    """For the lists of one kind."""

    label = django_filters.CharFilter(
        field_name="publication__label", max_length=60, help_text="A label of the codebook."
    )
    source = django_filters.UUIDFilter(
        field_name="publication__source_id", help_text="Id of a source."
    )
    entity = django_filters.UUIDFilter(
        method="by_entity",
        help_text="Id of a register record or of a tagged mention: that mention itself, and what "
        "was said by it or is about it.",
    )
    speaker = django_filters.CharFilter(
        method="by_speaker", max_length=200, help_text="Part of the speaker's name."
    )
    q = django_filters.CharFilter(
        method="by_words",
        max_length=200,
        help_text="Whole words, each of them in the passage or the fields; case, accents and "
        "punctuation do not matter.",
    )
    updated_after = django_filters.IsoDateTimeFilter(
        method="by_time", help_text="Published later than this."
    )

    def by_entity(self, rows: QuerySet[Annotation], _name: str, id: UUID) -> Any:
        """A record beside words is left to the view, since one index has both."""
        if self.data.get("q", "").strip() and filters.is_record(id):
            self.request.parser_context["view"].record = id
            return rows
        return filters.concerning(rows, id)

    def by_speaker(self, rows: QuerySet[Annotation], _name: str, speaker: str) -> Any:
        return filters.said_by(rows, self.request.parser_context["view"].desk, speaker)

    def by_words(self, rows: QuerySet[Annotation], _name: str, _words: str) -> Any:
        """The view looks for them, since how depends on the page."""
        return rows

    def by_time(self, rows: QuerySet[Annotation], name: str, time: datetime) -> Any:
        """In UTC, since PostgreSQL takes no offset of 16 hours and more, which Python reads."""
        try:
            return rows.filter(publication__published_at__gt=time.astimezone(UTC))
        except OverflowError as error:
            raise BadQuery({name: ["There is no such time."]}) from error


class AnnotationFilters(PassageFilters):
    kind = django_filters.ChoiceFilter(field_name="publication__kind", choices=Kind.choices)


class ClaimFilters(PassageFilters):
    claimant = PartFilter(
        field_name="publication__claimant",
        max_length=200,
        help_text="Part of the claimant's name.",
    )
    verdict = django_filters.CharFilter(
        field_name="publication__verdict",
        max_length=60,
        help_text="A verdict as the codebook has it.",
    )


class QuoteFilters(PassageFilters):
    affiliation = PartFilter(
        field_name="publication__affiliation",
        max_length=200,
        help_text="Part of the name for which the speaker speaks.",
    )


class MentionFilters(PassageFilters):
    wikidata = django_filters.CharFilter(
        method="by_wikidata",
        max_length=20,
        help_text="A Wikidata id, of the mention or of the record it refers to.",
    )

    def by_wikidata(self, rows: QuerySet[Annotation], _name: str, id: str) -> Any:
        return filters.of_wikidata(rows, id)


class SourceFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="by_words",
        max_length=200,
        help_text="Beginnings of words, each of them in the title, the publisher's or the author's "
        "name.",
    )
    publisher = PartFilter(
        field_name="publisher", max_length=200, help_text="Part of the publisher's name."
    )
    language = django_filters.CharFilter(
        method="by_language",
        max_length=35,
        help_text="A language range (RFC 4647, section 3.3.1): `en` finds en and en-GB.",
    )
    published_from = django_filters.DateFilter(
        field_name="published_on", lookup_expr="gte", help_text="Published on this day or later."
    )
    published_until = django_filters.DateFilter(
        field_name="published_on", lookup_expr="lte", help_text="Published on this day or earlier."
    )

    def by_words(self, rows: QuerySet[Source], _name: str, words: str) -> Any:
        return filters.sources_with(rows, words)

    def by_language(self, rows: QuerySet[Source], _name: str, language: str) -> Any:
        return filters.in_language(rows, language)
