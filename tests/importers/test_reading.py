"""Reading files and pasted text: what comes out, and what is refused in which words."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotations.importers import Unreadable, read, read_pasted
from annotations.importers.checks import BINARIES, CONTROL, INVISIBLE, check_filled

LIMIT = 1_000_000


def filled(text: str) -> bool:
    try:
        check_filled(text, "empty")
    except Unreadable:
        return False
    return True


def text_or_sentence(data: bytes, filename: str, encoding: str) -> str:
    try:
        return read(data, filename=filename, encoding=encoding, limit=LIMIT).text
    except Unreadable as error:
        return str(error)


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r")
    | st.sampled_from("👩‍👩‍👧e\u0301ğü„“\n\t")
).filter(lambda t: filled(t) and not CONTROL.search(t) and not t.startswith("\ufeff"))


def test_a_text_file_comes_out_as_it_is() -> None:
    data = "„Evet“, said Erdoğan.\n\n  • one\n".encode()

    imported = read(data, filename="statement.txt", limit=LIMIT)

    assert imported.text.encode() == data
    assert (imported.importer, imported.version) == ("plain", "1")
    assert imported.metadata == {}
    assert imported.warnings == ()


@settings(deadline=None)
@given(TEXTS)
def test_any_text_survives_the_way_through_utf_8(text: str) -> None:
    assert read(text.encode(), filename="a.txt", limit=LIMIT).text == text
    assert read_pasted(text, limit=LIMIT).text == text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "gb18030", "utf-8-sig"])
@settings(deadline=None)
@given(text=TEXTS)
def test_any_text_survives_the_way_through_a_given_encoding(encoding: str, text: str) -> None:
    data = text.encode(encoding)
    if any(data.startswith(magic) for magic, _ in BINARIES):
        return

    assert read(data, filename="a.txt", encoding=encoding, limit=LIMIT).text == text


@pytest.mark.parametrize("filename", ["a.txt", "a.html", "A.HTM"])
@settings(deadline=None, max_examples=200)
@given(data=st.binary(max_size=400) | TEXTS.map(str.encode), encoding=st.text(max_size=8))
@example(data=b"<p>&#0;&#xD800;\r", encoding="")
@example(data=b"<?xml version='1.0' encoding='x", encoding="")
@example(data=b"<meta charset=idna><p>x", encoding="")
@example(data=b"a", encoding="\x00")
@example(data=b"\\ud800", encoding="unicode_escape")
def test_any_bytes_give_a_text_that_can_be_stored_or_a_sentence(
    filename: str, data: bytes, encoding: str
) -> None:
    for name in ("", "latin-1", encoding):
        outcome = text_or_sentence(data, filename, name)

        assert outcome.encode()
        assert not {"\x00", "\r"} & set(outcome)


def test_line_endings_are_unified_and_the_editor_is_told() -> None:
    imported = read(b"one\r\ntwo\rthree", filename="a.txt", limit=LIMIT)

    assert imported.text == "one\ntwo\nthree"
    assert imported.warnings == (
        "The line endings were unified; nothing else of the text was changed.",
    )


def test_pasted_line_endings_are_unified_without_a_word_as_every_form_sends_crlf() -> None:
    imported = read_pasted("one\r\ntwo", limit=LIMIT)

    assert (imported.text, imported.warnings, imported.importer) == ("one\ntwo", (), "pasted")


@pytest.mark.parametrize("filename", ["report.docx", "report", "", "txt", ".txt", "a.txt.exe"])
def test_another_format_is_refused_and_the_known_ones_are_named(filename: str) -> None:
    with pytest.raises(Unreadable, match=r"\.txt, \.html and \.htm"):
        read(b"text", filename=filename, limit=LIMIT)


@pytest.mark.parametrize(
    "data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf", "\u00a0\u200b\u2028".encode()]
)
def test_a_file_without_a_visible_character_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable, match="contains no text"):
        read(data, filename="a.txt", limit=LIMIT)


def test_an_empty_paste_is_refused() -> None:
    with pytest.raises(Unreadable, match="paste some"):
        read_pasted(" \r\n ", limit=LIMIT)


def test_the_limit_counts_bytes_and_is_told_in_mb() -> None:
    data = "ğ".encode() * 1_000

    assert len(read(data, filename="a.txt", limit=2_000).text) == 1_000
    with pytest.raises(Unreadable, match=r"The file is larger than 0\.001999 MB"):
        read(data, filename="a.txt", limit=1_999)
    with pytest.raises(Unreadable, match=r"The text is larger than 0\.001999 MB"):
        read_pasted(data.decode(), limit=1_999)


def test_the_default_limit_reads_as_20_mb() -> None:
    with pytest.raises(Unreadable, match="larger than 20 MB"):
        read(bytes(20_000_001), filename="a.txt", limit=20_000_000)


@pytest.mark.parametrize(("magic", "name"), BINARIES)
@pytest.mark.parametrize("filename", ["a.txt", "a.html"])
def test_a_binary_with_the_name_of_a_text_is_called_what_it_is(
    magic: bytes, name: str, filename: str
) -> None:
    with pytest.raises(Unreadable, match=f"This file is {name}"):
        read(magic + b" and more", filename=filename, limit=LIMIT)


@pytest.mark.parametrize("filename", ["a.txt", "a.html"])
def test_a_nul_is_refused_with_its_position(filename: str) -> None:
    with pytest.raises(Unreadable, match="NUL character at position 3"):
        read(b"abc\x00def", filename=filename, limit=LIMIT)


def test_a_pasted_nul_is_refused() -> None:
    with pytest.raises(Unreadable, match="NUL character at position 1"):
        read_pasted("a\x00b", limit=LIMIT)


def test_half_a_character_in_a_paste_is_refused() -> None:
    with pytest.raises(Unreadable, match="lone surrogate\\) stands at position 2"):
        read_pasted("ab\ud83dc", limit=LIMIT)


def test_many_control_characters_mean_a_binary() -> None:
    with pytest.raises(Unreadable, match="20 of the 40 characters are control characters"):
        read(b"\x01a" * 20, filename="a.txt", limit=LIMIT)


def test_no_visible_category_counts_as_nothing() -> None:
    assert {"Cc", "Cf", "Zs", "Zl", "Zp"} == INVISIBLE
    assert read("😀".encode(), filename="a.txt", limit=LIMIT).text == "😀"
