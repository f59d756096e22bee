"""Pages over a large snapshot: what a reader waits for, beside the engine's own time for the very same queries.

    python -m bench.pages --snapshots FOLDER [--records 200] [--class IRI …] [--names FOLDER] [--parts records search …]

Records: for each class so many different ones, drawn at random, over one connection, one after the other, cache of
answers off. The first pass is cold (their names, voices and passages were not read before), the second warm. After
each page the queries that it asks are run with pyoxigraph in this process on the same store, so that other work on the
machine disturbs both alike; they are caught at the `Ask` that the page reads through, which keeps what it has read as
the service does. Overviews: each page about the whole, three times. Search: names of people against an index of a
million names (`bench.reconcile` builds it), Persian, Latin, and Latin with one letter wrong.

Figures: p50 and p95 of the time of a whole answer, CPU of the service's processes, number of queries, bytes of HTML,
the engine's own time, and the median of the ratio of the two.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import random
import statistics
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pyoxigraph as ox
from bench.http import BIN, GIVEN, free_port, settle, start
from bench.reconcile import built, cpu_seconds, queries

from dadkhah.browse.kept import Kept
from dadkhah.browse.records.record import record
from dadkhah.browse.scheme import Scheme
from dadkhah.browse.terms import Row, read
from dadkhah.linking.training.corpus import read_pairs
from dadkhah.snapshot.publishing.manifest import DefaultGraph
from dadkhah.snapshot.publishing.registry import Registry
from dadkhah.web.pages.records import SHOWN

SEED = 20251126
PARTS = ("records", "overviews", "search")
CLASSES = ("Person", "Event", "Prison", "Court", "Source", "Statement")
# so many of a class are read, of which the records are drawn: the store gives them in no order that means anything
POOL = 50_000
# classes in the message about one that has no record
NAMED = 100
OVERVIEWS = ("", "timeline", "conflicts", "quality", "map", "sources", "patterns", "risk", "ontology", "data")
LEAST = 20


class Gate:
    """An `Ask` over a store in this process that notes each query and the engine's time for it."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self.kept = Kept()
        self.seconds = 0.0
        self.asked = 0

    async def __call__(self, query: str) -> list[Row]:
        begun = time.perf_counter()
        solutions: Any = self._store.query(query)
        given = solutions.serialize(format=ox.QueryResultsFormat.JSON)
        self.seconds += time.perf_counter() - begun
        self.asked += 1
        return [
            {name: read(binding) for name, binding in row.items()} for row in orjson.loads(given)["results"]["bindings"]
        ]


@dataclass
class Figures:
    """What one pass over records of one kind gave; times in milliseconds."""

    page: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    engine: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)
    size: list[int] = field(default_factory=list)

    def line(self, name: str) -> str:
        ratio = statistics.median(one / other for one, other in zip(self.page, self.engine, strict=True))
        return (
            f"| {name} | {len(self.page)} | {spread(self.page)} | {statistics.mean(self.cpu):.0f} "
            f"| {statistics.median(self.queries):.0f}, {max(self.queries)} | {spread(self.engine)} | {ratio:.2f} "
            f"| {statistics.median(self.size) / 1000:.1f}, {max(self.size) / 1000:.1f} |"
        )


def spread(times: Sequence[float]) -> str:
    """The p50 and the p95."""
    ordered = sorted(times)
    return f"{statistics.median(ordered):.1f}, {ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]:.1f}"


class Service:
    """The service as one client with one connection sees it."""

    def __init__(self, stack: ExitStack, snapshots: Path, log: Path) -> None:
        port = free_port()
        address = f"http://127.0.0.1:{port}/sparql"
        command = [str(BIN / "dadkhah"), "serve", "--quiet", "--snapshots", str(snapshots), "--port", str(port)]
        self.process = start(stack, command, address, log)
        settle(address, snapshots)
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def get(self, path: str) -> tuple[int, bytes, float]:
        """Status, body and milliseconds."""
        begun = time.perf_counter()
        self._connection.request("GET", path, headers={"accept": "text/html, */*;q=0.5"})
        answer = self._connection.getresponse()
        body = answer.read()
        return answer.status, body, (time.perf_counter() - begun) * 1000

    def cpu(self) -> float:
        """CPU milliseconds of all of its processes so far."""
        return sum(cpu_seconds(each) for each in family(self.process)) * 1000


def family(process: int) -> Iterator[int]:
    """A process and all that descend from it."""
    yield process
    for each in Path(f"/proc/{process}/task").glob("*/children"):
        for child in each.read_text().split():
            yield from family(int(child))


def drawn(store: ox.Store, kind: str, count: int) -> list[str]:
    """Records of a class, drawn at random."""
    anywhere = f"{{ ?s a <{kind}> }} UNION {{ GRAPH ?g {{ ?s a <{kind}> }} }}"
    found: Any = store.query(f"SELECT DISTINCT ?s WHERE {{ {anywhere} FILTER(isIRI(?s)) }} LIMIT {POOL}")
    names = sorted(row["s"].value for row in found)
    return random.Random(SEED).sample(names, min(count, len(names)))


def classes(store: ox.Store) -> list[str]:
    """The classes that there are, in order of the alphabet. It reads every statement of a class once."""
    found: Any = store.query(
        f"SELECT DISTINCT ?class WHERE {{ {{ ?s a ?class }} UNION {{ GRAPH ?g {{ ?s a ?class }} }} }} LIMIT {NAMED}"
    )
    return sorted(row["class"].value for row in found)


def measure_records(service: Service, snapshots: Path, kinds: Sequence[str], count: int) -> None:
    """Print a table of the records of each class.

    Raises:
        SystemExit: a class has no record in this snapshot.
    """
    snapshot = Registry(snapshots).current(verify=False)
    scheme = Scheme(merged=snapshot.manifest.default_graph is DefaultGraph.MERGE)
    store = snapshot.open_store()
    gate = Gate(store)
    records = {kind: drawn(store, kind, count) for kind in kinds}
    if empty := [kind for kind, chosen in records.items() if not chosen]:
        raise SystemExit(
            f"no record of {', '.join(empty)} in {snapshots}; "
            f"choose with --class from: {' '.join(classes(store)) or 'there are none'}"
        )
    print("| records | n | page p50, p95 | CPU | queries p50, most | engine p50, p95 | ratio | KB p50, most |")
    print("|---|---|---|---|---|---|---|---|")
    for kind, chosen in records.items():
        name = kind.rpartition("#")[2]
        for temperature in ("cold", "warm"):
            figures = Figures()
            for iri in chosen:
                _one(service, gate, scheme, iri, figures)
            print(figures.line(f"{name}, {temperature}"), flush=True)


def _one(service: Service, gate: Gate, scheme: Scheme, iri: str, figures: Figures) -> None:
    parts = scheme.iris.split_thing(iri)
    path = f"/en/{'/'.join(map(urllib.parse.quote, parts))}" if parts else f"/en/record?iri={urllib.parse.quote(iri)}"
    before = service.cpu()
    status, body, spent = service.get(path)
    if status != 200:
        raise SystemExit(f"{path}: {status}")
    figures.cpu.append(service.cpu() - before)
    gate.seconds, gate.asked = 0.0, 0
    asyncio.run(record(gate, scheme, iri, shown=SHOWN))
    figures.page.append(spent)
    figures.engine.append(gate.seconds * 1000)
    figures.queries.append(gate.asked)
    figures.size.append(len(body))


def measure_overviews(service: Service) -> None:
    print("| overview | status | first ms | then ms | KB |")
    print("|---|---|---|---|---|")
    for name in OVERVIEWS:
        asked = [service.get(f"/en/{name}") for _ in range(3)]
        first, later = asked[0][2], min(each[2] for each in asked[1:])
        print(f"| /{name} | {asked[0][0]} | {first:.0f} | {later:.0f} | {len(asked[0][1]) / 1000:.1f} |", flush=True)


def mistyped(name: str, choose: random.Random) -> str:
    """A name with one letter left out, doubled, or exchanged with the next."""
    places = [place for place in range(1, len(name) - 1) if name[place].isalpha() and name[place + 1].isalpha()]
    if not places:
        return name
    at = choose.choice(places)
    changes: tuple[Callable[[], str], ...] = (
        lambda: name[:at] + name[at + 1 :],
        lambda: name[:at] + name[at] + name[at:],
        lambda: name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    )
    return choose.choice(changes)()


def measure_search(work: Path, names: int, count: int) -> None:
    pairs = read_pairs(GIVEN / "gold/dev.tsv")
    snapshots = built(work, pairs, names)
    choose = random.Random(SEED)
    mixed = list(queries(pairs))[: 3 * count]
    persian = [asked for asked, _ in mixed if not asked.isascii() and any("\u0600" <= c <= "\u06ff" for c in asked)]
    latin = [asked for asked, _ in mixed if asked not in set(persian)]
    half = len(latin) // 2
    kinds = {
        "Persian": persian[:count],
        "Latin": latin[:half][:count],
        "mistyped": [mistyped(name, choose) for name in latin[half:]][:count],
    }
    print("| search | n | page p50, p95 | CPU | API p50, p95 | suggestion p50, p95 |")
    print("|---|---|---|---|---|---|")
    with ExitStack() as stack:
        service = Service(stack, snapshots, work / "search.log")
        for number in range(5):
            service.get(f"/en/search?q=opening+{number}")  # the first opens the index
        for kind, texts in kinds.items():
            times: dict[str, list[float]] = {}
            used = 0.0
            for text in texts:
                quoted = urllib.parse.quote(text)
                for path in ("/en/search?q=", "/api/v1/search?q=", "/api/v1/suggest?q="):
                    before = service.cpu()
                    status, _, spent = service.get(f"{path}{quoted}")
                    if status != 200:
                        raise SystemExit(f"{path}{quoted}: {status}")
                    used += service.cpu() - before if path.startswith("/en") else 0
                    times.setdefault(path, []).append(spent)
            columns = " | ".join(spread(each) for each in list(times.values())[1:])
            page = times["/en/search?q="]
            print(f"| {kind} | {len(texts)} | {spread(page)} | {used / len(texts):.0f} | {columns} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--snapshots", type=Path)
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    parser.add_argument("--records", type=int, default=200)
    parser.add_argument("--class", dest="classes", nargs="+", default=[Scheme().term(name) for name in CLASSES])
    parser.add_argument("--names", type=int, default=1_000_000, help="names in the index that is searched")
    parser.add_argument("--searches", type=int, default=200, help="names looked for, of each kind")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    if {"records", "overviews"} & set(asked.parts):
        if asked.snapshots is None:
            parser.error("--snapshots names the snapshots whose pages are measured")
        with ExitStack() as stack:
            service = Service(stack, asked.snapshots, asked.work / "pages.log")
            if "overviews" in asked.parts:
                measure_overviews(service)
            if "records" in asked.parts:
                measure_records(service, asked.snapshots, asked.classes, max(LEAST, asked.records))
    if "search" in asked.parts:
        measure_search(asked.work, asked.names, max(LEAST, asked.searches))


if __name__ == "__main__":
    sys.exit(main())
