from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from annotations.models import Kind, RelationType
from annotations.queries.published import linked_graph
from annotations.services.tagging.drafts import Link
from tests.factories import approved, make_annotation, make_desk, make_source

pytestmark = pytest.mark.django_db


def test_what_was_withdrawn_between_two_reads_is_left_out() -> None:
    desk = make_desk()
    source = make_source(desk)
    speaker = approved(make_annotation(source))
    link = Link(RelationType.SAID_BY, speaker.id)
    quote = approved(make_annotation(source, kind=Kind.QUOTE, fields={}, links=[link]))

    def withdrawn_meanwhile(document: dict[str, Any], around: linked_graph.Surroundings) -> dict:
        return linked_graph.quote(document, replace(around, targets={}))

    [before] = linked_graph.shaped(desk, [quote.id], linked_graph.quote)
    [after] = linked_graph.shaped(desk, [quote.id], withdrawn_meanwhile)

    assert [mention["id"] for mention in before["said_by"]] == [str(speaker.id)]
    assert after["said_by"] == []
