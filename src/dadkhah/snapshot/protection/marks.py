"""Marks of what must not become public, in any RDF: planted canaries, and records that say they are restricted.

In: the sorted dump of files that nobody validated, and those files. Out: nothing, or an error that says in which file
and line the first mark stands. A curated project is filtered record by record instead (`protection`).
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Sequence
from pathlib import Path

from dadkhah.errors import InputError
from dadkhah.iris import Iris

_BLOCK = 1 << 20
_OVERLAP = 512
_CANARY = rb"(?<![0-9A-Za-z])CANARY[-_]?(?=[A-Za-z]{0,40}[0-9])[0-9A-Za-z]{4,40}"
_BEGINNINGS = (
    b"protection> <",
    b"CANARY",
)  # one of them stands in every mark, and finding it is a hundred times faster


def refuse_marked(dump: Path, files: Sequence[Path]) -> None:
    """Look for marks in every statement of a dump; a gigabyte takes about a second where it has none.

    Raises:
        InputError: there is one; the message does not repeat what it stands on.
    """
    ontology = re.escape(Iris().ontology.encode())
    restricted = rb"<" + ontology + rb"protection> <" + ontology + rb"Restricted>"
    pattern = re.compile(restricted + rb"|" + _CANARY)
    found = _search(dump, pattern)
    if found is None:
        return
    what = "a record that is marked as restricted" if b"protection>" in found else "a canary of restricted data"
    raise InputError(
        f"{_place(files, found)}{what} is in what would be published. Nothing was built; take the file out, or build "
        "it with --profile internal and serve that with --tokens"
    )


def _search(path: Path, pattern: re.Pattern[bytes]) -> bytes | None:
    rest = b""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            text = rest + block
            if any(word in text for word in _BEGINNINGS) and (found := pattern.search(text)):
                return found[0]
            rest = text[-_OVERLAP:]
    return None


def _place(files: Sequence[Path], found: bytes) -> str:
    """`file:line: ` of a mark, as far as the file has it as it is; other syntaxes may write it in other ways."""
    words = (found, b"Restricted") if b"protection>" in found else (found,)
    for word in words:
        for path in files:
            if number := _line_with(word, path):
                return f"{path}:{number}: "
    return ""


def _line_with(word: bytes, path: Path) -> int | None:
    """The first line of a file that has a word; None where there is none, or the file cannot be read so far."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
            return next((number for number, line in enumerate(lines, 1) if word in line), None)
    except (OSError, EOFError, zlib.error):
        return None
