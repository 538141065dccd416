from __future__ import annotations

import pytest

from annotations.importers.warnings import warnings_about


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("caf\ufffd", "The text holds 1 replacement character (U+FFFD): letters were lost"),
        ("\ufffd" * 1_200, "The text holds 1,200 replacement characters (U+FFFD)"),
        ("a\x07b\x85c", "The text holds 2 control characters, which cannot be seen."),
        ("co\u00adoperation\u200b", "The text holds 2 invisible characters (soft hyphens"),
        ("Turkey`s and Armenia´s", "An accent (` or ´) stands for an apostrophe in 2 places."),
        ('„Evet“ and "no"', "The text mixes quotation marks: straight and German ones."),
        (
            '"a" “b” „c“ «d»',
            "The text mixes quotation marks: straight, English, German and French ones.",
        ),
    ],
)
def test_what_may_spoil_a_text_is_told(text: str, warning: str) -> None:
    assert [each for each in warnings_about(text) if each.startswith(warning)]


@pytest.mark.parametrize(
    "text",
    ["Plain.", "„Evet“, „hayır“", "“Yes,” he said", "«oui»", "👩‍👩‍👧", "`code`", "a\tb\fc\n"],
)
def test_an_ordinary_text_gives_no_warning(text: str) -> None:
    assert list(warnings_about(text)) == []
