"""A term is explained in the language that is asked for; what is not written in it is not left out."""

from dadkhah.browse.models import Name, Ref
from dadkhah.browse.overviews.ontology import VocabularyTerm


def term(*definitions):
    return VocabularyTerm(Ref("https://example.org/#T"), "T", "concept", definitions)


def test_a_definition_is_given_in_the_language_asked_for():
    both = (Name("a place", "en"), Name("یک مکان", "fa"))
    assert term(both).defined("fa") == (Name("یک مکان", "fa"),)
    assert term(both).defined("en") == (Name("a place", "en"),)


def test_a_definition_that_lacks_the_language_is_given_in_those_it_has():
    assert term((Name("a place", "en"), Name("un lieu", "fr"))).defined("fa") == (
        Name("a place", "en"),
        Name("un lieu", "fr"),
    )


def test_a_note_in_one_language_does_not_hide_a_definition_in_another():
    assert term((Name("a place", "en"),), (Name("یادداشت", "fa"),)).defined("fa") == (
        Name("a place", "en"),
        Name("یادداشت", "fa"),
    )
