"""Answers given before an application or a task sees the request, and requests recognised by their very bytes.

In: requests as they come off a connection. Out: heads and bodies for the wire, or nothing. Parses nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Protocol

from dadkhah.web.wire.cache import Raw
from dadkhah.web.wire.exchange import Exchange

Known = tuple[bytes, bytes]
"""The head of an answer, after the status line and the date, and its body."""
# requests whose very bytes are remembered, and how long they may be
_REPEATED = 4096
_REPEATED_BYTES = 2048


class Immediate(Protocol):
    """Answers what is known already."""

    def __call__(self, exchange: Exchange, /) -> Known | bool:
        """The answer; True where the exchange was taken over and will be answered; False: ask the application."""
        ...

    def again(self, request: Raw, /) -> Known | None:
        """The answer to a request that was answered at once before, where it is still known."""
        ...


class Never:
    """Leaves every request to the application."""

    def __call__(self, _exchange: Exchange, /) -> bool:
        """Know nothing."""
        return False

    def again(self, _request: Raw, /) -> None:
        """Know nothing."""


class Repeats:
    """Whole requests, byte for byte, that could be answered at once: the same bytes are the same request."""

    def __init__(self, immediate: Immediate) -> None:
        self._immediate = immediate
        self._requests: OrderedDict[bytes, Raw] = OrderedDict()

    def find(self, data: bytes) -> Known | None:
        """The answer to exactly these bytes."""
        raw = self._requests.get(data)
        return None if raw is None else self._immediate.again(raw)

    def remember(self, data: bytes, exchange: Exchange) -> None:
        """Note that these bytes are one whole request without a body, which was answered at once."""
        if len(data) <= _REPEATED_BYTES:
            self._requests[data] = (exchange.url, exchange.accept, exchange.coding)
            if len(self._requests) > _REPEATED:
                self._requests.popitem(last=False)
