"""One turn at a time in a conversation, none of another's business."""

from __future__ import annotations

import asyncio

from service.gateway.order import Arrivals, Order


async def test_turns_of_a_conversation_run_one_after_another_in_order() -> None:
    order, seen = Order(), []

    async def turn(number: int) -> None:
        async with order.turn("a"):
            seen.append(("in", number))
            await asyncio.sleep(0)
            seen.append(("out", number))

    await asyncio.gather(*(turn(number) for number in range(4)))
    assert seen == [(way, number) for number in range(4) for way in ("in", "out")]


async def test_another_conversation_does_not_wait() -> None:
    order = Order()
    async with order.turn("a"), order.turn("b"):
        pass


async def test_an_empty_queue_is_forgotten() -> None:
    order = Order()
    async with order.turn("a"):
        pass
    assert vars(order) == {"_locks": {}, "_standing": {}}


async def test_what_was_said_first_is_done_first_whatever_came_first() -> None:
    arrivals: Arrivals[int] = Arrivals(0.05)
    done: list[int] = []

    async def work(number: int) -> int:
        await asyncio.sleep(0.01)
        done.append(number)
        return number

    async def arrive(number: int) -> int:
        await asyncio.sleep(0.01 * (5 - number))
        return await arrivals.run("place", "person", float(number), lambda: work(number))

    assert await asyncio.gather(*(arrive(number) for number in range(5))) == [0, 1, 2, 3, 4]
    assert done == [0, 1, 2, 3, 4]
    assert arrivals._waiting == {}


async def test_what_breaks_breaks_for_its_own_sender_alone() -> None:
    arrivals: Arrivals[str] = Arrivals(0.01)

    async def broken() -> str:
        raise ValueError

    async def whole() -> str:
        return "done"

    found = await asyncio.gather(
        arrivals.run("place", "person", 2.0, whole),
        arrivals.run("place", "person", 1.0, broken),
        return_exceptions=True,
    )
    assert found[0] == "done"
    assert isinstance(found[1], ValueError)


async def test_what_is_still_being_stored_is_waited_for() -> None:
    arrivals: Arrivals[None] = Arrivals(0.02)
    done: list[str] = []

    async def say(words: str) -> None:
        done.append(words)

    async def first() -> None:
        with arrivals.coming("person"):
            await asyncio.sleep(0.2)  # a slow commit
        await arrivals.run("place", "person", 1.0, lambda: say("first"))

    async def second() -> None:
        await asyncio.sleep(0.01)
        await arrivals.run("place", "person", 2.0, lambda: say("second"))

    await asyncio.gather(first(), second())
    assert done == ["first", "second"]
