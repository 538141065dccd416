"""What a web page says of itself, as far as it fits a source's provenance."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import urlsplit

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


class Metadata:
    """Collects a page's statements; the first one of each name counts."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    def see(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take what an element's attributes say."""
        if tag == "meta":
            names = ("property", "name", "itemprop")
            name = next((attributes[each] for each in names if attributes.get(each)), "")
            self.note(name.lower(), attributes.get("content", ""))
        elif tag == "html":
            self.note("lang", attributes.get("lang", ""))
        elif tag in ("link", "a"):
            for relation in ("canonical", "license"):
                if relation in attributes.get("rel", "").lower().split():
                    self.note(relation, attributes.get("href", ""))

    def note(self, name: str, value: str) -> None:
        if name and value.strip():
            self._found.setdefault(name, value)

    def provenance(self) -> dict[str, str]:
        """What the page says, by the names of a source's provenance, where it is usable."""
        found = {}
        for name, (clean, statements) in STATEMENTS.items():
            values = (clean(self._found[each]) for each in statements if each in self._found)
            if value := next((value for value in values if value), ""):
                found[name] = value
        return found


def _line(value: str, most: int = 200) -> str:
    return " ".join(value.split())[:most].strip()


def _title(value: str) -> str:
    return _line(value, 300)


def _name(value: str) -> str:
    """Some pages put the address of a profile where the name belongs."""
    return "" if _address(value) else _line(value)


def _day(value: str) -> str:
    """The date of an ISO 8601 date or time, in the zone that the page wrote it in."""
    try:
        return date.fromisoformat(value.strip()[:10]).isoformat()
    except ValueError:
        return ""


def _address(value: str) -> str:
    value = value.strip()
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        return ""
    fits = len(value) <= 2000 and not re.search(r"\s", value)
    return value if fits and parts.scheme in ("http", "https") and "." in host else ""


def _language(value: str) -> str:
    value = value.strip().replace("_", "-")
    return value if len(value) <= 35 and LANGUAGE.fullmatch(value) else ""


# For each name: how its values are cleaned, and which statements count, best first.
STATEMENTS: Mapping[str, tuple[Callable[[str], str], tuple[str, ...]]] = {
    "title": (_title, ("og:title", "title")),
    "publisher": (_line, ("og:site_name", "dc.publisher")),
    "author": (_name, ("author", "article:author", "dc.creator")),
    "url": (_address, ("canonical", "og:url")),
    "published_on": (_day, ("article:published_time", "datepublished", "dc.date", "date")),
    "language": (_language, ("lang",)),
    "licence": (_line, ("license", "dc.rights")),
}
