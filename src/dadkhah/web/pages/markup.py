"""Pieces of HTML that templates share: names, links, dates, numbers, in one language.

In: view models and a language. Out: `Markup`, everything from the data escaped. Dates, IRIs and identifiers stand in
`bdi`, since a bare ISO date after Persian letters shows reversed.
"""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import Markup, escape

from dadkhah.browse.models import Ref
from dadkhah.browse.spans import Span
from dadkhah.browse.terms import XSD, Iri, Literal, Term
from dadkhah.web.pages.texts import TEXTS

_DIGITS = str.maketrans("0123456789,", "۰۱۲۳۴۵۶۷۸۹٬")
_PLAIN = Markup('<bdi dir="ltr">{}</bdi>')
_LINK = Markup('<a href="{}">{}</a>')


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
        label = ref.label(self.language)
        if label.language and label.language != self.language:
            return Markup('<bdi lang="{}">{}</bdi>').format(label.language, label.text)
        return Markup("<bdi>{}</bdi>").format(label.text)

    def address(self, ref: Ref) -> str:
        """The page of a thing; that of any IRI where it is not one of ours."""
        if ref.kind:
            return f"/{self.language}/{quote(ref.kind)}/{quote(ref.slug)}"
        return f"/{self.language}/record?iri={quote(ref.iri, safe='')}"

    def link(self, ref: Ref) -> Markup:
        """The name of a thing with a link to its page."""
        return _LINK.format(self.address(ref), self.name(ref))

    def value(self, term: Term, ref: Ref | None) -> Markup:
        """A value of a statement."""
        if ref is not None:
            return self.link(ref)
        if isinstance(term, Literal):
            if term.language:
                return Markup('<bdi lang="{}">{}</bdi>').format(term.language, term.value)
            if term.datatype.startswith(XSD) and not term.datatype.endswith("#string"):
                return _PLAIN.format(term.value)
            return Markup('<bdi dir="auto">{}</bdi>').format(term.value)
        if isinstance(term, Iri):
            return self.cell(term)
        return _PLAIN.format(term.value)

    def cell(self, term: Term | None) -> Markup:
        """A cell of a table of results; an IRI links to what is said of it."""
        if term is None:
            return Markup("")
        if isinstance(term, Iri):
            return _LINK.format(f"/{self.language}/record?iri={quote(term.value, safe='')}", _PLAIN.format(term.value))
        return self.value(term, None)

    def day(self, span: Span | None) -> Markup:
        """When something happened: as exactly as it is known, with the Solar Hijri day where both ends are known."""
        if span is None or span.precision == "unknown":
            return Markup('<span class="soft">{}</span>').format(self.texts["undated"])
        shown = _gregorian(span)
        if span.precision in ("not-before", "not-after"):
            shown = span.earliest or span.latest
            return Markup("{} {}").format(self.texts[span.precision], _PLAIN.format(shown))
        first, last = span.solar_hijri
        solar = first if first == last else f"{first} – {last}"  # noqa: RUF001 - an en dash stands between dates
        text = _PLAIN.format(shown)
        if not first:
            return text
        return Markup('{} <span class="soft">{} {}</span>').format(text, _PLAIN.format(solar), self.texts["solar"])


def _gregorian(span: Span) -> str:
    lengths = {"day": 10, "month": 7, "year": 4}
    if span.precision in lengths:
        return span.earliest[: lengths[span.precision]]
    return f"{span.earliest} – {span.latest}"  # noqa: RUF001 - an en dash stands between dates


def plain(text: str) -> Markup:
    """An IRI, identifier or hash, left to right in any surroundings."""
    return _PLAIN.format(escape(text))
