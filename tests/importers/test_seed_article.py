"""The first article of the corpus comes out as its hand-made annotations count on it."""

from __future__ import annotations

import json
from pathlib import Path

from annotations.importers import read
from annotations.text.spans import Span, select

SEED = Path(__file__).parents[2] / "seeds" / "turkey-azerbaijan"


def test_the_article_comes_out_byte_for_byte() -> None:
    data = (SEED / "article.txt").read_bytes()

    imported = read(data, filename="article.txt", limit=1_000_000)

    assert imported.text.encode() == data
    assert imported.warnings == ("An accent (` or ´) stands for an apostrophe in 24 places.",)


def test_every_span_of_the_hand_made_annotations_has_its_words() -> None:
    data = (SEED / "article.txt").read_bytes()
    text = read(data, filename="article.txt", limit=1_000_000).text
    lines = (SEED / "annotations.jsonl").read_text(encoding="utf-8").splitlines()

    spans = [span for line in lines for span in json.loads(line)["spans"]]

    assert len(lines) == 60
    assert len(spans) == 61
    for span in spans:
        assert select(text, Span(span["start"], span["end"])).exact == span["exact"]
