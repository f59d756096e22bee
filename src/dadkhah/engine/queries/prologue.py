"""The prologue of a query: which IRI a token stands for. SPARQL 1.1, section 4.1."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from dadkhah.engine.queries.scan import CODEPOINT_ESCAPE, Token, tokens

_LOCAL_ESCAPE = re.compile(r"\\(.)")


def prefixes(text: str) -> tuple[str | None, dict[str, str]]:
    """The base, if any, and the prefixes that a query declares before its form."""
    base: str | None = None
    found: dict[str, str] = {}
    stream = (token for token in tokens(text) if token.kind != "comment")
    for token in stream:
        word = token.text.upper()
        if word == "PREFIX":
            name, iri = next(stream, None), next(stream, None)
            if name is None or iri is None or iri.kind != "iri":
                break
            found[name.text.removesuffix(":")] = _absolute(iri, base)
        elif word == "BASE":
            iri = next(stream, None)
            if iri is None or iri.kind != "iri":
                break
            base = _absolute(iri, base)
        else:
            break
    return base, found


def resolve(text: str, token: Token) -> str | None:
    """The IRI that a token of this query names; None where it names none (a variable, an undeclared prefix)."""
    base, declared = prefixes(text)
    if token.kind == "iri":
        return _absolute(token, base)
    if token.kind == "prefixed":
        prefix, _, local = token.text.partition(":")
        if prefix in declared:
            return declared[prefix] + _LOCAL_ESCAPE.sub(r"\1", local)
    return None


def _absolute(token: Token, base: str | None) -> str:
    iri = CODEPOINT_ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), token.text[1:-1])
    return iri if base is None else urljoin(base, iri)
