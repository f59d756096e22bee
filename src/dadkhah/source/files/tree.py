"""Which files there are, and which graph each becomes.

    data/authority/<kind>.ttl            graph:authority
    data/sources/<source>/source.ttl     graph:sources
    data/sources/<source>/<claimant>.ttl voice:<source>/<claimant>
    data/analysis/<name>.ttl             voice:dadkhah/<name>
    data/mappings/<state>.sssom.tsv      graph:mappings (accepted rows only)
    ontology/**/*.ttl                    graph:ontology; ontology/shapes/ becomes no graph

In: a project's folder, or loose files and folders. Out: files with their role, and problems. Opens no file.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dadkhah.errors import InputError
from dadkhah.iris import Iris
from dadkhah.source.files.problems import Problem, shown

MAX_FILES = 100_000
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SSSOM = ".sssom.tsv"
_SETTINGS = (("assertions.toml",), ("protection.toml",))  # read by the validation
_COMPANIONS = re.compile(r"(README|LICENSE|NOTICE)(\.(md|txt))?|\.gitkeep|.*\.md", re.IGNORECASE)


class Role(StrEnum):
    """What a file is in the project."""

    AUTHORITY = "authority"
    SOURCE = "source"
    VOICE = "voice"
    ANALYSIS = "analysis"
    MAPPINGS = "mappings"
    ONTOLOGY = "ontology"
    SHAPES = "shapes"
    LOOSE = "loose"
    """Data outside the layout: judged as data, put into no graph."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file; `name` is how it is shown, `graph` is empty where it becomes none."""

    path: Path
    name: str
    role: Role
    graph: str

    @property
    def is_data(self) -> bool:
        """Whether it says something, and not in which terms things are said."""
        return self.role not in {Role.ONTOLOGY, Role.SHAPES}


@dataclass(frozen=True, slots=True)
class Project:
    """The folders of a project; `root` is the base of shown file names."""

    root: Path
    data: Path
    ontology: Path
    queries: Path


@dataclass(frozen=True, slots=True)
class Tree:
    """Files in the order of their names, and what is wrong with the layout."""

    files: tuple[SourceFile, ...]
    problems: tuple[Problem, ...]

    def of(self, *roles: Role) -> Iterator[SourceFile]:
        """The files of these roles."""
        return (file for file in self.files if file.role in roles)


def find_project(start: Path) -> Project | None:
    """The project at or above a folder: the nearest one with `data/` and `ontology/`."""
    for root in (start, *start.parents):
        if (root / "data").is_dir() and (root / "ontology").is_dir():
            return Project(root, root / "data", root / "ontology", root / "queries")
    return None


def discover(project: Project, iris: Iris) -> Tree:
    """All files of a project."""
    files: list[SourceFile] = []
    problems: list[Problem] = []
    for path in _walk(project.data, project.root, problems):
        _place(path, project, iris, files, problems)
    for path in _walk(project.ontology, project.root, problems):
        inside = path.relative_to(project.ontology)
        if path.suffix == ".ttl":
            role = Role.SHAPES if inside.parts[0] == "shapes" else Role.ONTOLOGY
            graph = "" if role is Role.SHAPES else iris.graph("ontology")
            files.append(SourceFile(path, show(path, project.root), role, graph))
    return Tree(tuple(sorted(files, key=lambda file: file.name)), tuple(problems))


def discover_loose(paths: Iterable[Path], root: Path) -> Tree:
    """Files and folders outside the layout, all of them data.

    Raises:
        InputError: a path does not exist.
    """
    files: list[SourceFile] = []
    problems: list[Problem] = []
    for given in paths:
        if not os.path.lexists(given):
            raise InputError(f"{shown(str(given))}: no such file or folder")
        inner = _walk(given, root, problems) if given.is_dir() else _only(given, root, problems)
        for path in inner:
            name = show(path, root)
            if path.suffix == ".ttl" and not path.name.startswith("."):
                files.append(SourceFile(path, name, Role.LOOSE, ""))
            elif not _COMPANIONS.fullmatch(path.name):
                problems.append(_stray(path, name))
    return Tree(tuple(files), tuple(problems))


def show(path: Path, root: Path) -> str:
    """A path as it is shown: relative to the root where it lies inside, and safe to print."""
    return shown(path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path))


def _only(path: Path, root: Path, problems: list[Problem]) -> Iterator[Path]:
    if problem := _not_regular(path, show(path, root), path.lstat().st_mode):
        problems.append(problem)
    else:
        yield path


def _walk(folder: Path, root: Path, problems: list[Problem]) -> Iterator[Path]:
    """Regular files below, in order; links, pipes and folders with a file's name become problems."""
    count = 0
    pending = [folder]
    while pending:
        with os.scandir(pending.pop()) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            path, name = Path(entry.path), show(Path(entry.path), root)
            mode = entry.stat(follow_symlinks=False).st_mode
            count += 1
            if count > MAX_FILES:
                problems.append(Problem(f"more than {MAX_FILES:,} files", show(folder, root), "files"))
                return
            if stat.S_ISDIR(mode):
                pending.append(path)
            if problem := _misplaced(path, name, mode):
                problems.append(problem)
            elif not stat.S_ISDIR(mode):
                yield path


def _misplaced(path: Path, name: str, mode: int) -> Problem | None:
    """What is wrong with an entry of a folder, whatever it holds."""
    if stat.S_ISDIR(mode):
        message = "a folder with the name of a Turtle file"
        return Problem(message, name, "files", advice="rename it") if path.suffix == ".ttl" else None
    if problem := _not_regular(path, name, mode):
        return problem
    if not path.name.isprintable():
        return Problem("a file name with a control character", name, "files", advice="rename the file")
    return None


def _not_regular(path: Path, name: str, mode: int) -> Problem | None:
    if stat.S_ISLNK(mode):
        target = "a folder" if path.is_dir() else "a file"
        return Problem(f"a link to {target}; links are not followed", name, "files", advice="put the file itself here")
    if not stat.S_ISREG(mode):
        return Problem("not a regular file (a pipe, socket or device)", name, "files", advice="remove it")
    return None


def _place(path: Path, project: Project, iris: Iris, files: list[SourceFile], problems: list[Problem]) -> None:
    parts, name = path.relative_to(project.data).parts, show(path, project.root)
    placed = _placed(parts, iris)
    if placed is not None:
        role, graph = placed
        slugs = [part.removesuffix(".ttl").removesuffix(_SSSOM) for part in parts]
        bad = [slug for slug in slugs if not SLUG.fullmatch(slug)]
        if bad:
            advice = "rename it: small Latin letters, digits and single hyphens"
            problems.append(Problem(f"{shown(bad[0])!r} cannot stand in an IRI", name, "file-name", advice=advice))
        else:
            files.append(SourceFile(path, name, role, graph))
    elif not _COMPANIONS.fullmatch(path.name) and parts not in _SETTINGS:
        problems.append(_stray(path, name))


def _placed(parts: tuple[str, ...], iris: Iris) -> tuple[Role, str] | None:
    match parts:
        case ("authority", file) if file.endswith(".ttl"):
            return Role.AUTHORITY, iris.graph("authority")
        case ("sources", _, "source.ttl"):
            return Role.SOURCE, iris.graph("sources")
        case ("sources", source, file) if file.endswith(".ttl"):
            return Role.VOICE, iris.voice(source, file.removesuffix(".ttl"))
        case ("analysis", file) if file.endswith(".ttl"):
            return Role.ANALYSIS, iris.voice("dadkhah", file.removesuffix(".ttl"))
        case ("mappings", file) if file.endswith(_SSSOM):
            return Role.MAPPINGS, iris.graph("mappings")
    return None


def _stray(path: Path, name: str) -> Problem:
    if path.name.startswith("."):
        return Problem("a hidden file", name, "files", advice="rename it, or move it out of the data")
    if path.suffix == ".ttl":
        return Problem("a Turtle file where the layout has no place for one", name, "files", advice="see docs/model.md")
    message = f"not read: data are Turtle files (*.ttl), this is {shown(path.suffix) or 'a file without an extension'}"
    return Problem(
        message, name, "files", advice="convert it to Turtle with `dadkhah import`, or move it out of the data"
    )
