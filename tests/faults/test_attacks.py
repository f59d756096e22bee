"""The given attacks, by the given runner, on `dadkhah serve` as users start it.

The runner asks for the product's addresses by role; records are asked for by each address that a record has. The
heavy kinds (queries that eat time and memory, broken HTTP) are sampled here; `make soak` runs them all.
"""

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

GIVEN = Path(os.environ.get("DADKHAH_GIVEN", Path(__file__).parents[3] / "shared"))
_SPEC = importlib.util.spec_from_file_location("hostile", Path(__file__).with_name("hostile.py"))
hostile = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(hostile)

GIVEN_NAMESPACE = "http://example.org/id/"
NAMESPACE = "https://w3id.org/dadkhah/id/person/"
ROLES = (
    "sparql=/sparql,export=/sparql,gsp=/sparql,root=/,health=/healthz,suggest=/api/v1/suggest,reconcile=/reconcile,"
    "preview=/reconcile/preview,static=/static/,docs=/en/about,void=/.well-known/void,openapi=/openapi.json,"
    "metrics=/metrics,changes=/api/v1/changes,dump=/data/,sitemap=/sitemap.xml,manifest=/reconcile"
)
# where a record and a search are asked for, and which of the attacks
ADDRESSES = {
    "pages": ("entity=/en/person/{id},search=/en/search", 1),
    "interface": ("entity=/api/v1/person/{id},search=/api/v1/search", 0),
    "data": ("entity=/data/person/{id},search=/fa/search", 0),
    "identifiers": ("entity=/id/person/{id},search=/api/v1/search", 0),
}
BY_RECORD = ("restricted-leak", "rest-ui")
pytestmark = [pytest.mark.given, pytest.mark.slow]


def chosen(folder, *, heavy):
    """All attacks on records and searches; of the other kinds each eighth, where wanted."""
    items = json.loads((folder / "corpus/manifest.json").read_text(encoding="utf-8"))["items"]
    groups = {}
    for one in items:
        if one["group"] != "authoring":
            groups.setdefault(one["group"], []).append(one["id"])
    steps = dict.fromkeys((*BY_RECORD, "reconcile"), 1)
    return [
        name for group, names in groups.items() if heavy or group in BY_RECORD for name in names[:: steps.get(group, 8)]
    ]


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def may_unshare():
    done = subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False)
    return done.returncode == 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    if not (GIVEN / "attacks/run.py").exists():
        message = "attacks/run.py is not in the given folder; set DADKHAH_GIVEN"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    # the runner and the maker of its data write beside themselves
    copy = tmp_path_factory.mktemp("attacks") / "attacks"
    shutil.copytree(GIVEN / "attacks", copy)
    for path in (copy, *copy.rglob("*")):
        path.chmod(path.stat().st_mode | 0o200)
    # writes the graphs first; what it makes for the pages' own tests has a template that is not given
    subprocess.run([sys.executable, "make_dataset.py", "data"], cwd=copy, capture_output=True, check=False)
    given = (copy / "data/public.nq").read_text(encoding="utf-8")
    assert given
    # the records get addresses of ours, so that all of them can be asked for
    (copy / "data/public.nq").write_text(given.replace(GIVEN_NAMESPACE, NAMESPACE), encoding="utf-8")
    (copy / "data/hostile.nt").write_text("\n".join(hostile.lines(NAMESPACE)) + "\n", encoding="utf-8")
    return copy


@pytest.fixture(scope="module", params=list(ADDRESSES))
def attacked(request, folder):
    entity, heavy = ADDRESSES[request.param]
    port = free_port()
    out = folder / f"{request.param}.json"
    data = " ".join(f"--rdf {folder}/data/{name}" for name in ("public.nq", "hostile.nt"))
    serve = f"exec {sys.executable} -m dadkhah.cli serve {data} --port {port} --quiet"
    command = [
        *(["./sandbox.sh"] if os.geteuid() == 0 and may_unshare() else []),
        *(sys.executable, "run.py", "--base", f"http://127.0.0.1:{port}", "--roles", f"{ROLES},{entity}"),
        *("--server-cmd", serve, "--out", str(out), "--ns", NAMESPACE, "--hostile-data", "--idle", "2"),
        *("--only", ",".join(chosen(folder, heavy=heavy)), "--max-seconds", "200"),
    ]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    subprocess.run(command, cwd=folder, capture_output=True, timeout=300, check=True, env=environment)
    return json.loads(out.read_text(encoding="utf-8"))


def test_no_attack_ends_leaks_executes_or_runs_away(attacked):
    summary = attacked["summary"]
    assert summary["inputs_tried"] >= 100
    failed = {one["id"]: one.get("reason") for one in attacked["results"] if one["verdict"] == "fail"}
    bad = {name: summary[name] for name in ("crashed", "hung_or_runaway", "leaked", "executed", "unescaped")}
    assert not any(bad.values()), failed
    assert summary["server_starts"] == 1
    assert summary["http500"] == 0


def test_every_attack_found_its_address(attacked):
    assert [one["id"] for one in attacked["results"] if one["verdict"] == "n/a"] == []


def test_a_well_behaved_client_is_served_meanwhile(attacked):
    summary = attacked["summary"]
    assert summary["probe_requests"] >= 20
    assert summary["availability"] >= 0.999
