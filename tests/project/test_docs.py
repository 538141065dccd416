"""The documentation says what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import resolve

from project.embedded.layout import CHECKOUT

PAGES = sorted(
    [*CHECKOUT.glob("*.md"), *CHECKOUT.glob("docs/**/*.md")], key=lambda page: page.as_posix()
)
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
READ = re.compile(r"environ(?:\.get|\.setdefault)?[\[(]\s*\"(?P<name>[A-Z_]+)\"")
CALL = re.compile(r"\"(?:\$api|(?:\$site|http://127\.0\.0\.1:8000)/api/v1)(?P<path>/[^\"?]*)")
OURS_ALONE = {"DJANGO_SETTINGS_MODULE", "EMBEDDED_THROWAWAY"}  # set by the programs themselves
LEFTOVERS = re.compile(r"\b(TODO|FIXME|TBD|XXX|lorem ipsum)\b|/root/", re.I)


def name_of(document: Path) -> str:
    return document.relative_to(CHECKOUT).as_posix()


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_every_link_leads_somewhere(document: Path) -> None:
    targets = [match["target"] for match in LINK.finditer(document.read_text(encoding="utf-8"))]

    files = [target.split("#")[0] for target in targets if not target.startswith("https://")]

    assert [file for file in files if file and not (document.parent / file).exists()] == []


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_nothing_is_left_to_be_written(document: Path) -> None:
    assert LEFTOVERS.findall(document.read_text(encoding="utf-8")) == []


def test_the_readme_names_the_two_commands_first() -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")

    commands = re.findall(r"^    (\./bin/\w+)$", readme, re.MULTILINE)

    assert commands == ["./bin/run", "./bin/test"]


@pytest.mark.parametrize(
    "document", [CHECKOUT / "CONTRIBUTING.md", CHECKOUT / "README.md"], ids=name_of
)
def test_every_script_that_is_named_exists(document: Path) -> None:
    scripts = re.findall(r"\./(bin/\w+)", document.read_text(encoding="utf-8"))

    assert scripts
    assert all((CHECKOUT / script).is_file() for script in scripts)


def test_the_files_of_the_twelve_common_changes_are_there() -> None:
    contributing = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    part = contributing.partition("## Twelve common changes")[2].partition("\n## ")[0]
    rows = [row for row in part.splitlines() if row.startswith("| A")]
    named = set(re.findall(r"`([\w./-]+/[\w./-]*|\w+\.py)`", part)) - {"annotations/"}

    found = {
        path
        for path in named
        for root in (
            CHECKOUT,
            CHECKOUT / "annotations",
            CHECKOUT / "annotations/static/annotations/surface",
        )
        if (root / path).exists()
    }

    assert len(rows) == 12
    assert len(named) > 30
    assert named - found == set()


def test_the_architecture_names_what_is_there() -> None:
    text = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
    folders = [
        CHECKOUT / name for name in ("annotations", "project", "tests", "benchmarks", "docs")
    ]
    files = [path for folder in folders for path in folder.rglob("*.*")]
    named = re.findall(r"`([\w./-]*[\w-]+\.(?:py|js|sql|md|toml))(?:: (\w+))?`", text)

    missing = [
        f"{path}: {symbol}"
        for path, symbol in named
        if not any(
            f"/{file.as_posix()}".endswith(f"/{path}")
            and re.search(rf"\b{symbol}\b", file.read_text(encoding="utf-8"))
            for file in [*files, CHECKOUT / path]
            if file.name == path.rpartition("/")[2] and file.is_file()
        )
    ]

    assert len(named) > 100
    assert missing == []


def test_every_variable_that_the_code_reads_is_explained() -> None:
    code = [*CHECKOUT.glob("project/**/*.py"), *CHECKOUT.glob("annotations/**/*.py")]
    read = {match["name"] for file in code for match in READ.finditer(file.read_text())}
    operations = (CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]*) \|", operations, re.MULTILINE)

    explained = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}

    assert {"SECRET_KEY", "TRUSTED_PROXIES"} <= read
    assert read - OURS_ALONE <= explained


@pytest.mark.parametrize(
    "document",
    [
        CHECKOUT / "README.md",
        *(CHECKOUT / "docs" / "api" / name for name in ("guide.md", "quick-start.md")),
    ],
    ids=name_of,
)
def test_every_example_calls_an_address_that_exists(document: Path) -> None:
    an_id = "01890000-0000-7000-8000-000000000000"
    text = re.sub(r"\$\(demo desk\)|\$desk", "caucasus", document.read_text(encoding="utf-8"))
    text = re.sub(r"\$(id|source|record)\b", an_id, text)

    called = {match["path"] for match in CALL.finditer(text)}

    assert called
    assert all(resolve(f"/api/v1{path}") for path in called)


def test_every_promise_in_the_architecture_is_one_that_the_code_names() -> None:
    architecture = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = architecture.split("## What always holds")[1].split("\n## ")[0]
    promised = {
        name
        for rules in re.findall(r"database: ([^|;]*)", table)
        for name in re.findall(r"`(\w+)`", rules)
    }
    code = "\n".join(file.read_text() for file in CHECKOUT.glob("annotations/m*/*.py"))

    assert len(promised) > 20
    assert {name for name in promised if name not in code} == set()


def test_every_rule_of_the_database_is_in_the_architecture() -> None:
    architecture = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
    migrations = "\n".join(
        file.read_text() for file in CHECKOUT.glob("annotations/migrations/*.py")
    )

    rules = set(re.findall(r"imprimatur_(?:refuse|immutable)\('(\w+)'", migrations))

    assert len(rules) > 20
    assert {rule for rule in rules if rule not in architecture} == set()
