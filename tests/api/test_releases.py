"""Releases, as readers elsewhere get them."""

from __future__ import annotations

import hashlib
import json

import pytest

from annotations.models import Annotation, Desk, Role, Source
from annotations.services import jobs
from annotations.services.releases import cut_release
from annotations.tasks import WORK
from tests import factories
from tests.api.client import anonymous, published, read
from tests.web.rows import make_release


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
