"""A damaged snapshot: one clear line and the older snapshot, never other data."""

import shutil
import subprocess
from pathlib import Path

import pytest

from dadkhah.errors import DadkhahError
from dadkhah.snapshot.publishing.registry import Registry

from .conftest import dadkhah, told_in_one_line, whole


@pytest.fixture(scope="module")
def two_built(tmp_path_factory, first_built):
    folder = tmp_path_factory.mktemp("two")
    subprocess.run(["cp", "-a", f"{first_built}/.", str(folder)], check=True)
    done = dadkhah("build", "--rdf", "v2.nq", "--out", "snapshots", "--quiet", cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(two_built, tmp_path):
    """Both versions are built; the second is current."""
    subprocess.run(["cp", "-a", f"{two_built}/.", str(tmp_path)], check=True)
    return tmp_path


def flipped(path):
    data = bytearray(path.read_bytes())
    data[len(data) * 2 // 3] ^= 0x55
    path.write_bytes(data)


def halved(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path):
    path.write_bytes(b"")


def lengthened(path):
    path.write_bytes(path.read_bytes() + b"\n")


DAMAGE = [flipped, halved, emptied, lengthened, Path.unlink]


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_whatever_file_is_damaged_the_older_snapshot_is_served(folder, hashes, damage):
    current = (folder / "snapshots/current").resolve()
    files = [path for path in sorted(current.rglob("*")) if path.is_file()]
    assert len(files) > 20
    for path in files:
        if path.stat().st_size == 0 and damage in {flipped, halved, emptied}:
            continue
        kept = path.read_bytes()
        damage(path)
        served = whole(folder / "snapshots")
        path.write_bytes(kept)
        # RocksDB's lock and diary hold no data
        expected = hashes[2] if path.parent.name == "store" and path.name.startswith("LO") else hashes[1]
        assert served == expected, path.relative_to(current)
    assert whole(folder / "snapshots") == hashes[2]


def test_a_file_that_was_added_counts_as_damage(folder, hashes):
    (folder / "snapshots" / hashes[2] / "store/999999.sst").write_bytes(b"more")
    assert whole(folder / "snapshots") == hashes[1]


def missing(link, hashes):
    link.unlink()


def dangling(link, hashes):
    link.unlink()
    link.symlink_to("nowhere")


def circular(link, hashes):
    link.unlink()
    link.symlink_to("current")


def to_an_empty_folder(link, hashes):
    (link.parent / "empty").mkdir()
    link.unlink()
    link.symlink_to("empty")


def to_a_file(link, hashes):
    link.unlink()
    link.symlink_to("changes.jsonl")


def a_file_itself(link, hashes):
    link.unlink()
    link.write_text(hashes[1])


def an_empty_folder_itself(link, hashes):
    link.unlink()
    link.mkdir()


POINTERS = [missing, dangling, circular, to_an_empty_folder, to_a_file, a_file_itself, an_empty_folder_itself]


@pytest.mark.parametrize("damage", POINTERS, ids=lambda damage: damage.__name__)
def test_a_broken_pointer_is_bridged_and_mended_by_the_next_build(folder, hashes, damage):
    snapshots = folder / "snapshots"
    damage(snapshots / "current", hashes)
    assert whole(snapshots) == hashes[2]
    done = dadkhah("build", "--rdf", "v2.nq", "--out", "snapshots", "--quiet", cwd=folder)
    if damage is an_empty_folder_itself:
        assert done.returncode == 3
        assert "current" in told_in_one_line(done)
    else:
        assert done.returncode == 0, done.stderr
        assert (snapshots / "current").readlink() == Path(hashes[2])
    assert whole(snapshots) == hashes[2]


def test_with_no_whole_snapshot_left_nothing_is_served(folder, hashes):
    for name in hashes.values():
        flipped(folder / "snapshots" / name / "dump.nq.gz")
    with pytest.raises(DadkhahError, match=r"no whole snapshot in .*; run `dadkhah build`"):
        Registry(folder / "snapshots").current()


COMMANDS = {
    "query": ["query", "-"],
    "export": ["export", "--format", "ttl"],
    "serve": ["serve", "--port", "0"],
}


@pytest.mark.parametrize("name", ["query", "export", "serve"])
def test_each_command_says_in_one_line_what_to_do(folder, hashes, name):
    for name_of_one in hashes.values():
        flipped(folder / "snapshots" / name_of_one / "manifest.json")
    done = dadkhah(*COMMANDS[name], "--snapshots", "snapshots", cwd=folder, input="ASK {}")
    assert done.returncode == 3
    assert "dadkhah build" in told_in_one_line(done)


@pytest.mark.parametrize(
    "part",
    ["manifest.json", "manifest.json.sha256", "DATASET.sha256", "dump.nq.gz", "indexes/names/names.json", "store"],
)
def test_verify_names_the_part_that_does_not_hold(folder, hashes, part):
    snapshot = folder / "snapshots" / hashes[2]
    path = max((snapshot / part).glob("*.sst")) if part == "store" else snapshot / part
    halved(path)
    done = dadkhah("verify", snapshot, cwd=folder)
    told = done.stdout + done.stderr
    assert done.returncode in {1, 3}
    assert "Traceback" not in told
    assert "manifest" in told if part.startswith("manifest") else path.name in told


def test_a_damaged_snapshot_cannot_be_chosen_and_a_build_makes_it_whole_again(folder, hashes):
    snapshots = folder / "snapshots"
    flipped(snapshots / hashes[2] / "dump.nq.gz")
    assert whole(snapshots) == hashes[1]
    done = dadkhah("build", "--rdf", "v2.nq", "--out", "snapshots", "--quiet", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert whole(snapshots) == hashes[2]


def test_a_change_log_that_was_cut_costs_one_line(folder, hashes):
    log = folder / "snapshots/changes.jsonl"
    log.write_bytes(log.read_bytes()[:-20])
    registry = Registry(folder / "snapshots")
    assert len(registry.changes()) == 1
    registry.switch(registry.open(hashes[1]), reason="by hand")
    assert [entry["to"] for entry in registry.changes()] == [hashes[1], hashes[1]]


def test_all_snapshots_lost_means_the_same_hash_again(folder, hashes):
    shutil.rmtree(folder / "snapshots")
    done = dadkhah("build", "--rdf", "v2.nq", "--out", "snapshots", "--quiet", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert whole(folder / "snapshots") == hashes[2]


def test_after_a_roll_back_a_newer_snapshot_does_not_step_in(folder, hashes):
    registry = Registry(folder / "snapshots")
    registry.switch(registry.open(hashes[1]), reason="chosen by hand")
    flipped(folder / "snapshots" / hashes[1] / "dump.nq.gz")
    with pytest.raises(DadkhahError, match="no whole snapshot"):
        registry.current()
