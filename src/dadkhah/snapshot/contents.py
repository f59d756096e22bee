"""What is made of a sorted dump: the store, the compressed dump with its counts and hashes, and the indexes.

In: sorted N-Quads, and the triples of the default graph where the dump does not repeat them. Out: files in the folder
of the snapshot to be. Everything that needs only the dump is made at once: loading and compressing free the interpreter
lock, so counting and indexing names go on beside them. Must not name or publish the folder.
"""

from __future__ import annotations

import gzip
import shutil
import threading
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from dadkhah.snapshot.dump.loading import load_files
from dadkhah.snapshot.dump.statistics import Statistics, measure
from dadkhah.snapshot.plan import AnyIndexer, DumpIndexer
from dadkhah.snapshot.progress import Progress
from dadkhah.snapshot.publishing.manifest import DUMP, INDEXES, STORE, WHOLE


def fill(
    folder: Path, dump: Path, default: Path | None, indexers: Sequence[AnyIndexer], progress: Progress
) -> Statistics:
    """Write store, compressed dump and the indexes that need no store; says what the dump holds.

    Raises:
        SnapshotError: the dump does not load.
        OSError: the disk does not take it.
    """
    progress("loading", 0, 0)
    files = [(dump, ox.RdfFormat.N_QUADS)]
    if default is not None:
        files.append((default, ox.RdfFormat.N_TRIPLES))
    stop = threading.Event()
    with ThreadPoolExecutor() as pool:
        measured = pool.submit(_compress_and_measure, dump, folder / DUMP)
        steps: list[Future[Any]] = [measured, pool.submit(load_files, ox.Store(folder / STORE), files, stop)]
        steps += [
            pool.submit(indexer.build_from_dump, dump, _place(folder, indexer))
            for indexer in indexers
            if isinstance(indexer, DumpIndexer)
        ]
        try:
            wait(steps, return_when=FIRST_EXCEPTION)
        finally:
            stop.set()  # where a step has failed, or the build was interrupted, the rest need not be loaded
        for step in steps:
            step.result()
        return measured.result()


def index(folder: Path, indexers: Sequence[AnyIndexer], progress: Progress) -> dict[str, str]:
    """Write the indexes that need the store; says which versions all of them have."""
    for number, indexer in enumerate(indexers):
        if not isinstance(indexer, DumpIndexer):
            progress(f"indexing {indexer.name}", number, len(indexers))
            indexer.build(ox.Store.read_only(str(folder / STORE)), _place(folder, indexer))
    return {indexer.name: indexer.version for indexer in indexers}


def write_whole(folder: Path, default: Path) -> None:
    """Write all that the store holds as one file, for readers that hold it in memory.

    Two gzip members one after the other are one gzip file, and N-Triples lines are N-Quads of the default graph.
    """
    with (folder / WHOLE).open("wb") as output:
        with (folder / DUMP).open("rb") as named:
            shutil.copyfileobj(named, output, 1 << 20)
        _compress(default, output)


def _place(folder: Path, indexer: AnyIndexer) -> Path:
    place = folder / INDEXES / indexer.name
    place.mkdir(parents=True)
    return place


def _compress_and_measure(dump: Path, target: Path) -> Statistics:
    with target.open("wb") as output:
        _compress(dump, output)
    with dump.open("rb") as lines:
        return measure(lines)


def _compress(source: Path, output: IO[bytes]) -> None:
    # no name and no time in the header: the same statements give the same bytes
    with gzip.GzipFile("", "wb", 6, output, mtime=0) as zipped, source.open("rb") as lines:
        shutil.copyfileobj(lines, zipped, 1 << 20)
