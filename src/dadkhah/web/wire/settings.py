"""The figures the web layer works with, as one small frozen value.

In: whatever `dadkhah.config` read. Out: values passed to `Site` and `ConnectionFactory`. Nothing here reads
files or the environment.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GateSettings:
    """Who is let in.

    Attributes:
        token_hashes: SHA-256 of each token in hexadecimal; empty: nobody is asked for one.
        requests_per_minute: of one client; 0: as many as it likes.
    """

    token_hashes: tuple[str, ...] = ()
    requests_per_minute: float = 0

    @property
    def is_open(self) -> bool:
        """Whether everybody is let in."""
        return not self.token_hashes and not self.requests_per_minute


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How the service answers over HTTP.

    Attributes:
        base_url: address of the service as clients see it, without a trailing slash; links are built from it and
            never from the Host header.
        timeout_seconds: the longest a query may take; `timeout=` can only shorten it.
        query_bytes: longest query text in UTF-8.
        url_bytes: longest request target; longer ones get 414.
        header_bytes: all request headers together; more gets 431.
        header_count: number of request headers; more gets 431.
        body_bytes: longest request body (a form needs up to three times the query's length); longer gets 413.
        body_seconds: time within which a request body has to arrive whole, else 408.
        head_seconds: time within which a request's headers have to arrive, else the connection is closed.
        idle_seconds: how long an idle connection is kept.
        stall_seconds: how long a client may read nothing while an answer waits for it.
        connections: open connections of one process; beyond them an idle one is closed, or the new one gets 503.
        parameters: number of fields in a query string or form.
        cache_bytes: size of the result cache; 0 switches it off.
        cache_entry_bytes: largest answer that is kept.
        trusted_proxies: peers whose X-Forwarded-For names the client.
        indexable: whether robots may index the pages.
        gate: who is let in.
    """

    base_url: str = "http://127.0.0.1:8000"
    timeout_seconds: float = 6.0
    query_bytes: int = 65_536
    url_bytes: int = 65_536
    header_bytes: int = 32_768
    header_count: int = 100
    body_bytes: int = 262_144
    body_seconds: float = 8.0
    head_seconds: float = 8.0
    idle_seconds: float = 30.0
    stall_seconds: float = 20.0
    connections: int = 1000
    parameters: int = 200
    cache_bytes: int = 64 * 1024 * 1024
    cache_entry_bytes: int = 1024 * 1024
    trusted_proxies: tuple[str, ...] = ()
    indexable: bool = True
    gate: GateSettings = GateSettings()

    @property
    def sparql_url(self) -> str:
        """Address of the SPARQL endpoint."""
        return f"{self.base_url}/sparql"
