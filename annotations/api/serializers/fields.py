"""Fields and serializers for input: typed, bounded, and with no room for what is not named."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from django.core.validators import ProhibitNullCharactersValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from annotations.api.http.problems import MOST_ERRORS

MOST_LINKS = 100
LAST_OFFSET = 2**31 - 1
LONGEST_NOTE = 5_000  # code points
LONGEST_LABEL = 60
LONGEST_EXACT = 100_000
MOST_VALUES = 100  # fields of one annotation, and items of one list


class Input(serializers.Serializer):
    """Refuses keys it does not know, so that a misspelt one is not silently left out."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            names = islice((name for name in data if name not in self.fields), MOST_ERRORS)
            unknown = {str(name): ["There is no such field."] for name in names}
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """A JSON string; numbers are not taken for one. NUL and lone surrogates are refused."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A JSON integer; texts and fractions are not taken for one."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class Identifier(serializers.UUIDField):
    """A UUID as text."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}, "maxItems": MOST_VALUES},
        ],
        "nullable": True,
    }
)
class CodebookValue(serializers.Field):
    """A text or a list of texts; services check it against the codebook."""

    checks = (ProhibitNullCharactersValidator(), ProhibitSurrogateCharactersValidator())

    def to_internal_value(self, data: Any) -> str | list[str]:
        texts = [data] if isinstance(data, str) else data
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise serializers.ValidationError("This must be a text or a list of texts.")
        if len(texts) > MOST_VALUES:
            raise serializers.ValidationError(f"This list may have at most {MOST_VALUES} items.")
        for text in texts:
            for check in self.checks:
                check(text)
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class CodebookValues(serializers.DictField):
    """The values of an annotation by the names of the codebook's fields."""

    child = CodebookValue(allow_null=True)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, Mapping) and len(data) > MOST_VALUES:
            raise serializers.ValidationError(f"At most {MOST_VALUES} fields can be given.")
        return super().to_internal_value(data)
