"""API keys: made, shown once, revoked."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotations import policy
from annotations.errors import Invalid
from annotations.policy import Action
from annotations.queries.keys import key_on, keys_of
from annotations.services.keys import make_key, revoke_key
from annotations.web.access import DeskRequest, members_only
from annotations.web.desk.key_forms import KeyForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@members_only(Action.REVOKE_KEYS)
def keys(request: DeskRequest) -> HttpResponse:
    """One's keys; posted, a new one with its secret, which no later page shows."""
    if request.method != "POST":
        return _page(request, KeyForm())
    policy.admit(request.role, Action.MAKE_KEYS, request.desk)
    form = KeyForm(request.POST)
    if form.is_valid():
        try:
            key, secret = make_key(
                desk=request.desk,
                by=request.member,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=form.expiry(),
            )
        except Invalid as error:
            form.take(error)
        else:
            return _page(request, KeyForm(), made=key, secret=secret)
    return _page(request, form, status=422)


@require_POST
@members_only(Action.REVOKE_KEYS)
def key_revoke(request: DeskRequest, key: UUID) -> HttpResponse:
    revoked = revoke_key(
        key=key_on(request.desk, request.member, request.role, key), by=request.member
    )
    messages.success(request, f"The key “{revoked.name}” is revoked. Nothing can use it any more.")
    return redirect("keys", request.desk.slug)


def _page(request: DeskRequest, form: KeyForm, status: int = 200, **made: object) -> HttpResponse:
    context = {
        "desk": request.desk,
        "role": request.role,
        "form": form,
        "keys": keys_of(request.desk, request.member, request.role),
        "member": request.member,
        **made,
    }
    template = "keys/_keys.html" if request.htmx else "keys/keys.html"
    return render(request, template, context, status=status)
