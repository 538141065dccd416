"""The pages of the site's administrators: people, desks, jobs and health."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations.errors import Conflict, Invalid
from annotations.models import User
from annotations.queries.accounts import site as queries
from annotations.queries.accounts.invitations import invitation_to, invitations_to
from annotations.queries.accounts.log import account_events_of
from annotations.queries.accounts.second_factors import is_required
from annotations.queries.counting import count_some
from annotations.services.accounts.administration import (
    close_desk,
    open_desk,
    password_link_for,
    reopen_desk,
    set_administrator,
    vouch_for_address,
)
from annotations.services.accounts.closing import close_account, reopen_account
from annotations.services.accounts.invitations import revoke_invitation
from annotations.services.accounts.mailing import mail_server_is_set
from annotations.services.accounts.second_factors import (
    remove_second_factors,
    require_second_factors,
)
from annotations.web.accounts.address import tell_old_address
from annotations.web.desk.invitation_forms import AccountInvitationForm
from annotations.web.desk.invitations import Made, invite_by
from annotations.web.paging import Key, page_of
from annotations.web.site.administrators import SiteRequest, administrators_only
from annotations.web.site.forms import DeskForm
from annotations.web.site.health import report

BY_NAME = (Key("text", "name"), Key("id", "id"))
PAGE = 50
LINES = 30  # of a person's log


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@administrators_only
def people(request: SiteRequest) -> HttpResponse:
    """Everybody with an account; posted, an invitation to make one."""
    if request.method != "POST":
        return _people(request, AccountInvitationForm())
    form = AccountInvitationForm(request.POST)
    if form.is_valid():
        try:
            made = invite_by(form, desk=None, by=request.administrator)
        except Invalid as error:
            form.take(error)
        except Conflict as error:
            form.add_error(None, error.sentence)
        else:
            return _people(request, AccountInvitationForm(), made=made)
    return _people(request, form, status=422)


def _people(
    request: SiteRequest,
    form: AccountInvitationForm,
    made: Made | None = None,
    status: int = 200,
) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "")[:100].strip()
    context = {
        "page": page_of(queries.people(words), BY_NAME, request.GET, PAGE),
        "words": words,
        "form": form,
        "made": made,
        "invitations": invitations_to(None),
        "is_mailed": mail_server_is_set(),
    }
    return render(request, "site/people.html", context, status=status)


@require_POST
@administrators_only
def account_invitation_revoke(request: SiteRequest, invitation: UUID) -> HttpResponse:
    revoke_invitation(invitation=invitation_to(None, invitation), by=request.administrator)
    messages.success(request, "The invitation is revoked. Its link no longer works.")
    return redirect("site_people")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@administrators_only
def person(request: SiteRequest, person: UUID) -> HttpResponse:
    """An account; `change` says what was posted."""
    found = queries.person(person)
    if request.method == "POST":
        change = request.POST.get("change", "")
        if change == "link":
            return _password_link(request, found)
        if change not in CHANGES:
            raise Invalid({"change": ["Choose what to change."]})
        try:
            messages.success(request, CHANGES[change](request, person))
        except Conflict as error:
            messages.error(request, error.sentence)
        return redirect("site_person", person)
    return _person(request, found)


def _person(request: SiteRequest, found: User, link: str = "") -> HttpResponse:
    events = account_events_of(found)[:LINES]
    context = {"person": found, "events": events, "link": link}
    return render(request, "site/person.html", context)


def _password_link(request: SiteRequest, found: User) -> HttpResponse:
    """The page with the link, which no later page shows."""
    try:
        link = password_link_for(user=found, by=request.administrator)
    except Conflict as error:
        messages.error(request, error.sentence)
        return redirect("site_person", found.pk)
    return _person(request, found, settings.PUBLIC_URL + link)


def _promote(request: SiteRequest, person: UUID) -> str:
    user = set_administrator(user=queries.person(person), by=request.administrator, wanted=True)
    return f"{user} administers this site now."


def _demote(request: SiteRequest, person: UUID) -> str:
    user = set_administrator(user=queries.person(person), by=request.administrator, wanted=False)
    return f"{user} no longer administers this site."


def _confirm(request: SiteRequest, person: UUID) -> str:
    user = vouch_for_address(user=queries.person(person), by=request.administrator)
    return f"{user.email} counts as confirmed."


def _change_address(request: SiteRequest, person: UUID) -> str:
    address = request.POST.get("email", "")
    if not address.strip():
        raise Conflict("Type the new address.")
    found = queries.person(person)
    try:
        user = vouch_for_address(user=found, by=request.administrator, address=address)
    except Invalid as error:
        raise Conflict(error.sentence) from error
    tell_old_address(request, found, user.email)
    return f"{user} signs in with {user.email} now."


def _remove_factors(request: SiteRequest, person: UUID) -> str:
    user = queries.person(person)
    remove_second_factors(user=user, by=request.administrator)
    return f"{user} signs in by password alone until a new second factor is set up."


def _close(request: SiteRequest, person: UUID) -> str:
    user = close_account(user=queries.person(person), by=request.administrator)
    return f"The account of {user} is closed."


def _reopen(request: SiteRequest, person: UUID) -> str:
    user = reopen_account(user=queries.person(person), by=request.administrator)
    return f"The account of {user} is open again."


CHANGES = {
    "close": _close,
    "reopen": _reopen,
    "promote": _promote,
    "demote": _demote,
    "confirm": _confirm,
    "address": _change_address,
    "factors": _remove_factors,
}


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def desks(request: SiteRequest) -> HttpResponse:
    """All desks; posted, a new one."""
    if request.method != "POST":
        return _desks(request, DeskForm(initial={"manager": request.administrator.email}))
    form = DeskForm(request.POST)
    if form.is_valid():
        try:
            desk = open_desk(by=request.administrator, **form.cleaned_data)
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, f"The desk “{desk}” is ready.")
            return redirect("site_desks")
    return _desks(request, form, status=422)


def _desks(request: SiteRequest, form: DeskForm, status: int = 200) -> HttpResponse:
    mine = set(request.administrator.memberships.values_list("desk_id", flat=True))
    context = {
        "page": page_of(queries.desks(), BY_NAME, request.GET, PAGE),
        "form": form,
        "mine": mine,
    }
    return render(request, "site/desks.html", context, status=status)


@require_POST
@administrators_only
def desk_close(request: SiteRequest, desk: str) -> HttpResponse:
    closed = close_desk(desk=queries.desk_by(desk), by=request.administrator)
    messages.success(request, f"The desk “{closed}” is closed. Its members can still read it.")
    return redirect("site_desks")


@require_POST
@administrators_only
def desk_reopen(request: SiteRequest, desk: str) -> HttpResponse:
    opened = reopen_desk(desk=queries.desk_by(desk), by=request.administrator)
    messages.success(request, f"The desk “{opened}” is open again.")
    return redirect("site_desks")


@require_safe
@never_cache
@administrators_only
def jobs(request: SiteRequest) -> HttpResponse:
    """The newest jobs of all desks: what kind and how far, not what about."""
    return render(request, "site/jobs.html", {"jobs": queries.jobs()[:PAGE]})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@administrators_only
def security(request: SiteRequest) -> HttpResponse:
    """The rule on second factors, and how many people have one."""
    if request.method == "POST":
        required = request.POST.get("required") == "on"
        try:
            require_second_factors(by=request.administrator, required=required)
        except Conflict as error:
            messages.error(request, error.sentence)
        else:
            messages.success(request, "Saved.")
        return redirect("site_security")
    context = {"is_required": is_required(), "without": count_some(queries.people_without_factor())}
    return render(request, "site/security.html", context)


@require_safe
@never_cache
@administrators_only
def health(request: SiteRequest) -> HttpResponse:
    return render(request, "site/health.html", {"checks": report()})
