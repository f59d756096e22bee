"""A whole project, read: every file with its statements, its places and its problems.

In: the folders, or loose paths to be judged by the rules of a project. Out: documents and problems. Memory holds all
statements: a curated project is small.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from dadkhah.iris import Iris
from dadkhah.source.files.problems import Problem
from dadkhah.source.files.tree import Project, Role, Tree, discover, discover_loose
from dadkhah.source.hygiene.clean import CleanFiles
from dadkhah.source.hygiene.rules import Rules
from dadkhah.source.project.terms import known_terms
from dadkhah.source.project.turtle_file import Document, read

_YEAR_OF_THIS_VERSION = 2026  # a clock that was set back must not turn the present into the future


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a project's files say; mappings are read by `dadkhah.source.project.mappings`."""

    tree: Tree
    documents: tuple[Document, ...]
    rules: Rules

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, those of the layout first."""
        return (*self.tree.problems, *(problem for document in self.documents for problem in document.problems))

    def of(self, *roles: Role) -> tuple[Document, ...]:
        """The documents of these roles."""
        return tuple(document for document in self.documents if document.file.role in roles)


def load(project: Project, iris: Iris, clean: CleanFiles | None = None) -> Loaded:
    """Read all Turtle files of a project, the ontology first, because it says which terms there are."""
    return _read_all(discover(project, iris), Rules(last_year=_last_year()), clean)


def load_loose(paths: Iterable[Path], root: Path, ontology: Project | None, iris: Iris) -> Loaded:
    """Read files and folders outside the layout, by the terms of a project's ontology.

    Raises:
        InputError: a path does not exist.
    """
    rules = Rules(last_year=_last_year())
    if ontology is not None:
        rules = replace(rules, terms=load_ontology(ontology, iris).rules.terms)
    tree = discover_loose(paths, root)
    return Loaded(tree, tuple(read(file, rules) for file in tree.files), rules)


def load_ontology(project: Project, iris: Iris) -> Loaded:
    """Read only the ontology and the shapes."""
    tree = discover(replace(project, data=project.ontology / "shapes"), iris)
    kept = Tree(tuple(tree.of(Role.ONTOLOGY, Role.SHAPES)), ())
    return _read_all(kept, Rules(last_year=_last_year()))


def _read_all(tree: Tree, rules: Rules, clean: CleanFiles | None = None) -> Loaded:
    ontology = {file.name: read(file, rules, clean) for file in tree.of(Role.ONTOLOGY)}
    terms = known_terms(triple for document in ontology.values() for triple in document.triples)
    rules = replace(rules, terms=terms)
    turtle = (file for file in tree.files if file.role is not Role.MAPPINGS)
    documents = tuple(ontology.get(file.name) or read(file, rules, clean) for file in turtle)
    return Loaded(tree, documents, rules)


def _last_year() -> int:
    return max(datetime.now(UTC).year, _YEAR_OF_THIS_VERSION) + 1
