"""When a reader has to be ended: the one place that compares clocks.

In: a link to a reader and the time. Out: why it must end now and what its client is told, or nothing. Ends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from dadkhah.engine.readers.link import ReaderLink, State
from dadkhah.errors import DadkhahError, QueryTimeout

ABANDONED_SECONDS = 0.1
"""A reader whose answer nobody wants may finish within this time: cheaper than a new one."""
START_SECONDS = 60.0
"""A reader that has not opened its data by then will not."""
LATE_TEXT = "the query was stopped at its time limit; ask for less at a time"
SLOW_TEXT = "the answer was read too slowly; ask for less of it"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a reader ends, in the words of `Observer.reader_ended`, and the error of its query."""

    reason: str
    error: DadkhahError | None = None


def verdict(
    link: ReaderLink, now: float, *, stall_seconds: float, stream_seconds: float, pressed: bool
) -> Verdict | None:
    """Judge one reader.

    Args:
        link: the reader.
        now: loop time.
        stall_seconds: how long the consumer of a stream may take nothing.
        stream_seconds: the longest a stream may take in all.
        pressed: whether others wait for a reader.
    """
    state = link.state
    if state is State.RUNNING:
        return _late() if link.job is not None and now >= link.job.deadline else None
    if state is State.STREAMING:
        return _of_stream(link, now, stall_seconds, stream_seconds, pressed=pressed)
    if state is State.ABANDONED:
        return Verdict("abandoned") if now - link.since >= ABANDONED_SECONDS else None
    if state is State.STARTING:
        return Verdict("failed") if now - link.created_at >= START_SECONDS else None
    return None


def _of_stream(
    link: ReaderLink, now: float, stall_seconds: float, stream_seconds: float, *, pressed: bool
) -> Verdict | None:
    job = link.job
    assert job is not None
    if link.consumer_waits:
        if now - link.since >= link.engine_seconds_left:
            return _late()
    elif now - link.since >= stall_seconds or (pressed and now >= job.deadline):
        # a slow consumer may take longer than the deadline only as long as nobody else needs the reader
        return Verdict("stalled", QueryTimeout(SLOW_TEXT))
    return _late() if now - job.started_at >= stream_seconds else None


def _late() -> Verdict:
    return Verdict("deadline", QueryTimeout(LATE_TEXT))
