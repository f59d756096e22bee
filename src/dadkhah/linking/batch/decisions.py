"""Candidates and decisions as SSSOM tables.

In: candidates; a person's decision on one of them. Out: `build/candidates/<name>.sssom.tsv`, and rows in
`data/mappings/{accepted,rejected,undecided}.sssom.tsv`. Decisions are added and never overwritten: a pair that was
accepted or rejected is decided; an undecided one may be decided once more. The machine accepts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from dadkhah import __version__
from dadkhah.errors import InputError, NotFound, ParameterError, SourceSyntaxError
from dadkhah.linking.batch.propose import Candidate, Pair
from dadkhah.linking.model import default_model
from dadkhah.source.hygiene.rules import iri_problem
from dadkhah.source.project.mappings import MappingRow, MappingSet, read_sssom, write_sssom
from dadkhah.vocab import SKOS

STATES: Final = ("accepted", "rejected", "undecided")
_SEMAPV: Final = "https://w3id.org/semapv/vocab/"
PREDICATES: Final = {"exact": f"{SKOS}exactMatch", "close": f"{SKOS}closeMatch"}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on one candidate, and why.

    Attributes:
        state: one of `STATES`.
        reviewer: IRI of the person, such as an ORCID.
        day: ISO date.
        reason: in words.
        predicate: `exact` or `close`.
    """

    state: str
    reviewer: str
    day: str
    reason: str
    predicate: str = "exact"


def row_of(candidate: Candidate) -> MappingRow:
    """A candidate as a row that says which machine proposed it and why."""
    return MappingRow(
        subject_id=candidate.subject,
        subject_label=candidate.subject_label,
        predicate_id=PREDICATES["exact"],
        object_id=candidate.target,
        object_label=candidate.target_label,
        mapping_justification=f"{_SEMAPV}LexicalSimilarityThresholdMatching",
        confidence=f"{candidate.score:.4f}",
        comment=candidate.why,
        extra={
            "mapping_tool": "dadkhah",
            "mapping_tool_version": f"{__version__}, name weights {default_model().version}",
            "similarity_measure": "probability of one name",
            "similarity_score": f"{candidate.score:.4f}",
            "match_string": candidate.target_label,
        },
    )


def write_candidates(candidates: Iterable[Candidate], file: Path) -> int:
    """Write proposals; returns how many."""
    rows = tuple(row_of(candidate) for candidate in candidates)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(write_sssom(MappingSet(rows, {"mapping_set_title": file.name})), encoding="utf-8")
    return len(rows)


def read_table(file: Path) -> MappingSet:
    """Read a table; an absent one is empty. Raises `SourceSyntaxError` with the first thing that is wrong in it."""
    if not file.exists():
        return MappingSet()
    table, problems, _ = read_sssom(file, str(file))
    if problems:
        raise SourceSyntaxError(problems[0].message, file=str(file), line=problems[0].line)
    return table


def decided(folder: Path) -> dict[Pair, str]:
    """The state of every pair that people have looked at."""
    return {
        (row.subject_id, row.object_id): state
        for state in STATES
        for row in read_table(folder / f"{state}.sssom.tsv").rows
    }


def decide(folder: Path, row: MappingRow, decision: Decision) -> Path:
    """Add a decision; returns the file that holds it now.

    Raises:
        InputError: the pair was accepted or rejected before.
        ParameterError: the reviewer is no IRI, or the reason is missing.
    """
    _check(decision)
    pair = (row.subject_id, row.object_id)
    before = decided(folder).get(pair)
    if before in {"accepted", "rejected"}:
        raise InputError(f"{pair[0]} and {pair[1]} were {before} before; to take that back: dadkhah review --undo")
    if before == "undecided":
        _rewrite(folder / "undecided.sssom.tsv", without=pair)
    extra = {**row.extra, **({"predicate_modifier": "Not"} if decision.state == "rejected" else {})}
    made = replace(
        row,
        predicate_id=PREDICATES[decision.predicate],
        mapping_justification=f"{_SEMAPV}ManualMappingCuration",
        reviewer_id=decision.reviewer,
        mapping_date=decision.day,
        comment=" ".join(decision.reason.split()),
        extra=extra,
    )
    target = folder / f"{decision.state}.sssom.tsv"
    _rewrite(target, added=made)
    return target


def undo(folder: Path, subject: str, target: str, decision: Decision) -> Path:
    """Take an accepted or rejected pair back to undecided, with what was decided before in its reason.

    Raises:
        NotFound: the pair was neither accepted nor rejected.
        ParameterError: as `decide`.
    """
    pair = (subject, target)
    state = decided(folder).get(pair, "")
    if state not in {"accepted", "rejected"}:
        raise NotFound(f"{subject} and {target} were neither accepted nor rejected")
    file = folder / f"{state}.sssom.tsv"
    row = find(read_table(file), subject, target)
    before = f"{state} on {row.mapping_date} by {row.reviewer_id}: {row.comment}"
    again = replace(decision, state="undecided", reason=f"{decision.reason} (before: {before})")
    _check(again)
    _rewrite(file, without=pair)
    open_row = replace(row, extra={name: text for name, text in row.extra.items() if name != "predicate_modifier"})
    return decide(folder, open_row, again)


def _check(decision: Decision) -> None:
    if iri_problem(decision.reviewer):
        raise ParameterError("reviewer: give an IRI, such as https://orcid.org/0000-0000-0000-0000")
    if decision.state not in STATES or decision.predicate not in PREDICATES or not decision.reason.strip():
        raise ParameterError("a decision has a state (accepted, rejected, undecided), exact or close, and a reason")


def find(table: MappingSet, subject: str, target: str) -> MappingRow:
    """The candidate of this pair; raises `NotFound`."""
    for row in table.rows:
        if (row.subject_id, row.object_id) == (subject, target):
            return row
    raise NotFound("no such candidate; run `dadkhah link` first, or look into build/candidates")


def _rewrite(file: Path, *, added: MappingRow | None = None, without: Pair | None = None) -> None:
    table = read_table(file)
    rows = tuple(row for row in table.rows if (row.subject_id, row.object_id) != without)
    text = write_sssom(replace(table, rows=(*rows, added) if added else rows))
    fresh = file.with_name(f".{file.name}.new")
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(file)
