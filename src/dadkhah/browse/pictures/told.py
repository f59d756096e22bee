"""Who says it as plain text, for what holds no links: titles in a drawing, cells of a table, fields of other programs.

In: voices and a language. Out: text such as "according to A, B and 3 more". Statements that the build made are called
so, since nobody says them; what no graph holds is said to be made by the query that gave it. The words are those of
the pages, which a test compares.
"""

from __future__ import annotations

from collections.abc import Iterable

from dadkhah.browse.models import Name, Voice

WORDS = {
    "en": {
        "according": "according to", "comma": ", ", "more_voices": "{count} more",
        "reading": "our own reading", "derived": "computed from the statements by the build",
        "authority": "our record of names and identity", "role_sources": "our description of the sources",
        "mappings": "our links to other datasets", "role_ontology": "the vocabulary",
        "unattributed": "the graph, without a named voice", "graph_voice": "graph",
        "by_the_query": "made by this query, stated by nobody here", "by_voices": "according to {count} voices",
    },
    "fa": {
        "according": "به گفتهٔ", "comma": "، ", "more_voices": "و {count} صدای دیگر",
        "reading": "خوانش خود ما", "derived": "محاسبه‌شده از گزاره‌ها هنگام ساخت",  # noqa: RUF001 - Persian
        "authority": "ثبت ما از نام‌ها و هویت‌ها", "role_sources": "توصیف ما از منابع",  # noqa: RUF001 - Persian
        "mappings": "پیوندهای ما به داده‌های دیگر", "role_ontology": "واژگان",
        "unattributed": "گراف، بی آنکه گوینده‌ای نام برده شده باشد", "graph_voice": "گراف",
        "by_the_query": "ساختهٔ همین پرسش؛ هیچ‌کس این‌جا آن را نگفته است", "by_voices": "به گفتهٔ {count} صدا",
    },
}  # fmt: skip
ROLES = {
    "analysis": "reading", "authority": "authority", "sources": "role_sources", "mappings": "mappings",
    "ontology": "role_ontology", "default": "unattributed", "derived": "derived",
}  # fmt: skip
# claimants named in the title of a line, a bar, a point; all others are counted
NAMED = 3
_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def speakers(voices: Iterable[Voice], language: str = "en") -> list[str]:
    """Whoever speaks, each once, in the order given: a claimant's name, else what kind of graph it is."""
    return list(dict.fromkeys(_speaker(voice, language).text for voice in voices))


def _speaker(voice: Voice, language: str) -> Name:
    words = WORDS["fa" if language == "fa" else "en"]
    if voice.claimant is not None:
        return voice.claimant.label(language)
    return Name(words[ROLES[voice.role]] if voice.role in ROLES else f"{words['graph_voice']} {voice.iri}")


def foreign(voices: Iterable[Voice], language: str, most: int = NAMED) -> tuple[Name, ...]:
    """The first claimants that have no name in a language; a title in this language only counts them."""
    names = dict.fromkeys(_speaker(voice, language) for voice in voices)
    return tuple(name for name in names if name.language not in ("", language))[:most]


def according(voices: Iterable[Voice], language: str, most: int = NAMED) -> str:
    """Who says it, in a few words; that it is the query's where there is no voice.

    Args:
        voices: who states it.
        language: of the text.
        most: claimants named, those with a name in the language, so that it is read out as a whole; 0 for all.
    """
    words = WORDS["fa" if language == "fa" else "en"]
    names = dict.fromkeys(_speaker(voice, language) for voice in voices)
    every = sorted({name.text: None for name in names}, key=lambda text: text == words["derived"])
    if not every:
        return words["by_the_query"]
    own = {name.text for name in names if name.language in ("", language)}
    shown = [text for text in every if text in own][:most] if most else every
    left = len(every) - len(shown)
    count = str(left).translate(_DIGITS) if language == "fa" else str(left)
    if not shown:
        return words["by_voices"].format(count=count)
    lead = "" if every == [words["derived"]] else f"{words['according']} "
    return lead + words["comma"].join([*shown, *([words["more_voices"].format(count=count)] if left else [])])
