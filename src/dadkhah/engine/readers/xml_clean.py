"""XML 1.0 without the characters that XML 1.0 forbids.

pyoxigraph writes a literal's control characters as they are, and XML 1.0 (section 2.2) has no way to hold U+0000 to
U+001F (but tab, line feed, carriage return), U+FFFE and U+FFFF, not even as references: a parser stops at them.
Each becomes U+FFFD, the replacement character, so that the reader of a result sees that something stood there. A
carriage return becomes a reference, since parsers turn a plain one into a line feed (section 2.11).

Runs in the reader; must not import anything of this package.
"""

from __future__ import annotations

import re

_FORBIDDEN_BYTES = bytes(set(range(0x20)) - {0x09, 0x0A, 0x0D})
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_REPLACEMENT = "\ufffd".encode()


class XmlCleaner:
    """Cleans UTF-8 that comes in pieces cut anywhere; `rest` gives what was held back at the end."""

    def __init__(self) -> None:
        self._held = b""

    def clean(self, piece: bytes) -> bytes:
        """The piece without forbidden characters; up to two bytes of a cut character wait for the next piece."""
        if self._held:
            piece = self._held + piece
            self._held = b""
        if piece.endswith(b"\xef"):
            piece, self._held = piece[:-1], b"\xef"
        elif piece.endswith(b"\xef\xbf"):
            piece, self._held = piece[:-2], b"\xef\xbf"
        if b"\r" in piece:
            piece = piece.replace(b"\r", b"&#13;")
        # two fast looks first: hardly any result needs the substitution
        if b"\xef\xbf" in piece or len(piece.translate(None, _FORBIDDEN_BYTES)) != len(piece):
            return _FORBIDDEN.sub(_REPLACEMENT, piece)
        return piece

    def rest(self) -> bytes:
        """What is still held back: the beginning of a character that never came."""
        held, self._held = self._held, b""
        return held
