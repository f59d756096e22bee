"""Pieces of HTML that templates share: names, links, dates, numbers, in one language.

In: view models and a language. Out: `Markup`, everything from the data escaped. Dates, IRIs and identifiers stand in
`bdi`, since a bare ISO date after Persian letters shows reversed.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from urllib.parse import quote as percent_encoded

from markupsafe import Markup, escape

from dadkhah.browse.days_asked import days_asked
from dadkhah.browse.models import Name, Ref
from dadkhah.browse.spans import Span, days_of
from dadkhah.browse.terms import XSD, XSD_DATE, XSD_INTEGER, Iri, Literal, Term, is_iri
from dadkhah.iris import Iris
from dadkhah.web.pages.calendars import gregorian, solar
from dadkhah.web.pages.texts import TEXTS

_DIGITS = str.maketrans("0123456789,", "۰۱۲۳۴۵۶۷۸۹٬")
_PLAIN, _PLAIN_WORDS, _AUTO = '<bdi dir="ltr">', '<bdi lang="en" dir="ltr">', '<bdi dir="auto">'
# a day in numbers would be broken at its hyphens
_WHOLE = '<bdi dir="ltr" class="day">'
_DAY = re.compile(r"-?\d{4,}-\d\d(-\d\d)?(T[\d:.]+)?(Z|[+-]\d\d:\d\d)?$")
_HALF_OPEN = ("not-before", "not-after")
_LATIN = re.compile(r"[A-Za-z0-9\u00c0-\u024f]")
_ARABIC = re.compile(r"[\u0590-\u08ff\ufb1d-\ufefc]")
# two words in Latin letters side by side, neither of them part of an identifier
_PROSE = re.compile(r"(?<![\w/#:.-])[A-Za-z][A-Za-z\u2019']*,? [A-Za-z][A-Za-z\u2019']*(?![\w/#:-])")
_TRUTH = {"true": "yes", "1": "yes", "false": "no", "0": "no"}
_XSD_BOOLEAN = f"{XSD}boolean"
_IRIS = Iris()
_PREFIXES = (
    (_IRIS.ontology, "dk:"), (f"{_IRIS.base}id/", ""), (_IRIS.base, ""), (XSD, "xsd:"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:"), ("http://www.w3.org/2000/01/rdf-schema#", "rdfs:"),
    ("http://www.w3.org/2004/02/skos/core#", "skos:"), ("http://www.w3.org/2002/07/owl#", "owl:"),
    ("http://purl.org/dc/terms/", "dct:"), ("http://www.w3.org/ns/prov#", "prov:"),
)  # fmt: skip
# names of works and records come again and again, as do dates; encoding one takes longer than rendering a cell
_KEPT = 20_000
quote = lru_cache(_KEPT)(percent_encoded)


def written_here(html: str) -> Markup:
    """HTML that this package put together of escaped pieces; `Markup` itself looks for a method of its argument."""
    return str.__new__(Markup, html)


def element(start: str, inside: str, end: str) -> Markup:
    """An element around a text or a piece of HTML; `Markup.format` does the same at ten times the cost."""
    return written_here(f"{start}{escape(inside)}{end}")


def _apart(start: str, text: str) -> Markup:
    return element(start, text, "</bdi>")


def _of_language(language: str, text: str) -> Markup:
    return element(f'<bdi lang="{escape(language)}">', text, "</bdi>")


def _short(iri: str) -> str:
    """An IRI as readers of a table know it: with a prefix, or from `kind/slug` on where it is one of ours."""
    return next((f"{prefix}{iri.removeprefix(start)}" for start, prefix in _PREFIXES if iri.startswith(start)), iri)


class Words:
    """Writes values for readers of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.texts = TEXTS[language]

    def number(self, count: int) -> str:
        """A number with its thousands apart, in the digits of the language."""
        text = f"{count:,}"
        return text.translate(_DIGITS) if self.language == "fa" else text

    def name(self, ref: Ref) -> Markup:
        """The name of a thing, marked with its language where that is another one."""
        if not ref.names and (known := self.texts["terms_elsewhere"].get(ref.iri)):
            # a term of a vocabulary of others that our data uses and does not name
            return escape(known)
        return self.written(ref.label(self.language))

    def written(self, name: Name) -> Markup:
        """A name; set apart where it is in another language or would upset the order of what stands around it."""
        if name.language and name.language != self.language:
            return _of_language(name.language, name.text)
        if not name.language and self.language == "fa" and is_prose(name.text):
            return _of_language("en", name.text)
        upsets = _LATIN if self.language == "fa" else _ARABIC
        return element("<bdi>", name.text, "</bdi>") if upsets.search(name.text) else escape(name.text)

    def text(self, text: str, language: str = "") -> Markup:
        """A text in a language, or in none that is stated."""
        return self.written(Name(text, language))

    def address(self, ref: Ref) -> str:
        """The page of a thing; that of any IRI where it is not one of ours."""
        if ref.kind:
            return f"/{self.language}/{quote(ref.kind)}/{quote(ref.slug)}"
        return self._of_iri(ref.iri)

    def _of_iri(self, iri: str) -> str:
        return f"/{self.language}/record?iri={quote(iri, safe=':/')}"

    def key(self, ref: Ref) -> str:
        """How a record is named in a query string: `kind/slug`, or its IRI."""
        return quote(f"{ref.kind}/{ref.slug}" if ref.kind else ref.iri, safe=":/")

    def link(self, ref: Ref) -> Markup:
        """The name of a thing with a link to its page."""
        return element(f'<a href="{escape(self.address(ref))}">', self.name(ref), "</a>")

    def mention(self, ref: Ref) -> Markup:
        """The name of a thing, with a link where it has an address."""
        return self.link(ref) if is_iri(ref.iri) else self.name(ref)

    def value(self, term: Term, ref: Ref | None) -> Markup:
        """A value of a statement."""
        if ref is not None:
            return self.link(ref)
        if isinstance(term, Literal):
            return self._literal(term)
        return self.cell(term) if isinstance(term, Iri) else _apart(_PLAIN, term.value)

    def _literal(self, literal: Literal) -> Markup:
        text = literal.value
        if literal.language:
            return self.written(Name(text, literal.language))
        if literal.datatype == XSD_DATE and days_of(text)[0]:
            return self.day(Span(*days_of(text)))
        if literal.datatype == _XSD_BOOLEAN and text in _TRUTH:
            return escape(self.texts[_TRUTH[text]])
        if literal.datatype == XSD_INTEGER and text.isdecimal():
            return escape(self.number(int(text)))
        if literal.datatype.startswith(XSD) and not literal.datatype.endswith("#string"):
            return _apart(_PLAIN, text)
        return self._auto(text)

    def _auto(self, text: str) -> Markup:
        """A text of no stated language, in the direction that it begins with."""
        return _apart(_PLAIN_WORDS if self.language == "fa" and is_prose(text) else _AUTO, text)

    def cell(self, term: Term | None) -> Markup:
        """A cell of a table of results; an IRI is written short and links to what is said of it."""
        if term is None:
            return Markup("")
        if isinstance(term, Iri):
            start = f'<a href="{escape(self._of_iri(term.value))}" title="{escape(term.value)}">'
            return element(start, _apart(_PLAIN, _short(term.value)), "</a>")
        if isinstance(term, Literal) and not term.language and term.datatype.startswith(XSD):
            # as it came: a table of results is read by people who count on its form
            return _apart(_WHOLE, term.value) if _DAY.match(term.value) else self._auto(term.value)
        return self.value(term, None)

    def moment(self, text: str) -> Markup:
        """The day of a time in ISO 8601, in both calendars, and the minute in UTC."""
        day, _, clock = text.partition("T")
        first, last = days_of(day)
        written = self.day(Span(first, last)) if first else _apart(_PLAIN, day)
        return Markup('{} <bdi dir="ltr" class="soft">{} UTC</bdi>').format(written, clock[:5]) if clock else written

    def period(self, first: str, last: str) -> Markup:
        """The period that two dates a reader wrote ask for, in both calendars; empty where none is asked for."""
        span = Span(days_asked(first)[0] if first else "", days_asked(last)[1] if last else "")
        return self.day(span) if span.precision != "unknown" else Markup("")

    def day(self, span: Span | None) -> Markup:
        """When something happened, as exactly as it is known: in the calendar of the language, then in the other."""
        return _day(self.language, "", "") if span is None else _day(self.language, span.earliest, span.latest)


@lru_cache(_KEPT)
def _day(language: str, earliest: str, latest: str) -> Markup:
    texts, precision = TEXTS[language], Span(earliest, latest).precision
    if precision == "unknown":
        return element('<span class="soft">', texts["undated"], "</span>")
    lead = escape(f"{texts[precision]} ") if precision in _HALF_OPEN else Markup("")
    try:
        first, last = (dt.date.fromisoformat(text) for text in (earliest or latest, latest or earliest))
    except ValueError:
        # a year before 1 or after 9999
        return lead + _apart(_PLAIN, " – ".join(dict.fromkeys((earliest, latest))))  # noqa: RUF001 - an en dash stands between dates
    western, own = gregorian(first, last, language), solar(first, last, language)
    shown, other = (own, western) if language == "fa" and own else (western, own)
    if language == "en" and own:
        other = f"{own} {texts['solar']}"
    aside = element(' <span class="soft">(', other, ")</span>") if other else Markup("")
    return lead + escape(shown) + aside


def plain(text: str) -> Markup:
    """An IRI, identifier or hash, left to right in any surroundings; marked as English where it is words."""
    return _apart(_PLAIN_WORDS if is_prose(text) else _PLAIN, text)


@lru_cache(_KEPT)
def is_prose(text: str) -> bool:
    """Whether a text of no stated language is to be read as English: words in Latin letters, none in Arabic ones.

    Notes of ours on where something stands carry no language; a screen reader would spell them with a Persian voice.
    """
    return _PROSE.search(text) is not None and _ARABIC.search(text) is None
