"""The embedded PostgreSQL: made once by initdb, durable, behind a private unix socket."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

from project.embedded.account import Account
from project.embedded.binaries import PostgresPrograms, postgres_programs
from project.embedded.errors import StartError
from project.embedded.layout import DATABASE, PORT, ROLE, Layout
from project.embedded.occupants import evict
from project.embedded.processes import Command, spawn

# The socket's folder is private to the user, so whoever reaches it is trusted.
INITDB = (
    f"--username={ROLE}", "--auth=trust", "--encoding=UTF8", "--data-checksums",
    "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
)  # fmt: skip

# Spelled out although some are defaults: what was acknowledged must survive a crash.
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests alone, whose servers are thrown away: emptying tables is mostly waiting for the disk.
NOT_KEPT = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}  # nothing of the person's own PG* variables


class Postgres:
    """One database cluster in the layout's folder."""

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # a fast shutdown: sessions end, everything is on disk
    patience = 20.0

    def __init__(self, place: Layout, account: Account) -> None:
        self.place = place
        self.account = account
        self.lock_file = place.lock_file("postgres")
        self.log = place.log_dir / "postgres.log"

    @property
    def programs(self) -> PostgresPrograms:
        return postgres_programs(self.account)

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server, making the cluster at the first start. The caller holds the lock."""
        folder = self.place.postgres_dir
        if not folder.exists():
            self._make_cluster(folder)
        self._check_major(folder)
        self.account.make_private(folder)
        self.account.make_private(self.place.socket_dir)
        evict(folder, self.stop_signal)
        (folder / "postmaster.pid").unlink(missing_ok=True)  # it can only be a dead server's
        settings = {**SETTINGS, "unix_socket_directories": str(self.place.socket_dir)}
        if os.environ.get("EMBEDDED_THROWAWAY") == "1":
            settings |= NOT_KEPT
        with self.account.reaching(folder) as (name, descriptors):
            arguments = [self.programs.postgres, "-D", name]
            for setting, value in settings.items():
                arguments += ["-c", f"{setting}={value}"]
            return spawn(self._command(arguments, descriptors))

    def is_ready(self) -> bool:
        """Whether it answers; a process that exists may still be recovering, or be a zombie."""
        answer = subprocess.run(
            [
                self.programs.pg_isready,
                "-q",
                "-t",
                "3",
                "-h",
                self.place.socket_dir,
                "-p",
                str(PORT),
                "-U",
                ROLE,
            ],
            env=ENVIRONMENT,
            check=False,
        )
        return answer.returncode == 0

    def _make_cluster(self, folder: Path) -> None:
        """Make it under another name, so that one half made by a killed start is never used."""
        self.account.require_name()
        unfinished = folder.with_name("postgres.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        self.account.make_private(unfinished)
        with self.account.reaching(unfinished) as (name, descriptors):
            self._run([self.programs.initdb, "-D", name, *INITDB], descriptors)
            alone = [self.programs.postgres, "--single", "-D", name, "postgres"]
            self._run(alone, descriptors, f"CREATE DATABASE {DATABASE};\n")
        unfinished.rename(folder)

    def _check_major(self, folder: Path) -> None:
        made_by = (folder / "PG_VERSION").read_text(encoding="ascii").strip()
        if made_by != str(self.programs.major):
            raise StartError(
                f"{folder} was made by PostgreSQL {made_by}; installed is {self.programs.major}: "
                f"name the programs of {made_by} by PG_BIN, or choose another DATA_DIR."
            )

    def _command(self, arguments: list[str], descriptors: tuple[int, ...]) -> Command:
        return Command(
            arguments=arguments,
            last_will=self.stop_signal,
            environment=ENVIRONMENT,
            account=self.account,
            descriptors=descriptors,
            log=self.log,
        )

    def _run(self, arguments: list[str], descriptors: tuple[int, ...], text: str = "") -> None:
        process = spawn(self._command(arguments, descriptors), feed=text)
        if process.wait() != 0:
            raise StartError(f"The database could not be made: see the end of {self.log}.")
