"""What the published API answers, as outputs.py has it for all of the API.

A serializer's metaclass takes the declared fields away, so those named `label`, `source`, `fields`
or `errors` do not shadow what the stubs see in their place: hence the ignored assignments.
"""

from __future__ import annotations

from rest_framework import serializers

from annotations.api.serializers.responses import (
    AnnotationOutput,
    AuthorOutput,
    EntityOutput,
    RevisionOutput,
    SourceOutput,
    SpanOutput,
)
from annotations.models import (
    PUBLIC_EVENTS,
    Kind,
    Release,
)


class PublishedSourceOutput(SourceOutput):
    revisions = RevisionOutput(many=True, help_text="Texts with published annotations.")

    class Meta(SourceOutput.Meta):
        fields = [*SourceOutput.Meta.fields, "revisions"]


class ReleaseFileOutput(serializers.Serializer):
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()


class ReleaseOutput(serializers.ModelSerializer[Release]):
    files = ReleaseFileOutput(many=True)

    class Meta:
        model = Release
        fields = [
            "number", "notes", "annotation_count", "manifest_sha256", "previous_sha256",
            "created_at", "files",
        ]  # fmt: skip


class DifferenceOutput(serializers.Serializer):
    id = serializers.UUIDField()
    change = serializers.ChoiceField(["added", "changed", "retracted"])
    was_version = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField(help_text="Of a retraction, else empty.")


class CountsOutput(serializers.Serializer):
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    retracted = serializers.IntegerField()


class DifferencesOutput(serializers.Serializer):
    to = serializers.IntegerField()
    counts = CountsOutput()
    changes = DifferenceOutput(many=True)
    next = serializers.UUIDField(allow_null=True, help_text="The cursor of the next page.")

    def get_fields(self) -> dict[str, serializers.Field]:
        """`from` is a word of Python's."""
        return {"from": serializers.IntegerField(), **super().get_fields()}


class SourceReference(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField()
    publisher = serializers.CharField()
    url = serializers.CharField()


class MentionOutput(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Kind.choices)
    exact = serializers.ListField(child=serializers.CharField())
    entity = EntityOutput(allow_null=True)


class PassageOutput(serializers.Serializer):
    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    spans = SpanOutput(many=True)
    source = SourceReference()  # type: ignore[assignment]
    revision = serializers.IntegerField()
    version = serializers.IntegerField()
    author = AuthorOutput()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


def _ids(about: str) -> serializers.ListField:
    return serializers.ListField(child=serializers.UUIDField(), help_text=about)


class ClaimOutput(PassageOutput):
    normalized = serializers.CharField(help_text="The claim as one sentence of its own.")
    claimant = serializers.CharField(allow_null=True)
    asserted_on = serializers.DateField(allow_null=True)
    verdict = serializers.CharField(allow_null=True)
    evidence = serializers.ListField(child=serializers.CharField())
    about = MentionOutput(many=True)
    stated_in = _ids("Quotes that state it.")
    supports = _ids("Claims.")
    supported_by = _ids("Claims.")
    contradicts = _ids("Claims.")
    contradicted_by = _ids("Claims.")
    repeats = _ids("Claims.")
    repeated_by = _ids("Claims.")


class QuoteOutput(PassageOutput):
    manner = serializers.CharField(
        help_text="How it is reported, by default direct, indirect or mixed."
    )
    speaker = serializers.CharField(allow_null=True)
    role = serializers.CharField(allow_null=True)
    affiliation = serializers.CharField(allow_null=True)
    cue = serializers.CharField(allow_null=True)
    said_by = MentionOutput(many=True)
    claims = _ids("Claims that it states.")


class EntityMentionOutput(PassageOutput):
    entity = EntityOutput(allow_null=True, help_text="The register record it refers to.")
    wikidata = serializers.CharField(allow_null=True)
    same_as = _ids("Mentions of the same.")
    said = _ids("Quotes.")
    subject_of = _ids("Claims and flags about it.")


class EntityDetailOutput(EntityOutput):
    mention_count = serializers.IntegerField(help_text="Approved mentions in all.")
    source_count = serializers.IntegerField(help_text="Sources that contain them.")
    mentions = EntityMentionOutput(many=True)
    next = serializers.URLField(
        allow_null=True, help_text="The address of the next mentions; null on the last page."
    )

    class Meta(EntityOutput.Meta):
        fields = [
            *EntityOutput.Meta.fields, "mention_count", "source_count", "mentions", "next",
        ]  # fmt: skip


class IncludedOutput(serializers.Serializer):
    """What was requested by `include`."""

    annotations = AnnotationOutput(many=True, required=False)
    entities = EntityOutput(many=True, required=False)
    sources = PublishedSourceOutput(many=True, required=False)


class AnnotationDetailOutput(AnnotationOutput):
    included = IncludedOutput(required=False)


class RetractionOutput(serializers.Serializer):
    id = serializers.UUIDField()
    reason = serializers.CharField()


class ChangeOutput(serializers.Serializer):
    seq = serializers.IntegerField(help_text="Its number in the desk's ledger; they only grow.")
    type = serializers.ChoiceField(PUBLIC_EVENTS)
    at = serializers.DateTimeField()
    id = serializers.UUIDField(help_text="Of the annotation.")
    version = serializers.IntegerField(
        help_text="What was approved or withdrawn; `annotation` may be a later one by now."
    )
    correction = serializers.BooleanField(
        help_text="An approval of another version of what was published already."
    )
    annotation = AnnotationOutput(
        allow_null=True, help_text="As published now; null if it was withdrawn, then or since."
    )
    retraction = RetractionOutput(allow_null=True, help_text="Of a withdrawal.")


class ChangesOutput(serializers.Serializer):
    changes = ChangeOutput(many=True)
    next = serializers.IntegerField(help_text="Send it as `after` next time.")
    has_more = serializers.BooleanField(help_text="Whether there is more to be read at once.")
    newest = serializers.IntegerField(
        help_text="The last of all changes: a copy that begins with the lists asks for this before "
        "it reads them, and then for what came after."
    )
