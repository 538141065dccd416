"""The reading room: what a public desk approved, and nothing else, for everybody."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from annotations.models import Annotation, Desk, Entity, Kind, RelationType, Role, Source
from annotations.services.register import create_entity
from annotations.services.review import withdraw
from annotations.services.tagging.drafts import Link
from annotations.web.reading.urls import urlpatterns
from tests.factories import (
    TEXT,
    approved,
    make_annotation,
    make_desk,
    make_source,
    member,
    submitted,
)

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "</script><script>alert(1)</script>&<b>"


@dataclass(frozen=True)
class Room:
    """A desk with a text, a name, a quote by it and two claims that contradict each other."""

    desk: Desk
    source: Source
    record: Entity
    mention: Annotation
    quote: Annotation
    claim: Annotation
    addresses: dict[str, str]

    def get(self, name: str, **headers: str) -> HttpResponse:
        return Client().get(self.addresses[name], headers=headers)


def make_room(*, is_public: bool = True) -> Room:
    desk = make_desk(is_public=is_public)
    source = make_source(desk, title="Talks", publisher="Gazette", url="https://paper.example/1")
    editor = member(desk, Role.EDITOR)
    record = create_entity(
        desk=desk, by=editor, name="Ankara (city)", type="place", wikidata="Q3640"
    )
    mention = approved(make_annotation(source, fields={"entity": str(record.id)}))
    said_by = [Link(RelationType.SAID_BY, mention.id)]
    quote = approved(
        make_annotation(
            source, kind=Kind.QUOTE, spans=[(7, 17)], fields={"speaker": "Ankara"}, links=said_by
        )
    )
    fields = {"normalized": "Baku refused.", "verdict": "disputed"}
    other = approved(make_annotation(source, kind=Kind.CLAIM, spans=[(29, 41)], fields=fields))
    against = [Link(RelationType.CONTRADICTS, other.id), Link(RelationType.ABOUT, mention.id)]
    fields = {"normalized": "Baku agreed.", "claimant": "A paper"}
    claim = approved(
        make_annotation(source, kind=Kind.CLAIM, spans=[(29, 51)], fields=fields, links=against)
    )
    arguments = {
        "read_source": [source.id],
        "read_entity": [record.id],
        "read_passage": [claim.id],
        "read_in_text": [claim.id],
        "read_card": [claim.id],
    }
    names = [str(each.name) for each in urlpatterns if each.name != "oembed"]
    addresses = {name: reverse(name, args=[desk.slug, *arguments.get(name, [])]) for name in names}
    passage = "http://testserver" + addresses["read_passage"]
    addresses["oembed"] = f"{reverse('oembed')}?url={passage}"
    return Room(desk, source, record, mention, quote, claim, addresses)


@pytest.fixture
def room() -> Room:
    return make_room()


def plain(response: HttpResponse) -> str:
    return unescape(re.sub(r"<[^>]+>", "", response.content.decode()))


def linked_data(response: HttpResponse) -> list[dict[str, Any]]:
    page = response.content.decode()
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    return json.loads(block[1])  # type: ignore[no-any-return]


def test_everybody_reads_a_public_desk(room: Room) -> None:
    for name in room.addresses:
        expected = 302 if name == "read_in_text" else 200
        assert room.get(name).status_code == expected, name


@pytest.mark.parametrize("role", [None, *Role])
def test_a_desk_that_is_not_public_has_no_reading_room(role: Role | None) -> None:
    room = make_room(is_public=False)
    client = Client()
    if role:
        client.force_login(member(room.desk, role))

    for name, address in room.addresses.items():
        response = client.get(address)
        assert response.status_code == 404, name
        assert "Baku" not in response.content.decode()


def test_pages_only_answer_to_reading(room: Room) -> None:
    for name, address in room.addresses.items():
        assert Client().post(address).status_code == 405, name


def test_what_is_not_approved_is_nowhere(room: Room) -> None:
    editor = member(room.desk, Role.EDITOR)
    note = {"note": "Secret remark"}
    make_annotation(room.source, kind=Kind.FLAG, spans=[(45, 50)], fields=note)
    submitted(make_annotation(room.source, kind=Kind.FLAG, spans=[(46, 50)], fields=note))
    fields = {"normalized": "A secret claim.", "verdict": "refuted"}
    make_annotation(room.source, kind=Kind.CLAIM, spans=[(0, 5)], fields=fields)
    secret = create_entity(desk=room.desk, by=editor, name="Secret record", type="person")
    make_annotation(room.source, label="person", fields={"entity": str(secret.id)})

    for name in room.addresses:
        page = room.get(name).content.decode()
        assert not re.search("Secret re|secret claim", page), name
    address = reverse("read_entity", args=[room.desk.slug, secret.id])
    assert Client().get(address).status_code == 404


def test_a_text_without_anything_approved_is_not_there(room: Room) -> None:
    other = make_source(room.desk, title="Unread")
    make_annotation(other)

    assert "Unread" not in room.get("read").content.decode()
    address = reverse("read_source", args=[room.desk.slug, other.id])
    assert Client().get(address).status_code == 404


def test_what_was_withdrawn_says_why_and_not_what_it_was(room: Room) -> None:
    reason = "The date was wrong."
    withdraw(annotation=room.claim, by=member(room.desk, Role.REVIEWER), reason=reason)

    for name in ("read_passage", "read_card"):
        response = room.get(name)
        assert response.status_code == 410
        assert reason in response.content.decode()
        assert "Baku agreed" not in response.content.decode()
    assert reason in room.get("read_atom").content.decode()
    assert "Baku agreed" not in room.get("read_atom").content.decode()
    assert room.get("oembed").status_code == 404
    assert room.get("read_in_text").status_code == 404


def test_the_text_is_whole_and_its_tags_stand_on_their_words(room: Room) -> None:
    page = room.get("read_source").content.decode()

    text = re.search(r'class="article-text[^>]*>(.*?)</div>', page, re.DOTALL)
    assert text is not None
    assert unescape(re.sub(r"<[^>]+>", "", text[1])) == TEXT
    for annotation in (room.mention, room.quote, room.claim):
        assert f'id="a-{annotation.id}"' in text[1]
        assert f'id="n-{annotation.id}"' in page
    assert f'href="#n-{room.quote.id}">„welcomed“</a>' in text[1]


def test_a_passage_leads_to_its_place_in_the_text(room: Room) -> None:
    response = room.get("read_in_text")

    assert response.headers["Location"] == (
        f"{room.addresses['read_source']}?text=1#a-{room.claim.id}"
    )


def test_a_long_text_comes_in_sheets(room: Room) -> None:
    source = make_source(room.desk, text="Baku said no. \n" * 4_000)
    last = approved(make_annotation(source, spans=[(59_985, 59_989)]))

    response = Client().get(reverse("read_in_text", args=[room.desk.slug, last.id]))
    page = Client().get(response.headers["Location"].partition("#")[0]).content.decode()

    assert f'id="a-{last.id}"' in page
    assert len(page) < 60_000
    beyond = reverse("read_source", args=[room.desk.slug, source.id]) + "?page=9"
    assert Client().get(beyond).status_code == 404


def test_claims_stand_beside_what_contradicts_them(room: Room) -> None:
    page = plain(room.get("read_claims"))

    pair = r"Baku agreed\..*contradicts\s+disputed\s+Baku refused\..*Contradicted by “Baku agreed"
    assert re.search(pair, page, re.DOTALL)
    assert "A paper" in page
    board = room.addresses["read_claims"]
    assert "Baku agreed." not in plain(Client().get(f"{board}?verdict=supported"))
    assert "Baku refused." in plain(Client().get(f"{board}?verdict=disputed&q=refused"))
    assert "Baku agreed." in plain(Client().get(f"{board}?disputed=1"))
    assert Client().get(f"{board}?after=nothing").status_code == 404


def test_a_name_has_its_quotes_claims_and_mentions(room: Room) -> None:
    page = plain(room.get("read_entity"))

    assert "Ankara (city)" in page
    assert "„welcomed“" in page
    assert "Baku agreed." in page
    assert "Wikidata Q3640" in page


def test_pages_carry_linked_data(room: Room) -> None:
    nodes = linked_data(room.get("read_source"))

    assert [node["@type"] for node in nodes] == [
        "CreativeWork",
        "Quotation",
        "ClaimReview",
        "Claim",
    ]
    assert nodes[0]["publisher"] == "Gazette"
    assert nodes[1]["creator"]["name"] == "Ankara (city)"


def test_nothing_that_was_written_becomes_markup(room: Room) -> None:
    source = make_source(room.desk, text=f"{HOSTILE} said", title=HOSTILE, publisher=HOSTILE)
    hostile = approved(
        make_annotation(
            source,
            kind=Kind.CLAIM,
            spans=[(0, len(HOSTILE))],
            fields={"normalized": HOSTILE, "claimant": HOSTILE},
        )
    )
    names = {"read_source": source.id, "read_passage": hostile.id, "read_card": hostile.id}
    own = [reverse(name, args=[room.desk.slug, id]) for name, id in names.items()]

    pages = room.addresses.keys() - {"read_json_feed"}
    for address in [*own, *(room.addresses[name] for name in pages)]:
        page = Client().get(address).content.decode()
        assert "<script>alert" not in page, address
        assert "<b>" not in page
    etree.fromstring(room.get("read_atom").content)
    oembed = Client().get(f"{reverse('oembed')}?url={own[1]}").json()
    assert "<script" not in oembed["html"]


def test_readers_leave_no_trace_and_get_nothing_twice(room: Room) -> None:
    for name in room.addresses.keys() - {"read_in_text", "oembed"}:
        response = room.get(name)
        assert "Cookie" not in response.headers.get("Vary", ""), name
        assert not response.cookies
        assert response.headers["Cache-Control"] == "public, max-age=60"
        again = room.get(name, if_none_match=response.headers["ETag"])
        assert (again.status_code, again.content) == (304, b""), name


def test_only_the_card_may_stand_in_a_frame(room: Room) -> None:
    for name in room.addresses.keys() - {"oembed", "read_in_text", "read_atom", "read_json_feed"}:
        response = room.get(name)
        policy = response.headers["Content-Security-Policy"]
        is_card = name == "read_card"
        assert ("frame-ancestors *" in policy) == is_card, name
        assert ("X-Frame-Options" not in response.headers) == is_card
    card = room.get("read_card")
    assert "<script" not in card.content.decode()
    assert "script-src 'none'" in card.headers["Content-Security-Policy"]


def test_others_ask_for_the_card_by_oembed(room: Room) -> None:
    said = room.get("oembed").json()

    assert (said["version"], said["type"], said["provider_name"]) == ("1.0", "rich", room.desk.name)
    assert f'src="http://127.0.0.1:8000{room.addresses["read_card"]}"' in said["html"]
    assert "json+oembed" in room.get("read_passage").content.decode()
    assert Client().get(f"{reverse('oembed')}?url=https://x.example/").status_code == 404
    assert Client().get(f"{room.addresses['oembed']}&format=xml").status_code == 501


def test_the_atom_feed_is_one(room: Room) -> None:
    feed = etree.fromstring(room.get("read_atom").content)

    assert feed.tag == f"{ATOM}feed"
    for required in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{required}")
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert ids[0] == f"urn:uuid:{room.claim.id}"
    assert len(set(ids)) == len(entries) == 4
    for entry in entries:
        for required in ("title", "updated", "published"):
            assert entry.findtext(f"{ATOM}{required}")
        assert entry.find(f"{ATOM}author") is not None


def test_the_json_feed_is_one(room: Room) -> None:
    response = room.get("read_json_feed")
    feed = response.json()

    assert response.headers["Content-Type"] == "application/feed+json"
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["items"][0]["id"] == f"urn:uuid:{room.claim.id}"
    assert all(item["content_text"] and item["url"] for item in feed["items"])


def test_a_correction_updates_its_entry(room: Room) -> None:
    from annotations.services.tagging.annotations import edit_annotation  # noqa: PLC0415

    by = member(room.desk, Role.EDITOR)
    fields = {"normalized": "Baku agreed at last."}
    version = room.claim.head.number if room.claim.head else 1
    approved(edit_annotation(annotation=room.claim, by=by, expected_version=version, fields=fields))

    items = room.get("read_json_feed").json()["items"]

    assert len(items) == 4
    assert "Baku agreed at last." in items[0]["title"]


@pytest.mark.parametrize(
    "name", ["read", "read_source", "read_claims", "read_quotes", "read_entity"]
)
def test_statements_do_not_grow_with_what_is_read(
    room: Room, django_assert_max_num_queries: DjangoAssertNumQueries, name: str
) -> None:
    room.get(name)
    with django_assert_max_num_queries(40) as before:
        room.get(name)
    for start in range(0, 24, 3):
        fields = {"normalized": f"Claim {start}."}
        approved(
            make_annotation(room.source, kind=Kind.CLAIM, spans=[(start, start + 6)], fields=fields)
        )
        quoted = {"speaker": f"Speaker {start}"}
        approved(
            make_annotation(room.source, kind=Kind.QUOTE, spans=[(start, start + 4)], fields=quoted)
        )
    with django_assert_max_num_queries(len(before)):
        room.get(name)


def test_a_desk_says_where_its_public_pages_are(room: Room) -> None:
    client = Client()
    client.force_login(member(room.desk, Role.READER))

    page = client.get(reverse("desk", args=[room.desk.slug])).content.decode()
    assert room.addresses["read"] in page
