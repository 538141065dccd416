"""The examples of docs/api/, run in their order and language against the product."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from annotations.models import Desk
from project.embedded.layout import CHECKOUT
from tests.api.client import read, with_secret
from tests.web.rows import make_release

GUIDES = [
    CHECKOUT / "docs" / "api" / name for name in ("guide.md", "webhooks.md", "quick-start.md")
]
ADDRESS = "http://127.0.0.1:8000"
BLOCK = re.compile(r"(?:^    .*\n|^\n(?=    ))+", re.MULTILINE)
# How the blocks of each language begin; those of answers and messages are not run.
LANGUAGES = {
    "shell": re.compile(r"curl|\w+\(\) \{|\w+=\$?\(?"),
    "python": re.compile(r"from \w+ import|import \w"),
    "javascript": re.compile(r"const |async function"),
    "shown": re.compile(r"\{|RateLimit|webhook-id"),
}
# What an example needs of its reader: a message that came, signed.
SIGNED = """
import datetime
import standardwebhooks
secret = "whsec_" + "A" * 32
body = '{"type": "annotation.approved"}'
now = datetime.datetime.now(datetime.UTC)
signature = standardwebhooks.Webhook(secret).sign("msg_1", now, body)
headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(now.timestamp())),
           "webhook-signature": signature}
"""
STATUS = """
curl() {
    command curl --silent --show-error --write-out '\\n%{stderr}%{http_code} %{url}\\n' "$@"
}
"""


def blocks(*guides: Path) -> Iterator[tuple[str, str]]:
    """Each block of these documents, with its language."""
    text = "\n".join(guide.read_text(encoding="utf-8") for guide in guides)
    for found in BLOCK.finditer(text):
        lines = [line.removeprefix("    ") for line in found[0].strip("\n").splitlines()]
        text = "\n".join(lines)
        named = [name for name, begins in LANGUAGES.items() if begins.match(text)]
        assert named, f"no language begins like this: {lines[0]}"
        yield named[0], text


def program(language: str, *guides: Path) -> str:
    return "\n".join(text for name, text in blocks(*guides) if name == language)


class Place:
    """A folder beside a running product, as a reader of the guide has it."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address
        self.demo: dict[str, Any] = json.loads((folder / "var" / "demo.json").read_text())

    def run(self, *command: str, text: str, key: str = "editor_write") -> Any:
        written = text.replace(ADDRESS, self.address).replace("imp_…", self.demo["keys"][key])
        done = subprocess.run(
            command,
            input=written,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT / "docs" / "client")},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done


@pytest.fixture
def place(transactional_db: None, live_server: LiveServer, tmp_path: Path) -> Iterator[Place]:
    with override_settings(DATA_DIR=tmp_path / "var"):
        (tmp_path / "var").mkdir()
        call_command("load_seeds", demo=True, verbosity=0)
        desk = Desk.objects.get()
        for _ in range(2):
            make_release(desk)
        yield Place(tmp_path, live_server.url)


def needs(name: str) -> pytest.MarkDecorator:
    """Skipped without this program, but never where CI must have it."""
    missing = not shutil.which(name) and not os.environ.get("CI")
    return pytest.mark.skipif(missing, reason=f"there is no {name}")


def published(place: Place) -> dict[str, Any]:
    found, slug = {}, place.demo["desk"]
    address = f"/api/v1/desks/{slug}/annotations?page_size=100"
    while address:
        page = read(with_secret(place.demo["keys"]["published_read"]), address)
        found.update({each["id"]: each for each in page["results"]})
        address = page["next"]
    assert len(found) > 10
    return found


def test_the_guide_has_examples_in_three_languages() -> None:
    found = [language for language, _ in blocks(*GUIDES)]

    assert found.count("shell") >= 15
    assert found.count("python") >= 3
    assert found.count("javascript") >= 3


@needs("curl")
@pytest.mark.parametrize("guide", [GUIDES[0], GUIDES[2]], ids=lambda guide: guide.stem)
def test_every_request_of_the_shell_is_answered_well(place: Place, guide: Path) -> None:
    text = program("shell", guide)
    asked = len(re.findall(r"(?:^|\$\()curl ", text, re.MULTILINE))

    done = place.run("sh", "-e", "-s", text=STATUS + text)

    answered = re.findall(r"^(\d{3}) (\S+)", done.stderr, re.MULTILINE)
    assert len(answered) == asked
    assert [each for each in answered if each[0] not in ("200", "201", "304")] == []


def test_what_python_does_ends_with_the_very_annotations(place: Place) -> None:
    told = "\nimport sys\nsys.stderr.write(json.dumps(copy))\n"

    done = place.run(sys.executable, "-", text=SIGNED + program("python", *GUIDES) + told)

    assert json.loads(done.stderr) == published(place)
    assert (place.folder / "release" / "manifest.json").exists()


@needs("node")
def test_what_javascript_does_ends_with_the_very_annotations(place: Place) -> None:
    told = "\nconsole.error(JSON.stringify(Object.fromEntries(copy)));\n"

    done = place.run("node", "--input-type=module", "-", text=program("javascript", *GUIDES) + told)

    assert json.loads(done.stderr) == published(place)
