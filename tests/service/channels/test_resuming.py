"""What came before a start is taken up by it; what comes afterwards is under way already."""

from __future__ import annotations

import datetime as dt

from service.channels.resuming import resume
from service.store import Store
from service.store.channels import Channels, Delivery
from service.store.cipher import Cipher


async def test_only_what_came_before_the_start_is_taken_up(store: Store) -> None:
    channels = Channels(store.database, Cipher(None))
    channels.receive("teams:before", "{}")
    done: list[str] = []

    async def again(key: str, _body: str) -> None:
        done.append(key)

    class Later(Channels):
        """Another delivery comes while the start looks for what was left."""

        def take_up(self, channel: str, before: dt.datetime) -> list[Delivery]:
            self.receive("teams:after", "{}")
            return super().take_up(channel, before)

    await resume("teams", Later(store.database, Cipher(None)), again, again)
    assert done == ["teams:before"]
