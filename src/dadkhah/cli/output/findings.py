"""Findings as people and programs read them: text, JSON, SARIF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from dadkhah import __version__
from dadkhah.source.files.problems import Problem, Severity
from dadkhah.validation.report import Finding, Report

FORMATS = ("text", "json", "sarif")
_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def from_problems(problems: Iterable[Problem]) -> Iterator[Finding]:
    """Problems of the source layer as findings."""
    for problem in problems:
        yield Finding(
            message=problem.message,
            severity=problem.severity,
            file=problem.file,
            line=problem.line,
            column=problem.column,
            advice=problem.advice,
            rule=problem.rule,
        )


def written(report: Report, form: str) -> str:
    """The report in one of `FORMATS`."""
    if form == "json":
        return _json(report)
    return _sarif(report) if form == "sarif" else "\n".join(map(line_of, report.findings))


def line_of(finding: Finding) -> str:
    """`file:line: severity: message; advice [rule] (line, column)`, on one line."""
    place = f"{finding.file or '-'}:{finding.line or 1}"
    where = f"line {finding.line or 1}" + (f", column {finding.column}" if finding.column else "")
    return " ".join(f"{place}: {finding.severity.value}: {finding.text} [{finding.rule}] ({where})".split())


def summary_of(report: Report) -> str:
    """One line that says how it went."""
    counts = ", ".join(f"{count} {name}{'s' if count != 1 else ''}" for name, count in report.counts().items() if count)
    return f"{report.files} files: {counts or 'no findings'}"


def _json(report: Report) -> str:
    rows = [{name: getattr(finding, name) for name in Finding.__slots__} for finding in report.findings]
    value = {
        "passed": report.passed,
        "files": report.files,
        "reused": report.reused,
        "counts": report.counts(),
        "notes": list(report.notes),
        "findings": rows,
    }
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _sarif(report: Report) -> str:
    """SARIF 2.1.0, as code hosting sites show it beside the changed lines."""
    rules = sorted({finding.rule for finding in report.findings})
    driver = {
        "name": "dadkhah",
        "version": __version__,
        "informationUri": "https://w3id.org/dadkhah/",
        "rules": [{"id": rule} for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding) for finding in report.findings],
    }
    value = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _result(finding: Finding) -> dict[str, Any]:
    region: dict[str, int] = {"startLine": finding.line or 1}
    if finding.column:
        region["startColumn"] = finding.column
    location = {"physicalLocation": {"artifactLocation": {"uri": finding.file or "."}, "region": region}}
    return {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.text},
        "locations": [location],
    }
