"""Modules and style sheets put together, so that a page asks for few files.

A pack is one file made of an entry and what it imports, each before what needs it. Nothing is
renamed: a module, without its comments, becomes a function that returns what it exports; a
style sheet takes the place of the `@import` that names it. What this cannot keep the meaning of
(`export default`, live bindings, cycles, top-level await) is refused by PackingError.

The finder makes a pack again when something in it changed, so that development needs no step of
its own, and leaves a gzip beside it, which WhiteNoise hands to browsers that take it.
"""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

STATIC = Path(__file__).resolve().parent.parent / "annotations" / "static"
# What each pack is made from, both below STATIC.
PACKS = {
    "annotations/packed/site.css": "annotations/css/site.css",
    "annotations/packed/reading.css": "annotations/css/reading.css",
    "annotations/packed/card.css": "annotations/css/card.css",
    "annotations/packed/surface.css": "annotations/surface/surface.css",
    "annotations/packed/page.js": "annotations/js/page.js",
    "annotations/packed/surface.js": "annotations/surface/main.js",
    "annotations/packed/live-worker.js": "annotations/surface/live/live-worker.js",
}

# JSDoc, lines of comment, and comments after a statement that hold no quotation marks.
JS_COMMENT = re.compile(
    r"[ \t]*/\*\*(?:(?!\*/).)*\*/\n?|^[ \t]*//[^\n]*\n|(?<=[;,{]) //[^\n\"'`]*$",
    re.DOTALL | re.MULTILINE,
)
CSS_COMMENT = re.compile(r"/\*(?:(?!\*/).)*\*/\n?", re.DOTALL)
JS_IMPORT = re.compile(r'^import (?:(\{[^}]*\}) from )?"(\.{1,2}/[^"]+)";$', re.MULTILINE)
JS_EXPORT = re.compile(r"^export ((?:async )?function\*?|class|const) ([\w$]+)", re.MULTILINE)
JS_NOTHING = re.compile(r"^export \{\};$", re.MULTILINE)
JS_OTHER = re.compile(r"^(?:import|export|await)\b.*$", re.MULTILINE)
CSS_IMPORT = re.compile(r'^@import "([^"]+)";$', re.MULTILINE)
CSS_OTHER = re.compile(r"^.*(?:@import|url\((?!\"data:)).*$", re.MULTILINE)


class PackingError(Exception):
    """Something that cannot be packed; names the file and the line's words."""


def pack(entry: Path) -> str:
    """The text of the pack that starts at this file. Raises PackingError, OSError."""
    return _packed(entry)[0]


def _packed(entry: Path) -> tuple[str, list[Path]]:
    """The text, and the files that it is made of."""
    done: dict[Path, str] = {}
    if entry.suffix == ".css":
        return _style(entry, (), done), list(done)
    _visit(entry, done, ())
    return "".join(done.values()), list(done)


def _visit(path: Path, done: dict[Path, str], asked: Sequence[Path]) -> None:
    if path in done:
        return
    _refuse_cycle(path, asked)
    source = JS_COMMENT.sub("", path.read_text(encoding="utf-8"))
    for _, named in JS_IMPORT.findall(source):
        _visit(_beside(path, named), done, [*asked, path])
    done[path] = _as_function(path, source)


def _as_function(path: Path, source: str) -> str:
    names = [name for _, name in JS_EXPORT.findall(source)]
    body = JS_IMPORT.sub(lambda found: _binding(path, *found.groups()), source)
    body = JS_NOTHING.sub("", JS_EXPORT.sub(r"\1 \2", body))
    if other := JS_OTHER.search(body):
        raise PackingError(f"{path.name}: cannot pack “{other.group()}”.")
    return (
        f"const {_variable(path)} = (() => {{\n{body}\nreturn {{ {', '.join(names)} }};\n}})();\n"
    )


def _binding(path: Path, names: str | None, named: str) -> str:
    """Instead of an import; one that is there for its effects alone has had them by now."""
    if names is None:
        return ""
    renamed = re.sub(r"\s+as\s+", ": ", names)
    return f"const {renamed} = {_variable(_beside(path, named))};"


def _variable(path: Path) -> str:
    return "$" + re.sub(r"\W", "_", path.relative_to(STATIC).as_posix())


def _style(path: Path, asked: Sequence[Path], done: dict[Path, str]) -> str:
    _refuse_cycle(path, asked)
    source = done[path] = CSS_COMMENT.sub("", path.read_text(encoding="utf-8"))
    if other := CSS_OTHER.search(CSS_IMPORT.sub("", source)):
        raise PackingError(f"{path.name}: cannot pack “{other.group()}”.")
    return CSS_IMPORT.sub(
        lambda found: _style(_beside(path, found.group(1)), [*asked, path], done), source
    )


def _beside(path: Path, named: str) -> Path:
    return Path(os.path.normpath(path.parent / named))


def _refuse_cycle(path: Path, asked: Sequence[Path]) -> None:
    if path in asked:
        names = " → ".join(each.name for each in [*asked, path])
        raise PackingError(f"These import each other: {names}.")


class PackFinder(BaseFinder):
    """Finds the packs, made in a folder below DATA_DIR."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.DATA_DIR / "static")
        self.made: dict[str, dict[Path, int]] = {}  # when the files of each pack were changed

    def check(self, **_kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        """The pack's path on disk, made anew when what it is made of changed."""
        if path not in PACKS:
            return []
        made = self._made(path)
        return [made] if find_all else made

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:  # noqa: ARG002
        for path in PACKS:
            self._made(path)
            yield path, self.storage

    def _made(self, path: str) -> str:
        file = Path(self.storage.path(path))
        if file.exists() and path in self.made and self.made[path] == _changed(self.made[path]):
            return str(file)
        text, files = _packed(STATIC / PACKS[path])
        content, changed = text.encode(), _changed(files)
        if not file.exists() or file.read_bytes() != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            _write(Path(f"{file}.gz"), gzip.compress(content, mtime=0))
            _write(file, content)
        self.made[path] = changed
        return str(file)


def _changed(files: Iterable[Path]) -> dict[Path, int]:
    """Nanoseconds since 1970; -1 for a file that is gone."""
    return {each: each.stat().st_mtime_ns if each.exists() else -1 for each in files}


def _write(file: Path, content: bytes) -> None:
    """At once, as other processes may read it now."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(file)
