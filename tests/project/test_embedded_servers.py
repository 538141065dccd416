"""The embedded servers through starts, crashes and stops, with real processes and real signals."""

import os
import pwd
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
import redis
from kombu import Connection

from project.embedded.account import server_account
from project.embedded.layout import CHECKOUT, broker_url, database_url, layout
from project.embedded.occupants import occupants
from tests.project.conftest import Starter, environment, starting, wait_until


def numbers(starter: Starter) -> set[int]:
    with starter.connect() as connection:
        return {row[0] for row in connection.execute("SELECT number FROM kept")}


def add(starter: Starter, number: int) -> None:
    with starter.connect() as connection:
        connection.execute("INSERT INTO kept VALUES (%s)", [number])


def broker(starter: Starter) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(starter.place.valkey_socket))


class Writer(threading.Thread):
    """Inserts numbers one by one and notes each that was acknowledged."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.acknowledged: list[int] = []
        self.interrupted = 0
        self.done = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.done.is_set():
            try:
                with psycopg.connect(self.url, autocommit=True) as connection:
                    while not self.done.is_set():
                        number += 1
                        connection.execute("INSERT INTO kept VALUES (%s)", [number])
                        self.acknowledged.append(number)
            except psycopg.OperationalError:
                self.interrupted += 1


def test_a_cold_start_makes_the_cluster_anew_over_one_half_made(tmp_path):
    data_dir = tmp_path / "data"
    (data_dir / "postgres.unfinished").mkdir(parents=True)
    (data_dir / "postgres.unfinished" / "PG_VERSION").write_text("rubbish")

    with starting(data_dir) as starter, starter.connect() as connection:
        encoding = connection.execute("SHOW server_encoding").fetchone()
        checksums = connection.execute("SHOW data_checksums").fetchone()

    assert (encoding, checksums) == (("UTF8",), ("on",))
    assert not (data_dir / "postgres.unfinished").exists()


def test_a_warm_start_finds_what_the_start_before_wrote(data_dir):
    with starting(data_dir) as starter:
        add(starter, 7)
        broker(starter).rpush("queue", "message")

    with starting(data_dir) as starter:
        assert numbers(starter) == {7}
        assert broker(starter).lrange("queue", 0, -1) == [b"message"]


def test_celery_reaches_the_broker_by_its_url(data_dir):
    with starting(data_dir) as starter, Connection(broker_url(starter.place)) as connection:
        queue = connection.SimpleQueue("queue")
        queue.put({"job": 1})

        assert queue.get(timeout=5).payload == {"job": 1}


def test_an_orderly_end_leaves_no_process_behind(data_dir):
    with starting(data_dir) as starter:
        assert occupants(starter.place.postgres_dir)
        assert occupants(starter.place.valkey_dir)

        assert starter.release() == 0

    assert not occupants(starter.place.postgres_dir)
    assert not occupants(starter.place.valkey_dir)


def test_nothing_acknowledged_is_lost_when_postgres_is_killed_under_writes(data_dir):
    with starting(data_dir) as starter:
        writer = Writer(database_url(starter.place))
        writer.start()
        wait_until(lambda: len(writer.acknowledged) > 50)
        killed = starter.postgres_pid

        os.kill(killed, signal.SIGKILL)
        before = len(writer.acknowledged)
        wait_until(lambda: len(writer.acknowledged) > before + 50)
        writer.done.set()
        writer.join()

        assert writer.interrupted
        assert starter.postgres_pid != killed
        assert set(writer.acknowledged) <= numbers(starter)
        assert starter.news == "PostgreSQL stopped (signal 9); starting it again.\n"


def test_what_valkey_had_on_disk_is_there_when_it_was_killed_under_writes(data_dir):
    with starting(data_dir) as starter:
        client = broker(starter)
        for number in range(500):
            client.rpush("queue", number)
        assert client.execute_command("WAITAOF", 1, 0, 5000)[0] == 1
        killed = starter.valkey_pid

        client.rpush("queue", "perhaps lost")
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: "Valkey stopped" in starter.news)
        wait_until(lambda: responds(starter))

        assert broker(starter).lrange("queue", 0, 499) == [str(n).encode() for n in range(500)]
        assert starter.valkey_pid != killed


def responds(starter: Starter) -> bool:
    try:
        return bool(broker(starter).ping())
    except redis.RedisError:
        return False


def test_servers_end_with_a_starter_that_is_killed(data_dir):
    with starting(data_dir) as starter:
        add(starter, 1)

        starter.process.kill()

        wait_until(lambda: not occupants(starter.place.postgres_dir))
        wait_until(lambda: not occupants(starter.place.valkey_dir))


def test_a_start_right_after_a_killed_one_waits_for_its_servers_to_end(data_dir):
    with starting(data_dir) as killed:
        add(killed, 1)
        killed.process.kill()

        with starting(data_dir) as starter:
            assert numbers(starter) == {1}
            assert starter.news == ""


def test_a_second_starter_joins_and_leaves_the_servers_running(data_dir):
    with starting(data_dir) as first:
        server = first.postgres_pid
        with starting(data_dir) as second:
            add(second, 1)
            assert second.postgres_pid == server

        assert first.postgres_pid == server
        assert numbers(first) == {1}
        assert first.news == ""


def test_a_starter_that_joined_takes_over_when_the_first_ends(data_dir):
    with starting(data_dir) as first, starting(data_dir) as second:
        add(second, 1)
        server = first.postgres_pid

        first.release()
        wait_until(lambda: answers(second))

        assert numbers(second) == {1}
        assert second.postgres_pid != server


def answers(starter: Starter) -> bool:
    try:
        starter.connect().close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_lock_file_that_nobody_holds_does_not_hinder(data_dir):
    place = layout(data_dir)
    for name in ("postgres", "valkey"):
        place.lock_file(name).write_text("999999\n")

    with starting(data_dir) as starter:
        assert numbers(starter) == set()


@pytest.mark.parametrize("reused", [False, True], ids=["dead", "reused by a stranger"])
def test_a_stale_pid_file_does_not_hinder_whoever_has_its_number_now(data_dir, reused):
    account = server_account()
    stranger = subprocess.Popen(["sleep", "60"], user=account.uid if account.lowered else None)
    if not reused:
        stranger.kill()
        stranger.wait()
    (data_dir / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n{data_dir}\n0\n5432\n")

    try:
        with starting(data_dir) as starter:
            assert starter.postgres_pid != stranger.pid
        assert reused == (stranger.poll() is None)
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ({"DATABASE_URL": "postgresql://elsewhere/db"}, {"valkey"}),
        ({"BROKER_URL": "redis://elsewhere"}, {"postgres"}),
        ({"DATABASE_URL": "postgresql://elsewhere/db", "BROKER_URL": "redis://elsewhere"}, set()),
    ],
)
def test_a_server_that_the_environment_names_is_not_started(tmp_path, given, made):
    data_dir = tmp_path / "data"

    code = with_servers(["true"], environment(data_dir, **given)).returncode

    assert code == 0
    assert {path.name for path in data_dir.iterdir() if path.name in {"postgres", "valkey"}} == made


def test_the_commands_exit_code_is_the_starters(data_dir):
    ended = with_servers([sys.executable, "-c", "raise SystemExit(7)"], environment(data_dir))

    assert ended.returncode == 7


def test_a_data_folder_that_cannot_be_made_gets_one_sentence():
    ended = with_servers(["true"], environment(Path("/proc/nowhere")))

    assert ended.returncode == 1
    assert ended.stderr.startswith("Cannot use /proc/nowhere")
    assert ended.stderr.count("\n") == 1
    assert "DATA_DIR" in ended.stderr


def test_a_cluster_of_another_postgresql_gets_one_sentence(data_dir):
    (data_dir / "postgres" / "PG_VERSION").write_text("9\n")

    ended = with_servers(["true"], environment(data_dir))

    assert ended.returncode == 1
    assert "made by PostgreSQL 9" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_the_servers_leave_the_folders_above_them_as_private_as_they_were(data_dir):
    data_dir.parent.chmod(0o700)

    with starting(data_dir) as starter:
        assert mode(data_dir.parent) == 0o700
        assert mode(starter.place.postgres_dir) == 0o700
        assert mode(starter.place.socket_dir) == 0o700


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can start them as root")
def test_as_root_the_servers_run_as_somebody_without_rights(data_dir):
    with starting(data_dir) as starter:
        owners = {
            Path(f"/proc/{p}").stat().st_uid for p in (starter.postgres_pid, starter.valkey_pid)
        }

    assert owners == {server_account().uid}


@pytest.mark.skipif(os.getuid() != 0, reason="the other tests already run as an ordinary user")
def test_an_ordinary_user_starts_them_too(tmp_path_factory):
    daemon = pwd.getpwnam("daemon")
    ordinary = {"user": daemon.pw_uid, "group": daemon.pw_gid, "extra_groups": []}
    try:
        subprocess.run(
            [sys.executable, "-c", "import psycopg"], cwd=CHECKOUT, check=True, **ordinary
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this checkout or its Python lies where other users may not go")
    data_dir = Path("/tmp") / f"imprimatur-test-{os.getpid()}"
    data_dir.mkdir()
    os.chown(data_dir, daemon.pw_uid, daemon.pw_gid)

    try:
        ended = with_servers(["true"], environment(data_dir), **ordinary)

        assert (ended.returncode, ended.stderr) == (0, "")
        assert (data_dir / "postgres").stat().st_uid == daemon.pw_uid
    finally:
        subprocess.run(["rm", "-r", data_dir], check=True)


def with_servers(
    command: list[str], env: dict[str, str], **how
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "project.embedded", *command],
        cwd=CHECKOUT,
        env=env,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        **how,
    )
