"""Packs say what their modules and style sheets say, or refuse."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from project import packing
from project.packing import PACKS, PackingError, pack


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(packing, "STATIC", tmp_path)
    return tmp_path


def test_a_module_comes_once_and_before_those_that_import_it(folder: Path) -> None:
    (folder / "a.js").write_text(
        'import { one } from "./one.js";\nimport { b } from "./b.js";\nb(one);\n'
    )
    (folder / "b.js").write_text(
        'import { one as first } from "./one.js";\nexport function b() { return first; }\n'
    )
    (folder / "one.js").write_text("export const one = 1;\n")

    packed = pack(folder / "a.js")

    assert packed.count("const one = 1;") == 1
    assert packed.index("const $one_js") < packed.index("const $b_js") < packed.index("const $a_js")
    assert "const { one: first } = $one_js;" in packed
    assert "return { b };" in packed
    assert "export" not in packed
    assert "import" not in packed


def test_comments_stay_behind_and_nothing_else_does(folder: Path) -> None:
    (folder / "a.js").write_text(
        "/** What it\n * does. */\n// A line.\n"
        'const a = "x; // y"; // units\nconst b = `\n/*c*/`;\n'
    )
    (folder / "a.css").write_text("/* What\nit is */\na { color: red; } /* why */\n")

    assert 'const a = "x; // y";\nconst b = `\n/*c*/`;' in pack(folder / "a.js")
    assert pack(folder / "a.css") == "a { color: red; } "


def test_names_that_a_module_keeps_to_itself_stay_its_own(folder: Path) -> None:
    (folder / "a.js").write_text('import "./b.js";\nconst PAUSE = 1;\n')
    (folder / "b.js").write_text("const PAUSE = 2;\n")

    assert pack(folder / "a.js").count("(() => {") == 2


@pytest.mark.parametrize(
    "line",
    [
        "export default 1;",
        "export let a = 1;",
        'export * from "./b.js";',
        'import b from "./b.js";',
        'import * as b from "./b.js";',
        'import { b } from "elsewhere";',
        "await b();",
    ],
)
def test_what_would_lose_its_meaning_is_refused(folder: Path, line: str) -> None:
    (folder / "a.js").write_text(f"{line}\n")

    with pytest.raises(PackingError, match=r"a\.js"):
        pack(folder / "a.js")


@pytest.mark.parametrize(
    ("suffix", "line"), [("js", 'import {{ b }} from "./{}";'), ("css", '@import "./{}";')]
)
def test_files_that_import_each_other_are_refused(folder: Path, suffix: str, line: str) -> None:
    (folder / f"a.{suffix}").write_text(line.format(f"b.{suffix}") + "\n")
    (folder / f"b.{suffix}").write_text(line.format(f"a.{suffix}") + "\n")

    with pytest.raises(PackingError, match="import each other"):
        pack(folder / f"a.{suffix}")


def test_a_style_sheet_stands_where_it_was_imported(folder: Path) -> None:
    (folder / "a.css").write_text('@import "./b.css";\n.a {}\n')
    (folder / "b.css").write_text(".b {}\n")

    assert pack(folder / "a.css").split() == [".b", "{}", ".a", "{}"]


def test_a_style_sheet_that_points_beside_itself_is_refused(folder: Path) -> None:
    (folder / "a.css").write_text(".a { background: url(a.png) }\n")

    with pytest.raises(PackingError):
        pack(folder / "a.css")


@pytest.mark.parametrize("path", PACKS)
def test_every_pack_is_found_with_its_gzip_beside_it(path: str) -> None:
    found = finders.find(path)

    assert found is not None
    assert gzip.decompress(Path(f"{found}.gz").read_bytes()) == Path(found).read_bytes()


def test_a_pack_follows_a_change_of_what_it_is_made_of(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.css").write_text(".old {}\n")
    monkeypatch.setattr(packing, "PACKS", {"packed.css": "a.css"})
    assert ".old" in Path(packing.PackFinder().find("packed.css")).read_text()

    (folder / "a.css").write_text(".new {}\n")

    assert ".new" in Path(packing.PackFinder().find("packed.css")).read_text()
