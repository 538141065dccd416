"""The product starts on the data folders of earlier versions, whatever their users did there."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tarfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from project.embedded.account import server_account
from project.embedded.layout import CHECKOUT, database_url, layout
from project.embedded.postgres import Postgres
from project.embedded.supervisor import Keeper
from tests.project.conftest import environment

ARCHIVES = sorted((Path(__file__).parent / "data_folders").glob("*.tar.gz"))
NAMES = [archive.name.partition(".")[0] for archive in ARCHIVES]
INITDB = [
    "--username=imprimatur", "--auth=trust", "--encoding=UTF8", "--data-checksums", "--locale=C",
    "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
]  # fmt: skip
CHANGES = """
    UPDATE annotations_user SET email = 'new-' || email;
    DELETE FROM annotations_membership;
    UPDATE annotations_desk SET slug = 'another', name = 'Another';
"""


def unpack(archive: Path, data_dir: Path) -> None:
    """A data folder as the version of the archive left it: one role, which owns everything."""
    data_dir.mkdir(parents=True)
    with tarfile.open(archive) as packed:
        packed.extractall(data_dir, filter="data")
    dump = data_dir / "dump.sql"
    server, account = Postgres(layout(data_dir), server_account()), server_account()
    account.make_private(data_dir / "postgres")
    with account.reaching(data_dir / "postgres") as (name, descriptors):
        server._run([server.programs.initdb, "-D", name, *INITDB], descriptors)
    with running(server), dump.open() as statements:
        address = ["-h", str(server.place.socket_dir), "-U", "imprimatur", "-v", "ON_ERROR_STOP=1"]
        psql = [str(server.programs.folder / "psql"), "-q", *address]
        subprocess.run([*psql, "-c", "CREATE DATABASE imprimatur", "postgres"], check=True)
        subprocess.run([*psql, "imprimatur"], stdin=statements, check=True, stdout=subprocess.PIPE)
    dump.unlink()


@contextmanager
def running(server: Postgres) -> Iterator[None]:
    keeper = Keeper(server, print)
    try:
        keeper.start()
        yield
    finally:
        keeper.stop()
        keeper.release()


@contextmanager
def launched(data_dir: Path) -> Iterator[tuple[str, list[str]]]:
    """The product's address and what it said, once it said that it is ready."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "project.launch"],
        cwd=CHECKOUT,
        env=environment(data_dir, PORT=port, HOST="127.0.0.1", WEB_PROCESSES="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    lines = []
    try:
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Ready."):
                break
        yield f"http://127.0.0.1:{port}", lines
    finally:
        process.terminate()
        process.wait(30)


def status(address: str) -> int:
    return get(address)[0]


def get(address: str) -> tuple[int, bytes]:
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - our own
        return answer.status, answer.read()


@pytest.fixture(scope="module", params=ARCHIVES, ids=NAMES)
def older(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("older") / "data"
    unpack(request.param, data_dir)
    return data_dir


@pytest.fixture
def data_dir(older: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "data"
    subprocess.run(["cp", "-a", older, copy], check=True)
    return copy


def test_an_older_data_folder_starts_and_shows_what_it_had(data_dir: Path) -> None:
    told = json.loads((data_dir / "demo.json").read_text())

    with launched(data_dir) as (address, lines):
        assert lines[-1:] == ["Ready. Ctrl+C stops everything.\n"], lines
        said = "".join(lines)
        assert all(user["password"] in said for user in told["users"].values())
        assert status(f"{address}/readyz") == 200
        assert status(f"{address}/read/{told['desk']}/") == 200
        files = f"{address}/api/v1/desks/{told['desk']}/releases"
        assert json.loads(get(files)[1])["results"]
    kept = json.loads((data_dir / "demo.json").read_text())
    assert (kept["users"], kept["keys"]) == (told["users"], told["keys"])


@pytest.mark.parametrize("is_file_lost", [False, True], ids=["file kept", "file lost"])
def test_it_starts_after_its_people_changed_everything(data_dir: Path, is_file_lost: bool) -> None:
    with running(Postgres(layout(data_dir), server_account())):
        with psycopg.connect(database_url(layout(data_dir))) as connection:
            connection.execute(CHANGES)
    if is_file_lost:
        (data_dir / "demo.json").unlink()

    with launched(data_dir) as (address, lines):
        assert lines[-1:] == ["Ready. Ctrl+C stops everything.\n"], lines
        assert status(f"{address}/readyz") == 200
        assert status(f"{address}/read/another/") == 200
    assert json.loads((data_dir / "demo.json").read_text())["users"] == {}


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("part", ["postgres", "postgres/base", "."])
def test_a_folder_restored_with_other_owners_gets_one_sentence(data_dir: Path, part: str) -> None:
    subprocess.run(["chown", "-R", "daemon:", data_dir / part], check=True)

    ended = subprocess.run(
        [sys.executable, "-m", "project.launch"],
        cwd=CHECKOUT,
        env=environment(data_dir, PORT=free_port()),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert "belongs to the user daemon" in ended.stderr
    assert f"chown -R nobody: {data_dir / 'postgres'}" in ended.stderr
    subprocess.run(["chown", "-R", "nobody:", data_dir / "postgres"], check=True)
    with running(Postgres(layout(data_dir), server_account())):
        pass


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])
