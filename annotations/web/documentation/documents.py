"""The Markdown files of docs/ as pages: their HTML, headings, contents and pictures."""

from __future__ import annotations

import posixpath
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(settings.BASE_DIR) / "docs"
CONTENTS = ""  # the name of docs/README.md, which lists the others by reader
WRITTEN_ADDRESS = "http://127.0.0.1:8000"  # in the examples
CLIENT = "client/imprimatur.py"
PICTURE_SIZE = struct.Struct(">16x2I")  # of a PNG, in its first 24 bytes


@dataclass(frozen=True)
class Section:
    """A heading with the paragraphs under it, as plain text; `level` is 1 for the title."""

    level: int
    anchor: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """`name` is the path in docs/ without `.md`; a README has the name of its folder."""

    name: str
    title: str
    sections: tuple[Section, ...]
    body: SafeString

    @property
    def chapters(self) -> list[Section]:
        return [section for section in self.sections if section.level == 2]


@dataclass(frozen=True)
class Group:
    """What one kind of reader reads: the documents under a heading of docs/README.md."""

    title: str
    names: tuple[str, ...]


def _name_of(path: str) -> str:
    folder, file = posixpath.split(path)
    return folder if file == "README.md" else path.removesuffix(".md")


DOCUMENTS = {
    _name_of(path.relative_to(FOLDER).as_posix()): path for path in sorted(FOLDER.rglob("*.md"))
}
FILES = {
    path.relative_to(FOLDER).as_posix(): path
    for path in [*sorted(FOLDER.rglob("*.png")), FOLDER / CLIENT]
}


@cache
def document(name: str, site: str) -> Document:
    """A document whose examples ask this site; HTML that is written in it is escaped.

    Raises KeyError for a name that is not in DOCUMENTS.
    """
    path = DOCUMENTS[name]
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(path.read_text(encoding="utf-8").replace(WRITTEN_ADDRESS, site))
    _add_anchors(tokens)
    folder = path.parent.relative_to(FOLDER).as_posix()
    for token in tokens:
        if token.type in ("code_block", "fence"):
            token.attrSet("tabindex", "0")  # so that it can be scrolled by keys
        for child in token.children or []:
            _resolve_link(child, folder)
    sections = tuple(_sections(tokens))
    html = markdown.renderer.render(tokens[3:], markdown.options, {})  # the title stands above
    safe = mark_safe(html)  # noqa: S308  # our own documents, HTML escaped
    return Document(name, sections[0].title, sections, safe)


@cache
def contents() -> tuple[Group, ...]:
    """The documents by reader, in the order of docs/README.md."""
    text = DOCUMENTS[CONTENTS].read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    groups = zip(parts[1::2], parts[2::2], strict=True)
    return tuple(
        Group(title, tuple(map(_name_of, re.findall(r"^- \[[^\]]+\]\(([^)#]+\.md)\)", body, re.M))))
        for title, body in groups
    )


def in_reading_order() -> list[str]:
    """The names of all documents: as the contents list them, then the others."""
    listed = [name for group in contents() for name in group.names]
    return list(dict.fromkeys([*listed, *DOCUMENTS]))


def _add_anchors(tokens: Sequence[Token]) -> None:
    """Gives each heading an id, by its words; a repeated one has a number."""
    taken: set[str] = set()
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            words = re.sub(r"[^\w]+", "-", inline.content.lower()).strip("-")
            anchor, number = words, 0
            while anchor in taken:
                number += 1
                anchor = f"{words}-{number}"
            taken.add(anchor)
            opening.attrSet("id", anchor)


def _sections(tokens: Sequence[Token]) -> Iterator[Section]:
    level, anchor, title = 0, "", ""
    paragraphs: list[str] = []
    for before, token in pairwise(tokens):
        if before.type == "heading_open":
            if level:
                yield Section(level, anchor, title, tuple(paragraphs))
            level, anchor = int(before.tag[1:]), str(before.attrGet("id"))
            title, paragraphs = _plain(token), []
        elif token.type == "inline":
            paragraphs.append(_plain(token))
        elif token.type in ("code_block", "fence"):
            paragraphs.append(token.content)
    yield Section(level, anchor, title, tuple(paragraphs))


def _plain(inline: Token) -> str:
    """What is read of it: without signs of Markdown and addresses of links."""
    pieces = (
        " " if each.type.endswith("break") else each.content for each in inline.children or []
    )
    return "".join(pieces)


def _resolve_link(token: Token, folder: str) -> None:
    """Leads links and pictures to their pages here; a link to a file that is none of them ends."""
    attribute = {"link_open": "href", "image": "src"}.get(token.type)
    target = str(token.attrGet(attribute) or "") if attribute else ""
    if not attribute or target.startswith(("https://", "http://", "#")):
        return
    path, _, anchor = target.partition("#")
    path = posixpath.normpath(posixpath.join(folder, path))
    if path in FILES:
        token.attrSet(attribute, reverse("document_file", args=[path]))
    elif (name := _name_of(path)) in DOCUMENTS:
        token.attrSet(attribute, address_of(name) + (f"#{anchor}" if anchor else ""))
    else:
        del token.attrs[attribute]
    if token.type == "image" and path in FILES:
        width, height = PICTURE_SIZE.unpack(FILES[path].read_bytes()[: PICTURE_SIZE.size])
        token.attrs.update({"width": width, "height": height, "loading": "lazy"})


def address_of(name: str) -> str:
    return reverse("document", args=[name]) if name else reverse("documentation")
