"""Large answers over HTTP: how soon the first byte comes, and how much the service grows while a million rows stream.

    python -m bench stream [--work FOLDER] [--scale 1000000]

Out: one line of JSON for each query. The first byte is that of the body, the median of five requests; memory is that
of all processes of the service, shared pages counted once.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

from bench.http import BIN, free_port, graph, run, settle, start
from bench.steady import figures

TIMES = 5
QUERIES = {
    "100k rows": ("SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 100000", "application/sparql-results+json"),
    "100k triples": ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 100000", "application/n-triples"),
    "million rows": ("SELECT ?s ?p ?o WHERE { ?s ?p ?o }", "application/sparql-results+json"),
}


def stream(port: int, query: str, accept: str) -> dict[str, float]:
    """Milliseconds to the first byte, seconds in all, and megabytes of one answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=300)) as connection:
        began = time.perf_counter()
        connection.request("GET", "/sparql?" + urllib.parse.urlencode({"query": query}), headers={"Accept": accept})
        answer = connection.getresponse()
        size = len(answer.read(1))
        first = time.perf_counter() - began
        while block := answer.read(1 << 20):
            size += len(block)
        return {"first_byte_ms": first * 1e3, "seconds": time.perf_counter() - began, "megabytes": size / 1e6}


def watched(pid: int, port: int, query: str, accept: str) -> dict[str, float]:
    """Several requests with the memory of the service meanwhile."""
    before = peak = figures(pid)["memory_mb"]
    found = []
    with ThreadPoolExecutor(1) as pool:
        for _ in range(TIMES):
            answer = pool.submit(stream, port, query, accept)
            while not answer.done():
                time.sleep(0.1)
                peak = max(peak, figures(pid)["memory_mb"])
            found.append(answer.result())
    median = {name: round(statistics.median(one[name] for one in found), 2) for name in found[0]}
    return {**median, "growth_mb": round(peak - before, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path("build/bench"))
    parser.add_argument("--scale", type=int, default=1_000_000)
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    nquads = graph(asked.work, asked.scale)
    snapshots = asked.work / f"{nquads.stem}.snapshots"
    if not snapshots.exists():
        run([str(BIN / "dadkhah"), "build", "--rdf", str(nquads), "--out", str(snapshots)])
    port = free_port()
    serve = [str(BIN / "dadkhah"), "serve", "--snapshots", str(snapshots), "--port", str(port), "--timeout", "60"]
    with ExitStack() as stack:
        pid = start(stack, serve, f"http://127.0.0.1:{port}/sparql", asked.work / "stream.log", "64")
        settle(f"http://127.0.0.1:{port}/sparql", snapshots)
        for name, (query, accept) in QUERIES.items():
            print(json.dumps({"answer": name, **watched(pid, port, query, accept)}), flush=True)


if __name__ == "__main__":
    main()
