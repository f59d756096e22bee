"""Every error that dadkhah raises on purpose.

    DadkhahError
    ├── InputError                 the caller can mend it
    │   ├── SourceSyntaxError      a data file does not parse (file, line, column)
    │   ├── QuerySyntaxError       a query does not parse (line, column)
    │   ├── QueryRefused           a query asks for what this service does not do
    │   ├── ParameterError         a parameter is missing, unknown or of the wrong kind
    │   └── ShapesError            a shapes graph cannot be validated against
    ├── NotFound                   no such record, stored query or snapshot
    ├── ValidationRefused          the data has findings that block a build
    ├── LimitError                 a bound of the service was met
    │   ├── QueryTimeout           the deadline passed
    │   ├── QueryTooLarge          the query or its parameters are over the size limit
    │   ├── ResultTooLarge         the answer is over the size limit
    │   ├── OutOfMemory            the query needed more memory than a reader may take
    │   ├── ReaderLost             the reader process ended while it answered
    │   └── Busy                   no place in the queue; try again later
    ├── SnapshotError              a snapshot is missing, corrupt or of another format
    │   └── BuildBusy              another build holds the lock
    ├── RemoteError                a remote SPARQL engine failed or answered amiss
    └── ConfigurationError         settings contradict each other or the environment lacks a part

No word of HTTP here: `dadkhah.web.wire.problems` maps classes to statuses, `dadkhah.cli` to exit codes.
"""

from __future__ import annotations


class DadkhahError(Exception):
    """The root; its text is written for the person who has to act on it."""


class InputError(DadkhahError):
    """What was given cannot be used; the message says what to mend."""


class SourceSyntaxError(InputError):
    """A data file does not parse.

    Args:
        message: what is wrong.
        file: path of the file, as the caller named it.
        line: 1-based line, or None where the parser gives none.
        column: 1-based column in code points, or None.
    """

    def __init__(self, message: str, *, file: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.file = file
        self.line = line
        self.column = column

    def __str__(self) -> str:
        """The place before the message, as editors and `grep -n` write it."""
        place = [self.file, *(str(number) for number in (self.line, self.column) if number is not None)]
        return f"{':'.join(place)}: {super().__str__()}"


class QuerySyntaxError(InputError):
    """A query does not parse; line and column are 1-based."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class QueryRefused(InputError):
    """A well-formed request for something this service does not do; line and column are 1-based."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class ParameterError(InputError):
    """A parameter is missing, unknown or of the wrong kind."""


class ShapesError(InputError):
    """A shapes graph cannot be validated against: a *failure* in the sense of SHACL, section 3.4."""


class NotFound(DadkhahError):
    """Nothing has this name; `near` holds names that come close, best first."""

    def __init__(self, message: str, *, near: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.near = near


class ValidationRefused(DadkhahError):
    """The data has findings that block a build; the report travels with the error."""

    def __init__(self, message: str, *, report: object) -> None:
        super().__init__(message)
        self.report = report


class LimitError(DadkhahError):
    """A bound of the service was met; nothing is wrong with the service."""


class QueryTimeout(LimitError):
    """The deadline passed before the answer was whole."""


class QueryTooLarge(LimitError):
    """The query or its parameters are over the size limit."""


class ResultTooLarge(LimitError):
    """The answer is over the size limit."""


class OutOfMemory(LimitError):
    """The query needed more memory than a reader may take."""


class ReaderLost(LimitError):
    """The reader process ended while it answered."""


class Busy(LimitError):
    """Every reader is taken and the queue is full."""

    def __init__(self, message: str, *, retry_after_seconds: int) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class SnapshotError(DadkhahError):
    """A snapshot is missing, corrupt or of another format."""


class BuildBusy(SnapshotError):
    """Another build holds the lock of the same output folder."""


class RemoteError(DadkhahError):
    """A remote SPARQL engine failed, or answered with something that is not a whole result."""


class ConfigurationError(DadkhahError):
    """Settings contradict each other, or the environment lacks a part that was asked for."""
