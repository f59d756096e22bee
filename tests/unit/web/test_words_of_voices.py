"""Plain text says who says it in the words of the pages."""

import pytest

from dadkhah.browse.models import Name, Ref, Voice
from dadkhah.browse.pictures.told import NAMED, ROLES, WORDS, according, foreign
from dadkhah.web.pages.texts import TEXTS


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_words_are_those_of_the_pages(language):
    assert set(ROLES.values()) <= WORDS[language].keys()
    assert WORDS[language].items() <= TEXTS[language].items()


def _voice(number):
    return Voice(f"urn:voice:{number}", claimant=Ref(f"urn:{number}", (Name(f"A{number}", "en"),)))


def test_several_voices_are_named_and_the_others_counted():
    voices = [_voice(number) for number in range(NAMED + 2)]
    assert according([*voices, voices[0]], "en") == "according to A0, A1, A2, 2 more"
    assert according(voices, "en", 0).endswith("A3, A4")


def test_a_title_in_one_language_counts_those_without_a_name_in_it_and_they_are_named_apart():
    voices = [_voice(number) for number in range(NAMED + 2)]
    persian = Voice("urn:voice:p", claimant=Ref("urn:p", (Name("پ", "fa"),)))
    assert according([*voices, persian], "fa") == "به گفتهٔ پ، و ۵ صدای دیگر"
    assert according(voices, "fa") == "به گفتهٔ ۵ صدا"
    assert [name.text for name in foreign([*voices, persian], "fa")] == ["A0", "A1", "A2"]
    assert according([*voices, persian], "fa", 0) == "به گفتهٔ A0، A1، A2، A3، A4، پ"


def test_what_a_build_or_a_query_made_is_nobodys_word():
    assert according([Voice("urn:g", role="derived")], "en") == "computed from the statements by the build"
    assert according([], "en") == "made by this query, stated by nobody here"
    assert according([Voice("urn:g", role="graph")], "en") == "according to graph urn:g"
    assert according([Voice("", role="default")], "en") == "according to the graph, without a named voice"
