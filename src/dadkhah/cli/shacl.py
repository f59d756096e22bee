"""`dadkhah shacl`: any RDF against any shapes, apart from the project and its layout."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import click

from dadkhah.cli.output.progress import ProgressLine
from dadkhah.cli.output.shacl_results import FORMATS, Validated, summary_of, written
from dadkhah.source.formats.reading import expand
from dadkhah.validation.shacl import ShaclEngine, load_data, load_shapes, validate

EXAMPLE = """
\b
Examples:
  dadkhah shacl --shapes shapes.ttl data.nt
  dadkhah shacl --shapes core.ttl --shapes more.ttl data/ extra.nt.gz --format json
  dadkhah shacl --shapes shapes.ttl data.ttl --format turtle > report.ttl
"""


@click.command(epilog=EXAMPLE)
@click.argument("data", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--shapes", "-s", multiple=True, required=True, type=click.Path(path_type=Path), metavar="FILE",
              help="A file of shapes, or a folder of them; may be given again.")  # fmt: skip
@click.option("--format", "-f", "form", type=click.Choice(FORMATS), default="text", show_default=True,
              help="turtle, ntriples, rdfxml and jsonld write a SHACL validation report.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--engine", type=click.Choice([engine.value for engine in ShaclEngine]), default="compiled",
              show_default=True, help="pyshacl: judge with pySHACL alone, to compare; slow.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="Print the results only, no summary and no notes.")
def shacl(data: tuple[Path, ...], shapes: tuple[Path, ...], form: str, as_json: bool, engine: str, quiet: bool) -> int:
    """Validate RDF against SHACL shapes, set at a time.

    DATA are files or folders of any RDF syntax, also gzipped, judged as one graph; graph names are dropped, nothing is
    inferred, nothing is fetched. A shape that cannot be compiled to SPARQL runs in pySHACL, with a note that says why.

    Exit code 0: no error (warnings do not count); 1: there are errors; 2: bad usage, or a file or the shapes cannot be
    used; 3: the environment lacks something.
    """
    with closing(ProgressLine(quiet=quiet)) as progress:
        validated = _validated(data, shapes, ShaclEngine(engine), progress)
    text = written(validated, "json" if as_json else form)
    if text:
        click.echo(text.rstrip(b"\n"))
    if not quiet:
        for shape, reason in sorted(validated.report.uncompiled.items()):
            click.echo(f"note: {shape} ran in pySHACL: {reason}", err=True)
        for shape, names in sorted(validated.report.ignored.items()):
            click.echo(f"note: {names} of {shape} was not evaluated: it is not of SHACL Core or SHACL-SPARQL", err=True)
        if form == "text" and not as_json:
            click.echo(summary_of(validated), err=True)
    return 0 if validated.passed else 1


def _validated(
    data: tuple[Path, ...], shapes: tuple[Path, ...], engine: ShaclEngine, progress: ProgressLine
) -> Validated:
    begun = time.perf_counter()
    progress("reading", 0, 0)
    graph = load_shapes([each.path for each in expand(shapes)])
    facts = load_data([each.path for each in expand(data)])
    read = time.perf_counter()
    report = validate(facts, graph, engine=engine, watch=lambda done, total: progress("judging", done, total))
    return Validated(report, graph, len(facts.store), read - begun, time.perf_counter() - read)
