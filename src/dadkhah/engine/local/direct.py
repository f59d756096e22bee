"""An engine that answers by a call instead of a task: what a small answer over HTTP costs is mostly switches of tasks.

In: a request and an outlet for the beginning of its answer. Out: calls of that outlet on the event loop.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from dadkhah.engine.interface import Answer, Engine, Outlet, QueryRequest
from dadkhah.engine.waiting.job import Job


@runtime_checkable
class DirectEngine(Engine, Protocol):
    """An `Engine` that can also be asked without a task; the local pool is one."""

    def submit(self, request: QueryRequest, begun: Outlet) -> Job:
        """Hand over one query; `begun` is called later from the event loop, never before this returns.

        Raises what `query` raises while no engine has seen the query: `Busy`, `QueryTooLarge`, `ReaderLost`.
        """
        ...

    def rest(self, submission: Job) -> Answer:
        """The answer whose first block is there.

        Raises `QueryTimeout` or `ReaderLost` where it was ended since `begun` was told.
        """
        ...

    def give_up(self, submission: Job) -> None:
        """End a query that nobody waits for any more."""
        ...
