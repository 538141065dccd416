"""Full-text search of annotations: common words in the order of the rows, rare ones by an index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Greatest, StrIndex
from django.db.models.lookups import GreaterThan

from annotations.models import Annotation, Desk, Label, published_vector
from annotations.models.words import Vector, WordQuery
from annotations.text.words import searched


def first_with_words(
    rows: QuerySet[Annotation],
    words: str,
    most: int,
    *,
    begins: bool = False,
    signs: Sequence[Sequence[str]] = (),
    record: UUID | None = None,
) -> list[UUID]:
    """Ids of the first rows that have the words, at most `most` of them; three statements.

    Every part of the search stands in one of the spans or in a field; at most 20 parts count. Parts
    are what is between white space, and stand there word by word: "S-300" in "S-400/S-300". Each is
    a whole word, or with `begins` the beginning of one. Of a span the first 10,000 code points are
    looked through, of the fields the first 100,000, of all of them the first 250,000. A search
    without a word finds nothing, an empty one everything.

    `rows` are ordered by `id` or `-id`. All of them have one of each of `signs`, as kind_sign and
    label_signs tell them: the index then finds no others. With `record`, only those that concern
    it.
    """
    near = rows.filter(concerns__record=record) if record else rows
    if record:
        signs = [*signs, [f"@{record}"]]
    parts = [Part(term) for term in searched(words)]
    if not parts:
        return [] if words.strip() else list(near.values_list("id", flat=True)[:most])
    vector = published_vector("publication__")
    search = Search("publication__words", vector, parts, begins, signs)
    return search.first(near, most, indexed=rows)


@dataclass(frozen=True)
class Part:
    """Words that follow each other in one text, or a version's label that is one of these."""

    words: Sequence[str]
    labels: Sequence[int] = ()


@dataclass(frozen=True)
class Search:
    """All parts, in the words that annotations have at `path`; the last word of each may begin one.

    Common words are found in the order of the rows, rare ones by the index. Which they are is not
    left to the planner, which takes parts and filters for independent of each other: where they
    exclude each other, it would go through all rows in order and find nothing.
    """

    path: str
    vector: Vector
    parts: Sequence[Part]
    begins: bool
    signs: Sequence[Sequence[str]] = ()  # of which all rows have one each

    def first(
        self,
        rows: QuerySet[Annotation],
        most: int,
        *,
        indexed: QuerySet[Annotation] | None = None,
    ) -> list[UUID]:
        """Of rows ordered by `id` or `-id`: ids of the first that are found, at most so many.

        Looks through the NEAR first rows, and through as many more as seem needed, up to FAR. Asks
        the index if those were neither enough nor all. `indexed` are rows that `signs` narrow down
        to the others, where these have a filter that the index has too.
        """
        seen, found = self._among(rows, NEAR)
        if len(found) < most and seen == NEAR:
            needed = NEAR * (most + SPARE) // max(len(found), 1)
            if needed <= FAR:
                seen, found = self._among(rows, needed)
            if len(found) < most and seen in (NEAR, needed):
                return self._indexed(rows if indexed is None else indexed, most)
        return found[:most]

    def _among(self, rows: QuerySet[Annotation], count: int) -> tuple[int, list[UUID]]:
        """How many of the first `count` rows there are, and which of them are found."""
        near = rows.values_list("id", self._stands)[:count]
        try:
            sql, values = near.query.sql_with_params()
        except EmptyResultSet:  # other filters leave nothing
            return 0, []
        with connection.cursor() as cursor:
            cursor.execute(_FOUND.format(rows=sql), values)
            seen, found = cursor.fetchone()
        return seen, found

    def _indexed(self, rows: QuerySet[Annotation], most: int) -> list[UUID]:
        """By an order that no index has, so that the planner has no choice."""
        by = Greatest("id", "id")
        order = by.desc() if rows.query.order_by == ("-id",) else by.asc()
        found = self._by_index(rows).order_by(order)
        return list(found.values_list("id", flat=True)[:most])

    def _by_index(self, rows: QuerySet[Annotation]) -> QuerySet[Annotation]:
        rows = rows.alias(vector=self.vector)
        for signs in self.signs:
            rows = rows.filter(vector=WordQuery([], or_signs=signs))
        for part in self.parts:
            query = WordQuery(part.words, begins=self.begins, or_signs=signs_of_labels(part.labels))
            rows = rows.filter(vector=query)
        in_order = [self._stand(part) for part in self.parts if len(part.words) > 1]
        return rows.filter(*in_order)

    @property
    def _stands(self) -> ExpressionWrapper:
        condition = Q(*(self._stand(part) for part in self.parts))
        return ExpressionWrapper(condition, output_field=BooleanField())

    def _stand(self, part: Part) -> Q:
        """The words follow each other, or it is one of the labels."""
        phrase = f" {' '.join(part.words)}" + ("" if self.begins else " ")
        texts = [phrase, *(f" {_sign(label)} " for label in part.labels)]
        positions = [StrIndex(F(self.path), Value(text)) for text in texts]  # quicker than LIKE
        return Q(*(GreaterThan(position, 0) for position in positions), _connector=Q.OR)


NEAR, FAR = 2_000, 8_000  # rows that are looked through before the index is asked
SPARE = 10
_FOUND = """
    SELECT count(*), coalesce(array_agg(near.id) FILTER (WHERE near.is_found), '{{}}')
    FROM ({rows}) near (id, is_found)"""


def kind_sign(kind: str) -> list[str]:
    return [_sign(kind)]


def label_signs(desk: Desk, name: str) -> list[str]:
    """Of the labels of this name in all codebooks of the desk; one statement."""
    labels = Label.objects.filter(codebook__desk=desk, name=name).values_list("id", flat=True)
    return signs_of_labels(labels)


def signs_of_labels(labels: Iterable[int]) -> list[str]:
    return [_sign(id) for id in labels]


def _sign(name: object) -> str:
    """How a label's id or a kind stands among the words, of which none has this sign."""
    return f"={name}"
