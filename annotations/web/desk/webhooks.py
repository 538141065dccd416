"""Webhooks: added, looked after, and what they did not take sent again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotations.errors import Invalid
from annotations.models import Webhook
from annotations.policy import Action
from annotations.queries.webhooks import webhook_on, webhooks_of
from annotations.services.webhooks.manage import (
    add_webhook,
    remove_webhook,
    replay,
    rotate_secret,
    start_webhook,
    stop_webhook,
)
from annotations.web.access import DeskRequest, members_only
from annotations.web.desk.webhook_forms import WebhookForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@members_only(Action.MANAGE)
def webhooks(request: DeskRequest) -> HttpResponse:
    """All of the desk; posted, a new one with its secret, which no later page shows."""
    if request.method != "POST":
        return _page(request, WebhookForm())
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            made = add_webhook(desk=request.desk, by=request.member, url=form.cleaned_data["url"])
        except Invalid as error:
            form.take(error)
        else:
            return _page(request, WebhookForm(), made=made)
    return _page(request, form, status=422)


@require_POST
@never_cache
@members_only(Action.MANAGE)
def webhook_change(request: DeskRequest, webhook: UUID) -> HttpResponse:
    """`do` says what: rotate, stop, start, remove, or replay (one `seq`, or all)."""
    row = webhook_on(request.desk, webhook)
    by = request.member
    match request.POST.get("do"):
        case "rotate":
            return _page(request, WebhookForm(), made=rotate_secret(webhook=row, by=by))
        case "stop":
            stop_webhook(webhook=row, by=by)
            messages.success(request, f"{row.url} gets no messages until you start it again.")
        case "start":
            start_webhook(webhook=row, by=by)
            messages.success(request, f"{row.url} gets all missed messages, and new ones.")
        case "remove":
            remove_webhook(webhook=row, by=by)
            messages.success(request, f"{row.url} was removed.")
        case "replay":
            _replay(request, row)
        case _:
            messages.error(request, "This button is not known here. Load the page again.")
    return redirect("webhooks", request.desk.slug)


def _replay(request: DeskRequest, row: Webhook) -> None:
    seq = request.POST.get("seq", "")
    asked = replay(
        webhook=row, by=request.member, seq=int(seq) if seq.isascii() and seq.isdigit() else None
    )
    messages.success(request, f"{asked} message{'' if asked == 1 else 's'} will be sent again.")


def _page(
    request: DeskRequest, form: WebhookForm, status: int = 200, made: Webhook | None = None
) -> HttpResponse:
    context = {
        "desk": request.desk,
        "role": request.role,
        "form": form,
        "webhooks": webhooks_of(request.desk),
        "made": made,
    }
    return render(request, "webhooks/webhooks.html", context, status=status)
