"""A streamed answer as its consumer sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from dadkhah.engine.readers.link import ReaderLink

YIELD_EVERY = 8
"""Blocks taken without waiting before others get the event loop."""


class BlockStream(AsyncIterator[bytes]):
    """The blocks of one answer; ends normally only when the answer is whole. `aclose` ends the query."""

    def __init__(self, link: ReaderLink, abandon: Callable[[ReaderLink], None]) -> None:
        self._link: ReaderLink | None = link
        self._job = link.job
        self._abandon = abandon
        self._taken = 0

    def __aiter__(self) -> BlockStream:
        return self

    async def __anext__(self) -> bytes:
        link = self._link
        if link is None:
            raise StopAsyncIteration
        self._taken += 1
        if self._taken % YIELD_EVERY == 0:
            await asyncio.sleep(0)
        try:
            block = await link.next_block()
        except asyncio.CancelledError:
            await self.aclose()
            raise
        except BaseException:
            self._link = None
            raise
        if block is None:
            self._link = None
            raise StopAsyncIteration
        return block

    async def aclose(self) -> None:
        """End the query if it still runs."""
        link, self._link = self._link, None
        if link is not None and link.job is self._job:
            self._abandon(link)


class _Nothing(AsyncIterator[bytes]):
    """The rest of an answer that was whole already."""

    def __aiter__(self) -> _Nothing:
        return self

    async def __anext__(self) -> bytes:
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Do nothing."""


NOTHING = _Nothing()
