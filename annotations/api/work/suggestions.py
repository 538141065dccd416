"""Tag all: propose where else a mention's words stand; accept, dismiss and put back proposals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.http.pagination import PARAMETERS, KeysetPages, by_key
from annotations.api.http.problems import BadQuery
from annotations.api.http.version_headers import with_texts
from annotations.api.openapi.responses import ALWAYS, WRITING, answers
from annotations.api.serializers.requests import SearchInput, SuggestionIds, checked
from annotations.api.serializers.responses import (
    AcceptedOutput,
    JobOutput,
    OccurrencesOutput,
    ProposalsOutput,
    SuggestionOutput,
    SuggestionsOutput,
)
from annotations.api.views import WorkView
from annotations.api.work.jobs import accepted
from annotations.errors import Invalid
from annotations.models import Desk, Suggestion
from annotations.policy import Action
from annotations.queries.annotations.work import annotation_on, work_texts
from annotations.queries.suggestions import (
    count_of_other_sources,
    suggestion_documents,
    suggestions_on,
)
from annotations.services.suggestions.decide import (
    accept_suggestions,
    dismiss_suggestions,
    reopen_suggestions,
)
from annotations.services.suggestions.propose import (
    Place,
    find_occurrences,
    suggest_occurrences,
    suggest_on_desk,
)
from annotations.text.spans import Span


class Search(WorkView):
    actions: ClassVar = {"GET": Action.READ_WORK, "POST": Action.TAG}

    @extend_schema(
        operation_id="work_occurrences_list",
        summary="Find other occurrences of a mention of an entity",
        description="In the mention's source, in reading order, up to 1,000 places. Looking "
        "records nothing: POST makes suggestions of the places that you want.",
        responses=answers({200: OccurrencesOutput}, *ALWAYS, 409),
    )
    def get(self, request: Request, desk: str, id: UUID) -> Response:  # noqa: ARG002
        annotation = annotation_on(self.desk, id)
        found = find_occurrences(annotation=annotation, by=self.person)
        document = {
            "places": [_place(each) for each in found.places],
            "more": found.more,
            "other_sources": count_of_other_sources(self.desk, annotation.source_id),
        }
        return Response(document)

    @extend_schema(
        operation_id="work_suggestions_create",
        summary="Propose every other occurrence of a mention of an entity",
        description="By the words of the mention and the names of its register record. In the "
        "mention's source the answer has what is open there, up to 1,000: 201 if any of it is new, "
        "else 200. `more` says how many places are left for when these are decided. "
        "For the desk a job does the work; ask for it at the address in `Location`.",
        request=SearchInput,
        responses=answers(
            {200: ProposalsOutput, 201: ProposalsOutput, 202: JobOutput}, *WRITING, 409
        ),
    )
    def post(self, request: Request, desk: str, id: UUID) -> Response:  # noqa: ARG002
        values = checked(SearchInput, request)
        scope, spans = values["scope"], values.get("spans")
        annotation = annotation_on(self.desk, id)
        if scope == "desk":
            return accepted(self.desk, suggest_on_desk(annotation=annotation, by=self.person))
        only = None if spans is None else _spans(spans)
        found = suggest_occurrences(annotation=annotation, by=self.person, spans=only)
        document = {
            "suggestions": suggestion_documents(Suggestion.objects.filter(id__in=found.ids)),
            "more": found.more,
            "other_sources": count_of_other_sources(self.desk, annotation.source_id),
        }
        return Response(document, status=201 if found.new else 200)


class SuggestionList(WorkView):
    actions: ClassVar = {"GET": Action.READ_WORK}
    parameters = PARAMETERS | {"source", "state"}
    pagination_class = KeysetPages

    @extend_schema(
        operation_id="work_suggestions_list",
        summary="What programs proposed",
        parameters=[
            OpenApiParameter("source", UUID, description="Only those on this source."),
            OpenApiParameter(
                "state", str, enum=Suggestion.State.values, default=Suggestion.State.OPEN
            ),
        ],
        responses=answers({200: SuggestionOutput(many=True)}, *ALWAYS),
    )
    def get(self, request: Request, desk: str) -> Response:  # noqa: ARG002
        rows = suggestions_on(self.desk, state=_state(request), source=_source(request))
        pages = self.pagination_class()
        keys = pages.paginate_queryset(rows, request)
        return pages.get_paginated_response(suggestion_documents(by_key(rows, keys)))


class Acceptance(WorkView):
    actions: ClassVar = {"POST": Action.TAG}

    @extend_schema(
        operation_id="work_suggestions_accept",
        summary="Make up to 1,000 suggestions drafts of yours, all or none",
        description="Accepting again what is accepted changes nothing and gives the same answer.",
        request=SuggestionIds,
        responses=answers({200: AcceptedOutput}, *WRITING, 409),
    )
    def post(self, request: Request, desk: str) -> HttpResponse:  # noqa: ARG002
        ids = checked(SuggestionIds, request)["ids"]
        became = accept_suggestions(desk=self.desk, by=self.person, ids=ids)
        return with_texts(work_texts([became[id] for id in ids]), 200)


class Dismissal(WorkView):
    actions: ClassVar = {"POST": Action.TAG}

    @extend_schema(
        operation_id="work_suggestions_dismiss",
        summary="Dismiss up to 1,000 suggestions, all or none; they are not proposed again",
        request=SuggestionIds,
        responses=answers({200: SuggestionsOutput}, *WRITING, 409),
    )
    def post(self, request: Request, desk: str) -> Response:  # noqa: ARG002
        ids = checked(SuggestionIds, request)["ids"]
        dismiss_suggestions(desk=self.desk, by=self.person, ids=ids)
        return _answer(self.desk, ids)


class Reopening(WorkView):
    actions: ClassVar = {"POST": Action.TAG}

    @extend_schema(
        operation_id="work_suggestions_reopen",
        summary="Undo accepting or dismissing suggestions, all or none",
        description="Drafts that accepting made are deleted, unless another member edited one or "
        "one is in review, decided on or published: then nothing changes.",
        request=SuggestionIds,
        responses=answers({200: SuggestionsOutput}, *WRITING, 409),
    )
    def post(self, request: Request, desk: str) -> Response:  # noqa: ARG002
        ids = checked(SuggestionIds, request)["ids"]
        reopen_suggestions(desk=self.desk, by=self.person, ids=ids)
        return _answer(self.desk, ids)


def _spans(values: Sequence[dict[str, Any]]) -> set[Span]:
    if any(each["start"] >= each["end"] for each in values):
        raise Invalid({"spans": ["A span starts before its end."]})
    return {Span(each["start"], each["end"]) for each in values}


def _place(place: Place) -> dict[str, Any]:
    start, end, exact = place.selector.start, place.selector.end, place.selector.exact
    return {
        "suggestion": place.suggestion,
        "spans": [{"start": start, "end": end, "exact": exact}],
        "prefix": place.selector.prefix,
        "suffix": place.selector.suffix,
    }


def _answer(desk: Desk, ids: Sequence[UUID]) -> Response:
    rows = Suggestion.objects.filter(desk=desk, id__in=ids)
    return Response({"suggestions": suggestion_documents(rows)})


def _state(request: Request) -> Suggestion.State:
    written = request.query_params.get("state", Suggestion.State.OPEN)
    if written not in Suggestion.State.values:
        raise BadQuery({"state": [f"This must be one of: {', '.join(Suggestion.State.values)}."]})
    return Suggestion.State(written)


def _source(request: Request) -> UUID | None:
    written = request.query_params.get("source")
    try:
        return UUID(written) if written is not None else None
    except ValueError as error:
        raise BadQuery({"source": ["This must be the id of a source."]}) from error
