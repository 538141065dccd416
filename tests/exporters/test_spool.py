"""What a release holds, put on disk and read again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from annotations.exporters import DOCUMENT_FORMATS, sources
from annotations.exporters.spool import (
    DONE,
    LEFT_OUT,
    RecordSpool,
    read_spool,
    write_spool,
    write_texts,
)
from tests.exporters.corpora.sample_documents import the_article, the_odd_one

DOCUMENTS = [the_article(), the_odd_one()]


def test_a_spool_gives_back_what_was_put_in_whatever_fits_at_once(tmp_path: Path) -> None:
    for batch in (1, 2, 500):
        write_spool(iter(DOCUMENTS), tmp_path / "spool", batch=batch)

        assert list(read_spool(tmp_path / "spool")) == DOCUMENTS


def test_an_empty_spool_has_nothing(tmp_path: Path) -> None:
    write_spool([], tmp_path / "spool", batch=500)

    assert list(read_spool(tmp_path / "spool")) == []


def test_records_are_read_by_their_places_however_they_came(tmp_path: Path) -> None:
    records = [record for document in DOCUMENTS for record in document.records]
    places = [(7 * number + 3) % len(records) for number in range(len(records))]
    assert sorted(places) == list(range(len(records)))
    spool = RecordSpool(tmp_path / "records", len(records))

    items = list(spool.putting([("a", list(zip(places, records, strict=True)))]))

    assert items == ["a"]
    for _ in range(2):
        assert [places[records.index(record)] for record in spool] == sorted(places)


def test_a_spool_is_read_while_it_is_written(tmp_path: Path) -> None:
    write_spool(DOCUMENTS, tmp_path / "whole", batch=1)
    whole = (tmp_path / "whole").read_bytes()
    spool = tmp_path / "spool"
    spool.touch()
    coming = iter(range(0, len(whole), 997))

    def more() -> None:
        """Ends where no writer would."""
        at = next(coming)
        with spool.open("ab") as file:
            file.write(whole[at : at + 997])

    assert list(read_spool(spool, wait=more)) == DOCUMENTS


def test_a_spool_without_its_end_is_refused(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    write_spool(DOCUMENTS, spool, batch=1)
    whole = spool.read_bytes()

    for size in (0, 3, 100, len(whole) - 1):
        spool.write_bytes(whole[:size])
        with pytest.raises(OSError, match="before its end"):
            list(read_spool(spool))


def test_a_process_of_its_own_writes_the_same_files(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    write_spool(DOCUMENTS, tmp_path / "spool", batch=1)

    write_texts(DOCUMENTS, here)
    command = [sys.executable, "-m", "annotations.exporters.spool", tmp_path / "spool", there]
    subprocess.run(command, check=True, timeout=120)

    names = [sources.NAME, LEFT_OUT, DONE, *(each.name for each in DOCUMENT_FORMATS.values())]
    for name in names:
        if name != "spacy.zip":  # whose serialization is compressed by itself
            assert (here / name).read_bytes() == (there / name).read_bytes(), name
    with ZipFile(there / "conll.zip") as archive:
        assert len(archive.namelist()) == len(DOCUMENTS)
    assert (there / DONE).read_text(encoding="ascii") == str(
        sum(len(each.records) for each in DOCUMENTS)
    )
    assert json.loads((there / LEFT_OUT).read_text(encoding="utf-8"))["conll.zip"] is not None
