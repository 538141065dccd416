"""The embedded Valkey, Celery's broker."""

import os
import signal
import socket
import subprocess

from project.embedded.account import Account
from project.embedded.binaries import valkey_program
from project.embedded.layout import Layout
from project.embedded.occupants import evict
from project.embedded.processes import Command, spawn

# The append-only file reaches the disk once a second, so a crash may lose the last one or two
# seconds of messages. That is enough: the Job row is the record, and the sweeper sends again what
# the broker forgot.
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "maxmemory-policy": "noeviction",
    "databases": "2",
    "loglevel": "warning",
}


class Valkey:
    """One broker whose data is in the layout's folder."""

    name = "Valkey"
    stop_signal = signal.SIGTERM
    patience = 10.0

    def __init__(self, place: Layout, account: Account) -> None:
        self.place = place
        self.account = account
        self.lock_file = place.lock_file("valkey")
        self.log = place.log_dir / "valkey.log"

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the server. The caller holds the lock."""
        folder = self.place.valkey_dir
        self.account.make_private(folder)
        self.account.make_private(self.place.socket_dir)
        evict(folder, self.stop_signal)
        with self.account.reaching(folder) as (name, descriptors):
            arguments = [valkey_program(self.account)]
            settings = {**SETTINGS, "dir": name, "unixsocket": str(self.place.valkey_socket)}
            for setting, value in settings.items():
                arguments += [f"--{setting}", value]
            return spawn(
                Command(
                    arguments=arguments,
                    last_will=self.stop_signal,
                    environment={"PATH": os.defpath, "LC_ALL": "C"},
                    account=self.account,
                    descriptors=descriptors,
                    log=self.log,
                )
            )

    def is_ready(self) -> bool:
        """Whether it answers PING; while it loads its file it says so instead."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(3)
            try:
                connection.connect(str(self.place.valkey_socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False
