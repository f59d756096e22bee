"""Shapes of every kind over one small graph: compiled they find what pySHACL finds; what is not compiled says so."""
# ruff: noqa: E501 - a shape stands on one line

import pytest

from dadkhah.errors import InputError
from dadkhah.validation.shacl import ShaclEngine, load_data, load_shapes, validate

PREFIXES = """@prefix ex: <urn:ex:> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
DATA = load_data(
    (
        PREFIXES
        + """
ex:Judge rdfs:subClassOf ex:Person . ex:ChiefJudge rdfs:subClassOf ex:Judge .
ex:a a ex:Person ; rdfs:label "A"@en , "الف"@fa , "AA"@EN ; ex:age 40 ; ex:born "1985-01-02"^^xsd:date ;
  ex:died "1980-01-02"^^xsd:date ; ex:knows ex:b , ex:c , _:x ; ex:code "P01" ; ex:child ex:c ; ex:heir ex:c .
ex:b a ex:Judge ; rdfs:label "B" ; ex:age "forty" , "40"^^xsd:string , "040"^^xsd:integer ; ex:knows ex:b ;
  ex:code "p02" , "x" ; ex:born "1988-02-30"^^xsd:date , "1988"^^xsd:gYear ; ex:spouse ex:a ; ex:child ex:a ; ex:heir ex:c .
ex:c a ex:ChiefJudge ; ex:age -1 , 1.5 , 200 ; ex:knows ex:a ; ex:parent ex:b ; rdfs:label "C"@en-GB , "C"@de ;
  ex:born "1990-05-05T10:00:00"^^xsd:dateTime ; ex:died "1990-05-05T10:00:00Z"^^xsd:dateTime ; ex:child "nobody" .
_:x a ex:Person ; ex:age 1e1 ; ex:knows _:x ; ex:score "NaN"^^xsd:double , "1.50"^^xsd:decimal , 1.5 .
ex:d ex:knows ex:a ; ex:flag true , "1"^^xsd:boolean , "yes"^^xsd:boolean ; ex:code "a\\nb" .
ex:trial a ex:Trial ; ex:judge ex:b , ex:c ; ex:defendant ex:a ; ex:member ex:a , ex:b , ex:c , ex:d .
"""
    ).encode()
)
PERSON = "a sh:NodeShape ; sh:targetClass ex:Person"
COMPILED = {
    # targets
    "target-class-and-subclasses": f"ex:S {PERSON} ; sh:nodeKind sh:BlankNode .",
    "target-node-iri": "ex:S a sh:NodeShape ; sh:targetNode ex:a , ex:nowhere ; sh:class ex:Judge .",
    "target-node-literal": 'ex:S a sh:NodeShape ; sh:targetNode "x" , 5 , "01"^^xsd:integer ; sh:nodeKind sh:IRI .',
    "target-subjects-of": "ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:knows ; sh:class ex:Judge .",
    "target-objects-of": "ex:S a sh:NodeShape ; sh:targetObjectsOf ex:age ; sh:datatype xsd:integer .",
    "several-targets": "ex:S a sh:NodeShape ; sh:targetClass ex:Trial ; sh:targetSubjectsOf ex:flag ; sh:class ex:Person .",
    "implicit-class": "ex:Judge a rdfs:Class , sh:NodeShape ; sh:property [ sh:path ex:age ; sh:maxCount 2 ] .",
    "implicit-owl-class": "ex:Person a owl:Class , sh:NodeShape ; sh:property [ sh:path ex:code ; sh:minCount 1 ] .",
    "property-shape-with-target": "ex:S a sh:PropertyShape ; sh:targetClass ex:Person ; sh:path ex:code ; sh:minCount 1 .",
    # paths
    "path-inverse": f"ex:S {PERSON} ; sh:property [ sh:path [ sh:inversePath ex:knows ] ; sh:maxCount 1 ] .",
    "path-sequence": f"ex:S {PERSON} ; sh:property [ sh:path ( ex:knows ex:age ) ; sh:datatype xsd:integer ] .",
    "path-alternative": f"ex:S {PERSON} ; sh:property [ sh:path [ sh:alternativePath ( ex:born ex:died ) ] ; sh:datatype xsd:date ] .",
    "path-zero-or-more": f"ex:S {PERSON} ; sh:property [ sh:path [ sh:zeroOrMorePath ex:knows ] ; sh:class ex:Judge ] .",
    "path-one-or-more": f"ex:S {PERSON} ; sh:property [ sh:path [ sh:oneOrMorePath ex:knows ] ; sh:maxCount 2 ] .",
    "path-zero-or-one": f"ex:S {PERSON} ; sh:property [ sh:path [ sh:zeroOrOnePath ex:spouse ] ; sh:nodeKind sh:BlankNode ] .",
    "path-nested": f"ex:S {PERSON} ; sh:property [ sh:path ( [ sh:alternativePath ( ex:knows [ sh:inversePath ex:judge ] ) ]"
    " [ sh:zeroOrMorePath ex:parent ] rdfs:label ) ; sh:uniqueLang true ; sh:minCount 3 ] .",
    "path-subclass-closure": f"ex:S {PERSON} ; sh:property [ sh:path ( rdf:type [ sh:zeroOrMorePath rdfs:subClassOf ] ) ;"
    " sh:hasValue ex:Judge ] .",
    # one value
    "class": f"ex:S {PERSON} ; sh:property [ sh:path ex:knows ; sh:class ex:Judge ] .",
    "two-classes": f"ex:S {PERSON} ; sh:property [ sh:path ex:knows ; sh:class ex:Person , ex:ChiefJudge ] .",
    "datatype-with-ill-typed": f"ex:S {PERSON} ; sh:property [ sh:path ex:born ; sh:datatype xsd:date ] .",
    "datatype-boolean": "ex:S a sh:NodeShape ; sh:targetObjectsOf ex:flag ; sh:datatype xsd:boolean .",
    "datatype-lang-string": f"ex:S {PERSON} ; sh:property [ sh:path rdfs:label ; sh:datatype rdf:langString ] .",
    "node-kinds": "".join(
        f"ex:S{n} {PERSON} ; sh:property [ sh:path [ sh:alternativePath ( ex:knows ex:age ) ] ; sh:nodeKind sh:{kind} ] ."
        for n, kind in enumerate(["IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"])
    ),
    "numeric-ranges": f"ex:S {PERSON} ; sh:property [ sh:path ex:age ; sh:minInclusive 0 ; sh:maxExclusive 200 ] .",
    "range-of-an-integer-out-of-bounds": "ex:S a sh:NodeShape ; sh:targetNode '300'^^xsd:byte , '-5'^^xsd:nonNegativeInteger ; sh:minExclusive -9 .",
    "length-of-an-odd-target": "ex:S a sh:NodeShape ; sh:targetNode '1'^^xsd:boolean ; sh:minLength 2 .",
    "decimal-ranges": f"ex:S {PERSON} ; sh:property [ sh:path ex:age ; sh:minExclusive 1.5 ; sh:maxInclusive 40.0 ] .",
    "date-range": f"ex:S {PERSON} ; sh:property [ sh:path ex:born ; sh:minInclusive '1986-01-01'^^xsd:date ] .",
    "date-time-range": f"ex:S {PERSON} ; sh:property [ sh:path ex:died ; sh:maxInclusive '1990-05-05T09:00:00Z'^^xsd:dateTime ] .",
    "year-range": f"ex:S {PERSON} ; sh:property [ sh:path ex:born ; sh:maxInclusive '1987'^^xsd:gYear ] .",
    "lengths": f"ex:S {PERSON} ; sh:property [ sh:path ex:code ; sh:minLength 3 ; sh:maxLength 3 ] .",
    "length-of-blank-nodes": f"ex:S {PERSON} ; sh:property [ sh:path ex:knows ; sh:minLength 1 ] .",
    "length-zero": "ex:S a sh:NodeShape ; sh:targetObjectsOf ex:knows ; sh:minLength 0 ; sh:class ex:Judge .",
    "pattern": f'ex:S {PERSON} ; sh:property [ sh:path ex:code ; sh:pattern "^P[0-9]{{2}}$" ] .',
    "pattern-with-flags": f'ex:S {PERSON} ; sh:property [ sh:path ex:code ; sh:pattern "^P[0-9]+$" ; sh:flags "i" ] .',
    "pattern-on-iris": 'ex:S a sh:NodeShape ; sh:targetObjectsOf ex:knows ; sh:pattern "urn:ex:[ab]" .',
    "pattern-of-python-only": 'ex:S a sh:NodeShape ; sh:targetObjectsOf ex:code ; sh:pattern "(?<!P)0[0-9]" .',
    "language-in": f'ex:S {PERSON} ; sh:property [ sh:path rdfs:label ; sh:languageIn ( "en" "fa" ) ] .',
    "in": 'ex:S a sh:NodeShape ; sh:targetObjectsOf ex:age ; sh:in ( 40 "forty" ex:a ) .',
    "in-compares-terms-not-values": "ex:S a sh:NodeShape ; sh:targetObjectsOf ex:score ; sh:in ( 1.5 ) .",
    # several values
    "unique-language": f"ex:S {PERSON} ; sh:property [ sh:path rdfs:label ; sh:uniqueLang true ] .",
    "cardinality": f"ex:S {PERSON} ; sh:property [ sh:path ex:knows ; sh:minCount 2 ; sh:maxCount 2 ] .",
    "max-count-zero": f"ex:S {PERSON} ; sh:property [ sh:path ex:spouse ; sh:maxCount 0 ] .",
    "has-value": f"ex:S {PERSON} ; sh:property [ sh:path ex:knows ; sh:hasValue ex:a ] .",
    "has-value-on-node-shape": f"ex:S {PERSON} ; sh:hasValue ex:a .",
    "equals": f"ex:S {PERSON} ; sh:property [ sh:path ex:child ; sh:equals ex:heir ] .",
    "equals-on-node-shape": f"ex:S {PERSON} ; sh:equals ex:knows .",
    "disjoint": f"ex:S {PERSON} ; sh:property [ sh:path ex:child ; sh:disjoint ex:heir ] .",
    "disjoint-on-node-shape": f"ex:S {PERSON} ; sh:disjoint ex:knows .",
    "less-than": f"ex:S {PERSON} ; sh:property [ sh:path ex:born ; sh:lessThan ex:died ] .",
    "less-than-or-equals": f"ex:S {PERSON} ; sh:property [ sh:path ex:age ; sh:lessThanOrEquals ex:age ] .",
    "closed": f"ex:S {PERSON} ; sh:closed true ; sh:ignoredProperties ( rdf:type rdfs:label ) ; sh:property [ sh:path ex:age ] .",
    "closed-without-exceptions": "ex:S a sh:NodeShape ; sh:targetClass ex:Trial ; sh:closed true .",
    # shapes in shapes
    "node": f"ex:S {PERSON} ; sh:property [ sh:path ex:knows ; sh:node ex:Coded ] ."
    " ex:Coded a sh:NodeShape ; sh:property [ sh:path ex:code ; sh:minCount 1 ] .",
    "and": f"ex:S {PERSON} ; sh:and ( [ sh:class ex:Judge ] [ sh:property [ sh:path ex:code ; sh:minCount 1 ] ] ) .",
    "or-on-values": f"ex:S {PERSON} ; sh:property [ sh:path ex:born ; sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYear ] ) ] .",
    "or-on-properties": f"ex:S {PERSON} ; sh:or ( [ sh:property [ sh:path ex:code ; sh:minCount 1 ] ] [ sh:path ex:died ; sh:minCount 1 ] ) .",
    "xone": f"ex:S {PERSON} ; sh:xone ( [ sh:class ex:Judge ] [ sh:property [ sh:path ex:code ; sh:minCount 1 ] ] ) .",
    "not": f"ex:S {PERSON} ; sh:not [ sh:property [ sh:path ex:knows ; sh:hasValue ex:a ] ] .",
    "nested-logic": f"ex:S {PERSON} ; sh:or ( [ sh:and ( [ sh:not [ sh:class ex:Judge ] ] [ sh:nodeKind sh:BlankNode ] ) ]"
    " [ sh:xone ( [ sh:class ex:ChiefJudge ] [ sh:property [ sh:path ex:spouse ; sh:class ex:Judge ] ] ) ] ) .",
    "property-of-property": f"ex:S {PERSON} ; sh:property [ sh:path ex:knows ; sh:property [ sh:path ex:code ; sh:maxCount 1 ] ] .",
    "qualified-minimum": "ex:S a sh:NodeShape ; sh:targetClass ex:Trial ; sh:property [ sh:path ex:member ;"
    " sh:qualifiedValueShape [ sh:class ex:Judge ] ; sh:qualifiedMinCount 3 ] .",
    "qualified-maximum": "ex:S a sh:NodeShape ; sh:targetClass ex:Trial ; sh:property [ sh:path ex:member ;"
    " sh:qualifiedValueShape [ sh:class ex:Person ] ; sh:qualifiedMaxCount 2 ] .",
    "qualified-disjoint": "ex:S a sh:NodeShape ; sh:targetClass ex:Trial ;"
    " sh:property [ sh:path ex:member ; sh:qualifiedValueShapesDisjoint true ;"
    " sh:qualifiedValueShape [ sh:class ex:Judge ] ; sh:qualifiedMinCount 2 ] ;"
    " sh:property [ sh:path ex:member ; sh:qualifiedValueShapesDisjoint true ;"
    " sh:qualifiedValueShape [ sh:class ex:ChiefJudge ] ; sh:qualifiedMinCount 1 ] .",
    # what is said about a finding
    "severities": "".join(
        f"ex:S{n} {PERSON} ; sh:severity {severity} ; sh:class ex:ChiefJudge ."
        for n, severity in enumerate(["sh:Info", "sh:Warning", "sh:Violation", "ex:Grave"])
    ),
    "messages": f'ex:S {PERSON} ; sh:message "no"@en , "نه"@fa ; sh:class ex:ChiefJudge .',
    "deactivated": f"ex:S {PERSON} ; sh:deactivated true ; sh:class ex:ChiefJudge . ex:T {PERSON} ; sh:nodeKind sh:Literal ."
    " ex:T sh:property [ sh:path ex:age ; sh:deactivated true ; sh:maxCount 0 ] .",
    "sparql": f"""ex:S {PERSON} ; sh:sparql [ sh:message "{{?value}} has no language" ;
      sh:select "SELECT $this ?value WHERE {{ $this rdfs:label ?value . FILTER(LANG(?value) = '') }}" ] .""",
    "sparql-with-prefixes": f"""<urn:ex:> sh:declare [ sh:prefix "ex" ; sh:namespace "urn:ex:"^^xsd:anyURI ] .
      ex:S {PERSON} ; sh:sparql [ sh:prefixes <urn:ex:> ;
      sh:select "SELECT $this ?value WHERE {{ $this ex:knows ?value . FILTER NOT EXISTS {{ ?value ex:code ?c }} }}" ] .""",
}  # fmt: skip
LEFT_TO_PYSHACL = {
    "inverse-of-a-sequence": f"ex:S {PERSON} ; sh:property [ sh:path [ sh:inversePath ( ex:knows ex:child ) ] ; sh:maxCount 0 ] .",
    "sparql-with-sub-select": f"""ex:S {PERSON} ; sh:sparql [ sh:select
      "SELECT $this ?value WHERE {{ $this <urn:ex:knows> ?value . {{ SELECT $this ?value WHERE {{ $this <urn:ex:child> ?value }} }} }}" ] .""",
    "sparql-that-compares-dates-with-and-without-zone": f"""ex:S {PERSON} ; sh:sparql [ sh:select
      "SELECT $this ?value WHERE {{ $this <urn:ex:born> ?b ; <urn:ex:died> ?value . FILTER(?value < ?b) }}" ] .""",
    "sparql-based-component": f"""@prefix c: <http://example.org/c#> . c:Longest a sh:ConstraintComponent ; sh:parameter [ sh:path c:longest ] ;
      sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK {{ FILTER(STRLEN(STR($value)) <= $longest) }}" ] .
      ex:S {PERSON} ; sh:property [ sh:path ex:code ; c:longest 2 ] .""",
    "recursion-over-data-that-ends": "ex:S a sh:NodeShape ; sh:targetNode ex:c ; sh:property [ sh:path ex:parent ; sh:node ex:S ] ;"
    " sh:property [ sh:path ex:code ; sh:minCount 1 ] .",
    "recursion-over-data-that-goes-round": f"ex:S {PERSON} ; sh:property [ sh:path ex:knows ; sh:node ex:S ] ; sh:class ex:Judge .",
}  # fmt: skip
ILL_FORMED = {
    "two-min-counts": f"ex:S {PERSON} ; sh:property [ sh:path ex:age ; sh:minCount 1 , 2 ] .",
    "min-count-on-node-shape": f"ex:S {PERSON} ; sh:minCount 1 .",
    "two-paths": f"ex:S {PERSON} ; sh:property [ sh:path ex:age , ex:code ; sh:minCount 1 ] .",
    "no-path": f"ex:S {PERSON} ; sh:property [ sh:minCount 1 ] .",
    "both-kinds": "ex:S a sh:NodeShape , sh:PropertyShape ; sh:targetClass ex:Person ; sh:path ex:age .",
    "empty-or": f"ex:S {PERSON} ; sh:or () .",
    "or-without-list": f"ex:S {PERSON} ; sh:or ex:T .",
    "pattern-does-not-compile": f'ex:S {PERSON} ; sh:property [ sh:path ex:code ; sh:pattern "(" ] .',
    "negative-length": f"ex:S {PERSON} ; sh:property [ sh:path ex:code ; sh:minLength -1 ] .",
    "qualified-count-alone": f"ex:S {PERSON} ; sh:property [ sh:path ex:code ; sh:qualifiedValueShape [ sh:class ex:A ] ] .",
    "ignored-without-closed": f"ex:S {PERSON} ; sh:ignoredProperties ( rdf:type ) .",
    "sparql-does-not-parse": f'ex:S {PERSON} ; sh:sparql [ sh:select "SELECT $this WHERE {{" ] .',
}


def both(text):
    graph = load_shapes((PREFIXES + text).encode())
    return validate(DATA, graph), validate(DATA, graph, engine=ShaclEngine.PYSHACL)


@pytest.mark.parametrize("text", COMPILED.values(), ids=COMPILED)
def test_compiled_shape_finds_what_pyshacl_finds(text):
    ours, theirs = both(text)
    assert not ours.uncompiled
    assert ours.keys() == theirs.keys()
    assert ours.results, "data in which a shape finds nothing proves nothing"


@pytest.mark.parametrize("text", LEFT_TO_PYSHACL.values(), ids=LEFT_TO_PYSHACL)
def test_what_is_not_compiled_runs_in_pyshacl_and_says_why(text):
    ours, theirs = both(text)
    assert all(reason for reason in ours.uncompiled.values())
    assert list(ours.uncompiled) == ["urn:ex:S"]
    assert ours.keys() == theirs.keys()
    assert ours.results


def test_a_shape_beside_one_that_is_not_compiled_stays_compiled():
    text = LEFT_TO_PYSHACL["inverse-of-a-sequence"] + COMPILED["class"].replace("ex:S ", "ex:T ")
    ours, theirs = both(text)
    assert list(ours.uncompiled) == ["urn:ex:S"]
    assert ours.keys() == theirs.keys()


@pytest.mark.parametrize("text", ILL_FORMED.values(), ids=ILL_FORMED)
def test_ill_formed_shapes_are_a_clear_error(text):
    with pytest.raises(InputError) as caught:
        validate(DATA, load_shapes((PREFIXES + text).encode()))
    assert len(str(caught.value)) > 20


def test_what_does_not_compare_is_in_no_range():
    # pySHACL itself stops at NaN beside a decimal
    text = "ex:S a sh:NodeShape ; sh:targetObjectsOf ex:score ; sh:minInclusive 1.0 ."
    report = validate(DATA, load_shapes((PREFIXES + text).encode()))
    assert [result.value.value for result in report] == ["NaN"]


def test_what_does_not_compare_is_not_less():
    # pySHACL itself stops at a blank node
    text = f"ex:S {PERSON} ; sh:property [ sh:path ex:knows ; sh:lessThan ex:knows ] ."
    report = validate(DATA, load_shapes((PREFIXES + text).encode()))
    assert "_:x" in {str(result.value) for result in report}


@pytest.mark.parametrize("text", COMPILED.values(), ids=COMPILED)
def test_either_order_of_joins_finds_the_same(text, monkeypatch):
    # the predicate is read first where focus nodes are a good part of the graph, which they are in a small one
    graph = load_shapes((PREFIXES + text).encode())
    keys = validate(DATA, graph).keys()
    monkeypatch.setattr("dadkhah.validation.shacl.rows._SCAN_SHARE", 0)
    assert validate(DATA, graph).keys() == keys


@pytest.mark.parametrize("text", COMPILED.values(), ids=COMPILED)
def test_long_lists_of_nodes_find_the_same(text, monkeypatch):
    # failing nodes are named in a query where they are few, and reached again by their path where they are many
    graph = load_shapes((PREFIXES + text).encode())
    keys = validate(DATA, graph).keys()
    monkeypatch.setattr("dadkhah.validation.shacl.evaluate._LISTED", 0)
    assert validate(DATA, graph).keys() == keys
