"""The bytes of a file as text, where they are fit to be parsed: encoding, size, characters, line ends.

In: a path. Out: the text, or problems. Opens without following a link and without waiting for a pipe.
"""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from dadkhah.source.files.characters import FORBIDDEN, describe
from dadkhah.source.files.problems import MAX_PROBLEMS, Problem, Severity

MAX_FILE_BYTES = 32 * 1024 * 1024
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Intake:
    """What was read; `text` is None where it cannot be parsed, `sha256` is of the bytes as they are on the disk."""

    text: str | None
    sha256: str
    problems: tuple[Problem, ...]


def take(path: Path, name: str, *, max_bytes: int = MAX_FILE_BYTES) -> Intake:
    """Read a file and judge its characters; `name` is how problems call it."""
    try:
        data = _read(path, max_bytes)
    except OSError as error:
        return _refused(Problem(f"cannot be read ({error.strerror})", name, "files"), b"")
    if data is None:
        advice = "split it into several voices"
        return _refused(
            Problem(f"not a regular file, or larger than {max_bytes >> 20} MB", name, "size", advice=advice), b""
        )
    if not data.strip():
        return _refused(
            Problem("the file is empty", name, "empty", advice="write what the voice says, or remove it"), data
        )
    if data.startswith(_BOM):
        return _refused(
            Problem("begins with a byte order mark", name, "encoding", 1, 1, "save as UTF-8 without BOM"), data
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place_in_bytes(data, error.start)
        return _refused(Problem("not UTF-8", name, "encoding", line, column, "save the file as UTF-8"), data)
    problems = [*_line_ends(text, name), *_characters(text, name), *_normal_form(text, name)]
    return Intake(text, hashlib.sha256(data).hexdigest(), tuple(problems))


def position(text: str, offset: int) -> tuple[int, int]:
    """1-based line and column, in code points, of an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _read(path: Path, max_bytes: int) -> bytes | None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) or state.st_size > max_bytes:
            return None
        data = stream.read(max_bytes + 1)
    return None if len(data) > max_bytes else data


def _refused(problem: Problem, data: bytes) -> Intake:
    return Intake(None, hashlib.sha256(data).hexdigest(), (problem,))


def _place_in_bytes(data: bytes, offset: int) -> tuple[int, int]:
    start = data.rfind(b"\n", 0, offset) + 1
    return data.count(b"\n", 0, offset) + 1, len(data[start:offset].decode("utf-8", "replace")) + 1


def _line_ends(text: str, name: str) -> list[Problem]:
    offset = text.find("\r")
    if offset >= 0:
        kind = "CRLF" if text[offset : offset + 2] == "\r\n" else "CR"
        line, column = position(text, offset)
        return [
            Problem(f"{kind} line ends", name, "line-ends", line, column, "run `dadkhah fmt`; files end lines with LF")
        ]
    if not text.endswith("\n"):
        message = "no line end at the end of the file: it may have been cut"
        return [Problem(message, name, "line-ends", text.count("\n") + 1, None, "run `dadkhah fmt`", Severity.WARNING)]
    return []


def _characters(text: str, name: str) -> list[Problem]:
    found = []
    for match in FORBIDDEN.finditer(text):
        if match[0] == "\r":
            continue
        line, column = position(text, match.start())
        found.append(Problem(describe(match[0]), name, "characters", line, column, "remove the character"))
        if len(found) == MAX_PROBLEMS:
            break
    return found


def _normal_form(text: str, name: str) -> list[Problem]:
    if unicodedata.is_normalized("NFC", text):
        return []
    for number, line in enumerate(text.split("\n"), 1):
        if not unicodedata.is_normalized("NFC", line):
            advice = "run `dadkhah fmt`; the same word must be the same characters everywhere"
            return [Problem("not in Unicode normal form NFC", name, "normal-form", number, None, advice)]
    return []
