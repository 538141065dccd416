"""The values of a codebook's fields, checked on every write."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from annotations.errors import Invalid
from annotations.models import FieldDefinition, FieldType

LONGEST = 5_000  # code points of one value
MOST_URLS = 20
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL takes neither

Records = Container[UUID]

_is_url = URLValidator(schemes=["http", "https"])


def clean_fields(
    *,
    definitions: Iterable[FieldDefinition],
    values: Mapping[str, object],
    records: Records,
) -> dict[str, object]:
    """The values without empty ones; `records` are those of the register that they may name.

    Raises Invalid naming each wrong field as `fields.<name>`.
    """
    by_name = {definition.name: definition for definition in definitions}
    errors: dict[str, list[str]] = {
        f"fields.{name}": [f"The codebook has no field “{name}” for this kind."]
        for name in values
        if name not in by_name
    }
    cleaned: dict[str, object] = {}
    for name, definition in by_name.items():
        value = values.get(name)
        if isinstance(value, str):
            value = value.strip()
        if value in (None, "", []):
            if definition.required:
                errors[f"fields.{name}"] = [f"“{definition.title}” is required."]
            continue
        try:
            cleaned[name] = _CHECKS[FieldType(definition.type)](definition, value, records)
        except ValueError as error:
            errors[f"fields.{name}"] = [str(error)]
    if errors:
        raise Invalid(errors)
    return cleaned


def _text(definition: FieldDefinition, value: object, _records: Records) -> str:
    if not isinstance(value, str):
        raise ValueError(f"“{definition.title}” must be text.")
    if len(value) > LONGEST:
        raise ValueError(f"“{definition.title}” may have at most {LONGEST} characters.")
    if UNSTORABLE.search(value):
        raise ValueError(f"“{definition.title}” holds a NUL or half a character (a surrogate).")
    if definition.type == FieldType.TEXT and "\n" in value:
        raise ValueError(f"“{definition.title}” must be one line.")
    return value


def _date(definition: FieldDefinition, value: object, records: Records) -> str:
    try:
        return date.fromisoformat(_text(definition, value, records)).isoformat()
    except ValueError as error:
        raise ValueError(f"“{definition.title}” must be a date such as 2020-09-15.") from error


def _choice(definition: FieldDefinition, value: object, _records: Records) -> str:
    if not isinstance(value, str) or value not in definition.choices:
        raise ValueError(f"“{definition.title}” must be one of: {', '.join(definition.choices)}.")
    return value


def _urls(definition: FieldDefinition, value: object, records: Records) -> list[str]:
    urls = value.split() if isinstance(value, str) else value
    if not isinstance(urls, list) or not all(isinstance(url, str) for url in urls):
        raise ValueError(f"“{definition.title}” must be a list of web addresses.")
    if len(urls) > MOST_URLS:
        raise ValueError(f"“{definition.title}” may list at most {MOST_URLS} web addresses.")
    for url in urls:
        try:
            _is_url(_text(definition, url, records))
        except ValidationError as error:
            raise ValueError(f"“{url[:80]}” is not a web address (https://…).") from error
    return urls


def _entity(definition: FieldDefinition, value: object, records: Records) -> str:
    try:
        record = UUID(str(value))
    except ValueError:
        record = None
    if record is None or record not in records:
        raise ValueError(f"“{definition.title}” names no record of this desk's register.")
    return str(record)


def _wikidata(definition: FieldDefinition, value: object, _records: Records) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"Q[1-9][0-9]{0,15}", value):
        raise ValueError(f"“{definition.title}” must be a Wikidata id such as Q39259.")
    return value


_CHECKS: dict[FieldType, Callable[[FieldDefinition, object, Records], object]] = {
    FieldType.TEXT: _text,
    FieldType.LONGTEXT: _text,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.URLS: _urls,
    FieldType.ENTITY: _entity,
    FieldType.WIKIDATA: _wikidata,
}
