"""The snapshot that `serve` makes itself: of files of the user's own, or the first one of a project.

Loaded only when one has to be made: checking and compiling bring libraries that serving does without.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from dadkhah.cli.build import INDEXERS, build_project
from dadkhah.cli.output.progress import ProgressLine
from dadkhah.snapshot.compile_rdf import compile_rdf
from dadkhah.snapshot.plan import BuildPlan
from dadkhah.source.formats.reading import RdfInput


def compile_files(inputs: list[RdfInput], out: Path, *, quiet: bool) -> None:
    """Compile the user's files; nothing durable is wanted of the result, which goes when the service ends."""
    with closing(ProgressLine(quiet=quiet)) as progress:
        compile_rdf(inputs, BuildPlan(out=out, durable=False), indexers=INDEXERS, progress=progress)


def compile_first(out: Path, *, quiet: bool) -> None:
    """Check and compile the project here."""
    with closing(ProgressLine(quiet=quiet)) as progress:
        build_project(BuildPlan(out=out), progress)
