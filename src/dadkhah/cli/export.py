"""`dadkhah export`: a snapshot, whole or one graph of it, in a format of choice."""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path
from typing import BinaryIO

import click
import pyoxigraph as ox

from dadkhah.browse.tables import safe_cell
from dadkhah.cli.places import snapshots_here
from dadkhah.errors import InputError, NotFound
from dadkhah.snapshot.folder import storage_errors
from dadkhah.snapshot.registry import Registry, Snapshot

EXAMPLE = """
\b
Examples:
  dadkhah export --format nq --out dump.nq.gz
  dadkhah export --format ttl --graph https://w3id.org/dadkhah/voice/silent-massacre-2025/author
  dadkhah export --format csv --out statements.csv
"""
_GRAPH_FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_DATASET_FORMATS = {"nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG}
FORMATS = (*_DATASET_FORMATS, *_GRAPH_FORMATS, "csv")


@click.command(epilog=EXAMPLE)
@click.option("--format", "form", type=click.Choice(FORMATS), default="nq", show_default=True)
@click.option("--graph", metavar="IRI", help="Only this graph; else all graphs (nq, trig, csv) or their merge.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write, .gz compressed; else standard output.",
)
@click.option("--snapshots", "folder", type=click.Path(path_type=Path, file_okay=False), help="Snapshots folder.")
@click.option("--snapshot", "chosen", metavar="HASH", help="An older snapshot, by the beginning of its hash.")
def export(form: str, graph: str | None, out: Path | None, folder: Path | None, chosen: str | None) -> None:
    """Write a snapshot out. CSV has one statement a line: graph, subject, predicate, object."""
    registry = Registry(snapshots_here(folder))
    snapshot = registry.open(chosen) if chosen else registry.current()
    if out is None:
        _write(snapshot, form, graph, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    part = out.with_name(f".{out.name}.part")
    with storage_errors(out.parent, "exporting"):
        try:
            with gzip.open(part, "wb") if out.suffix == ".gz" else part.open("wb") as file:
                _write(snapshot, form, graph, file)  # type: ignore[arg-type] # GzipFile writes bytes too
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)


def _write(snapshot: Snapshot, form: str, graph: str | None, file: BinaryIO) -> None:
    store = snapshot.open_store()
    name = _named(store, graph)
    if form == "csv":
        _write_csv(store, name, file)
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


def _write_csv(store: ox.Store, name: ox.NamedNode | None, file: BinaryIO) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    rows = csv.writer(text)
    rows.writerow(["graph", "subject", "predicate", "object"])
    for quad in store.quads_for_pattern(None, None, None, name):
        if isinstance(quad.graph_name, ox.DefaultGraph) and name is None and _is_merged(store):
            continue
        rows.writerow([_text(quad.graph_name), _text(quad.subject), _text(quad.predicate), _text(quad.object)])
    text.flush()
    text.detach()


def _is_merged(store: ox.Store) -> bool:
    # the default graph repeats what the named graphs say; without any, it is all there is
    return next(iter(store.named_graphs()), None) is not None


def _text(term: object) -> str:
    if isinstance(term, ox.NamedNode | ox.Literal):
        return safe_cell(term.value)
    return "" if isinstance(term, ox.DefaultGraph) else str(term)
