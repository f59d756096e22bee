"""`dadkhah serve`: the service over the current snapshot, over files of the user's own, or over a remote engine.

The composition root of the service: reads settings, opens the snapshot, puts engine and web layer together. It has
no write path: what it serves is made by `dadkhah build`.
"""

from __future__ import annotations

import importlib
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from types import ModuleType

import click

from dadkhah.cli.places import project_here
from dadkhah.cli.rdf_files import rdf_inputs, rdf_options
from dadkhah.cli.service.workers import bound_socket, run_workers
from dadkhah.config import Settings, resolve
from dadkhah.errors import ParameterError
from dadkhah.snapshot.publishing.registry import Registry
from dadkhah.source.formats.reading import RdfInput

EXAMPLE = """
\b
Examples:
  dadkhah serve
  dadkhah serve --snapshots build/snapshots --port 9000 --workers 2
  dadkhah serve --rdf people.ttl events.nq.gz --graph https://example.org/g=notes.ttl --port 9000
  dadkhah serve --endpoint https://example.org/sparql
"""


@click.command(epilog=EXAMPLE)
@rdf_options()
@click.option("--snapshots", type=click.Path(path_type=Path, file_okay=False), help="Snapshots folder.")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on; 0 takes a free one.")
@click.option("--workers", type=int, help="Processes that speak HTTP.")
@click.option("--timeout", type=float, metavar="SECONDS", help="Longest time until a query's answer begins.")
@click.option("--endpoint", metavar="URL", help="Serve this remote SPARQL 1.1 engine instead of a snapshot.")
@click.option("--base-url", metavar="URL", help="Address of the service as clients see it.")
@click.option("--tokens", metavar="FILE", help="Ask every request for a token; see dadkhah token.")
@click.option("--config", "file", type=click.Path(path_type=Path, dir_okay=False), help="Configuration file.")
@click.option("--quiet", is_flag=True, help="Show no progress; log warnings and errors only.")
def serve(
    rdf: tuple[Path, ...],
    files: tuple[Path, ...],
    graphs: tuple[str, ...],
    snapshots: Path | None,
    host: str | None,
    port: int | None,
    workers: int | None,
    timeout: float | None,
    endpoint: str | None,
    base_url: str | None,
    tokens: str | None,
    file: Path | None,
    quiet: bool,
) -> None:
    """Serve a graph over HTTP: SPARQL, stored queries, pages.

    A new snapshot is taken up without dropping a request. SIGTERM lets the answers under way end, then exits.
    """
    flags = {
        "snapshots": snapshots,
        "host": host,
        "port": port,
        "workers": workers,
        "timeout": timeout,
        "endpoint": endpoint,
        "base_url": base_url,
        "tokens": tokens,
        "log_level": "warning" if quiet else None,
    }
    settings = resolve(flags, file=file).settings
    inputs = rdf_inputs(rdf, files, graphs)
    if inputs and settings.endpoint:
        raise ParameterError("give either --rdf or --endpoint")
    with ExitStack() as stack:
        # bound before anything is built: a taken port is told at once
        sock = stack.enter_context(closing(bound_socket(settings.host, settings.port)))
        registry = None if settings.endpoint else _registry(settings, inputs, stack, quiet=quiet)
        run_workers(settings, sock, registry)


def _registry(settings: Settings, inputs: list[RdfInput], stack: ExitStack, *, quiet: bool) -> Registry:
    """The snapshots to serve from; builds one where there is none yet."""
    root = settings.snapshots
    if inputs:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dadkhah-", ignore_cleanup_errors=True)))
        _compiling().compile_files(inputs, root, quiet=quiet)
    elif not root.is_dir() and project_here() is not None:
        _compiling().compile_first(root, quiet=quiet)
    return Registry(root)


def _compiling() -> ModuleType:
    """What makes snapshots, with its libraries: half a second that a service over a built one does not spend."""
    return importlib.import_module("dadkhah.cli.service.served_snapshot")
