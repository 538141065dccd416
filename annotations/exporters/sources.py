"""Every text that annotations stand on, with its provenance: one a line (jsonlines.org).

With it a release can be checked and read without asking anybody: the spans of all other files
count in these texts.
"""

from __future__ import annotations

from annotations.exporters.corpora.documents import Document
from annotations.exporters.tables.lines import json_line

NAME = "sources.jsonl"
MEDIA_TYPE = "application/jsonl"


def line(document: Document) -> bytes:
    said = {
        "source": document.source,
        "revision": document.revision,
        "sha256": document.sha256,
        "text": document.text,
    }
    return json_line(said)
