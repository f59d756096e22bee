"""A shape of the project that has to run in pySHACL is named, each time, in every kind of check."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
RECURSIVE = """@prefix dk: <https://w3id.org/dadkhah/ontology#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
dk:GroupShape a sh:NodeShape ; sh:targetClass dk:PersonGroup ; sh:property dk:GroupShape-member .
dk:GroupShape-member a sh:PropertyShape ; sh:path dk:member ; sh:message "a group of groups"@en ;
  sh:node dk:GroupShape .
"""
GROUP = """@prefix dk: <https://w3id.org/dadkhah/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<https://w3id.org/dadkhah/id/group/some-people> a dk:PersonGroup ;
    skos:prefLabel "some people"@en .
"""


@pytest.fixture
def project(tmp_path):
    shutil.copytree(ROOT / "ontology", tmp_path / "ontology")
    (tmp_path / "queries").symlink_to(ROOT / "queries")
    (tmp_path / "ontology/shapes/Group.ttl").write_text(RECURSIVE)
    (tmp_path / "data/authority").mkdir(parents=True)
    (tmp_path / "data/sources").mkdir()
    (tmp_path / "data/authority/groups.ttl").write_text(GROUP)
    return tmp_path


def notes(folder, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "dadkhah.cli", "check", *arguments, "--json"],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return json.loads(done.stdout)["notes"]


def test_the_note_stays_while_findings_come_from_the_cache(project):
    first = notes(project)
    assert [note.split(":")[0] for note in first] == ["https"]
    assert "dadkhah/ontology#GroupShape ran in pySHACL: it refers to itself" in first[0]
    assert notes(project) == first, "the whole report is remembered"
    (project / "data/authority/places.ttl").write_text(
        GROUP.replace("dk:PersonGroup", "dk:Place").replace("group/some-people", "place/some-place")
    )
    assert notes(project) == first, "the file is remembered"


def test_a_file_outside_the_project_gets_the_note_too(project, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "loose.ttl"
    outside.write_text(GROUP)
    assert len(notes(project, str(outside))) == 1
