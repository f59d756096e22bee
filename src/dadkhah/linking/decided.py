"""What people decided on pairs of records, as a snapshot keeps it for its pages.

In: the tables of a project's mappings, and which records may be named. Out: `Decided`, and a file of JSON lines. It
must not decide, and it must not keep what was decided on a record that may not be named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Protocol

import orjson

from dadkhah.source.project.mappings import MappingRow, read_sssom

STATES: Final = ("accepted", "undecided", "rejected")
FILE: Final = "decided.jsonl"


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision; texts as the table holds them, empty where it holds none.

    Attributes:
        state: one of `STATES`.
        subject: IRI of our record.
        target: IRI of the other one.
        label: name of the other one, as its dataset writes it.
        predicate: IRI: what accepting it states.
        justification: IRI of a term of semapv: how it was decided.
        reviewer: IRI of who decided.
        day: ISO date.
        reason: in words.
        score: what the machine gave the pair.
        tool: which machine, with its version.
    """

    state: str
    subject: str
    target: str
    label: str
    predicate: str
    justification: str
    reviewer: str
    day: str
    reason: str
    score: str
    tool: str


class DecidedPairs(Protocol):
    """The decisions that came with each snapshot."""

    def of(self, snapshot_hash: str) -> Sequence[Decided]:
        """All of them, in order of state, subject, target; none where the snapshot was built without."""
        ...


def read_decisions(folder: Path, may_tell: Callable[[str, str], bool]) -> list[Decided]:
    """The decisions of a folder of tables on pairs that may be told; a table with problems gives its good rows."""
    found = [
        _decided(state, row)
        for state in STATES
        if (file := folder / f"{state}.sssom.tsv").is_file()
        for row in read_sssom(file, file.name)[0].rows
        if may_tell(row.subject_id, row.object_id)
    ]
    return sorted(found, key=lambda each: (STATES.index(each.state), each.subject, each.target))


def _decided(state: str, row: MappingRow) -> Decided:
    tool = " ".join(filter(None, (row.extra.get("mapping_tool"), row.extra.get("mapping_tool_version"))))
    return Decided(
        state,
        row.subject_id,
        row.object_id,
        row.object_label,
        row.predicate_id,
        row.mapping_justification,
        row.reviewer_id,
        row.mapping_date,
        row.comment,
        row.extra.get("similarity_score") or row.confidence,
        tool,
    )


def write_kept(decisions: Iterable[Decided], folder: Path) -> None:
    """Write decisions into the folder of an index."""
    (folder / FILE).write_bytes(b"".join(orjson.dumps(asdict(each)) + b"\n" for each in decisions))


def read_kept(folder: Path) -> tuple[Decided, ...]:
    """Read what `write_kept` wrote."""
    return tuple(Decided(**orjson.loads(line)) for line in (folder / FILE).read_bytes().splitlines())
