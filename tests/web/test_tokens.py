"""Contrast of the colours (WCAG 2.2, §1.4.3 and §1.4.11), light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

PAIR = re.compile(r"--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\)")
GROUNDS = ["paper", "surface", "sunken"]
KINDS = ["claim", "entity", "quote", "flag"]
TEXT = ["ink", "ink-soft", "accent", "danger", "ok", "warn", *KINDS]
ON = [
    *((text, ground) for text in TEXT for ground in GROUNDS),
    *(("ink", f"{kind}-wash") for kind in KINDS),
    *(("ink", f"{each}-wash") for each in ("accent", "danger", "ok")),
    ("accent-ink", "accent"),
    ("danger", "danger-wash"),
    ("ok", "ok-wash"),
]
EDGES = [(edge, ground) for edge in ("edge", "focus") for ground in GROUNDS]


def tokens(theme: str) -> dict[str, str]:
    path = finders.find("annotations/css/tokens.css")
    assert isinstance(path, str)
    css = Path(path).read_text(encoding="utf-8")
    return {name: light if theme == "light" else dark for name, light, dark in PAIR.findall(css)}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), ON)
def test_text_has_four_and_a_half_times_the_light_of_its_ground(
    theme: str, text: str, ground: str
) -> None:
    colours = tokens(theme)

    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_and_focus_can_be_seen(theme: str, edge: str, ground: str) -> None:
    colours = tokens(theme)

    assert contrast(colours[edge], colours[ground]) >= 3
