"""The scripts' set-up on bare machines, tried in a small checkout without dependencies."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from project.embedded.layout import CHECKOUT

SHOW = "import os, sys; print(sys.prefix, os.environ['DATA_DIR'], os.getcwd(), sep='\\n')\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "a checkout"
    (root / "project").mkdir(parents=True)
    shutil.copytree(CHECKOUT / "bin", root / "bin", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "project" / "launch.py").write_text(SHOW)
    (root / "requirements.lock").write_text("# nothing\n")
    return root


@pytest.fixture
def pythons(tmp_path: Path) -> Path:
    """A folder for PATH with the shell's tools and, by default, this very Python as python3."""
    folder = tmp_path / "path"
    folder.mkdir()
    for tool in ("sh", "dirname"):
        found = shutil.which(tool)
        assert found
        (folder / tool).symlink_to(found)
    place(folder / "python3", f'exec "{os.path.realpath(sys.executable)}" "$@"')
    return folder


def place(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def run(
    checkout: Path, path: Path, *, cwd: Path | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", checkout / "bin" / "run"],
        cwd=cwd or "/",
        env={"PATH": str(path), **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_runs_from_anywhere_with_an_empty_environment(checkout, pythons):
    ended = run(checkout, pythons)

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == [
        str(checkout / ".venv"),
        str(checkout / "var"),
        str(checkout),
    ]


def test_it_runs_by_its_bare_name_in_its_own_folder(checkout, pythons):
    ended = subprocess.run(
        ["/bin/sh", "run"],
        cwd=checkout / "bin",
        env={"PATH": str(pythons)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr


def test_a_relative_data_folder_is_taken_from_where_the_person_is(checkout, pythons, tmp_path):
    ended = run(checkout, pythons, cwd=tmp_path, DATA_DIR="mine")

    assert ended.stdout.splitlines()[1] == str(tmp_path / "mine")


def test_dependencies_are_installed_once_and_again_when_the_lock_changes(checkout, pythons):
    first = run(checkout, pythons)
    second = run(checkout, pythons)
    (checkout / "requirements.lock").write_text("# still nothing\n")
    third = run(checkout, pythons)

    assert ["Installing" in ended.stderr for ended in (first, second, third)] == [True, False, True]


def test_what_a_killed_first_start_left_is_made_anew(checkout, pythons):
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to("/nowhere/python")
    (checkout / ".venv" / "installed-requirements.lock").write_text("# nothing\n")

    ended = run(checkout, pythons)

    assert ended.returncode == 0, ended.stderr
    assert "Installing" in ended.stderr


def test_a_python_that_exists_but_does_not_run_is_passed_over(checkout, pythons):
    place(pythons / "python3.14", "echo 'python3.14: command not found' >&2; exit 127")
    place(pythons / "python3.13", "exit 1")

    ended = run(checkout, pythons)

    assert ended.returncode == 0, ended.stderr
    assert "command not found" not in ended.stderr


def test_the_newest_python_is_taken(checkout, pythons, tmp_path):
    mark = tmp_path / "chosen"
    real = (pythons / "python3").read_text().splitlines()[1]
    place(pythons / "python3.12", f"echo 3.12 > '{mark}'; {real}")
    place(pythons / "python3.11", f"echo 3.11 > '{mark}'; {real}")

    run(checkout, pythons)

    assert mark.read_text() == "3.12\n"


@pytest.mark.parametrize("script", ["exit 1", None], ids=["too old", "none"])
def test_without_a_new_enough_python_one_sentence_says_so(checkout, pythons, script):
    (pythons / "python3").unlink()
    if script:
        place(pythons / "python3", script)

    ended = run(checkout, pythons)

    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "Python 3.11 or newer" in ended.stderr
    assert not (checkout / ".venv").exists()


def test_a_package_with_another_hash_is_refused(checkout, pythons):
    wheel = next((checkout / "bin").glob("pip-*.whl"))
    (checkout / "requirements.lock").write_text(
        f"pip @ {wheel.as_uri()} --hash=sha256:{'0' * 64}\n"
    )

    ended = run(checkout, pythons)

    assert ended.returncode == 1
    assert "could not be installed" in ended.stderr.splitlines()[-1]
    assert ended.stdout == ""


def test_a_checkout_that_cannot_be_written_gets_one_sentence(checkout, pythons):
    (checkout / ".venv").write_text("a file where the folder should be")

    ended = run(checkout, pythons)

    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "put the checkout where you may write" in ended.stderr


@pytest.mark.parametrize("script", ["run", "test", "check", "bench"])
def test_every_script_is_executable_plain_shell(script):
    path = CHECKOUT / "bin" / script

    assert os.access(path, os.X_OK)
    assert path.read_text().startswith("#!/bin/sh\n")
    subprocess.run(["/bin/sh", "-n", path], check=True)
