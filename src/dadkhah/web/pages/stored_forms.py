"""The form of a stored query: what a reader wrote into it, and the values that the query is asked with.

In: a request and a stored query. Out: a `Filled`. Where the interface takes identifiers and Gregorian days, a form also
takes names, in any script or spelling, and days of either calendar, a month or a year for its first or last day. Two
queries for each name, one for each identifier. It must not bind anything: values are bound as terms by the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dadkhah.browse.models import Name
from dadkhah.browse.names import refs
from dadkhah.engine.queries.catalog import StoredQuery
from dadkhah.engine.queries.parameters import Kind, Parameter
from dadkhah.errors import ParameterError
from dadkhah.web.api.browsing import first_day, last_day
from dadkhah.web.pages.named import ANYTHING, Named, named
from dadkhah.web.pages.render import View

_INPUTS = {Kind.INTEGER: "number", Kind.DECIMAL: "number"}
_THINGS = (Kind.CURIE, Kind.IRI)
# parameters that close a period: of a month they mean its last day
_ENDS = ("until", "to", "before", "last")


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter as a field of a form, with its label in the language of the page."""

    parameter: Parameter
    label: Name
    value: str

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be chosen, where the values are few."""
        return ("true", "false") if self.parameter.kind is Kind.BOOLEAN else self.parameter.choices

    @property
    def type(self) -> str:
        """The type of the input; of a date it is text, since browsers know one calendar."""
        return _INPUTS.get(self.parameter.kind, "text")

    @property
    def is_date(self) -> bool:
        """Whether it takes a day."""
        return self.parameter.kind is Kind.DATE

    @property
    def is_thing(self) -> bool:
        """Whether it takes a record by its name."""
        return self.parameter.kind in _THINGS and not self.parameter.several


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in.

    Attributes:
        values: by parameter, as the interface takes them.
        things: what was understood of each field that takes a record.
        fields: the form to show.
        problem: what is wrong with a day, where something is.
        complete: whether the query can be asked: nothing is missing, unclear or wrong.
    """

    values: dict[str, list[str]]
    things: tuple[Named, ...]
    fields: tuple[Field, ...]
    problem: ParameterError | None
    complete: bool


async def read_form(view: View, query: StoredQuery) -> Filled:
    """Understand what was sent; what is wrong with it is told, not raised."""
    written = _written(view, query)
    values, things, fields = dict(written), [], []
    problem: ParameterError | None = None
    for each in query.parameters:
        field = _field(query, each, view.language, written.get(each.name, ()))
        texts = written.get(each.name, [])
        if field.is_thing and (text := texts[0] if len(texts) == 1 else "" if texts else each.default or ""):
            thing = await _thing(view, query, each, text)
            field = Field(each, field.label, thing.written(view.language))
            if texts:
                things.append(thing)
                values[each.name] = [thing.iri]
        elif field.is_date and texts:
            try:
                values[each.name] = [_day(each, text) for text in texts]
            except ParameterError as error:
                problem = error
        fields.append(field)
    missing = any(each.required and each.default is None and not values.get(each.name) for each in query.parameters)
    unclear = any(thing.unclear for thing in things)
    return Filled(values, tuple(things), tuple(fields), problem, not (missing or unclear or problem))


def _written(view: View, query: StoredQuery) -> dict[str, list[str]]:
    """Texts by parameter; an empty field counts as none, and names are asked for in the language of the page."""
    several = {each.name for each in query.parameters if each.several}
    given: dict[str, list[str]] = {}
    for name, value in view.browsing.request.query_params.multi_items():
        if name != "view" and value.strip():
            given.setdefault(name, []).extend(value.split() if name in several else [value.strip()])
    for each in query.parameters:
        if each.kind is Kind.LANGUAGE and each.name not in given and view.language in (each.choices or ("en", "fa")):
            given[each.name] = [view.language]
    return given


def _field(query: StoredQuery, parameter: Parameter, language: str, given: Sequence[str]) -> Field:
    own = language if parameter.name in query.header.labels.get(language, {}) else "en"
    label = Name(query.label(parameter, language), own)
    return Field(parameter, label, "\n".join(given) or parameter.default or "")


def _day(parameter: Parameter, text: str) -> str:
    return (last_day if parameter.name in _ENDS else first_day)(text, parameter.name)


async def _thing(view: View, query: StoredQuery, parameter: Parameter, text: str) -> Named:
    """A record or term by its IRI or a prefixed name of the query, as at the interface; else by its name."""
    if ":" not in text or text.endswith(")"):
        return await named(view.browsing, parameter.name, text, among=ANYTHING)
    try:
        iri = parameter.term(text, query.prefixes)[1:-1]
    except ParameterError:
        # it is bound as it stands, and refused by the name of the parameter
        return Named(parameter.name, text, text)
    found = await refs(view.browsing.ask, view.browsing.scheme, [iri])
    return Named(parameter.name, text, iri, found.get(iri))
