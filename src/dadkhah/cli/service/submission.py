"""The process that judges one submitted Turtle document: standard input in, a report on standard output.

Run by `dadkhah.cli.service.submissions` for `/validate`. It binds itself before it reads a byte of a stranger's text:
bounded memory and processor time, no network, no new programs. Nothing of the document is kept.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from dadkhah.cli.output.findings import from_problems, written
from dadkhah.cli.output.findings_rdf import findings_as_rdf
from dadkhah.cli.places import ontology_here
from dadkhah.engine.readers.confine import be_first_to_go, deny_network_and_programs, limit_memory
from dadkhah.iris import Iris
from dadkhah.source.project.reading import Loaded, load_loose, load_ontology
from dadkhah.validation.check import judge_loose
from dadkhah.validation.report import Report
from dadkhah.validation.units import CONTEXT

MEMORY_BYTES = 512 << 20
CPU_SECONDS = 20
NAME = "submitted.ttl"


def report_on(document: bytes, store: ox.Store | None) -> Report:
    """Everything that is wrong with a document, judged as data outside the project's layout.

    What the store says of the class of the records that the document names counts as known.
    """
    rules = ontology_here()
    with tempfile.TemporaryDirectory(prefix="dadkhah-") as folder:
        path = Path(folder) / NAME
        path.write_bytes(document)
        loaded = load_loose([path], Path(folder), rules, Iris())
    found = list(from_problems(loaded.problems))
    if rules is not None:
        found += judge_loose(loaded, load_ontology(rules, Iris()), _elsewhere(loaded, store)).findings
    return Report.of(found, files=1)


def _elsewhere(loaded: Loaded, store: ox.Store | None) -> Iterator[ox.Triple]:
    if store is None:
        return
    triples = [triple for document in loaded.documents for triple in document.triples]
    named = {term for triple in triples for term in (triple.subject, triple.object) if isinstance(term, ox.NamedNode)}
    for term in named:
        for predicate in CONTEXT:
            yield from (quad.triple for quad in store.quads_for_pattern(term, predicate, None))


def main(wanted: str, snapshot: str) -> None:
    """Judge standard input.

    Args:
        wanted: `json` or an RDF media type.
        snapshot: the store of the snapshot being served; empty where there is none.
    """
    store = ox.Store.read_only(snapshot) if snapshot else None
    limit_memory(MEMORY_BYTES)
    be_first_to_go()
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    deny_network_and_programs(allow_network=False)
    report = report_on(sys.stdin.buffer.read(), store)
    if wanted == "json":
        answer = written(report, "json").encode()
    else:
        syntax = ox.RdfFormat.from_media_type(wanted)
        assert syntax is not None, wanted
        answer = findings_as_rdf(report, syntax)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main(*sys.argv[1:])
