"""Who published a snapshot: a signature over its manifest, by an SSH key."""

import json
import os
import shutil
import subprocess

import pytest


def missing():
    message = "ssh-keygen is missing (Debian package openssh-client)"
    return pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """Two keys without passphrase, and a file that allows the first."""
    if shutil.which("ssh-keygen") is None:
        missing()
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ours", "other"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)]
        subprocess.run(command, check=True)
    public = (folder / "ours.pub").read_text().split()[:2]
    (folder / "signers").write_text(f'archive@example.org namespaces="dadkhah-snapshot" {" ".join(public)}\n')
    return folder


@pytest.fixture
def current(folder):
    return (folder / "snapshots/current").resolve()


@pytest.fixture
def run(folder, dadkhah):
    def call(*arguments, **environment):
        done = dadkhah(*arguments, "--snapshots", "snapshots", cwd=folder, **environment)
        assert "Traceback" not in done.stderr
        return done

    return call


def test_a_signed_snapshot_verifies_and_names_who_signed(run, keys, current):
    done = run("sign", "--key", keys / "ours")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(current / "manifest.json.sig")
    checked = run("verify", "--allowed-signers", keys / "signers")
    assert checked.returncode == 0, checked.stdout
    assert "holds; signed by archive@example.org" in checked.stdout


def test_the_signature_is_one_that_ssh_keygen_alone_can_check(run, keys, current):
    assert run("sign", "--key", keys / "ours").returncode == 0
    command = ["ssh-keygen", "-Y", "verify", "-f", str(keys / "signers"), "-I", "archive@example.org"]
    with (current / "manifest.json").open("rb") as manifest:
        done = subprocess.run(
            [*command, "-n", "dadkhah-snapshot", "-s", str(current / "manifest.json.sig")],
            stdin=manifest,
            capture_output=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr


def test_a_signature_is_no_damage_and_signing_again_replaces_it(run, keys, current):
    assert run("sign", "--key", keys / "other").returncode == 0
    assert run("sign", "--key", keys / "ours").returncode == 0
    assert run("verify").returncode == 0
    assert "signed by archive@example.org" in run("verify", "--allowed-signers", keys / "signers").stdout
    assert not list(current.glob(".*"))


def test_an_unsigned_snapshot_is_said_to_be_unsigned_where_a_signature_is_required(run, keys):
    done = run("verify", "--allowed-signers", keys / "signers")
    assert done.returncode == 1
    assert "not signed" in done.stdout


def test_a_signature_of_somebody_who_is_not_allowed_does_not_count(run, keys):
    assert run("sign", "--key", keys / "other").returncode == 0
    done = run("verify", "--allowed-signers", keys / "signers")
    assert done.returncode == 1
    assert "signed by nobody whom signers allows" in done.stdout


def test_a_signature_made_for_something_else_does_not_count(run, keys, current):
    sign = ["ssh-keygen", "-q", "-Y", "sign", "-n", "file", "-f", str(keys / "ours"), str(current / "manifest.json")]
    subprocess.run(sign, check=True, capture_output=True)
    assert run("verify", "--allowed-signers", keys / "signers").returncode == 1


def test_a_manifest_that_was_changed_and_sealed_anew_no_longer_has_a_signature(run, keys, current):
    import hashlib

    assert run("sign", "--key", keys / "ours").returncode == 0
    manifest = json.loads((current / "manifest.json").read_bytes())
    manifest["built"] = "2020-01-01T00:00:00+00:00"
    text = json.dumps(manifest).encode()
    (current / "manifest.json").write_bytes(text)
    (current / "manifest.json.sha256").write_text(f"{hashlib.sha256(text).hexdigest()}  manifest.json\n")
    assert run("verify").returncode == 0
    done = run("verify", "--allowed-signers", keys / "signers")
    assert done.returncode == 1
    assert "changed after it was signed" in done.stdout


def test_a_dump_beside_its_manifest_and_signature_is_enough_for_an_outsider(run, keys, current, dadkhah, tmp_path):
    assert run("sign", "--key", keys / "ours").returncode == 0
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("dump.nq.gz", "manifest.json", "manifest.json.sha256", "manifest.json.sig"):
        shutil.copy(current / name, outside)
    done = dadkhah("verify", "dump.nq.gz", "--allowed-signers", keys / "signers", "--json", cwd=outside)
    assert done.returncode == 0, done.stdout
    [result] = json.loads(done.stdout)
    assert (result["hash"], result["signed_by"]) == (current.name, "archive@example.org")


def test_build_can_sign_what_it_built(folder, keys, dadkhah):
    done = dadkhah("build", "--rdf", "data.nq", "--out", "other", "--sign", keys / "ours", "--quiet", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert (folder / "other/current/manifest.json.sig").is_file()


def test_without_ssh_keygen_it_is_said_what_to_install_before_anything_is_built(folder, keys, dadkhah):
    done = dadkhah("build", "--rdf", "data.nq", "--out", "other", "--sign", keys / "ours", cwd=folder, PATH="/nowhere")
    assert done.returncode == 3
    assert "openssh-client" in done.stderr
    assert not (folder / "other").exists()


@pytest.mark.parametrize("key", ["nothing", "data.nq"])
def test_what_is_no_key_is_refused_in_one_line(run, keys, key):
    done = run("sign", "--key", key)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {key}: ")
    assert done.stderr.count("\n") == 1


def test_a_damaged_snapshot_is_not_signed(run, keys, current):
    (current / "DATASET.sha256").write_text("0\n")
    done = run("sign", "--key", keys / "ours")
    assert done.returncode == 3
    assert "damaged" in done.stderr
    assert not (current / "manifest.json.sig").exists()
