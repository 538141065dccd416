"""The desk's register, which mentions point to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from annotations import policy
from annotations.errors import Conflict, Invalid
from annotations.models import Desk, Entity, Kind, Label, User
from annotations.policy import Action
from annotations.text.lines import as_line
from annotations.text.spans import BLANK

LONGEST_NAME = 200  # code points
MOST_ALIASES = 50
WIKIDATA = re.compile(r"Q[1-9][0-9]{0,15}")


@transaction.atomic
def create_entity(
    *, desk: Desk, by: User, name: str, type: str, aliases: Sequence[str] = (), wikidata: str = ""
) -> Entity:
    """A record of the register. `type` is a label of the kind entity.

    Raises Invalid, Conflict (there is one of this name and type), NotFound, Refused.
    """
    policy.require(by, desk, Action.TAG)
    name, wikidata = name.strip(BLANK), wikidata.strip()
    aliases = list(dict.fromkeys(alias.strip(BLANK) for alias in aliases if alias.strip(BLANK)))
    errors: dict[str, list[str]] = {}
    if not _fits(name):
        errors["name"] = [f"Give the record a name: one line of up to {LONGEST_NAME} characters."]
    if type not in (types := _types(desk)):
        errors["type"] = [f"The type must be one of: {', '.join(types)}."]
    if len(aliases) > MOST_ALIASES or not all(map(_fits, aliases)):
        errors["aliases"] = [
            f"Up to {MOST_ALIASES} other names, each one line of up to {LONGEST_NAME} characters."
        ]
    if wikidata and not WIKIDATA.fullmatch(wikidata):
        errors["wikidata"] = ["The Wikidata id must look like Q39259."]
    if errors:
        raise Invalid(errors)
    try:
        with transaction.atomic():
            return Entity.objects.create(
                desk=desk, name=name, type=type, aliases=aliases, wikidata=wikidata
            )
    except IntegrityError as error:
        raise Conflict(f"The register has a record “{name}” of this type already.") from error


def _fits(name: str) -> bool:
    return as_line(name) != "" and len(name) <= LONGEST_NAME


def _types(desk: Desk) -> list[str]:
    codebook = desk.codebooks.order_by("-version").first()
    labels = Label.objects.filter(codebook=codebook, kind=Kind.ENTITY)
    return list(labels.order_by("position").values_list("name", flat=True))
