"""The form that cuts a release."""

from __future__ import annotations

from django import forms

from annotations.web.forms import PageForm


class ReleaseForm(PageForm):
    notes = forms.CharField(
        required=False,
        max_length=5_000,
        label="Notes",
        help_text="Notes for readers of this release. Published with it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
