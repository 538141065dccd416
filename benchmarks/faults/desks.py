"""The two desks of the trials, made by the services. Needs Django to be set up."""

from __future__ import annotations

import time
import tomllib
from uuid import UUID

from annotations.importers import read_pasted
from annotations.management.corpus import FOLDER
from annotations.models import Desk, Job, Membership, Role, User, Webhook
from annotations.services.desks import create_desk, set_authors_may_approve
from annotations.services.releases.cut import cut_release
from annotations.services.review import decide, submit
from annotations.services.sources import Provenance, Upload, start_import, write_source
from annotations.services.tagging.annotations import create_annotations
from annotations.services.tagging.drafts import Draft, Part
from annotations.services.webhooks import deliver
from annotations.services.webhooks.manage import add_webhook

TEXT = "Ankara welcomed the talks. Baku said no on 9 May."


def attacker(slug: str) -> Desk:
    """The demo's desk, which has some fifty approved annotations."""
    return Desk.objects.get(slug=slug)


def bystander() -> Desk:
    """A desk with one approved annotation."""
    manager = User.objects.create_user("manager@elsewhere.example", None, name="Manager")
    codebook = tomllib.loads((FOLDER / "codebook.toml").read_text(encoding="utf-8"))
    desk = create_desk(slug="elsewhere", name="Elsewhere", manager=manager, codebook=codebook)
    set_authors_may_approve(desk=desk, by=manager, allowed=True)
    source = write_source(
        desk=desk,
        by=manager,
        provenance=Provenance(title="A text"),
        imported=read_pasted(TEXT, limit=1_000),
        upload=Upload(TEXT.encode()),
    )
    draft = Draft("entity", "place", [Part(start=0, end=6, exact="Ankara")], {})
    [(annotation, _)] = create_annotations(source=source, by=manager, drafts=[draft])
    submit(annotation=annotation, by=manager, expected_version=1)
    decide(annotation=annotation, by=manager, expected_version=1, verdict="approve", note="")
    return desk


def tell_from_the_beginning(desk: Desk, url: str) -> None:
    webhook = add_webhook(desk=desk, by=_manager(desk), url=url)
    Webhook.objects.filter(id=webhook.id).update(cursor=0)
    deliver.tell_all(desk.id)


def import_text(desk: Desk, lines: int) -> UUID:
    text = "\n\n".join(f"Line {n} of a long text, with words." for n in range(lines))
    return start_import(
        desk=desk,
        by=_manager(desk),
        provenance=Provenance(title="A long text"),
        upload=Upload(text.encode(), "long.txt"),
    ).id


def release(desk: Desk) -> UUID:
    return cut_release(desk=desk, by=_manager(desk)).id


def until_done(jobs: list[UUID], patience: float) -> None:
    """Raises RuntimeError for jobs that failed or took too long."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        states = set(Job.objects.filter(id__in=jobs).values_list("state", flat=True))
        if states == {Job.State.DONE}:
            return
        if Job.State.FAILED in states:
            break
        time.sleep(0.02)
    raise RuntimeError(f"Jobs are {', '.join(sorted(states))} after {patience} s.")


def _manager(desk: Desk) -> User:
    return Membership.objects.filter(desk=desk, role=Role.MANAGER)[0].user
