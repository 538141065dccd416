"""What all forms of the pages share."""

from __future__ import annotations

from django import forms

from annotations.errors import Invalid


class PageForm(forms.Form):
    """A form whose fields can carry what a service said about them."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def take(self, error: Invalid) -> None:
        """Put each sentence beside its field; those about no field of this form above them all."""
        for name, sentences in error.errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)
