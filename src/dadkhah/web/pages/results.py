"""The answer to a query as a page shows it: a table, bars, a timeline, a map, a graph, or as it came.

In: a query that passed the policy. Out: a `Result`, cut after `ROWS_SHOWN` rows: the whole answer is at the endpoint,
to which the page links. What is drawn has its voices, which the answer lacks: they are looked up in a bounded number of
queries. It must not judge a query.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import orjson
from markupsafe import Markup

from dadkhah.browse.ask import whole
from dadkhah.browse.models import Ref, Voice
from dadkhah.browse.names import refs
from dadkhah.browse.pictures.drawing import svg
from dadkhah.browse.pictures.lanes import lanes_svg
from dadkhah.browse.pictures.point_map import map_svg
from dadkhah.browse.pictures.result_views import Moment, drawn_pairs, graph, lane, moments, points, triples
from dadkhah.browse.relations.neighbourhoods import Neighbourhood
from dadkhah.browse.relations.stated import Pair, who_gives, who_states
from dadkhah.browse.terms import XSD, Iri, Literal, Term, is_iri, read
from dadkhah.browse.time_and_place.places import PlacePoint
from dadkhah.engine.interface import QueryForm, QueryRequest, ResultFormat
from dadkhah.errors import DadkhahError
from dadkhah.web.pages.files import land_behind
from dadkhah.web.pages.markup import Words
from dadkhah.web.pages.messages import Complaint, complaint
from dadkhah.web.pages.render import View

ROWS_SHOWN = 200
# things in these rows that are called by their names
_NAMED = 1_000
VIEWS = ("table", "bars", "timeline", "map", "graph", "raw")
TABLE_FORMATS = ("json", "csv", "tsv", "xml")
GRAPH_FORMATS = ("ttl", "nt", "jsonld", "rdf", "trig", "nq")
_NUMBERS = frozenset(f"{XSD}{name}" for name in ("integer", "decimal", "double", "float", "int", "long"))


@dataclass(frozen=True, slots=True)
class Bar:
    """One row drawn as a bar: what is counted, how many, and the width in percent of the longest."""

    labels: tuple[Term, ...]
    text: str
    width: float


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave: columns with rows, a truth value, or RDF as text.

    Attributes:
        columns: names of the variables.
        rows: the first of them.
        total: how many there are; lines where the answer is RDF.
        truth: of an ASK.
        text: RDF, or the rows as they came.
        formats: names of all formats the whole answer can be had in.
        graph: of an answer in RDF, what its statements join; None where it is shown as text.
        given: who gives the things in the rows the times and coordinates that stand beside them.
        named: the things in the rows that have a name, where names are shown for IRIs.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    total: int = 0
    truth: bool | None = None
    text: str = ""
    formats: tuple[str, ...] = TABLE_FORMATS
    graph: Neighbourhood | None = None
    given: Mapping[Pair, tuple[Voice, ...]] = field(default_factory=dict)
    named: Mapping[str, Ref] = field(default_factory=dict)

    @property
    def is_graph(self) -> bool:
        """Whether the answer is RDF."""
        return self.formats is GRAPH_FORMATS

    def views(self) -> tuple[str, ...]:
        """The views that this answer has something for."""
        if self.is_graph:
            return ("graph", "raw")
        found = {"bars": self.bars, "timeline": self.moments, "map": self.points}
        return tuple(name for name in VIEWS if name != "graph" and (name not in found or found[name]()))

    def moments(self) -> tuple[Moment, ...]:
        """Rows in order of time; none where no column holds dates."""
        return moments(self.columns, self.rows, self.given)

    def points(self) -> tuple[PlacePoint, ...]:
        """Rows as points of a map; none where no columns hold coordinates."""
        return points(self.columns, self.rows, self.given, self.named)

    def bars(self) -> tuple[Bar, ...]:
        """Rows as bars, by the last column of numbers; none where there is no such column or one is below zero."""
        for place in reversed(range(len(self.columns))):
            numbers = [_number(row[place]) for row in self.rows]
            if numbers and all(number is not None and number >= 0 for number in numbers):
                most = max(number for number in numbers if number is not None) or 1
                return tuple(
                    Bar(
                        self._labels(row, place), getattr(row[place], "value", ""), round(100 * (number or 0) / most, 1)
                    )
                    for row, number in zip(self.rows, numbers, strict=True)
                )
        return ()

    @staticmethod
    def _labels(row: tuple[Term | None, ...], place: int) -> tuple[Term, ...]:
        """The cells that are no numbers."""
        return tuple(cell for at, cell in enumerate(row) if at != place and cell and _number(cell) is None)


def _number(term: Term | None) -> float | None:
    if not isinstance(term, Literal) or term.datatype not in _NUMBERS:
        return None
    try:
        return float(term.value)
    except ValueError:
        return None


async def answer(
    view: View, text: str, form: QueryForm, shown: str, *, by_name: bool = False
) -> tuple[Result | None, Complaint | None]:
    """The answer to a query for one of the views, or what is wrong with it in words.

    Pictures show names for IRIs; tables where that is asked for, since whoever writes a query counts on its form.
    """
    try:
        return await _answer(view, text, form, shown, by_name=by_name), None
    except DadkhahError as error:
        return None, complaint(error, view.language)


async def _answer(view: View, text: str, form: QueryForm, shown: str, *, by_name: bool) -> Result:
    if form in (QueryForm.SELECT, QueryForm.ASK):
        found = _table(orjson.loads(await _body(view, text, ResultFormat.JSON)))
        if by_name or shown not in ("table", "raw"):
            found = replace(found, named=await _names(view, found.rows))
        if shown not in ("timeline", "map"):
            return found
        browsing = view.browsing
        given = await who_gives(browsing.ask, browsing.scheme, drawn_pairs(found.columns, found.rows))
        return replace(found, given=given)
    if shown != "raw":
        statements = triples(orjson.loads(await _body(view, text, ResultFormat.JSON_LD)))
        if statements:
            picture = await _drawn(view, statements)
            return Result(total=len(statements), formats=GRAPH_FORMATS, graph=picture)
    lines = (await _body(view, text, ResultFormat.TURTLE)).decode().splitlines()
    return Result(text="\n".join(lines[:ROWS_SHOWN]), total=len(lines), formats=GRAPH_FORMATS)


async def _names(view: View, rows: tuple[tuple[Term | None, ...], ...]) -> dict[str, Ref]:
    """The things in rows that have names: one query."""
    iris = dict.fromkeys(cell.value for row in rows for cell in row if isinstance(cell, Iri) and is_iri(cell.value))
    found = await refs(view.browsing.ask, view.browsing.scheme, list(iris)[:_NAMED])
    return {iri: ref for iri, ref in found.items() if ref.names}


async def _drawn(view: View, statements: list[tuple[str, str, str]]) -> Neighbourhood:
    ask, scheme = view.browsing.ask, view.browsing.scheme
    bare = graph(statements, {}, {})
    named = [*(node.ref.iri for node in bare.nodes), *(edge.property.iri for edge in bare.edges)]
    stated = await who_states(ask, scheme, ((edge.subject, edge.property.iri, edge.object) for edge in bare.edges))
    return graph(statements, await refs(ask, scheme, named), stated)


async def _body(view: View, text: str, form: ResultFormat) -> bytes:
    browsing = view.browsing
    request = QueryRequest(text=text, format=form, timeout_seconds=browsing.context.settings.timeout_seconds)
    return await whole(await browsing.served.engine.query(request))


def drawing(view: View, result: Result | None, shown: str) -> Markup:
    """The picture of a view that is one, as SVG; empty for the others."""
    if result is None:
        return Markup("")
    words = Words(view.language)
    title = words.texts["result"]

    def address(ref: Ref) -> str:
        return words.address(ref) if is_iri(ref.iri) else ""

    drawn = ""
    if result.graph is not None:
        about = words.texts["drawn_result"].format(count=words.number(len(result.graph.edges)))
        drawn = svg(result.graph, view.language, address, title, about, words=words.texts["terms_elsewhere"])
    elif shown == "timeline" and (found := result.moments()):
        drawn = lanes_svg([lane(found, result.named)], view.language, address, title)
    elif shown == "map" and (placed := result.points()):
        drawn = map_svg(placed, view.language, address, title, land_behind)
    # an XML serialiser wrote the drawing: everything from the data is escaped
    return Markup(drawn)  # noqa: S704 - see above


def _table(document: dict[str, Any]) -> Result:
    if "boolean" in document:
        return Result(truth=document["boolean"], formats=("json", "xml"))
    columns = tuple(document["head"]["vars"])
    bindings = document["results"]["bindings"]
    shown = list(islice(bindings, ROWS_SHOWN))
    rows = tuple(tuple(read(row[name]) if name in row else None for name in columns) for row in shown)
    raw = orjson.dumps({"head": document["head"], "results": {"bindings": shown}}, option=orjson.OPT_INDENT_2)
    return Result(columns, rows, len(bindings), text=raw.decode())
