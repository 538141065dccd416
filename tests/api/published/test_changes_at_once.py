"""The feed of changes while several people publish at the same time, in real transactions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction

from annotations.models import Annotation, Desk, Kind, RelationType, Role, Source
from annotations.queries.live.activity import newest_event
from annotations.services.review import withdraw
from annotations.services.tagging.drafts import Link
from tests import factories
from tests.api.client import anonymous, published, read
from tests.api.published.mirror import Mirror, listed
from tests.hands import MOMENT, PATIENCE, hands

pytestmark = pytest.mark.django_db(transaction=True)


def approval(annotation: Annotation) -> Callable[[], Any]:
    return lambda: factories.approved(annotation)


def retraction(annotation: Annotation) -> Callable[[], Any]:
    reviewer = factories.member(annotation.desk, Role.REVIEWER)
    return lambda: withdraw(annotation=annotation, by=reviewer, reason="It was wrong.")


def feed(desk: Desk, after: int = 0) -> Any:
    return read(anonymous(), published(desk, "changes"), after=after)


def test_a_later_number_is_not_visible_before_an_earlier_one(desk: Desk, source: Source) -> None:
    """The first has its number and waits; the second can neither overtake it nor be seen."""
    first, second = (
        factories.submitted(factories.make_annotation(source, spans=[span]))
        for span in ((0, 6), (7, 17))
    )
    before = feed(desk)["next"]
    with hands() as hand:
        one = hand(approval(first))
        assert one.has_acted.wait(PATIENCE)
        two = hand(approval(second))
        two.may_commit.set()

        overtaken = two.has_acted.wait(MOMENT)
        meanwhile = feed(desk, before)
        one.commit()
        two.done.result(PATIENCE)

    assert not overtaken
    assert (meanwhile["changes"], meanwhile["next"]) == ([], before)
    after = feed(desk, meanwhile["next"])["changes"]
    assert [each["id"] for each in after] == [str(first.id), str(second.id)]
    assert [each["seq"] for each in after] == sorted(each["seq"] for each in after)


def test_a_number_that_was_rolled_back_leaves_no_hole(desk: Desk, source: Source) -> None:
    first, second = (
        factories.submitted(factories.make_annotation(source, spans=[span]))
        for span in ((0, 6), (7, 17))
    )
    before = newest_event(desk)

    def and_then_fails() -> None:
        factories.approved(first)
        transaction.set_rollback(True)

    with hands() as hand:
        one = hand(and_then_fails)
        assert one.has_acted.wait(PATIENCE)
        two = hand(approval(second))
        two.may_commit.set()
        one.commit()
        two.done.result(PATIENCE)

    [change] = feed(desk)["changes"]
    assert (change["id"], change["seq"]) == (str(second.id), before + 1)


@pytest.mark.parametrize("quote_first", [True, False])
@pytest.mark.parametrize("withdrawn", [True, False], ids=["withdrawn", "approved"])
def test_a_link_whose_ends_change_at_once_is_told_of(
    desk: Desk, source: Source, quote_first: bool, withdrawn: bool
) -> None:
    """Neither sees what the other does before it commits; yet no copy keeps a wrong relation."""
    mention = factories.make_annotation(source)
    mention = (factories.approved if withdrawn else factories.submitted)(mention)
    link = Link(RelationType.SAID_BY, mention.id)
    quote = factories.submitted(
        factories.make_annotation(source, kind=Kind.QUOTE, spans=[(7, 17)], links=[link])
    )
    mirror = Mirror(desk)
    mirror.catch_up()
    acts = [approval(quote), (retraction if withdrawn else approval)(mention)]
    with hands() as hand:
        one = hand(acts[0 if quote_first else 1])
        assert one.has_acted.wait(PATIENCE)
        mirror.catch_up()
        two = hand(acts[1 if quote_first else 0])
        assert not two.has_acted.wait(MOMENT)
        one.commit()
        mirror.catch_up()
        two.commit()

    mirror.catch_up()

    assert mirror.annotations == listed(desk)
    assert len(mirror.annotations[str(quote.id)]["relations"]) == (0 if withdrawn else 1)


def test_a_reader_that_polls_while_many_publish_misses_nothing(desk: Desk, source: Source) -> None:
    rows = [
        [
            factories.submitted(factories.make_annotation(source, spans=[(n, n + 9)]))
            for n in range(6)
        ]
        for _ in range(4)
    ]
    mirror = Mirror(desk)
    pages: list[Any] = []

    def publish(rows: list[Annotation], pause: float) -> None:
        try:
            for number, row in enumerate(rows):
                with transaction.atomic():
                    factories.approved(row)
                    sleep(pause)
                if number % 3 == 0:
                    with transaction.atomic():
                        retraction(row)()
                        sleep(pause)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(rows)) as pool:
        writers = [pool.submit(publish, each, n / 500) for n, each in enumerate(rows)]
        while not all(writer.done() for writer in writers):
            pages.append(mirror.step(limit=3))
    for writer in writers:
        writer.result()
    pages.append(mirror.step(limit=100))

    seen = [change["seq"] for page in pages for change in page["changes"]]
    assert seen == [change["seq"] for change in feed(desk)["changes"]]
    assert len(seen) >= 24
    assert mirror.annotations == listed(desk)
