"""Clocks that were set wrong: which snapshot is newer is told by numbers, and no hash holds a time."""

import os
from pathlib import Path

import pytest

from dadkhah.snapshot.publishing.registry import Registry

from .conftest import dadkhah, whole


@pytest.fixture(scope="module")
def library():
    found = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)
    if found is None:
        message = "libfaketime is missing (Debian package faketime)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.mark.parametrize("day", ["@1970-01-02 00:00:00", "@2038-01-20 00:00:00", "+365d"])
def test_a_build_under_a_wrong_clock_is_whole_and_has_the_same_hash(build, folder, hashes, library, day):
    wrong = {**os.environ, "LD_PRELOAD": str(library), "FAKETIME": day}
    done = build(env=wrong)
    assert done.returncode == 0, done.stderr
    assert whole(folder / "snapshots") == hashes[2]
    newest = Registry(folder / "snapshots").snapshots()[0]
    assert (newest.hash, newest.manifest.sequence) == (hashes[2], 2)
    checked = dadkhah("verify", "--snapshots", "snapshots", cwd=folder, env=wrong)
    assert checked.returncode == 0, checked.stdout


def test_a_build_after_the_clock_was_set_back_is_the_newest(build, folder, hashes, library):
    assert build(env={**os.environ, "LD_PRELOAD": str(library), "FAKETIME": "+365d"}).returncode == 0
    (folder / "v3.nq").write_text((folder / "v2.nq").read_text().replace('"2"', '"3"'))
    assert build(3).returncode == 0
    assert [each.manifest.sequence for each in Registry(folder / "snapshots").snapshots()] == [3, 2, 1]
