"""Every text that annotations stand on, with its provenance: one a line (jsonlines.org).

With it a release can be checked and read without asking anybody: the spans of all other files
count in these texts.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from annotations.exporters.documents import Document

NAME = "sources.jsonl"
MEDIA_TYPE = "application/jsonl"


def line(document: Document) -> bytes:
    said = {
        "source": asdict(document.source),
        "revision": document.revision,
        "sha256": document.sha256,
        "text": document.text,
    }
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"{text}\n".encode()
