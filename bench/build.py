"""`build --rdf` beside `oxigraph load` on the same file, in turn in one run.

    python -m bench.build [--work FOLDER] [--sizes 250000 1000000] [--rounds 3] [--file FILE.nq]

The peer fills a RocksDB store and no more. Ours does that too, and hashes the content, writes the canonical dump,
counts each graph, builds the indexes of names and tables, hashes every file and forces all onto the disk before the
switch. Both take turns, so that other work on the machine disturbs both; the best of the rounds counts. Figures:
seconds, CPU seconds, peak memory of the process, the ratio of the seconds; and how many times as much memory ours takes
for the largest graph as for the smallest (1: flat).
"""

from __future__ import annotations

import argparse
import gzip
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.http import BIN, graph

NATIVE, OURS = "oxigraph load", "dadkhah build"


@dataclass(frozen=True)
class Cost:
    """What one process took."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


def main() -> None:
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # a real stream, where this is a program
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, help="where generated data stays for the next time")
    parser.add_argument("--sizes", type=int, nargs="*", default=[250_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--file", type=Path, help="a file of RDF instead of generated ones")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        files = [options.file] if options.file else [graph(work, size) for size in sorted(options.sizes)]
        peaks = [compare(file.resolve(), Path(temporary), options.rounds) for file in files]
    print(f"memory of the largest beside the smallest: {peaks[-1] / peaks[0]:.2f}x")


def compare(file: Path, place: Path, rounds: int) -> float:
    """Run both in turn, print their figures, and return our peak memory in MB."""
    store, snapshots = place / "native", place / "ours"
    commands = {
        NATIVE: [str(BIN / "oxigraph"), "load", "--location", str(store), "--file", str(file)],
        OURS: [sys.executable, "-m", "dadkhah.cli", "build", "--rdf", str(file), "--out", str(snapshots), "--quiet"],
    }
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            shutil.rmtree(store, ignore_errors=True)
            shutil.rmtree(snapshots, ignore_errors=True)
            costs[name].append(cost(command))
            print(f"    {name}: {costs[name][-1]}", file=sys.stderr)
            if name == OURS:
                lines = statements(snapshots / "current")
    print(f"{lines:,} statements, {file.stat().st_size >> 20} MB")
    best = {name: min(found, key=lambda each: each.seconds) for name, found in costs.items()}
    for name, each in best.items():
        print(f"  {name:14} {each.seconds:6.1f} s  {each.cpu_seconds:6.1f} s CPU  {each.peak_mb:6.0f} MB")
    ratio, cpu = (best[OURS].seconds / best[NATIVE].seconds, best[OURS].cpu_seconds / best[NATIVE].cpu_seconds)
    print(f"  ratio          {ratio:6.2f}    {cpu:6.2f}")
    return best[OURS].peak_mb


def cost(command: list[str]) -> Cost:
    """Run a command to its end and take its time and memory, those of its own children included in the time."""
    started = time.monotonic()
    process = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    seconds = time.monotonic() - started
    if code := os.waitstatus_to_exitcode(status):
        sys.exit(f"{command[0]} ended with {code}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def statements(snapshot: Path) -> int:
    """Lines of the dump."""
    with gzip.open(snapshot / "dump.nq.gz") as lines:
        return sum(1 for _ in lines)


if __name__ == "__main__":
    main()
