"""The answer to a query as a page shows it: a table, bars for counts, or as it came.

In: a query that passed the policy. Out: a `Result`, cut after `ROWS_SHOWN` rows: the whole answer is at the endpoint,
to which the page links. It must not judge a query.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from dadkhah.browse.ask import whole
from dadkhah.browse.terms import XSD, Literal, Term, read
from dadkhah.engine.interface import QueryForm, QueryRequest, ResultFormat
from dadkhah.errors import DadkhahError
from dadkhah.web.pages.render import View
from dadkhah.web.problems import problem_of

ROWS_SHOWN = 200
VIEWS = ("table", "bars", "raw")
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
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    total: int = 0
    truth: bool | None = None
    text: str = ""
    formats: tuple[str, ...] = TABLE_FORMATS

    @property
    def is_graph(self) -> bool:
        """Whether the answer is RDF."""
        return self.formats is GRAPH_FORMATS

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


async def answer(view: View, text: str, form: QueryForm) -> tuple[Result | None, str]:
    """The answer to a query, or what is wrong with it in words."""
    try:
        return await _answer(view, text, form), ""
    except DadkhahError as error:
        return None, said(error)


def said(error: DadkhahError) -> str:
    """What an error tells a reader."""
    detail: str = orjson.loads(problem_of(error).body)["detail"]
    return detail


async def _answer(view: View, text: str, form: QueryForm) -> Result:
    browsing = view.browsing
    rdf = form not in (QueryForm.SELECT, QueryForm.ASK)
    request = QueryRequest(
        text=text,
        format=ResultFormat.TURTLE if rdf else ResultFormat.JSON,
        timeout_seconds=browsing.context.settings.timeout_seconds,
    )
    body = await whole(await browsing.served.engine.query(request))
    if rdf:
        lines = body.decode().splitlines()
        return Result(text="\n".join(lines[:ROWS_SHOWN]), total=len(lines), formats=GRAPH_FORMATS)
    return _table(orjson.loads(body))


def _table(document: dict[str, Any]) -> Result:
    if "boolean" in document:
        return Result(truth=document["boolean"], formats=("json", "xml"))
    columns = tuple(document["head"]["vars"])
    bindings = document["results"]["bindings"]
    shown = list(islice(bindings, ROWS_SHOWN))
    rows = tuple(tuple(read(row[name]) if name in row else None for name in columns) for row in shown)
    raw = orjson.dumps({"head": document["head"], "results": {"bindings": shown}}, option=orjson.OPT_INDENT_2)
    return Result(columns, rows, len(bindings), text=raw.decode())
