"""Every character that can be stored, in all that a desk publishes: each page and list is read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import etree, html

from annotations.exporters.corpora.xml_words import sayable
from annotations.models import (
    Annotation,
    Desk,
    Invitation,
    Kind,
    RelationType,
    Role,
    Source,
    User,
)
from annotations.services.accounts.names import name_from
from annotations.services.register import create_entity
from annotations.services.review import withdraw
from annotations.services.tagging.drafts import Link
from annotations.services.webhooks.deliver import _change_after, message
from annotations.text.lines import as_line
from annotations.web.desk.invitations import _send
from tests.exporters.test_every_character import ASSIGNED, TRICKY
from tests.factories import (
    LABELS,
    approved,
    make_annotation,
    make_desk,
    make_source,
    make_webhook,
    member,
)
from tests.web.rows import make_release

pytestmark = pytest.mark.django_db
HEADERS = ["Content-Transfer-Encoding", "Content-Type", "Date", "From", "MIME-Version",
           "Message-ID", "Subject", "To"]  # fmt: skip
ATOM = "{http://www.w3.org/2005/Atom}"
SIZE = 4_000
PIECES = [
    f"<{''.join(ASSIGNED[at : at + SIZE])}>".replace("\r", "")
    for at in range(0, len(ASSIGNED), SIZE)
]
# Names are one line.
LINE = "".join(each for each in TRICKY if as_line(f"a{each}a"))[-100:]


def odd(length: int) -> str:
    """As many of the tricky characters as fit, between two plain ones."""
    return f"<{TRICKY[: length - 2]}>"


@pytest.fixture
def desk() -> Desk:
    desk = make_desk(is_public=True)
    Desk.objects.filter(pk=desk.pk).update(name=as_line(f"<{LINE}>"))
    editor = member(desk, Role.EDITOR)
    type(editor).objects.filter(pk=editor.pk).update(name=name_from(f"<{LINE}>", ""))
    return Desk.objects.get(pk=desk.pk)


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(
        desk,
        text="".join(PIECES),
        title=odd(300),
        publisher=odd(200),
        author=odd(200),
        licence=odd(200),
    )


@pytest.fixture
def claims(source: Source) -> list[Annotation]:
    """One for each piece of the text, which it says again in a field."""
    made, start = [], 0
    for piece in PIECES:
        fields = {"normalized": piece, "claimant": odd(300).replace("\n", "")}
        links = [Link(RelationType.CONTRADICTS, made[-1].id)] if made else []
        span = (start, start + len(piece))
        claim = make_annotation(source, kind=Kind.CLAIM, spans=[span], fields=fields, links=links)
        made.append(approved(claim))
        start = span[1]
    return made


def addresses_of(desk: Desk, source: Source, claims: list[Annotation]) -> Iterator[str]:
    record = create_entity(
        desk=desk, by=member(desk, Role.EDITOR), name="<&\"\u0301\u061c>",
        type=LABELS[Kind.ENTITY],
    )  # fmt: skip
    approved(make_annotation(source, fields={"entity": str(record.id)}))
    quote = {"speaker": odd(300).replace("\n", "")}
    approved(make_annotation(source, kind=Kind.QUOTE, fields=quote))
    for name in (
        "read",
        "read_atom",
        "read_json_feed",
        "read_claims",
        "read_quotes",
        "read_entities",
    ):
        yield reverse(name, args=[desk.slug])
    yield reverse("read_entity", args=[desk.slug, record.id])
    yield reverse("read_source", args=[desk.slug, source.id])
    yield reverse("read_passage", args=[desk.slug, claims[0].id])
    yield reverse("read_card", args=[desk.slug, claims[0].id])
    passage = reverse("read_passage", args=[desk.slug, claims[0].id])
    yield f"{reverse('oembed')}?url=http://testserver{passage}"
    base = f"/api/v1/desks/{desk.slug}"
    for path in ("annotations", "claims", "quotes", "entities", "sources", "changes",
                 "annotations/export", "annotations/", "annotations/?page=first&iris=0",
                 f"claims/{claims[0].id}", f"annotations/{claims[0].id}",
                 f"sources/{source.id}", f"sources/{source.id}/text"):  # fmt: skip
        yield f"{base}/{path}"


def test_every_public_page_and_list_is_read_by_another_program(
    desk: Desk, source: Source, claims: list[Annotation]
) -> None:
    the_feeds_say_all(desk, len(claims))
    withdraw(annotation=claims.pop(), by=member(desk, Role.REVIEWER), reason=odd(3_000))
    for address in addresses_of(desk, source, claims):
        response = Client().get(address)
        assert response.status_code == 200, address
        body = b"".join(response) if response.streaming else response.content
        media = response.headers["Content-Type"]
        if "json" in media:
            is_lines = media == "application/jsonl"
            lines = body.decode().splitlines() if is_lines else [body]
            assert all(json.loads(line) for line in lines), address
        elif "xml" in media:
            etree.fromstring(body)
        elif "html" in media:
            html.fromstring(body)


def the_feeds_say_all(desk: Desk, count: int) -> None:
    feed = etree.fromstring(Client().get(reverse("read_atom", args=[desk.slug])).content)

    said = {
        html.fromstring(entry.findtext(f"{ATOM}summary")).text_content()
        for entry in feed.iter(f"{ATOM}entry")
    }

    assert len(said) == count
    whole = "".join(said)
    missing = {
        each for each in sayable("".join(PIECES)) if each not in whole and not each.isspace()
    }
    # HTML gives the C1 controls other meanings, which lxml follows.
    assert {each for each in missing if not "\x7f" <= each <= "\x9f"} == set()
    items = Client().get(reverse("read_json_feed", args=[desk.slug])).json()["items"]
    said_by_json = "".join(item["content_text"] for item in items)
    assert set("".join(PIECES)) <= set(said_by_json)


@pytest.mark.usefixtures("webhooks_may_lead_here")
def test_a_webhook_says_every_character(desk: Desk, source: Source) -> None:
    webhook = make_webhook(desk)
    cursor = webhook.cursor
    text = odd(3_000)
    approved(make_annotation(source, kind=Kind.CLAIM, fields={"normalized": text}))
    change: dict[str, Any] | None = _change_after(webhook, cursor)
    assert change is not None

    body, headers = message(webhook, change)

    assert json.loads(body)["data"]["annotation"]["fields"]["normalized"] == text
    assert all(value.isascii() and value.isprintable() for value in headers.values())


def test_a_mail_says_every_character_and_breaks_no_header(mailoutbox: list[EmailMessage]) -> None:
    """The database takes few of them in a name; mail does not depend on that."""
    for piece in PIECES:
        invitation = Invitation(email="a@example.org", role=Role.EDITOR, expires_at=timezone.now())
        desk, person = Desk(name=piece), User(name=piece)
        invitation.desk, invitation.invited_by = desk, person
        _send(invitation, "https://desk.example.org/join/x")

        sent = mailoutbox.pop().message().as_bytes()

        read = message_from_bytes(sent, policy=policy.default)
        assert read["Subject"].strip() == " ".join(f"{piece} invites you to {piece}".split())
        assert set(piece) <= set(read.get_content())
        assert sorted(read.keys()) == HEADERS
        assert sent.partition(b"\n\n")[0].isascii()


def test_no_name_of_a_file_is_what_people_wrote(desk: Desk) -> None:
    """So that no title breaks a header: files are named by number and format."""
    make_release(desk)
    client = Client()
    paths = [
        reverse("api:openapi") + "?version=%0D%0Ax",
        reverse("api:release-file", args=[desk.slug, 1, "manifest.json"]),
    ]

    for path in paths:
        said = client.get(path)["Content-Disposition"]
        assert re.fullmatch(r'(inline|attachment); filename="[\w .-]+"', said), said
