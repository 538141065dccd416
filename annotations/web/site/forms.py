"""The forms of the site's pages."""

from __future__ import annotations

from django import forms

from annotations.web.forms import PageForm


class DeskForm(PageForm):
    name = forms.CharField(label="Name", max_length=120, help_text="Shown to members and readers.")
    slug = forms.SlugField(
        label="Name in web addresses",
        max_length=60,
        help_text="Letters, digits and hyphens, for instance “caucasus”. It cannot be changed.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    manager = forms.EmailField(
        label="Email address of the first manager",
        help_text="Of an existing account. The manager invites the others.",
    )
    is_public = forms.BooleanField(
        required=False,
        label="Public desk",
        help_text="Anyone may read what this desk approved, without a key.",
    )
