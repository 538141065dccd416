"""Releases, as readers elsewhere get them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from annotations.models import Annotation, Desk, Role, Source
from annotations.services import jobs
from annotations.services.releases.cut import cut_release
from annotations.tasks import WORK
from tests import factories
from tests.api.client import anonymous, as_role, published, read
from tests.web.rows import MANIFEST, make_release


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_send", lambda _id: None)


def a_desk() -> tuple[Desk, Source]:
    desk = factories.make_desk(is_public=True)
    return desk, factories.make_source(desk)


def shown(source: Source, start: int = 0) -> Annotation:
    return factories.approved(factories.make_annotation(source, spans=[(start, start + 6)]))


@pytest.mark.django_db(transaction=True)
def test_the_files_of_a_release_are_the_bytes_that_it_names(no_broker: None) -> None:
    desk, source = a_desk()
    annotation = shown(source)
    job = cut_release(desk=desk, by=factories.member(desk, Role.MANAGER), notes="The first.")
    jobs.run(job.id, WORK)

    release = read(anonymous(), published(desk, "releases/latest"))

    assert (release["number"], release["notes"]) == (1, "The first.")
    contents = {}
    for file in release["files"]:
        response = anonymous().get(published(desk, f"releases/1/files/{file['name']}"))
        contents[file["name"]] = content = response.getvalue()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        assert len(content) == file["size"]
        assert response["Content-Type"] == file["media_type"]
        assert file["name"] in response["Content-Disposition"]
    assert hashlib.sha256(contents["manifest.json"]).hexdigest() == release["manifest_sha256"]
    lines = contents["annotations.jsonl"].splitlines()
    assert [json.loads(line)["id"] for line in lines] == [str(annotation.id)]


@pytest.mark.django_db
def test_releases_are_listed_from_the_newest_in_pages() -> None:
    desk, _ = a_desk()
    for _ in range(3):
        make_release(desk)

    first = read(anonymous(), published(desk, "releases"), page_size=2)
    second = read(anonymous(), first["next"])

    assert [each["number"] for each in first["results"]] == [3, 2]
    assert [each["number"] for each in second["results"]] == [1]
    assert second["next"] is None
    assert read(anonymous(), published(desk, "releases/latest"))["number"] == 3
    assert read(anonymous(), published(desk, "releases/2")) == first["results"][1]


@pytest.mark.django_db
def test_a_release_and_its_files_are_not_sent_twice() -> None:
    desk, _ = a_desk()
    make_release(desk)

    for path in ("releases/1", "releases/latest", "releases/1/files/manifest.json"):
        etag = anonymous().get(published(desk, path))["ETag"]

        again = anonymous().get(published(desk, path), headers={"If-None-Match": etag})

        assert again.status_code == 304, path


FILE = "releases/1/files/manifest.json"


def part(desk: Desk, **headers: str) -> Any:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return anonymous().get(published(desk, FILE), headers=names)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("0-0", 0, 0), ("2-5", 2, 5), ("4-", 4, 12), ("-3", 10, 12), ("-99", 0, 12), ("5-99", 5, 12)],
)
def test_a_part_of_a_file_is_sent_alone(asked: str, first: int, last: int) -> None:
    desk, _ = a_desk()
    make_release(desk)

    response = part(desk, Range=f"bytes={asked}")

    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(MANIFEST)}"
    assert response.getvalue() == MANIFEST[first : last + 1]
    assert response["Content-Length"] == str(last + 1 - first)


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["13-", "99-100", "-0"])
def test_a_range_behind_the_end_is_refused_with_the_size(asked: str) -> None:
    desk, _ = a_desk()
    make_release(desk)

    response = part(desk, Range=f"bytes={asked}")

    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(MANIFEST)}"
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=-", "lines=1-2", "bytes=0-1,4-5", "bytes=x", "0-4", "bytes=٣-"]
)
def test_what_is_no_single_range_gets_the_whole_file(asked: str) -> None:
    desk, _ = a_desk()
    make_release(desk)

    response = part(desk, Range=asked)

    assert (response.status_code, response.getvalue()) == (200, MANIFEST)
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Length"] == str(len(MANIFEST))


@pytest.mark.django_db
def test_a_download_goes_on_only_with_the_same_file() -> None:
    desk, _ = a_desk()
    make_release(desk)
    etag = part(desk)["ETag"]

    assert etag == f'"{hashlib.sha256(MANIFEST).hexdigest()}"'
    assert part(desk, Range="bytes=2-", If_Range=etag).status_code == 206
    for other in ('"other"', f"W/{etag}", "Wed, 25 Nov 2026 04:00:00 GMT"):
        assert part(desk, Range="bytes=2-", If_Range=other).status_code == 200
    assert part(desk, Range="bytes=2-", If_None_Match=etag).status_code == 304
    assert part(desk, Range="bytes=2-", If_Match='"other"').status_code == 412


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("is_public", "kept"),
    [(True, "public, max-age=31536000, immutable"), (False, "no-store")],
)
def test_a_file_is_kept_for_good_where_it_is_public(is_public: bool, kept: str) -> None:
    desk = factories.make_desk(is_public=is_public)
    make_release(desk)
    client = as_role(desk, Role.READER)

    response = client.get(published(desk, FILE))
    again = client.get(published(desk, FILE), headers={"If-None-Match": response["ETag"]})

    assert response["Cache-Control"] == again["Cache-Control"] == f"{kept}, no-transform"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["releases/latest", "releases/7", "releases/99999999999999999999", "releases/1/files/x.json"],
)
def test_what_was_not_released_is_not_found(path: str) -> None:
    desk, _ = a_desk()
    if "files" in path:
        make_release(desk)

    assert anonymous().get(published(desk, path)).status_code == 404


@pytest.mark.django_db
def test_a_release_says_what_it_says_otherwise_than_an_earlier_one() -> None:
    desk, source = a_desk()
    annotation = shown(source)
    for _ in range(2):
        make_release(desk)
    second = shown(source, 8)
    make_release(desk)

    since = read(anonymous(), published(desk, "releases/3/diff"))
    none = read(anonymous(), published(desk, "releases/2/diff"), **{"from": 1})

    assert since == {
        "from": 2,
        "to": 3,
        "counts": {"added": 1, "changed": 0, "retracted": 0},
        "changes": [
            {
                "id": str(second.id),
                "change": "added",
                "was_version": None,
                "version": 1,
                "reason": "",
            }
        ],
        "next": None,
    }
    assert none["changes"] == []
    assert annotation.id != second.id


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"from": "x"}, 400),
        ({"from": "0"}, 400),
        ({"cursor": "x"}, 400),
        ({"page_size": "101"}, 400),
        ({"from": "9"}, 404),
        ({"from": str(2**40)}, 400),
        ({"form": "1"}, 400),
    ],
)
def test_a_wrong_comparison_is_named(query: dict[str, str], status: int) -> None:
    desk, _ = a_desk()
    make_release(desk)

    response = anonymous().get(published(desk, "releases/1/diff"), query)

    assert response.status_code == status
