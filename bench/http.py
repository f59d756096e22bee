"""The service against its peers over HTTP, side by side in one run, by the given load harness.

    python -m bench.http [--work FOLDER] [--scale 1000000] [--seconds 2] [--rounds 2] [--concurrency 16]

Peers are `oxigraph serve-read-only` (native) and, where it is installed, rdflib-endpoint. Every query goes to each
server in turn, so that other work on the machine disturbs all alike; parameters vary, so that no answer is one of a
cache, but for the repeated query, which is asked apart. Figures: requests a second, CPU of each server's processes per
request, the ratio to the native server, and the geometric mean of the ratios over the queries.
"""

# ruff: noqa: A005 - it is only ever imported as bench.http
from __future__ import annotations

import argparse
import importlib.util
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

from dadkhah.cli.service.takeup import source_of
from dadkhah.engine.local.pool import PoolSettings
from dadkhah.snapshot.publishing.registry import Registry

BIN = Path(sys.executable).parent
GIVEN = Path(os.environ.get("DADKHAH_GIVEN", Path(__file__).parents[2] / "shared"))
START_SECONDS = 900
PARTS = ("queries", "repeated", "large")
NATIVE, OURS, CACHED, SLOW = "oxigraph", "dadkhah", "dadkhah-cached", "rdflib-endpoint"


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def graph(work: Path, scale: int) -> Path:
    """The graph of the harness with about as many statements; kept for the next run."""
    path = work / f"kg-{scale}.nq"
    if not path.exists():
        run([sys.executable, str(GIVEN / "bench/generate.py"), "--triples", str(scale), "--out", str(path)])
    return path


def run(command: list[str]) -> None:
    """Run a step to its end; its words go to stderr."""
    subprocess.run(command, check=True, stdout=sys.stderr)


def start(stack: ExitStack, command: list[str], url: str, log: Path, cache_mb: str = "0") -> int:
    """Start a server in a session of its own and wait until it answers; returns its process id."""
    environment = {**os.environ, "DADKHAH_CACHE_MB": cache_mb}
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, stdout=stream, stderr=subprocess.STDOUT, start_new_session=True, env=environment
        )
    stack.callback(process.wait)
    stack.callback(process.send_signal, signal.SIGTERM)
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"{command[0]} did not start; see {log}")
        try:
            urllib.request.urlopen(f"{url}?query=ASK%7B%7D", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return process.pid
    raise SystemExit(f"{command[0]} does not answer; see {log}")


def settle(url: str, snapshots: Path | None = None) -> None:
    """Wait until our service has loaded its pages, and its data into memory, where they fit: no work of a request."""
    urllib.request.urlopen(url.replace("/sparql", "/readyz"), timeout=START_SECONDS).close()
    if snapshots and not source_of(Registry(snapshots).current(verify=False)).fits(PoolSettings().memory_budget_bytes):
        print("the data are held on disk", file=sys.stderr)
        return
    metrics = url.replace("/sparql", "/metrics")
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with urllib.request.urlopen(metrics, timeout=60) as answer:
            if b'figure="in_memory"} 1.0' in answer.read():
                return
        time.sleep(0.5)
    raise SystemExit(f"{url}: the data were not loaded into memory")


def servers(stack: ExitStack, work: Path, nquads: Path, *, slow_peer: bool) -> dict[str, str]:
    """Start all; each as `name=address@pid`."""
    store = work / f"{nquads.stem}.oxigraph"
    if not store.exists():
        run([str(BIN / "oxigraph"), "load", "-l", str(store), "-f", str(nquads)])
    snapshots = work / f"{nquads.stem}.snapshots"
    if not snapshots.exists():
        run([str(BIN / "dadkhah"), "build", "--rdf", str(nquads), "--out", str(snapshots)])
    native, ours, kept, slow = (free_port() for _ in range(4))
    serve = [str(BIN / "dadkhah"), "serve", "--snapshots", str(snapshots), "--timeout", "60", "--port"]
    load = [str(BIN / "oxigraph"), "serve-read-only", "-l", str(store), "--bind", f"127.0.0.1:{native}"]
    started = [
        (NATIVE, f"http://127.0.0.1:{native}/query", load, "0"),
        (OURS, f"http://127.0.0.1:{ours}/sparql", [*serve, str(ours)], "0"),
        (CACHED, f"http://127.0.0.1:{kept}/sparql", [*serve, str(kept)], "64"),
    ]
    if slow_peer and importlib.util.find_spec("rdflib_endpoint"):
        command = [str(BIN / "rdflib-endpoint"), "serve", "--port", str(slow), "--host", "127.0.0.1", str(nquads)]
        started.append((SLOW, f"http://127.0.0.1:{slow}/", command, "0"))
    found = {
        name: f"{name}={url}@{start(stack, command, url, work / f'{name}.log', cache)}"
        for name, url, command, cache in started
    }
    for name, url, _, _ in started:
        if name in {OURS, CACHED}:
            settle(url, snapshots)
    return found


def compare(work: Path, named: str, endpoints: list[str], options: list[str]) -> None:
    """One table of the harness, and the mean of its ratios."""
    out = work / f"{named}.json"
    command = [sys.executable, str(GIVEN / "bench/compare.py"), "--base", NATIVE, "--json", str(out)]
    command += [*options, *endpoints]
    print(f"\n## {named}\n", flush=True)
    subprocess.run(command, check=True)
    if not means(json.loads(out.read_text(encoding="utf-8"))):
        raise SystemExit("the harness gave no figures")


def means(rows: list[dict[str, object]]) -> bool:
    """Print the geometric mean of the ratios of requests a second, and of CPU, to the native server's."""
    for figure in ("rps", "cpu_ms"):
        by_name: dict[str, list[float]] = {}
        for row in rows:
            servers_of = {name: one for name, one in row.items() if isinstance(one, dict) and figure in one}
            base = servers_of.get(NATIVE, {}).get(figure)
            for name, one in servers_of.items():
                if name != NATIVE and base and one[figure]:
                    by_name.setdefault(name, []).append(one[figure] / base)
        for name, ratios in by_name.items():
            mean = statistics.geometric_mean(ratios)
            print(f"{name}: {figure} {mean:.2f}x of {NATIVE}, geometric mean over {len(ratios)}")
    return bool(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    parser.add_argument("--scale", type=int, default=1_000_000)
    parser.add_argument("--seconds", default="2")
    parser.add_argument("--rounds", default="2")
    parser.add_argument("--concurrency", default="16")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--only", default=".", help="regular expression on the names of queries")
    parser.add_argument("--rdflib", action="store_true", help="with rdflib-endpoint, which takes minutes to load")
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    nquads = graph(asked.work, asked.scale)
    meta = nquads.with_name(nquads.name + ".meta.json")
    with ExitStack() as stack:
        at = servers(stack, asked.work, nquads, slow_peer=asked.rdflib)
        same = ["--meta", str(meta), "--seconds", asked.seconds, "--rounds", asked.rounds]
        load = [*same, "--concurrency", asked.concurrency, "--queries", str(GIVEN / "bench/queries")]
        load += ["--only", asked.only]
        if "queries" in asked.parts:
            compare(asked.work, "thirteen-queries", [one for name, one in at.items() if name != CACHED], load)
        if "repeated" in asked.parts:
            compare(asked.work, "repeated-query", [at[NATIVE], at[CACHED]], [*load, "--variants", "1"])
        if "large" in asked.parts:
            # this client waits for an answer to be whole, however long after its time that is
            large = [*same, "--concurrency", "1", "--queries", str(GIVEN / "bench/queries-big"), "--client", "py"]
            compare(asked.work, "large-answers", [at[NATIVE], at[OURS]], [*large, "--only", "100k"])


if __name__ == "__main__":
    main()
