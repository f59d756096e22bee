"""A part of the given attacks, by the given runner, on `dadkhah serve` as users start it."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

GIVEN = Path(os.environ.get("DADKHAH_GIVEN", Path(__file__).parents[3] / "shared"))
ROLES = (
    "sparql=/sparql,root=/,health=/healthz,search=/api/v1/search,suggest=/api/v1/suggest,reconcile=/reconcile,"
    "void=/.well-known/void,openapi=/openapi.json,metrics=/metrics"
)
pytestmark = [pytest.mark.given, pytest.mark.slow]


def sample(folder, *, every):
    """Each n-th attack of each group, so that all kinds are tried; `make soak` runs them all."""
    items = json.loads((folder / "corpus/manifest.json").read_text(encoding="utf-8"))["items"]
    groups = {}
    for one in items:
        if one["group"] != "authoring":
            groups.setdefault(one["group"], []).append(one["id"])
    return [name for names in groups.values() for name in names[::every]]


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    if not (GIVEN / "attacks/run.py").exists():
        message = "attacks/run.py is not in the given folder; set DADKHAH_GIVEN"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    work = tmp_path_factory.mktemp("attacks")
    # the runner and the maker of its data write beside themselves
    folder = work / "attacks"
    shutil.copytree(GIVEN / "attacks", folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)
    # writes the graphs first; what it makes for the pages' own tests has a template that is not given
    subprocess.run([sys.executable, "make_dataset.py", "data"], cwd=folder, capture_output=True, check=False)
    assert (folder / "data/public.nq").stat().st_size
    port = free_port()
    serve = f"exec {sys.executable} -m dadkhah.cli serve --rdf {folder}/data/public.nq --port {port} --quiet"
    base = ["--base", f"http://127.0.0.1:{port}", "--roles", ROLES, "--server-cmd", serve, "--out", str(work / "out")]
    names = ",".join(sample(folder, every=8))
    alone = ["./sandbox.sh"] if os.geteuid() == 0 and may_unshare() else []
    subprocess.run(
        [*alone, sys.executable, "run.py", *base, "--only", names, "--max-seconds", "120", "--idle", "2"],
        cwd=folder,
        capture_output=True,
        timeout=240,
        check=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    return json.loads((work / "out").read_text(encoding="utf-8"))


def may_unshare():
    done = subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False)
    return done.returncode == 0


def test_no_attack_ends_leaks_executes_or_runs_away(attacked):
    summary = attacked["summary"]
    assert summary["inputs_tried"] >= 20
    failed = {one["id"]: one.get("reason") for one in attacked["results"] if one["verdict"] == "fail"}
    bad = {name: summary[name] for name in ("crashed", "hung_or_runaway", "leaked", "executed", "unescaped")}
    assert not any(bad.values()), failed
    assert summary["server_starts"] == 1


def test_a_well_behaved_client_is_served_meanwhile(attacked):
    summary = attacked["summary"]
    assert summary["probe_requests"] >= 20
    assert summary["availability"] >= 0.999
