"""What isolation costs: CPU per query of the same engine in-process and behind the pool, and the time of a round trip.

    python -m bench.engine --nquads kg-1m.nq [--work FOLDER] [--seconds 3]

The graph is one of `bench/generate.py`. In each round both sides answer the same queries, in turns, so that other work
on the machine disturbs both alike; CPU is that of all threads of all processes taken together, from the scheduler.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pyoxigraph as ox
import uvloop

from dadkhah.engine.interface import QueryRequest, ResultFormat
from dadkhah.engine.local.pool import Pool, PoolSettings, SnapshotSource

POINT = "SELECT ?p ?o WHERE {{ <https://kg.example/id/P{n}> ?p ?o }}"
ASK = "ASK {{ <https://kg.example/id/P{n}> a <https://kg.example/vocab#Person> }}"
ROWS = "SELECT ?s ?p ?o WHERE {{ ?s ?p ?o }} LIMIT 100000 OFFSET {n}"
GRAPH = "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }} LIMIT 100000"


def cpu_seconds(pids: list[int]) -> float:
    """CPU that these processes have used, in nanoseconds' resolution."""
    total = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def build(nquads: Path, work: Path) -> Path:
    """A RocksDB store of the graph; kept for the next run."""
    folder = work / f"{nquads.stem}.store"
    if not folder.exists():
        store = ox.Store(str(folder))
        store.bulk_load(path=str(nquads), format=ox.RdfFormat.N_QUADS)
        store.flush()
        store.optimize()
    return folder


def in_process(store: ox.Store, text: str, *, graph: bool) -> int:
    """Bytes of the answer, made and dropped by the engine in this process."""
    results = store.query(text)
    if graph:
        assert isinstance(results, ox.QueryTriples)
        data = results.serialize(format=ox.RdfFormat.N_TRIPLES)
    else:
        assert isinstance(results, ox.QuerySolutions | ox.QueryBoolean)
        data = results.serialize(format=ox.QueryResultsFormat.JSON)
    assert data is not None
    return len(data)


async def pooled(pool: Pool, text: str, *, graph: bool) -> int:
    """Bytes of the answer that came through the pool."""
    answer = await pool.query(QueryRequest(text, ResultFormat.N_TRIPLES if graph else ResultFormat.JSON, 60))
    if answer.whole is not None:
        return len(answer.whole)
    return sum([len(block) async for block in answer.chunks])


async def cpu_of(pool: Pool | None, work: Callable[[], Awaitable[int]]) -> tuple[float, float, int]:
    """CPU and wall seconds of some work, and the bytes it gave."""
    pids = [os.getpid(), *(pool.reader_pids if pool else [])]
    cpu, wall = cpu_seconds(pids), time.perf_counter()
    size = await work()
    return cpu_seconds(pids) - cpu, time.perf_counter() - wall, size


async def compare(
    store: ox.Store, pool: Pool, name: str, query: str, count: int, *, graph: bool = False
) -> dict[str, float]:
    """CPU per query on both sides, in rounds that take turns."""
    chosen = random.Random(7)
    ratios, direct_cpu, pool_cpu, pool_wall, direct_wall = [], [], [], [], []
    for _ in range(7):
        texts = [query.format(n=chosen.randrange(1000)) for _ in range(count)]

        async def direct(texts: list[str] = texts) -> int:
            return sum(in_process(store, text, graph=graph) for text in texts)

        async def through(texts: list[str] = texts) -> int:
            total = 0
            for text in texts:
                total += await pooled(pool, text, graph=graph)
            return total

        a_cpu, a_wall, a_size = await cpu_of(None, direct)
        b_cpu, b_wall, b_size = await cpu_of(pool, through)
        assert a_size == b_size, "both sides give the same answers"
        ratios.append(b_cpu / a_cpu)
        direct_cpu.append(a_cpu / count)
        pool_cpu.append(b_cpu / count)
        direct_wall.append(a_wall / count)
        pool_wall.append(b_wall / count)
    return {
        "query": name,  # type: ignore[dict-item]  # a name among figures
        "in_process_cpu_us": statistics.median(direct_cpu) * 1e6,
        "pool_cpu_us": statistics.median(pool_cpu) * 1e6,
        "cpu_ratio": statistics.median(ratios),
        "in_process_us": statistics.median(direct_wall) * 1e6,
        "pool_us": statistics.median(pool_wall) * 1e6,
    }


async def throughput(pool: Pool, query: str, clients: int, seconds: float) -> dict[str, float]:
    """Queries a second from several clients at once, and the CPU of each."""
    end = time.perf_counter() + seconds
    done = 0
    chosen = random.Random(7)

    async def client(number: int) -> None:
        nonlocal done
        while time.perf_counter() < end:
            request = QueryRequest(query.format(n=chosen.randrange(1000)), ResultFormat.JSON, 60, client=str(number))
            await pool.query(request)
            done += 1

    pids = [os.getpid(), *pool.reader_pids]
    before = cpu_seconds(pids)
    await asyncio.gather(*(client(number) for number in range(clients)))
    return {"clients": clients, "per_second": done / seconds, "cpu_us": (cpu_seconds(pids) - before) / done * 1e6}


MILLION = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 1000000"


def resident_bytes(pids: list[int]) -> int:
    """Private memory of these processes; what a forked reader shares with the others is not counted."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Private_"):
                total += int(line.split()[1]) * 1024
    return total


async def million_rows(pool: Pool) -> dict[str, float]:
    """Time to the first byte, and by how much memory grows while a million rows stream."""
    pids = [os.getpid(), *pool.reader_pids]
    before = peak = resident_bytes(pids)
    began = time.perf_counter()
    answer = await pool.query(QueryRequest(MILLION, ResultFormat.JSON, 300))
    first = time.perf_counter() - began
    size = 0
    looked = began
    async for block in answer.chunks:
        size += len(block)
        if time.perf_counter() - looked > 0.2:
            looked = time.perf_counter()
            peak = max(peak, resident_bytes(pids))
    return {
        "first_byte_ms": first * 1e3,
        "million_rows_s": time.perf_counter() - began,
        "megabytes": size / 1e6,
        "growth_mb": (peak - before) / 1e6,
    }


async def run(options: argparse.Namespace) -> None:
    """Measure both ways of holding the data."""
    folder = build(options.nquads, options.work)
    for held in options.held:
        if held == "disk":
            source = SnapshotSource("bench", folder)
            store = ox.Store.read_only(str(folder))
        else:
            source = SnapshotSource("bench", folder, options.nquads, 1)
            store = ox.Store()
            store.bulk_load(path=str(options.nquads), format=ox.RdfFormat.N_QUADS)
        pool = Pool(source, PoolSettings())
        await pool.start()
        await pool.settled()
        for name, query, count, graph in (
            ("point", POINT, 2000, False),
            ("ask", ASK, 2000, False),
            ("100k rows", ROWS, 2, False),
            ("100k triples", GRAPH, 1, True),
        ):
            print(json.dumps({"held": held, **await compare(store, pool, name, query, count, graph=graph)}), flush=True)
        for clients in (1, 4, 16):
            print(json.dumps({"held": held, **await throughput(pool, POINT, clients, options.seconds)}), flush=True)
        print(json.dumps({"held": held, **await million_rows(pool)}), flush=True)
        await pool.close()
        del store


def main() -> None:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nquads", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    parser.add_argument("--held", nargs="+", choices=("disk", "memory"), default=["disk", "memory"])
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    uvloop.run(run(options))


if __name__ == "__main__":
    main()
