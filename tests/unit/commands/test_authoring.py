import hashlib

import pyoxigraph as ox
import pytest

DK = "https://w3id.org/dadkhah/ontology#"


def passages_of(path):
    store = ox.Store()
    store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    rows = store.query(f"SELECT ?s ?e ?h {{ ?p a <{DK}Passage> ; <{DK}start> ?s ; <{DK}end> ?e ; <{DK}sha256> ?h }}")
    return [(int(row["s"].value), int(row["e"].value), row["h"].value) for row in rows]


def test_a_registered_source_holds_offsets_and_hashes_and_no_word_of_the_text(run, project):
    done = run("source", "add", "text.txt", "--id", "some-text", "--title", 'A "title"')
    assert done.returncode == 0, done.stderr
    written = project / "data/sources/some-text/source.ttl"
    text = (project / "text.txt").read_text(encoding="utf-8")
    found = passages_of(written)
    assert len(found) == 4
    assert all(hashlib.sha256(text[start:end].encode()).hexdigest() == digest for start, end, digest in found)
    assert "sentence" not in written.read_text(encoding="utf-8")
    assert "پایان" not in written.read_text(encoding="utf-8")


def test_a_registered_source_and_its_new_voice_pass_the_syntax_check(run):
    assert run("source", "add", "text.txt", "--id", "some-text").returncode == 0
    assert run("new", "voice", "some-text/somebody").returncode == 0
    findings = run("check", "--format", "json").stdout
    assert '"error"' not in findings or "syntax" not in findings


def test_a_source_is_not_registered_twice(run, project):
    run("source", "add", "text.txt", "--id", "some-text")
    before = (project / "data/sources/some-text/source.ttl").read_bytes()
    done = run("source", "add", "text.txt", "--id", "some-text")
    assert done.returncode == 2
    assert "there already" in done.stderr
    assert (project / "data/sources/some-text/source.ttl").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("source", "add", "text.txt", "--id", "Not Good"), "lower-case"),
        (("source", "add", "text.txt", "--id", "../out"), "lower-case"),
        (("source", "add", "text.txt", "--id", "x", "--published", "2025-02-30"), "not a day"),
        (("new", "voice", "no-such-source/somebody"), "no source"),
        (("new", "voice", "some-text/../../x"), "SOURCE/CLAIMANT"),
        (("new", "person", "a-name"), "--label"),
    ],
)
def test_bad_names_are_refused_with_what_to_do(run, project, arguments, says):
    done = run(*arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(project.glob("data/**/*.ttl"))


def test_text_that_is_not_utf8_is_refused_and_nothing_is_written(run, project):
    (project / "latin.txt").write_bytes("caf\xe9".encode("latin-1"))
    done = run("source", "add", "latin.txt", "--id", "latin")
    assert done.returncode == 2
    assert "byte 3 is not UTF-8" in done.stderr
    assert not (project / "data/sources/latin").exists()


def test_a_person_at_risk_gets_a_name_that_says_nothing(run, project):
    done = run("new", "person", "--label", "A Name", "--at-risk")
    assert done.returncode == 0
    (written,) = (project / "data/authority").glob("*.ttl")
    assert "name" not in written.name
    assert "id/person/p-" in written.read_text()
