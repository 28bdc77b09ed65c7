"""One turn at a time in a conversation, none of another's business."""

from __future__ import annotations

import asyncio

from service.gateway.order import Order


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
