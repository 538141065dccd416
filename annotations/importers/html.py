"""Web pages: the text a reader sees, without the furniture around it.

The rule is simple and the same for every page. The page's text in reading order; left out are
scripts, styles, forms, navigation, asides, footers, hidden elements, and headers, except those of
an article. Blocks become paragraphs with a blank line between them; list items and table rows
become lines, the cells of a row stand apart by a tab. White space is folded as browsers do,
preformatted text is kept. A `<q>` gets the quotation marks that a browser would draw.

The page is read as a stream of events and no tree is built, so memory grows with the file alone;
HTML has no entities of its own that could multiply.
"""

# ruff: noqa: SIM905 - names of elements read better in running lines than one a line
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from lxml import etree

from annotations.importers.checks import check_characters, check_filled
from annotations.importers.decoding import decode, known, marked
from annotations.importers.flow import LINE, PARAGRAPH, TAB, Flow
from annotations.importers.imported import ImportedText, Unreadable
from annotations.importers.metadata import Metadata
from annotations.importers.warnings import warnings_about
from annotations.text.normalisation import normalise

VERSION = "1"
CHUNK = 16_384  # bytes
DEEPEST = 1_000  # browsers stop at 512; each closing tag is looked up in all open ones
NO_TEXT = (
    "This page holds no text outside its navigation, forms and scripts. "
    "Open it in a browser, copy the text and paste it."
)

UNSEEN = frozenset(
    "audio button canvas datalist iframe noembed noframes noscript object script select style svg "
    "template textarea video".split()
)
FURNITURE = frozenset("aside dialog footer form nav".split())
PARAGRAPHS = frozenset(
    "address article blockquote body caption center details div dl fieldset figcaption figure h1 "
    "h2 h3 h4 h5 h6 header hgroup hr main menu ol p pre section summary table ul".split()
)
LINES = frozenset("dd dt legend li tr".split())
CELLS = frozenset({"td", "th"})

CHARSET = re.compile(
    rb"""(?:<meta[^>]+?charset|<\?xml[^>]+?encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE
)
# Encodings that browsers take for another one (Encoding Standard, WHATWG, §4.2).
AS_BROWSERS_DO = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}


def read(data: bytes, *, encoding: str = "") -> ImportedText:
    """The page's text and what it says of itself. Raises Unreadable.

    The encoding is the given one, else that of the byte order mark, else the one the page declares
    in its first 1,024 bytes, else UTF-8.
    """
    declared = "" if encoding or marked(data) else _declared(data)
    page = _parse(_markup(data, encoding or declared))
    text = normalise(page.flow.text())
    check_filled(text, NO_TEXT)
    return ImportedText(
        text=text,
        importer="html",
        version=VERSION,
        metadata=page.metadata.provenance(),
        warnings=(*_doubts(data, declared), *warnings_about(text)),
    )


def _declared(data: bytes) -> str:
    match = CHARSET.search(data[:1024])
    if match is None:
        return ""
    name = known(match[1].decode("ascii", "replace"))
    return AS_BROWSERS_DO.get(name, name)


def _doubts(data: bytes, declared: str) -> list[str]:
    if declared in ("", "utf-8") or data.isascii():
        return []
    try:
        data.decode()
    except UnicodeDecodeError:
        return []
    return [
        "The page declares another encoding, but its bytes are valid UTF-8. "
        "If letters look wrong, import it again with the encoding utf-8."
    ]


def _markup(data: bytes, encoding: str) -> bytes:
    """The page in UTF-8. Its characters take up to four times as much, and are not kept."""
    decoded = decode(data, encoding=encoding)
    check_characters(decoded)
    return normalise(decoded).encode()


def _parse(data: bytes) -> _Page:
    page = _Page()
    parser = etree.HTMLParser(target=cast(Any, page), encoding="utf-8", huge_tree=True)
    for start in range(0, len(data), CHUNK):  # a parser at work cannot be stopped, one between can
        parser.feed(data[start : start + CHUNK])
    try:
        parser.close()
    except etree.XMLSyntaxError:
        raise Unreadable(NO_TEXT) from None
    return page


class _Page:
    """A target of lxml's parser: takes the events of one page (lxml.de/parsing.html)."""

    def __init__(self) -> None:
        self.flow = Flow()
        self.metadata = Metadata()
        self._open: list[str] = []
        self._left_out_at = 0  # the depth of the outermost element that is left out, if any
        self._articles = 0
        self._title: list[str] | None = None
        self._verbatim: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._open.append(tag)
        if len(self._open) > DEEPEST:
            raise Unreadable(
                f"The elements of this page are nested more than {DEEPEST:,} deep. "
                "Open it in a browser, copy the text and paste it."
            )
        if self._left_out_at:
            return
        if self._is_left_out(tag, attributes):
            self._left_out_at = len(self._open)
        else:
            self.metadata.see(tag, attributes)
            self._enter(tag)

    def end(self, tag: str) -> None:
        depth = len(self._open)
        self._open.pop()
        if not self._left_out_at:
            self._leave(tag)
        elif self._left_out_at == depth:
            self._left_out_at = 0
            if tag not in UNSEEN:
                self.flow.separate(PARAGRAPH)

    def data(self, text: str) -> None:
        if self._left_out_at:
            return
        if self._title is not None:
            self._title.append(text)
        elif self._verbatim is not None:
            self._verbatim.append(text)
        else:
            self.flow.add(text)

    def close(self) -> None:
        pass

    def _is_left_out(self, tag: str, attributes: Mapping[str, str]) -> bool:
        bare_header = tag == "header" and not self._articles
        return tag in UNSEEN or tag in FURNITURE or bare_header or "hidden" in attributes

    def _enter(self, tag: str) -> None:
        self._separate(tag)
        match tag:
            case "title":
                self._title = []
            case "pre":
                self._verbatim = []
            case "article" | "main":
                self._articles += 1
            case "br" if self._verbatim is not None:
                self._verbatim.append(LINE)
            case "br":
                self.flow.break_line()
            case "q":
                self.data("“")

    def _leave(self, tag: str) -> None:
        match tag:
            case "title" if self._title is not None:
                self.metadata.note("title", "".join(self._title))
                self._title = None
            case "pre" if self._verbatim is not None:
                self.flow.add_verbatim("".join(self._verbatim))
                self._verbatim = None
            case "article" | "main":
                self._articles -= 1
            case "q":
                self.data("”")
        self._separate(tag)

    def _separate(self, tag: str) -> None:
        if tag in PARAGRAPHS:
            self.flow.separate(PARAGRAPH)
        elif tag in LINES:
            self.flow.separate(LINE)
        elif tag in CELLS:
            self.flow.separate(TAB)
