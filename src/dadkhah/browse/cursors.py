"""Cursors: where a list was left off, as an opaque text that survives in an address.

In: the position in a list. Out: base64url of JSON, tied to the snapshot and to the request, so that a cursor of another
list or of other data is refused instead of giving a wrong slice. No secret is kept: a forged cursor gives a slice that
anyone may read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

import orjson

from dadkhah.errors import ParameterError


def request_key(*parts: str) -> str:
    """A short key of what was asked, for `write_cursor` and `read_cursor`."""
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def write_cursor(key: str, position: int) -> str:
    """A cursor to the item at this 0-based position."""
    return base64.urlsafe_b64encode(orjson.dumps([key, position])).decode().rstrip("=")


def read_cursor(key: str, cursor: str) -> int:
    """The position of a cursor, 0 where none is given.

    Raises:
        ParameterError: it is not a cursor, or one of another list or snapshot.
    """
    if not cursor:
        return 0
    try:
        made_for, position = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, TypeError) as error:
        raise ParameterError("cursor: not one that was given out; ask for the list without it") from error
    if made_for != key or not isinstance(position, int) or position < 0:
        raise ParameterError("cursor: of another list or of an older snapshot; ask for the list without it")
    return position
