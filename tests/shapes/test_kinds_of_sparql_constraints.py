"""SPARQL constraints of many forms: compiled or left to pySHACL, they find what pySHACL finds."""
# ruff: noqa: E501 - a constraint stands on one line

import pytest

from dadkhah.errors import InputError
from dadkhah.validation.shacl import ShaclEngine, load_data, load_shapes, validate

PREFIXES = """@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = load_data(
    (
        PREFIXES
        + """
ex:Judge rdfs:subClassOf ex:Person .
ex:a a ex:Person ; ex:name "A" , "Aa"@en , "الف"@fa ; ex:age 40 ; ex:born 1985 ; ex:died 1980 ; ex:knows ex:b , ex:c .
ex:b a ex:Judge ; ex:name "B"@en ; ex:age 17 ; ex:born 1970 ; ex:died 1999 ; ex:knows ex:b ; ex:parent ex:c .
ex:c a ex:Person ; ex:name "C" ; ex:born 1990 ; ex:parent ex:d ; ex:code "x-1" , "y-2" .
ex:d a ex:Person ; ex:age 99 ; ex:knows ex:a , ex:b , ex:c ; ex:parent ex:a ; ex:code "x-1" .
_:e a ex:Person ; ex:name "E"@en-GB ; ex:knows _:e , ex:a .
"""
    ).encode()
)
# name: the pattern or the whole of a SELECT
COMPILED = {
    "one-triple": "$this ex:knows $this",
    "comparison": "$this ex:born ?b ; ex:died ?value . FILTER(?value < ?b)",
    "constant": "$this ex:age ?value FILTER(?value < 18 || ?value > 90)",
    "not-exists": "FILTER NOT EXISTS { $this ex:age ?age }",
    "exists-with-value": "$this ex:knows ?value FILTER EXISTS { ?value ex:parent ?p . ?p ex:knows $this }",
    "nested-not-exists": "$this ex:knows ?value FILTER NOT EXISTS { ?value ex:parent ?p FILTER NOT EXISTS { ?p ex:age ?age } }",
    "optional-unbound": "$this ex:name ?value OPTIONAL { $this ex:age ?age } FILTER(!BOUND(?age))",
    "union": "{ $this ex:code ?value } UNION { $this ex:parent ?value }",
    "same-term": "$this ex:knows ?value FILTER(sameTerm(?value, $this))",
    "not-equal-to-this": "$this ex:knows/ex:knows ?value FILTER(?value != $this)",
    "path-star": "$this ex:parent* ?value . ?value a ex:Judge",
    "path-inverse": "?value ex:knows $this FILTER NOT EXISTS { $this ex:knows ?value }",
    "path-alternative": "$this (ex:parent|ex:knows) ?value . ?value ex:code ?c",
    "class-path": "$this rdf:type/rdfs:subClassOf* ex:Person ; ex:code ?value",
    "language": '$this ex:name ?value FILTER(LANG(?value) = "" || LANGMATCHES(LANG(?value), "fa"))',
    "regex": '$this ex:code ?value FILTER(!REGEX(?value, "^x"))',
    "text-functions": '$this ex:code ?value FILTER(STRSTARTS(?value, "y") || CONTAINS(?value, "-1") || STRLEN(?value) > 9)',
    "bind": "$this ex:name ?value BIND(LANG(?value) AS ?tag) FILTER(?tag = 'en')",
    "several-rows": "$this ex:knows ?value . ?value ex:name ?name",
    "comments-and-spaces": "\n # a comment with } and $this\n $this   ex:code\t?value . # end\n",
    "distinct": "SELECT DISTINCT $this ?value WHERE { $this ex:knows ?value . ?value ex:code ?c }",
    "question-mark-this": "SELECT ?this ?value WHERE { ?this ex:age ?value FILTER(?value > 90) }",
    "grouped": "SELECT $this (COUNT(?k) AS ?n) WHERE { $this ex:knows ?k } GROUP BY $this HAVING(COUNT(?k) > 1)",
}
ANY_PATH = {
    "kinds-of-terms": "$this ?path ?value FILTER(isIRI(?value) && ?path != rdf:type)",
    "datatype": "$this ?path ?value FILTER(isLiteral(?value) && DATATYPE(?value) = xsd:string)",
    "path-projected": "SELECT $this ?path ?value WHERE { $this ?path ?value FILTER(?path = ex:code) }",
    "in": '$this ex:code ?value FILTER(?value IN ("x-1", "z"))',
    "not-in": "$this ex:knows ?value FILTER(?value NOT IN (ex:a, ex:b))",
    "arithmetic": "$this ex:born ?b ; ex:died ?value FILTER(?value - ?b < 30)",
    "if-and-coalesce": "$this ex:name ?value OPTIONAL { $this ex:age ?age } FILTER(COALESCE(?age, 0) < 18)",
    "string-building": "$this ex:code ?c BIND(CONCAT(?c, '!') AS ?value)",
    "sub-select": "$this ex:age ?value { SELECT $this WHERE { $this ex:knows ?k } GROUP BY $this HAVING(COUNT(?k) > 1) }",
    "filter-on-this-inside-union": "{ $this ex:age ?value FILTER($this = ex:d) } UNION { $this ex:born ?value FILTER($this != ex:d) }",
    "optional-compares-outer": "$this ex:born ?b OPTIONAL { $this ex:died ?value FILTER(?value < ?b) } FILTER(BOUND(?value))",
    "bound-this": "$this ex:age ?value FILTER(BOUND($this))",
    "blank-node-pattern": "$this ex:knows [ ex:parent ?value ]",
    "order-and-limit": "SELECT $this ?value WHERE { $this ex:knows ?value } ORDER BY ?value LIMIT 1",
    "negated-property-set": "$this !(rdf:type|ex:name) ?value",
}

FORBIDDEN = {  # in a constraint, by SHACL section 5.3.1: values are bound before the query begins
    "minus": "$this ex:knows ?value MINUS { ?value ex:age ?age }",
    "values": "VALUES ?limit { 30 } $this ex:age ?value FILTER(?value > ?limit)",
    "service": "SERVICE <http://example.org/sparql> { $this ex:knows ?value }",
    "this-bound-again": "$this ex:knows ?value BIND(ex:a AS $this)",
    "no-sparql": "$this knows ?value",
}


def shape(constraint, rest=""):
    select = constraint if constraint.startswith("SELECT") else f"SELECT $this ?value WHERE {{ {constraint} }}"
    return f'''{PREFIXES}<http://example.org/> sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] ,
      [ sh:prefix "xsd" ; sh:namespace "http://www.w3.org/2001/XMLSchema#"^^xsd:anyURI ] .
      ex:S a sh:NodeShape ; sh:targetClass ex:Person {rest} ; sh:sparql [ sh:prefixes <http://example.org/> ;
      sh:message "{{$this}}: {{?value}}" ; sh:select """{select}""" ] .'''


def both(text, *, some=True):
    graph = load_shapes(text.encode())
    ours, theirs = validate(DATA, graph), validate(DATA, graph, engine=ShaclEngine.PYSHACL)
    assert ours.keys() == theirs.keys()
    assert ours.results or not some, "data in which a constraint finds nothing proves nothing"
    return ours, theirs


@pytest.mark.parametrize("constraint", COMPILED.values(), ids=COMPILED)
def test_compiled_constraint_finds_what_pyshacl_finds(constraint):
    ours, theirs = both(shape(constraint))
    assert not ours.uncompiled

    def said(report):
        return sorted(str(message.value) for result in report for message in result.messages)

    assert len(said(ours)) == len(said(theirs))


@pytest.mark.parametrize("constraint", ANY_PATH.values(), ids=ANY_PATH)
def test_constraint_on_either_path_finds_what_pyshacl_finds(constraint):
    ours, _ = both(shape(constraint))
    assert all(reason.startswith("its SPARQL constraint: ") for reason in ours.uncompiled.values())


@pytest.mark.parametrize(
    "target", ["sh:targetNode ex:a , ex:d", "sh:targetSubjectsOf ex:parent", "sh:targetObjectsOf ex:knows"]
)
@pytest.mark.parametrize("name", ["not-exists", "exists-with-value", "union", "not-equal-to-this", "several-rows"])
def test_constraint_with_another_target(name, target):
    both(shape(COMPILED[name]).replace("sh:targetClass ex:Person", target), some=False)


def test_path_of_a_property_shape_stands_for_its_variable():
    text = shape("SELECT $this ?value WHERE { $this $PATH ?value FILTER(?value = $this) }")
    text = text.replace(
        "ex:S a sh:NodeShape ; sh:targetClass ex:Person ",
        "ex:S a sh:PropertyShape ; sh:targetClass ex:Person ; sh:path ( ex:knows ex:knows )",
    )
    both(text)


def test_constraint_inside_a_nested_shape():
    text = shape(COMPILED["not-exists"]).replace("sh:targetClass ex:Person", "sh:name 'inner'")
    both(text + "ex:T a sh:NodeShape ; sh:targetClass ex:Person ; sh:property [ sh:path ex:knows ; sh:node ex:S ] .")


def test_deactivated_constraint_finds_nothing():
    text = shape(COMPILED["not-exists"]).replace("sh:message", "sh:deactivated true ; sh:message")
    assert validate(DATA, load_shapes(text.encode())).conforms


@pytest.mark.parametrize("constraint", FORBIDDEN.values(), ids=FORBIDDEN)
def test_forbidden_constraint_is_a_clear_error(constraint):
    with pytest.raises(InputError, match=r"the shapes cannot be used: .{10}"):
        validate(DATA, load_shapes(shape(constraint).encode()))
