"""Whose the files of a data folder are: a restored one may have come with other owners."""

import os
import pwd
from collections.abc import Iterator
from pathlib import Path

from project.embedded.account import Account
from project.embedded.errors import StartError
from project.embedded.layout import Layout


def require_owners(place: Layout, account: Account) -> None:
    """Raises StartError when the servers or we could not work with what is there."""
    for folder in _servers_folders(place):
        if (stranger := _not_of(account.uid, folder)) is not None:
            raise StartError(_sentence(stranger, account, folder if account.lowered else place))
    for path in _our_own(place):
        needed = os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0)
        if not os.access(path, needed):
            raise StartError(_sentence(path, account, place))


def _servers_folders(place: Layout) -> list[Path]:
    """Those that are used: a server that the environment names keeps its data elsewhere."""
    folders = {"DATABASE_URL": place.postgres_dir, "BROKER_URL": place.valkey_dir}
    return [folder for variable, folder in folders.items() if not os.environ.get(variable)]


def _not_of(uid: int, folder: Path) -> Path | None:
    """The folder, or the first path in it, that belongs to another user."""
    try:
        if not any(folder.iterdir()):
            return None  # just made: the start that made it was interrupted
    except FileNotFoundError:
        return None
    except OSError:
        return folder
    for path in (folder, *_all_in(folder)):
        if path.name == "postmaster.pid":  # of a dead server: it is removed before the start
            continue
        try:
            if path.lstat().st_uid != uid:
                return path
        except FileNotFoundError:  # a running server of this folder has removed it
            continue
    return None


def _all_in(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        yield from (Path(parent, name) for name in (*folders, *files))


def _our_own(place: Layout) -> Iterator[Path]:
    """What web and worker read and change. Release files are read-only; their folders are not."""
    for pattern in ("secret_key", "demo.json", "files", "log", "log/*", "*.lock", "schedule-*"):
        yield from place.data_dir.glob(pattern)
    for parent, folders, _ in os.walk(place.data_dir / "files"):
        yield from (Path(parent, name) for name in folders)


def _sentence(path: Path, account: Account, of: Layout | Path) -> str:
    folder = of if isinstance(of, Path) else of.data_dir
    user = _name(account.uid)
    return (
        f"{path} belongs to the user {_name(path.lstat().st_uid)}, and {user} must own it: "
        f"run “chown -R {user}: {folder}” as root, or choose another DATA_DIR."
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
