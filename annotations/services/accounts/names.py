"""The names of people: one rule, wherever they come in."""

from __future__ import annotations

from annotations.errors import Invalid

LONGEST_NAME = 120  # code points
JOINERS = "\u200c\u200d"  # Persian, Sinhala and other scripts are spelled with them
SENTENCE = (
    f"Give a name of up to {LONGEST_NAME} characters, as colleagues shall see it, "
    "without characters that cannot be seen."
)


def clean_name(written: str) -> str:
    """Trimmed, a single space between words. Raises Invalid under "name".

    Takes printable characters alone: no control characters, no surrogates, and no Bidi_Control
    (UAX 9), by which a name could rearrange the text around it.
    """
    name = " ".join(written.split())
    if len(name) > LONGEST_NAME or _seen(name) != name or not name.strip(JOINERS):
        raise Invalid({"name": [SENTENCE]})
    return name


def name_from(written: str, fallback: str) -> str:
    """What `clean_name` takes of a name that another system gives, else of `fallback`."""
    for each in (written, fallback):
        name = " ".join(_seen(" ".join(each.split())).split())[:LONGEST_NAME].strip()
        if name.strip(JOINERS):
            return name
    raise Invalid({"name": [SENTENCE]})


def _seen(name: str) -> str:
    return "".join(each for each in name if each.isprintable() or each in JOINERS)
