"""`dadkhah export`: a snapshot, one graph of it, or the answer to a query, in a format of choice."""

from __future__ import annotations

import asyncio
import gzip
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

import click
import orjson
import pyoxigraph as ox

from dadkhah.browse.tables import csv_lines
from dadkhah.cli.output.export_records import FORMATS as RECORD_FORMATS
from dadkhah.cli.output.export_records import Part, write_records
from dadkhah.cli.places import snapshots_here
from dadkhah.cli.query import query_text, whole_answer
from dadkhah.engine.interface import QueryForm, QueryRequest, ResultFormat
from dadkhah.engine.queries import policy
from dadkhah.errors import InputError, NotFound, ParameterError
from dadkhah.snapshot.publishing.durable import storage_errors
from dadkhah.snapshot.publishing.registry import Registry, Snapshot

EXAMPLE = """
\b
Examples:
  dadkhah export --format nq --out dump.nq.gz
  dadkhah export --format ttl --graph https://w3id.org/dadkhah/voice/silent-massacre-2025/author
  dadkhah export --format csv --out statements.csv
  dadkhah export --format ftm --query executions --out executions.ftm.json
"""
_GRAPH_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_DATASET_FORMATS = {"nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG}
_HEADER = ("graph", "subject", "predicate", "object")
FORMATS = (*_DATASET_FORMATS, *_GRAPH_FORMATS, "csv", *RECORD_FORMATS)


@click.command(epilog=EXAMPLE)
@click.option("--format", "form", type=click.Choice(FORMATS), default="nq", show_default=True)
@click.option("--graph", metavar="IRI", help="Only this graph; else all graphs (nq, trig, csv) or their merge.")
@click.option("--query", metavar="FILE|NAME|-", help="Only the answer to a query, or the records it names.")
@click.option("--param", "parameters", multiple=True, metavar="NAME=VALUE", help="A value for a stored query.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write, .gz compressed; else standard output.",
)
@click.option("--snapshots", "folder", type=click.Path(path_type=Path, file_okay=False), help="Snapshots folder.")
@click.option("--snapshot", "chosen", metavar="HASH", help="An older snapshot, by the beginning of its hash.")
@click.option("--timeout", type=click.FloatRange(min=0.01), default=60.0, show_default=True, metavar="SECONDS")
def export(
    form: str,
    graph: str | None,
    query: str | None,
    parameters: tuple[str, ...],
    out: Path | None,
    folder: Path | None,
    chosen: str | None,
    timeout: float,
) -> None:
    """Write a snapshot out, or the answer to a query.

    CSV has one statement a line: graph, subject, predicate, object; of a query that selects, its rows. GraphML has
    records and the statements that join them, GeoJSON records with coordinates, ftm FollowTheMoney entities. Of a query
    that selects, every format but CSV has all that is said of the records in its answer; CONSTRUCT and DESCRIBE give
    their own statements as RDF and CSV.
    """
    if query is not None and graph is not None:
        raise ParameterError("give either --query or --graph; a query names its graphs itself")
    registry = Registry(snapshots_here(folder))
    snapshot = registry.open(chosen) if chosen else registry.current()
    if query is None:
        _to(out, lambda file: _write(snapshot, form, graph, file))
        return
    text = query_text(query, parameters)
    kind = policy.check(text)
    if kind is QueryForm.ASK:
        raise ParameterError("a query that asks has no records to export; see dadkhah query")
    _to(out, lambda file: _write_answer(snapshot, form, QueryRequest(text, _result(kind), timeout), file))


def _to(out: Path | None, write: Callable[[BinaryIO], None]) -> None:
    if out is None:
        write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    part = out.with_name(f".{out.name}.part")
    with storage_errors(out.parent, "exporting"):
        try:
            with gzip.open(part, "wb") if out.suffix == ".gz" else part.open("wb") as file:
                write(file)  # type: ignore[arg-type] # GzipFile writes bytes too
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)


def _result(kind: QueryForm) -> ResultFormat:
    return ResultFormat.JSON if kind is QueryForm.SELECT else ResultFormat.N_TRIPLES


def _write_answer(snapshot: Snapshot, form: str, request: QueryRequest, file: BinaryIO) -> None:
    body = asyncio.run(whole_answer(snapshot, request))
    if request.format is ResultFormat.JSON:
        document = orjson.loads(body)
        columns, rows = document["head"]["vars"], document["results"]["bindings"]
        if form == "csv":
            cells = ([row.get(name, {}).get("value", "") for name in columns] for row in rows)
            file.writelines(csv_lines(columns, cells))
            return
        named = {cell["value"] for row in rows for cell in row.values() if cell["type"] == "uri"}
    else:
        triples = list(ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
        if form not in RECORD_FORMATS:
            _write_quads(triples, form, file)
            return
        named = {end.value for each in triples for end in (each.subject, each.object) if isinstance(end, ox.NamedNode)}
    part = Part(snapshot, records=named)
    if form in RECORD_FORMATS:
        write_records(part, form, file)
    else:
        _write_quads(part.quads(), form, file)


def _write_quads(quads: Iterable[ox.Quad], form: str, file: BinaryIO) -> None:
    if form == "csv":
        file.writelines(csv_lines(_HEADER, map(_row, quads)))
    elif form in _DATASET_FORMATS:
        ox.serialize(quads, file, format=_DATASET_FORMATS[form])
    else:
        # several voices may say the same
        ox.serialize(dict.fromkeys(quad.triple for quad in quads), file, format=_GRAPH_FORMATS[form])


def _write(snapshot: Snapshot, form: str, graph: str | None, file: BinaryIO) -> None:
    store = snapshot.open_store()
    name = _named(store, graph)
    if form in RECORD_FORMATS:
        write_records(Part(snapshot, name), form, file)
    elif form == "csv":
        merged = name is None and _is_merged(store)
        quads = store.quads_for_pattern(None, None, None, name)
        shown = (quad for quad in quads if not (merged and isinstance(quad.graph_name, ox.DefaultGraph)))
        _write_quads(shown, form, file)
    elif form in _DATASET_FORMATS and name is None:
        _write_dataset(snapshot, form, file)
    elif form == "nq":
        store_quads = store.quads_for_pattern(None, None, None, name)
        ox.serialize(store_quads, file, format=ox.RdfFormat.N_QUADS)
    else:
        form_of_graph = _GRAPH_FORMATS.get(form, ox.RdfFormat.TURTLE)
        store.dump(file, format=form_of_graph, from_graph=name or ox.DefaultGraph())


def _named(store: ox.Store, graph: str | None) -> ox.NamedNode | None:
    if graph is None:
        return None
    try:
        name = ox.NamedNode(graph)
    except ValueError as error:
        raise InputError(f"--graph {graph!r} is not an IRI") from error
    if not store.contains_named_graph(name):
        near = [each.value for each in store.named_graphs() if isinstance(each, ox.NamedNode) and graph in each.value]
        raise NotFound(f"there is no graph <{graph}> in this snapshot", near=tuple(sorted(near)[:5]))
    return name


def _write_dataset(snapshot: Snapshot, form: str, file: BinaryIO) -> None:
    """All graphs; the canonical dump as it is, so that its hash can be checked by whoever receives it."""
    with gzip.open(snapshot.dump_path) as lines:
        if form == "nq":
            while block := lines.read(1 << 20):
                file.write(block)
        else:
            quads = ox.parse(lines, format=ox.RdfFormat.N_QUADS)  # type: ignore[arg-type] # GzipFile reads bytes
            ox.serialize(quads, file, format=ox.RdfFormat.TRIG)


def _row(quad: ox.Quad) -> tuple[str, ...]:
    return _text(quad.graph_name), _text(quad.subject), _text(quad.predicate), _text(quad.object)


def _is_merged(store: ox.Store) -> bool:
    # the default graph repeats what the named graphs say; without any, it is all there is
    return next(iter(store.named_graphs()), None) is not None


def _text(term: object) -> str:
    if isinstance(term, ox.NamedNode | ox.Literal):
        return term.value
    return "" if isinstance(term, ox.DefaultGraph) else str(term)
