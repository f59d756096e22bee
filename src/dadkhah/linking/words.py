"""Closed lists of words that are no part of a name proper: titles, articles, ezafe, kinds of place.

Written by hand from common usage; names of people are nowhere in here. Forms are folded (`normalise`).
"""

from __future__ import annotations

import re

TITLES = frozenset(
    (
        "سید سیده سادات حاج حاجی حاجیه دکتر مهندس سرهنگ سردار سرتیپ شیخ ملا مولوی استاد قاضی "
        "حجتالاسلام آیتالله پروفسور سرلشکر سرلشگر سپهبد "
        "seyed seyyed seyd seied sayed sayyed sayyid sayid sayad syed seyid seyyid seyedeh seyyedeh sayyida "
        "sadat "
        "haj hajj haji hajji hojatoleslam hojjatoleslam hojatolislam hojjat ayatollah ayatullah dr doctor mohandes eng "
        "mr mrs ms prof professor gen general brig brigadier col colonel sheikh shaikh shaykh mullah mulla mawlawi "
        "maulvi "
        "judge"
    ).split()
)
# titles of several words, as they are written apart and together, and the one word that they become; before an ending
# they are a surname (آیت‌الله‌زاده), and in the last place a name
TITLES_APART_PERSIAN = (
    (re.compile("(?<![^ ])حجت ?الاسلام(?: ?وال?مسلمین| و ال?مسلمین)?(?= )"), "حجتالاسلام"),
    (re.compile("(?<![^ ])[آا]یت ?الله(?: ?العظم[یا])?(?= (?!(?:زاده|نژاد|پور|نیا|فر|ی)(?![^ ])))"), "آیتالله"),
)
# سید written on to a given name; what follows must be a name by itself
ATTACHED_TITLE_PERSIAN = re.compile("^(?:سیده|سید|حاج)(?=..)")
ATTACHED_TITLE_LATIN = re.compile(r"^(?:seyyed|seyed|sayyed|sayyid|sayed)(?=[b-df-hj-np-tv-z]..|a[^n].|e[^h].|i..|o..)")
NOT_AFTER_TITLE = frozenset(
    (
        "یان زاده پور نژاد نیا آبادی آباد لو وند الشهدا الشهداء فر راد ین ون یه یی ئی "
        "zadeh zade pour pur poor nejad nezhad nia abadi abad lou lu vand far rad olshohada oshohada ian yan"
    ).split()
)
# written on to the word before or apart from it: one word here
PLACE_ENDINGS = frozenset("abad abad' آباد".split())
EZAFE = frozenset("e ye i ی".split())
# the Arabic article as it is romanised, assimilated or not
LATIN_ARTICLES = frozenset("al el ol ul od ud os us osh or ur oz uz on ot".split())
GENERIC_PLACE = frozenset(
    (
        "prison prisons jail gaol penitentiary central centre center detention facility correctional of the in at "
        "zendan zindan bazdashtgah nedamatgah markazi "
        "زندان بازداشتگاه ندامتگاه مرکزی اندرزگاه"
    ).split()
)
