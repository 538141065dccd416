"""A download is checked without Django, and what was changed in it is found."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.live_server_helper import LiveServer

from annotations.models import Annotation, Desk, Release, Role
from annotations.services import jobs
from annotations.services.releases.cut import cut_release
from annotations.services.review import withdraw
from annotations.tasks import WORK
from annotations.verification import check
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPT = Path(__file__).parents[2] / "annotations" / "verification.py"


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """With two releases, the second after a retraction."""
    monkeypatch.setattr(jobs, "_send", lambda _id: None)
    desk = factories.make_desk(is_public=True)
    source = factories.make_source(desk, text="Baku 🇦🇿 said „no“.\nAnkara e\u0301 did not.")
    factories.approved(factories.make_annotation(source, spans=[(5, 8), (13, 17)]))
    gone = factories.approved(factories.make_annotation(source, spans=[(0, 4)]))
    cut(desk)
    withdraw(
        annotation=Annotation.objects.get(id=gone.id),
        by=factories.member(desk, Role.REVIEWER),
        reason="It was wrong.",
    )
    cut(desk)
    return desk


def cut(desk: Desk) -> None:
    job = cut_release(desk=desk, by=factories.member(desk, Role.MANAGER))
    jobs.run(job.id, WORK)


def downloaded(desk: Desk, number: int, folder: Path) -> Path:
    place = folder / str(number)
    place.mkdir()
    for file in Release.objects.get(desk=desk, number=number).files.all():
        shutil.copyfile(file.file.path, place / file.name)
    return place


def changed(place: Path, name: str, change: Callable[[Any], Any]) -> None:
    """One file changed, and the manifest made to fit it, as a careful forger would."""
    path = place / name
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("".join(f"{json.dumps(change(line))}\n" for line in lines), encoding="utf-8")
    manifest = json.loads((place / "manifest.json").read_bytes())
    for file in manifest["files"]:
        if file["name"] == name:
            file["size"] = path.stat().st_size
            file["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (place / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def test_good_downloads_are_good(desk: Desk, tmp_path: Path) -> None:
    places = [str(downloaded(desk, number, tmp_path)) for number in (1, 2)]

    verdicts, problems = check(places)

    assert problems == []
    assert [(each.number, each.annotations, each.spans) for each in verdicts] == [
        (1, 2, 3),
        (2, 1, 2),
    ]


def test_the_script_runs_without_anything_installed(desk: Desk, tmp_path: Path) -> None:
    place = downloaded(desk, 1, tmp_path)
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(place)]

    good = subprocess.run(command, capture_output=True, text=True, check=False)
    (place / "annotations.csv").write_bytes(b"")
    bad = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.endswith("All is as it was released.\n")
    assert bad.returncode == 1
    assert "annotations.csv is not the file that the manifest names." in bad.stdout


def test_a_missing_file_is_named(desk: Desk, tmp_path: Path) -> None:
    place = downloaded(desk, 1, tmp_path)
    (place / "tei.zip").unlink()

    assert check([str(place)])[1] == ["Release 1: tei.zip is missing."]


def test_other_words_at_a_span_are_found(desk: Desk, tmp_path: Path) -> None:
    place = downloaded(desk, 2, tmp_path)

    def moved(annotation: Any) -> Any:
        annotation["spans"][0]["start"] += 1
        return annotation

    changed(place, "annotations.jsonl", moved)

    [problem] = check([str(place)])[1]
    assert "says other words than the text from 6 on" in problem


def test_a_changed_text_is_found(desk: Desk, tmp_path: Path) -> None:
    place = downloaded(desk, 2, tmp_path)

    changed(place, "sources.jsonl", lambda said: said | {"text": f"{said['text']}!"})

    assert "has another hash" in check([str(place)])[1][0]


def test_a_retracted_annotation_that_is_still_there_is_found(desk: Desk, tmp_path: Path) -> None:
    place = downloaded(desk, 2, tmp_path)
    [line] = (place / "annotations.jsonl").read_text(encoding="utf-8").splitlines()
    kept = json.loads(line)["id"]

    changed(place, "retractions.jsonl", lambda said: said | {"id": kept})

    assert check([str(place)])[1] == [f"Release 2: {kept} was retracted and is still there."]


def test_a_forged_release_breaks_the_chain(desk: Desk, tmp_path: Path) -> None:
    first, second = (downloaded(desk, number, tmp_path) for number in (1, 2))

    changed(first, "retractions.jsonl", lambda said: said)
    manifest = json.loads((first / "manifest.json").read_bytes())
    (first / "manifest.json").write_text(json.dumps(manifest | {"notes": "Other."}))

    assert check([str(first), str(second)])[1] == ["Release 2 is not chained to release 1."]


@pytest.mark.parametrize("said", [b"", b"[]", b'{"number": 1}', b"\xff"])
def test_what_is_no_release_is_said_to_be_none(tmp_path: Path, said: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(said)

    assert "cannot be read" in check([str(tmp_path)])[1][0]


def test_a_name_that_leads_elsewhere_is_refused(desk: Desk, tmp_path: Path) -> None:
    place = downloaded(desk, 1, tmp_path)
    manifest = json.loads((place / "manifest.json").read_bytes())
    manifest["files"][0]["name"] = "../elsewhere"
    (place / "manifest.json").write_text(json.dumps(manifest))

    assert check([str(place)])[1] == ["Release 1: '../elsewhere' is no name of a file."]


def test_a_release_is_checked_at_its_address(desk: Desk, live_server: LiveServer) -> None:
    address = f"{live_server.url}/api/v1/desks/{desk.slug}/releases"

    verdicts, problems = check([f"{address}/2"])

    assert problems == []
    assert [each.number for each in verdicts] == [2, 1]
    call_command("verify_release", f"{address}/1")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_release", f"{address}/7")
