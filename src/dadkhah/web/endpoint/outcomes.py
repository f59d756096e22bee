"""How a request to the endpoint ends when it does not end well: under which name it is counted, what a client is told.

In: an error. Out: a label of the metrics, and a problem document on `send`.
"""

from __future__ import annotations

from collections.abc import Callable

from dadkhah.engine.interface import QueryForm
from dadkhah.errors import Busy, InputError
from dadkhah.web.endpoint.answer_head import VARY
from dadkhah.web.endpoint.metrics import OUTCOMES
from dadkhah.web.wire.exchange import Send, send_whole
from dadkhah.web.wire.problems import HttpError, code_of, problem_of

Inspect = Callable[[str], QueryForm]
"""Accepts a query and says its form, or raises `QuerySyntaxError`, `QueryRefused` or `QueryTooLarge`."""


def outcome_of(error: BaseException) -> str:
    """The name under which an error is counted."""
    if isinstance(error, HttpError):
        return "bad-request"
    code = code_of(type(error))
    names = {"query-timeout": "timeout", "query-refused": "refused", "remote-error": "remote-error"}
    if code in names:
        return names[code]
    if isinstance(error, Busy) or code in OUTCOMES:
        return code
    if code.endswith("-too-large"):
        return "too-large"
    return "bad-request" if isinstance(error, InputError) else "error"


async def send_problem(error: Exception, send: Send) -> None:
    """Send an error as problem details."""
    problem = problem_of(error)
    await send_whole(send, problem.status, [*problem.all_headers(), VARY], problem.body)
