"""Filling a store from sorted lines in portions, in memory that does not grow with the graph.

In: files of sorted N-Quads or N-Triples. Out: a store, compacted. The bulk loader keeps all that it is given in memory
until it has made its files (1.2 GB for a million statements); given portions it takes as much as a portion needs, and
compacting their files at the end costs a tenth of the time of loading. Must not decide what is loaded.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox

from dadkhah.errors import SnapshotError

PORTION_BYTES = 12 * 1024 * 1024  # of text; 100,000 statements, 150 MB while they are loaded
_LOADERS = 2  # a loader works on one core nearly all of the time


def load_files(store: ox.Store, files: list[tuple[Path, ox.RdfFormat]], stop: threading.Event) -> None:
    """Load files into an empty store and compact it; `stop` ends it early.

    Takes `_LOADERS` portions at once, which no longer need the interpreter once they are read.

    Raises:
        SnapshotError: a line is none that the store takes.
    """
    portions, lock = _portions(files), threading.Lock()

    def load() -> None:
        try:
            while not stop.is_set():
                with lock:
                    portion = next(portions, None)
                if portion is None:
                    return
                # lenient: every line is checked already, checking its terms again costs a tenth
                store.bulk_load(input=portion[0], format=portion[1], lenient=True)
        except BaseException:
            stop.set()
            raise

    with ThreadPoolExecutor(_LOADERS) as pool:
        loaders = [pool.submit(load) for _ in range(_LOADERS)]
    try:
        for loader in loaders:
            loader.result()
    except SyntaxError as error:
        raise SnapshotError(f"the sorted dump does not load: {error.msg}") from error
    if not stop.is_set():
        store.flush()
        store.optimize()


def _portions(files: list[tuple[Path, ox.RdfFormat]]) -> Iterator[tuple[bytes, ox.RdfFormat]]:
    for path, form in files:
        with path.open("rb") as lines:
            while text := lines.read(PORTION_BYTES):
                yield text + lines.readline(), form
