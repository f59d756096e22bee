"""Response headers that every answer carries, made once.

In: nothing. Out: header lists in ASGI's shape. Headers of one answer are added by whoever makes it.
"""

from __future__ import annotations

import re

Header = tuple[bytes, bytes]

SECURITY: tuple[Header, ...] = (
    (
        b"content-security-policy",
        b"default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (
        b"permissions-policy",
        b"browsing-topics=(), camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
# anyone may read, nobody may send credentials
CORS: tuple[Header, ...] = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"allow, content-disposition, content-length, etag, link, location, repr-digest, retry-after, vary",
    ),
)
COMMON: tuple[Header, ...] = SECURITY + CORS
NO_STORE: Header = (b"cache-control", b"no-store")
# half a year; without subdomains, which may not be ours
TRANSPORT_LINE = b"strict-transport-security: max-age=15768000\r\n"
_HOST = re.compile(rb"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])?(?::[0-9]{0,5})?\Z")


def is_host(value: bytes) -> bool:
    """Whether the value of a Host header is a name or an address, with a port or none (RFC 9110, section 7.2)."""
    return _HOST.match(value.strip()) is not None


def names_tag(condition: str, tag: bytes) -> bool:
    """Whether a value of If-None-Match names an entity tag; weak comparison (RFC 9110, section 13.1.2)."""
    wanted = tag.decode("latin-1").removeprefix("W/")
    return condition.strip() == "*" or any(one.strip().removeprefix("W/") == wanted for one in condition.split(","))


def preflight(allow: bytes) -> list[Header]:
    """Headers of an answer to OPTIONS, for CORS preflight as well."""
    return [
        (b"allow", allow),
        (b"access-control-allow-methods", allow),
        (b"access-control-allow-headers", b"accept, content-type, if-none-match"),
        (b"access-control-max-age", b"86400"),
        *COMMON,
    ]
