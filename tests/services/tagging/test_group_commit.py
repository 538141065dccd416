"""Wishes that come at the same time, put together or kept apart."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from annotations.errors import Invalid
from annotations.services.tagging.group_commit import GroupCommit

PATIENCE = 10  # seconds


class Work:
    """Doubles numbers; odd ones are wrong. The first call goes on only when it may."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, list[int]]] = []
        self.begun, self.may_end = Event(), Event()

    def __call__(self, about: str, requests: list[int]) -> Sequence[int]:
        self.calls.append((about, requests))
        if len(self.calls) == 1:
            self.begun.set()
            assert self.may_end.wait(PATIENCE)
        if wrong := [request for request in requests if request % 2]:
            raise Invalid({"number": [f"{wrong} is odd."]})
        return [2 * request for request in requests]


def asked_while_busy(
    work: Work, *requests: tuple[str, int], outages: tuple[type[Exception], ...] = ()
) -> list[Future[int]]:
    """The answers to 0 about "a", and to these requests, which came while that was done."""
    group = GroupCommit(work, outages)
    with ThreadPoolExecutor(1 + len(requests)) as threads:
        answers = [threads.submit(group.do, "a", 0)]
        assert work.begun.wait(PATIENCE)
        answers += [threads.submit(group.do, *request) for request in requests]
        while sum(len(queue.waiting) for queue in group.queues.values()) < sum(
            about == "a" for about, _ in requests
        ):
            assert not work.may_end.wait(0.01)
        work.may_end.set()
    return answers


def test_who_comes_while_another_is_served_is_served_with_the_others() -> None:
    work = Work()

    answers = asked_while_busy(work, ("a", 2), ("a", 4), ("a", 6))

    assert [answer.result() for answer in answers] == [0, 4, 8, 12]
    assert [sorted(requests) for _, requests in work.calls] == [[0], [2, 4, 6]]


def test_wishes_about_something_else_wait_for_nobody() -> None:
    work = Work()
    group = GroupCommit(work)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(group.do, "a", 0)
        assert work.begun.wait(PATIENCE)

        assert group.do("b", 2) == 4

        work.may_end.set()
        assert first.result(PATIENCE) == 0


def test_a_mistake_is_answered_to_whoever_made_it() -> None:
    answers = asked_while_busy(Work(), ("a", 2), ("a", 3), ("a", 4), ("a", 5))

    assert [answer.result() for answer in answers[:2]] == [0, 4]
    assert answers[3].result() == 8
    for answer, number in (answers[2], 3), (answers[4], 5):
        with pytest.raises(Invalid, match=rf"\[{number}\] is odd"):
            answer.result()


def test_an_error_of_one_wish_has_no_other_done_again() -> None:
    calls: list[list[int]] = []

    class Halves(Work):
        def __call__(self, about: str, requests: list[int]) -> Sequence[int | Exception]:  # type: ignore[override]
            calls.append(sorted(requests))
            super().__call__(about, [0])
            return [Invalid({"n": [f"{n} is odd."]}) if n % 2 else n // 2 for n in requests]

    answers = asked_while_busy(Halves(), ("a", 2), ("a", 3), ("a", 4))

    assert [answers[0].result(), answers[1].result(), answers[3].result()] == [0, 1, 2]
    with pytest.raises(Invalid, match="3 is odd"):
        answers[2].result()
    assert calls == [[0], [2, 3, 4]]


def test_an_outage_is_answered_to_all_at_once() -> None:
    work = Work()

    answers = asked_while_busy(work, ("a", 3), ("a", 5), ("a", 2), outages=(Invalid,))

    assert answers[0].result() == 0
    for answer in answers[1:]:
        with pytest.raises(Invalid):
            answer.result()
    assert [sorted(requests) for _, requests in work.calls] == [[0], [2, 3, 5]]


def test_nothing_is_kept_when_all_are_served() -> None:
    work = Work()
    work.may_end.set()
    group = GroupCommit(work)

    assert group.do("a", 2) == 4
    gc.collect()

    assert not group.queues
