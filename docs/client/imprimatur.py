"""A client of Imprimatur's published API: this one file, Python 3.11 and nothing else.

    from imprimatur import Desk

    desk = Desk("https://desk.example.org", "caucasus", key="imp_…")
    for claim in desk.claims(q="border", include="source"):
        print(claim["claimant"], claim["normalized"])

Results are the API's own JSON, typed here for type checkers. Offsets count Unicode code points, as
Python does, and are half-open. Every function may raise `Problem`, or `OSError` when the desk is
not reached. When the desk asks to wait (429, 503) the client waits, and asks again.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any, TypedDict

PATIENCE = 30.0  # seconds for an answer
LONGEST_WAIT = 120  # seconds that the desk may ask to wait
BLOCK = 1 << 20  # bytes


class Span(TypedDict):
    """The code points `[start, end)` of the text, and the words that stand there."""

    start: int
    end: int
    exact: str


class Relation(TypedDict):
    id: str
    type: str
    to: str


class Author(TypedDict):
    id: str
    name: str


class Annotation(TypedDict):
    """What was approved. Times are ISO 8601 in UTC."""

    id: str
    kind: str
    label: str
    spans: list[Span]
    prefix: str
    suffix: str
    fields: dict[str, Any]
    relations: list[Relation]
    source: str
    revision: int
    revision_sha256: str
    state: str
    version: int
    author: Author
    created_at: str
    updated_at: str


class Record(TypedDict):
    """A record of the register."""

    id: str
    name: str
    type: str
    aliases: list[str]
    wikidata: str | None


class Mention(TypedDict):
    """An annotation that something is about, or by whom something was said."""

    id: str
    kind: str
    exact: list[str]
    entity: Record | None


class SourceReference(TypedDict):
    id: str
    title: str
    publisher: str
    url: str


class Passage(TypedDict):
    """What claims, quotes and mentions of entities have in common."""

    id: str
    label: str
    spans: list[Span]
    source: SourceReference
    revision: int
    version: int
    author: Author
    created_at: str
    updated_at: str


class Claim(Passage):
    """The lists without a type of their own hold ids of annotations."""

    normalized: str
    claimant: str | None
    asserted_on: str | None
    verdict: str | None
    evidence: list[str]
    about: list[Mention]
    stated_in: list[str]
    supports: list[str]
    supported_by: list[str]
    contradicts: list[str]
    contradicted_by: list[str]
    repeats: list[str]
    repeated_by: list[str]


class Quote(Passage):
    manner: str
    speaker: str | None
    role: str | None
    affiliation: str | None
    cue: str | None
    said_by: list[Mention]
    claims: list[str]


class EntityMention(Passage):
    entity: Record | None
    wikidata: str | None
    same_as: list[str]
    said: list[str]
    subject_of: list[str]


class RecordWithMentions(Record):
    """`mentions` are those of one page; `next` is the address of the next."""

    mention_count: int
    source_count: int
    mentions: list[EntityMention]
    next: str | None


class Retraction(TypedDict):
    id: str
    reason: str


class Change(TypedDict):
    """`annotation` is as published now; null takes it away."""

    seq: int
    type: str
    at: str
    id: str
    version: int
    correction: bool
    annotation: Annotation | None
    retraction: Retraction | None


class Changes(TypedDict):
    changes: list[Change]
    next: int
    has_more: bool
    newest: int


class ReleaseFile(TypedDict):
    name: str
    media_type: str
    size: int
    sha256: str


class Problem(Exception):
    """The desk refused: `status` of HTTP, `detail` a sentence, `errors` what is wrong where."""

    def __init__(self, status: int, detail: str, errors: dict[str, list[str]]) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status
        self.detail = detail
        self.errors = errors


class Desk:
    """A desk's published side. A public one needs no key; another one a key with published:read."""

    def __init__(self, site: str, slug: str, key: str = "") -> None:
        self.address = f"{site.rstrip('/')}/api/v1/desks/{slug}"
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def annotations(self, **filters: str) -> Iterator[Annotation]:
        """All that fit: kind, label, source, entity, speaker, q, updated_after, fields, include."""
        return self._listed("annotations", filters)

    def claims(self, **filters: str) -> Iterator[Claim]:
        """Those of `annotations` without kind, and: claimant, verdict."""
        return self._listed("claims", filters)

    def quotes(self, **filters: str) -> Iterator[Quote]:
        """Those of `annotations` without kind, and: affiliation."""
        return self._listed("quotes", filters)

    def mentions(self, **filters: str) -> Iterator[EntityMention]:
        """What entities stand for, what was said about them. A filter more: wikidata."""
        return self._listed("entities", filters)

    def record(self, id: str) -> RecordWithMentions:
        """A record of the register with the first of its mentions, which `mentions_of` has all."""
        found: RecordWithMentions = self._json(f"{self.address}/entities/{id}?page_size=100")
        return found

    def mentions_of(self, id: str) -> Iterator[EntityMention]:
        page = self.record(id)
        yield from page["mentions"]
        while page["next"]:
            page = self._json(page["next"])
            yield from page["mentions"]

    def sources(self, **filters: str) -> Iterator[dict[str, Any]]:
        """Those with anything approved: q, publisher, language, published_from, published_until."""
        return self._listed("sources", filters)

    def annotation(self, id: str) -> Annotation:
        found: Annotation = self._json(f"{self.address}/annotations/{id}")
        return found

    def text(self, source: str, revision: int | None = None) -> str:
        """The text that the spans count in; the newest one for None."""
        asked = "" if revision is None else f"?revision={revision}"
        with self._open(f"{self.address}/sources/{source}/text{asked}") as answer:
            return str(answer.read().decode())

    def changes(self, after: int = 0) -> Changes:
        """The next page of what changed after that place; 0 is the beginning."""
        found: Changes = self._json(f"{self.address}/changes?after={after}&limit=500")
        return found

    def follow(self, copy: MutableMapping[str, Annotation], after: int = 0) -> int:
        """Bring a copy, by id, to what is published now. Returns where to go on `after`.

        Keep the copy and the number together, and call it again whenever you like.
        """
        while True:
            page = self.changes(after)
            for change in page["changes"]:
                if change["annotation"] is None:
                    copy.pop(change["id"], None)
                else:
                    copy[change["id"]] = change["annotation"]
            after = page["next"]
            if not page["has_more"]:
                return after

    def export(self) -> tuple[Iterator[Annotation], int]:
        """All that is published at one moment, in one answer, and where to go on `after` it.

        The annotations may raise http.client.IncompleteRead when the answer was cut off: begin
        anew then.
        """
        answer = self._open(f"{self.address}/annotations/export")
        following = re.search(r"[?&]after=([0-9]+)", answer.headers["Link"])
        if following is None:
            raise ValueError("This answer does not say where to go on.")
        return _lines(answer), int(following[1])

    def download(self, folder: Path, release: int | None = None) -> list[Path]:
        """The files of a release (the newest for None), each checked against its SHA-256.

        Raises ValueError when a file is not what the release says.
        """
        named = self._json(f"{self.address}/releases/{release or 'latest'}")
        folder.mkdir(parents=True, exist_ok=True)
        files: list[ReleaseFile] = named["files"]
        return [self._download(folder, named["number"], each) for each in files]

    def _download(self, folder: Path, number: int, file: ReleaseFile) -> Path:
        digest, path = hashlib.sha256(), folder / Path(file["name"]).name
        address = f"{self.address}/releases/{number}/files/{file['name']}"
        with self._open(address) as answer, path.open("wb") as kept:
            while block := answer.read(BLOCK):
                digest.update(block)
                kept.write(block)
        if digest.hexdigest() != file["sha256"]:
            raise ValueError(f"{file['name']} is not what release {number} says.")
        return path

    def _listed(self, name: str, filters: dict[str, str]) -> Iterator[Any]:
        query = urllib.parse.urlencode({"page_size": "100", **filters})
        address: str | None = f"{self.address}/{name}?{query}"
        while address:
            page = self._json(address)
            yield from page["results"]
            address = page["next"]

    def _json(self, address: str) -> Any:
        with self._open(address) as answer:
            return json.load(answer)

    def _open(self, address: str) -> Any:
        while True:
            try:
                request = urllib.request.Request(address, headers=self.headers)  # noqa: S310
                return urllib.request.urlopen(request, timeout=PATIENCE)  # noqa: S310
            except urllib.error.HTTPError as error:
                wait = int(error.headers.get("Retry-After") or 0)
                if error.code not in (429, 503) or not 0 < wait <= LONGEST_WAIT:
                    raise _problem(error) from error
                time.sleep(wait)


def _lines(answer: Any) -> Iterator[Any]:
    """In blocks: line by line, an answer that was cut off would seem to have come to its end."""
    rest = b""
    with answer:
        while block := answer.read(BLOCK):
            *lines, rest = (rest + block).split(b"\n")
            yield from map(json.loads, lines)


def _problem(error: urllib.error.HTTPError) -> Problem:
    try:
        said = json.load(error)
    except ValueError:
        said = {}
    return Problem(error.code, said.get("detail", error.reason), said.get("errors", {}))
