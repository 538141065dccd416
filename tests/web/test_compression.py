"""Large responses are compressed quickly, and hide how long they are."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from annotations.web.compression import LARGE, gzipped

BODY = "Nobody counted „the votes“. ".encode() * 10_000


@gzipped
def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(BODY[: int(request.GET["length"])], headers={"ETag": '"7"'})


def answer(length: int, accept: str = "gzip, br") -> HttpResponse:
    return view(RequestFactory().get("/", {"length": length}, headers={"Accept-Encoding": accept}))


@pytest.mark.parametrize("length", [1_000, LARGE, len(BODY)])
def test_what_is_compressed_is_what_was_said(length: int) -> None:
    response = answer(length)

    assert gzip.decompress(response.content) == BODY[:length]
    assert len(response.content) < length
    assert response["Content-Encoding"] == "gzip"
    assert response["Content-Length"] == str(len(response.content))
    assert response["ETag"] == 'W/"7"'
    assert "Accept-Encoding" in response["Vary"]


def test_clients_without_gzip_get_it_plain() -> None:
    response = answer(len(BODY), accept="")

    assert response.content == BODY
    assert not response.has_header("Content-Encoding")


def test_the_length_says_nothing_exact() -> None:
    assert len({len(answer(len(BODY)).content) for _ in range(20)}) > 1
