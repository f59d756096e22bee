"""A query with places for terms.

In: the text of a query and the names of its parameters. Out: a template that writes terms into those places. Places are
found by tokens, so `$name` inside a string, an IRI or a comment is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from dadkhah.engine.queries.scan import Token, position, tokens
from dadkhah.errors import QuerySyntaxError


@dataclass(frozen=True, slots=True)
class Place:
    """Where terms go.

    Attributes:
        name: the parameter.
        separator: between several terms: comma in round brackets (`IN ($x)`), else a space (`VALUES ?v { $x }`).
        bound: the place is `BOUND($x)` and becomes `true` or `false`.
    """

    name: str
    separator: str = " "
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """Pieces of text and places, in order."""

    pieces: tuple[str | Place, ...]

    @property
    def names(self) -> frozenset[str]:
        """The parameters that have a place."""
        return frozenset(piece.name for piece in self.pieces if isinstance(piece, Place))

    def fill(self, terms: Mapping[str, Sequence[str]]) -> str:
        """The query with terms in their places; a parameter without terms stays an unbound variable."""
        return "".join(piece if isinstance(piece, str) else _written(piece, terms[piece.name]) for piece in self.pieces)


def _written(place: Place, terms: Sequence[str]) -> str:
    if place.bound:
        return " true " if terms else " false "
    if not terms:
        return f"${place.name}"
    return f" {place.separator.join(terms)} "


def compile_template(text: str, names: AbstractSet[str]) -> Template:
    """Find the places of the parameters.

    A parameter is written `$name`. Raises QuerySyntaxError where `?name` is used for one, or `$other` is not declared:
    to SPARQL `$x` and `?x` are the same variable, and only one of the two would be replaced.
    """
    stream = [token for token in tokens(text) if token.kind != "comment"]
    pieces: list[str | Place] = []
    brackets: list[str] = []
    at = 0
    for index, token in enumerate(stream):
        if token.kind == "open":
            brackets.append(token.text)
        elif token.kind == "close" and brackets:
            brackets.pop()
        if token.kind != "variable" or not _is_parameter(text, token, names):
            continue
        name = token.text[1:]
        if _is_bound(stream, index):
            start, end = stream[index - 2].start, stream[index + 1].end
            pieces += (text[at:start], Place(name, bound=True))
        else:
            start, end = token.start, token.end
            separator = ", " if brackets and brackets[-1] == "(" else " "
            pieces += (text[at:start], Place(name, separator))
        at = end
    pieces.append(text[at:])
    return Template(tuple(pieces))


def _is_parameter(text: str, token: Token, names: AbstractSet[str]) -> bool:
    declared = token.text[1:] in names
    if declared != token.text.startswith("$"):
        line, column = position(text, token.start)
        problem = (
            f"write ${token.text[1:]} for the parameter, not {token.text}"
            if declared
            else f"{token.text} is no declared parameter; write ?{token.text[1:]} for a variable"
        )
        raise QuerySyntaxError(problem, line=line, column=column)
    return declared


def _is_bound(stream: Sequence[Token], index: int) -> bool:
    return (
        index >= 2
        and stream[index - 1].text == "("
        and stream[index - 2].text.upper() == "BOUND"
        and index + 1 < len(stream)
        and stream[index + 1].text == ")"
    )
