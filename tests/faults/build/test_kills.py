"""A build that is killed leaves the old snapshot whole, or the new one; the next build clears up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def series(folder, hashes):
    def run(how, *more):
        program = Path(__file__).with_name("killed_builds.py")
        done = subprocess.run(
            [sys.executable, program, how, "v2.nq", "snapshots", *more],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
            env={**os.environ, "PYTHONPATH": str(program.parent)},
        )
        assert done.returncode == 0, done.stderr
        *builds, last = (line.split() for line in done.stdout.splitlines())
        assert last == ["left", "[]", hashes[2]], "the next build neither worked nor cleared up"
        return builds

    return run


def test_a_kill_at_ten_random_moments_leaves_current_whole(series, hashes):
    builds = series("moments", "10")
    assert len(builds) == 10
    assert {served for _, _, served in builds} <= set(hashes.values())


def test_a_kill_after_any_step_that_reaches_the_disk_leaves_one_version_whole(series, hashes):
    builds = series("points")
    *killed, (_, ended, served) = builds
    assert len(killed) >= 12
    assert {code for _, code, _ in killed} == {"-9"}
    assert (ended, served) == ("0", hashes[2])
    before, after = hashes[1], hashes[2]
    states = [state for _, _, state in killed]
    assert states == [before] * states.count(before) + [after] * states.count(after)
    assert states[0] == before
