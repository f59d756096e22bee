"""Reconciliation over HTTP: batches of ten names against a service over a million.

    python -m bench.reconcile [--work FOLDER] [--names 1000000] [--batches 60]

The names are those of `bench.names`: every Latin name of the given datasets and pairs, and recombinations of them. Half
of the queries of a batch are Persian names whose Latin counterpart is among them, half are other spellings in Latin; no
query comes twice, so that nothing is answered from a cache. Figures: the time of a batch as a client sees it, the CPU
that the service used for it, and how often the name that belongs to the query is among the first ten.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.http import BIN, GIVEN, free_port, run, settle, start
from bench.names import SEED, latin_names, recombined

from dadkhah.linking.training.corpus import GoldPair, read_pairs
from dadkhah.linking.training.train import of_kind

BATCH = 10
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--names", type=int, default=1_000_000)
    parser.add_argument("--batches", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        work: Path = options.work or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        pairs = read_pairs(GIVEN / "gold/dev.tsv")
        snapshots = built(work, pairs, options.names)
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        command = [str(BIN / "dadkhah"), "serve", "--quiet", "--snapshots", str(snapshots), "--port", str(port)]
        process = start(stack, command, f"{address}/sparql", work / "serve.log")
        settle(f"{address}/sparql")
        measure(f"{address}/reconcile", process, queries(pairs), options.batches)


def built(work: Path, pairs: list[GoldPair], count: int) -> Path:
    """A snapshot with so many records, each with one name; kept for the next run."""
    snapshots = work / f"snapshots-{count}"
    if not (snapshots / "current").exists():
        choose = random.Random(SEED)
        real = list(dict.fromkeys(latin_names(pairs, GIVEN)))[:count]
        graph = work / f"names-{count}.nt"
        with graph.open("w", encoding="utf-8") as out:
            for number, name in enumerate([*real, *recombined(real, count - len(real), choose)]):
                out.write(f"<urn:x:{number}> {LABEL} {json.dumps(name, ensure_ascii=False)} .\n")
        begun = time.perf_counter()
        run([str(BIN / "dadkhah"), "build", "--quiet", "--rdf", str(graph), "--out", str(snapshots)])
        print(f"{count:,} names built in {time.perf_counter() - begun:.0f} s", flush=True)
    return snapshots


def queries(pairs: list[GoldPair]) -> Iterator[tuple[str, str]]:
    """Pairs of what is asked and what belongs to it, Persian and Latin in turn."""
    choose = random.Random(SEED)
    persian = [(p.name_a, p.name_b) for p in of_kind(pairs, ("PL", "person")) if p.same]
    latin = [(p.name_a, p.name_b) for p in of_kind(pairs, ("LL", "person")) if p.same and p.kind != "aka_other"]
    for rows in (persian, latin):
        choose.shuffle(rows)
    seen: set[str] = set()
    for two in zip(persian, latin, strict=False):
        for row in two:
            if row[0] not in seen:
                seen.add(row[0])
                yield row


def measure(address: str, process: int, asked: Iterator[tuple[str, str]], batches: int) -> None:
    times, used, found = [], [], 0
    for number in range(batches + 3):  # the first open the index
        rows = [next(asked) for _ in range(BATCH)]
        batch = {f"q{place}": {"query": name, "limit": 10} for place, (name, _) in enumerate(rows)}
        data = urllib.parse.urlencode({"queries": json.dumps(batch)}).encode()
        before, begun = cpu_seconds(process), time.perf_counter()
        with urllib.request.urlopen(address, data, timeout=120) as answer:
            told = json.load(answer)
        spent = time.perf_counter() - begun
        if number < 3:
            continue
        times.append(spent * 1000)
        used.append((cpu_seconds(process) - before) * 1000)
        found += sum(
            wanted in {name for each in told[f"q{place}"]["result"] for name in names_of(each)}
            for place, (_, wanted) in enumerate(rows)
        )
    ordered = sorted(times)
    print(
        f"batches of {BATCH}: p50 {statistics.median(times):.0f} ms, p95 {ordered[int(len(ordered) * 0.95)]:.0f} ms;"
        f" CPU of the service p50 {statistics.median(used):.0f} ms; first-ten recall {found / (batches * BATCH):.3f}"
        f" of {batches * BATCH}",
        flush=True,
    )


def names_of(candidate: dict[str, str]) -> set[str]:
    """The name that is shown, and the one that matched where that is another."""
    return {candidate["name"], candidate.get("description", "").removeprefix("also recorded as ")}


def cpu_seconds(process: int) -> float:
    """CPU seconds of a process and its threads so far, in steps of a hundredth."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


if __name__ == "__main__":
    sys.exit(main())
