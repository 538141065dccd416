"""No span begins or ends with white space, whichever way it comes; older rows stay and go on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from annotations.errors import Invalid
from annotations.models import Annotation, Desk, Kind, Role, Source, Span, Suggestion
from annotations.models.identity import new_id
from annotations.services.suggestions.decide import accept_suggestions, dismiss_suggestions
from annotations.services.suggestions.decide import reopen_suggestions as reopen
from annotations.services.suggestions.propose import suggest_occurrences
from annotations.services.tagging.annotations import edit_annotation
from annotations.text.spans import BLANK
from tests.api.client import as_role, work
from tests.factories import approved, make_annotation, make_desk, make_entity, make_source, member
from tests.models.attacks import insert_span, insert_version, refused

pytestmark = pytest.mark.django_db
RULES = {"span_is_trimmed": "annotations_span", "suggestion_is_trimmed": "annotations_suggestion"}
TEXT = "Baku \u2003said\u00a0no\u3000to Baku.\n"  # “said” stands at 6
AROUND = {"start": 4, "end": 11}  # with white space on both sides
SAID = {"start": 6, "end": 10, "exact": "said"}


@pytest.fixture
def desk() -> Desk:
    return make_desk()


@pytest.fixture
def source(desk: Desk) -> Source:
    return make_source(desk, text=TEXT)


@pytest.fixture
def editor(desk: Desk) -> APIClient:
    return as_role(desk, Role.EDITOR)


def tag(**said: Any) -> dict[str, Any]:
    return {"id": str(new_id()), "kind": "entity", "label": "place", "spans": [AROUND], **said}


def spans(annotation: Annotation) -> list[tuple[int, int, str]]:
    head = Annotation.objects.get(id=annotation.id).head
    return list(Span.objects.filter(version=head).values_list("start", "end", "exact"))


@contextmanager
def before_the_rule(rule: str) -> Iterator[None]:
    """A transaction that writes what the rule refuses now."""
    switch(f"DISABLE TRIGGER {rule}", RULES[rule])
    try:
        with transaction.atomic():
            yield
    finally:
        switch(f"ENABLE TRIGGER {rule}", RULES[rule])


def switch(how: str, table: str) -> None:
    with connection.as_owner(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"ALTER TABLE {table} {how}")


@pytest.mark.parametrize("rule", RULES)
def test_the_database_calls_blank_what_the_services_do(rule: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger"
            " WHERE tgname = %s AND tgrelid = %s::regclass",
            [rule, RULES[rule]],
        )
        found = re.search(r"btrim\(new\.exact, (.*?)\)\)", cursor.fetchone()[0], re.DOTALL)
        assert found
        cursor.execute(
            "SELECT code FROM generate_series(1, 1114111) code"
            f" WHERE code NOT BETWEEN 55296 AND 57343 AND btrim(chr(code), {found[1]}) = ''"
        )
        assert {chr(code) for (code,) in cursor.fetchall()} == set(BLANK)


@pytest.mark.parametrize("blank", BLANK, ids=ascii)
def test_raw_sql_writes_no_span_with_white_space_around(blank: str) -> None:
    annotation = make_annotation(make_source(make_desk(), text=f"Ankara{blank}said{blank}no"))
    version = insert_version(annotation)

    for start, end in ((6, 11), (7, 12), (6, 12), (6, 7)):
        with refused("span_is_trimmed"):
            insert_span(version, start, end, f"Ankara{blank}said{blank}no"[start:end])

    insert_span(version, 7, 11, "said")


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    before=st.text(st.sampled_from(BLANK), max_size=40),
    words=st.text(st.sampled_from(f"{BLANK}ab🙂\u0301\u200b"), min_size=1, max_size=8),
    after=st.text(st.sampled_from(BLANK), max_size=40),
)
def test_what_is_written_is_trimmed_with_what_stands_around_it(
    before: str, words: str, after: str
) -> None:
    text = f"x{before}{words}{after}y".replace("\r", "\n")  # as the importers leave it
    text += " and so on" * 30  # a text that is mostly control characters is no text
    source = make_source(make_desk(), text=text)
    end = 1 + len(before) + len(words) + len(after)
    whole = [(1, end)]
    exact = text[1:end].strip(BLANK)
    if not exact:
        with pytest.raises(Invalid):
            make_annotation(source, spans=whole)
        return

    annotation = make_annotation(source, spans=whole)

    span = Span.objects.get(version=annotation.head)
    assert (span.exact, text[span.start : span.end]) == (exact, exact)
    assert span.prefix == text[max(0, span.start - 32) : span.start]
    assert span.suffix == text[span.end : span.end + 32]


def test_one_tag_by_the_api_is_trimmed_and_the_answer_says_so(
    source: Source, editor: APIClient
) -> None:
    body = tag(spans=[{**AROUND, "exact": TEXT[4:11]}])
    address = work(source.desk, f"sources/{source.id}/annotations")

    answer = editor.post(address, body, format="json")
    again = editor.post(address, body, format="json")

    assert (answer.status_code, again.status_code) == (201, 200)
    assert answer.json()["spans"] == again.json()["spans"] == [SAID]


def test_the_words_that_are_sent_are_compared_before_they_are_trimmed(
    source: Source, editor: APIClient
) -> None:
    address = work(source.desk, f"sources/{source.id}/annotations")

    answer = editor.post(address, tag(spans=[{**AROUND, "exact": "said"}]), format="json")

    assert answer.status_code == 422
    assert not Annotation.objects.exists()


def test_a_batch_and_an_edit_by_the_api_are_trimmed(source: Source, editor: APIClient) -> None:
    address = work(source.desk, f"sources/{source.id}/annotations")
    batch = editor.post(f"{address}/batch", {"annotations": [tag(), tag()]}, format="json")
    assert [each["spans"] for each in batch.json()["annotations"]] == [[SAID], [SAID]]

    id = batch.json()["annotations"][0]["id"]
    edit = editor.patch(
        work(source.desk, f"annotations/{id}"),
        {"spans": [{"start": 10, "end": 14}]},
        format="json",
        headers={"If-Match": '"v1"'},
    )

    assert edit.json()["spans"] == [{"start": 11, "end": 13, "exact": "no"}]


def test_a_span_of_nothing_but_white_space_is_refused(source: Source, editor: APIClient) -> None:
    address = work(source.desk, f"sources/{source.id}/annotations")

    answer = editor.post(address, tag(spans=[{"start": 4, "end": 6}]), format="json")

    assert answer.status_code == 422
    assert answer.json()["errors"]["spans"] == ["The span holds only white space."]


def test_parts_that_meet_in_white_space_alone_do_not_overlap(source: Source) -> None:
    quote = make_annotation(source, kind=Kind.QUOTE, spans=[(0, 6), (4, 11)])

    assert spans(quote) == [(0, 4, "Baku"), (6, 10, "said")]


def test_what_is_proposed_is_trimmed(desk: Desk) -> None:
    """A name of the register may end in a mark that no Python strips."""
    text = "Ankara, \ufeffBaku\ufeff and \ufeffBaku\ufeff."
    record = make_entity(desk, "\ufeffBaku\ufeff")
    mention = make_annotation(
        make_source(desk, text=text), spans=[(0, 6)], fields={"entity": str(record.id)}
    )

    found = suggest_occurrences(annotation=mention, by=member(desk, Role.EDITOR))

    proposed = Suggestion.objects.filter(id__in=found.ids)
    assert [each.exact for each in proposed] == ["Baku", "Baku"]


@pytest.mark.django_db(transaction=True)
class TestRowsOfBefore:
    """Written before the rule, so with white space around."""

    @pytest.fixture
    def older(self, source: Source) -> Annotation:
        annotation = make_annotation(source, spans=[(0, 4)])
        with before_the_rule("span_is_trimmed"):
            annotation.head = insert_version(annotation)
            insert_span(annotation.head, 4, 11, TEXT[4:11])
            annotation.save()
        return annotation

    @pytest.fixture
    def suggestion(self, source: Source) -> Suggestion:
        mention = make_annotation(source, spans=[(0, 4)])
        row = Suggestion(
            desk=source.desk, source=source, revision=mention.head.revision, kind=mention.kind,
            label=mention.head.label, start=4, end=11, exact=TEXT[4:11], origin="older/1",
            prompted_by=mention, proposed_by=mention.created_by,
        )  # fmt: skip
        with before_the_rule("suggestion_is_trimmed"):
            Suggestion.objects.bulk_create([row])
        return row

    def test_they_are_reviewed_and_published_as_they_are(self, older: Annotation) -> None:
        assert spans(approved(older)) == [(4, 11, TEXT[4:11])]

    def test_their_next_version_is_trimmed(self, older: Annotation) -> None:
        edit_annotation(
            annotation=older, by=older.created_by, expected_version=2, label="organization"
        )

        assert spans(older) == [(6, 10, "said")]

    def test_suggestions_are_dismissed_put_back_and_accepted(self, suggestion: Suggestion) -> None:
        about: dict[str, Any] = {"desk": suggestion.desk, "ids": [suggestion.id]}
        about["by"] = member(suggestion.desk, Role.EDITOR)
        dismiss_suggestions(**about)
        reopen(**about)

        became = accept_suggestions(**about)[suggestion.id]

        assert spans(Annotation.objects.get(id=became)) == [(6, 10, "said")]
