"""Files that never change, whole or in part (RFC 9110, §14), for pages and API alike.

The entity tag is the file's SHA-256 and strong, so that a download that was cut can go on.
One range is answered; several at once are answered by the whole file, as §14.2 allows.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import quote_etag

from annotations.models import ReleaseFile

RANGE = re.compile(r"bytes=[ \t]*(?P<first>[0-9]{0,19})-(?P<last>[0-9]{0,19})[ \t]*", re.I)
KEPT = "public, max-age=31536000, immutable, no-transform"
NOT_KEPT = "no-store, no-transform"  # compressed on the way, the tag were another's


class Unsatisfiable(Exception):
    """The range begins behind the end of the file."""


class _Download(FileResponse):
    block_size = 256 * 1024  # bytes; each block is one visit to a thread


class _Part:
    """The bytes `[start, end)` of a file, to be read once."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        self._file, self._left = file, end - start
        file.seek(start)

    def read(self, size: int) -> bytes:
        taken = self._file.read(min(size, self._left))
        self._left -= len(taken)
        return taken

    def close(self) -> None:
        self._file.close()


def etag_of(file: ReleaseFile) -> str:
    return quote_etag(file.sha256)


def cache_control(*, is_public: bool) -> str:
    return KEPT if is_public else NOT_KEPT


def download(request: HttpRequest, file: ReleaseFile, *, is_public: bool) -> HttpResponseBase:
    """The file, the part of it that Range asks for (206), or 416 without a body.

    Preconditions other than If-Range are the caller's.
    """
    headers = {
        "ETag": etag_of(file),
        "Accept-Ranges": "bytes",
        "Cache-Control": cache_control(is_public=is_public),
    }
    try:
        asked = _asked(request, file)
    except Unsatisfiable:
        headers["Content-Range"] = f"bytes */{file.size}"
        return HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=headers)
    start, end = asked or (0, file.size)
    headers["Content-Length"] = str(end - start)
    if asked:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    return _Download(
        _Part(file.file.open("rb"), start, end),
        as_attachment=True,
        filename=file.name,
        content_type=file.media_type,
        status=HTTPStatus.PARTIAL_CONTENT if asked else HTTPStatus.OK,
        headers=headers,
    )


def _asked(request: HttpRequest, file: ReleaseFile) -> tuple[int, int] | None:
    """The one range that is asked for, half-open; None for the whole file.

    What is no range is ignored (§14.2), and so is any range when If-Range names another file, or a
    date, which these files do not have (§13.1.5).
    """
    match = RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or match is None:
        return None
    if request.headers.get("If-Range", etag_of(file)).strip() != etag_of(file):
        return None
    return _bounds(match["first"], match["last"], file.size)


def _bounds(first: str, last: str, size: int) -> tuple[int, int] | None:
    if not first and not last:
        return None
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= size:
        raise Unsatisfiable
    return start, end
