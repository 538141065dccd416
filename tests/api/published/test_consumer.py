"""A program that knows only the client of the documents keeps a copy of a running product."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from project.embedded.layout import CHECKOUT
from tests.api.client import read, with_secret
from tests.browser.conftest import Programs

EDITS = 300
HERE = Path(__file__).parent
PATIENCE = 300  # seconds
MOMENT = 1  # second in which dozens of edits are made


@pytest.fixture
def demo(transactional_db: None, tmp_path: Path) -> Path:
    with override_settings(DATA_DIR=tmp_path):
        call_command("load_seeds", demo=True, verbosity=0)
    return tmp_path / "demo.json"


@pytest.fixture
def site(demo: Path) -> Iterator[str]:
    programs = Programs()
    try:
        programs.start_web()
        yield programs.url
    finally:
        programs.stop()


class Consumer:
    """The mirroring program, as often as it is started."""

    def __init__(self, site: str, demo: Path) -> None:
        told = json.loads(demo.read_text())
        self.copy, self.stop = demo.parent / "copy.json", demo.parent / "stop"
        key = told["keys"]["published_read"]
        self.command = [
            sys.executable, str(HERE / "mirroring.py"), site, told["desk"], key,
            str(self.copy), str(self.stop),
        ]  # fmt: skip

    def start(self) -> subprocess.Popen[bytes]:
        place = {**os.environ, "PYTHONPATH": str(CHECKOUT / "docs" / "client")}
        return subprocess.Popen(self.command, env=place)

    def kept(self) -> Any:
        return json.loads(self.copy.read_text(encoding="utf-8")) if self.copy.exists() else {}

    def wait_until_it_has(self, count: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while len(self.kept().get("annotations", {})) < count:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def listed(demo: Path) -> dict[str, Any]:
    told, found = json.loads(demo.read_text()), {}
    client = with_secret(told["keys"]["published_read"])
    address = f"/api/v1/desks/{told['desk']}/annotations?page_size=100"
    while address:
        page = read(client, address)
        found.update({each["id"]: each for each in page["results"]})
        address = page["next"]
    return found


def written(annotations: dict[str, Any]) -> bytes:
    return json.dumps(dict(sorted(annotations.items())), ensure_ascii=False).encode()


def test_a_copy_kept_through_many_edits_and_a_kill_ends_equal(site: str, demo: Path) -> None:
    before = listed(demo)
    consumer = Consumer(site, demo)
    edits = [sys.executable, str(HERE / "random_editors.py"), site, str(demo), str(EDITS), "one"]
    editors = subprocess.Popen(edits, stdout=subprocess.PIPE)

    killed = consumer.start()
    consumer.wait_until_it_has(len(before))
    time.sleep(MOMENT)
    killed.kill()
    killed.wait()
    again = consumer.start()
    told, _ = editors.communicate(timeout=PATIENCE)
    consumer.stop.touch()
    assert (editors.returncode, again.wait(PATIENCE)) == (0, 0)

    done, kept, now = json.loads(told)["done"], consumer.kept(), listed(demo)
    assert sum(done.values()) >= EDITS
    assert {"tag", "edit", "submit", "approve", "withdraw", "relate", "unrelate"} <= done.keys()
    assert written(kept["annotations"]) == written(now)
    assert written(now) != written(before)
