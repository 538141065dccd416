"""How a release is cited: Citation File Format 1.2.0 and BibTeX."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

CFF_NAME, CFF_MEDIA_TYPE = "CITATION.cff", "application/yaml"
BIBTEX_NAME, BIBTEX_MEDIA_TYPE = "citation.bib", "application/x-bibtex"
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
    """YAML whose values are quoted as JSON, which YAML 1.2 takes as they are."""
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
    return json.dumps(words, ensure_ascii=True)


def _tex(words: str) -> str:
    return re.sub(r"[\\{}#$%&_~^]", lambda match: SPECIAL[match[0]], words)
