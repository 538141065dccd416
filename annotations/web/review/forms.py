"""The forms of a reviewer's decision and of a retraction."""

from __future__ import annotations

from django import forms

from annotations.models import Decision
from annotations.web.forms import PageForm


class WithdrawalForm(PageForm):
    note = forms.CharField(
        max_length=5_000,
        label="Reason",
        help_text="Shown to readers of the public pages and the API.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DecisionForm(PageForm):
    """`version` is the one the reviewer saw; the verdict comes from the button pressed."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        choices=Decision.Verdict.choices,
        error_messages={"required": "Choose one of the three: approve, return or reject."},
    )
    note = forms.CharField(
        required=False,
        max_length=5_000,
        label="Note to the author",
        help_text="Needed to return or reject.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def with_version(self, version: int) -> DecisionForm:
        """The same form, with what was typed, about the version that is newest now."""
        self.data = {**self.data.dict(), "version": version}  # type: ignore[attr-defined]
        return self
