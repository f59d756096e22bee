"""`dadkhah query`: SPARQL, or a stored query, on the current snapshot."""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import click
import orjson

from dadkhah.cli.output.tables import table_of
from dadkhah.cli.places import ontology_here, snapshots_here
from dadkhah.cli.service.takeup import source_of
from dadkhah.engine.interface import QueryForm, QueryRequest, ResultFormat
from dadkhah.engine.local.pool import Pool
from dadkhah.engine.local.settings import PoolSettings
from dadkhah.engine.queries import policy
from dadkhah.engine.queries.catalog import Catalog
from dadkhah.errors import InputError, ParameterError
from dadkhah.snapshot.publishing.registry import Registry, Snapshot

EXAMPLE = """
\b
Examples:
  dadkhah query question.rq
  echo 'SELECT * { ?s ?p ?o } LIMIT 5' | dadkhah query - --format csv
  dadkhah query judges-and-defendants --format json
  dadkhah query executions-by-month --param from=2025-01-01
"""
_ROWS = {
    "table": ResultFormat.JSON,
    "json": ResultFormat.JSON,
    "csv": ResultFormat.CSV,
    "tsv": ResultFormat.TSV,
    "xml": ResultFormat.XML,
}
_GRAPHS = {
    "table": ResultFormat.TURTLE,
    "turtle": ResultFormat.TURTLE,
    "ntriples": ResultFormat.N_TRIPLES,
    "rdfxml": ResultFormat.RDF_XML,
    "jsonld": ResultFormat.JSON_LD,
    "json": ResultFormat.JSON_LD,
}
FORMATS = tuple(dict.fromkeys([*_ROWS, *_GRAPHS]))


@click.command(epilog=EXAMPLE)
@click.argument("file", metavar="FILE|NAME|-")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--param", "parameters", multiple=True, metavar="NAME=VALUE", help="A value for a stored query; repeatable."
)
@click.option("--snapshots", type=click.Path(path_type=Path, file_okay=False), help="Snapshots folder.")
@click.option("--snapshot", "chosen", metavar="HASH", help="An older snapshot, by the beginning of its hash.")
@click.option("--timeout", type=click.FloatRange(min=0.01), default=60.0, show_default=True, metavar="SECONDS")
@click.option("--quiet", is_flag=True, help="Print the answer only.")
def query(
    file: str,
    form: str,
    as_json: bool,
    parameters: tuple[str, ...],
    snapshots: Path | None,
    chosen: str | None,
    timeout: float,
    quiet: bool,
) -> None:
    """Ask the current snapshot a question in SPARQL.

    FILE is a file with a query, - the standard input, or the name of a stored query of queries/catalog.
    """
    form = "json" if as_json else form
    text = query_text(file, parameters)
    kind = policy.check(text)
    registry = Registry(snapshots_here(snapshots))
    snapshot = registry.open(chosen) if chosen else registry.current()
    request = QueryRequest(text=text, format=_format(kind, form), timeout_seconds=timeout)
    if form == "table" and kind in {QueryForm.SELECT, QueryForm.ASK}:
        answer = orjson.loads(asyncio.run(whole_answer(snapshot, request)))
        click.echo(table_of(answer))
        if not quiet and "results" in answer:
            click.echo(f"{len(answer['results']['bindings'])} rows", err=True)
    else:
        asyncio.run(_stream(snapshot, request))


def query_text(file: str, parameters: tuple[str, ...]) -> str:
    """The query that a file, the standard input or the name of a stored query stands for."""
    if file == "-":
        return sys.stdin.read()
    path = Path(file)
    if path.is_file():
        if parameters:
            raise ParameterError("--param belongs to stored queries; a file's query has no parameters")
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"{file}: not UTF-8") from error
    project = ontology_here()
    if project is None:
        raise InputError(f"{file}: no such file")
    values: dict[str, list[str]] = defaultdict(list)
    for pair in parameters:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ParameterError(f"--param {pair!r}: write --param NAME=VALUE")
        values[name].append(value)
    return Catalog.load(project.queries / "catalog").find(file).bind(values)


def _format(kind: QueryForm, form: str) -> ResultFormat:
    known = _ROWS if kind in {QueryForm.SELECT, QueryForm.ASK} else _GRAPHS
    if form not in known:
        raise ParameterError(f"--format {form} does not suit a {kind.value} query; it can be {', '.join(known)}")
    return known[form]


async def whole_answer(snapshot: Snapshot, request: QueryRequest) -> bytes:
    """The answer of a snapshot, in one piece."""
    pieces: list[bytes] = []
    await _run(snapshot, request, pieces.append)
    return b"".join(pieces)


async def _stream(snapshot: Snapshot, request: QueryRequest) -> None:
    await _run(snapshot, request, sys.stdout.buffer.write)
    sys.stdout.buffer.flush()


async def _run(snapshot: Snapshot, request: QueryRequest, take: Callable[[bytes], object]) -> None:
    # one reader on the disk: a single question does not repay loading the snapshot into memory
    pool = Pool(source_of(snapshot), PoolSettings(readers=1, spares=0, memory_budget_bytes=0))
    await pool.start()
    try:
        answer = await pool.query(request)
        if answer.whole is not None:
            take(answer.whole)
        async for chunk in answer.chunks:
            take(chunk)
    finally:
        await pool.close()
