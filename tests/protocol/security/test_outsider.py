"""An outsider with nothing but the public site: the lines of docs/security.md, run as they stand there."""

import gzip
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
_SPEC = importlib.util.spec_from_file_location("security_conftest", ROOT / "tests/protocol/security/conftest.py")
services = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(services)

NEEDED = ("curl", "gzip", "sha256sum", "ssh-keygen")
STEPS = re.search(
    r"## Checking it all from outside\n.*?```sh\n(.*?)```", (ROOT / "docs/security.md").read_text(), re.DOTALL
)[1]
NAME = "archive@example.org"


def ssh_keygen(*arguments):
    subprocess.run(["ssh-keygen", "-q", *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture(scope="module", autouse=True)
def tools():
    for name in NEEDED:
        if shutil.which(name) is None:
            message = f"{name} is missing"
            pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ours", "other"):
        ssh_keygen("-t", "ed25519", "-N", "", "-C", NAME, "-f", folder / name)
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory, keys):
    """A signed snapshot with two graphs, served."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "a.ttl").write_text('<https://e.org/a> <https://e.org/p> "one", "two" .\n', encoding="utf-8")
    (folder / "b.ttl").write_text('<https://e.org/b> <https://e.org/p> "سه"@fa .\n', encoding="utf-8")
    voices = [f"--graph=https://e.org/voice/{name}={name}.ttl" for name in "ab"]
    done = services.command(folder, "build", *voices, "--out", "snapshots", "--sign", str(keys / "ours"), "--quiet")
    assert done.returncode == 0, done.stderr
    service = services.started(folder, "--snapshots", "snapshots")
    yield service
    services.ended(service)


def check(address, folder):
    """Run the steps; true where every one of them succeeds."""
    assert "SITE=http://127.0.0.1:8000\n" in STEPS
    steps = STEPS.replace("SITE=http://127.0.0.1:8000\n", f"SITE={address}\n")
    environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", steps],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout + done.stderr


def test_the_steps_for_an_outsider_hold_on_a_signed_snapshot(site, tmp_path):
    held, told = check(site.address, tmp_path)
    assert held, told
    assert f'Good "dadkhah-snapshot" signature for {NAME}' in told


def test_our_own_verification_needs_nothing_but_what_was_downloaded(site, keys, tmp_path):
    assert check(site.address, tmp_path)[0]
    done = services.command(tmp_path, "verify", "dump.nq.gz", "--allowed-signers", "signers")
    assert done.returncode == 0, done.stdout
    assert f"signed by {NAME}" in done.stdout
    published = (keys / "ours.pub").read_text().split()
    assert (tmp_path / "signers").read_text() == f'{NAME} namespaces="dadkhah-snapshot" {" ".join(published[:2])}\n'


def test_proofs_are_listed_with_their_checksums_in_the_listing_and_in_dcat(site):
    listed = json.loads(site.ask("/dumps").body)
    assert listed["signed"] is True
    assert [each["name"] for each in listed["proofs"]] == [
        "manifest.json",
        "manifest.json.sha256",
        "manifest.json.sig",
        "signers",
    ]
    described = site.ask("/.well-known/void", Accept="application/n-triples").text
    for each in listed["proofs"]:
        answer = site.ask(each["url"].removeprefix(site.address))
        assert hashlib.sha256(answer.body).hexdigest() == each["sha256"]
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["content-type"].partition(";")[0] == each["mediaType"]
        assert f"<http://www.w3.org/ns/dcat#downloadURL> <{each['url']}>" in described
        assert each["sha256"] in described
    assert "ssh-keygen -Y verify" in site.ask("/en/data").text


def forged(site, folder):
    """A copy of the site's files, as a mirror might offer it."""
    dumps = folder / "dumps"
    dumps.mkdir()
    for name in ("dump.nq.gz", "manifest.json", "manifest.json.sha256", "manifest.json.sig", "signers", "SHA256SUMS"):
        location = site.ask(f"/dumps/{name}").headers["location"]
        (dumps / name).write_bytes(site.ask(location.removeprefix(site.address)).body)
    return dumps


def add_a_statement(dumps):
    lines = gzip.decompress((dumps / "dump.nq.gz").read_bytes())
    more = b"<https://e.org/z> <https://e.org/p> <https://e.org/z> <https://e.org/voice/b> .\n"
    (dumps / "dump.nq.gz").write_bytes(gzip.compress(lines + more))


def seal_it_anew(dumps):
    add_a_statement(dumps)
    manifest = json.loads((dumps / "manifest.json").read_bytes())
    lines = gzip.decompress((dumps / "dump.nq.gz").read_bytes())
    manifest["hash"] = hashlib.sha256(lines).hexdigest()
    text = json.dumps(manifest, indent=2).encode()
    (dumps / "manifest.json").write_bytes(text)
    (dumps / "manifest.json.sha256").write_text(f"{hashlib.sha256(text).hexdigest()}  manifest.json\n")


def list_it_anew(dumps):
    names = [line.split("  ")[1] for line in (dumps / "SHA256SUMS").read_text().splitlines()]
    kept = [name for name in names if (dumps / name).is_file()]
    lines = [f"{hashlib.sha256((dumps / name).read_bytes()).hexdigest()}  {name}\n" for name in kept]
    (dumps / "SHA256SUMS").write_text("".join(lines))


@pytest.mark.parametrize("forge", [add_a_statement, seal_it_anew])
def test_the_steps_fail_on_a_mirror_that_changed_something_and_every_checksum_with_it(site, tmp_path, forge):
    dumps = forged(site, tmp_path)
    forge(dumps)
    list_it_anew(dumps)
    here = tmp_path / "here"
    here.mkdir()
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    handler.log_message = lambda *_: None
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as mirror:
        thread = threading.Thread(target=mirror.serve_forever)
        thread.start()
        try:
            held, told = check(f"http://127.0.0.1:{mirror.server_port}", here)
        finally:
            mirror.shutdown()
            thread.join()
    assert not held
    assert "404" not in told, "it fails for what it says, not for want of a file"


def test_a_snapshot_that_is_signed_while_it_is_served_is_seen_to_be_signed(keys, tmp_path):
    (tmp_path / "a.ttl").write_text('<https://e.org/a> <https://e.org/p> "one" .\n', encoding="utf-8")
    assert services.command(tmp_path, "build", "--rdf", "a.ttl", "--out", "snapshots", "--quiet").returncode == 0
    service = services.started(tmp_path, "--snapshots", "snapshots")
    try:
        before = json.loads(service.ask("/dumps").body)
        assert (before["signed"], len(before["proofs"])) == (False, 2)
        assert service.ask(f"/dumps/{before['snapshot']}/manifest.json.sig").status == 404
        done = services.command(tmp_path, "sign", "--key", str(keys / "other"), "--snapshots", "snapshots")
        assert done.returncode == 0, done.stderr
        waited = threading.Event()
        for _ in range(100):
            if json.loads(service.ask("/dumps").body)["signed"]:
                break
            waited.wait(0.2)
        assert json.loads(service.ask("/dumps").body)["signed"]
        assert service.ask(f"/dumps/{before['snapshot']}/manifest.json.sig").text.startswith("-----BEGIN SSH SIGNATURE")
    finally:
        services.ended(service)
