"""The RDF merge of all graphs of a dump, for a store's default graph.

Written physically: a union made by the engine at query time answers once per graph, which makes every COUNT wrong.
"""

from __future__ import annotations

from pathlib import Path

from dadkhah.snapshot.dump.fields import split
from dadkhah.snapshot.dump.lines import LineSorter

_BATCH = 4096


def write_merge(dump: Path, target: Path, work: Path) -> None:
    """Write the distinct triples of all graphs of a sorted dump; bounded memory."""
    folder = work / "merge"
    folder.mkdir()
    sorter, batch = LineSorter(folder), list[bytes]()
    with dump.open("rb") as lines:
        for line in lines:
            graph = split(line).graph
            batch.append(line[: -len(graph) - 4] + b" .\n" if graph else line)
            if len(batch) == _BATCH:
                sorter.write(b"".join(batch))
                batch.clear()
    sorter.write(b"".join(batch))
    sorter.write_to(target)
