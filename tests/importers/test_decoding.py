from __future__ import annotations

import pytest

from annotations.importers.decoding import decode, known
from annotations.importers.imported import Unreadable


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(encoding: str) -> None:
    assert decode("Erdoğan 😀".encode(encoding)).removeprefix("\ufeff") == "Erdoğan 😀"


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-be"])
def test_a_big_endian_byte_order_mark_tells_the_encoding(encoding: str) -> None:
    assert decode("\ufeffErdoğan".encode(encoding)) == "\ufeffErdoğan"


def test_without_a_mark_bytes_are_utf_8() -> None:
    assert decode("Erdoğan".encode()) == "Erdoğan"


def test_the_given_encoding_goes_before_all_else() -> None:
    assert decode("Erdoğan".encode("iso8859-9"), encoding="windows-1254") == "Erdoğan"
    assert decode(b"\xef\xbb\xbfa", encoding="latin-1") == "ï»¿a"


def test_bytes_that_do_not_fit_are_named_with_their_position_and_a_way_out() -> None:
    with pytest.raises(Unreadable) as refusal:
        decode(b"x" * 1_234 + b"\xfc")

    assert str(refusal.value) == (
        "Byte 1,234 (0xFC) is not valid in the encoding utf-8. Choose the encoding that the file "
        "was written in, for instance windows-1252, or save the file as UTF-8."
    )


def test_the_position_counts_the_byte_order_mark_too() -> None:
    with pytest.raises(Unreadable, match=r"Byte 4 \(0xFF\)"):
        decode(b"\xef\xbb\xbfa\xff")


def test_an_encoding_is_called_what_its_users_call_it() -> None:
    with pytest.raises(Unreadable, match="encoding windows-1252"):
        decode(b"\x81", encoding="cp1252")


@pytest.mark.parametrize(
    "encoding",
    ["klingon", "base64", "rot13", "unicode_escape", "idna", "punycode", "utf-7", "\x00", "ü" * 99],
)
def test_what_is_no_encoding_of_documents_is_refused(encoding: str) -> None:
    with pytest.raises(Unreadable, match="is not an encoding that can be read"):
        known(encoding)


@pytest.mark.parametrize("encoding", ["UTF8", " latin1 ", "Windows-1254", "ISO-8859-9", "SJIS"])
def test_encodings_are_known_by_their_usual_names(encoding: str) -> None:
    assert known(encoding)
