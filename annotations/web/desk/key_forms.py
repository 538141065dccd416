"""The form that makes an API key."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone

from annotations.models import Scope
from annotations.web.forms import PageForm

LIVES = [("30", "30 days"), ("90", "90 days"), ("365", "One year"), ("", "Never")]


class KeyForm(PageForm):
    name = forms.CharField(
        required=False,
        label="Name",
        help_text="What it is for, e.g. “Nightly export”.",
    )
    scopes = forms.MultipleChoiceField(
        required=False,
        choices=Scope.choices,
        label="Permissions",
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.PUBLISHED_READ],
    )
    lives = forms.ChoiceField(required=False, choices=LIVES, label="Expires after", initial="90")

    def expiry(self) -> datetime | None:
        """None for a key that does not expire."""
        days = self.cleaned_data["lives"]
        return timezone.now() + timedelta(days=int(days)) if days else None
