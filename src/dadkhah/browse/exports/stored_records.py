"""Records read statement by statement from a whole snapshot, for files of other programs: GraphML, GeoJSON, FtM.

In: `Held` records, as whoever reads the snapshot gives them, twice where two passes are needed. Out: text, piece by
piece, so that a large snapshot is never held as one file; of each record its name and classes are held. It must not
read files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

import orjson

from dadkhah import vocab
from dadkhah.browse.exports.ftm import Entity, entity, event_entities, schema_of, with_names_told
from dadkhah.browse.models import Assertion, Ref, Voice
from dadkhah.browse.names import NAME_PROPERTIES, VARIANT_PROPERTIES, bare_ref, made_ref
from dadkhah.browse.pictures.drawing import GRAPHML_KEYS, GRAPHML_NAMESPACE, xml_text
from dadkhah.browse.pictures.told import speakers
from dadkhah.browse.records.naming import Naming
from dadkhah.browse.scheme import EARLIEST, FOREIGN_FIRST, FOREIGN_LAST, LATEST, Scheme
from dadkhah.browse.spans import Span, days_of
from dadkhah.browse.terms import Iri, Literal, Term
from dadkhah.browse.time_and_place.timelines import PEOPLE, PLACES, Dating, TimelineEntry
from dadkhah.browse.time_and_place.timelines import Said as Told

_LATITUDE, _LONGITUDE = (f"http://www.w3.org/2003/01/geo/wgs84_pos#{name}" for name in ("lat", "long"))


class Said(NamedTuple):
    """One statement of a record, and the graph that makes it; empty for the default graph."""

    property: str
    value: Term
    graph: str


@dataclass(frozen=True, slots=True)
class Held:
    """A record with all of its statements."""

    iri: str
    statements: tuple[Said, ...]

    def ref(self, scheme: Scheme) -> Ref:
        """The record as it is mentioned."""
        names: dict[str, list[Literal]] = {}
        types = []
        for each in self.statements:
            if isinstance(each.value, Literal):
                names.setdefault(each.property, []).append(each.value)
            elif each.property == vocab.RDF_TYPE and isinstance(each.value, Iri):
                types.append(each.value.value)
        return made_ref(scheme, self.iri, names, types)


Read = Callable[[], Iterable[Held]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of all records after one pass: how they are mentioned, and each voice's claimant and source."""

    scheme: Scheme
    refs: dict[str, Ref]
    claimants: dict[str, str]
    sources: dict[str, str]

    def voice(self, graph: str) -> Voice:
        """The voice behind a graph."""
        claimant, source = self.claimants.get(graph, ""), self.sources.get(graph, "")
        role = self.scheme.role_of(graph)
        return Voice(graph, claimant=self.refs.get(claimant), source=self.refs.get(source), role=role)


def known(scheme: Scheme, read: Read) -> Known:
    """Pass over all records once."""
    refs: dict[str, Ref] = {}
    claimants: dict[str, str] = {}
    sources: dict[str, str] = {}
    of_voices = {scheme.term("claimant"): claimants, scheme.term("inSource"): sources}
    for held in read():
        refs[held.iri] = held.ref(scheme)
        for each in held.statements:
            if each.property in of_voices and isinstance(each.value, Iri):
                of_voices[each.property][held.iri] = each.value.value
    return Known(scheme, refs, claimants, sources)


def graphml(scheme: Scheme, read: Read, about: Known) -> Iterator[str]:
    """Records as nodes, the statements that join two of them as edges with their voices; GraphML 1.0."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{GRAPHML_NAMESPACE}">'
    for key, target in GRAPHML_KEYS.items():
        if key != "hops":
            yield f'<key id="{key}" for="{target}" attr.name="{key}" attr.type="string"/>'
    yield '<graph edgedefault="directed">\n'
    unfollowed = scheme.no_links
    written: set[str] = set()
    number = 0
    for held in read():
        ends = [held.iri]
        edges: dict[tuple[str, str], list[str]] = {}
        for each in held.statements:
            if isinstance(each.value, Iri) and each.property not in unfollowed:
                edges.setdefault((each.property, each.value.value), []).append(each.graph)
                ends.append(each.value.value)
        for iri in ends:
            if iri not in written:
                written.add(iri)
                yield _node(about.refs.get(iri) or bare_ref(scheme, iri))
        for (name, target), graphs in edges.items():
            voices = [about.voice(graph) for graph in dict.fromkeys(graphs)]
            yield _edge(number, (held.iri, target), about.refs.get(name) or bare_ref(scheme, name), voices)
            number += 1
    yield "</graph></graphml>\n"


def _node(ref: Ref) -> str:
    types = _data("type", " ".join(ref.types))
    return f"<node id={_quoted(ref.iri)}>{_data('label', ref.label().text)}{types}</node>\n"


def _edge(number: int, ends: tuple[str, str], name: Ref, voices: Sequence[Voice]) -> str:
    source, target = (_quoted(end) for end in ends)
    graphs = " ".join(voice.iri for voice in voices if voice.iri)
    return (
        f'<edge id="e{number}" source={source} target={target}>{_data("property", name.iri)}'
        f"{_data('propertyLabel', name.label().text)}{_data('voices', graphs)}"
        f"{_data('claimants', '; '.join(speakers(voices)))}</edge>\n"
    )


def _quoted(text: str) -> str:
    return quoteattr(xml_text(text))


def _data(key: str, text: str) -> str:
    return f'<data key="{key}">{escape(xml_text(text))}</data>'


def geojson(scheme: Scheme, read: Read, about: Known) -> Iterator[str]:
    """Records that somebody gives coordinates for, as GeoJSON (RFC 7946); a point for each place given."""
    yield '{"type":"FeatureCollection","features":['
    lead = ""
    for held in read():
        for (latitude, longitude), graphs in _points(held).items():
            voices = [
                {"iri": graph, "claimant": claimant.iri if (claimant := about.voice(graph).claimant) else None}
                for graph in graphs
            ]
            ref = about.refs.get(held.iri) or held.ref(scheme)
            feature = {
                "type": "Feature",
                "id": held.iri,
                "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
                "properties": {
                    "label": {name.language: name.text for name in reversed(ref.names)},
                    "types": ref.types,
                    "voices": voices,
                },
            }
            yield f"{lead}\n{orjson.dumps(feature).decode()}"
            lead = ","
    yield "\n]}\n"


def _points(held: Held) -> dict[tuple[float, float], list[str]]:
    """Coordinates with the graphs that give them; both numbers of a point come from one graph."""
    found: dict[tuple[float, float], list[str]] = {}
    for graph in dict.fromkeys(each.graph for each in held.statements):
        numbers = {each.property: each.value for each in held.statements if each.graph == graph}
        try:
            point = float(numbers[_LATITUDE].value), float(numbers[_LONGITUDE].value)
        except (KeyError, ValueError):
            continue
        if abs(point[0]) <= 90 and abs(point[1]) <= 180:
            found.setdefault(point, []).append(graph)
    return found


def entities(scheme: Scheme, read: Read, about: Known) -> Iterator[Entity]:
    """Records as FollowTheMoney entities; those for which the schema has no more than a note are left out.

    Whoever an event points to, and the works that tell of it, are among them, each once, also where only the event was
    asked for.
    """
    written = {held.iri for held in read()}
    for held in read():
        ref = about.refs.get(held.iri) or held.ref(scheme)
        schema = schema_of(scheme, ref)
        if schema == "Note":
            continue
        named_by = {held.iri: _naming(held, about)}
        if schema == "Event":
            for each in event_entities(scheme, [_entry(scheme, held, ref, about)]):
                if each.ref.iri == held.iri or each.ref.iri not in written:
                    written.add(each.ref.iri)
                    yield from with_names_told([each], named_by)
            continue
        aliases = [
            each.value.value
            for each in held.statements
            if each.property in VARIANT_PROPERTIES and isinstance(each.value, Literal)
        ]
        voices = [about.voice(graph) for graph in dict.fromkeys(each.graph for each in held.statements)]
        yield from with_names_told([entity(scheme, ref, aliases=aliases, voices=voices)], named_by)


def _naming(held: Held, about: Known) -> Naming:
    """Who names a record, and who puts it into its classes."""
    names: dict[str, None] = {}
    kinds: dict[str, dict[str, None]] = defaultdict(dict)
    for each in held.statements:
        if each.property in (*NAME_PROPERTIES, *VARIANT_PROPERTIES):
            names[each.graph] = None
        elif each.property == vocab.RDF_TYPE:
            kinds[each.value.value][each.graph] = None
    return Naming(
        tuple(about.voice(graph) for graph in names),
        {kind: tuple(about.voice(graph) for graph in graphs) for kind, graphs in kinds.items()},
    )


def _entry(scheme: Scheme, held: Held, ref: Ref, about: Known) -> TimelineEntry:
    named: dict[str, tuple[Told, ...]] = {}
    for kind, properties in (("people", scheme.terms(*PEOPLE)), ("places", scheme.terms(*PLACES))):
        pairs: dict[tuple[str, str], list[str]] = defaultdict(list)
        for each in held.statements:
            if each.property in properties and each.value.value in about.refs:
                pairs[each.property, each.value.value].append(each.graph)
        named[kind] = tuple(
            Told(
                about.refs.get(role) or bare_ref(scheme, role),
                about.refs[thing],
                tuple(Assertion(about.voice(graph)) for graph in dict.fromkeys(graphs)),
            )
            for (role, thing), graphs in pairs.items()
        )
    people = tuple(each for each in named["people"] if schema_of(scheme, each.thing) != "Note")
    graphs = dict.fromkeys(each.graph for each in held.statements)
    own = {graph: _span(scheme, [each for each in held.statements if each.graph == graph]) for graph in graphs}
    datings = tuple(
        Dating(span, Assertion(about.voice(graph))) for graph, span in own.items() if span.earliest or span.latest
    )
    return TimelineEntry(
        ref, (), _span(scheme, held.statements), datings,
        tuple(dict.fromkeys(each.thing for each in named["places"])),
        tuple(dict.fromkeys(each.thing for each in people)),
        named["places"], people,
    )  # fmt: skip


def _span(scheme: Scheme, statements: Sequence[Said]) -> Span:
    firsts, lasts = {scheme.term(EARLIEST), *FOREIGN_FIRST}, {scheme.term(LATEST), *FOREIGN_LAST}
    first = [days_of(each.value.value)[0] for each in statements if each.property in firsts]
    last = [days_of(each.value.value)[1] for each in statements if each.property in lasts]
    return Span(min(filter(None, first), default=""), max(filter(None, last), default=""))
