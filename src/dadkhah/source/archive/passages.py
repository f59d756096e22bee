"""Passages of a source: offsets in code points and hashes, without the text.

In: the bytes of a snapshot, and records of passages. Out: proposals (where sentences begin and end), or what does
not hold. Offsets are Unicode code points of the UTF-8 text, from 0, end exclusive, as `oa:TextPositionSelector` and
RFC 5147 count. The text itself is never written anywhere.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_SENTENCE_END = re.compile(
    r"[.!?؟…]+[\"'\u201d\u2019\u00bb)\]]*(?=\s+[\"'\u201c\u2018\u00ab(\[]?[A-Z0-9\u0600-\u06FF])"
)
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|Art|Arts|vs|Gen|Col|Hon|Jr|Sr|e\.g|i\.e|p|pp)|\b[A-Z])\.$")


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage; `identifier` is its IRI, or empty for a proposal; `line` is the 1-based line of the text."""

    start: int
    end: int
    sha256: str
    line: int = 0
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class SnapshotText:
    """The bytes of a snapshot as text."""

    text: str
    sha256: str
    bytes: int


def read_text(path: Path) -> SnapshotText:
    """Read a snapshot's bytes.

    Raises:
        OSError, UnicodeDecodeError: it cannot be read as UTF-8.
    """
    data = path.read_bytes()
    return SnapshotText(data.decode("utf-8"), hashlib.sha256(data).hexdigest(), len(data))


def hash_of(text: str) -> str:
    """SHA-256 of the UTF-8 bytes of a passage."""
    return hashlib.sha256(text.encode()).hexdigest()


def propose(text: str) -> Iterator[Passage]:
    """Cut a text into sentences, never across a line; a proposal for a person to correct."""
    offset = 0
    for number, line in enumerate(text.split("\n"), 1):
        for start, end in _sentences(line):
            piece = line[start:end]
            yield Passage(offset + start, offset + end, hash_of(piece), number)
        offset += len(line) + 1


def faults(passages: Iterable[Passage], text: str) -> Iterator[tuple[Passage, str]]:
    """Every passage whose offsets or hash do not hold, and why."""
    for passage in passages:
        if not 0 <= passage.start < passage.end <= len(text):
            yield passage, f"offsets {passage.start} to {passage.end} are outside of the text (0 to {len(text)})"
        elif hash_of(text[passage.start : passage.end]) != passage.sha256:
            yield passage, f"the text from {passage.start} to {passage.end} has another SHA-256"


def overlaps(passages: Iterable[Passage]) -> Iterator[tuple[Passage, Passage]]:
    """Neighbours, in the order of the text, that share characters."""
    ordered = sorted(passages, key=lambda passage: (passage.start, passage.end))
    return ((first, second) for first, second in itertools.pairwise(ordered) if second.start < first.end)


def _sentences(line: str) -> Iterator[tuple[int, int]]:
    start = len(line) - len(line.lstrip())
    for match in _SENTENCE_END.finditer(line):
        if _ABBREVIATION.search(line[start : match.end()]):
            continue
        if match.end() > start:
            yield start, match.end()
            start = match.end() + len(line[match.end() :]) - len(line[match.end() :].lstrip())
    end = len(line.rstrip())
    if end > start:
        yield start, end
