"""Who says it, in one line: "according to A [passage] · B [passage] · 3 more voices".

In: assertions. Out: `Markup`. Voices of one claimant stand together with all the passages they cite, so that the name
is written once. A mark names the source and the passage and links to the passage. It must not leave a voice out
without saying how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup, escape

from dadkhah.browse.models import Assertion, Locator, Statement, Voice
from dadkhah.browse.spans import Span
from dadkhah.browse.terms import Literal
from dadkhah.browse.time_and_place.timelines import TimelineEntry
from dadkhah.web.pages.markup import Words, element, is_prose, plain, quote, written_here

# passages of one claimant in one line; beyond it their number
_PASSAGES = 6
_PASSAGES_CUT = 2
_DATES_CUT = 4
# places and people of an event, and claimants in a line about them
_SAID_SHOWN, _SAID_VOICES = 6, 2
_NOTES = frozenset({"note", "copyNote", "scopeNote", "definition"})
_UNNAMED = {
    "analysis": "reading", "authority": "authority", "sources": "role_sources", "mappings": "mappings",
    "ontology": "role_ontology", "default": "unattributed",
}  # fmt: skip


class Teller(Words):
    """Writes values, and who says so."""

    def once(self, statements: Iterable[Statement]) -> list[Statement]:
        """Statements without the notes that stand there in the language of the page too.

        A note is written by whoever describes a record; in two languages it is one note. Words of a source are none.
        """
        held = list(statements)
        told = {each.property.iri for each in held if _language_of(each) == self.language}
        return [each for each in held if not (each.property.iri in told and _is_note(each, self.language))]

    def says(self, assertions: Sequence[Assertion], more: str = "", most: int = 0) -> Markup:
        """Tell who makes a statement.

        Args:
            assertions: who makes it.
            more: address of a page with all of them.
            most: claimants named here; 0 for all.
        """
        return element('<p class="says">', self._line(assertions, more, most), "</p>")

    def spoken(self, voices: Iterable[Voice], what: str = "", most: int = 0) -> Markup:
        """The same for voices whose passages are not at hand, perhaps of one thing that stands there."""
        line = self._line([Assertion(voice) for voice in voices], "", most)
        return element('<p class="says">', Markup("{}: {}").format(what, line) if what else line, "</p>")

    def told(self, entry: TimelineEntry, own: str = "", more: str = "", most: int = 0) -> Markup:
        """Who says when, where and whom: what the same voices say in one line, each date apart where they differ.

        Args:
            entry: the event.
            own: the record on whose page this stands; that the event names it is told elsewhere.
            more: address of a page with all voices.
            most: claimants named in a line; 0 for all.
        """
        by_voices: dict[tuple[str, ...], tuple[Sequence[Assertion], list[Markup]]] = {}
        dates = _by_span(entry)
        if len(dates) == 1:
            ((span, assertions),) = dates.items()
            dated = bool(span.earliest or span.latest)
            by_voices[_who(assertions)] = assertions, [escape(self.texts["this_date"])] if dated else []
        said = [each for each in (*entry.people_said, *entry.places_said) if each.thing.iri != own]
        for each in said[:_SAID_SHOWN]:
            fact = written_here(f"{self.name(each.role)}: {self.link(each.thing)}")
            _, facts = by_voices.setdefault(_who(each.assertions), (each.assertions, []))
            facts.append(fact)
        lines = [self._dates(entry, dates, more, most)] if len(dates) > 1 else []
        for voices, facts in by_voices.values():
            # they vouch for what stands in the line; anything else may be another's word
            lead = " · ".join(facts) + ": " if facts else ""
            line = self._line(voices, more, most or _SAID_VOICES)
            lines.append(written_here(f'<p class="says">{lead}{line}</p>'))
        left = len(said) - _SAID_SHOWN
        if left > 0:
            text = self.texts["n_more"].format(count=self.number(left))
            lines.append(Markup('<p class="says"><a href="{}">{}</a></p>').format(self.address(entry.event), text))
        return written_here("".join(lines))

    def _dates(self, entry: TimelineEntry, dates: Mapping[Span, Sequence[Assertion]], more: str, most: int) -> Markup:
        """Each date that is told, with who tells it."""
        ordered = sorted(dates.items(), key=lambda item: item[0].sort_key)
        shown = ordered[:_DATES_CUT] if most and more else ordered
        lines = [
            written_here(f'<p class="says">{self.day(span)}: {self._line(held, more, most)}</p>')
            for span, held in shown
        ]
        if len(ordered) > len(shown):
            text = self.texts["more_dates"].format(count=self.number(len(ordered) - len(shown)))
            lines.append(Markup('<p class="says"><a href="{}">{}</a></p>').format(self.address(entry.event), text))
        return Markup("").join(lines)

    def _line(self, assertions: Iterable[Assertion], more: str, most: int) -> Markup:
        groups = _by_claimant(assertions)
        shown = groups[:most] if most else groups
        marks = _PASSAGES_CUT if most else _PASSAGES
        parts = [_group(self, group, marks) for group in shown]
        lead = "" if parts and shown[0][0].voice.role == "derived" else f"{self.texts['according']} "
        line = written_here(f"{escape(lead)}{' · '.join(parts)}")
        left = len(groups) - len(shown)
        if left:
            text = self.texts["more_voices"].format(count=self.number(left))
            line += Markup(' · <a href="{}">{}</a>').format(more, text) if more else Markup(" · {}").format(text)
        return line


def _who(assertions: Iterable[Assertion]) -> tuple[str, ...]:
    """What tells assertions from others: the voices and the passages, by IRI."""
    return tuple(iri for each in assertions for iri in (each.voice.iri, *(one.iri for one in each.passages)))


def _by_span(entry: TimelineEntry) -> dict[Span, list[Assertion]]:
    """Who gives which date; how it was written makes no other date of it."""
    found: dict[Span, list[Assertion]] = {}
    for each in entry.datings:
        found.setdefault(replace(each.span, edtf=""), []).append(each.assertion)
    return found


def _by_claimant(assertions: Iterable[Assertion]) -> list[list[Assertion]]:
    """Assertions by claimant, those with most passages first: they are the best documented; the build's come last."""
    groups: dict[str, list[Assertion]] = {}
    for each in assertions:
        voice = each.voice
        groups.setdefault(voice.claimant.iri if voice.claimant else voice.role or voice.iri, []).append(each)
    return sorted(
        groups.values(),
        key=lambda group: (group[0].voice.role == "derived", -sum(bool(each.passages) for each in group)),
    )


def _language_of(statement: Statement) -> str:
    term = statement.value.term
    return term.language if isinstance(term, Literal) else ""


def _is_note(statement: Statement, language: str) -> bool:
    """Whether it is a note of ours in a language other than this one."""
    return statement.property.iri.rpartition("#")[2] in _NOTES and _language_of(statement) not in ("", language)


def _group(words: Words, group: Sequence[Assertion], most: int) -> Markup:
    cited = [(each.voice, passage) for each in group for passage in each.passages]
    count = len(cited) or len(group)
    marks = [_mark(words, voice, passage) for voice, passage in cited[:most]]
    marks = marks or [_whole(words, each.voice) for each in group[:most]]
    shown = "".join(dict.fromkeys(marks))
    left = count - most
    return written_here(f"{_name(words, group[0].voice)}{shown}{f' +{words.number(left)}' if left > 0 else ''}")


def _name(words: Words, voice: Voice) -> Markup:
    if voice.claimant:
        return words.link(voice.claimant)
    if voice.role == "derived":
        return escape(words.texts["derived"])
    if voice.role in _UNNAMED:
        return escape(words.texts[_UNNAMED[voice.role]])
    return Markup('{} <bdi dir="ltr">{}</bdi>').format(words.texts["graph_voice"], voice.iri)


def _mark(words: Words, voice: Voice, passage: Locator) -> Markup:
    """A passage with its source, once: labels of ours begin with the source's name."""
    text = passage.label or passage.locator or words.texts["passage"]
    if not voice.source or voice.source.kind != "source":
        return element(' <span class="mark">', plain(text) if is_prose(text) else text, "</span>")
    slug = voice.source.slug
    named = text if text.startswith(slug) else f"{slug} {text}"
    fragment = f"#{quote(passage.label)}" if passage.label else ""
    return _source_mark(words.language, slug, fragment, plain(named) if is_prose(named) else named)


def _whole(words: Words, voice: Voice) -> Markup:
    """The source as such, where no passage is cited."""
    if not voice.source:
        return Markup("")
    if voice.source.kind != "source":
        return Markup(" ") + words.link(voice.source)
    return _source_mark(words.language, voice.source.slug, "", voice.source.slug)


def _source_mark(language: str, slug: str, fragment: str, text: str) -> Markup:
    return element(
        f' <a class="mark" href="/{language}/sources/{escape(quote(slug))}{escape(fragment)}">', text, "</a>"
    )
