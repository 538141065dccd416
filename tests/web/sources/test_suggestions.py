"""The page of suggestions, without a script and with htmx."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from annotations.models import Annotation, Desk, Job, Role, Suggestion
from annotations.services.suggestions.decide import accept_suggestions, dismiss_suggestions
from annotations.services.suggestions.propose import suggest_occurrences
from annotations.web.sources import suggestions as web
from tests.factories import make_annotation, make_desk, make_entity, make_source, member

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk() -> Desk:
    return make_desk()


def propose(desk: Desk, text: str, title: str, **fields: str) -> list[Suggestion]:
    """From the first word of the text."""
    source = make_source(desk, text=text, title=title)
    mention = make_annotation(source, spans=[(0, text.index(" "))], fields=fields)
    found = suggest_occurrences(annotation=mention, by=member(desk, Role.REVIEWER))
    return [Suggestion.objects.get(id=id) for id in found.ids]


@pytest.fixture
def suggestions(desk: Desk) -> list[Suggestion]:
    record = make_entity(desk, "The city of Baku")
    first = propose(desk, "Ankara and Ankara.", "B title")
    return [*propose(desk, "Baku and Baku, Baku.", "A title", entity=str(record.id)), *first]


@pytest.fixture
def editor(desk: Desk, client: Client) -> Client:
    client.force_login(member(desk, Role.EDITOR))
    return client


def address(desk: Desk, query: str = "") -> str:
    return f"/desks/{desk.slug}/suggestions/{query}"


def post(client: Client, desk: Desk, **values: str) -> Any:
    return client.post(address(desk), values, headers=HTMX)


def states(suggestions: list[Suggestion]) -> list[str]:
    return [Suggestion.objects.get(id=each.id).state for each in suggestions]


def undo_of(page: str) -> str:
    found = re.search(r'name="reopen" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_open_ones_stand_by_source_in_their_context(
    desk: Desk, editor: Client, suggestions: list[Suggestion]
) -> None:
    page = editor.get(address(desk)).text

    assert page.index("A title") < page.index("B title")
    assert "2 open" in page
    assert "1 open" in page
    assert page.count("data-row") == 3
    assert 'Baku and <mark class="entity">Baku</mark>, Baku.' in page
    assert "The city of Baku" in page
    assert "requested by Reviewer" in page
    assert f"/sources/{suggestions[0].source_id}/#s=9-13" in page


def test_words_that_the_context_cuts_are_left_out(desk: Desk, editor: Client) -> None:
    propose(desk, "Baku " + "said and thought " * 3 + "Baku " + "said and thought " * 3, "A title")

    page = editor.get(address(desk)).text

    assert '>… and thought said and thought <mark class="entity">Baku</mark> said and' in page
    assert "said and thought said and …</p>" in page


def test_a_desk_without_suggestions_says_how_to_get_some(desk: Desk, editor: Client) -> None:
    page = editor.get(address(desk)).text

    assert "No suggestions" in page
    assert "Tag all like this" in page


def test_readers_see_them_and_decide_nothing(
    desk: Desk, client: Client, suggestions: list[Suggestion]
) -> None:
    client.force_login(member(desk, Role.READER))

    page = client.get(address(desk)).text
    refused = client.post(address(desk), {"accept": str(suggestions[0].id)})

    assert page.count("data-row") == 3
    assert 'name="accept"' not in page
    assert refused.status_code == 403
    assert states(suggestions) == ["open"] * 3


def test_one_is_accepted_and_the_focus_goes_to_the_next(
    desk: Desk, editor: Client, suggestions: list[Suggestion]
) -> None:
    page = post(editor, desk, accept=str(suggestions[0].id))

    assert states(suggestions) == ["accepted", "open", "open"]
    assert "1 accepted, as your draft." in page.text
    assert "<html" not in page.text
    button = re.search(r"<button[^>]*data-focus[^>]*>", page.text)
    assert button
    assert str(suggestions[1].id) in button[0]


def test_all_of_a_source_are_accepted_and_the_stroke_undone(
    desk: Desk, editor: Client, suggestions: list[Suggestion]
) -> None:
    page = post(editor, desk, accept=f"source:{suggestions[0].source_id}")
    assert states(suggestions) == ["accepted", "accepted", "open"]
    assert "2 accepted, as your drafts." in page.text

    page = post(editor, desk, reopen=undo_of(page.text))

    assert states(suggestions) == ["open"] * 3
    assert page.text.count("data-row") == 3
    assert Annotation.objects.present().filter(source=suggestions[0].source).count() == 1


def test_all_of_a_source_are_dismissed(
    desk: Desk, editor: Client, suggestions: list[Suggestion]
) -> None:
    page = post(editor, desk, dismiss=f"source:{suggestions[0].source_id}")

    assert states(suggestions) == ["dismissed", "dismissed", "open"]
    assert "2 dismissed." in page.text


def test_without_a_script_the_page_comes_back_with_the_undo(
    desk: Desk, editor: Client, suggestions: list[Suggestion]
) -> None:
    page = editor.post(address(desk, "?before="), {"dismiss": str(suggestions[0].id)}, follow=True)

    assert page.redirect_chain[0][1] == 302
    assert "1 dismissed." in page.text
    again = editor.post(address(desk), {"reopen": undo_of(page.text)}, follow=True)
    assert "dismissed." not in again.text
    assert states(suggestions) == ["open"] * 3


def test_only_ones_own_strokes_are_offered_to_be_undone(
    desk: Desk, editor: Client, suggestions: list[Suggestion]
) -> None:
    first = suggestions[0]
    dismiss_suggestions(desk=desk, by=member(desk, Role.REVIEWER), ids=[first.id])
    first.refresh_from_db()
    assert first.decided_at

    page = editor.get(address(desk), {"done": first.decided_at.isoformat()})
    refused = post(editor, desk, reopen=first.decided_at.isoformat())

    assert "Undo" not in page.text
    assert refused.status_code == 422
    assert states(suggestions)[0] == "dismissed"


def test_what_a_colleague_decided_meanwhile_is_told_beside_what_is_left(
    desk: Desk, editor: Client, suggestions: list[Suggestion]
) -> None:
    ids = [suggestions[0].id]
    accept_suggestions(desk=desk, by=member(desk, Role.REVIEWER), ids=ids)

    page = post(editor, desk, dismiss=str(suggestions[0].id))

    assert page.status_code == 422
    assert "accepted in the meantime" in page.text
    assert page.text.count("data-row") == 2


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"accept": "7"},
        {"accept": "source:7"},
        {"reopen": "yesterday"},
        {"reopen": "2020-13-45"},
    ],
)
def test_what_means_nothing_changes_nothing(
    desk: Desk, editor: Client, suggestions: list[Suggestion], values: dict[str, str]
) -> None:
    assert post(editor, desk, **values).status_code == 422
    assert editor.post(address(desk), values).status_code == 422
    assert editor.get(address(desk), {"done": "never"}).status_code == 200
    assert states(suggestions) == ["open"] * 3


def test_they_come_in_pages(
    desk: Desk, editor: Client, suggestions: list[Suggestion], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "PAGE", 2)

    first = editor.get(address(desk)).text
    following = re.search(
        r'href="(\?after=[^"]+)" rel="next"|rel="next" href="(\?after=[^"]+)"', first
    )
    assert following
    second = editor.get(address(desk, following[1] or following[2])).text

    assert (first.count("data-row"), second.count("data-row")) == (2, 1)
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second


def test_a_page_asks_the_database_the_same_whatever_its_length(
    desk: Desk, editor: Client, suggestions: list[Suggestion], django_assert_max_num_queries: Any
) -> None:
    propose(desk, "Lachin " + "Lachin " * 30, "C title")

    with django_assert_max_num_queries(18):
        editor.get(address(desk))


def test_the_navigation_counts_them(
    desk: Desk, editor: Client, suggestions: list[Suggestion]
) -> None:
    page = editor.get(f"/desks/{desk.slug}/").text

    assert re.search(r'suggestions/">Suggestions <span class="count">3', page)


def test_a_search_that_is_done_leads_here(desk: Desk, editor: Client) -> None:
    job = Job.objects.create(
        desk=desk,
        type=Job.Type.SUGGEST,
        state=Job.State.DONE,
        created_by=member(desk, Role.EDITOR),
    )

    page = editor.get(f"/desks/{desk.slug}/jobs/{job.id}/").text

    assert "All sources are searched" in page
    assert f'href="{address(desk)}"' in page
