"""What stands in the query string, read and bounded. Each raises BadQuery with its name."""

from __future__ import annotations

from uuid import UUID

from annotations.api.http.problems import BadQuery

LONGEST_SEARCH = 200  # code points
MOST_NAMED = 100


def search_words(q: str) -> str:
    if len(q) > LONGEST_SEARCH or "\x00" in q:
        raise BadQuery({"q": [f"This must be text of at most {LONGEST_SEARCH} characters."]})
    return q


def one_id(name: str, written: str | None) -> UUID | None:
    return None if written is None else an_id(name, written)


def an_id(name: str, written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError as error:
        raise BadQuery({name: ["This is no id."]}) from error


def some_ids(written: str) -> list[UUID]:
    """With commas between."""
    ids = written.split(",")
    if len(ids) > MOST_NAMED:
        raise BadQuery({"ids": [f"At most {MOST_NAMED} can be asked for at once."]})
    return [found for each in ids if (found := one_id("ids", each)) is not None]
