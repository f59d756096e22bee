"""Builds of a small graph in two versions, by the command line in a process of its own."""

import gzip
import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from dadkhah.snapshot.publishing.registry import Registry

MARK = "http://example.org/version"
NAMED = "http://www.w3.org/2000/01/rdf-schema#label"


def version(number, count=300):
    """N-Quads of one version: every subject has the version's mark and a name."""
    return "".join(
        f'<http://example.org/{n}> <{MARK}> "{number}" <http://example.org/g{n % 3}> .\n'
        f'<http://example.org/{n}> <{NAMED}> "Name {n}" .\n'
        for n in range(count)
    )


def content_hash(text):
    return hashlib.sha256("".join(sorted(text.splitlines(keepends=True))).encode()).hexdigest()


def whole(snapshots):
    """The hash of what would be served, once every byte of it was verified and read again."""
    snapshot = Registry(snapshots).current()
    assert hashlib.sha256(gzip.decompress(snapshot.dump_path.read_bytes())).hexdigest() == snapshot.hash
    return snapshot.hash


def dadkhah(*arguments, cwd, **options):
    return subprocess.run(
        [sys.executable, "-m", "dadkhah.cli", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **options,
    )


def told_in_one_line(done):
    """The one line that a failed command says; a progress line on a terminal is no message."""
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.fixture(scope="session")
def hashes():
    """Content hash of each version."""
    return {number: content_hash(version(number)) for number in (1, 2)}


@pytest.fixture(scope="session")
def first_built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("first")
    for number in (1, 2):
        (folder / f"v{number}.nq").write_text(version(number))
    done = dadkhah("build", "--rdf", "v1.nq", "--out", "snapshots", "--quiet", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(first_built, tmp_path):
    """A folder with both versions as files, and the first one built and current."""
    subprocess.run(["cp", "-a", f"{first_built}/.", str(tmp_path)], check=True)
    return tmp_path


@pytest.fixture
def build(folder):
    def call(number=2, **options):
        arguments = ["build", "--rdf", f"v{number}.nq", "--out", "snapshots", "--quiet"]
        return dadkhah(*arguments, cwd=folder, **options)

    return call


def leftovers(snapshots):
    """What a build may leave only while it runs."""
    kept = {"current", "changes.jsonl", ".lock"}
    names = {path.name for path in Path(snapshots).iterdir()}
    return {name for name in names if name not in kept and not (Path(snapshots) / name / "manifest.json").is_file()}
