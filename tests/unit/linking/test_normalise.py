"""Rules of taking names apart: letters, half-spaces, titles, articles, order, kinds of place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        (f"حجت{ZWNJ}الاسلام رضا کریمی", ("حجتالاسلام",), ("رضا", "کریمی")),
        ("حجت الاسلام و المسلمین سید رضا کریمی", ("حجتالاسلام", "سید"), ("رضا", "کریمی")),
        (f"حجت{ZWNJ}الاسلام والمسلمین رضا کریمی", ("حجتالاسلام",), ("رضا", "کریمی")),
        (f"آیت{ZWNJ}الله رضا کریمی", ("آیتالله",), ("رضا", "کریمی")),
        ("ایت الله العظمی رضا کریمی", ("آیتالله",), ("رضا", "کریمی")),
        ("سرلشکر رضا کریمی", ("سرلشکر",), ("رضا", "کریمی")),
        ("Hojjatoleslam Reza Karimi", ("hojjatoleslam",), ("reza", "karimi")),
        ("Ayatollah Reza Karimi", ("ayatollah",), ("reza", "karimi")),
        ("Haj Reza Karimi", ("haj",), ("reza", "karimi")),
        ("Eng. Reza Karimi", ("eng",), ("reza", "karimi")),
        ("مهندس رضا کریمی", ("مهندس",), ("رضا", "کریمی")),
        ("دکتر رضا کریمی", ("دکتر",), ("رضا", "کریمی")),
    ],
)
def test_titles_are_taken_off_and_told(name, titles, tokens):
    found = tokens_of(name)
    assert found.titles == titles
    assert found.tokens == tokens


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        (f"رضا آیت{ZWNJ}الله{ZWNJ}زاده", ("رضا", "آیت", "الله", "زاده")),
        (f"آیت{ZWNJ}الله زاده شیرازی", ("آیت", "الله", "زاده", "شیرازی")),
        (f"رضا آیت{ZWNJ}الله کریمی", ("رضا", "آیت", "الله", "کریمی")),
        (f"رضا آیت{ZWNJ}اللهی", ("رضا", "آیت", "اللهی")),
        ("حجت الله کریمی", ("حجت", "الله", "کریمی")),
        ("حجت الاسلامی", ("حجت", "الاسلامی")),
        (f"رضا آیت{ZWNJ}الله", ("رضا", "آیت", "الله")),
        ("رضا ولایت الله وردی", ("رضا", "ولایت", "الله", "وردی")),
    ],
)
def test_names_that_hold_a_title_stay_whole(name, tokens):
    assert tokens_of(name).tokens == tokens


@given(
    st.lists(
        st.sampled_from([f"حجت{ZWNJ}الاسلام", f"آیت{ZWNJ}الله", "سید", "دکتر", "مهندس", "حاج", "سردار"]),
        max_size=3,
        unique=True,
    ),
    st.sampled_from(["رضا کریمی", "ایمان افشاری", "گلرخ ابراهیمی ایرایی", "علی رضا نوری زاده"]),
)
def test_titles_before_a_name_change_none_of_its_words(titles, name):
    assert tokens_of(" ".join([*titles, name])).tokens == tokens_of(name).tokens
    assert len(tokens_of(" ".join([*titles, name])).titles) == len(titles)


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
