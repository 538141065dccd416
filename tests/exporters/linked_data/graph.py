"""JSON-LD as triples, by pyld, with the contexts of `vocabularies` and no network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pyld import jsonld

VOCABULARIES = Path(__file__).parents[1] / "vocabularies"
CONTEXTS = {
    "http://www.w3.org/ns/anno.jsonld": "anno.jsonld",
    "http://www.w3.org/ns/ldp.jsonld": "ldp.jsonld",
    "https://schema.org": "schema.jsonld",
}
OA = "http://www.w3.org/ns/oa#"
AS = "http://www.w3.org/ns/activitystreams#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SCHEMA = "http://schema.org/"

Triple = tuple[str, str, str]


class Graph:
    """Triples that can be walked along."""

    def __init__(self, document: Any) -> None:
        said = jsonld.to_rdf(document, {"documentLoader": _here})["@default"]
        self.triples: list[Triple] = [
            (each["subject"]["value"], each["predicate"]["value"], each["object"]["value"])
            for each in said
        ]

    def subjects(self, type: str) -> list[str]:
        return [s for s, p, o in self.triples if (p, o) == (f"{RDF}type", type)]

    def all(self, subject: str, predicate: str) -> list[str]:
        return [o for s, p, o in self.triples if (s, p) == (subject, predicate)]

    def one(self, subject: str, *path: str) -> str:
        """The only thing at the end of the path."""
        for predicate in path:
            [subject] = self.all(subject, predicate)
        return subject

    def listed(self, node: str) -> list[str]:
        """The items of an RDF list."""
        found = []
        while node != f"{RDF}nil":
            found.append(self.one(node, f"{RDF}first"))
            node = self.one(node, f"{RDF}rest")
        return found


def _here(address: str, _options: Any) -> dict[str, Any]:
    """Raises KeyError for every other address."""
    file = VOCABULARIES / CONTEXTS[address]
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": json.loads(file.read_text(encoding="utf-8")),
    }
