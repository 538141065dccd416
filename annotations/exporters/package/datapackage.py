"""datapackage.json (Data Package, specs.frictionlessdata.io): what each file is, for data tools."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from annotations.exporters.package.citation import Work
from annotations.exporters.tables import table

NAME = "datapackage.json"
MEDIA_TYPE = "application/json"
TABLE = "annotations.csv"
AS_FILE = {"type": "file"}  # so that readers take no nested list for a cell of a table


@dataclass(frozen=True)
class Resource:
    """A file of the release; `size` in bytes, `sha256` in hexadecimal."""

    name: str
    media_type: str
    size: int
    sha256: str


def content(work: Work, resources: Iterable[Resource]) -> bytes:
    """Without empty files, which are no data to the tools that read packages."""
    said = {
        "name": f"{work.desk}-release-{work.number}",
        "title": work.title,
        "version": str(work.number),
        "homepage": work.address,
        "created": work.date,
        "resources": [_resource(each) for each in resources if each.size],
    }
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(file: Resource) -> dict[str, Any]:
    said = {
        "name": re.sub(r"[^a-z0-9]+", "-", file.name.lower()),
        "path": file.name,
        "mediatype": file.media_type.partition(";")[0],
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
    return said | (_as_table() if file.name == TABLE else AS_FILE)


def _as_table() -> dict[str, Any]:
    columns = [{"name": name, "type": type} for name, type in table.COLUMNS.items()]
    return {
        "type": "table",
        "profile": "tabular-data-resource",
        "format": "csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True},
        "schema": {"fields": columns},
    }
