"""Where somebody reads, as their page tells it."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from annotations.errors import Invalid
from annotations.models import User
from annotations.queries.desks import desk_for
from annotations.queries.sources import source_on
from annotations.services.presence import be_present, leave

MOST = 2**31 - 1


class PlaceForm(forms.Form):
    """What is on screen, in code points; `gone` when the page is left."""

    start = forms.IntegerField(min_value=0, max_value=MOST)
    end = forms.IntegerField(min_value=0, max_value=MOST)
    selected = forms.UUIDField(required=False)


@require_POST
def presence(request: HttpRequest, desk: str, source: UUID) -> HttpResponse:
    """A form, so that a beacon can send it with its token. Raises Invalid, NotFound."""
    user = request.user
    if not isinstance(user, User):
        return HttpResponse(
            "Sign in first.\n", status=HTTPStatus.UNAUTHORIZED, content_type="text/plain"
        )
    on_desk, _ = desk_for(user, desk)
    read = source_on(on_desk, source)
    if "gone" in request.POST:
        leave(source=read, by=user)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    place = PlaceForm(request.POST)
    if not place.is_valid():
        raise Invalid(
            {name: [str(sentence) for sentence in each] for name, each in place.errors.items()}
        )
    be_present(source=read, by=user, **place.cleaned_data)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
