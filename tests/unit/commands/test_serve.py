import json
import os
import time
import urllib.request


def test_without_a_snapshot_serve_builds_one_first(serving, project):
    (project / "data/authority/persons.ttl").write_text(
        "@prefix dk: <https://w3id.org/dadkhah/ontology#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n\n"
        '<https://w3id.org/dadkhah/id/person/somebody> a dk:Person ;\n    skos:prefLabel "Somebody"@en .\n'
    )
    address = serving(project=project)
    with urllib.request.urlopen(f"{address}/readyz") as answer:
        assert json.load(answer)["ready"] is True
    with urllib.request.urlopen(f"{address}/data/person/somebody.ttl") as answer:
        assert answer.status == 200
    assert os.path.lexists(project / "build/snapshots/current")


def test_a_taken_port_is_told_with_its_number_and_nothing_is_built(serving, project, run):
    address = serving(project=project)
    port = address.rsplit(":", 1)[1]
    begun = time.monotonic()
    done = run("serve", "--port", port)
    assert done.returncode == 3
    assert port in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - begun < 30
