"""Sources against the archive: do the bytes that were read still have the hash, length and passages that are stated?

In: a loaded project, and a folder that holds snapshots of sources under any names. Out: problems with file and line,
and what was compared. Reads the texts and writes none of them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from dadkhah.errors import InputError
from dadkhah.iris import Iris
from dadkhah.source.archive.passages import Passage, SnapshotText, faults, overlaps, read_text
from dadkhah.source.files.problems import Problem
from dadkhah.source.files.tree import Role
from dadkhah.source.project.reading import Loaded
from dadkhah.source.project.turtle_file import Document

MAX_ARCHIVED_BYTES = 256 * 1024 * 1024
_RULE = "archive"
_LIKE = 0.02  # a file whose length differs by no more may be a changed version of the text


@dataclass(slots=True)
class Outcome:
    """What was compared: snapshots and passages that hold, snapshots whose bytes were not found, problems."""

    snapshots: int = 0
    passages: int = 0
    absent: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Record:
    """What a source.ttl states about a snapshot."""

    iri: str
    document: Document
    sha256: str
    bytes: int | None
    code_points: int | None
    passages: tuple[Passage, ...]


def verify_archive(loaded: Loaded, archive: Path | None, iris: Iris) -> Outcome:
    """Recompute every hash and offset; without an archive only what can be told from the records themselves.

    An archive need not hold every text; one that is there with other bytes is a problem.

    Raises:
        InputError: the archive is no folder, or a file in it cannot be read.
    """
    found = _index(archive) if archive is not None else {}
    outcome = Outcome()
    records = [record for document in loaded.of(Role.SOURCE) for record in _records(document, iris)]
    # only what no record knows can be a changed version of a text that is missing
    unknown = [path for digest, path in found.items() if digest not in {record.sha256 for record in records}]
    for record in records:
        _compare_records(record, outcome)
        path = found.get(record.sha256)
        if path is not None:
            _compare(record, path, outcome)
            continue
        outcome.absent.append(record.iri)
        problem = _changed(record, unknown)
        outcome.problems += [problem] if problem else []
    return outcome


def _index(archive: Path) -> dict[str, Path]:
    if not archive.is_dir():
        raise InputError(f"{archive}: no such folder")
    found: dict[str, Path] = {}
    for path in sorted(archive.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_ARCHIVED_BYTES:
            try:
                with path.open("rb") as stream:
                    found.setdefault(hashlib.file_digest(stream, "sha256").hexdigest(), path)
            except OSError as error:
                raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    return found


def _records(document: Document, iris: Iris) -> Iterator[_Record]:
    values: dict[str, dict[str, str]] = defaultdict(dict)
    for triple in document.triples:
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal):
            values[triple.subject.value][triple.predicate.value] = triple.object.value
    of = iris.term("passageOf")
    for subject, stated in values.items():
        if iris.term("sha256") in stated and of not in stated:
            yield _Record(
                iri=subject,
                document=document,
                sha256=stated[iris.term("sha256")].lower(),
                bytes=_number(stated.get(iris.term("bytes"))),
                code_points=_number(stated.get(iris.term("codePoints"))),
                passages=tuple(
                    _passage(name, fields, iris) for name, fields in values.items() if fields.get(of) == subject
                ),
            )


def _passage(name: str, fields: dict[str, str], iris: Iris) -> Passage:
    return Passage(
        start=_number(fields.get(iris.term("start"))) or 0,
        end=_number(fields.get(iris.term("end"))) or 0,
        sha256=fields.get(iris.term("sha256"), "").lower(),
        line=_number(fields.get(iris.term("line"))) or 0,
        identifier=name,
    )


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.lstrip("+-").isdecimal() else None


def _compare_records(record: _Record, outcome: Outcome) -> None:
    for first, second in overlaps(record.passages):
        message = f"overlaps with <{first.identifier}>"
        outcome.problems.append(_problem(record, second.identifier, message, "mend the offsets"))
    limit = record.code_points
    for passage in record.passages:
        if passage.end <= passage.start or (limit is not None and passage.end > limit):
            message = f"offsets {passage.start} to {passage.end} are not inside of the text of {limit} code points"
            outcome.problems.append(_problem(record, passage.identifier, message, "mend the offsets"))


def _compare(record: _Record, path: Path, outcome: Outcome) -> None:
    try:
        text = read_text(path)
    except UnicodeDecodeError:
        outcome.problems.append(_problem(record, record.iri, f"{path.name} is not UTF-8", "archive the text as UTF-8"))
        return
    outcome.snapshots += 1
    outcome.problems += _lengths(record, text)
    bad = list(faults(record.passages, text.text))
    outcome.passages += len(record.passages) - len(bad)
    for passage, message in bad:
        outcome.problems.append(_problem(record, passage.identifier, message, "read the passage again in the archive"))
    for passage in record.passages:
        line = text.text.count("\n", 0, passage.start) + 1
        if passage.line and passage.line != line:
            message = f"stands in line {line} of the text, not in line {passage.line}"
            outcome.problems.append(_problem(record, passage.identifier, message, "mend dk:line"))


def _changed(record: _Record, unknown: list[Path]) -> Problem | None:
    """What looks like a text that was not found and has other bytes; an archive need not hold every text."""
    for path in unknown:
        if not _like(record, path):
            continue
        message = f"has other bytes in the archive: {path.name} does not have the sha256 {record.sha256}"
        try:
            bad = list(faults(record.passages, read_text(path).text))
        except UnicodeDecodeError:
            message += " and is no longer UTF-8"
        else:
            message += f"; {len(bad)} of {len(record.passages)} passages do not hold"
            message += f", the first is <{bad[0][0].identifier}>" if bad else ""
        return _problem(record, record.iri, message, "restore the bytes that were read; a changed text is a new source")
    return None


def _like(record: _Record, path: Path) -> bool:
    if record.bytes is None:
        return False
    apart = abs(path.stat().st_size - record.bytes)
    return apart == 0 or (bool(record.passages) and apart <= record.bytes * _LIKE)


def _lengths(record: _Record, text: SnapshotText) -> Iterable[Problem]:
    for stated, real, what in (
        (record.bytes, text.bytes, "bytes"),
        (record.code_points, len(text.text), "code points"),
    ):
        if stated is not None and stated != real:
            yield _problem(record, record.iri, f"the text has {real:,} {what}, not {stated:,}", "mend the number")


def _problem(record: _Record, subject: str, message: str, advice: str) -> Problem:
    place = record.document.positions.find(subject)
    line, column = (place.line, place.column) if place else (1, None)
    return Problem(f"<{subject}> {message}", record.document.file.name, _RULE, line, column, advice)
