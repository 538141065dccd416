"""Who the servers run as.

PostgreSQL refuses to run as root. Root therefore starts both servers as `nobody`, who often cannot
reach the data: a checkout in root's home or in a private temporary folder. Opening up those parents
would expose them to everybody, so the servers get their folder as an open descriptor instead and
reach it by /proc/self/fd, which needs no permission on the way.
"""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from project.embedded.errors import StartError


@dataclass(frozen=True)
class Account:
    """The user a server runs as; `lowered` when that is not who started it."""

    uid: int
    gid: int
    lowered: bool

    def make_private(self, folder: Path) -> None:
        """Make the folder, or accept it if it already is this account's own.

        Raises StartError for one that somebody else has made in its place.
        """
        folder.mkdir(mode=0o700, exist_ok=True)
        owner = folder.lstat().st_uid
        if self.lowered and owner == os.getuid():
            os.chown(folder, self.uid, self.gid, follow_symlinks=False)
        elif owner != self.uid or folder.is_symlink():
            raise StartError(f"{folder} is somebody else's: remove it or choose another DATA_DIR.")
        folder.chmod(0o700)

    def require_name(self) -> None:
        """Raises StartError for a bare number, as containers give; PostgreSQL wants a name."""
        try:
            pwd.getpwuid(self.uid)
        except KeyError as error:
            raise StartError(
                f"User {self.uid} has no name here, and PostgreSQL wants one: "
                "start as a user with a name, or name a running server by DATABASE_URL."
            ) from error

    @contextmanager
    def reaching(self, folder: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The folder's name for this account, and the descriptors a child needs to follow it."""
        if not self.lowered:
            yield str(folder), ()
            return
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            yield f"/proc/self/fd/{descriptor}", (descriptor,)
        finally:
            os.close(descriptor)


def server_account() -> Account:
    """The person's own account, or `nobody` for root."""
    if os.getuid() != 0:
        return Account(uid=os.getuid(), gid=os.getgid(), lowered=False)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise StartError(
            "There is no user 'nobody' for the servers to run as: start as an ordinary user."
        ) from error
    return Account(uid=nobody.pw_uid, gid=nobody.pw_gid, lowered=True)
