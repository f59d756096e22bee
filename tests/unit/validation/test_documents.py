"""Data and shapes in any syntax, from files, bytes or quads, give the same results."""

import gzip

import pyoxigraph as ox
import pytest

from dadkhah.errors import InputError, SourceSyntaxError
from dadkhah.validation.shacl import load_data, load_shapes, validate

SH = "http://www.w3.org/ns/shacl#"
SHAPES = b"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> .
ex:S sh:targetClass ex:Person ; sh:property [ sh:path ex:name ; sh:minCount 1 ; sh:uniqueLang true ] ;
  sh:property [ sh:path ex:age ; sh:datatype <http://www.w3.org/2001/XMLSchema#integer> ] ."""
DATA = b"""@prefix ex: <http://example.org/> . ex:a a ex:Person ; ex:age "forty" , 40 , 040 .
_:b a ex:Person ; ex:age "x"^^<http://www.w3.org/2001/XMLSchema#integer> ; ex:name "B"@en , "b"@en ."""
SYNTAXES = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}


def written(document, ending):
    triples = [quad.triple for quad in ox.parse(document, format=ox.RdfFormat.TURTLE)]
    return ox.serialize(triples, format=SYNTAXES[ending])


def found(report):
    return sorted((each.component.value.removeprefix(SH), getattr(each.value, "value", "")) for each in report)


EXPECTED = sorted(
    [
        ("DatatypeConstraintComponent", "forty"),
        ("DatatypeConstraintComponent", "x"),
        ("MinCountConstraintComponent", ""),
        ("UniqueLangConstraintComponent", ""),
    ]
)


@pytest.mark.parametrize("ending", SYNTAXES)
@pytest.mark.parametrize("zipped", [False, True])
def test_every_syntax_of_a_file_gives_the_same_results(tmp_path, ending, zipped):
    data, shapes = tmp_path / f"data.{ending}", tmp_path / f"shapes.{ending}"
    data.write_bytes(written(DATA, ending))
    shapes.write_bytes(written(SHAPES, ending))
    if zipped:
        data, packed = tmp_path / f"data.{ending}.gz", gzip.compress(data.read_bytes())
        data.write_bytes(packed)
    assert found(validate(str(data), shapes)) == EXPECTED


def test_bytes_and_quads_are_documents_too():
    quads = list(ox.parse(DATA, format=ox.RdfFormat.TURTLE))
    assert found(validate(DATA, SHAPES)) == EXPECTED
    assert found(validate(quads, load_shapes(SHAPES))) == EXPECTED
    assert found(validate(iter(quads), load_shapes(SHAPES))) == EXPECTED


def test_several_files_are_one_graph(tmp_path):
    (tmp_path / "one.ttl").write_bytes(DATA)
    (tmp_path / "two.ttl").write_text('<http://example.org/a> <http://example.org/name> "A" .')
    report = validate([tmp_path / "one.ttl", str(tmp_path / "two.ttl")], SHAPES)
    assert ("MinCountConstraintComponent", "") not in found(report)


def test_named_graphs_are_judged_as_their_merge():
    data = load_data(
        b"@prefix ex: <http://example.org/> . ex:g { ex:a a ex:Person } ex:h { ex:a ex:name 'A' }", ox.RdfFormat.TRIG
    )
    assert validate(data, SHAPES).conforms


def test_large_document_in_portions_loses_nothing(tmp_path):
    # more than one block of lines, an odd literal in each thousandth of them, and a last line without its end
    path = tmp_path / "large.nt"
    with path.open("w", encoding="utf-8") as file:
        for number in range(120_000):
            odd = '"01"' if number % 1000 == 0 else '"1"'
            file.write(
                f"<http://example.org/{number}> <http://example.org/number-of-a-long-name-{'x' * 40}> "
                f"{odd}^^<http://www.w3.org/2001/XMLSchema#integer> .\n"
            )
        file.write(
            '<http://example.org/last> <http://example.org/age> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .'
        )
    data = load_data(path)
    assert len(data.store) == 120_001
    odd = [str(value) for _, _, value in data.triples() if value.value == "01"]
    assert odd == ['"01"^^<http://www.w3.org/2001/XMLSchema#integer>'] * 121


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("a.nt", b'<urn:a> <urn:b> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n<urn:a> "b" <urn:c> .\n', 2),
        ("a.nt", b'<urn:a> <urn:b> "c" .\n<urn:a> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n', 2),
        ("a.ttl", b"<urn:a> <urn:b> <urn:c> .\n\n<urn:a> <urn:b> ] .\n", 3),
        ("a.trig", b"<urn:g> { <urn:a> <urn:b> \n", 2),
    ],
)
def test_syntax_error_has_its_line(tmp_path, name, content, line):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceSyntaxError) as caught:
        load_data(tmp_path / name)
    assert caught.value.line == line


def test_unknown_ending_is_refused(tmp_path):
    (tmp_path / "data.csv").write_text("a,b")
    with pytest.raises(InputError, match="unknown kind of file"):
        load_data(tmp_path / "data.csv")
