"""Stored queries: the files of `queries/catalog/`, each a query with a header that names its parameters.

In: a folder. Out: queries that can be looked up by name and bound to values. The format is documented in
`docs/queries.md`. Files are checked when they are loaded, so that a broken one is found before a client asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import pyoxigraph as ox

from dadkhah.engine.interface import QueryForm
from dadkhah.engine.queries import policy
from dadkhah.engine.queries.header import Header, read_header
from dadkhah.engine.queries.parameters import Kind, Parameter
from dadkhah.engine.queries.prologue import prefixes as prefixes_of
from dadkhah.engine.queries.template import Template, compile_template
from dadkhah.errors import DadkhahError, NotFound, ParameterError, SourceSyntaxError

MAX_VALUES = 500
"""How many values one parameter may have."""

_SAMPLES = {
    Kind.IRI: "urn:x",
    Kind.CURIE: "urn:x",
    Kind.STRING: "x",
    Kind.LANG_STRING: "x@en",
    Kind.LANGUAGE: "en",
    Kind.INTEGER: "1",
    Kind.DECIMAL: "1",
    Kind.DATE: "2000-01-01",
    Kind.DATE_TIME: "2000-01-01T00:00:00+00:00",
    Kind.BOOLEAN: "true",
}


@dataclass(frozen=True, slots=True)
class StoredQuery:
    """A query of the catalogue.

    Attributes:
        name: of the file, without `.rq`; its address.
        header: what the file says about itself.
        text: the query with its `$parameters`, without the header.
        form: SELECT, ASK, CONSTRUCT or DESCRIBE.
    """

    name: str
    header: Header
    text: str
    form: QueryForm
    template: Template = field(repr=False)
    prefixes: Mapping[str, str] = field(repr=False)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """In the order of the header."""
        return self.header.parameters

    def title(self, language: str = "en") -> str:
        """In the language, or in English."""
        return self.header.titles.get(language) or self.header.titles.get("en", self.name)

    def description(self, language: str = "en") -> str:
        """In the language, or in English; empty where there is none."""
        return self.header.descriptions.get(language) or self.header.descriptions.get("en", "")

    def label(self, parameter: Parameter, language: str = "en") -> str:
        """What a parameter means, in the language or in English; its name where nothing says it."""
        return self.header.labels.get(language, {}).get(parameter.name) or parameter.label or parameter.name

    def bind(self, values: Mapping[str, str | Sequence[str]]) -> str:
        """The query with values in the place of its parameters.

        Args:
            values: by parameter; text as a client sends it, or several texts. An empty text counts as none.

        Raises:
            ParameterError: naming a parameter that is missing, unknown or of the wrong kind.
        """
        known = {parameter.name for parameter in self.parameters}
        for name in values:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"; did you mean “{near[0]}”?" if near else ""
                raise ParameterError(f"this query has no parameter “{name[:80]}”{hint}")
        terms = {
            parameter.name: self._terms(parameter, values.get(parameter.name, ())) for parameter in self.parameters
        }
        return self.template.fill(terms)

    def _terms(self, parameter: Parameter, given: str | Sequence[str]) -> list[str]:
        texts = [text for text in ([given] if isinstance(given, str) else given) if text != ""]
        if not texts and parameter.default is not None:
            texts = [parameter.default]
        if not texts and parameter.required:
            raise parameter.error("is missing")
        if len(texts) > 1 and not parameter.several:
            raise parameter.error("takes one value only")
        if len(texts) > MAX_VALUES:
            raise parameter.error(f"takes at most {MAX_VALUES} values")
        return [parameter.term(text, self.prefixes) for text in texts]


class Catalog(Mapping[str, StoredQuery]):
    """Stored queries by name, in alphabetical order."""

    def __init__(self, queries: Mapping[str, StoredQuery]) -> None:
        self._queries = dict(sorted(queries.items()))

    @classmethod
    def load(cls, folder: Path, prefixes: Mapping[str, str] | None = None) -> Catalog:
        """Read and check all `*.rq` files of a folder.

        Args:
            folder: where the files are; subfolders are not read.
            prefixes: further prefixes for parameters of kind `curie`; a query's own come first.

        Raises:
            SourceSyntaxError: with file and line, at the first file that is amiss.
        """
        return cls({path.stem: load_query(path, prefixes or {}) for path in sorted(folder.glob("*.rq"))})

    def find(self, name: str) -> StoredQuery:
        """The query of this name; NotFound holds names that come close."""
        if name in self._queries:
            return self._queries[name]
        near = get_close_matches(name, self._queries, n=3, cutoff=0.5)
        raise NotFound(f"there is no stored query “{name[:80]}”", near=tuple(near))

    def __getitem__(self, name: str) -> StoredQuery:
        return self._queries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._queries)

    def __len__(self) -> int:
        return len(self._queries)


def load_query(path: Path, prefixes: Mapping[str, str]) -> StoredQuery:
    """Read and check one file; SourceSyntaxError says what to mend."""
    try:
        source = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise SourceSyntaxError("the file is not UTF-8", file=str(path)) from error
    header, text = read_header(source, str(path))
    line_of_text = source[: len(source) - len(text)].count("\n")
    try:
        form = policy.check(text)
        template = compile_template(text, {parameter.name for parameter in header.parameters})
    except DadkhahError as error:
        line = getattr(error, "line", None)
        line = None if line is None else line + line_of_text
        raise SourceSyntaxError(str(error), file=str(path), line=line) from error
    unused = [parameter.name for parameter in header.parameters if parameter.name not in template.names]
    if unused:
        raise SourceSyntaxError(f"the parameter ${unused[0]} is declared and not used", file=str(path))
    query = StoredQuery(path.stem, header, text, form, template, {**prefixes, **prefixes_of(text)[1]})
    _try(query, path)
    return query


def _try(query: StoredQuery, path: Path) -> None:
    """Parse the query with a value for every parameter, and with required ones only."""
    everything = {p.name: p.choices[0] if p.choices else p.default or _sample(p) for p in query.parameters}
    required = {p.name: everything[p.name] for p in query.parameters if p.required}
    for values in (everything, required):
        try:
            ox.Store().query(query.bind(values))
        except (SyntaxError, ValueError, ParameterError) as error:
            given = ", ".join(f"${name}" for name in values) or "no parameter"
            raise SourceSyntaxError(f"with {given} given the query does not parse: {error}", file=str(path)) from error


def _sample(parameter: Parameter) -> str:
    if parameter.minimum is not None:
        return str(parameter.minimum)
    return (
        str(parameter.maximum) if parameter.maximum is not None and parameter.maximum < 1 else _SAMPLES[parameter.kind]
    )
