"""One service at full load for a long time, hostile queries mixed in: does it stay as it is?

    python -m bench steady [--minutes 30] [--work FOLDER] [--scale 100000]

Eight clients ask usual queries without a pause; two more ask what fills memory, never ends, nests too deep, streams
without being read, or is left half-way. Every ten seconds the memory, descriptors and processes of the service are
counted. Out: a line of JSON for each minute; at the end what the usual clients saw, and by how much each figure has
grown from the second quarter of the time to the last. Exit 1 where memory grew by over a tenth, descriptors or
processes by over a few, the service ended, or a usual client was answered wrongly.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
import urllib.parse
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.http import BIN, free_port, graph, run, settle, start

USUAL = (
    "SELECT ?p ?o WHERE {{ <https://kg.example/id/P{n}> ?p ?o }}",
    "ASK {{ <https://kg.example/id/P{n}> a <https://kg.example/vocab#Person> }}",
    "CONSTRUCT WHERE {{ <https://kg.example/id/P{n}> ?p ?o }}",
    "SELECT (COUNT(*) AS ?n) WHERE {{ ?s a <https://kg.example/vocab#Person> FILTER(STR(?s) != '{n}') }}",
    "SELECT * WHERE {{ ?s ?p ?o }} OFFSET {n} LIMIT 3000",
)
HOSTILE = (
    "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f",
    "SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f))) AS ?x) WHERE { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * WHERE " + "{" * 5000 + "}" * 5000,
    "SELECT (" + "+".join(["1"] * 20_000) + " AS ?x) WHERE {}",
    "SELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }",
    "CONSTRUCT WHERE { ?a ?b ?c . ?d ?e ?f }",
)
SAMPLE_SECONDS = 10
MOST_GROWTH = 1.10
FEW = 8
# small, so that it is full soon: what grows later is not the cache
CACHE_MB = "8"


@dataclass(slots=True)
class Seen:
    """What the clients saw."""

    usual: Counter[str] = field(default_factory=Counter)
    hostile: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


async def ask(port: int, query: str, *, patience: float, leave_after: int | None = None) -> str:
    """One request on a connection of its own; its status, or `left`, or what went wrong."""
    path = "/sparql?" + urllib.parse.urlencode({"query": query})
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        if leave_after is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(reader.readexactly(leave_after), random.uniform(0, 1))
            return "left"
        status = (await asyncio.wait_for(reader.readline(), patience))[9:12].decode()
        while await asyncio.wait_for(reader.read(1 << 18), patience):
            pass
    except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
        return type(error).__name__
    else:
        return status or "closed"
    finally:
        writer.close()


async def usual_client(port: int, seen: Seen, end: float) -> None:
    """Ask usual queries until the end."""
    chosen = random.Random()
    while time.monotonic() < end:
        began = time.monotonic()
        seen.usual[await ask(port, chosen.choice(USUAL).format(n=chosen.randrange(100_000)), patience=30)] += 1
        seen.seconds.append(time.monotonic() - began)


async def hostile_client(port: int, seen: Seen, end: float) -> None:
    """Ask what does harm until the end; of every third answer only the beginning is taken."""
    chosen = random.Random()
    while time.monotonic() < end:
        leave = chosen.choice((None, None, 100_000))
        with suppress(OSError):
            seen.hostile[await ask(port, chosen.choice(HOSTILE), patience=60, leave_after=leave)] += 1


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for one in found:
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def figures(pid: int) -> dict[str, float]:
    """Memory, descriptors and processes of a service at this moment."""
    memory = own = 0
    pids = tree(pid)
    for one in pids:
        # readers come and go while we look
        with suppress(OSError):
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    memory += int(line.split()[1])
                    own += int(line.split()[1]) if one == pid else 0
    descriptors = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return {"memory_mb": memory / 1024, "front_mb": own / 1024, "descriptors": descriptors, "processes": len(pids)}


async def watch(pid: int, end: float) -> list[dict[str, float]]:
    """Count every few seconds; says so once a minute."""
    samples = []
    while time.monotonic() < end:
        await asyncio.sleep(SAMPLE_SECONDS)
        samples.append(await asyncio.to_thread(figures, pid))
        if len(samples) % (60 // SAMPLE_SECONDS) == 0:
            print(json.dumps({"minutes": len(samples) * SAMPLE_SECONDS / 60, **samples[-1]}), flush=True)
    return samples


async def soak(pid: int, port: int, minutes: float) -> bool:
    """Load the service; whether it stayed as it was."""
    seen, end = Seen(), time.monotonic() + minutes * 60
    usual = [usual_client(port, seen, end) for _ in range(8)]
    hostile = [hostile_client(port, seen, end) for _ in range(2)]
    samples, *_ = await asyncio.gather(watch(pid, end), *usual, *hostile)
    quarter = max(1, len(samples) // 4)
    growth = {}
    good = set(seen.usual) <= {"200", "503"} and seen.usual["503"] <= sum(seen.usual.values()) / 1000
    for name in samples[0]:
        before = statistics.median([one[name] for one in samples[quarter : 2 * quarter]] or [samples[0][name]])
        after = statistics.median(one[name] for one in samples[-quarter:])
        growth[name] = [round(before, 1), round(after, 1)]
        good &= after <= (before * MOST_GROWTH if name.endswith("_mb") else before + FEW)
    seen.seconds.sort()
    slow = seen.seconds[int(len(seen.seconds) * 0.99)]
    print(json.dumps({"usual": seen.usual, "p99_s": round(slow, 3), "hostile": seen.hostile, "from_to": growth}))
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    parser.add_argument("--scale", type=int, default=100_000)
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    nquads = graph(asked.work, asked.scale)
    snapshots = asked.work / f"{nquads.stem}.snapshots"
    if not snapshots.exists():
        run([str(BIN / "dadkhah"), "build", "--rdf", str(nquads), "--out", str(snapshots)])
    port = free_port()
    serve = [str(BIN / "dadkhah"), "serve", "--snapshots", str(snapshots), "--port", str(port), "--quiet"]
    with ExitStack() as stack:
        pid = start(stack, serve, f"http://127.0.0.1:{port}/sparql", asked.work / "steady.log", CACHE_MB)
        settle(f"http://127.0.0.1:{port}/sparql", snapshots)
        good = asyncio.run(soak(pid, port, asked.minutes))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
