"""spaCy's DocBin, where spaCy is installed: one `.spacy` a document, a span group a kind.

Tokens are cut at the edges of spans. A span's `label` is the annotation's, its `id` the
annotation's id; the spans of one annotation share it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

from annotations.exporters.corpora.documents import Document, Member
from annotations.exporters.corpora.tokens import PIECE

AVAILABLE = find_spec("spacy") is not None


def members(document: Document) -> list[Member]:
    edges = {0, len(document.text)}
    edges |= {at for match in PIECE.finditer(document.text) for at in match.span()}
    edges |= {at for _, _, each in document.passages() for at in (each.start, each.end)}
    words = [document.text[start:end] for start, end in pairwise(sorted(edges))]
    tokens = import_module("spacy.tokens")  # takes seconds, so not before it is needed
    doc = tokens.Doc(_language().vocab, words=words, spaces=[False] * len(words))
    groups: dict[str, list[Any]] = {}
    for record, _, passage in document.passages():
        span = doc.char_span(passage.start, passage.end, label=record.label, span_id=record.id)
        groups.setdefault(record.kind, []).append(span)
    for kind, spans in groups.items():
        doc.spans[kind] = spans
    content = tokens.DocBin(docs=[doc], store_user_data=True).to_bytes()
    return [Member(f"{document.name}.spacy", content)]


@cache
def _language() -> Any:
    """Of no language in particular.

    Which packages extend msgpack is looked up once: it would be seven times for each text, which is
    a third of the time.
    """
    encoders = import_module("srsly.msgpack").msgpack_encoders
    encoders.get_all = cache(encoders.get_all)
    return import_module("spacy").blank("xx")
