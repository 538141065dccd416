"""What the styles of the text must not do, so that WebKit does not lay all of it out again."""

from __future__ import annotations

import re

import pytest

from project.packing import STATIC, pack

FONT = re.compile(r"(?:^|[;\s])(font[\w-]*|line-height|letter-spacing|word-spacing)\s*:")
RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")


def subjects(selectors: str) -> list[str]:
    """What each of the selectors is about: its last part, without what stands before."""
    bare = re.sub(r"/\*.*?\*/", "", selectors, flags=re.DOTALL)
    return [re.split(r"[\s>~+]+", each.strip())[-1] for each in bare.split(",")]


def test_the_font_of_the_text_is_not_set_on_what_takes_the_focus() -> None:
    sheet = pack(STATIC / "annotations/surface/surface.css")
    rules = RULE.findall(sheet)
    of_the_text = [body for about, body in rules if ".surface-text" in "".join(subjects(about))]
    around_it = [body for about, body in rules if ".surface-type" in subjects(about)]

    assert of_the_text
    assert [found for body in of_the_text for found in FONT.findall(body)] == []
    assert any(FONT.search(body) for body in around_it)


@pytest.mark.parametrize("name", [".inspector", ".surface-type", ".surface-text"])
def test_no_style_of_inspector_and_text_depends_on_whether_it_holds_something(name: str) -> None:
    sheet = pack(STATIC / "annotations/surface/surface.css")
    about_it = [each for each, _ in RULE.findall(sheet) if name in each]

    assert about_it
    assert [each for each in about_it if ":has(" in each] == []
