import json
import os
import signal
import subprocess
import sys
import time
import urllib.request

import pytest


@pytest.fixture
def serving(project):
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "dadkhah.cli", "serve", "--port", "0", *arguments],
            cwd=project,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        for line in process.stdout:
            if '"serving"' in line:
                return json.loads(line)["address"]
        pytest.fail(f"it did not start; exit code {process.wait()}")

    yield start
    for process in started:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        process.stdout.close()


def test_without_a_snapshot_serve_builds_one_first(serving, project):
    (project / "data/authority/persons.ttl").write_text(
        "@prefix dk: <https://w3id.org/dadkhah/ontology#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n\n"
        '<https://w3id.org/dadkhah/id/person/somebody> a dk:Person ;\n    skos:prefLabel "Somebody"@en .\n'
    )
    address = serving()
    with urllib.request.urlopen(f"{address}/readyz") as answer:
        assert json.load(answer)["ready"] is True
    with urllib.request.urlopen(f"{address}/data/person/somebody.ttl") as answer:
        assert answer.status == 200
    assert os.path.lexists(project / "build/snapshots/current")


def test_a_taken_port_is_told_with_its_number_and_nothing_is_built(serving, project, run):
    address = serving()
    port = address.rsplit(":", 1)[1]
    begun = time.monotonic()
    done = run("serve", "--port", port)
    assert done.returncode == 3
    assert port in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - begun < 30
