"""What the API answers, for the OpenAPI document: the queries build the JSON, these describe it.

A serializer's metaclass takes the declared fields away, so those named `label`, `source`, `fields`
or `errors` do not shadow what the stubs see in their place: hence the ignored assignments.
"""

from __future__ import annotations

from rest_framework import serializers

from annotations.models import (
    Decision,
    Entity,
    Job,
    Kind,
    RelationType,
    Source,
    State,
    Suggestion,
)
from annotations.text.spans import CONTEXT


class Problem(serializers.Serializer):
    """RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence for people.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="What is wrong with each field or parameter.",
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        policies = serializers.ListField(
            child=serializers.CharField(), required=False, help_text="Of 429: what is used up."
        )
        return {**super().get_fields(), "violated-policies": policies}


class SpanOutput(serializers.Serializer):
    start = serializers.IntegerField(help_text="Code points, from 0.")
    end = serializers.IntegerField(help_text="Code points, not included.")
    exact = serializers.CharField(help_text="The words of the span.")


class LinkOutput(serializers.Serializer):
    id = serializers.UUIDField()
    type = serializers.ChoiceField(RelationType.choices)
    to = serializers.UUIDField()


class AuthorOutput(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class AnnotationOutput(serializers.Serializer):
    """The approved version."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Kind.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    spans = SpanOutput(many=True)
    prefix = serializers.CharField(help_text=f"Up to {CONTEXT} code points before the first span.")
    suffix = serializers.CharField(help_text=f"Up to {CONTEXT} code points after the last span.")
    fields = serializers.DictField()  # type: ignore[assignment]
    relations = LinkOutput(many=True)
    source = serializers.UUIDField()  # type: ignore[assignment]
    revision = serializers.IntegerField(help_text="The text that the offsets count in.")
    revision_sha256 = serializers.CharField(help_text="Of that text as UTF-8.")
    state = serializers.ChoiceField(State.choices)
    version = serializers.IntegerField()
    author = AuthorOutput()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class DecisionOutput(serializers.Serializer):
    verdict = serializers.ChoiceField(Decision.Verdict.choices)
    note = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class TalkOutput(serializers.Serializer):
    open = serializers.IntegerField(help_text="Unresolved threads.")
    total = serializers.IntegerField(help_text="Comments.")


class WorkOutput(AnnotationOutput):
    """The newest version."""

    origin = serializers.CharField(
        allow_blank=True, help_text="The program that proposed it; empty when a person made it."
    )
    published_version = serializers.IntegerField(allow_null=True)
    decision = DecisionOutput(allow_null=True, help_text="The newest one on this version.")
    deleted = serializers.BooleanField()
    comments = TalkOutput()


class FoundOutput(WorkOutput):
    source_title = serializers.CharField()


class ResolutionOutput(serializers.Serializer):
    by = serializers.CharField()
    at = serializers.DateTimeField()


class CommentOutput(serializers.Serializer):
    id = serializers.UUIDField()
    annotation = serializers.UUIDField()
    thread = serializers.UUIDField(allow_null=True, help_text="What it answers; null if it began.")
    author = AuthorOutput()
    body = serializers.CharField(allow_blank=True, help_text="Empty when it was deleted.")
    mentions = AuthorOutput(many=True)
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    deleted = serializers.BooleanField()
    resolved = ResolutionOutput(allow_null=True, help_text="Of the thread that it began.")


class OutdatedProblem(Problem):
    current = WorkOutput(help_text="The annotation as it is now.")


class SourceWorkOutput(serializers.Serializer):
    cursor = serializers.IntegerField(help_text="Go on with the live stream after this.")
    annotations = WorkOutput(many=True)


class BatchOutput(serializers.Serializer):
    annotations = WorkOutput(many=True)


class SuggestionOutput(serializers.Serializer):
    """What a program proposes; it becomes an annotation only when a person accepts it."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(Suggestion.State.choices)
    kind = serializers.ChoiceField(Kind.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    spans = SpanOutput(many=True)
    prefix = serializers.CharField(help_text=f"Up to {CONTEXT} code points before the span.")
    suffix = serializers.CharField(help_text=f"Up to {CONTEXT} code points after the span.")
    fields = serializers.DictField()  # type: ignore[assignment]
    source = serializers.UUIDField()  # type: ignore[assignment]
    revision = serializers.IntegerField(help_text="The text that the offsets count in.")
    origin = serializers.CharField(help_text="The program and its version.")
    prompted_by = serializers.UUIDField(
        allow_null=True, help_text="The annotation that it was asked for from."
    )
    proposed_by = AuthorOutput(help_text="Who asked for it.")
    created_at = serializers.DateTimeField()
    annotation = serializers.UUIDField(allow_null=True, help_text="What it became.")
    decided_by = AuthorOutput(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class SuggestionsOutput(serializers.Serializer):
    suggestions = SuggestionOutput(many=True)


class PlaceOutput(serializers.Serializer):
    """Where the same words stand; `suggestion` is null until somebody records the place."""

    suggestion = serializers.UUIDField(allow_null=True)
    spans = SpanOutput(many=True)
    prefix = serializers.CharField(help_text=f"Up to {CONTEXT} code points before the span.")
    suffix = serializers.CharField(help_text=f"Up to {CONTEXT} code points after the span.")


class OccurrencesOutput(serializers.Serializer):
    places = PlaceOutput(many=True)
    more = serializers.IntegerField(
        help_text="How many places are left over: ask again when these are decided."
    )
    other_sources = serializers.IntegerField(help_text="How many more a search of the desk reads.")


class ProposalsOutput(SuggestionsOutput):
    more = serializers.IntegerField(
        help_text="How many places are left over: ask again when these are decided."
    )
    other_sources = serializers.IntegerField(help_text="How many more a search of the desk reads.")


class AcceptedOutput(serializers.Serializer):
    """What the suggestions became, in the order that they were named in."""

    annotations = WorkOutput(many=True)


class RelationOutput(LinkOutput):
    """A relation with the annotation that carries it, and that one's new version."""

    version = serializers.IntegerField()

    def get_fields(self) -> dict[str, serializers.Field]:
        return {**super().get_fields(), "from": serializers.UUIDField()}


class EntityOutput(serializers.ModelSerializer[Entity]):
    """A record of the register."""

    aliases = serializers.ListField(child=serializers.CharField())
    wikidata = serializers.CharField(allow_null=True)

    class Meta:
        model = Entity
        fields = ["id", "name", "type", "aliases", "wikidata"]


class JobOutput(serializers.ModelSerializer[Job]):
    source = serializers.UUIDField(source="source_id", allow_null=True)  # type: ignore[assignment]
    release = serializers.IntegerField(source="release.number", allow_null=True, default=None)

    class Meta:
        model = Job
        fields = [
            "id", "type", "state", "progress", "step", "error", "source", "release", "created_at",
            "finished_at",
        ]  # fmt: skip


class SourceOutput(serializers.ModelSerializer[Source]):
    """A source with its provenance; texts are empty and dates null where nothing is known."""

    url = serializers.CharField()

    class Meta:
        model = Source
        fields = [
            "id", "title", "publisher", "author", "url", "published_on", "retrieved_on", "language",
            "licence",
        ]  # fmt: skip


class RevisionOutput(serializers.Serializer):
    number = serializers.IntegerField()
    length = serializers.IntegerField(help_text="Code points.")
    sha256 = serializers.CharField(help_text="Of the text as UTF-8.")


class WorkRevisionOutput(RevisionOutput):
    importer = serializers.CharField()
    importer_version = serializers.CharField()
    warnings = serializers.ListField(child=serializers.CharField())
    text = serializers.CharField()


class WorkSourceOutput(SourceOutput):
    created_at = serializers.DateTimeField()
    revision = WorkRevisionOutput()

    class Meta(SourceOutput.Meta):
        fields = [*SourceOutput.Meta.fields, "created_at", "revision"]
