"""Bringing texts onto the desk."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from annotations import importers, policy
from annotations.errors import Invalid
from annotations.importers import ImportedText
from annotations.models import Desk, EventType, Job, Revision, Source, User
from annotations.policy import Action
from annotations.services import jobs
from annotations.services.ledger import record
from annotations.text.normalisation import sha256
from annotations.text.spans import BLANK

CHECKED_AT_ONCE = 1_000_000  # bytes; larger inputs are checked by the job alone


@dataclass(frozen=True)
class Provenance:
    """Where a text comes from. Dates are ISO 8601; empty means unknown."""

    title: str = ""
    publisher: str = ""
    author: str = ""
    url: str = ""
    published_on: str = ""
    retrieved_on: str = ""
    language: str = ""
    licence: str = ""


@dataclass(frozen=True)
class Upload:
    """The bytes of a file with its name and, if it is not UTF-8, its encoding; or pasted text."""

    data: bytes
    filename: str = ""
    encoding: str = ""


def start_import(*, desk: Desk, by: User, provenance: Provenance, upload: Upload) -> Job:
    """Check what can be checked at once and leave the rest to a job.

    Raises Invalid, Refused, NotFound.
    """
    policy.require(by, desk, Action.IMPORT)
    errors: dict[str, list[str]] = {}
    metadata: dict[str, str] = {}
    try:
        if len(upload.data) <= CHECKED_AT_ONCE or len(upload.data) > settings.IMPORT_LIMIT:
            metadata = _read(upload).metadata
    except Invalid as error:
        errors |= error.errors
    try:
        _source(desk, by, _completed(provenance, metadata), upload)
    except Invalid as error:
        errors |= error.errors
    if errors:
        raise Invalid(errors)
    return jobs.enqueue(
        desk=desk,
        by=by,
        type=Job.Type.IMPORT,
        parameters={
            "provenance": asdict(provenance),
            "filename": upload.filename,
            "encoding": upload.encoding,
        },
        input=upload.data,
    )


def run_import(job: Job, lease: UUID) -> None:
    """Read the job's bytes and write the source with its first revision, all or nothing."""
    parameters = job.parameters
    upload = Upload(bytes(job.input or b""), parameters["filename"], parameters["encoding"])
    with jobs.held(job.id, lease, step="Reading the text"):
        imported = _read(upload)
        jobs.report(job.id, lease, progress=60, step="Storing the text")
        provenance = _completed(Provenance(**parameters["provenance"]), imported.metadata)
        with transaction.atomic():
            source = write_source(
                desk=job.desk,
                by=job.created_by,
                provenance=provenance,
                imported=imported,
                upload=upload,
            )
            jobs.finish(job, lease, source=source)


@transaction.atomic
def write_source(
    *, desk: Desk, by: User, provenance: Provenance, imported: ImportedText, upload: Upload
) -> Source:
    """Write a source with its first revision, and the event."""
    policy.require(by, desk, Action.IMPORT)
    source = _source(desk, by, provenance, upload)
    source.save()
    Revision.objects.create(
        source=source,
        number=1,
        text=imported.text,
        length=len(imported.text),
        sha256=sha256(imported.text),
        original=upload.data,
        original_name=upload.filename[:255],
        importer=imported.importer,
        importer_version=imported.version,
        warnings=list(imported.warnings),
        created_by=by,
    )
    record(desk=desk, type=EventType.SOURCE_IMPORTED, actor=by, source=source)
    return source


def _read(upload: Upload) -> ImportedText:
    field = "file" if upload.filename else "text"
    limit = settings.IMPORT_LIMIT
    try:
        if not upload.filename:
            return importers.read_pasted(upload.data.decode(), limit=limit)
        return importers.read(
            upload.data, filename=upload.filename, encoding=upload.encoding, limit=limit
        )
    except importers.Unreadable as error:
        raise Invalid({field: [str(error)]}) from error


def _completed(provenance: Provenance, metadata: dict[str, str]) -> Provenance:
    """What the person left empty is taken from the file, if the file says."""
    given = asdict(provenance)
    found = {
        name: value for name, value in metadata.items() if name in given and _fits(name, value)
    }
    return Provenance(**{name: value or found.get(name, "") for name, value in given.items()})


def _fits(name: str, value: str) -> bool:
    """Whether the column takes what the file says: nobody can mend a file's head here."""
    others = {field.name for field in Source._meta.fields} - {name}
    try:
        Source(**{name: value}).clean_fields(exclude=others)
    except ValidationError:
        return False
    return True


def _source(desk: Desk, by: User, provenance: Provenance, upload: Upload) -> Source:
    """An unsaved, checked row."""
    errors: dict[str, list[str]] = {}
    dates: dict[str, date | None] = {}
    for name in ("published_on", "retrieved_on"):
        written = getattr(provenance, name)
        try:
            dates[name] = date.fromisoformat(written) if written else None
        except ValueError:
            dates[name] = None
            errors[name] = ["Write the date as 2020-09-15."]
    title = provenance.title.strip(BLANK)
    title = title or upload.filename.rsplit(".", 1)[0].strip(BLANK)[:300].strip(BLANK)
    given = asdict(provenance) | {"title": title}
    source = Source(desk=desk, created_by=by, **(given | dates))
    try:
        source.clean_fields(exclude=["desk", "created_by"])
    except ValidationError as error:
        errors |= error.message_dict
    if "\x00" in "".join([*given.values(), upload.filename, upload.encoding]):
        errors.setdefault("title", []).append("The provenance holds a NUL character.")
    if errors:
        raise Invalid(errors)
    return source
