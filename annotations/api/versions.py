"""The version of an annotation in headers: `ETag` and `If-Match` (RFC 9110 §8.8, §13.1)."""

from __future__ import annotations

import re
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from annotations.api.problems import VersionRequired

TAG = re.compile(r'(?:W/)?"v([1-9][0-9]{0,8})"')  # proxies that compress make a tag weak


def expected_version(request: Request) -> int:
    """The version that the client changes. Raises VersionRequired (428), ParseError (400)."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise VersionRequired
    match = TAG.fullmatch(header)
    if match is None:
        raise ParseError('If-Match must be the ETag of one version, such as "v3".')
    return int(match[1])


def with_version(document: dict[str, Any], status: int = 200) -> Response:
    """The work JSON of an annotation with its ETag."""
    return Response(document, status=status, headers={"ETag": f'"v{document["version"]}"'})
