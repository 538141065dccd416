"""What a manager decides about a desk: its members and two switches."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from annotations import policy
from annotations.errors import Conflict, Invalid
from annotations.models import Membership, Role, User
from annotations.policy import Action
from annotations.queries.desks import members_of
from annotations.services.desks import (
    remove_member,
    set_authors_may_approve,
    set_member,
    set_public,
)
from annotations.web.access import DeskRequest, members_only
from annotations.web.desk.settings_forms import (
    MemberForm,
    MembershipForm,
    RoleForm,
    SwitchForm,
)
from annotations.web.forms import PageForm
from annotations.web.paging import Key, page_of

PAGE = 100  # members
BY_NAME = (Key("text", "user__name"), Key("number", "id"))
REMOVED = "removed_member"  # in the manager's session


@dataclass(frozen=True)
class Removal:
    """The member whom this manager removed last, and the role they had."""

    user: User
    role: Role


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(Action.REMOVE_MEMBERS)
def desk_settings(request: DeskRequest) -> HttpResponse:
    """Three small forms on one page; `change` says which of them was posted.

    On a closed desk members can be removed, and no more.
    """
    if request.method != "POST":
        return _page(request, MemberForm())
    change = CHANGES.get(request.POST.get("change", ""))
    if change is None:
        raise Invalid({"change": ["Choose what to change."]})
    if change is not _remove_member:
        policy.admit(request.role, Action.MANAGE, request.desk)
    try:
        form = change(request)
    except Conflict as error:
        messages.error(request, error.sentence)
        return redirect(request.get_full_path())  # the same page of members
    if not form.errors:
        return redirect(request.get_full_path())
    if not isinstance(form, MemberForm):  # only a page from elsewhere can send these wrong
        raise Invalid({name: [str(each) for each in said] for name, said in form.errors.items()})
    return _page(request, form, status=422)


def _add_member(request: DeskRequest) -> PageForm:
    form = MemberForm(request.POST)
    if form.is_valid():
        user, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
        set_member(desk=request.desk, by=request.member, user=user, role=role)
        messages.success(request, f"{user} is {role.label.lower()} of this desk now.")
    return form


def _change_role(request: DeskRequest) -> PageForm:
    form = RoleForm(request.POST, desk=request.desk)
    if form.is_valid():
        user, role = form.cleaned_data["member"].user, Role(form.cleaned_data["role"])
        set_member(desk=request.desk, by=request.member, user=user, role=role)
        messages.success(request, f"{user} is {role.label.lower()} of this desk now.")
    return form


def _remove_member(request: DeskRequest) -> PageForm:
    form = MembershipForm(request.POST, desk=request.desk)
    if form.is_valid():
        membership = form.cleaned_data["member"]
        remove_member(desk=request.desk, by=request.member, user=membership.user)
        request.session[REMOVED] = {
            "desk": str(request.desk.id),
            "user": str(membership.user_id),
            "role": membership.role,
        }
    return form


def _undo_removal(request: DeskRequest) -> PageForm:
    """Bring the member back who was removed last, in the same role; their keys stay revoked."""
    form = PageForm(request.POST)
    removal = _removal(request)
    if form.is_valid() and removal:
        set_member(desk=request.desk, by=request.member, user=removal.user, role=removal.role)
        messages.success(request, f"{removal.user} is {removal.role.label.lower()} again.")
        del request.session[REMOVED]
    return form


def _switch(request: DeskRequest) -> PageForm:
    form = SwitchForm(request.POST)
    if form.is_valid():
        desk, wanted = request.desk, form.cleaned_data
        if wanted["is_public"] != desk.is_public:
            set_public(desk=desk, by=request.member, public=wanted["is_public"])
        if wanted["authors_may_approve"] != desk.authors_may_approve:
            allowed = wanted["authors_may_approve"]
            set_authors_may_approve(desk=desk, by=request.member, allowed=allowed)
        messages.success(request, "Saved.")
    return form


CHANGES = {
    "member": _add_member,
    "role": _change_role,
    "removal": _remove_member,
    "undo": _undo_removal,
    "switches": _switch,
}


def _page(request: DeskRequest, form: MemberForm, status: int = 200) -> HttpResponse:
    context = {
        "desk": request.desk,
        "role": request.role,
        "member_form": form,
        "switch_form": SwitchForm(initial=vars(request.desk)),
        "page": page_of(members_of(request.desk), BY_NAME, request.GET, PAGE),
        "roles": Role.choices,
        "member": request.member,
        "removal": _removal(request),
    }
    return render(request, "settings/settings.html", context, status=status)


def _removal(request: DeskRequest) -> Removal | None:
    """None when nobody was removed in this session, when they are a member again, and on a closed
    desk, which nobody joins.
    """
    kept = request.session.get(REMOVED)
    if request.desk.closed_at or not kept or kept["desk"] != str(request.desk.id):
        return None
    user = User.objects.filter(id=kept["user"], is_active=True).first()
    if user is None or Membership.objects.filter(desk=request.desk, user=user).exists():
        return None
    return Removal(user, Role(kept["role"]))
