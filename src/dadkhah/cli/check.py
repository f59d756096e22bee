"""`dadkhah check`: everything that is wrong with the data, by file and line."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import click

from dadkhah.cli.output.findings import FORMATS, from_problems, summary_of, written
from dadkhah.cli.output.progress import ProgressLine
from dadkhah.cli.places import CACHE, ontology_here, project_here, require_project
from dadkhah.cli.unchanged import fingerprint
from dadkhah.iris import Iris
from dadkhah.source.files.tree import Project
from dadkhah.validation.cache import ReportCache
from dadkhah.validation.report import Report

EXAMPLE = """
\b
Examples:
  dadkhah check
  dadkhah check data/sources/silent-massacre-2025/author.ttl
  dadkhah check --format sarif > findings.sarif
"""


@click.command(epilog=EXAMPLE)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--quiet", is_flag=True, help="Print the findings only, no summary.")
def check(paths: tuple[Path, ...], form: str, as_json: bool, quiet: bool) -> int:
    """Check the project, or only the findings of the given files and folders.

    Exit code 0: no error (warnings do not count); 1: findings; 2: bad usage; 3: the environment lacks something.
    A path outside of the project is judged as loose data, by the rules of the project's ontology.
    """
    form = "json" if as_json else form
    with closing(ProgressLine(quiet=quiet)) as progress:
        report = report_on(paths, progress)
    text = written(report, form)
    if text:
        click.echo(text)
    if not quiet and form == "text":
        for note in report.notes:
            click.echo(f"note: {note}", err=True)
        click.echo(summary_of(report), err=True)
    return 0 if report.passed else 1


def report_on(paths: tuple[Path, ...], progress: ProgressLine) -> Report:
    """The report on the project, or on paths inside or outside of it."""
    project = project_here()
    if not paths:
        project = require_project()
    inside = project is not None and all(path.resolve().is_relative_to(project.root) for path in paths)
    if project is not None and inside:
        return _only(_of_project(project, progress), paths, project.root)
    from dadkhah.source.project.reading import load_loose, load_ontology  # noqa: PLC0415 - as in _of_project
    from dadkhah.validation.check import judge_loose  # noqa: PLC0415 - as in _of_project

    rules = ontology_here()
    loaded = load_loose(paths, Path.cwd(), rules, Iris())
    found = list(from_problems(loaded.problems))
    if rules is None:
        return Report.of(found, files=len(loaded.documents))
    judgement = judge_loose(loaded, load_ontology(rules, Iris()))
    return Report.of([*found, *judgement.findings], files=len(loaded.documents), notes=judgement.notes)


def _of_project(project: Project, progress: ProgressLine) -> Report:
    """The report on a whole project; the last one where nothing has changed since."""
    cache = ReportCache(project.root / CACHE)
    key = f"project {fingerprint(project)}"
    known = cache.get(key)
    if known is not None:
        return replace(known, reused=known.files)
    from dadkhah.cli.checking import read_and_check  # noqa: PLC0415 - not needed for an unchanged project: 0.3 s

    _, report = read_and_check(project, Iris(), progress)
    cache.put(key, report)
    return report


def _only(report: Report, paths: tuple[Path, ...], root: Path) -> Report:
    """The findings of some files and folders; the whole project is read all the same, because records refer."""
    wanted = [path.resolve().relative_to(root).as_posix() for path in paths]
    if not wanted or "." in wanted:
        return report
    kept = [each for each in report if any(each.file == name or each.file.startswith(f"{name}/") for name in wanted)]
    return replace(report, findings=tuple(kept))
