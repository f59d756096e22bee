"""Hypothesis strategies for small data graphs and for shapes of every kind, both as Turtle.

The vocabulary is small, so that what a shape asks for is often there; its literals are those on which engines differ:
other lexical forms of one value, ill-typed ones, time zones, languages in other cases.
"""
# ruff: noqa: E501, SIM905 - terms and constraints stand in rows

from functools import cache

from hypothesis import strategies as st

PREFIXES = """@prefix ex: <urn:ex:> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
HIERARCHY = "ex:B rdfs:subClassOf ex:A . ex:C rdfs:subClassOf ex:B . ex:D rdfs:subClassOf ex:A .\n"
CLASSES = st.sampled_from(["ex:A", "ex:B", "ex:C", "ex:D", "ex:E"])
PREDICATES = st.sampled_from(["ex:p", "ex:q", "ex:r"])
IRIS = st.sampled_from([f"ex:n{n}" for n in range(5)])
NODES = st.one_of(IRIS, st.sampled_from(["_:b0", "_:b1"]))
TEXTS = ['"a"', '"ab"', '"abc"', '""', '"B"', '"a\\nb"', '"گ"', '"a"@en', '"b"@en', '"a"@EN', '"a"@en-GB', '"c"@fa']
NUMBERS = [
    "1", "2", "10", "-1", '"01"^^xsd:integer', '"+1"^^xsd:integer', '"a"^^xsd:integer', "1.0", "1.5", '"1.50"^^xsd:decimal',
    "1e0", '"1.0E0"^^xsd:double', '"NaN"^^xsd:double', '"INF"^^xsd:double', '"1"^^xsd:float', '"5"^^xsd:nonNegativeInteger',
    '"-5"^^xsd:nonNegativeInteger', '"300"^^xsd:byte', '"99999999999999999999"^^xsd:integer',
]  # fmt: skip
TIMES = [
    '"2025-07-27"^^xsd:date', '"2025-02-30"^^xsd:date', '"1988-07-01"^^xsd:date', '"2025-07-27Z"^^xsd:date',
    '"1988"^^xsd:gYear', '"88"^^xsd:gYear', '"2025-07"^^xsd:gYearMonth', '"2025-07-27T04:00:00"^^xsd:dateTime',
    '"2025-07-27T04:00:00Z"^^xsd:dateTime', '"2025-07-27T04:00:00+03:30"^^xsd:dateTime', '"04:00:00"^^xsd:time',
    '"P1D"^^xsd:duration',
]  # fmt: skip
OTHERS = ["true", "false", '"1"^^xsd:boolean', '"yes"^^xsd:boolean', '"x"^^ex:type', '"http://a/ b"^^xsd:anyURI']
LITERALS = st.one_of(*map(st.sampled_from, (TEXTS, NUMBERS, TIMES, OTHERS)))
TERMS = st.one_of(NODES, LITERALS)
DATATYPES = st.sampled_from(
    [f"xsd:{n}" for n in "string integer decimal double boolean date dateTime gYear byte anyURI nonNegativeInteger".split()]
    + ["rdf:langString", "ex:type"]
)  # fmt: skip


@st.composite
def data(draw):
    """A data graph of up to forty statements."""
    typed = draw(st.lists(st.tuples(NODES, CLASSES), min_size=1, max_size=6))
    said = draw(st.lists(st.tuples(NODES, PREDICATES, TERMS), max_size=30))
    lines = [f"{node} a {cls} ." for node, cls in typed] + [f"{s} {p} {o} ." for s, p, o in said]
    return PREFIXES + (HIERARCHY if draw(st.booleans()) else "") + "\n".join(lines)


@cache  # to make a strategy costs more than to draw from it
def paths():
    """Property paths of every kind, nested."""
    return st.recursive(
        PREDICATES,
        lambda inner: st.one_of(
            PREDICATES.map(lambda p: f"[ sh:inversePath {p} ]"),
            st.lists(inner, min_size=2, max_size=3).map(lambda steps: f"( {' '.join(steps)} )"),
            st.lists(inner, min_size=2, max_size=3).map(lambda steps: f"[ sh:alternativePath ( {' '.join(steps)} ) ]"),
            st.tuples(st.sampled_from(["zeroOrMore", "oneOrMore", "zeroOrOne"]), inner).map(
                lambda pair: f"[ sh:{pair[0]}Path {pair[1]} ]"
            ),
        ),
        max_leaves=4,
    )


def listed(terms, least=1, most=4):
    return st.lists(terms, min_size=least, max_size=most, unique=True).map(lambda found: f"( {' '.join(found)} )")


NAMED = st.one_of(IRIS, LITERALS)  # what a shapes graph can name in the data
COUNTS = st.integers(0, 3).map(str)
PATTERNS = ['"^a"', '"a.c"', '"B" ; sh:flags "i"', '"^[a-c]+$"', '"b$" ; sh:flags "m"', '"\\\\d"', '"n[0-3]$"', '"گ"']
VALUE_CONSTRAINTS = st.one_of(
    CLASSES.map("sh:class {}".format),
    DATATYPES.map("sh:datatype {}".format),
    st.sampled_from(["IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"]).map(
        "sh:nodeKind sh:{}".format
    ),
    st.tuples(
        st.sampled_from(["minExclusive", "minInclusive", "maxExclusive", "maxInclusive"]),
        st.sampled_from(
            ["1", "1.5", "0", "1e0", *TIMES[:3], '"2025-07-27T04:00:00"^^xsd:dateTime', '"1988"^^xsd:gYear']
        ),
    ).map(lambda pair: f"sh:{pair[0]} {pair[1]}"),
    st.tuples(st.sampled_from(["minLength", "maxLength"]), st.sampled_from(["0", "1", "2", "9"])).map(
        lambda pair: f"sh:{pair[0]} {pair[1]}"
    ),
    st.sampled_from(PATTERNS).map("sh:pattern {}".format),
    listed(st.sampled_from(['"en"', '"fa"', '"en-GB"', '"EN"']), most=2).map("sh:languageIn {}".format),
    listed(NAMED).map("sh:in {}".format),
    NAMED.map("sh:hasValue {}".format),
)
PAIRS = st.tuples(st.sampled_from(["equals", "disjoint"]), PREDICATES).map(lambda pair: f"sh:{pair[0]} {pair[1]}")
ORDERS = st.tuples(st.sampled_from(["lessThan", "lessThanOrEquals"]), PREDICATES).map(
    lambda pair: f"sh:{pair[0]} {pair[1]}"
)
SEVERITIES = st.sampled_from(["sh:Warning", "sh:Info", "sh:Violation", "ex:Grave"])
ABOUT = st.one_of(
    SEVERITIES.map("sh:severity {}".format),
    st.just('sh:message "said"@en'),
    st.sampled_from(["true", "false"]).map("sh:deactivated {}".format),
)


@cache
def closed():
    return st.one_of(
        st.just("sh:closed true"),
        st.just("sh:closed false"),
        listed(st.sampled_from(["rdf:type", "ex:q", "ex:r"]), most=2).map(
            "sh:closed true ; sh:ignoredProperties {}".format
        ),
    )


def body(parts):
    """Predicate-object lists joined; a parameter that may stand once stands once."""
    once = {}
    for part in parts:
        key = part.split()[0]
        once[part if key in {"sh:class", "sh:property", "sh:node", "sh:not", "sh:and", "sh:or", "sh:xone"} else key] = (
            part
        )
    return " ; ".join(once.values())


@cache
def node_shapes(depth):
    """The body of a node shape."""
    parts = [VALUE_CONSTRAINTS, PAIRS, closed()]
    if depth:
        parts += [nested(depth - 1), property_shapes(depth - 1).map("sh:property [ {} ]".format)]
    return st.lists(st.one_of(*parts), min_size=1, max_size=3).map(body)


@cache
def nested(depth):
    """Constraints that hold shapes."""
    inner = st.one_of(node_shapes(depth), property_shapes(depth)).map("[ {} ]".format)
    return st.one_of(
        inner.map("sh:not {}".format),
        node_shapes(depth).map("sh:node [ {} ]".format),
        st.tuples(st.sampled_from(["and", "or", "xone"]), st.lists(inner, min_size=1, max_size=3)).map(
            lambda pair: f"sh:{pair[0]} ( {' '.join(pair[1])} )"
        ),
    )


@cache
def qualified(depth):
    inner = st.one_of(node_shapes(depth), property_shapes(depth))
    counts = st.sampled_from(
        ["sh:qualifiedMinCount 1", "sh:qualifiedMinCount 2", "sh:qualifiedMaxCount 1",
         "sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1"]
    )  # fmt: skip
    disjoint = st.sampled_from(["", " ; sh:qualifiedValueShapesDisjoint true"])
    return st.tuples(inner, counts, disjoint).map(lambda t: f"sh:qualifiedValueShape [ {t[0]} ] ; {t[1]}{t[2]}")


@cache
def property_shapes(depth):
    """The body of a property shape, path included."""
    parts = [
        VALUE_CONSTRAINTS,
        PAIRS,
        ORDERS,
        ABOUT,
        COUNTS.map("sh:minCount {}".format),
        COUNTS.map("sh:maxCount {}".format),
        st.just("sh:uniqueLang true"),
    ]
    if depth:
        parts += [
            nested(depth - 1),
            qualified(depth - 1),
            property_shapes(depth - 1).map("sh:property [ {} ]".format),
        ]
    return st.tuples(paths(), st.lists(st.one_of(*parts), min_size=1, max_size=3).map(body)).map(
        lambda pair: f"sh:path {pair[0]} ; {pair[1]}"
    )


TARGETS = st.one_of(
    CLASSES.map("sh:targetClass {}".format),
    NAMED.map("sh:targetNode {}".format),
    PREDICATES.map("sh:targetSubjectsOf {}".format),
    PREDICATES.map("sh:targetObjectsOf {}".format),
)


@st.composite
def shapes(draw):
    """A shapes graph of one to three shapes with targets."""
    texts = []
    for number in range(draw(st.integers(1, 3))):
        target = " ; ".join(draw(st.lists(TARGETS, min_size=1, max_size=2, unique=True)))
        if draw(st.booleans()):
            texts.append(f"ex:S{number} a sh:NodeShape ; {target} ; {draw(node_shapes(2))} .")
        else:
            texts.append(f"ex:S{number} a sh:PropertyShape ; {target} ; {draw(property_shapes(2))} .")
    if draw(st.integers(0, 4)) == 0:
        texts.append(f"ex:A a rdfs:Class , sh:NodeShape ; {draw(node_shapes(1))} .")
    return PREFIXES + "\n".join(texts)
