"""The bounded queue of requests, and that a client that leaves it leaves no work behind."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from project.http.turns import Busy, Gone, Turns


class Client:
    """Waits for its answer until it leaves."""

    def __init__(self) -> None:
        self.left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self.left.wait()
        return {"type": "http.disconnect"}


async def served(turns: Turns, client: Client, done: list[Client], end: asyncio.Event) -> str:
    try:
        async with turns.turn(client.receive):
            done.append(client)
            await end.wait()
    except Busy:
        return "busy"
    except Gone:
        return "gone"
    return "served"


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_those_who_wait_are_served_in_order_and_only_so_many_wait() -> None:
    async def scene() -> None:
        turns, end, done = Turns(at_once=1, waiting=2, patience=60), asyncio.Event(), []
        clients = [Client() for _ in range(4)]
        tasks = [asyncio.create_task(served(turns, each, done, end)) for each in clients]
        await settle()
        assert done == clients[:1]

        end.set()

        assert await asyncio.gather(*tasks) == ["served", "served", "served", "busy"]
        assert done == clients[:3]
        assert (turns.free, len(turns.queue)) == (1, 0)

    asyncio.run(scene())


def test_work_of_clients_that_left_is_never_done_and_makes_room() -> None:
    async def scene() -> None:
        turns, end, done = Turns(at_once=1, waiting=50, patience=60), asyncio.Event(), []
        first, last = Client(), Client()
        leaving = [Client() for _ in range(50)]
        tasks = [asyncio.create_task(served(turns, each, done, end)) for each in [first, *leaving]]
        await settle()
        for each in leaving:
            each.left.set()
        await settle()
        tasks.append(asyncio.create_task(served(turns, last, done, end)))
        await settle()

        end.set()

        assert await asyncio.gather(*tasks) == ["served", *["gone"] * 50, "served"]
        assert done == [first, last]
        assert turns.free == 1

    asyncio.run(scene())


def test_nobody_waits_for_ever() -> None:
    async def scene() -> None:
        turns, end = Turns(at_once=1, waiting=5, patience=0.01), asyncio.Event()
        first = asyncio.create_task(served(turns, Client(), [], end))
        await settle()

        assert await served(turns, Client(), [], end) == "busy"

        end.set()
        assert await first == "served"
        assert turns.free == 1

    asyncio.run(scene())


@pytest.mark.parametrize("seed", range(20))
def test_however_they_come_and_leave_no_turn_is_lost(seed: int) -> None:
    async def scene() -> None:
        chance = random.Random(seed)  # noqa: S311
        turns, running = Turns(at_once=3, waiting=5, patience=0.02), []
        at_work = most = 0

        async def visit(client: Client) -> None:
            nonlocal at_work, most
            try:
                async with turns.turn(client.receive):
                    at_work += 1
                    most = max(most, at_work)
                    await asyncio.sleep(chance.random() / 100)
                    at_work -= 1
            except (Busy, Gone):
                return

        clients = [Client() for _ in range(60)]
        for client in clients:
            running.append(asyncio.create_task(visit(client)))
            if chance.random() < 0.3:
                chance.choice(clients).left.set()
            await asyncio.sleep(chance.random() / 500)
        await asyncio.gather(*running)

        assert most <= 3
        assert (turns.free, len(turns.queue)) == (3, 0)

    asyncio.run(scene())
