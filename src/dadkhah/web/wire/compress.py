"""Content codings of responses: gzip (RFC 1952) and brotli (RFC 7932).

In: bytes of an answer and a coding chosen by `negotiate.choose_coding`. Out: coded bytes, in one piece or as they come.
"""

from __future__ import annotations

import asyncio
import zlib
from typing import Protocol

import brotli

# below this an answer is sent as it is: the header of the coding would eat the gain
SMALLEST = 1024
# results are repetitive: more effort costs CPU time and saves little
_GZIP_LEVEL = 4
_BROTLI_QUALITY = 4
_GZIP_WINDOW = 31
# from here on compressing takes long enough to be worth a thread; zlib and brotli free the interpreter meanwhile
_THREAD_FROM = 32_768


class _Coder(Protocol):
    def process(self, data: bytes) -> bytes: ...
    def flush(self) -> bytes: ...
    def finish(self) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._stream = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)

    def process(self, data: bytes) -> bytes:
        return self._stream.compress(data)

    def flush(self) -> bytes:
        return self._stream.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._stream.flush(zlib.Z_FINISH)


def _coder(coding: str) -> _Coder:
    if coding == "br":
        made: _Coder = brotli.Compressor(quality=_BROTLI_QUALITY)
        return made
    return _Gzip()


async def compress(body: bytes, coding: str) -> bytes:
    """Code a whole answer."""

    def run() -> bytes:
        coder = _coder(coding)
        return coder.process(body) + coder.finish()

    return await asyncio.to_thread(run) if len(body) >= _THREAD_FROM else run()


class StreamCoder:
    """Codes an answer as it comes; the first bytes go out at once, so that the client sees that it has begun."""

    def __init__(self, coding: str) -> None:
        self._coder = _coder(coding)
        self._begun = False

    async def feed(self, chunk: bytes) -> bytes:
        """Coded bytes for a part of the answer; may be empty."""
        if not self._begun:
            self._begun = True
            return self._coder.process(chunk) + self._coder.flush()
        if len(chunk) < _THREAD_FROM:
            return self._coder.process(chunk)
        return await asyncio.to_thread(self._coder.process, chunk)

    def finish(self) -> bytes:
        """The last coded bytes; without them a decoder knows that the answer was cut."""
        return self._coder.finish()
