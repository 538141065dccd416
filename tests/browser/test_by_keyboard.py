"""The sample article, tagged without a mouse."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from annotations.models import Annotation, FieldDefinition, Role
from annotations.queries.annotations.work import work_documents
from tests.browser.keyboard import Keyboard
from tests.browser.surface_page import SurfacePage
from tests.factories import CORPUS, make_desk, make_source, member

FAR_ENOUGH = 1_800  # code points: all kinds and overlaps stand before it, the split quote does not

pytestmark = pytest.mark.django_db(transaction=True)


def said(row: dict[str, Any]) -> tuple[Any, ...]:
    spans = [(span["start"], span["end"], span["exact"]) for span in row["spans"]]
    return row["kind"], row["label"], spans, row["fields"]


def test_an_article_can_be_tagged_by_keyboard_alone(
    open_surface: Callable[..., SurfacePage],
) -> None:
    desk = make_desk()
    text = (CORPUS / "article.txt").read_text(encoding="utf-8")
    lines = (CORPUS / "annotations.jsonl").read_text(encoding="utf-8").splitlines()
    gold = sorted(map(json.loads, lines), key=lambda row: row["spans"][0]["start"])
    rows = [row for row in gold if row["spans"][0]["start"] < FAR_ENOUGH or len(row["spans"]) > 1]
    titles = {(f.kind, f.name): f.title for f in FieldDefinition.objects.all()}
    surface = open_surface(member(desk, Role.EDITOR), make_source(desk, text=text))
    editor = Keyboard(surface, text)
    surface.text.focus()

    for row in rows:
        first, *others = [(span["start"], span["end"]) for span in row["spans"]]
        editor.select(*first)
        editor.tag(row["kind"], row["label"])
        if row["fields"]:
            editor.fill({titles[row["kind"], name]: value for name, value in row["fields"].items()})
        for part in others:
            editor.select(*part)
            editor.press("+")
        surface.wait_until_saved()

    documents = work_documents(Annotation.objects.all())
    assert sorted(map(said, documents), key=str) == sorted(map(said, rows), key=str)
