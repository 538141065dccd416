"""Citation and data package say what their formats require."""

from __future__ import annotations

import json
import re

import yaml

from annotations.exporters.package import citation, datapackage
from annotations.exporters.package.citation import Work
from annotations.exporters.package.datapackage import Resource
from annotations.exporters.tables import table

WORK = Work(
    desk="caucasus",
    desk_name='The "Caucasus" & Çukur: {50% #1_a}\\ ~^$ desk',
    number=3,
    date="2026-03-01T12:00:00.000000Z",
    address="https://desk.example.org/api/v1/desks/caucasus/releases/3",
    annotation_count=60,
)
FILES = [
    Resource("annotations.csv", "text/csv; charset=utf-8", 10, "ab" * 32),
    Resource("brat.zip", "application/zip", 20, "cd" * 32),
    Resource("retractions.jsonl", "application/jsonl", 0, "ef" * 32),  # empty, so not named
]


def test_the_citation_file_has_what_its_format_requires() -> None:
    said = yaml.safe_load(citation.cff(WORK))

    assert said == {  # the required keys of CFF 1.2.0, and those of a dataset that is found by URL
        "cff-version": "1.2.0",
        "message": "If you use these annotations, please cite this release.",
        "type": "dataset",
        "title": WORK.title,
        "version": "3",
        "date-released": "2026-03-01",
        "url": WORK.address,
        "authors": [{"name": WORK.desk_name}],
    }


def test_bibtex_is_one_entry_with_balanced_braces() -> None:
    said = citation.bibtex(WORK).decode()

    bare = re.sub(r"\\[{}]", "", said)
    assert said.startswith("@misc{caucasus-3,\n")
    assert bare.count("{") == bare.count("}")
    assert r"\& Çukur: \{50\% \#1\_a\}\textbackslash{}" in said
    assert "year = {2026},\n  month = {3}" in said


def test_the_data_package_names_each_file_with_its_hash_and_columns() -> None:
    said = json.loads(datapackage.content(WORK, FILES))

    assert re.fullmatch(r"[-a-z0-9._/]+", said["name"])
    assert [each["path"] for each in said["resources"]] == ["annotations.csv", "brat.zip"]
    names = [each["name"] for each in said["resources"]]
    assert all(re.fullmatch(r"[-a-z0-9._/]+", name) for name in names)
    assert len(set(names)) == len(names)
    first = said["resources"][0]
    assert first["hash"] == f"sha256:{'ab' * 32}"
    assert first["mediatype"] == "text/csv"
    assert [each["name"] for each in first["schema"]["fields"]] == list(table.COLUMNS)
    assert "schema" not in said["resources"][1]
