"""Where the embedded servers keep their files, and the addresses that follow from it.

Every process works these out from DATA_DIR alone, so a worker or a test finds the servers that
another process started, whatever else is in its environment.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parent.parent.parent
ROLE = "imprimatur"  # owns the cluster and its tables
APPLICATION_ROLE = "imprimatur_app"  # as which the product works
DATABASE = "imprimatur"
PORT = 5432  # only names the socket file; nothing listens on the network


@dataclass(frozen=True)
class Layout:
    data_dir: Path
    socket_dir: Path

    @property
    def postgres_dir(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def valkey_dir(self) -> Path:
        return self.data_dir / "valkey"

    @property
    def log_dir(self) -> Path:
        return self.data_dir / "log"

    @property
    def valkey_socket(self) -> Path:
        return self.socket_dir / "valkey.sock"

    def lock_file(self, name: str) -> Path:
        """The file whose lock says who keeps that server running."""
        return self.data_dir / f"{name}.lock"


def layout(data_dir: str | Path | None = None) -> Layout:
    """The layout of this folder, else of DATA_DIR, else of `var/` in the checkout.

    A socket's path may have 107 bytes (103 on macOS) and a checkout can lie deeper than that, so
    the sockets get a short folder of their own, named after the user and the data's place.
    """
    chosen = Path(data_dir or os.environ.get("DATA_DIR") or CHECKOUT / "var").resolve()
    name = hashlib.sha256(os.fsencode(chosen)).hexdigest()[:12]
    socket_dir = Path(f"/tmp/imprimatur-{os.getuid()}-{name}")  # noqa: S108 - its owner is checked
    return Layout(data_dir=chosen, socket_dir=socket_dir)


def database_url(place: Layout) -> str:
    """The embedded database's URL for its owner; it names the port against a PGPORT."""
    return _url(place, ROLE)


def application_url(place: Layout) -> str:
    """The embedded database's URL for the product."""
    return _url(place, APPLICATION_ROLE)


def owner_url(environment: Mapping[str, str], place: Layout) -> str:
    """For who migrates; empty when the environment names a database and no owner of its tables."""
    if environment.get("DATABASE_URL"):
        return environment.get("DATABASE_OWNER_URL", "")
    return database_url(place)


def _url(place: Layout, role: str) -> str:
    return f"postgresql://{role}@{quote(str(place.socket_dir), safe='')}:{PORT}/{DATABASE}"


def broker_url(place: Layout) -> str:
    return f"redis+socket://{place.valkey_socket}"
