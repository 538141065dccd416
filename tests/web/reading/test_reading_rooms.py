"""The way for strangers: from the front page to reading rooms, their releases, and back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html
from pytest_django import DjangoAssertNumQueries

from annotations.models import Annotation, Desk, Kind, RelationType, Role
from annotations.services.review import withdraw
from annotations.services.tagging.drafts import Link
from tests.factories import (
    approved,
    make_annotation,
    make_desk,
    make_source,
    make_user,
    member,
)
from tests.web.rows import make_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return make_desk("open", is_public=True)


def links(address: str, client: Client | None = None) -> list[str]:
    response = (client or Client()).get(address)
    assert response.status_code == 200, address
    return [str(each) for each in html.fromstring(response.content).xpath("//a/@href")]


def test_the_front_page_leads_to_reading_rooms_and_they_lead_back(desk: Desk) -> None:
    make_desk("closed")
    room = reverse("read", args=["open"])

    assert {room, reverse("read_rooms")} <= set(links("/"))
    assert room in links("/read/")
    assert {"/", reverse("read_rooms")} <= set(links(room))
    for address in ("/", "/read/"):
        assert reverse("read", args=["closed"]) not in links(address)


def test_where_nothing_is_public_the_front_page_promises_nothing() -> None:
    make_desk("closed")

    assert "/read/" not in links("/")
    assert "No desk publishes here yet" in Client().get("/read/").text


def test_the_list_of_rooms_is_alike_for_all_and_costs_one_statement(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(member(desk, Role.MANAGER))

    with django_assert_num_queries(1):
        response = client.get("/read/")

    assert "Cookie" not in response.headers.get("Vary", "")
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.content == Client().get("/read/").content
    assert Client().post("/read/").status_code == 405
    assert Client().get("/read/?after=x").status_code == 404


def test_releases_of_a_public_desk_are_read_without_signing_in(desk: Desk) -> None:
    release = make_release(desk)
    listed = reverse("read_releases", args=[desk.slug])
    page = reverse("read_release", args=[desk.slug, release.number])

    assert listed in links(reverse("read", args=[desk.slug]))
    assert page in links(listed)
    [file] = [each for each in links(page) if each.endswith("/manifest.json")]
    assert b"".join(Client().get(file)) == b'{"files": []}'  # type: ignore[arg-type]
    assert release.manifest_sha256 in Client().get(page).text
    assert release.created_by.name not in Client().get(page).text


def test_a_public_release_names_what_changed_but_not_the_words_of_what_was_withdrawn(
    desk: Desk,
) -> None:
    make_release(desk)
    source = make_source(desk, title="The minutes")
    kept = approved(make_annotation(source, spans=[(8, 18)]))
    gone = approved(make_annotation(source, spans=[(29, 33)]))
    number = make_release(desk).number
    withdraw(annotation=gone, by=member(desk, Role.REVIEWER), reason="Misread.")

    page = reverse("read_release", args=[desk.slug, number])
    shown = html.fromstring(Client().get(page).text).xpath("//table//th/a")

    addresses = [reverse("read_passage", args=[desk.slug, each.id]) for each in (kept, gone)]
    assert {each.get("href"): each.text for each in shown if "passages" in each.get("href")} == {
        addresses[0]: kept.versions.get().spans.get().exact,
        addresses[1]: "Entity",
    }


@pytest.mark.parametrize("signed_in", [False, True])
def test_strangers_are_led_from_a_members_page_to_the_public_one(
    desk: Desk, signed_in: bool
) -> None:
    number = make_release(desk).number
    client, closed = Client(), make_desk("closed")
    make_release(closed)
    if signed_in:
        client.force_login(make_user())

    for name, public, arguments in (
        ("releases", "read_releases", []),
        ("release", "read_release", [number]),
        ("release_file", "api:release-file", [number, "manifest.json"]),
    ):
        response = client.get(reverse(name, args=[desk.slug, *arguments]))
        assert response.headers["Location"] == reverse(public, args=[desk.slug, *arguments])
        private = client.get(reverse(name, args=[closed.slug, *arguments]))
        if signed_in:
            assert private.status_code == 404
        else:
            assert private.headers["Location"].startswith(reverse("account_login"))


def test_members_stay_on_their_own_pages(desk: Desk) -> None:
    make_release(desk)
    client = Client()
    client.force_login(member(desk, Role.READER))

    assert client.get(reverse("release", args=[desk.slug, 1])).status_code == 200


def test_a_private_desk_has_no_public_releases() -> None:
    desk = make_desk("closed")
    make_release(desk)

    for name, arguments in (("read_releases", []), ("read_release", [1])):
        assert Client().get(reverse(name, args=[desk.slug, *arguments])).status_code == 404


def test_the_front_page_of_a_room_opens_with_what_was_said_not_with_proofreading(
    desk: Desk,
) -> None:
    source = make_source(desk)
    quote = approved(make_annotation(source, kind=Kind.QUOTE, spans=[(7, 17)]))
    flags = [approved(make_annotation(source, kind=Kind.FLAG)) for _ in range(20)]

    page = html.fromstring(Client().get(reverse("read", args=[desk.slug])).content)

    [recent] = page.xpath("//section[h2='Recently approved']")
    shown = [str(each) for each in recent.xpath(".//a/@href")]
    assert any(str(quote.id) in each for each in shown)
    assert not any(str(flag.id) in each for flag in flags for each in shown)


def claim(desk: Desk, said: str, *against: Annotation) -> Annotation:
    source = desk.sources.first() or make_source(desk)
    links = [Link(RelationType.CONTRADICTS, other.id) for other in against]
    fields = {"normalized": said, "verdict": "disputed"}
    return approved(make_annotation(source, kind=Kind.CLAIM, fields=fields, links=links))


def said_on(address: str) -> list[str]:
    page = html.fromstring(Client().get(address).content)
    return [each.text_content() for each in page.find_class("statement")]


def test_two_claims_that_contradict_each_other_stand_side_by_side_once(desk: Desk) -> None:
    first = claim(desk, "Baku agreed.")
    claim(desk, "Baku refused.", first)
    alone = claim(desk, "Nobody spoke.")
    board = reverse("read_claims", args=[desk.slug])

    assert said_on(board) == ["Nobody spoke.", "Baku refused.", "Baku agreed."]
    assert alone.kind == Kind.CLAIM


def test_no_claim_is_lost_where_one_contradicts_several(desk: Desk) -> None:
    first = claim(desk, "One.")
    second = claim(desk, "Two.", first)
    claim(desk, "Three.", first, second)
    board = reverse("read_claims", args=[desk.slug])

    assert said_on(board) == ["Three.", "One.", "Two.", "Two.", "One."]
    assert said_on(f"{board}?verdict=disputed&disputed=1") == said_on(board)


def test_what_contradicts_either_way_is_said_once(desk: Desk) -> None:
    first = claim(desk, "One.")
    second = claim(desk, "Two.", first)
    from annotations.services.tagging.annotations import edit_annotation  # noqa: PLC0415

    edited = edit_annotation(
        annotation=first,
        by=member(desk, Role.EDITOR),
        expected_version=1,
        links=[Link(RelationType.CONTRADICTS, second.id)],
    )
    approved(edited)

    for each in (first, second):
        said = said_on(reverse("read_passage", args=[desk.slug, each.id]))
        assert sorted(said) == ["One.", "Two."]
    assert len(said_on(reverse("read_claims", args=[desk.slug]))) == 2


def test_a_card_is_as_small_as_oembed_asks(desk: Desk) -> None:
    first = claim(desk, "One.")
    passage = f"http://testserver{reverse('read_passage', args=[desk.slug, first.id])}"
    address = f"{reverse('oembed')}?url={passage}"

    whole, small = Client().get(address).json(), Client().get(f"{address}&maxwidth=300").json()
    least = Client().get(f"{address}&maxwidth=1&maxheight=1").json()

    assert (whole["width"], whole["height"]) == (560, 340)
    assert 'width="300"' in small["html"]
    assert small["height"] == whole["height"]
    assert (least["width"], least["height"]) == (240, 200)
    assert Client().get(f"{address}&maxwidth=x").status_code == 404
