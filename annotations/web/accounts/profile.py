"""One's profile: name, language and zone of times, theme."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from annotations.errors import Invalid, Refused
from annotations.models import Theme, User
from annotations.services.accounts.profile import LANGUAGES, change_profile, choose_theme
from annotations.web.forms import PageForm

OF_BROWSER = [("", "Same as my browser")]


def languages() -> list[tuple[str, str]]:
    """By their own names."""
    return OF_BROWSER + sorted(LANGUAGES.items(), key=lambda each: each[1].casefold())


@cache
def time_zones() -> list[tuple[str, object]]:
    """By continent."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(available_timezones()):
        area, _, city = name.partition("/")
        if city and area not in ("Etc", "SystemV", "US", "posix", "right"):
            groups.setdefault(area, []).append((name, city.replace("_", " ")))
    return [*OF_BROWSER, ("UTC", "UTC"), *groups.items()]


class ProfileForm(PageForm):
    name = forms.CharField(
        label="Name",
        max_length=120,
        help_text="As colleagues see it, and readers where your work is published.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        required=False,
        label="Language of dates",
        help_text="The pages themselves are in English.",
        choices=languages,
    )
    time_zone = forms.ChoiceField(
        required=False,
        label="Time zone",
        help_text="Times are shown in this zone.",
        choices=time_zones,
    )
    theme = forms.ChoiceField(required=False, label="Colours", choices=Theme.choices)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    initial = {name: getattr(user, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            change_profile(user=user, **form.cleaned_data)
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, "Saved.")
            return redirect("account_profile")
    context = {"form": form, "tab": "profile"}
    return render(request, "account/profile.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def profile_theme(request: HttpRequest) -> HttpResponse:
    """The buttons in the footer tell the account, so that other devices look the same."""
    choose_theme(user=_person(request), theme=request.POST.get("theme", ""))
    return HttpResponse(status=204)


def _person(request: HttpRequest) -> User:
    """Raises Refused; `login_required` lets nobody else in."""
    if not isinstance(request.user, User):
        raise Refused("Sign in first.")
    return request.user
