"""From bytes to characters: which encoding, and what to say when it does not fit."""

from __future__ import annotations

import codecs

from annotations.importers.imported import Unreadable, quoted

# The longer marks first: the mark of UTF-32-LE begins with that of UTF-16-LE.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Python's codecs include escapes, domain names and others that are no encodings of documents.
ENCODINGS = frozenset(
    codecs.lookup(name).name
    for name in (
        *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"),
        *("utf-32-be", "ascii", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "tis-620"),
        *(f"iso8859-{part}" for part in range(1, 17) if part != 12),
        *(f"cp{page}" for page in (437, 850, 852, 857, 866, 874, *range(1250, 1259))),
        *("big5", "big5hkscs", "gb2312", "gbk", "gb18030", "euc-kr", "cp949"),
        *("euc-jp", "iso2022-jp", "shift-jis", "cp932"),
    )
)


def decode(data: bytes, *, encoding: str = "") -> str:
    """The characters of the bytes: by the given encoding, else by the byte order mark, else UTF-8.

    Nothing is guessed and nothing is replaced. Raises Unreadable for an encoding that is not known
    and for bytes that do not fit it. A byte order mark stays, as U+FEFF.
    """
    name = known(encoding) if encoding else marked(data) or "utf-8"
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise Unreadable(_misfit(error, name)) from None


def known(encoding: str) -> str:
    """Python's name of the encoding. Raises Unreadable for one that is not known."""
    try:
        name = codecs.lookup(encoding.strip()).name
    except (LookupError, ValueError):
        name = ""
    if name not in ENCODINGS:
        raise Unreadable(
            f"{quoted(encoding)} is not an encoding that can be read. "
            "Choose one such as utf-8, utf-16, windows-1252, windows-1254 or iso-8859-9."
        )
    return name


def marked(data: bytes) -> str | None:
    """The encoding that the byte order mark at the start tells, if there is one."""
    return next((name for mark, name in BYTE_ORDER_MARKS if data.startswith(mark)), None)


def _misfit(error: UnicodeDecodeError, name: str) -> str:
    byte = error.object[error.start]
    return (
        f"Byte {error.start:,} (0x{byte:02X}) is not valid in the encoding {_spoken(name)}. "
        "Choose the encoding that the file was written in, for instance windows-1252, "
        "or save the file as UTF-8."
    )


def _spoken(name: str) -> str:
    return name.replace("cp125", "windows-125")
