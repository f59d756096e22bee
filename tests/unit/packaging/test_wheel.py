"""Rules of what is handed out: the same sources give the same bytes, and nothing else is inside."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PARTS = ("src", "ontology", "queries", "frontend", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", "*.pyc")


def built(folder, *, zone, mask, moment):
    """A wheel of a copy of the sources, in a place and at a time of its own."""
    folder.mkdir()
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=LEFT_OUT, symlinks=True)
        else:
            shutil.copy(source, folder / name)
    for path in folder.rglob("*"):
        os.utime(path, (moment, moment))
    environment = {
        **os.environ,
        "SOURCE_DATE_EPOCH": "1735689600",
        # the assets are those that the sources hold already, where they were built
        "DADKHAH_ASSETS": "skip",
        "TZ": zone,
        "PYTHONHASHSEED": mask,
    }
    command = f"umask {mask} && exec {sys.executable} -m hatchling build -t wheel -d dist"
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheels")
    one = built(folder / "one", zone="Asia/Tehran", mask="022", moment=1_600_000_000)
    other = built(folder / "another-place", zone="America/Lima", mask="077", moment=1_750_000_000)
    return one, other


def test_two_builds_are_equal_to_the_byte(wheels):
    one, other = wheels
    assert one.name == other.name
    assert one.read_bytes() == other.read_bytes()


def test_a_wheel_holds_the_package_its_ontology_and_queries_and_nothing_else(wheels):
    names = zipfile.ZipFile(wheels[0]).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"dadkhah"}
    assert "dadkhah/_project/ontology/core.ttl" in names
    assert any(name.startswith("dadkhah/_project/queries/catalog/") for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    unwanted = ("__pycache__", ".pyc", "/tests/", "node_modules", ".env", ".git", "tokens")
    assert [name for name in names if any(part in name for part in unwanted)] == []


def test_a_wheel_names_no_place_of_the_machine_that_built_it(wheels):
    with zipfile.ZipFile(wheels[0]) as wheel:
        for name in wheel.namelist():
            assert str(ROOT).encode() not in wheel.read(name), name
