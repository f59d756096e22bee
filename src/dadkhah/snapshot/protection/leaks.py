"""The last look before a snapshot is published: no protected name stands in any of its bytes, however it is written.

In: what is protected, and files. Out: nothing, or an error that does not repeat the name. Text is compared in all its
`readings`, as whole words with anything or nothing between them, surname first, in base64 or hexadecimal digits,
zipped, in names of files, and told apart in several values of one record. It must not guess at other spellings of a
name: those are recorded as `skos:hiddenLabel`, and then looked for as well.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dadkhah.errors import SnapshotError
from dadkhah.snapshot.protection.spellings import WORD, decoded, folded, readings
from dadkhah.snapshot.protection.withheld import OPAQUE, Protected

_BLOCK = 1 << 20
_ZIPPED = b"\x1f\x8b"
_PACKED = ".npy"  # strings behind one another, with nothing between them
_MIN_PACKED = 8  # letters of a name that is looked for where words have no ends
_ESCAPED = 16  # times as long as it is may a name be written: %25D8%25B9 stands for a letter of two bytes
_MOST_WORDS = 12
_IRI = re.compile(r"<[^<>\s]*>")
_VALUE = re.compile(r'^(<[^>]*>|_:\S+) <[^>]*> "((?:[^"\\]|\\.){1,80})"', re.MULTILINE)


def refuse_leaks(protected: Protected, files: Iterable[Path]) -> None:
    """Look for protected names in every byte of some files, and in their names; nothing to look for costs nothing.

    Raises:
        SnapshotError: one occurs; the message does not repeat it.
    """
    if not protected.names and not protected.hidden:
        return
    sought = _sought(protected)
    for path in files:
        parts: dict[str, set[str]] = defaultdict(set)
        seen: set[str] = set()
        for text in _texts(path, sought.longest):
            if path.suffix == _PACKED:
                found = sought.packed_in(text)
            else:
                told = _each_iri_once(text, seen)
                found = sought.told_in(told) or sought.words_in(folded(decoded(told)))
            if found or sought.told_apart(text, parts):
                raise SnapshotError(_message(path, text, found, sought))
        if sought.told_in(path.name):
            raise SnapshotError(_message(path.parent / "a file", "", path.name, sought))


@dataclass(frozen=True, slots=True)
class _Sought:
    """What is looked for, folded.

    Attributes:
        whole: the letters of each name and IRI, with nothing between; True for an IRI, which a longer one may begin as.
        begun: the letters of first words of names, by which a name is followed from word to word.
        turned: last word and the letters of all others, for names with the surname first.
        words: the words of each name.
        longest: bytes of the longest name.
    """

    whole: dict[str, bool]
    begun: frozenset[str]
    turned: dict[str, frozenset[str]]
    words: tuple[frozenset[str], ...]
    longest: int

    def told_in(self, text: str) -> str:
        """The name that a text holds in any reading, as it stands there; empty where it holds none."""
        return next((found for each in readings(text) if (found := self.words_in(each))), "")

    def words_in(self, text: str) -> str:
        """The same for a folded text."""
        words = WORD.findall(text)
        begins = [n for n, word in enumerate(words) if word in self.begun or word in self.whole or word in self.turned]
        if not begins:
            return ""
        spans = [match.span() for match in WORD.finditer(text)]
        for start in begins:
            end = self._follow(words, start, spans, text) or self._turned(words, start, spans, text)
            if end:
                return text[spans[start][0] : end]
        return ""

    def _follow(self, words: list[str], start: int, spans: list[tuple[int, int]], text: str) -> int:
        """Where a name that begins with this word ends; 0 where none does."""
        letters = ""
        for place in range(start, min(start + _MOST_WORDS, len(words))):
            letters += words[place]
            end = spans[place][1]
            if letters in self.whole and not (self.whole[letters] and re.match(r"-\w", text[end : end + 2])):
                return end
            if letters not in self.begun:
                break
        return 0

    def _turned(self, words: list[str], start: int, spans: list[tuple[int, int]], text: str) -> int:
        """The same for a surname, a comma and the other names."""
        wanted = self.turned.get(words[start])
        if not wanted or start + 1 == len(words):
            return 0
        if not re.search("[,،]", text[spans[start][1] : spans[start + 1][0]]):
            return 0
        letters = ""
        for place in range(start + 1, min(start + _MOST_WORDS, len(words))):
            letters += words[place]
            if letters in wanted:
                return spans[place][1]
        return 0

    def packed_in(self, text: str) -> str:
        """The name whose letters stand anywhere in a text."""
        letters = "".join(WORD.findall(folded(text)))
        return next((name for name in self.whole if len(name) >= _MIN_PACKED and name in letters), "")

    def told_apart(self, text: str, parts: dict[str, set[str]]) -> bool:
        """Whether short values of one record, in N-Quads, make a name together; `parts` keeps them by record."""
        known = frozenset(word for words in self.words for word in words)
        for subject, value in _VALUE.findall(text):
            for reading in readings(value):
                words = set(WORD.findall(reading))
                if words and words <= known:
                    parts[subject] |= words
        return any(words <= held for held in parts.values() for words in self.words)


def _sought(protected: Protected) -> _Sought:
    whole: dict[str, bool] = {}
    begun: set[str] = set()
    turned: dict[str, set[str]] = defaultdict(set)
    several: set[frozenset[str]] = set()
    for name in protected.names:
        for words in map(WORD.findall, readings(name)):
            whole["".join(words)] = False
            begun.update("".join(words[:end]) for end in range(1, len(words)))
            if len(words) > 1:
                turned[words[-1]].add("".join(words[:-1]))
                several.add(frozenset(words))
    for iri in protected.hidden:
        for words in _words_of_iri(iri):
            whole.setdefault("".join(words), True)
            begun.update("".join(words[:end]) for end in range(1, len(words)))
    whole.pop("", None)
    longest = max(len(text.encode()) for text in (*protected.names, *protected.hidden))
    return _Sought(whole, frozenset(begun), {k: frozenset(v) for k, v in turned.items()}, tuple(several), longest)


def _words_of_iri(iri: str) -> Iterator[list[str]]:
    """The IRI, its kind with its slug as in a CURIE or a path, and a slug that is a number by itself."""
    yield WORD.findall(folded(iri))
    if "/" in iri.partition("://")[2]:
        kind, slug = iri.rsplit("/", 2)[1:]
        yield WORD.findall(folded(f"{kind} {slug}"))
        if OPAQUE.fullmatch(slug):
            yield WORD.findall(folded(slug))


def _texts(path: Path, longest: int) -> Iterator[str]:
    """The text of a file, unzipped, in pieces that overlap by more than any name."""
    with path.open("rb") as plain:
        zipped = plain.read(2) == _ZIPPED
    overlap, rest = _ESCAPED * longest, b""
    with gzip.open(path) if zipped else path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield (rest + block).replace(b"\0", b"").decode("utf-8", "replace")
            rest = (rest + block)[-2 * overlap :]
            # not from the middle of a word on, which would look like another
            rest = rest[max(rest.find(mark, 0, overlap) for mark in (b" ", b"\n", b'"')) + 1 :]


def _each_iri_once(text: str, seen: set[str]) -> str:
    """A text whose IRIs stand at its end instead, and only those that were not seen before: most of a dump is IRIs."""
    new = set(_IRI.findall(text)) - seen
    seen |= new
    return "\n".join((_IRI.sub(" iri ", text), *new))


def _message(path: Path, text: str, found: str, sought: _Sought) -> str:
    """Where it is, by the record of its line, if that does not tell the name as well."""
    start = folded(text).find(found) if found and text else -1
    line = folded(text)[:start].rpartition("\n")[2].split(" ", 1)[0][:200] if start >= 0 else ""
    near = line if line and not sought.told_in(line) else "a statement"
    return (
        f"a protected name of {len(found.encode())} bytes occurs in what would be published ({path.name}, "
        f"near {near}). "
        "Nothing was published; take the name out of the public statement, or protect that record too"
    )
