"""Extension functions that the engine does not know: their value is an error, hence an unbound variable.

SPARQL 1.1, section 17.6, leaves unknown functions to the implementation; pyoxigraph ends the whole query with an
exception when it meets one. Here each unknown function that a query may call gets an implementation that has no
value. Which IRI a call names and whether it is known is asked of the engine itself, on an empty store, so its own
rules for prefixes, relative IRIs and escapes hold.

Runs in the reader; must not import anything of this package.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pyoxigraph as ox

# `<iri>(`, `prefix:name(`, `prefix:name #note \n (`: anything that could be a call. A collection after a predicate
# looks the same (`?s ex:p (1 2)`); to register its predicate as a function does no harm.
_LOCAL = r"(?:\\.|[^\s<>\"'(){}\[\],;|^`=!+*/?$&#\\])*"
_CALL = re.compile(
    r"(<[^<>\"{}|^`\x00-\x20]*>|[^\W\d_][\w.\-\u00b7]*:" + _LOCAL + "|:" + _LOCAL + r")(?:\s|#[^\r\n]*[\r\n])*\("
)
_FORM = re.compile(r"SELECT|ASK|CONSTRUCT|DESCRIBE", re.IGNORECASE)
_MIGHT_CALL = re.compile(r"[>:][^\s(]*(?:\s|#[^\r\n]*[\r\n])*\(")
_UNSUPPORTED = re.compile(r"The custom function <(.*)> is not supported", re.DOTALL)
_KNOWN_LIMIT = 10_000

Implementation = Callable[..., None]


def _no_value(*_: object) -> None:
    """Have no value: the call is an error, and the expression unbound."""


def named_in(error: RuntimeError) -> str | None:
    """The function that evaluation stopped at because the engine lacks it; None where it stopped for another reason."""
    match = _UNSUPPORTED.search(str(error))
    return None if match is None else match[1]


def without_value(iri: str) -> dict[ox.NamedNode, Implementation]:
    """An implementation without a value."""
    return {ox.NamedNode(iri): _no_value}


class UnknownFunctions:
    """Finds the functions of a query that the engine lacks; remembers what it has asked."""

    def __init__(self) -> None:
        self._empty = ox.Store()
        self._known: dict[str, bool] = {}

    def of(self, query: str) -> dict[ox.NamedNode, Implementation]:
        """Implementations without a value for every unknown function that the query may call.

        Costs 2 µs where nothing looks like a call, else a parse per distinct name not seen before.
        """
        if "(" not in query or _MIGHT_CALL.search(query) is None:
            return {}
        found: dict[ox.NamedNode, Implementation] = {}
        prologues: list[str] | None = None
        for name in dict.fromkeys(_CALL.findall(query)):
            if prologues is None:
                prologues = [query[: match.start()] for match in _FORM.finditer(query)][:20]
            iri = self._resolve(name, prologues)
            if iri is not None and not self._is_known(iri):
                found[ox.NamedNode(iri)] = _no_value
        return found

    def _resolve(self, name: str, prologues: list[str]) -> str | None:
        """The IRI that a name stands for; None where it stands for none."""
        # Which SELECT (or ASK …) ends the prologue is not looked for: a prefix or comment may hold such words too.
        # The first cut that parses is it: a longer one would hold a second query form.
        for prologue in prologues:
            try:
                solutions = self._empty.query(f"{prologue}\nSELECT (STR({name}) AS ?iri) {{}}")
                assert isinstance(solutions, ox.QuerySolutions)
                value = next(solutions)["iri"]
            except (SyntaxError, ValueError, RuntimeError):
                continue
            return value.value if isinstance(value, ox.Literal) else None
        return None

    def _is_known(self, iri: str) -> bool:
        known = self._known.get(iri)
        if known is None:
            known = self._ask(iri)
            if len(self._known) < _KNOWN_LIMIT:
                self._known[iri] = known
        return known

    def _ask(self, iri: str) -> bool:
        try:
            # a function that is known but refuses its argument has no value; only an unknown one raises
            solutions = self._empty.query(f"SELECT ({ox.NamedNode(iri)}(1) AS ?x) {{}}")
            assert isinstance(solutions, ox.QuerySolutions)
            next(solutions)
        except RuntimeError as error:
            return _UNSUPPORTED.search(str(error)) is None
        except (SyntaxError, ValueError):
            return True
        return True
