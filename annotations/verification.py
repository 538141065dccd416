"""Check downloaded releases: hashes, chain and spans. Needs nothing but Python's standard library.

    python verification.py FOLDER [FOLDER …]      folders with the files of one release each
    python verification.py ADDRESS [--key imp_…]  …/api/v1/desks/<desk>/releases/<number>

Of several folders, those with consecutive numbers must be chained. From an address all files are
downloaded to be checked, and the manifests of all earlier releases.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

MANIFEST = "manifest.json"
BLOCK = 1 << 20  # bytes
TEXTS_HELD = 8


@dataclass
class Verdict:
    """What was checked, and each thing that is wrong."""

    number: int = 0
    manifest_sha256: str = ""
    previous_sha256: str = ""
    files: int = 0
    annotations: int = 0
    spans: int = 0
    problems: list[str] = field(default_factory=list)


class Texts:
    """The texts of `sources.jsonl`, found by their places in the file, so that few are held."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._places: dict[tuple[str, int], int] = {}
        self.wrong: list[str] = []
        place = 0
        for line in self._file:
            said = json.loads(line)
            self._places[said["source"]["id"], said["revision"]] = place
            if hashlib.sha256(said["text"].encode()).hexdigest() != said["sha256"]:
                self.wrong.append(f"The text of source {said['source']['id']} has another hash.")
            place += len(line)
        self.read = lru_cache(TEXTS_HELD)(self._read)

    def __enter__(self) -> Texts:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _read(self, source: str, revision: int) -> tuple[str, str] | None:
        """The text and its hash."""
        place = self._places.get((source, revision))
        if place is None:
            return None
        self._file.seek(place)
        said = json.loads(self._file.readline())
        return said["text"], said["sha256"]


def verify(folder: Path) -> Verdict:
    """One release. What cannot be read at all is a problem too."""
    verdict = Verdict()
    try:
        said = (folder / MANIFEST).read_bytes()
        manifest = json.loads(said)
        verdict.manifest_sha256 = hashlib.sha256(said).hexdigest()
        verdict.number = manifest["number"]
        verdict.previous_sha256 = manifest["previous_sha256"]
        verdict.problems += _wrong_files(folder, manifest, verdict)
        if not verdict.problems:
            _check_spans(folder, manifest, verdict)
    except (OSError, ValueError, KeyError, TypeError) as error:
        verdict.problems.append(f"{folder.name} cannot be read: {type(error).__name__} {error}")
    return verdict


def verify_chain(verdicts: Sequence[Verdict]) -> list[str]:
    """What is wrong between releases: each names the hash of the manifest before."""
    by_number = {each.number: each for each in verdicts}
    wrong = []
    for each in verdicts:
        before = by_number.get(each.number - 1)
        if each.number == 1 and each.previous_sha256:
            wrong.append("Release 1 names a release before it.")
        if before and before.manifest_sha256 != each.previous_sha256:
            wrong.append(f"Release {each.number} is not chained to release {before.number}.")
    return wrong


def _wrong_files(folder: Path, manifest: dict[str, Any], verdict: Verdict) -> Iterator[str]:
    for file in manifest["files"]:
        name = file["name"]
        if Path(name).name != name or name == MANIFEST:
            yield f"{name!r} is no name of a file."
            continue
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing."
            continue
        with path.open("rb") as opened:
            sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        if (path.stat().st_size, sha256) != (file["size"], file["sha256"]):
            yield f"{name} is not the file that the manifest names."
        verdict.files += 1


def _check_spans(folder: Path, manifest: dict[str, Any], verdict: Verdict) -> None:
    gone = set(_retracted(folder))
    with (
        Texts(folder / "sources.jsonl") as texts,
        (folder / "annotations.jsonl").open("rb") as lines,
    ):
        verdict.problems += texts.wrong
        for line in lines:
            annotation = json.loads(line)
            verdict.annotations += 1
            verdict.problems += _wrong_spans(annotation, texts, verdict)
            if annotation["id"] in gone:
                verdict.problems.append(f"{annotation['id']} was retracted and is still there.")
    if verdict.annotations != manifest["annotation_count"]:
        verdict.problems.append(
            f"There are {verdict.annotations} annotations, not as many as said."
        )


def _wrong_spans(annotation: dict[str, Any], texts: Texts, verdict: Verdict) -> Iterator[str]:
    found = texts.read(annotation["source"]["id"], annotation["revision"])
    if found is None:
        yield f"The text of {annotation['id']} is missing."
        return
    text, sha256 = found
    if sha256 != annotation["revision_sha256"]:
        yield f"{annotation['id']} stands on another text."
    for span in annotation["spans"]:
        verdict.spans += 1
        if text[span["start"] : span["end"]] != span["exact"]:
            yield f"{annotation['id']} says other words than the text from {span['start']} on."


def _retracted(folder: Path) -> Iterator[str]:
    with (folder / "retractions.jsonl").open("rb") as lines:
        for line in lines:
            said = json.loads(line)
            if not said["published_again"]:
                yield said["id"]


def fetch(address: str, key: str, folder: Path) -> list[Verdict]:
    """Download a release and check it; of earlier ones, the manifests alone. Raises OSError."""
    _download(f"{address}/files/{MANIFEST}", key, folder / MANIFEST)
    manifest = json.loads((folder / MANIFEST).read_bytes())
    for file in manifest["files"]:
        name = Path(file["name"]).name
        _download(f"{address}/files/{name}", key, folder / name)
    verdicts = [verify(folder)]
    releases = address.rpartition("/")[0]
    for number in range(manifest["number"] - 1, 0, -1):
        path = folder / f"manifest-{number}"
        _download(f"{releases}/{number}/files/{MANIFEST}", key, path)
        said = path.read_bytes()
        earlier = json.loads(said)
        sha256 = hashlib.sha256(said).hexdigest()
        verdicts.append(Verdict(earlier["number"], sha256, earlier["previous_sha256"]))
    return verdicts


def _download(address: str, key: str, path: Path) -> None:
    if not address.startswith(("https://", "http://")):
        raise OSError(f"{address} is no address of the web.")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with urlopen(Request(address, headers=headers)) as answer, path.open("wb") as file:  # noqa: S310 - checked above
        while block := answer.read(BLOCK):
            file.write(block)


def check(places: Sequence[str], key: str = "") -> tuple[list[Verdict], list[str]]:
    """All of these folders, or the one address, and what is wrong in all."""
    if len(places) == 1 and "://" in places[0]:
        with tempfile.TemporaryDirectory() as folder:
            verdicts = fetch(places[0].rstrip("/"), key, Path(folder))
    else:
        verdicts = [verify(Path(place)) for place in places]
    problems = [f"Release {each.number}: {said}" for each in verdicts for said in each.problems]
    return verdicts, problems + verify_chain(verdicts)


def report(places: Sequence[str], key: str = "") -> tuple[str, bool]:
    """What was checked and found, for people, and whether all is well."""
    try:
        verdicts, problems = check(places, key)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return f"This release cannot be read: {error}", False
    lines = [
        f"Release {each.number}: {each.files} files, {each.annotations} annotations, "
        f"{each.spans} spans, manifest {each.manifest_sha256}"
        for each in verdicts
        if each.files
    ]
    numbers = {each.number for each in verdicts}
    unknown = sorted(number for number in numbers if number > 1 and number - 1 not in numbers)
    lines += [f"Not checked: that release {number} follows {number - 1}." for number in unknown]
    lines += problems or ["All is as it was released."]
    return "\n".join(lines), not problems


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify", description="Check downloaded releases.")
    parser.add_argument("places", nargs="+", metavar="FOLDER or ADDRESS")
    parser.add_argument("--key", default="", help="a key of the desk, when it is not public")
    chosen = parser.parse_args(arguments)
    said, good = report(chosen.places, chosen.key)
    sys.stdout.write(f"{said}\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
