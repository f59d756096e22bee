"""Places of passages as a Persian reader meets them; what is in no known form stays as it was written."""

from __future__ import annotations

import re

import pytest

from dadkhah.web.pages.locators import place_in_words
from dadkhah.web.pages.markup import Words

FA, EN = Words("fa"), Words("en")


def text(html):
    return re.sub("<[^>]+>", "", html)


@pytest.mark.parametrize(
    ("written", "persian"),
    [
        ("paragraph 4", "بند ۴"),
        ("paragraphs 5 and 6", "بندهای ۵ و ۶"),
        ("the text, which has one paragraph", "متن، که یک بند است"),
        ("annex I.B, recordId 1041", "پیوست I.B، شمارهٔ رکورد ۱۰۴۱"),
        ("alt.csv, entry 52265, names 81860, 81861", "alt.csv، ردیف ۵۲۲۶۵، نام ۸۱۸۶۰، ۸۱۸۶۱"),
        ("section « Dans une “maison”, la nuit », paragraph 2", "بخش «Dans une “maison”, la nuit»، بند ۲"),
    ],
)
def test_a_place_in_a_known_form_is_told_in_persian(written, persian):
    assert text(place_in_words(written, FA)) == persian
    assert text(place_in_words(written, EN)) == written


@pytest.mark.parametrize("written", ["paragraph on her arrest, paragraph 2", "", "paragraph", "list of endorsers"])
def test_a_place_of_which_one_piece_is_in_no_known_form_stays_whole(written):
    assert text(place_in_words(written, FA)) == written


def test_a_heading_in_quotes_is_escaped():
    assert "<b>" not in place_in_words("section “<b>{0} & more</b>”, paragraph 1", FA)
