"""What a request to the SPARQL endpoint says (SPARQL 1.1 Protocol, section 2.1).

In: the ASGI scope and body. Out: `SparqlParameters`, or an `HttpError`, `ParameterError` or `QueryTooLarge` that says
what to mend. Nothing here looks into the query.
"""

from __future__ import annotations

import asyncio
import re
from binascii import a2b_qp
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from dadkhah.engine.interface import Dataset
from dadkhah.errors import ParameterError, QueryRefused, QueryTooLarge
from dadkhah.web.wire.exchange import Receive
from dadkhah.web.wire.headers import Header
from dadkhah.web.wire.problems import HttpError
from dadkhah.web.wire.settings import WebSettings

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
_UPDATE_FIELDS = frozenset({"update", "using-graph-uri", "using-named-graph-uri"})
# what a request for the service description may say; the empty name is that of a lone "?"
_DESCRIBED = frozenset({"format", "output", "timeout", ""})
_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*\Z")
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SparqlParameters:
    """The parameters of one request; `query` is None where the request asks for the service description."""

    query: str | None
    dataset: Dataset | None
    format: str | None
    timeout_seconds: float


def header(headers: Iterable[Header], name: bytes) -> str:
    """The value of a request header, joined by commas where it is repeated; empty where it is absent."""
    return ",".join(value.decode("latin-1") for key, value in headers if key == name)


def fields_of(raw: bytes, limit: int) -> list[tuple[str, str]]:
    """Take apart a query string or form; `+` is a blank.

    Raises:
        ParameterError: there are more than `limit` fields, or one is not UTF-8.
    """
    if not raw:
        return []
    parts = raw.split(b"&", limit + 1)
    if len(parts) > limit:
        raise ParameterError(f"More than {limit} parameters; name fewer graphs.")
    try:
        return [(decoded(name), decoded(value)) for name, _, value in (part.partition(b"=") for part in parts)]
    except UnicodeDecodeError as error:
        raise ParameterError("A parameter is not valid percent-encoded UTF-8.") from error


def decoded(text: bytes) -> str:
    """A name or value of a form, decoded; UnicodeDecodeError where it is not UTF-8.

    A percent sign without two hexadecimal digits behind it stays as it is.
    """
    if b"+" in text:
        text = text.replace(b"+", b" ")
    return (_unescaped(text) if b"%" in text else text).decode("utf-8")


def _unescaped(text: bytes) -> bytes:
    """Percent-decoded; what is not followed by two hexadecimal digits stays as it is."""
    if b"%\n" not in text and b"%\r" not in text:
        # quoted-printable is the same coding with another sign, and its decoder is compiled
        escaped = text.replace(b"=", b"%3D") if b"=" in text else text
        plain = a2b_qp(escaped.replace(b"%", b"="))
        # each escape is three bytes that become one: where it is not so for all, some are none
        if len(plain) == len(escaped) - 2 * escaped.count(b"%"):
            return plain
    return unquote_to_bytes(text)


async def read_body(headers: Iterable[Header], receive: Receive, settings: WebSettings) -> bytes:
    """Read a request body within its bounds of size and time.

    Raises:
        HttpError: 413 where it is too long, 408 where it does not arrive in time.
    """
    limit = settings.body_bytes
    declared = header(headers, b"content-length")
    if declared.isdecimal() and int(declared) > limit:
        raise HttpError(413, f"The body is longer than {limit} bytes.")
    body = bytearray()
    try:
        async with asyncio.timeout(settings.body_seconds):
            while True:
                message = await receive()
                body += message.get("body", b"")
                if len(body) > limit:
                    raise HttpError(413, f"The body is longer than {limit} bytes.")
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError as error:
        raise HttpError(408, f"The body did not arrive within {settings.body_seconds:g} seconds.") from error


async def parameters_of_post(
    headers: list[Header], query_string: bytes, receive: Receive, settings: WebSettings
) -> SparqlParameters:
    """Read a query by POST, url-encoded or direct (sections 2.1.2 and 2.1.3)."""
    media_type, _, rest = header(headers, b"content-type").partition(";")
    media_type = media_type.strip().lower()
    _refuse_unreadable(headers, media_type, rest)
    body = await read_body(headers, receive, settings)
    fields = fields_of(query_string, settings.parameters)
    if media_type == FORM:
        return parameters_from(fields + fields_of(body, settings.parameters), settings, described=False)
    try:
        query = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParameterError("The query is not valid UTF-8.") from error
    return parameters_from([*fields, ("query", query)], settings, described=False)


def _refuse_unreadable(headers: list[Header], media_type: str, parameters: str) -> None:
    if media_type == UPDATE:
        raise QueryRefused("This service is read-only: updates are not accepted.")
    if media_type not in (FORM, DIRECT):
        raise HttpError(415, f"Send the query as {DIRECT} or {FORM}.", headers=((b"accept-post", _ACCEPT_POST),))
    coding = header(headers, b"content-encoding").strip().lower()
    if coding not in ("", "identity"):
        raise HttpError(415, "Send the body without Content-Encoding.", headers=((b"accept-encoding", b"identity"),))
    charset = _CHARSET.search(parameters)
    if charset is not None and charset[1].lower() not in ("utf-8", "utf8"):
        raise HttpError(415, "Send the query in UTF-8.")


_ACCEPT_POST = f"{DIRECT}, {FORM}".encode()


def parameters_from(fields: list[tuple[str, str]], settings: WebSettings, *, described: bool) -> SparqlParameters:
    """Judge the fields of a request.

    Args:
        fields: names and values in order.
        settings: bounds.
        described: whether a request without a query may ask for the service description.
    """
    given: dict[str, list[str]] = {}
    for name, value in fields:
        given.setdefault(name, []).append(value)
    if not _UPDATE_FIELDS.isdisjoint(given):
        raise QueryRefused("This service is read-only: updates are not accepted.")
    default_graphs = tuple(_graph("default-graph-uri", value) for value in given.get("default-graph-uri", ()))
    named_graphs = tuple(_graph("named-graph-uri", value) for value in given.get("named-graph-uri", ()))
    dataset = Dataset(default_graphs, named_graphs) if default_graphs or named_graphs else None
    formats = given.get("format") or given.get("output")
    wanted = formats[-1] if formats else None
    longest = settings.timeout_seconds
    timeout = _timeout(given["timeout"][-1], longest) if "timeout" in given else longest
    queries = given.get("query", [])
    if not queries and described and _DESCRIBED.issuperset(given):
        return SparqlParameters(None, None, wanted, timeout)
    if len(queries) != 1:
        raise ParameterError("Give exactly one query." if queries else "The parameter query is missing.")
    return SparqlParameters(_query(queries[0], settings.query_bytes), dataset, wanted, timeout)


def _query(query: str, limit: int) -> str:
    if not query.strip():
        raise ParameterError("The query is empty.")
    # four bytes is the most that a character takes: most queries need not be encoded to be judged
    if len(query) * 4 > limit and len(query.encode("utf-8", "replace")) > limit:
        raise QueryTooLarge(f"The query is longer than {limit} bytes.")
    return query


def _graph(name: str, value: str) -> str:
    if not _ABSOLUTE_IRI.match(value):
        raise ParameterError(f"The value of {name} is not an absolute IRI.")
    return value


def _timeout(value: str, longest: float) -> float:
    try:
        seconds = float(value)
    except ValueError as error:
        raise ParameterError("The value of timeout is not a number of seconds.") from error
    if not seconds > 0:
        raise ParameterError("The value of timeout has to be above zero.")
    return min(seconds, longest)
