"""Words in the database: functions of a migration, which text/words.py says once more.

The indexes over them are on the columns that are searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import Func, Transform, Value


class FieldWords(Func):
    """Of migration 0007."""

    template = "jsonb_to_tsvector('simple', %(expressions)s, '[\"string\"]')"
    output_field = SearchVectorField()


@models.TextField.register_lookup
@models.CharField.register_lookup
class Spaced(Transform):
    """The words of a text with a space between any two (text/words.py says what a word is)."""

    function = "imprimatur_spaced"
    lookup_name = "spaced"
    output_field = models.TextField()


class Names(Func):
    """A name and an array of other names, each as `Spaced` has it, on a line of its own."""

    function = "imprimatur_names"
    output_field = models.TextField()


class Words(Func):
    """The same words, as an index over the text has them."""

    function = "imprimatur_words"
    output_field = SearchVectorField()


class FieldText(Func):
    """The values of a JSON object one after the other, without its keys; for migration 0027."""

    function = "imprimatur_field_text"
    output_field = models.TextField()


class Vector(Func):
    """Of words that are cut already, with spaces between."""

    function = "imprimatur_vector"
    output_field = SearchVectorField()


class WordQuery(SearchQuery):
    """All of these words, the last one whole or, with `begins`, as the beginning of a word.

    Or else one of `or_signs`, words with a sign before them that no text has. Words are taken as
    they are: PostgreSQL's own parser, which cuts "1e5x" in two, does not read them. They have no
    sign of the query language in them, nor a quotation mark.
    """

    template = "(%(expressions)s)::tsquery"

    def __init__(
        self, words: Sequence[str], *, begins: bool = False, or_signs: Iterable[str] = ()
    ) -> None:
        query = " & ".join(f"'{word}'" for word in words)
        choices = [f"({query}:*)" if begins else f"({query})"] if words else []
        choices += [f"'{sign}'" for sign in or_signs]
        super().__init__(Value(" | ".join(choices)), search_type="raw")
