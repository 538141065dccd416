"""What a name may be, for the database: functions of the migration "names"."""

from __future__ import annotations

from django.db import models
from django.db.models import Func


class IsName(Func):
    """One line that says something, without control characters and trimmed (text/lines.py)."""

    function = "imprimatur_is_name"
    output_field = models.BooleanField()


class IsTrimmed(Func):
    """Neither empty nor with white space at its ends; it may have several lines."""

    function = "imprimatur_is_trimmed"
    output_field = models.BooleanField()


class AreNames(Func):
    """So is each of an array."""

    function = "imprimatur_are_names"
    output_field = models.BooleanField()


class IsNameOfPerson(Func):
    """Nor has it characters by which it could rearrange the text around it."""

    function = "imprimatur_is_name_of_person"
    output_field = models.BooleanField()
