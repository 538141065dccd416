"""What a client may send, checked in shape and size; services check what it means.

The stubs do not know that `many=True` takes `max_length`: hence the ignored arguments.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from annotations.api.serializers.fields import (
    LAST_OFFSET,
    LONGEST_EXACT,
    LONGEST_LABEL,
    LONGEST_NOTE,
    MOST_LINKS,
    CodebookValues,
    Identifier,
    Input,
    Text,
    Whole,
)
from annotations.models import LONGEST_COMMENT, Decision, Kind, RelationType
from annotations.models.identity import new_id
from annotations.services.comments import MOST_MENTIONS
from annotations.services.sources import Provenance
from annotations.services.tagging.annotations import MOST_AT_ONCE
from annotations.services.tagging.drafts import Draft, Link, Part
from annotations.services.tagging.validation import MOST_SPANS


class SpanInput(Input):
    start = Whole(min_value=0, max_value=LAST_OFFSET, help_text="Code points, from 0.")
    end = Whole(min_value=0, max_value=LAST_OFFSET, help_text="Code points, not included.")
    exact = Text(
        required=False,
        trim_whitespace=False,
        max_length=LONGEST_EXACT,
        help_text="If sent, it must equal the text there. White space at the ends is left out.",
    )


class LinkInput(Input):
    type = serializers.ChoiceField(RelationType.choices)
    to = Identifier()


class AnnotationInput(Input):
    id = Identifier(
        required=False, help_text="A UUIDv7 of your own; the same id again makes no second one."
    )
    kind = serializers.ChoiceField(Kind.choices)
    label = Text(max_length=LONGEST_LABEL)  # type: ignore[assignment]  # the metaclass takes it away
    spans = SpanInput(many=True, max_length=MOST_SPANS)  # type: ignore[call-arg]
    fields_ = CodebookValues(required=False)
    relations = LinkInput(many=True, required=False, max_length=MOST_LINKS)  # type: ignore[call-arg]

    def get_fields(self) -> dict[str, serializers.Field]:
        return renamed(super().get_fields())


class BatchItemInput(AnnotationInput):
    id = Identifier(help_text="A UUIDv7 of your own.")


class BatchInput(Input):
    annotations = BatchItemInput(many=True, allow_empty=False, max_length=MOST_AT_ONCE)  # type: ignore[call-arg]


class AnnotationPatch(Input):
    """What is left out stays as it is."""

    label = Text(max_length=LONGEST_LABEL, required=False)  # type: ignore[assignment]
    spans = SpanInput(many=True, required=False, max_length=MOST_SPANS)  # type: ignore[call-arg]
    fields_ = CodebookValues(required=False)
    relations = LinkInput(many=True, required=False, max_length=MOST_LINKS)  # type: ignore[call-arg]

    def get_fields(self) -> dict[str, serializers.Field]:
        return renamed(super().get_fields())


class VersionInput(Input):
    version = Whole(min_value=1, max_value=LAST_OFFSET, help_text="The version you have seen.")


class DecisionInput(VersionInput):
    verdict = serializers.ChoiceField(Decision.Verdict.choices)
    note = Text(
        required=False,
        allow_blank=True,
        max_length=LONGEST_NOTE,
        help_text="Required unless approved.",
    )


class CommentPatch(Input):
    body = Text(max_length=LONGEST_COMMENT)
    mentions = serializers.ListField(
        child=Identifier(),
        required=False,
        max_length=MOST_MENTIONS,
        help_text="Ids of the members whom the comment calls.",
    )


class CommentInput(CommentPatch):
    id = Identifier(
        required=False, help_text="A UUIDv7 of your own; the same id again makes no second one."
    )
    thread = Identifier(
        required=False,
        allow_null=True,
        help_text="The comment that began the thread; left out, this one begins a thread.",
    )


class WithdrawalInput(Input):
    reason = Text(max_length=LONGEST_NOTE, help_text="Readers of the published one will see it.")


class RelationInput(VersionInput):
    type = serializers.ChoiceField(RelationType.choices)
    to = Identifier()
    from_ = Identifier(help_text="The annotation that carries the relation.")

    def get_fields(self) -> dict[str, serializers.Field]:
        return renamed(super().get_fields())


class EntityInput(Input):
    name = Text(max_length=200)
    type = Text(max_length=60, help_text="A label of the kind entity.")
    aliases = serializers.ListField(child=Text(max_length=200), required=False, max_length=50)
    wikidata = Text(max_length=20, required=False, allow_blank=True)


class SearchInput(Input):
    scope = serializers.ChoiceField(
        ["source", "desk"],
        default="source",
        help_text="Where to look: in the mention's source at once, or by a job in all sources.",
    )

    spans = serializers.ListField(
        child=SpanInput(),
        required=False,
        max_length=MOST_AT_ONCE,
        help_text="Only at these places of the mention's source.",
    )


class SuggestionIds(Input):
    ids = serializers.ListField(child=Identifier(), allow_empty=False, max_length=MOST_AT_ONCE)


class ReleaseInput(Input):
    notes = Text(required=False, allow_blank=True, max_length=LONGEST_NOTE)


class SourceInput(Input):
    """Either `text` (pasted) or `file` (multipart only), with what is known of its provenance."""

    text = Text(required=False, allow_blank=True, trim_whitespace=False)
    file = serializers.FileField(
        required=False, allow_empty_file=True, max_length=255, help_text=".txt or .html"
    )
    encoding = Text(
        required=False,
        allow_blank=True,
        max_length=40,
        help_text="Of the file, when it is not UTF-8 and does not say.",
    )
    title = Text(required=False, allow_blank=True, max_length=300)
    publisher = Text(required=False, allow_blank=True, max_length=200)
    author = Text(required=False, allow_blank=True, max_length=200)
    url = Text(required=False, allow_blank=True, max_length=2000)
    published_on = Text(required=False, allow_blank=True, max_length=10)
    retrieved_on = Text(required=False, allow_blank=True, max_length=10)
    language = Text(required=False, allow_blank=True, max_length=35)
    licence = Text(required=False, allow_blank=True, max_length=200)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("text" in attrs) == ("file" in attrs):
            raise serializers.ValidationError({"text": ["Send either text or a file."]})
        return attrs


def renamed(fields: dict[str, serializers.Field]) -> dict[str, serializers.Field]:
    """`from_` and `fields_` without the underscore that Python needs and clients do not see."""
    return {name.rstrip("_"): field for name, field in fields.items()}


def parts(spans: list[dict[str, Any]]) -> list[Part]:
    return [Part(**span) for span in spans]


def links(relations: list[dict[str, Any]]) -> list[Link]:
    return [Link(RelationType(each["type"]), each["to"]) for each in relations]


def draft(values: dict[str, Any]) -> Draft:
    return Draft(
        id=values.get("id") or new_id(),
        kind=values["kind"],
        label=values["label"],
        parts=parts(values["spans"]),
        fields=values.get("fields", {}),
        links=links(values.get("relations", [])),
    )


def provenance(values: dict[str, Any]) -> Provenance:
    named = Provenance.__dataclass_fields__
    return Provenance(**{name: value for name, value in values.items() if name in named})


def checked(serializer: type[Input], request: Request) -> dict[str, Any]:
    """The body as the serializer reads it. Raises ValidationError (422)."""
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    return body.validated_data
