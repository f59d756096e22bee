"""Judges documents that strangers send, each in a process of its own that can be stopped.

In: bytes. Out: a report. The processes are few, so that judging never takes the machine from those who ask queries.
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys

from dadkhah.errors import Busy, LimitError
from dadkhah.snapshot.publishing.registry import Registry

log = logging.getLogger("dadkhah.serve")
RUNNING = 1
WAITING = 8
SECONDS = 30.0
_RETRY_SECONDS = 5


class Submissions:
    """Runs `dadkhah.cli.service.submission`, one document at a time; `dadkhah.web.routes.validate.Judge`."""

    def __init__(self, registry: Registry | None) -> None:
        """Judge with what the current snapshot knows; over a remote engine nothing is known of other records."""
        self._registry = registry
        self._places = asyncio.Semaphore(RUNNING)
        self._inside = 0

    async def judge(self, document: bytes, wanted: str) -> bytes:
        """A report in JSON (`wanted` is `json`) or as RDF (its media type).

        Raises:
            Busy: others are being judged and more wait.
            LimitError: the document takes more time or memory to judge than is given.
        """
        if self._inside >= RUNNING + WAITING:
            raise Busy("Other documents are being judged; try again.", retry_after_seconds=_RETRY_SECONDS)
        self._inside += 1
        try:
            async with self._places:
                return await _judged(document, wanted, self._store())
        finally:
            self._inside -= 1

    def _store(self) -> str:
        snapshot = None if self._registry is None else self._registry.pointed()
        return "" if snapshot is None else str(snapshot.store_path)


async def _judged(document: bytes, wanted: str, store: str) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "dadkhah.cli.service.submission", wanted, store,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            answer, _ = await process.communicate(document)
    except TimeoutError as error:
        raise LimitError(f"The document takes more than {SECONDS:g} seconds to judge; send less at once.") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        log.warning("a document could not be judged", extra={"fields": {"status": process.returncode}})
        raise LimitError("The document takes more memory or time to judge than is given; send less at once.")
    return answer
