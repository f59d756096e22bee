"""`dadkhah publish` and `dadkhah serve --endpoint`, as a user calls them, with a real engine at the other end."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import pytest

from .conftest import GRAPHS, quads

TEXT = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{GRAPHS[1]}> {{ ?s ?p ?o }} }}"


def dadkhah(*arguments, **more):
    return [sys.executable, "-m", "dadkhah.cli", *arguments], {**os.environ, **more}


@pytest.fixture
def snapshots(tmp_path):
    """A snapshots folder built by the command line itself."""
    data = tmp_path / "data.nq"
    data.write_text(quads(GRAPHS[0], 20) + quads(GRAPHS[1], 5), encoding="utf-8")
    command, env = dadkhah("build", "--rdf", str(data), "--out", str(tmp_path / "snapshots"))
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return tmp_path / "snapshots"


def published(remote, snapshots, *more, **environment):
    user = ["--user", remote.user] if remote.user else []
    command, env = dadkhah(
        "publish", "--to", remote.query, "--gsp", remote.gsp, *user, "--snapshots", str(snapshots), *more,
        **{"DADKHAH_PUBLISH_PASSWORD": remote.password, **environment},
    )  # fmt: skip
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_publish_tells_each_graph_and_the_sum(remote, snapshots):
    done = published(remote, snapshots)
    assert done.returncode == 0, done.stderr
    assert re.search(r"ok +http://example.org/b: 10 statements, read back", done.stdout)
    assert "2 graphs, 50 statements, all counted" in done.stdout


def test_publish_with_a_wrong_password_ends_with_an_error_that_does_not_hold_it(virtuoso, snapshots):
    done = published(virtuoso, snapshots, DADKHAH_PUBLISH_PASSWORD="not-the-password")
    assert done.returncode != 0
    assert "401" in done.stderr
    assert "not-the-password" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_publish_that_was_lost_on_the_way_is_an_error(oxigraph, virtuoso, snapshots):
    assert published(virtuoso, snapshots).returncode == 0
    other = snapshots.parent / "other.nq"
    other.write_text(quads(GRAPHS[1], 3), encoding="utf-8")
    command, env = dadkhah("build", "--rdf", str(other), "--out", str(snapshots.parent / "others"))
    subprocess.run(command, env=env, cwd=snapshots.parent, capture_output=True, timeout=60, check=True)
    command, env = dadkhah(
        "publish", "--to", virtuoso.query, "--gsp", oxigraph.gsp, "--snapshots", str(snapshots.parent / "others")
    )
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert re.search(r"WRONG +http://example.org/b: 6 statements here, 10 there", done.stdout)
    assert "1 of 1 graphs" in done.stderr


@pytest.fixture
def service(remote, snapshots):
    """The whole service over a remote engine."""
    assert published(remote, snapshots).returncode == 0
    command, env = dadkhah("serve", "--port", "0", "--endpoint", remote.query)
    with subprocess.Popen(
        command, env=env, cwd=snapshots.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        lines = []
        address = None
        for line in process.stdout:
            lines.append(line)
            if '"serving"' in line:
                address = json.loads(line)["address"]
                break
        assert address is not None, lines
        yield address
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def fetch(address, text):
    request = urllib.request.Request(
        f"{address}/sparql?{urllib.parse.urlencode({'query': text})}",
        headers={"Accept": "application/sparql-results+json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_serve_endpoint_answers_from_the_remote_engine_behind_the_policy(service):
    status, answer = fetch(service, TEXT)
    assert status == 200
    assert answer["results"]["bindings"][0]["n"]["value"] == "10"
    assert fetch(service, "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")[0] == 403
    assert fetch(service, "SELECT * {" + "{" * 4000)[0] == 403
    with urllib.request.urlopen(f"{service}/readyz", timeout=10) as answer:
        assert answer.status == 200
    with urllib.request.urlopen(f"{service}/sparql", timeout=10) as answer:
        assert answer.status == 200
