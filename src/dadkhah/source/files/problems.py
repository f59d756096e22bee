"""What is wrong with a file before its statements are judged: a value with a place, never an exception.

Validation turns these into its findings; this layer does not know about reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_PROBLEMS = 20  # of one kind in one file: after these a reader has understood


class Severity(StrEnum):
    """How grave something is; the names are those of SHACL (section 2.1.4), the values those of compilers."""

    VIOLATION = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file.

    Attributes:
        message: what is wrong.
        file: the file as it is shown to people, relative to the project where it lies inside.
        rule: the name of the rule, as in `docs/commands.md`.
        line: 1-based; 1 where the whole file is meant.
        column: 1-based, in code points, or None.
        advice: what to do.
    """

    message: str
    file: str
    rule: str
    line: int = 1
    column: int | None = None
    advice: str = ""
    severity: Severity = Severity.VIOLATION


def shown(name: str) -> str:
    """A file name that is safe to print: no line breaks, no control or bidirectional characters."""
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in name)
