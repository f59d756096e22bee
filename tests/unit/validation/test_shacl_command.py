"""`dadkhah shacl`: any RDF against any shapes, its formats and its exit codes."""

import gzip
import json

import pyoxigraph as ox
import pytest

from dadkhah.cli import main

SH = "http://www.w3.org/ns/shacl#"
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <urn:ex:> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ;
  sh:property [ sh:path ex:born ; sh:datatype xsd:date ; sh:maxCount 1 ] ;
  sh:property [ sh:path ( ex:knows ex:name ) ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "knows nobody" ] .
"""
GOOD = """@prefix ex: <urn:ex:> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:a a ex:Person ; ex:born "1950-01-02"^^xsd:date ; ex:knows [ ex:name "B" ] .
"""
WARNED = "@prefix ex: <urn:ex:> . ex:a a ex:Person .\n"
BAD = """@prefix ex: <urn:ex:> . ex:a a ex:Person ; ex:born "1950-02-30"^^<http://www.w3.org/2001/XMLSchema#date> ;
  ex:knows [ ex:name "B" ] .
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shapes.ttl").write_text(SHAPES)

    def call(*arguments, shapes="shapes.ttl"):
        with pytest.raises(SystemExit) as ended:
            main(["shacl", "--shapes", shapes, *arguments])
        said = capfd.readouterr()
        return ended.value.code, said.out, said.err

    return call


def test_exit_code_is_that_of_check(run, tmp_path):
    for name, content, code in (("good", GOOD, 0), ("warned", WARNED, 0), ("bad", BAD, 1)):
        (tmp_path / f"{name}.ttl").write_text(content)
        assert run(f"{name}.ttl")[0] == code, name


def test_text_names_focus_path_value_severity_message_and_shape(run, tmp_path):
    (tmp_path / "bad.ttl").write_text(BAD)
    code, out, err = run("bad.ttl")
    assert out == (
        '<urn:ex:a> <urn:ex:born> "1950-02-30"^^xsd:date: error: sh:datatype xsd:date does not hold '
        "[Datatype <urn:ex:PersonShape>]\n"
    )
    assert "1 error" in err
    assert run("bad.ttl", "--quiet") == (code, out, "")


def test_json_tells_every_part_of_a_result(run, tmp_path):
    (tmp_path / "warned.ttl").write_text(WARNED)
    code, out, _ = run("warned.ttl", "--json")
    told = json.loads(out)
    assert (code, told["conforms"], told["passed"], told["counts"]["warning"]) == (0, False, True, 1)
    (row,) = told["results"]
    assert row["focus"] == "<urn:ex:a>"
    assert row["path"] == "(<urn:ex:knows>)/(<urn:ex:name>)"
    assert row["severity"] == f"{SH}Warning"
    assert row["component"] == f"{SH}MinCountConstraintComponent"
    assert row["message"] == "knows nobody"
    assert row["namedShape"] == "<urn:ex:PersonShape>"


@pytest.mark.parametrize(
    ("form", "syntax"),
    [
        ("turtle", ox.RdfFormat.TURTLE),
        ("ntriples", ox.RdfFormat.N_TRIPLES),
        ("rdfxml", ox.RdfFormat.RDF_XML),
        ("jsonld", ox.RdfFormat.JSON_LD),
    ],
)
def test_report_in_rdf_is_that_of_the_recommendation(run, tmp_path, form, syntax):
    (tmp_path / "bad.ttl").write_text(BAD)
    code, out, _ = run("bad.ttl", "--format", form)
    store = ox.Store()
    store.load(out.encode(), format=syntax)
    rows = list(
        store.query(
            f"""PREFIX sh: <{SH}> SELECT ?focus ?value {{ ?r a sh:ValidationReport ; sh:conforms false ; sh:result [
            a sh:ValidationResult ; sh:focusNode ?focus ; sh:value ?value ; sh:resultPath <urn:ex:born> ;
            sh:resultSeverity sh:Violation ; sh:sourceConstraintComponent sh:DatatypeConstraintComponent ] }}"""
        )
    )
    assert code == 1
    assert [str(term) for term in rows[0]] == ["<urn:ex:a>", '"1950-02-30"^^<http://www.w3.org/2001/XMLSchema#date>']


def test_files_of_all_kinds_are_one_graph_and_share_no_blank_node(run, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/one.nt.gz").write_bytes(gzip.compress(b"<urn:ex:a> a <urn:ex:P> .".replace(b" a ", b" <urn:p> ")))
    (tmp_path / "data/two.ttl").write_text("<urn:ex:a> a <urn:ex:Person> ; <urn:ex:knows> _:b .")
    (tmp_path / "three.ttl").write_text('_:b <urn:ex:name> "B" .')
    code, out, _ = run("data", "three.ttl", "--json")
    told = json.loads(out)
    assert (code, told["triples"], told["counts"]["warning"]) == (0, 4, 1), "the two blank nodes _:b are not one"


def test_several_shapes_files_are_one_shapes_graph(run, tmp_path):
    (tmp_path / "more.ttl").write_text(
        f"<urn:ex:More> <{SH}targetClass> <urn:ex:Person> ; <{SH}nodeKind> <{SH}BlankNode> ."
    )
    (tmp_path / "good.ttl").write_text(GOOD)
    code, out, _ = run("good.ttl", "--shapes", "more.ttl")
    assert code == 1
    assert "[NodeKind <urn:ex:More>]" in out


def test_a_shape_left_to_pyshacl_is_named_with_its_reason(run, tmp_path):
    (tmp_path / "recursive.ttl").write_text(
        SHAPES + "ex:PersonShape sh:property [ sh:path ex:knows ; sh:node ex:PersonShape ] ."
    )
    (tmp_path / "good.ttl").write_text(GOOD)
    _, out, err = run("good.ttl", "--json", shapes="recursive.ttl")
    assert "note: urn:ex:PersonShape ran in pySHACL: it refers to itself" in err
    assert list(json.loads(out)["uncompiled"]) == ["urn:ex:PersonShape"]


@pytest.mark.parametrize("name", ["js", "rule", "target", "expression"])
def test_what_neither_path_evaluates_is_named(run, tmp_path, name):
    (tmp_path / "more.ttl").write_text(
        SHAPES + f"ex:PersonShape sh:property [ sh:path ex:knows ; sh:{name} ex:Unknown ] ."
    )
    (tmp_path / "good.ttl").write_text(GOOD)
    code, _, err = run("good.ttl", shapes="more.ttl")
    assert code == 0
    assert f"note: sh:{name} of urn:ex:PersonShape was not evaluated" in err


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("syntax.ttl", b"<urn:a> <urn:b> .", "syntax.ttl:1:"),
        ("syntax.nt", b"<urn:a> <urn:b> <urn:c> .\n<urn:a> .\n", "syntax.nt:2:"),
        ("cut.ttl.gz", gzip.compress(GOOD.encode())[:-9], "cut.ttl.gz:1:"),
        ("bytes.ttl", b'<urn:a> <urn:b> "\xff" .', "bytes.ttl:1:"),
        ("data.docx", b"", "unknown kind of file"),
        ("quoted.nt", b"<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .\n", "triple terms"),
        ("quoted.ttl", b"<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .\n", "triple terms"),
        ("bomb.rdf", b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r>&e;</r>', "bomb.rdf"),
    ],
)
def test_unusable_data_is_an_error_that_says_where(run, tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    code, out, err = run(name)
    assert (code, out) == (2, "")
    assert told in err
    assert "Traceback" not in err


def test_missing_files_are_named(run):
    assert run("nothing.ttl")[0] == 2
    assert "nothing.ttl" in run("nothing.ttl")[2]
    assert "absent.ttl" in run("nothing.ttl", shapes="absent.ttl")[2]


def test_blank_node_with_an_odd_literal_stays_one_node(run, tmp_path):
    # "01" is kept as written, beside the bulk of the lines; its subject must be the one of the other lines
    (tmp_path / "odd.nt").write_text(
        "_:b <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:ex:Thing> .\n"
        '_:b <urn:ex:number> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    )
    (tmp_path / "thing.ttl").write_text(
        f"<urn:ex:S> <{SH}targetClass> <urn:ex:Thing> ; <{SH}property> [ <{SH}path> <urn:ex:number> ;"
        f" <{SH}minCount> 1 ; <{SH}in> ( 1 ) ] ."
    )
    code, out, _ = run("odd.nt", shapes="thing.ttl")
    assert code == 1
    assert " 01: error: it is not in the list of sh:in" in out
    assert "MinCount" not in out
