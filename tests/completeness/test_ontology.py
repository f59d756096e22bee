"""The ontology and its page: every class is listed as defined, and no term is there that nobody uses."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from dadkhah.web.pages.texts import TEXTS

ROOT = Path(__file__).parents[2]
DK = "https://w3id.org/dadkhah/ontology#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCT = "http://purl.org/dc/terms/"
PAGE = ROOT / "docs/ontology.md"
ROW = re.compile(r"^\| `dk:(\w+)` \| ([^|]+) \| (.+) \|$", re.MULTILINE)
WORDS_OF_TERMS = (
    RDFS + "label", RDFS + "comment", SKOS + "prefLabel", SKOS + "definition", SKOS + "scopeNote", DCT + "title",
    DCT + "description",
)  # fmt: skip
NOT_PERSIAN = re.compile("[يكىة٠-٩]|[آ-ی] ?[,;?]|[آ-ی] (?:ها|های|هایی)\\b")
# Ends of a scale whose other values are in use: a scale without them could not say so when it happens.
COMPLETE_A_SCALE = {"OutcomeRealised", "StoredCopyWhole"}
IS_DEFINED = ox.NamedNode(RDFS + "isDefinedBy")


def literal(store, term, predicate, language):
    found = [q.object.value for q in store.quads_for_pattern(term, predicate, None) if q.object.language == language]
    return found[0] if found else None


@pytest.fixture(scope="module")
def ontology():
    store = ox.Store()
    for path in sorted((ROOT / "ontology").rglob("*.ttl")):
        if "shapes" not in path.parts:
            store.bulk_extend(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    return store


def classes(store):
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    found = {quad.subject for quad in store.quads_for_pattern(None, kind, ox.NamedNode(RDFS + "Class"))}
    return {term for term in found if term.value.startswith(DK)}


def terms(store):
    return {q.subject.value for q in store.quads_for_pattern(None, IS_DEFINED, None) if q.subject.value.startswith(DK)}


def words_used():
    """Local names that data, shapes, queries, rules of the build or other terms of the ontology use."""
    found = set()
    for folder in ("data", "queries", "ontology/shapes"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".ttl", ".rq", ".toml"}:
                found |= set(re.findall(r"\bdk:(\w+)", path.read_text("utf-8")))
    for path in sorted((ROOT / "src").rglob("*.py")):
        found |= set(re.findall(r"[\"'](?:dk:)?([A-Za-z]\w+)[\"']", path.read_text("utf-8")))
    return found


def test_the_page_lists_every_class_with_its_definition(ontology):
    listed = {name: (label.strip(), text.strip()) for name, label, text in ROW.findall(PAGE.read_text("utf-8"))}
    defined = {
        term.value.removeprefix(DK): (
            literal(ontology, term, ox.NamedNode(RDFS + "label"), "en"),
            literal(ontology, term, ox.NamedNode(SKOS + "definition"), "en"),
        )
        for term in classes(ontology)
    }
    assert listed == defined


def test_every_class_is_listed_once(ontology):
    names = [name for name, _, _ in ROW.findall(PAGE.read_text("utf-8"))]
    assert len(names) == len(set(names)) == len(classes(ontology))


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("predicate", [RDFS + "label", SKOS + "definition"])
def test_every_term_has_a_label_and_a_definition_in_both_languages(ontology, predicate, language):
    lacking = {
        term for term in terms(ontology) if not literal(ontology, ox.NamedNode(term), ox.NamedNode(predicate), language)
    }
    assert lacking == set()


def test_every_term_is_used_by_data_a_shape_a_query_or_the_build(ontology):
    used = words_used()
    links = (RDFS + "subClassOf", RDFS + "subPropertyOf", DK + "impliesRole")
    needed = {
        q.object.value.removeprefix(DK)
        for link in links
        for q in ontology.quads_for_pattern(None, ox.NamedNode(link), None)
    }
    schemes = {name for name in (term.removeprefix(DK) for term in terms(ontology)) if name.startswith("scheme-")}
    unused = {term.removeprefix(DK) for term in terms(ontology)} - used - needed - schemes - COMPLETE_A_SCALE
    assert sorted(unused) == []


def test_no_query_uses_a_word_that_is_not_defined(ontology):
    defined = {term.removeprefix(DK) for term in terms(ontology)}
    strange = {
        (path.name, word)
        for path in sorted((ROOT / "queries").rglob("*.rq"))
        for word in re.findall(r"\bdk:(\w+)", path.read_text("utf-8"))
        if word not in defined
    }
    assert strange == set()


def test_persian_words_of_terms_are_written_in_persian_letters_and_marks(ontology):
    strange = {
        (quad.subject.value, quad.object.value)
        for predicate in map(ox.NamedNode, WORDS_OF_TERMS)
        for quad in ontology.quads_for_pattern(None, predicate, None)
        if quad.object.language == "fa"
        and (NOT_PERSIAN.search(quad.object.value) or not re.search("[آ-ی]{2}", quad.object.value))
    }
    assert strange == set()


def test_what_terms_are_related_to_in_other_vocabularies_has_a_name_on_pages_in_both_languages(ontology):
    links = (RDFS, "https://schema.org/", SKOS)
    names = ("subClassOf", "subPropertyOf", "domainIncludes", "rangeIncludes", "broader", "inScheme")
    related = {
        quad.object.value
        for space in links
        for name in names
        for quad in ontology.quads_for_pattern(None, ox.NamedNode(space + name), None)
    }
    elsewhere = {iri for iri in related if not iri.startswith(DK)}
    assert len(elsewhere) > 20
    for language in ("en", "fa"):
        assert elsewhere - TEXTS[language]["terms_elsewhere"].keys() == set()


def test_what_is_told_of_a_term_in_one_language_is_told_in_the_other(ontology):
    told = {}
    for predicate in map(ox.NamedNode, WORDS_OF_TERMS):
        for quad in ontology.quads_for_pattern(None, predicate, None):
            told.setdefault((quad.subject.value, predicate.value), []).append(quad.object.language)
    assert len(told) > 1_000
    assert {place: languages for place, languages in told.items() if sorted(languages) != ["en", "fa"]} == {}
