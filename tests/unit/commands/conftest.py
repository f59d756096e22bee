"""A small project of its own: this ontology, an empty data folder, and the command line in it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path):
    for name in ("ontology", "queries"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "data/authority").mkdir(parents=True)
    (tmp_path / "data/sources").mkdir()
    (tmp_path / "text.txt").write_text("First sentence here. Second one.\nنامه دوم است. پایان.\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(project):
    def call(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "dadkhah.cli", *arguments],
            cwd=project,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return call
