"""How the failures of a reader, and its ways to end, become errors of `dadkhah.errors`."""

from __future__ import annotations

import signal

from dadkhah.engine.readers.frames import FAILURE, Failure
from dadkhah.errors import (
    DadkhahError,
    InputError,
    OutOfMemory,
    ParameterError,
    QueryRefused,
    QuerySyntaxError,
    ReaderLost,
    ResultTooLarge,
    SnapshotError,
)

MEMORY_TEXT = "the query needed more memory than it may take; ask for less at a time"
_ERRORS: dict[int, type[DadkhahError]] = {
    Failure.PARAMETER: ParameterError,
    Failure.REFUSED: QueryRefused,
    Failure.TOO_LARGE: ResultTooLarge,
    Failure.EVALUATION: InputError,
}


def failure_of(payload: bytes) -> DadkhahError:
    """The error that a FAILED frame tells of."""
    kind, line, column = FAILURE.unpack_from(payload)
    text = payload[FAILURE.size :].decode("utf-8", "replace")
    if kind == Failure.SYNTAX:
        return QuerySyntaxError(syntax_text(text), line=line or None, column=column or None)
    if kind == Failure.MEMORY:
        return OutOfMemory(MEMORY_TEXT)
    if kind == Failure.UNREADABLE:
        return SnapshotError(f"the snapshot cannot be opened: {text}")
    return _ERRORS[kind](text)


def syntax_text(expected: str) -> str:
    """A readable form of pyoxigraph's list of what could have stood there."""
    if expected.startswith(("the prefix ", "a prefix ")):
        return expected
    text = expected.replace("[_]", "the end of the query")
    # character classes fill lines and help nobody
    if text.startswith("expected one of ") and len(text) > 120:
        return "the query does not parse here"
    return f"the query does not parse here: {text[:300]}"


def ending_of(code: int | None) -> tuple[str, DadkhahError]:
    """The reason, for metrics, and the error for the client, when a reader ended by itself with this exit code."""
    if code == -signal.SIGABRT:
        # a failed allocation in the engine aborts its process
        return "memory", OutOfMemory(MEMORY_TEXT)
    if code == -signal.SIGKILL:
        return "killed", ReaderLost("the process that answered was ended from outside; try again")
    if code == -signal.SIGSEGV:
        return "crash", ReaderLost("the query ended the process that answered it; it may be nested too deeply")
    return "crash", ReaderLost("the process that answered ended; try again")
