"""Errors as problem details (RFC 9457), in one shape on every route.

In: an exception. Out: status, headers and a JSON document. One table maps error classes to statuses; it never shows
a path, a host or a stack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus

import orjson

from dadkhah import errors
from dadkhah.iris import DEFAULT_BASE
from dadkhah.web.wire.headers import COMMON, NO_STORE, Header

PROBLEM_JSON = b"application/problem+json"
RETRY_SECONDS = 2

# class -> status; a class that is not named here takes the status of its nearest named ancestor
STATUSES: dict[type[errors.DadkhahError], int] = {
    errors.DadkhahError: 500,
    errors.InputError: 400,
    errors.QueryRefused: 403,
    errors.NotFound: 404,
    errors.ValidationRefused: 422,
    errors.LimitError: 503,
    errors.QueryTimeout: 503,
    errors.QueryTooLarge: 413,
    errors.ResultTooLarge: 422,
    errors.OutOfMemory: 507,
    errors.ReaderLost: 503,
    errors.Busy: 503,
    errors.SnapshotError: 503,
    errors.RemoteError: 502,
    errors.ConfigurationError: 500,
}
# these tell only that the service is at fault: their text may name files and hosts, so it is logged and not shown
HIDDEN = (errors.SnapshotError, errors.ConfigurationError)
_WORDS = re.compile(r"(?<!^)(?=[A-Z])")


class HttpError(Exception):
    """A request that HTTP itself has an answer for (405, 406, 408, 415, …).

    Args:
        status: the HTTP status.
        detail: what is wrong and what to do, for the person who sent the request.
        headers: response headers that belong to the status, such as Allow.
    """

    def __init__(self, status: int, detail: str, *, headers: tuple[Header, ...] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Problem:
    """A response that tells of an error; `headers` are those of this error alone."""

    status: int
    body: bytes
    headers: tuple[Header, ...] = ()

    def all_headers(self) -> list[Header]:
        """Every header of the response: what the body is, that nothing keeps it, and what all answers carry."""
        kind = ((b"content-type", PROBLEM_JSON), (b"content-length", str(len(self.body)).encode()))
        return [*kind, NO_STORE, *COMMON, *self.headers]


def status_of(kind: type[BaseException]) -> int:
    """The HTTP status of an error class; 500 for what is not ours."""
    for ancestor in kind.__mro__:
        if issubclass(ancestor, errors.DadkhahError) and ancestor in STATUSES:
            return STATUSES[ancestor]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def code_of(kind: type[BaseException]) -> str:
    """The stable name of an error class, such as `query-timeout`."""
    return _WORDS.sub("-", kind.__name__).lower() if issubclass(kind, errors.DadkhahError) else "internal-error"


def problem_of(error: BaseException) -> Problem:
    """Describe an exception to the client."""
    if isinstance(error, HttpError):
        phrase = HTTPStatus(error.status).phrase
        return Problem(error.status, _document(error.status, "about:blank", phrase, error.detail), error.headers)
    kind = type(error)
    status, code = status_of(kind), code_of(kind)
    shown = isinstance(error, errors.DadkhahError) and not isinstance(error, HIDDEN)
    detail = str(error) if shown else "The service could not answer; the operator finds the reason in its log."
    more: dict[str, object] = {}
    for name in ("line", "column"):
        value = getattr(error, name, None)
        if isinstance(value, int):
            more[name] = value
    if isinstance(error, errors.NotFound) and error.near:
        more["near"] = list(error.near)
    headers: tuple[Header, ...] = ()
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        seconds = error.retry_after_seconds if isinstance(error, errors.Busy) else RETRY_SECONDS
        headers = ((b"retry-after", str(seconds).encode()),)
    title = code.replace("-", " ").capitalize()
    return Problem(status, _document(status, f"{DEFAULT_BASE}problems#{code}", title, detail, **more), headers)


def _document(status: int, kind: str, title: str, detail: str, **more: object) -> bytes:
    # a query may hold lone surrogates, which JSON cannot carry
    safe = detail.encode("utf-8", "replace").decode("utf-8")
    return orjson.dumps({"type": kind, "title": title, "status": status, "detail": safe, **more})
