"""Whole answers of the snapshot being served, kept in memory within a bound.

A snapshot never changes, so that an answer holds as long as its snapshot; with a new one all are dropped. Keys say
everything an answer depends on: snapshot, normalised query, dataset, format and content coding. Answers to queries
that are different each time (RAND, NOW, UUID, STRUUID) are never kept.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass

from dadkhah.web.wire.headers import Header

Key = tuple[str, ...]
Raw = tuple[bytes, bytes, bytes]
"""A request as it came: its target, Accept and Accept-Encoding."""

# what is opaque to white space: strings and IRIs, which are kept, and comments, which mean nothing
_OPAQUE = re.compile(
    r"(\"\"\"(?:[^\"]|\"(?!\"\"))*\"\"\"|'''(?:[^']|'(?!''))*'''|\"[^\"\n\r]*\"|'[^'\n\r]*'"
    r"|<[^<>\"{}|^`\x00-\x20]*>)|#[^\n\r]*"
)
_IRI = re.compile(r"<[^<>\"{}|^`\x00-\x20]*>")
_VOLATILE = re.compile(r"\b(?:RAND|NOW|UUID|STRUUID)\s*\(", re.IGNORECASE)
_VOLATILE_NAMES = ("RAND", "NOW", "UUID")
# what an entry costs beside its bytes, roughly
_OVERHEAD_BYTES = 1024
# requests that are found without being parsed; longer ones are parsed
_RAW_KEYS = 10_000
_RAW_BYTES = 2048


def normalise(query: str) -> str:
    """The query without comments and with single blanks between tokens; equal texts are equal queries.

    A query with a backslash stays as it is: what it escapes (a quote in a name, a whole string) shows only to a parser.
    """
    if "\\" in query:
        return query
    if '"' not in query and "'" not in query and ("#" not in query or "#" not in _IRI.sub("", query)):
        return " ".join(query.split())
    tokens: list[str] = []
    for place, part in enumerate(_OPAQUE.split(query)):
        if place % 2 == 0:
            if '"' in part or "'" in part:
                # a quote that closes nothing: no query, and it must not be taken for one that is
                return query
            tokens += part.split()
        elif part:
            tokens.append(part)
    return " ".join(tokens)


def is_volatile(query: str) -> bool:
    """Whether the query may answer differently each time; may err on the side of yes."""
    if "(" not in query:
        return False
    capitals = query.upper()
    return any(name in capitals for name in _VOLATILE_NAMES) and _VOLATILE.search(query) is not None


@dataclass(frozen=True, slots=True)
class Entry:
    """A whole answer: its headers, the same rendered for the wire (after status and date), and its body."""

    headers: tuple[Header, ...]
    head: bytes
    body: bytes

    @classmethod
    def of(cls, headers: tuple[Header, ...], body: bytes) -> Entry:
        """Make an entry, rendering its head once."""
        lines = b"".join(b"%b: %b\r\n" % pair for pair in headers)
        return cls(headers, lines + b"\r\n", body)


class ResultCache:
    """Least recently used entries go first."""

    def __init__(self, max_bytes: int, max_entry_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.max_entry_bytes = min(max_entry_bytes, max_bytes)
        self.bytes = self.hits = self.misses = self.evictions = 0
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._raw: OrderedDict[Raw, Key] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key) -> Entry | None:
        """The answer under a key, or None."""
        entry = self._entries.get(key)
        if entry is None:
            self.misses += 1
            return None
        self.hits += 1
        self._entries.move_to_end(key)
        return entry

    def get_raw(self, raw: Raw) -> Entry | None:
        """The answer to a request that came in the same bytes before: target, Accept and Accept-Encoding."""
        key = self._raw.get(raw)
        entry = self._entries.get(key) if key is not None else None
        if entry is not None and key is not None:
            self.hits += 1
            self._entries.move_to_end(key)
        return entry

    def put(self, key: Key, entry: Entry) -> None:
        """Keep an answer, unless it is too large."""
        size = len(entry.body) + _OVERHEAD_BYTES
        if size > self.max_entry_bytes:
            return
        old = self._entries.pop(key, None)
        if old is not None:
            self.bytes -= len(old.body) + _OVERHEAD_BYTES
        self._entries[key] = entry
        self.bytes += size
        while self.bytes > self.max_bytes:
            _, gone = self._entries.popitem(last=False)
            self.bytes -= len(gone.body) + _OVERHEAD_BYTES
            self.evictions += 1

    def alias(self, raw: Raw, key: Key) -> None:
        """Let the same bytes of a request be found without parsing."""
        if key not in self._entries or sum(map(len, raw)) > _RAW_BYTES:
            return
        self._raw[raw] = key
        if len(self._raw) > _RAW_KEYS:
            self._raw.popitem(last=False)

    def clear(self) -> None:
        """Drop all; called when another snapshot is served."""
        self._entries.clear()
        self._raw.clear()
        self.bytes = 0
