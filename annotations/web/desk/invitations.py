"""A desk's invitations: made, mailed or shown once to be copied, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotations.errors import Conflict, Invalid
from annotations.models import Desk, Invitation, Role, User
from annotations.policy import Action
from annotations.queries.accounts.invitations import invitation_to, invitations_to
from annotations.services.accounts.invitations import invite, revoke_invitation
from annotations.services.accounts.mailing import mail_server_is_set
from annotations.web.access import DeskRequest, members_only
from annotations.web.desk.invitation_forms import AccountInvitationForm, InvitationForm

log = structlog.get_logger(__name__)

NOT_SENT = "The mail server did not accept the invitation, so it was not created. Try again later."


@dataclass(frozen=True)
class Made:
    """A new invitation; `link` is empty when it was mailed."""

    invitation: Invitation
    link: str


def invite_by(form: AccountInvitationForm, *, desk: Desk | None, by: User) -> Made:
    """Mail it where a mail server is set and an address given. Raises Invalid, Conflict."""
    wanted = form.cleaned_data
    invitation, token = invite(
        desk=desk,
        by=by,
        role=Role(wanted["role"]) if "role" in wanted else None,
        email=wanted["email"],
        most=wanted["most"],
        lives=form.lifetime(),
        by_mail=mail_server_is_set(),
    )
    link = settings.PUBLIC_URL + reverse("join", args=[token])
    if not invitation.was_mailed:
        return Made(invitation, link)
    try:
        _send(invitation, link)
    except OSError as error:  # smtplib's errors are of this kind
        log.warning("invitation_not_sent", reason=str(error))
        revoke_invitation(invitation=invitation, by=by)
        raise Conflict(NOT_SENT) from error
    return Made(invitation, "")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@members_only(Action.MANAGE)
def invitations(request: DeskRequest) -> HttpResponse:
    """The open ones; posted, a new one with its link, which no later page shows."""
    if request.method != "POST":
        return _page(request, InvitationForm())
    form = InvitationForm(request.POST)
    if form.is_valid():
        try:
            made = invite_by(form, desk=request.desk, by=request.member)
        except Invalid as error:
            form.take(error)
        except Conflict as error:
            form.add_error(None, error.sentence)
        else:
            return _page(request, InvitationForm(), made=made)
    return _page(request, form, status=422)


@require_POST
@members_only(Action.MANAGE)
def invitation_revoke(request: DeskRequest, invitation: UUID) -> HttpResponse:
    revoke_invitation(invitation=invitation_to(request.desk, invitation), by=request.member)
    messages.success(request, "The invitation is revoked. Its link no longer works.")
    return redirect("invitations", request.desk.slug)


def _send(invitation: Invitation, link: str) -> None:
    """Raises OSError."""
    context = {"invitation": invitation, "link": link}
    subject = f"{invitation.invited_by} invites you to {invitation.desk or 'Imprimatur'}"
    send_mail(
        " ".join(subject.split()),
        render_to_string("mail/invitation.txt", context),
        None,
        [invitation.email],
    )


def _page(
    request: DeskRequest, form: InvitationForm, status: int = 200, made: Made | None = None
) -> HttpResponse:
    context = {
        "desk": request.desk,
        "role": request.role,
        "form": form,
        "made": made,
        "invitations": invitations_to(request.desk),
        "is_mailed": mail_server_is_set(),
    }
    return render(request, "invitations/invitations.html", context, status=status)
