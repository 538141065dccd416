"""How a release is cited: Citation File Format 1.2.0 and BibTeX."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

CFF_NAME, CFF_MEDIA_TYPE = "CITATION.cff", "application/yaml"
BIBTEX_NAME, BIBTEX_MEDIA_TYPE = "citation.bib", "application/x-bibtex"
# YAML has no such characters, or ends a line at them (1.2.2, §5.1 and §5.4); its escapes say them.
NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
NOT_IN_TEX = re.compile("[\\s\x00-\x1f\x7f-\x9f\ufffe\uffff]+")
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "#": r"\#", "$": r"\$", "%": r"\%",
    "&": r"\&", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


@dataclass(frozen=True)
class Work:
    """What is cited. `date` is ISO 8601, `address` where the release is found."""

    desk: str
    desk_name: str
    number: int
    date: str
    address: str
    annotation_count: int

    @property
    def title(self) -> str:
        return f"{self.desk_name}: approved annotations, release {self.number}"


def cff(work: Work) -> bytes:
    """YAML whose values are quoted as JSON without surrogate pairs, which YAML does not know."""
    lines = {
        "cff-version": "1.2.0",
        "message": "If you use these annotations, please cite this release.",
        "type": "dataset",
        "title": work.title,
        "version": str(work.number),
        "date-released": work.date[:10],
        "url": work.address,
    }
    said = "".join(f"{name}: {_json(value)}\n" for name, value in lines.items())
    return f"{said}authors:\n  - name: {_json(work.desk_name)}\n".encode()


def bibtex(work: Work) -> bytes:
    fields = {
        "author": f"{{{_tex(work.desk_name)}}}",
        "title": f"{{{_tex(work.title)}}}",
        "year": work.date[:4],
        "month": str(int(work.date[5:7])),
        "version": str(work.number),
        "url": work.address,
        "note": f"{work.annotation_count} annotations",
    }
    said = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{work.desk}-{work.number},\n{said}}}\n".encode()


def _json(words: str) -> str:
    text = json.dumps(words, ensure_ascii=False)
    return NOT_IN_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _tex(words: str) -> str:
    words = NOT_IN_TEX.sub(" ", words)
    return re.sub(r"[\\{}#$%&_~^]", lambda match: SPECIAL[match[0]], words)
