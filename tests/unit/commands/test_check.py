"""Bad input of every kind gives a finding with file and line, never a traceback, and never a half-written build."""

import json

import pytest

PREFIXES = """@prefix dk: <https://w3id.org/dadkhah/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix id: <https://w3id.org/dadkhah/id/> .

"""
SOURCE = (
    PREFIXES
    + """<https://w3id.org/dadkhah/id/source/some-page> a dk:Source ;
    skos:prefLabel "Some page"@en ;
    dk:party dk:AdvocacyParty .

<https://w3id.org/dadkhah/id/passage/some-page-p1> a dk:Locator ;
    dk:inSource <https://w3id.org/dadkhah/id/source/some-page> ;
    dk:locator "paragraph 1" .

<https://w3id.org/dadkhah/voice/some-page/somebody> a dk:Voice ;
    dk:claimant <https://w3id.org/dadkhah/id/group/some-people> ;
    dk:inSource <https://w3id.org/dadkhah/id/source/some-page> ;
    dk:originGroup <https://w3id.org/dadkhah/id/group/some-people> ;
    dk:party dk:AdvocacyParty ;
    dk:protection dk:Public .
"""
)
GROUPS = (
    PREFIXES
    + """<https://w3id.org/dadkhah/id/group/some-people> a dk:PersonGroup ;
    skos:prefLabel "some people"@en .
"""
)
TRIAL = "<https://w3id.org/dadkhah/id/event/some-trial>"
CITES = "dk:cites <https://w3id.org/dadkhah/id/passage/some-page-p1>"
VOICE = (
    PREFIXES
    + f"""{TRIAL} a dk:Trial ;
    rdfs:label "a trial"@en ;
    dk:defendant <https://w3id.org/dadkhah/id/group/some-people> ;
    dk:earliest "2025-02-01"^^xsd:date ;
    dk:latest "2025-02-28"^^xsd:date ;
    {CITES} .
"""
)


@pytest.fixture
def sound(project):
    folder = project / "data/sources/some-page"
    folder.mkdir()
    (folder / "source.ttl").write_text(SOURCE)
    (folder / "somebody.ttl").write_text(VOICE)
    (project / "data/authority/groups.ttl").write_text(GROUPS)
    return folder


def findings(run):
    done = run("check", "--format", "json")
    assert "Traceback" not in done.stderr
    report = json.loads(done.stdout)
    assert done.returncode == (0 if report["passed"] else 1)
    return report["findings"]


def test_a_sound_project_has_no_finding(sound, run):
    assert findings(run) == []


def changed(old, new):
    return lambda text: text.replace(old, new)


BAD = {
    "malformed-turtle": (changed("dk:Trial ;", "dk:Trial ; ;; ["), "syntax", 7),
    "unclosed-string": (changed('"a trial"@en', '"a trial'), "syntax", 8),
    "impossible-date": (changed("2025-02-28", "2025-02-30"), "lexical", 11),
    "unknown-class": (changed("dk:Trial", "dk:Tryal"), "unknown-term", 7),
    "unknown-property": (changed("dk:defendant", "dk:defendent"), "unknown-term", 9),
    "claim-without-passage": (changed(f"\n    {CITES} .", "\n    dk:inAbsentia true ."), "record-without-passage", 7),
    "citation-of-nothing": (changed("some-page-p1", "some-page-p2"), "citation-of-nothing", 12),
    "latest-before-earliest": (changed("2025-02-01", "2025-03-01"), "shacl", 10),
    "unknown-concept": (
        changed(f"{CITES} .", f"dk:defect dk:NoSuchDefect ;\n    {CITES} ."),
        "term-not-in-ontology",
        12,
    ),
    "record-described-nowhere": (changed("id/group/some-people", "id/group/other-people"), "name-of-nothing", 9),
    "blank-node": (changed("<https://w3id.org/dadkhah/id/group/some-people>", "[ a dk:PersonGroup ]"), "blank-node", 9),
    "part-of-itself": (changed(f"{CITES} .", f"dk:partOf {TRIAL} ;\n    {CITES} ."), "part-of-itself", 12),
    "wider-than-itself": (
        changed(
            f"{CITES} .",
            f"{CITES} .\n\n<https://w3id.org/dadkhah/id/term/a> skos:broader <https://w3id.org/dadkhah/id/term/a> .",
        ),
        "part-of-itself",
        14,
    ),
    "two-judges": (
        changed(f"{CITES} .", f"dk:judge id:group\\/some-people , id:event\\/some-trial ;\n    {CITES} ."),
        "shacl",
        12,
    ),
}


@pytest.mark.parametrize(("change", "rule", "line"), BAD.values(), ids=BAD.keys())
def test_bad_statement_is_found_by_file_and_line(sound, run, change, rule, line):
    (sound / "somebody.ttl").write_text(change(VOICE))
    found = [each for each in findings(run) if each["severity"] == "error"]
    assert (rule, "data/sources/some-page/somebody.ttl", line) in {(e["rule"], e["file"], e["line"]) for e in found}
    assert all(each["message"] for each in found)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("not-utf8", VOICE.replace("a trial", "caf\xe9").encode("latin-1")),
        ("bom", b"\xef\xbb\xbf" + VOICE.encode()),
        ("crlf", VOICE.replace("\n", "\r\n").encode()),
        ("empty", b""),
        ("null-byte", VOICE.encode() + b"\0"),
        ("bidi-override", VOICE.replace("a trial", "a \u202etrial").encode()),
    ],
)
def test_bad_bytes_are_a_finding_that_names_the_file(sound, run, name, content):
    (sound / "somebody.ttl").write_bytes(content)
    assert any(each["file"].endswith("some-page/somebody.ttl") for each in findings(run)), name


def test_voice_without_claimant_is_found(sound, run):
    text = SOURCE.replace("    dk:claimant <https://w3id.org/dadkhah/id/group/some-people> ;\n", "")
    (sound / "source.ttl").write_text(text)
    assert {"voice-without-claimant", "shacl"} <= {each["rule"] for each in findings(run)}


def test_passage_that_nobody_cites_is_found(sound, run):
    text = SOURCE.replace("some-page-p1> a", "some-page-p9> a") + SOURCE.split("\n\n")[2] + "\n"
    (sound / "source.ttl").write_text(text)
    assert "passage-not-covered" in {each["rule"] for each in findings(run)}


def test_authority_record_in_two_files_is_found(sound, run, project):
    (project / "data/authority/more.ttl").write_text(GROUPS)
    (found,) = findings(run)
    assert (found["rule"], found["file"], found["line"]) == ("duplicate-record", "data/authority/more.ttl", 7)


def test_named_minor_is_refused(sound, run, project):
    (project / "data/authority/persons.ttl").write_text(
        PREFIXES
        + '<https://w3id.org/dadkhah/id/person/p-1> a dk:Person ;\n    skos:prefLabel "N"@en ; dk:ageBelow 16 .\n'
    )
    assert any("minor" in each["message"] for each in findings(run))


def test_link_out_of_the_data_folder_is_not_followed(sound, run, project, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.ttl"
    outside.write_text(VOICE)
    (sound / "linked.ttl").symlink_to(outside)
    assert any(each["file"].endswith("linked.ttl") for each in findings(run))


def test_build_is_refused_and_writes_nothing_while_there_are_findings(sound, run, project):
    (sound / "somebody.ttl").write_text(VOICE.replace("dk:Trial ;", "dk:Trial ; ["))
    done = run("build")
    assert done.returncode == 1
    assert "somebody.ttl:7" in done.stderr
    assert not (project / "build/snapshots/current").exists()


def test_a_mended_file_is_judged_anew(sound, run):
    (sound / "somebody.ttl").write_text(VOICE.replace("2025-02-28", "2025-02-30"))
    assert findings(run)
    assert findings(run), "the finding stays while nothing changes"
    (sound / "somebody.ttl").write_text(VOICE)
    assert findings(run) == []


def test_lost_data_breaks_an_assertion(sound, run, project):
    (project / "data/assertions.toml").write_text(
        '[[assertion]]\nname = "voices"\nquery = "SELECT (COUNT(?v) AS ?n) { ?v a dk:Voice }"\nat_least = 2\n'
    )
    (found,) = findings(run)
    assert found["rule"] == "assertion"
    assert "there are 1" in found["message"]
