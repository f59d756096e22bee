import pathlib
import subprocess
import sys

import pyoxigraph as ox
import pytest

ROOT = pathlib.Path(__file__).parents[3]
UNTIDY = """# Who made this list.
@prefix dk: <https://w3id.org/dadkhah/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

# About Evin.
<https://w3id.org/dadkhah/id/prison/evin>   rdfs:label "زندان اوین"@fa,"Evin Prison"@en ; a dk:Prison .\r
"""


@pytest.fixture
def untidy(project):
    path = project / "data/authority/prisons.ttl"
    path.write_bytes(UNTIDY.encode())
    return path


def triples(data):
    return {str(triple) for triple in ox.parse(data, ox.RdfFormat.TURTLE)}


def test_the_projects_own_data_are_in_the_canonical_form():
    done = subprocess.run(
        [sys.executable, "-m", "dadkhah.cli", "fmt", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_formatting_keeps_what_is_said_and_every_comment_and_changes_nothing_the_second_time(run, untidy):
    assert run("fmt").returncode == 0
    once = untidy.read_bytes()
    assert once != UNTIDY.encode()
    assert triples(once) == triples(UNTIDY.encode())
    assert b"# Who made this list." in once
    assert b"# About Evin." in once
    assert b"\r" not in once
    assert run("fmt").stdout == ""
    assert untidy.read_bytes() == once


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_looking_changes_nothing_and_is_told_by_the_exit_code(run, untidy, option):
    done = run("fmt", option)
    assert done.returncode == 1
    assert "data/authority/prisons.ttl" in done.stdout
    assert untidy.read_bytes() == UNTIDY.encode()


def test_a_file_that_does_not_parse_is_named_and_left_as_it_is_and_the_others_are_formatted(run, project, untidy):
    broken = project / "data/authority/courts.ttl"
    broken.write_text("@prefix : <urn:x:> .\n:a :b\n", encoding="utf-8")
    done = run("fmt")
    assert done.returncode == 2
    assert "courts.ttl" in done.stderr
    assert "Traceback" not in done.stderr
    assert broken.read_text(encoding="utf-8") == "@prefix : <urn:x:> .\n:a :b\n"
    assert untidy.read_bytes() != UNTIDY.encode()
