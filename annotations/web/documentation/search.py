"""Search in the documentation: by the product's own words, in headings and text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from annotations.text.words import searched, spaced
from annotations.web.documentation.documents import (
    Document,
    Section,
    address_of,
    document,
    in_reading_order,
)

LONGEST_QUERY = 200  # code points; what is longer is cut
MOST_FOUND = 30  # sections
LONGEST_EXCERPT = 240  # code points


@dataclass(frozen=True)
class Found:
    """A section that has all words of the query."""

    title: str
    heading: str
    url: str
    excerpt: str


def search(query: str, site: str) -> list[Found]:
    """Sections with all words of the query or words that begin so; at most 30.

    Headings come before text, and chapters before their sections.
    """
    parts = [" " + " ".join(words) for words in searched(query[:LONGEST_QUERY])]
    if not parts:
        return []
    found = [
        ((-_hits(heading, parts), section.level), page, section)
        for page, section, heading, text in _indexed(site)
        if all(part in heading or part in text for part in parts)
    ]
    found.sort(key=lambda each: each[0])
    return [_shown(page, section, parts) for _, page, section in found[:MOST_FOUND]]


@cache
def _indexed(site: str) -> tuple[tuple[Document, Section, str, str], ...]:
    """Each section with the words of its headings and of its text, each word after a space."""
    return tuple(_sections(site))


def _sections(site: str) -> Iterator[tuple[Document, Section, str, str]]:
    for name in in_reading_order():
        page = document(name, site)
        for section in page.sections:
            heading = " " + spaced(f"{page.title} {section.title}")
            yield page, section, heading, " " + spaced("\n".join(section.paragraphs))


def _shown(page: Document, section: Section, parts: Sequence[str]) -> Found:
    text = max(section.paragraphs, key=lambda each: _hits(f" {spaced(each)}", parts), default="")
    anchor = f"#{section.anchor}" if section.level > 1 else ""
    heading = section.title if section.level > 1 else ""
    return Found(page.title, heading, address_of(page.name) + anchor, _cut(text))


def _hits(words: str, parts: Sequence[str]) -> int:
    return sum(part in words for part in parts)


def _cut(text: str) -> str:
    if len(text) <= LONGEST_EXCERPT:
        return text
    return text[:LONGEST_EXCERPT].rsplit(" ", 1)[0] + " …"
