"""Make `.venv` in the checkout and install a lock file into it, when that is not already done.

Runs on any Python 3.11 with the standard library alone. pip comes from the wheel beside this file,
so it makes no difference whether the system's Python has ensurepip.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


def main(lock_name: str) -> int:
    try:
        descriptor = os.open(ROOT, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # two first starts at once take turns
        install(ROOT / lock_name)
    except OSError as error:
        return fail(
            f"Cannot set up {VENV} ({error.strerror}): put the checkout where you may write."
        )
    except subprocess.CalledProcessError:
        return fail("The dependencies could not be installed: see above, then try again.")
    return 0


def install(lock: Path) -> None:
    """Install the lock's packages by their hashes, unless this very lock was installed before."""
    stamp = VENV / f"installed-{lock.name}"
    if works() and stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    if not works():
        if VENV.exists():
            shutil.rmtree(VENV)
        venv.create(VENV, symlinks=True)
    sys.stderr.write("Installing the locked dependencies into .venv (only when they change)…\n")
    pip = next((ROOT / "bin").glob("pip-*.whl")) / "pip"
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"]
    subprocess.run(
        [sys.executable, pip, "--python", PYTHON, "install", *options, "-r", lock],
        check=True,
        env=environment(),
        stdout=sys.stderr,
    )
    stamp.write_bytes(lock.read_bytes())


def environment() -> dict[str, str]:
    """pip's environment: it wants a home, which an account without a name does not have."""
    try:
        Path.home()
    except RuntimeError:
        return {**os.environ, "HOME": str(VENV), "PIP_NO_CACHE_DIR": "1"}
    return dict(os.environ)


def works() -> bool:
    """Whether the environment's own Python still runs; it may have been removed or replaced."""
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.call([PYTHON, "-c", check], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def fail(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
