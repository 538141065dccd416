"""Pages that are the same for all readers, and may be kept for a minute by whoever carries them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, set_response_etag
from django.views.decorators.http import require_safe

from annotations.errors import NotFound
from annotations.models import Annotation, Desk
from annotations.queries.desks import public_desk
from annotations.queries.full_text import first_with_words, kind_sign

P = ParamSpec("P")
KEPT = 60  # seconds

View = Callable[Concatenate[HttpRequest, Desk, P], HttpResponse]


def public(view: View[P]) -> Callable[..., HttpResponse]:
    """The view gets the desk; its route has the slug as `desk`. 304 for who has the page already.

    Raises NotFound for a desk that is not public as for one that does not exist.
    """

    @wraps(view)
    def page(request: HttpRequest, desk: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, public_desk(desk), *args, **kwargs)

    return alike_for_all(page)


def alike_for_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that does not depend on who reads it, to be kept for a minute by any cache."""

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.user = AnonymousUser()  # so that no template looks into the session
        response = view(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=KEPT)
        if response.status_code != 200 or response.streaming:
            return response
        set_response_etag(response)
        etag = response.headers["ETag"]
        return get_conditional_response(request, etag=etag, response=response) or response

    return page


def page_after(
    rows: QuerySet[Annotation], after: str | None, size: int, *, words: str = "", kind: str = ""
) -> tuple[list[UUID], UUID | None]:
    """Ids of the next rows, which are ordered by `-id`, and the last of them if there are more.

    With `words`, those in which each begins a word. Raises NotFound when `after` is no id.
    """
    if after:
        try:
            rows = rows.filter(publication__annotation__lt=UUID(after))
        except ValueError as error:
            raise NotFound("There is no such page.") from error
    signs = [kind_sign(kind)] if kind else []
    ids = first_with_words(rows, words, size + 1, begins=True, signs=signs)
    return ids[:size], ids[size - 1] if len(ids) > size else None


def whole_number(written: str | None, default: int) -> int:
    """A number from an address. Raises NotFound."""
    if written is None:
        return default
    if not written.isascii() or not written.isdecimal() or len(written) > 9:
        raise NotFound("There is no such page.")
    return int(written)


Context = dict[str, Any]
