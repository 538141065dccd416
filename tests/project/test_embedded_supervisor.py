"""How a program is kept running, tried with small programs that misbehave."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from project.embedded import occupants as occupants_module
from project.embedded import supervisor as supervisor_module
from project.embedded.account import Account, server_account
from project.embedded.binaries import postgres_programs, valkey_program
from project.embedded.errors import StartError
from project.embedded.occupants import evict, occupants
from project.embedded.processes import Command, spawn
from project.embedded.supervisor import Keeper, Supervisor

MYSELF = Account(uid=os.getuid(), gid=os.getgid(), lowered=False)


class Script:
    """A Python script as a program; ready once it has made its file."""

    name = "The script"
    stop_signal = signal.SIGTERM
    patience = 0.3
    lock_file = None
    log = None

    def __init__(self, folder: Path, source: str, name: str = "The script") -> None:
        self.name = name
        self.sign = folder / f"{name}.ready"
        self.source = source
        self.starts = 0

    def spawn(self) -> subprocess.Popen[bytes]:
        self.starts += 1
        prelude = (
            f"import os, signal, sys, time, pathlib\nsign = pathlib.Path({str(self.sign)!r})\n"
        )
        return spawn(
            Command(
                arguments=[sys.executable, "-c", prelude + self.source],
                last_will=signal.SIGKILL,
                environment={},
            )
        )

    def is_ready(self) -> bool:
        return self.sign.exists()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def watch_for(supervisor: Supervisor, seconds: float) -> None:
    end = time.monotonic() + seconds
    supervisor.watch(until=lambda: time.monotonic() > end)


def test_start_returns_when_the_program_is_ready(tmp_path):
    script = Script(tmp_path, "time.sleep(0.3); sign.touch(); time.sleep(60)")
    keeper = Keeper(script, print)

    keeper.start()

    assert script.sign.exists()
    keeper.stop()


def test_a_program_that_dies_is_started_again_and_that_is_said(tmp_path):
    said: list[str] = []
    supervisor = Supervisor(said.append)
    script = Script(tmp_path, "sign.touch(); time.sleep(60)")
    supervisor.start(script)
    process = supervisor.keepers[0].process
    assert process

    process.kill()
    supervisor.watch(until=lambda: script.starts == 2)

    assert said == ["The script stopped (signal 9); starting it again."]
    supervisor.stop()


def test_a_program_that_keeps_dying_is_started_again_ever_more_slowly(tmp_path):
    supervisor = Supervisor(lambda _: None)
    script = Script(tmp_path, "sign.touch(); sys.exit(3)")
    supervisor.start(script)

    watch_for(supervisor, 1.5)

    assert 2 <= script.starts <= 4
    supervisor.stop()


def test_a_program_that_never_gets_ready_is_given_up_with_one_sentence(tmp_path):
    keeper = Keeper(Script(tmp_path, "sys.exit(3)"), lambda _: None)

    with pytest.raises(StartError, match="The script does not start"):
        keeper.start()


def test_a_program_that_answers_nothing_is_given_up_in_time(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor_module, "START_PATIENCE", 0.3)
    keeper = Keeper(Script(tmp_path, "time.sleep(60)"), print)

    with pytest.raises(StartError, match="The script does not start"):
        keeper.start()

    keeper.stop()


def test_a_program_that_ignores_the_request_to_stop_is_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor_module, "KILL_PATIENCE", 0.3)
    deaf = "for s in (signal.SIGTERM, signal.SIGQUIT): signal.signal(s, signal.SIG_IGN)\n"
    supervisor = Supervisor(print)
    supervisor.start(Script(tmp_path, deaf + "sign.touch()\ntime.sleep(60)"))
    process = supervisor.keepers[0].process
    assert process

    began = time.monotonic()
    supervisor.stop()

    assert process.returncode == -signal.SIGKILL
    assert time.monotonic() - began < 3


def test_what_a_killed_program_had_started_ends_with_it(tmp_path):
    supervisor = Supervisor(lambda _: None)
    forking = "child = os.fork()\nif child: sign.write_text(str(child))\ntime.sleep(60)"
    script = Script(tmp_path, forking)
    supervisor.start(script)
    child = int(script.sign.read_text() or 0)
    process = supervisor.keepers[0].process
    assert process
    assert alive(child)

    process.kill()
    supervisor.watch(until=lambda: script.starts == 2)

    assert not alive(child)
    supervisor.stop()


def test_programs_are_stopped_in_the_reverse_order_of_their_start(tmp_path):
    log = tmp_path / "stops"
    supervisor = Supervisor(print)
    for name in ("first", "second", "third"):
        note = (
            f"def stop(*_):\n    open({str(log)!r}, 'a').write('{name} ')\n    sys.exit()\n"
            "signal.signal(signal.SIGTERM, stop)\nsign.touch()\ntime.sleep(60)"
        )
        supervisor.start(Script(tmp_path, note, name=name))

    supervisor.stop()

    assert log.read_text() == "third second first "


def test_a_private_folder_that_somebody_else_made_is_refused(tmp_path):
    stranger = Account(uid=MYSELF.uid + 1, gid=MYSELF.gid, lowered=False)
    (tmp_path / "squatted").mkdir()

    with pytest.raises(StartError, match="somebody else's"):
        stranger.make_private(tmp_path / "squatted")


def test_a_private_folder_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to("target")

    with pytest.raises(StartError, match="somebody else's"):
        MYSELF.make_private(tmp_path / "link")


def test_a_user_without_a_name_is_told_what_to_do():
    with pytest.raises(StartError, match="User 3999999999 has no name here"):
        Account(uid=3_999_999_999, gid=1, lowered=False).require_name()


def test_whoever_works_in_the_folder_is_asked_to_leave(tmp_path):
    with subprocess.Popen(["sleep", "60"], cwd=tmp_path) as process:
        assert occupants(tmp_path) == {process.pid}

        evict(tmp_path, signal.SIGTERM)

        assert process.wait(1) == -signal.SIGTERM


def test_a_start_is_refused_while_somebody_stays_in_the_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(occupants_module, "PATIENCE", 0.2)
    with subprocess.Popen(["sleep", "60"], cwd=tmp_path) as process:
        with pytest.raises(StartError, match=f"Process {process.pid} does not leave"):
            evict(tmp_path, signal.SIGCONT)

        process.kill()


def test_programs_named_by_the_environment_must_be_new_enough(tmp_path, monkeypatch):
    old = tmp_path / "postgres"
    old.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 13.4'\n")
    old.chmod(0o755)
    (tmp_path / "initdb").touch()
    monkeypatch.setenv("PG_BIN", str(tmp_path))

    with pytest.raises(StartError, match="No PostgreSQL 17 or newer"):
        postgres_programs.__wrapped__(MYSELF)


def test_the_programs_run_for_the_account_they_are_found_for():
    account = server_account()

    programs = postgres_programs(account)

    assert programs.major >= 17
    assert Path(programs.pg_isready).exists()
    assert Path(valkey_program(account)).exists()
