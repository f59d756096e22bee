"""What a reader's query may have meant: prefixes that it does not declare, terms of ours that there are none of.

In: the text of a query, the prefixes and the terms that are known. Out: `Hint`s, each with the query as it would read
then. It must not run anything, and changes nothing: the reader takes up a hint or does not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from dadkhah.engine.queries.prologue import prefixes
from dadkhah.engine.queries.scan import Token, tokens

_ALIKE = 0.7


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing that may be mended.

    Attributes:
        found: what stands in the query; empty for a line that is missing.
        meant: what may have been meant: the PREFIX line, or the term.
        query: the query with all hints of this kind taken up.
    """

    found: str
    meant: str
    query: str


def undeclared(text: str, known: Mapping[str, str]) -> tuple[Hint, ...]:
    """Prefixes that are used, not declared, and known: their lines go before the query."""
    declared = prefixes(text)[1]
    used = dict.fromkeys(token.text.partition(":")[0] for token in tokens(text) if token.kind == "prefixed")
    missing = [name for name in used if name not in declared and name in known]
    mended = "".join(f"PREFIX {name}: <{known[name]}>\n" for name in missing) + text
    return tuple(Hint("", f"PREFIX {name}: <{known[name]}>", mended) for name in missing)


def misspelt(text: str, namespace: str, terms: Collection[str]) -> tuple[Hint, ...]:
    """Names in our namespace that no term has, and one comes close to.

    Args:
        text: the query.
        namespace: IRI of the ontology, up to where its names begin.
        terms: all names in it.
    """
    ours = [name for name, iri in prefixes(text)[1].items() if iri == namespace]
    replaced: dict[Token, str] = {}
    for token in tokens(text):
        name = _local(token, namespace, ours)
        if name and name not in terms and (near := get_close_matches(name, terms, n=1, cutoff=_ALIKE)):
            replaced[token] = token.text.replace(name, near[0])
    mended = text
    for token in sorted(replaced, key=lambda each: -each.start):
        mended = mended[: token.start] + replaced[token] + mended[token.end :]
    meant = {token.text: new for token, new in replaced.items()}
    return tuple(Hint(old, new, mended) for old, new in meant.items())


def _local(token: Token, namespace: str, ours: Collection[str]) -> str:
    """The name in our namespace that a token writes, empty for any other."""
    if token.kind == "iri" and token.text.startswith(f"<{namespace}"):
        return token.text[1 + len(namespace) : -1]
    prefix, colon, local = token.text.partition(":")
    return local if token.kind == "prefixed" and colon and prefix in ours else ""
