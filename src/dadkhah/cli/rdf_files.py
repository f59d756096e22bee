"""The options that name RDF files of the user's own: `--rdf FILE…` and `--graph IRI=FILE`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from dadkhah.errors import ParameterError
from dadkhah.source.formats.reading import RdfInput, expand, require_rdf_file

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def rdf_options() -> Decorator:
    """Add `--rdf`, `--graph` and the further files of `--rdf FILE FILE …` to a command."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        command = click.argument("files", nargs=-1, type=click.Path(path_type=Path))(command)
        command = click.option(
            "--graph", "graphs", multiple=True, metavar="IRI=FILE", help="Put this file's triples into this graph."
        )(command)
        return click.option(
            "--rdf",
            multiple=True,
            type=click.Path(path_type=Path),
            metavar="FILE…",
            help="RDF files or folders: Turtle, TriG, N-Triples, N-Quads, RDF/XML, JSON-LD, each also .gz.",
        )(command)

    return decorate


def rdf_inputs(rdf: Iterable[Path], files: Iterable[Path], graphs: Iterable[str]) -> list[RdfInput]:
    """The files to read, or an empty list where none was named.

    Raises:
        ParameterError: files without `--rdf`, or a `--graph` that is not IRI=FILE.
        InputError: a file that cannot be read as RDF.
    """
    rdf, files = list(rdf), list(files)
    if files and not rdf:
        raise ParameterError(f"unexpected {str(files[0])!r}; RDF files of your own are given with --rdf")
    return [*expand([*rdf, *files]), *(_named(text) for text in graphs)]


def _named(text: str) -> RdfInput:
    iri, equals, file = text.rpartition("=")
    if not equals or not iri or not file:
        raise ParameterError(f"--graph {text!r}: write --graph IRI=FILE")
    try:
        ox.parse(f"<{iri}> <a:a> <a:a> .", ox.RdfFormat.N_TRIPLES).__next__()
    except SyntaxError as error:
        raise ParameterError(f"--graph {iri!r}: not an absolute IRI") from error
    return RdfInput(require_rdf_file(Path(file)), iri)
