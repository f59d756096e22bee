"""Two builds of one folder: one wins, the others say so; and files that change while they are read."""

import subprocess
import sys

import pytest

from dadkhah.errors import BuildBusy, InputError
from dadkhah.snapshot.compile_rdf import compile_rdf
from dadkhah.snapshot.plan import BuildPlan
from dadkhah.snapshot.publishing.lock import build_lock
from dadkhah.source.formats.reading import RdfInput

from .conftest import leftovers, told_in_one_line, version, whole


def test_of_builds_that_start_together_one_wins_and_the_others_say_try_later(folder, hashes):
    command = [sys.executable, "-m", "dadkhah.cli", "build", "--out", "snapshots", "--quiet", "--rdf"]
    running = [
        subprocess.Popen([*command, f"v{number}.nq"], cwd=folder, stderr=subprocess.PIPE, text=True)
        for number in (2, 1, 2)
    ]
    said = [process.communicate(timeout=120)[1] for process in running]
    codes = [process.returncode for process in running]
    assert set(codes) <= {0, 75}
    assert 0 in codes
    assert all("another build is running" in text for code, text in zip(codes, said, strict=True) if code == 75)
    assert whole(folder / "snapshots") in hashes.values()
    assert not leftovers(folder / "snapshots")


def test_a_build_beside_a_running_one_ends_with_75_and_touches_nothing(build, folder, hashes):
    with build_lock(folder / "snapshots") as work:
        (work / "half-written").write_text("of the running build")
        done = build()
        assert done.returncode == 75
        assert "another build is running" in told_in_one_line(done)
        assert (work / "half-written").exists()
        with pytest.raises(BuildBusy), build_lock(folder / "snapshots"):
            pytest.fail("the lock was given twice")
    assert whole(folder / "snapshots") == hashes[1]


def test_what_a_killed_build_left_is_cleared_by_the_next(build, folder, hashes):
    left = folder / "snapshots/.building-12345/snapshot/store"
    left.mkdir(parents=True)
    (left / "000001.sst").write_bytes(b"half of it")
    assert build().returncode == 0
    assert not leftovers(folder / "snapshots")
    assert whole(folder / "snapshots") == hashes[2]


def test_a_file_that_changes_while_it_is_read_is_not_published(folder, hashes):
    def meddle(phase, done, total):
        if phase == "sorting":
            (folder / "v2.nq").write_text(version(3))

    with pytest.raises(InputError, match="changed while the build was reading it"):
        compile_rdf([RdfInput(folder / "v2.nq")], BuildPlan(out=folder / "snapshots"), progress=meddle)
    assert whole(folder / "snapshots") == hashes[1]


def test_a_source_of_which_half_is_missing_is_refused_until_that_is_accepted(build, folder, hashes):
    text = version(2)
    half = text.index("\n", len(text) // 2) + 1
    (folder / "v2.nq").write_text(text[:half])
    done = build()
    assert done.returncode == 3
    assert "--accept-shrink" in told_in_one_line(done)
    assert whole(folder / "snapshots") == hashes[1]


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9])
def test_a_source_cut_inside_a_statement_is_refused_with_its_line(build, folder, hashes, cut):
    text = version(2)
    end = int(len(text) * cut)
    if text[end - 1] == "\n":
        end -= 2
    (folder / "v2.nq").write_text(text[:end])
    done = build()
    assert done.returncode == 2
    assert f"v2.nq:{text.count(chr(10), 0, end) + 1}" in told_in_one_line(done)
    assert whole(folder / "snapshots") == hashes[1]
