"""The form that adds a webhook."""

from __future__ import annotations

from django import forms

from annotations.web.forms import PageForm


class WebhookForm(PageForm):
    url = forms.CharField(
        required=False,
        label="Address",
        help_text="It begins with https:// and answers a POST with a status from 200 to 299.",
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
