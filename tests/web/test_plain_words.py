"""What people read is plain English: no actor without a name, one spelling, no odd phrase."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT: Path = settings.BASE_DIR
STATIC = ROOT / "annotations" / "static" / "annotations"
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", re.DOTALL)
COMMENTS = re.compile(r"/\*.*?\*/|(?:^|\s)//[^\n]*", re.DOTALL)
NOT_PLAIN = re.compile(
    r"\b(somebody|whoever|nobody|everybody|anybody|those who|says? otherwise|leads? nowhere"
    r"|put away|is told|are told|what waits|happened last|the usual)\b",
    re.IGNORECASE,
)
# The Oxford spelling: British, with -ize, as in the names of the API and of standards.
STEMS = "organ|recogn|normal|serial|synchron|custom|author|minim|maxim|summar|categor|final|optim"
NOT_OXFORD = re.compile(
    rf"\b\w*({STEMS}|initial|general|special|standard|capital|token|memor|harmon|anonym)"
    r"is(e|ed|es|er|ing|ations?)\b",
    re.IGNORECASE,
)


Texts = Callable[[], Iterator[tuple[Path, str]]]


def templates() -> Iterator[tuple[Path, str]]:
    for path in (ROOT / "templates").rglob("*"):
        if path.suffix in {".html", ".txt"}:
            yield path, html.unescape(TAGS.sub(" ", path.read_text()))


def modules() -> Iterator[tuple[Path, str]]:
    for folder in ("js", "surface"):
        for path in (STATIC / folder).glob("*.js"):
            yield path, COMMENTS.sub("", path.read_text())


def sentences() -> Iterator[tuple[Path, str]]:
    """The strings of the product that are no docstrings."""
    for room in ("api", "importers", "services", "web"):
        for path in (ROOT / "annotations" / room).rglob("*.py"):
            tree = ast.parse(path.read_text())
            documented = {
                id(node.body[0].value)
                for node in ast.walk(tree)
                if isinstance(
                    node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
                )
                and node.body
                and isinstance(node.body[0], ast.Expr)
            }
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield path, "" if id(node) in documented else node.value


def documents() -> Iterator[tuple[Path, str]]:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        yield path, path.read_text()


def chapters() -> Iterator[tuple[Path, str]]:
    """What is read at /docs/, but for decisions, which stay as they were written."""
    for path in (ROOT / "docs").rglob("*.md"):
        if path.parent.name != "decisions":
            yield path, path.read_text()


@pytest.mark.parametrize("texts", [templates, modules, sentences, chapters])
def test_every_actor_has_a_name(texts: Texts) -> None:
    found = [(path.name, each[0]) for path, text in texts() for each in NOT_PLAIN.finditer(text)]

    assert found == []


@pytest.mark.parametrize("texts", [templates, modules, sentences, documents])
def test_spelling_is_one(texts: Texts) -> None:
    found = [(path.name, each[0]) for path, text in texts() for each in NOT_OXFORD.finditer(text)]

    assert found == []


def test_no_preposition_of_dates_stands_before_how_long_ago() -> None:
    wrong = re.compile(r"\b(on|since|at) \{% when")
    paths = (ROOT / "templates").rglob("*.html")

    assert [path.name for path in paths if wrong.search(path.read_text())] == []


@pytest.mark.parametrize("text", ["organisations", "recognised"])
def test_another_spelling_is_found(text: str) -> None:
    assert NOT_OXFORD.search(text)
