"""Rules of taking names apart: letters, half-spaces, titles, articles, order, kinds of place."""

import pytest

from dadkhah.linking.normalise import fold, is_persian, tokens_of

ZWNJ = "\u200c"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("علي كريمي", "علی کریمی"),
        ("فاطمة", "فاطمه"),
        ("رضائی", "رضائي"),
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        (f"نوری{ZWNJ}زاده", "نوری زاده"),
        ("خانۀ", "خانه"),
        ("\u202bرضا\u202c", "رضا"),
        ("ﻋﻠﯽ", "علی"),
        ("Ḥosseīn", "hossein"),
        ("Rezā’ī", "reza'i"),
        ("REZA", "reza"),
    ],
)
def test_spellings_that_differ_in_orthography_only_have_one_fold(one, other):
    assert fold(one) == fold(other)


def test_folding_twice_changes_nothing():
    for name in ("نوری‌زاده", "Ḥosseīn Rezā’ī", "عَلي", "O'Brien-Khan", "李明"):
        assert fold(fold(name)) == fold(name)


def test_alef_with_madda_stays_another_letter():
    assert fold("آذر") != fold("اذر")


@pytest.mark.parametrize(
    ("name", "titles", "tokens"),
    [
        ("سید علی موسوی", ("سید",), ("علی", "موسوی")),
        ("سیدعلی موسوی", ("سید",), ("علی", "موسوی")),
        ("Seyyed Ali Mousavi", ("seyyed",), ("ali", "mousavi")),
        ("Seyyedali Mousavi", ("seyyed",), ("ali", "mousavi")),
        ("Dr. Mehdi Karimi", ("dr",), ("mehdi", "karimi")),
        ("حاج رضا کریمی", ("حاج",), ("رضا", "کریمی")),
    ],
)
def test_titles_are_taken_off_and_told(name, titles, tokens):
    found = tokens_of(name)
    assert found.titles == titles
    assert found.tokens == tokens


def test_a_title_in_the_last_place_is_a_surname():
    assert tokens_of("محمد قاضی").tokens == ("محمد", "قاضی")
    assert tokens_of("Mohammad Qazi").tokens == ("mohammad", "qazi")


@pytest.mark.parametrize("name", ["سیدی", "سیدیان", "سیدزاده", "Seyyedian", "Seyyedzadeh"])
def test_a_surname_that_begins_like_a_title_stays_whole(name):
    assert len(tokens_of(f"x {name}").tokens[-1]) == len(fold(name))


def test_a_name_of_titles_only_is_still_a_name():
    assert tokens_of("سید حاجی").tokens


def test_surname_before_the_comma_is_put_last():
    assert tokens_of("KARIMI, Mehdi").tokens == tokens_of("Mehdi Karimi").tokens


def test_articles_join_their_noun():
    assert tokens_of("Abd ol Reza Karimi").tokens == ("abdolreza", "karimi")
    assert tokens_of("Yahya AL-IBRAHIMI").tokens == ("yahya", "alibrahimi")


def test_words_for_the_kind_of_place_are_no_part_of_its_name():
    found = tokens_of("Adel Abad Prison", "place")
    assert found.tokens == ("adelabad",)
    assert found.generic == ("prison",)
    assert tokens_of("زندان عادل آباد", "place").tokens == ("عادلآباد",)


def test_ezafe_is_left_out():
    assert tokens_of("Hasanabad-e Qom", "place").tokens == ("hasanabad", "qom")


def test_script_is_told_by_most_letters():
    assert is_persian("علی A")
    assert not is_persian("Ali Karimi ع")
    assert not is_persian("")


def test_any_text_can_be_taken_apart():
    for text in ("", " ", "---", "\u200c", "123", "😀", "Ω", "李明", "a" * 5000):
        tokens_of(text)
        tokens_of(text, "place")
