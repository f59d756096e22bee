"""A full disk, a limit for files, a folder that may only be read: a clear line, and the old snapshot stays."""

import resource
import shutil
import subprocess
import sys

import pytest

from .conftest import dadkhah, leftovers, told_in_one_line, version, whole

IN_A_NAMESPACE = ["unshare", "--mount", "--map-root-user"]
DADKHAH = f"{sys.executable} -m dadkhah.cli"


def may_mount():
    if shutil.which("unshare") is None:
        return False
    done = subprocess.run([*IN_A_NAMESPACE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False)
    return done.returncode == 0


@pytest.fixture
def mounted(folder):
    """Run a shell script where file systems can be mounted, and nobody else sees them."""
    if not may_mount():
        pytest.skip("this system lets no test mount a file system of its own (unshare --mount --map-root-user)")

    def run(script):
        return subprocess.run(
            [*IN_A_NAMESPACE, "sh", "-euc", script],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    return run


@pytest.mark.parametrize("limit", [2_000, 60_000])
def test_a_limit_for_files_stops_the_build_and_nothing_else(build, folder, hashes, limit):
    done = build(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert done.returncode == 3
    assert "Nothing was changed" in told_in_one_line(done)
    assert whole(folder / "snapshots") == hashes[1]
    assert not leftovers(folder / "snapshots")
    assert build().returncode == 0
    assert whole(folder / "snapshots") == hashes[2]


def test_a_full_disk_keeps_the_old_snapshot_and_is_not_kept_full(mounted, folder, hashes):
    (folder / "more.nq").write_text(version(2, 6000))
    done = mounted(
        f"""mkdir full; mount -t tmpfs -o size=4m tmpfs full
        {DADKHAH} build --rdf v1.nq --out full/s --quiet
        code=0; {DADKHAH} build --rdf more.nq --out full/s --quiet 2>message || code=$?
        echo code $code; {DADKHAH} verify --snapshots full/s; ls -A full/s
        {DADKHAH} build --rdf v2.nq --out full/s --quiet; {DADKHAH} verify --snapshots full/s"""
    )
    assert done.returncode == 0, done.stderr + done.stdout
    code, first, *names, second = done.stdout.splitlines()
    assert code == "code 3"
    message = (folder / "message").read_text()
    assert "the disk is full" in message
    assert message.count("\n") == 1
    assert first.startswith(f"snapshot {hashes[1]}")
    assert not [name for name in names if name.startswith(".building")]
    assert second.startswith(f"snapshot {hashes[2]}")


def test_a_folder_on_a_read_only_disk_is_said_to_be_read_only(mounted, folder, hashes):
    done = mounted(
        f"""mount --bind snapshots snapshots; mount -o remount,ro,bind snapshots
        code=0; {DADKHAH} build --rdf v2.nq --out snapshots --quiet 2>message || code=$?
        echo code $code; {DADKHAH} verify --snapshots snapshots"""
    )
    assert done.returncode == 0, done.stderr
    code, verified = done.stdout.splitlines()
    assert code == "code 3"
    message = (folder / "message").read_text()
    assert "read-only" in message
    assert message.count("\n") == 1
    assert verified.startswith(f"snapshot {hashes[1]}")


def test_a_folder_where_a_file_stands_is_said_to_be_none(folder):
    (folder / "file").write_text("")
    done = dadkhah("build", "--rdf", "v1.nq", "--out", "file/snapshots", "--quiet", cwd=folder)
    assert done.returncode == 3
    told_in_one_line(done)
