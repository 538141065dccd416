"""Tag all by the API: propose, list, accept, dismiss, put back."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from annotations.models import Annotation, Desk, Event, Job, Role, Suggestion
from annotations.services import jobs
from annotations.suggesters.occurrences import ORIGIN
from annotations.tasks import WORK
from tests import factories
from tests.api.client import as_role, read, work

pytestmark = pytest.mark.django_db

TEXT = "Baku said no. 🙂 Baku`s answer was Baku."


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk()


@pytest.fixture
def mention(desk: Desk) -> Annotation:
    return factories.make_annotation(factories.make_source(desk, text=TEXT), spans=[(0, 4)])


@pytest.fixture
def editor(desk: Desk) -> APIClient:
    return as_role(desk, Role.EDITOR)


def search(editor: APIClient, mention: Annotation, scope: str = "source") -> Any:
    address = work(mention.desk, f"annotations/{mention.id}/suggestions")
    return editor.post(address, {"scope": scope})


def ids(suggestions: list[dict[str, Any]]) -> list[str]:
    return [each["id"] for each in suggestions]


def decide(editor: APIClient, desk: Desk, step: str, suggestions: list[dict[str, Any]]) -> Any:
    response = editor.post(work(desk, f"suggestions/{step}"), {"ids": ids(suggestions)})
    assert response.status_code == 200, response.content
    return response.json()


def test_a_search_answers_with_what_is_open(
    desk: Desk, editor: APIClient, mention: Annotation
) -> None:
    factories.make_source(desk)

    first, again = search(editor, mention), search(editor, mention)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    body = first.json()
    assert (body["more"], body["other_sources"]) == (0, 1)
    assert [each["spans"] for each in body["suggestions"]] == [
        [{"start": 16, "end": 20, "exact": "Baku"}],
        [{"start": 34, "end": 38, "exact": "Baku"}],
    ]
    one = body["suggestions"][0]
    assert (one["prefix"], one["suffix"]) == ("Baku said no. 🙂 ", "`s answer was Baku.")
    assert (one["kind"], one["label"], one["fields"]) == ("entity", "place", {})
    assert (one["origin"], one["prompted_by"]) == (ORIGIN, str(mention.id))
    assert (one["state"], one["annotation"], one["decided_by"]) == ("open", None, None)
    assert one["proposed_by"]["name"] == "Editor"


def test_a_search_of_the_desk_is_a_job(desk: Desk, editor: APIClient, mention: Annotation) -> None:
    factories.make_source(desk, text="From Baku with love.")

    response = search(editor, mention, "desk")

    assert response.status_code == 202
    assert read(editor, response["Location"])["state"] == "queued"
    jobs.run(Job.objects.get().id, WORK)
    assert read(editor, response["Location"])["state"] == "done"
    assert len(read(editor, work(desk, "suggestions"))["results"]) == 3


def test_the_list_comes_in_pages_and_by_source_and_state(
    desk: Desk, editor: APIClient, mention: Annotation
) -> None:
    suggestions = search(editor, mention).json()["suggestions"]
    other = factories.make_annotation(
        factories.make_source(desk, text="Ankara, Ankara"), spans=[(0, 6)]
    )
    elsewhere = search(editor, other).json()["suggestions"]
    everything, reader = work(desk, "suggestions"), as_role(desk, Role.READER)

    first = read(reader, everything, page_size=2)
    rest = read(reader, first["next"])

    assert first["results"] == suggestions
    assert rest == {"next": None, "results": elsewhere}
    assert read(reader, everything, source=str(other.source_id))["results"] == elsewhere
    assert read(reader, everything, state="dismissed")["results"] == []
    decide(editor, desk, "dismiss", elsewhere)
    assert ids(read(reader, everything, state="dismissed")["results"]) == ids(elsewhere)


def test_accepting_answers_with_drafts_of_ones_own_in_the_order_asked_for(
    desk: Desk, editor: APIClient, mention: Annotation
) -> None:
    suggestions = search(as_role(desk, Role.REVIEWER), mention).json()["suggestions"][::-1]

    annotations = decide(editor, desk, "accept", suggestions)["annotations"]

    assert [each["spans"] for each in annotations] == [each["spans"] for each in suggestions]
    for each in annotations:
        assert (each["state"], each["version"], each["origin"]) == ("draft", 1, ORIGIN)
        assert each["author"]["name"] == "Editor"
    assert decide(editor, desk, "accept", suggestions)["annotations"] == annotations
    [accepted, _] = read(editor, work(desk, "suggestions"), state="accepted")["results"]
    assert accepted["annotation"] == annotations[-1]["id"]
    assert accepted["decided_by"]["name"] == "Editor"


def test_undo_and_redo_of_an_acceptance(desk: Desk, editor: APIClient, mention: Annotation) -> None:
    suggestions = search(editor, mention).json()["suggestions"]
    first = decide(editor, desk, "accept", suggestions)["annotations"]

    back = decide(editor, desk, "reopen", suggestions)["suggestions"]

    assert back == suggestions
    listed = read(editor, work(desk, f"sources/{mention.source_id}/annotations"))["annotations"]
    assert ids(listed) == [str(mention.id)]
    assert ids(decide(editor, desk, "accept", suggestions)["annotations"]) == ids(first)


def test_a_person_s_own_tag_has_no_origin(editor: APIClient, mention: Annotation) -> None:
    assert read(editor, work(mention.desk, f"annotations/{mention.id}"))["origin"] == ""


def test_what_somebody_decided_meanwhile_is_told(
    desk: Desk, editor: APIClient, mention: Annotation
) -> None:
    suggestions = search(editor, mention).json()["suggestions"]
    decide(editor, desk, "dismiss", suggestions[:1])

    response = editor.post(work(desk, "suggestions/accept"), {"ids": ids(suggestions)})

    assert response.status_code == 409
    assert "dismissed in the meantime" in response.json()["detail"]
    assert Suggestion.objects.filter(state="accepted").count() == 0


def test_looking_records_nothing(desk: Desk, editor: APIClient, mention: Annotation) -> None:
    events = Event.objects.count()

    response = editor.get(work(desk, f"annotations/{mention.id}/suggestions"))

    assert [place["suggestion"] for place in response.json()["places"]] == [None] * len(
        response.json()["places"]
    )
    assert response.json()["places"]
    assert not Suggestion.objects.exists()
    assert Event.objects.count() == events


def test_only_the_places_that_are_wanted_are_recorded(
    desk: Desk, editor: APIClient, mention: Annotation
) -> None:
    address = work(desk, f"annotations/{mention.id}/suggestions")
    places = editor.get(address).json()["places"]
    [wanted] = places[-1]["spans"]

    made = editor.post(address, {"scope": "source", "spans": [wanted]}).json()["suggestions"]

    assert [each["spans"] for each in made] == [[wanted]]
    assert Suggestion.objects.count() == 1
    again = editor.get(address).json()["places"]
    assert [each["spans"] for each in again] == [each["spans"] for each in places]
    assert [each["suggestion"] for each in again][-1] == made[0]["id"]


def test_a_place_where_the_words_do_not_stand_is_not_recorded(
    desk: Desk, editor: APIClient, mention: Annotation
) -> None:
    address = work(desk, f"annotations/{mention.id}/suggestions")

    nowhere = editor.post(address, {"spans": [{"start": 1, "end": 3}]})
    no_span = editor.post(address, {"spans": [{"start": 3, "end": 3}]})

    assert nowhere.json()["suggestions"] == []
    assert no_span.status_code == 422
    assert not Suggestion.objects.exists()
