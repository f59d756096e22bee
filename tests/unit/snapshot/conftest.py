"""Snapshots of a small graph, built by the command line."""

import os
import subprocess
import sys

import pytest

LINES = (
    '<https://e.org/a> <https://e.org/p> "one" .\n'
    '<https://e.org/a> <https://e.org/p> "two" <https://e.org/g> .\n'
    "<https://e.org/b> <https://e.org/q> <https://e.org/a> <https://e.org/g> .\n"
)


@pytest.fixture(scope="session")
def dadkhah():
    def call(*arguments, cwd, **environment):
        return subprocess.run(
            [sys.executable, "-m", "dadkhah.cli", *map(str, arguments)],
            cwd=cwd,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, **environment},
        )

    return call


@pytest.fixture(scope="module")
def built(tmp_path_factory, dadkhah):
    """A folder with a snapshot in `snapshots/`."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "data.nq").write_text(LINES)
    done = dadkhah("build", "--rdf", "data.nq", "--out", "snapshots", "--quiet", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(built, tmp_path):
    subprocess.run(["cp", "-a", f"{built}/.", str(tmp_path)], check=True)
    return tmp_path
