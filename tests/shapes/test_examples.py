"""Every constraint of every shape has an example that passes and one that fails, and both engines judge alike."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from dadkhah.validation.shacl import ShaclEngine, load_shapes, validate

ROOT = Path(__file__).parents[2]
SHAPES = ROOT / "ontology/shapes"
EXAMPLES = Path(__file__).parent
SH = "http://www.w3.org/ns/shacl#"
DK = "https://w3id.org/dadkhah/ontology#"
HEADER = re.compile(r"^# (finding|passes): sh:(\w+) dk:(\S+)$", re.MULTILINE)
# shape graph predicate -> the constraint component it declares (SHACL section 4)
COMPONENTS = {
    "minCount": "MinCountConstraintComponent",
    "maxCount": "MaxCountConstraintComponent",
    "datatype": "DatatypeConstraintComponent",
    "class": "ClassConstraintComponent",
    "nodeKind": "NodeKindConstraintComponent",
    "or": "OrConstraintComponent",
    "pattern": "PatternConstraintComponent",
    "minInclusive": "MinInclusiveConstraintComponent",
    "maxInclusive": "MaxInclusiveConstraintComponent",
    "in": "InConstraintComponent",
    "lessThan": "LessThanConstraintComponent",
    "lessThanOrEquals": "LessThanOrEqualsConstraintComponent",
    "uniqueLang": "UniqueLangConstraintComponent",
}
NOT_CONSTRAINTS = {"path", "name", "message", "severity", "targetClass", "property", "sparql", "select", "prefixes"}


def quads_of(path):
    return list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))


SUBCLASSES = [
    quad
    for file in sorted((ROOT / "ontology/modules").glob("*.ttl"))
    for quad in quads_of(file)
    if quad.predicate.value == "http://www.w3.org/2000/01/rdf-schema#subClassOf"
]
GRAPH = load_shapes([quad for file in sorted(SHAPES.glob("*.ttl")) for quad in quads_of(file)])


def results(path, engine=ShaclEngine.COMPILED):
    report = validate([*quads_of(path), *SUBCLASSES], GRAPH, engine=engine)
    assert not report.uncompiled
    return report


THIS = ox.NamedNode("https://w3id.org/dadkhah/id/example/this")


def findings(path):
    """The findings about the example itself: the records that it names are only typed, as in a unit of validation."""
    found = []
    for result in (each for each in results(path) if each.focus == THIS):
        source = result.constraint if result.component.value == f"{SH}SPARQLConstraintComponent" else result.shape
        found.append((result.component.value.removeprefix(SH), source.value.removeprefix(DK)))
    return found


def stated(path):
    match = HEADER.search(path.read_text(encoding="utf-8"))
    assert match, f"{path} does not say what it is an example of"
    return match[1], (match[2], match[3])


def examples(kind):
    return sorted(EXAMPLES.glob(f"*/{kind}/*.ttl"))


def name_of(path):
    return path.relative_to(EXAMPLES).with_suffix("").as_posix()


@pytest.mark.parametrize("path", examples("invalid"), ids=name_of)
def test_invalid_example_gives_exactly_the_finding_it_names(path):
    kind, finding = stated(path)
    assert kind == "finding"
    assert findings(path) == [finding]


@pytest.mark.parametrize("path", examples("valid"), ids=name_of)
def test_valid_example_gives_no_finding(path):
    assert stated(path)[0] == "passes"
    assert findings(path) == []


def test_every_constraint_of_every_shape_has_both_examples():
    declared = set()
    for file in SHAPES.glob("*.ttl"):
        for quad in quads_of(file):
            if not isinstance(quad.subject, ox.NamedNode) or not quad.predicate.value.startswith(SH):
                continue
            name = quad.predicate.value.removeprefix(SH)
            shape = quad.subject.value.removeprefix(DK)
            if name in COMPONENTS:
                declared.add((COMPONENTS[name], shape))
            elif name == "sparql":
                declared.add(("SPARQLConstraintComponent", quad.object.value.removeprefix(DK)))
            else:
                assert name in NOT_CONSTRAINTS | {"declare", "prefix", "namespace"}, f"sh:{name} has no example here"
    for kind in ("valid", "invalid"):
        shown = {stated(path)[1] for path in examples(kind)}
        assert declared == shown, kind


def test_every_shape_has_a_name_and_every_constraint_a_message():
    for file in SHAPES.glob("*.ttl"):
        graph = {}
        for quad in quads_of(file):
            graph.setdefault(quad.subject, {})[quad.predicate.value.removeprefix(SH)] = quad.object
        for subject, said in graph.items():
            if "path" in said or "select" in said:
                assert "message" in said, subject
            if "targetClass" in said or "path" in said:
                assert "name" in said, subject


def test_pyshacl_gives_the_same_findings_on_all_examples_together():
    quads = list(SUBCLASSES)
    for number, path in enumerate([*examples("invalid"), *examples("valid")]):
        # each example gets records of its own, so that all stand in one graph
        text = path.read_text(encoding="utf-8").replace("/id/example/", f"/id/example/{number}-")
        quads += ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)
    compiled = validate(quads, GRAPH)
    assert not compiled.uncompiled
    assert len(compiled.results) > len(examples("invalid"))
    assert compiled.keys() == validate(quads, GRAPH, engine=ShaclEngine.PYSHACL).keys()
