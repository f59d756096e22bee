"""Open the snapshot to serve, and take up a newer one while requests go on.

In: the snapshots folder. Out: a running pool, what is known about its data, and swaps of both. The pointer is asked
once a second, which costs a `readlink`; SIGHUP asks at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from dadkhah.cli.service.downloads import downloads, mark_of_proofs, proofs
from dadkhah.engine.local.pool import Pool, PoolSettings, SnapshotSource
from dadkhah.errors import ConfigurationError, DadkhahError
from dadkhah.snapshot.plan import PUBLIC
from dadkhah.snapshot.publishing.manifest import DefaultGraph
from dadkhah.snapshot.publishing.registry import CURRENT, Registry, Snapshot, problems
from dadkhah.web.endpoint.serving import Facts, GraphCounts, Served, Serving, StoredFile

log = logging.getLogger("dadkhah.serve")
LOOK_SECONDS = 1.0
# up to here all files are hashed before they are served (a second or less); larger snapshots are hashed meanwhile
VERIFY_FIRST_BYTES = 512 * 1024 * 1024


def snapshot_to_serve(registry: Registry) -> tuple[Snapshot, bool]:
    """The snapshot to serve, and whether its files were verified already."""
    pointed = registry.pointed()
    if pointed is not None and sum(file.bytes for file in pointed.manifest.files.values()) > VERIFY_FIRST_BYTES:
        return pointed, False
    return registry.current(), True


def refuse_unguarded(snapshot: Snapshot, *, guarded: bool) -> None:
    """Let a snapshot that is not the public one be served only where every request needs a token.

    Raises:
        ConfigurationError: no token is asked for.
    """
    if snapshot.manifest.profile != PUBLIC and not guarded:
        raise ConfigurationError(
            f"snapshot {snapshot.hash[:12]} has the profile {snapshot.manifest.profile}: it holds what must not become "
            "public and is served only to those who have a token; see dadkhah token --help"
        )


def source_of(snapshot: Snapshot) -> SnapshotSource:
    """A snapshot as the pool needs to know it."""
    manifest = snapshot.manifest
    # a merged default graph holds each statement once more
    copies = 1 if manifest.default_graph is DefaultGraph.AS_GIVEN else 2
    return SnapshotSource(
        hash=snapshot.hash,
        store=snapshot.store_path,
        dump=snapshot.whole_path,
        statements=manifest.quads * copies,
    )


def facts_of(snapshot: Snapshot) -> Facts:
    """What the web layer tells about a snapshot."""
    manifest = snapshot.manifest
    return Facts(
        hash=manifest.hash,
        built=manifest.built,
        quads=manifest.quads,
        entities=manifest.entities,
        graphs=tuple(
            GraphCounts(graph.iri, graph.triples, graph.subjects, graph.properties, graph.classes, graph.hash)
            for graph in manifest.graphs
        ),
        tombstones=manifest.tombstones,
        union_default=manifest.default_graph is DefaultGraph.MERGE,
        files=tuple(
            StoredFile(name, manifest.files[kept].bytes, manifest.files[kept].sha256)
            for name, kept in downloads(manifest).items()
        ),
        proofs=tuple(StoredFile(name, file.bytes, file.sha256) for name, file in proofs(snapshot).items()),
    )


class ReaderCounts:
    """Counts what the pool tells about its readers, for the metrics."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self.state: Callable[[], Mapping[str, float]] = dict

    def query_ended(self, outcome: str, queue_seconds: float, run_seconds: float) -> None:
        """Add up the time that queries waited and ran."""
        del outcome
        self._counts["queue_seconds"] += queue_seconds  # type: ignore[assignment]  # a Counter adds floats as well
        self._counts["run_seconds"] += run_seconds  # type: ignore[assignment]  # as above

    def reader_started(self, seconds: float) -> None:
        """Count a start."""
        del seconds
        self._counts["readers_started"] += 1

    def reader_ended(self, reason: str) -> None:
        """Count an end under its reason."""
        self._counts[f"readers_ended_{reason}"] += 1
        if reason not in {"retired", "closed", "worn"}:
            log.warning("reader ended", extra={"fields": {"reason": reason}})

    def figures(self) -> dict[str, float]:
        """All counts, with the pool's state of this moment."""
        return {**self._counts, **self.state()}


class TakeUp:
    """Serves what the folder's pointer names, now and later."""

    def __init__(
        self, registry: Registry, snapshot: Snapshot, settings: PoolSettings, *, verified: bool, guarded: bool = False
    ) -> None:
        self._registry = registry
        self._snapshot = snapshot
        self._verified = verified
        self._guarded = guarded
        self._counts = ReaderCounts()
        self._pool = Pool(source_of(snapshot), settings, observer=self._counts)
        self._look_now = asyncio.Event()
        self._seen: str | None = self._pointer()
        self._mark = mark_of_proofs(snapshot)
        self.serving = Serving(self._served(snapshot))

    async def start(self) -> None:
        """Start the readers; raises SnapshotError where the snapshot cannot be opened."""
        await self._pool.start()
        self._counts.state = self._state

    def look(self) -> None:
        """Look at the pointer at once."""
        self._seen = None
        self._look_now.set()

    async def follow(self) -> None:
        """Take up whatever the pointer names, for ever; a snapshot that is not whole is left alone."""
        if not self._verified:
            await self._verify()
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look_now.wait(), LOOK_SECONDS)
            self._look_now.clear()
            pointer = self._pointer()
            if pointer is not None and pointer != self._seen:
                self._seen = pointer
                await self._take_up()
            if (mark := mark_of_proofs(self._snapshot)) != self._mark:
                # signed since: the same data, and more to prove them with
                self._mark = mark
                await self.serving.swap(self._served(self._snapshot))

    async def close(self) -> None:
        """End the readers."""
        await self.serving.close()

    async def _verify(self) -> None:
        found = await asyncio.to_thread(problems, self._snapshot)
        if found:
            log.error("the snapshot being served is damaged", extra={"fields": {"files": found[:5]}})
            await self._take_up()

    async def _take_up(self) -> None:
        try:
            snapshot = await asyncio.to_thread(self._registry.current)
            if snapshot.hash == self._snapshot.hash:
                return
            refuse_unguarded(snapshot, guarded=self._guarded)
            await self._pool.switch(source_of(snapshot))
        except DadkhahError as error:
            log.error("the new snapshot was not taken up", extra={"fields": {"error": type(error).__name__}})  # noqa: TRY400 - a traceback would say nothing more
            return
        self._snapshot = snapshot
        await self.serving.swap(self._served(snapshot))
        log.info("snapshot taken up", extra={"fields": {"snapshot": snapshot.hash}})

    def _served(self, snapshot: Snapshot) -> Served:
        return Served(self._pool, facts_of(snapshot), self._counts.figures)

    def _state(self) -> dict[str, float]:
        state = self._pool.state()
        return {
            "running": state.running,
            "waiting": state.waiting,
            "idle": state.idle,
            "starting": state.starting,
            "in_memory": float(state.in_memory),
        }

    def _pointer(self) -> str | None:
        path: Path = self._registry.root / CURRENT
        try:
            return str(path.readlink())
        except OSError:
            return None
