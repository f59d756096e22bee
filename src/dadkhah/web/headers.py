"""Response headers that every answer carries, made once.

In: nothing. Out: header lists in ASGI's shape. Headers of one answer are added by whoever makes it.
"""

from __future__ import annotations

Header = tuple[bytes, bytes]

SECURITY: tuple[Header, ...] = (
    (
        b"content-security-policy",
        b"default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), browsing-topics=()"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
# anyone may read, nobody may send credentials
CORS: tuple[Header, ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"etag, content-disposition, link, retry-after"),
)
COMMON: tuple[Header, ...] = SECURITY + CORS
NO_STORE: Header = (b"cache-control", b"no-store")


def preflight(allow: bytes) -> list[Header]:
    """Headers of an answer to OPTIONS, for CORS preflight as well."""
    return [
        (b"allow", allow),
        (b"access-control-allow-methods", allow),
        (b"access-control-allow-headers", b"accept, content-type, if-none-match"),
        (b"access-control-max-age", b"86400"),
        *COMMON,
    ]
