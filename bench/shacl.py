"""SHACL: our validator beside plain `pyshacl.validate`, on generated persons, events and places, with given shapes.

    python -m bench.shacl [--given ../shared] [--work FOLDER] [--sizes 10000 100000 1000000] [--plain-up-to 100000]

Every run is a process of its own; the short ones are the best of three. Reading (data and shapes) and judging are timed
apart; the ratio is that of judging, and with reading. Findings are compared one by one: focus node, path, value,
severity, component and shape. The last line of a size is the same constraints written by hand as SPARQL, counted only:
about what a compiler could reach. Plain pySHACL takes some eight minutes and 1.6 GB at a million statements, so it runs
up to `--plain-up-to` only.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox

BENCH = Path("w3c/harness/shacl_bench")
SH = "http://www.w3.org/ns/shacl#"
PREFIXES = """PREFIX ex: <https://example.org/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX owl: <http://www.w3.org/2002/07/owl#>
"""


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--given", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--work", type=Path, help="where generated data stays for the next time")
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--plain-up-to", type=int, default=100_000, metavar="STATEMENTS")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for size in options.sizes:
            compare(size, options.given / BENCH, options.work or Path(folder), plain=size <= options.plain_up_to)


def compare(size: int, given: Path, work: Path, *, plain: bool) -> None:
    """Run all engines on one size and print a line for each."""
    data = work / f"g{size}.nt"
    if not data.exists():
        work.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, given / "generate.py", str(size), data], check=True, stdout=subprocess.DEVNULL)
    print(f"{size:,} statements")
    ours = min((run("ours", data, given) for _ in range(3)), key=lambda row: row["load"] + row["validate"])
    told(ours)
    if plain:
        theirs = run("plain", data, given)
        told(theirs)
        judging = theirs["validate"] / ours["validate"]
        whole = (theirs["load"] + theirs["validate"]) / (ours["load"] + ours["validate"])
        work = theirs["cpu"] / ours["cpu"]
        print(
            f"  ours judges {judging:.0f} times as fast, by processor time {work:.0f} times;"
            f" with reading {whole:.0f} times; {difference(ours, theirs)}"
        )
    told(min((run("by hand", data, given) for _ in range(3)), key=lambda row: row["load"] + row["validate"]))


def told(row: dict[str, Any]) -> None:
    print(
        f"  {row['engine']:8} read {row['load']:7.2f} s  judged {row['validate']:7.2f} s"
        f" ({row['cpu']:.2f} s of processor)"
        f"  memory {row['megabytes']:5} MB  {row['count']:,} findings",
        flush=True,
    )


def difference(ours: dict[str, Any], theirs: dict[str, Any]) -> str:
    left, right = Counter(ours["findings"]), Counter(theirs["findings"])
    if left == right:
        return "exactly the same findings"
    return f"FINDINGS DIFFER: {(left - right).total()} of ours only, {(right - left).total()} of theirs only"


def run(engine: str, data: Path, given: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.shacl", "--child", engine, data, given],
        cwd=Path(__file__).parents[1],
        check=True,
        stdout=subprocess.PIPE,
    )
    row: dict[str, Any] = json.loads(done.stdout)
    return row


def child(engine: str, data: str, given: str) -> None:
    """One engine in this process; the row on standard output. The findings are put into words after the clock stops."""
    begun = time.perf_counter()
    validate = ENGINES[engine](Path(data), Path(given))
    loaded, cpu = time.perf_counter(), os.times()
    findings = validate()
    ended = time.perf_counter()
    judged_cpu = [after - before for before, after in zip(cpu[:2], os.times()[:2], strict=True)]
    row = {
        "engine": engine,
        "load": loaded - begun,
        "validate": ended - loaded,
        "cpu": sum(judged_cpu),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    texts = sorted(findings())
    print(json.dumps({**row, "count": len(texts), "findings": texts}))


Findings = Callable[[], Iterable[str]]


def ours(data: Path, given: Path) -> Callable[[], Findings]:
    # engines are loaded each in its own process only, so that memory is theirs alone
    from dadkhah.validation.shacl import load_data, load_shapes, validate  # noqa: PLC0415 - as said

    shapes, facts = load_shapes(given / "shapes.ttl"), load_data(data)

    def judged() -> Findings:
        report = validate(facts, shapes)
        assert not report.uncompiled, report.uncompiled
        described = Description(shapes.triples())
        return lambda: [
            described.finding((each.focus, each.path, each.value, each.severity, each.component, each.shape))
            for each in report
        ]

    return judged


def plain(data: Path, given: Path) -> Callable[[], Findings]:
    import pyshacl  # noqa: PLC0415 - as in ours
    import rdflib  # noqa: PLC0415 - as in ours

    from dadkhah.validation.shacl.referee import from_rdflib  # noqa: PLC0415 - as in ours

    facts, shapes = rdflib.Graph().parse(data, format="nt"), rdflib.Graph().parse(given / "shapes.ttl")
    names = ("focusNode", "resultPath", "value", "resultSeverity", "sourceConstraintComponent", "sourceShape")

    def judged() -> Findings:
        _, report, _ = pyshacl.validate(facts, shacl_graph=shapes, inference="none")

        def findings() -> Iterable[str]:
            described = Description(tuple(map(from_rdflib, triple)) for triple in report)
            for node in report.subjects(rdflib.RDF.type, rdflib.URIRef(f"{SH}ValidationResult")):
                terms = (report.value(node, rdflib.URIRef(SH + name)) for name in names)
                yield described.finding(None if term is None else from_rdflib(term) for term in terms)

        return findings

    return judged


def by_hand(data: Path, given: Path) -> Callable[[], Findings]:
    store = ox.Store()
    store.bulk_load(path=str(data), format=ox.RdfFormat.N_TRIPLES)
    queries = (given / "as_sparql.rq").read_text(encoding="utf-8").split("\n---\n")

    def judged() -> Findings:
        rows = [str(row) for query in queries for row in store.query(PREFIXES + query)]
        return lambda: rows

    return judged


ENGINES: dict[str, Callable[[Path, Path], Callable[[], Findings]]] = {"ours": ours, "plain": plain, "by hand": by_hand}


class Description:
    """Blank nodes by what is said of them, since their labels differ from reader to reader."""

    def __init__(self, triples: Iterable[tuple[Any, Any, Any]]) -> None:
        self._said: dict[Any, list[tuple[str, Any]]] = defaultdict(list)
        for subject, predicate, value in triples:
            if isinstance(subject, ox.BlankNode):
                self._said[subject].append((str(predicate), value))

    def finding(self, terms: Iterable[Any]) -> str:
        return " ".join("-" if term is None else self.text(term) for term in terms)

    def text(self, term: Any) -> str:
        if not isinstance(term, ox.BlankNode):
            return str(term)
        return "[" + " ".join(sorted(f"{predicate} {self.text(value)}" for predicate, value in self._said[term])) + "]"


if __name__ == "__main__":
    main()
