"""A note of ours in two languages is one note on a page; the words of a source are left as they are."""

import pytest

from dadkhah.browse.models import Ref, Statement, Value
from dadkhah.browse.terms import Literal
from dadkhah.web.pages.speech import Teller

COPY = "https://w3id.org/dadkhah/ontology#copyNote"
QUOTED = "https://w3id.org/dadkhah/ontology#asWritten"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


def said(iri, text, language):
    return Statement(Ref(iri), Value(Literal(text, LANG_STRING, language)))


@pytest.mark.parametrize(("language", "left"), [("en", ["read in part"]), ("fa", ["بخشی خوانده شد"])])
def test_a_note_stands_in_the_language_of_the_page(language, left):
    both = [said(COPY, "read in part", "en"), said(COPY, "بخشی خوانده شد", "fa")]
    assert [each.value.term.value for each in Teller(language).once(both)] == left


def test_a_note_in_one_language_stands_on_both_pages():
    only = [said(COPY, "read in part", "en")]
    assert Teller("fa").once(only) == Teller("en").once(only) == only


def test_words_of_a_source_in_two_languages_both_stand():
    both = [said(QUOTED, "dozens", "en"), said(QUOTED, "ده‌ها", "fa")]
    assert Teller("fa").once(both) == Teller("en").once(both) == both
