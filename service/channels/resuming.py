"""What was acknowledged to a platform and not finished: taken up again at the start, but not for ever."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from service.channels.courier import Courier
from service.errors import StoreUnavailable
from service.gateway import outbox
from service.logs import logger
from service.metrics import Metrics
from service.store.attempts import MOST_ATTEMPTS
from service.store.channels import Channels, Place

PAUSE = 2.0
Act = Callable[[str, str], Awaitable[None]]


async def resume(channel: str, channels: Channels, again: Act, refer: Act) -> None:
    """Call `again` with key and body of each unfinished delivery, or `refer` where that has failed too often:
    a delivery that brings the desk down would otherwise do so at every start. What comes from now on is under
    way already."""
    started = dt.datetime.now(dt.UTC)
    while True:
        try:
            left = await asyncio.to_thread(channels.take_up, channel, started)
            break
        except StoreUnavailable:
            logger().warning("fault", fault="store")
            await asyncio.sleep(PAUSE)
    for delivery in left:
        await (again if delivery.attempts < MOST_ATTEMPTS else refer)(delivery.key, delivery.body)
        logger().info("resumed", reference=delivery.key, count=delivery.attempts)


async def refer(
    channel: str, metrics: Metrics, courier: Courier, place: Place | None, fault: dict[str, Any]
) -> None:
    """Say to whoever sent a delivery that it cannot be worked on, and count it; `fault` goes to the log."""
    reference = secrets.token_hex(4)
    logger().error("delivery_failed", reference=reference, **fault)
    metrics.faults.labels(f"{channel}_delivery").inc()
    if place is not None:
        await courier.say(place, [outbox.fault("", reference)])
