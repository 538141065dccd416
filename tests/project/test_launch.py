"""What the launcher refuses, shows and waits for; the servers have their own tests."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from project.embedded.errors import StartError
from project.embedded.layout import CHECKOUT, layout
from project.launch import chosen_address, demo_sign_ins
from project.programs import Address, Web


@contextmanager
def answering(status: int) -> Iterator[tuple[Address, list[tuple[str, str]]]]:
    """A web server that answers everything by the status; and what it was asked."""
    asked: list[tuple[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["Host"]))
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Address("127.0.0.1", server.server_port), asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80 80", "٣٣٣٣", "1e3"])
def test_a_port_that_is_no_port_is_refused_with_what_to_do(monkeypatch, port):
    monkeypatch.setenv("PORT", port)

    with pytest.raises(StartError, match="set it to a number from 1 to 65535"):
        chosen_address()


def test_a_taken_port_is_refused_with_what_to_do(monkeypatch, taken_port):
    monkeypatch.setenv("PORT", str(taken_port))

    with pytest.raises(StartError, match=f"{taken_port} .Address already in use.: set PORT"):
        chosen_address()


def test_a_host_that_is_not_this_machines_is_refused(monkeypatch):
    monkeypatch.setenv("HOST", "192.0.2.1")
    monkeypatch.setenv("PORT", "8999")

    with pytest.raises(StartError, match="Cannot listen on 192"):
        chosen_address()


def test_the_person_sees_one_sentence_and_nothing_is_made(tmp_path, taken_port):
    data_dir = tmp_path / "data"

    ended = subprocess.run(
        [sys.executable, "-m", "project.launch"],
        cwd=CHECKOUT,
        env={**os.environ, "PORT": str(taken_port), "DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert "set PORT to a free one" in ended.stderr
    assert not data_dir.exists()


def test_the_demo_users_are_shown_with_their_passwords(tmp_path):
    user = {"email": "editor@example.org", "password": "open sesame"}
    (tmp_path / "demo.json").write_text(json.dumps({"users": {"editor": user}}))

    shown = demo_sign_ins(layout(tmp_path))

    assert shown.split("\n")[0].split(maxsplit=2) == ["editor", "editor@example.org", "open sesame"]


@pytest.mark.parametrize(
    "content",
    [
        *("", "{", "[]", "7", "[" * 100_000, '{"users": []}', '{"users": {"editor": 1}}'),
        r'{"users": {"editor": {"email": "e\ud800@x.example", "password": "p"}}}',
        r'{"users": {"\udfff": {"email": "e@x.example", "password": "p"}}}',
        '{"users": {"editor": {"email": [], "password": "p"}}}',
    ],
)  # fmt: skip
def test_a_damaged_file_of_sign_ins_costs_a_sentence(tmp_path, content):
    (tmp_path / "demo.json").write_text(content)

    assert demo_sign_ins(layout(tmp_path)).startswith("The demo's sign-ins cannot be read: move ")


def test_a_folder_in_place_of_the_sign_ins_costs_a_sentence(tmp_path):
    (tmp_path / "demo.json").mkdir()

    assert demo_sign_ins(layout(tmp_path)).startswith("The demo's sign-ins cannot be read: move ")


def test_production_shows_no_sign_ins_even_if_an_earlier_start_left_some(tmp_path, monkeypatch):
    monkeypatch.setenv("IMPRIMATUR_ENV", "production")
    (tmp_path / "demo.json").write_text(
        json.dumps({"users": {"editor": {"email": "e", "password": "p"}}})
    )

    assert demo_sign_ins(layout(tmp_path)) == ""


@pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False), (400, False)])
def test_the_web_server_is_ready_once_it_says_so(tmp_path, status, ready):
    with answering(status) as (address, asked):
        assert Web(layout(tmp_path), address).is_ready() is ready

    assert asked == [("/readyz", "localhost")]


def test_a_web_server_that_is_not_there_is_not_ready(tmp_path, taken_port):
    gone = socket.create_server(("127.0.0.1", 0))
    address = Address("127.0.0.1", gone.getsockname()[1])
    gone.close()

    assert not Web(layout(tmp_path), address).is_ready()


def test_readiness_is_asked_under_a_host_name_that_production_allows(tmp_path, monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", ".desk.example,localhost")

    with answering(200) as (address, asked):
        Web(layout(tmp_path), address).is_ready()

    assert asked == [("/readyz", "desk.example")]


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),  # noqa: S104
        ("::", "http://[::1]:8000/"),
        ("desk.example", "http://desk.example:8000/"),
    ],
)
def test_the_printed_address_can_be_opened(host, url):
    assert Address(host, 8000).url == url
