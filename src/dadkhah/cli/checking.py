"""Reading and checking a whole project, for the commands that need both its statements and its report."""

from __future__ import annotations

from dataclasses import dataclass

from dadkhah.cli.output.findings import from_problems
from dadkhah.cli.places import CACHE
from dadkhah.iris import Iris
from dadkhah.snapshot.progress import Progress
from dadkhah.source.files.problems import Problem
from dadkhah.source.files.tree import Project, Role
from dadkhah.source.hygiene.clean import CleanFiles
from dadkhah.source.project.mappings import MappingSet, read_sssom
from dadkhah.source.project.reading import Loaded, load
from dadkhah.validation.check import judge
from dadkhah.validation.report import Report

ACCEPTED = "accepted.sssom.tsv"


@dataclass(frozen=True, slots=True)
class Checked:
    """A project that was read and judged; the fields are those of `dadkhah.snapshot.compile_project.Input`."""

    project: Project
    loaded: Loaded
    accepted: MappingSet
    files: dict[str, str]


def read_and_check(project: Project, iris: Iris, progress: Progress) -> tuple[Checked, Report]:
    """Everything that a project says, and everything that is wrong with it."""
    progress("reading", 0, 0)
    clean = CleanFiles(project.root / CACHE / "clean.json")
    loaded = load(project, iris, clean)
    clean.save()
    files = {document.file.name: document.sha256 for document in loaded.documents}
    accepted, problems = MappingSet(), list[Problem]()
    for file in loaded.tree.of(Role.MAPPINGS):
        table, found, digest = read_sssom(file.path, file.name)
        problems += found
        files[file.name] = digest
        if file.path.name == ACCEPTED:
            accepted = table
    progress("checking", 0, 0)
    judgement = judge(loaded, project, project.root / CACHE)
    findings = [*from_problems([*loaded.problems, *problems]), *judgement.findings]
    report = Report.of(findings, files=len(files), reused=judgement.reused, notes=judgement.notes)
    return Checked(project, loaded, accepted, files), report
