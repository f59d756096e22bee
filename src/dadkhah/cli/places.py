"""Where a command works: the project at or above the current folder, else the parts that came with the package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from dadkhah.errors import ConfigurationError
from dadkhah.source.files.tree import Project, find_project

SNAPSHOTS = Path("build") / "snapshots"
CACHE = Path("build") / "cache"


def project_here() -> Project | None:
    """The project at or above the current folder."""
    return find_project(Path.cwd())


def require_project() -> Project:
    """The project at or above the current folder.

    Raises:
        ConfigurationError: there is none.
    """
    project = project_here()
    if project is None:
        raise ConfigurationError("no project here: go to a folder with data/ and ontology/, or below one")
    return project


def packaged() -> Project | None:
    """Ontology and queries as they came with the package; its data folder is empty."""
    root = Path(str(files("dadkhah"))) / "_project"
    if not (root / "ontology").is_dir():
        return None
    return Project(root, root / "data", root / "ontology", root / "queries")


def ontology_here() -> Project | None:
    """The project whose ontology judges loose files: the one here, or the packaged one."""
    return project_here() or packaged() or find_project(Path(__file__).resolve())


def snapshots_here(out: Path | None) -> Path:
    """The snapshots folder: as given, else below the project, else below the current folder."""
    if out is not None:
        return out
    project = project_here()
    return (project.root if project else Path.cwd()) / SNAPSHOTS
