"""The form that brings a text onto the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from annotations.services.sources import Provenance, Upload
from annotations.web.forms import PageForm

UTF_8 = ("", "As the file says, else UTF-8")
ENCODINGS = [
    UTF_8,
    ("windows-1252", "Windows-1252 (Western European)"),
    ("windows-1250", "Windows-1250 (Central European)"),
    ("windows-1251", "Windows-1251 (Cyrillic)"),
    ("windows-1254", "Windows-1254 (Turkish)"),
    ("iso-8859-1", "ISO 8859-1 (Latin 1)"),
    ("iso-8859-2", "ISO 8859-2 (Latin 2)"),
    ("iso-8859-9", "ISO 8859-9 (Latin 5, Turkish)"),
    ("iso-8859-15", "ISO 8859-15 (Latin 9)"),
    ("utf-16", "UTF-16"),
    ("koi8-r", "KOI8-R (Russian)"),
    ("gb18030", "GB 18030 (Chinese)"),
    ("big5", "Big5 (Chinese)"),
    ("shift-jis", "Shift JIS (Japanese)"),
    ("euc-kr", "EUC-KR (Korean)"),
]
ONE_OF_BOTH = "Paste a text or choose a file, not both."


class ImportForm(PageForm):
    text = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "class": "reading"}),
        label="Text",
    )
    file = forms.FileField(
        required=False,
        allow_empty_file=True,
        label="File",
        help_text="A .txt or .html file. A web page’s navigation, forms and scripts are left out.",
        widget=forms.FileInput(attrs={"accept": ".txt,.html,.htm", "hx-preserve": "true"}),
    )
    encoding = forms.ChoiceField(required=False, choices=ENCODINGS, label="Encoding of the file")
    title = forms.CharField(
        required=False,
        max_length=300,
        label="Title",
        help_text="Leave empty to use the file’s title.",
    )
    publisher = forms.CharField(required=False, max_length=200, label="Publisher")
    author = forms.CharField(required=False, max_length=200, label="Author")
    url = forms.CharField(
        required=False,
        max_length=2000,
        label="Web address",
        widget=forms.URLInput(attrs={"inputmode": "url"}),
    )
    published_on = forms.CharField(
        required=False, label="Published on", widget=forms.DateInput(attrs={"type": "date"})
    )
    retrieved_on = forms.CharField(
        required=False, label="Retrieved on", widget=forms.DateInput(attrs={"type": "date"})
    )
    language = forms.CharField(
        required=False,
        max_length=35,
        label="Language",
        help_text="Language code, e.g. en",
    )
    licence = forms.CharField(
        required=False,
        max_length=200,
        label="Licence",
        help_text="For instance CC BY 4.0, or how you may use it.",
    )

    def clean(self) -> dict[str, Any]:
        """Exactly one of text and file, and no file so large that reading it would be in vain."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        file: UploadedFile | None = cleaned.get("file")
        if file is None:
            if "text" in cleaned and not cleaned["text"]:
                self.add_error("text", "Paste a text here, or choose a file.")
        elif (cleaned.get("text") or "").strip():
            self.add_error("file", ONE_OF_BOTH)
        elif (file.size or 0) > settings.IMPORT_LIMIT:
            most = f"{settings.IMPORT_LIMIT / 1_000_000:g}"
            self.add_error(
                "file", f"The file is larger than {most} MB, the most that can be imported."
            )
        return cleaned

    def provenance(self) -> Provenance:
        """As typed; the service checks it."""
        names = Provenance.__dataclass_fields__
        return Provenance(**{name: self.cleaned_data[name] for name in names})

    def upload(self) -> Upload:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return Upload(self.cleaned_data["text"].encode())
        return Upload(file.read(), file.name or "file", self.cleaned_data["encoding"])

    def lost_its_file(self) -> bool:
        """Whether a file was sent with what is wrong: without scripts it must be chosen again."""
        return bool(self.is_bound and self.files and self.errors)
