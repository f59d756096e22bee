"""What the status and headers of a remote engine mean, before a byte of its answer is passed on.

In: status, headers and, for errors, the beginning of the text. Out: nothing where the answer can be trusted, else the
error to raise. Seen in the wild: Virtuoso answers 206 for what its time limit cut, 200 with `X-SPARQL-MaxRows` for
what its row limit cut, and 500 with a text that begins like a result.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dadkhah.engine.interface import ResultFormat
from dadkhah.errors import (
    Busy,
    DadkhahError,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    RemoteError,
    ResultTooLarge,
)

# what engines also call a format when they are asked for it by its own name
_ALIASES: dict[ResultFormat, frozenset[str]] = {
    ResultFormat.N_TRIPLES: frozenset({"text/plain", "text/ntriples", "application/ntriples"}),
    ResultFormat.N_QUADS: frozenset({"text/x-nquads", "text/nquads"}),
    ResultFormat.TURTLE: frozenset({"application/x-turtle", "text/rdf+n3"}),
    ResultFormat.N3: frozenset({"text/rdf+n3", "text/turtle"}),
    ResultFormat.TRIG: frozenset({"application/x-trig"}),
}
_PARTIAL_HEADERS = ("X-SPARQL-MaxRows", "X-SQL-State", "X-SPARQL-Partial")
_PLACE = re.compile(
    r"(?:at )?line[ :]+(\d+)(?:,? *(?:col(?:umn)?|position)[ :.]+(\d+))?|error at (\d+):(\d+)", re.IGNORECASE
)
_RETRY_SECONDS = 5


def judge_head(wanted: ResultFormat, headers: Mapping[str, str], *, is_chunked: bool) -> None:
    """Accept the head of a 200, or raise what is wrong with it."""
    for name in _PARTIAL_HEADERS:
        if name in headers:
            raise ResultTooLarge(
                f"the remote engine cut the answer off ({name}: {headers[name][:80]}); ask for less of it"
            )
    given = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if given != wanted.value and given not in _ALIASES.get(wanted, frozenset()):
        raise RemoteError(
            f"the remote engine answered {given or 'without a media type'} where {wanted.value} was asked for"
        )
    if not is_chunked and "Content-Length" not in headers:
        # the connection's end would be taken for the answer's
        raise RemoteError("the remote engine does not say how long its answer is, so a cut one could not be told")


_PLAIN: dict[int, tuple[type[DadkhahError], str]] = {
    206: (ResultTooLarge, "the remote engine gave a part of the answer only; ask for less of it"),
    401: (RemoteError, "the remote engine refuses our credentials"),
    403: (RemoteError, "the remote engine refuses our credentials"),
    408: (QueryTimeout, "the remote engine stopped the query at its own time limit"),
    413: (QueryTooLarge, "the query is too long for the remote engine"),
    414: (QueryTooLarge, "the query is too long for the remote engine"),
    504: (QueryTimeout, "the remote engine stopped the query at its own time limit"),
}


def error_of(status: int, headers: Mapping[str, str], text: bytes) -> DadkhahError:
    """The error that a status other than 200 stands for."""
    if status == 400:
        return _refusal(text)
    if status in (429, 503):
        retry = headers.get("Retry-After", "")
        seconds = min(int(retry), 3600) if retry.isascii() and retry.isdigit() else _RETRY_SECONDS
        return Busy("the remote engine is busy; try again later", retry_after_seconds=max(1, seconds))
    if 300 <= status < 400:
        return RemoteError("the remote engine answered with a redirect; set its final address as the endpoint")
    kind, message = _PLAIN.get(status, (RemoteError, f"the remote engine answered with status {status}"))
    return kind(message)


def _refusal(text: bytes) -> QuerySyntaxError:
    message = text.decode("utf-8", "replace")
    place = _PLACE.search(message)
    line, column = (place[1] or place[3], place[2] or place[4]) if place else (None, None)
    first = " ".join(message.split("SPARQL query:")[0].split())
    # an error page of a proxy says nothing about the query
    shown = "" if first.startswith("<") or not first else f": {first[:300]}"
    return QuerySyntaxError(
        f"the remote engine does not accept the query{shown}",
        line=int(line) if line else None,
        column=int(column) if column else None,
    )
