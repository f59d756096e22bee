"""`serve --endpoint`: the service over a remote SPARQL 1.1 engine instead of a snapshot.

In: the address. Out: an engine with what is known about its data, which is little: neither counts nor a hash can be had
from any engine alike. Nothing is taken up, and there is no index of names: see `without_snapshot`.
"""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from dadkhah.config import Settings
from dadkhah.engine.remote.endpoint import RemoteEngine, RemoteSettings
from dadkhah.errors import ConfigurationError
from dadkhah.web.endpoint.serving import Facts, Served, Serving

# queries sent at the same time where the number of readers is left open
_RUNNING = 8


def remote_settings(settings: Settings) -> RemoteSettings:
    """How the remote engine is used; credentials may stand in the address.

    Raises:
        ConfigurationError: the address is none of HTTP.
    """
    parts = urlsplit(settings.endpoint)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError("endpoint: give the http or https address of a SPARQL 1.1 endpoint")
    place = parts.netloc.rpartition("@")[2]
    return RemoteSettings(
        endpoint=urlunsplit(parts._replace(netloc=place)),
        user=parts.username,
        password=parts.password or "",
        running=settings.readers or _RUNNING,
        max_result_bytes=settings.result_mb << 20,
    )


def remote_serving(settings: Settings) -> Serving:
    """The remote engine as what is served; call it inside a running event loop."""
    engine = RemoteEngine(remote_settings(settings))
    return Serving(Served(engine, Facts(hash=engine.snapshot_hash)))
