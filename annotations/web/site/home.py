"""The front page: what this is for strangers, the way to their desk for members."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from annotations.models import User
from annotations.queries.desks import memberships_of, public_desks

ROOMS = 6  # on the page; /read/ has all


def home(request: HttpRequest) -> HttpResponse:
    """Strangers read what Imprimatur is; members of one desk go there, others choose."""
    if not isinstance(request.user, User):
        rooms = list(public_desks()[: ROOMS + 1])
        context = {"rooms": rooms[:ROOMS], "has_more": len(rooms) > ROOMS}
        return render(request, "home/landing.html", context)
    memberships = list(memberships_of(request.user))
    if len(memberships) == 1:
        return redirect("desk", memberships[0].desk.slug)
    return render(request, "home/desks.html", {"memberships": memberships})
