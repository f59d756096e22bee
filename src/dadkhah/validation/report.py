"""What validation says: findings, and the gate they decide.

A finding is a value, never an exception: it names where (file, line, column), how grave (severity), by which rule
(shape, path), about what (focus node, value), and what to do. A report is the findings of one run in a fixed order.
Nothing here validates, reads a file or prints.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dadkhah.source.files.problems import Severity

_RANK = {Severity.VIOLATION: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and what to do about it.

    Attributes:
        file: path as the caller named it; empty where the finding belongs to no single file.
        line: 1-based, or None.
        column: 1-based, in code points, or None.
        message: what is wrong, for the person who has to mend it.
        advice: what to do; empty where the message says it.
        rule: name of the check: `syntax`, `shacl`, the name of a query, ….
        shape: IRI of the shape, or empty.
        path: the property path, written as SPARQL writes it, or empty.
        focus: the focus node in N-Triples form, or empty.
        value: the value node in N-Triples form, or empty.
        component: IRI of the constraint component, or empty.
    """

    message: str
    severity: Severity = Severity.VIOLATION
    file: str = ""
    line: int | None = None
    column: int | None = None
    advice: str = ""
    rule: str = ""
    shape: str = ""
    path: str = ""
    focus: str = ""
    value: str = ""
    component: str = ""

    @property
    def text(self) -> str:
        """What is wrong and what to do, in one line of text."""
        return f"{self.message}; {self.advice}" if self.advice else self.message

    def key(self) -> tuple[object, ...]:
        """Sort key: file, line, column, gravest first, then the rest as text."""
        return (
            self.file,
            self.line or 0,
            self.column or 0,
            _RANK[self.severity],
            self.rule,
            self.focus,
            self.path,
            self.value,
            self.component,
            self.message,
        )


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of one run, in the order of `Finding.key`.

    Attributes:
        findings: sorted; equal findings stand once.
        files: how many files were checked.
        reused: how many of these were answered from the cache.
        notes: what a reader of the report ought to know and is no finding, for example which shapes ran in pySHACL.
    """

    findings: tuple[Finding, ...] = ()
    files: int = 0
    reused: int = 0
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, findings: Iterable[Finding], *, files: int = 0, reused: int = 0, notes: Iterable[str] = ()) -> Report:
        """Make a report from findings in any order."""
        return cls(tuple(sorted(set(findings), key=Finding.key)), files, reused, tuple(dict.fromkeys(notes)))

    @property
    def passed(self) -> bool:
        """Whether a build may go on: there is no finding of severity `error`."""
        return not any(finding.severity is Severity.VIOLATION for finding in self.findings)

    @property
    def clean(self) -> bool:
        """Whether there is no finding at all."""
        return not self.findings

    def counts(self) -> dict[str, int]:
        """Number of findings by severity; every severity has a key."""
        found = Counter(finding.severity for finding in self.findings)
        return {severity.value: found[severity] for severity in Severity}

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)
