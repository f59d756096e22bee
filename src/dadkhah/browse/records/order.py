"""In which order the statements of a record are read and shown: what tells a reader most comes first.

In: the scheme. Out: a rank for each property, as a number and as an expression of SPARQL. Names and identity come
first, then whom something befell, when, where and before whom, then all else; what says a date again, how a name was
found, and classes come last. It must not weigh voices: values of one property stand together whoever says them.
"""

from __future__ import annotations

from collections.abc import Callable

from dadkhah import vocab
from dadkhah.browse import terms
from dadkhah.browse.names import NAME_PROPERTIES, VARIANT_PROPERTIES
from dadkhah.browse.scheme import EDTF, SAME_AS, Scheme
from dadkhah.browse.time_and_place.timelines import PEOPLE, PLACES


def apart(scheme: Scheme) -> frozenset[str]:
    """Properties that a record gives in fields of their own, not among its statements."""
    return frozenset((*_identity(scheme), vocab.RDF_TYPE))


def _identity(scheme: Scheme) -> tuple[str, ...]:
    return (*NAME_PROPERTIES, *VARIANT_PROPERTIES, *SAME_AS, *scheme.terms("independentClaimants", "protection"))


def _ranked(scheme: Scheme) -> tuple[tuple[int, tuple[str, ...]], ...]:
    return (
        (0, _identity(scheme)),
        (1, scheme.terms(*PEOPLE)),
        (2, tuple(name for name in scheme.dating if name != scheme.term(EDTF))),
        (3, scheme.terms(*PLACES, "court", "judge")),
        # what the earliest and the latest day say already, in the notation of a standard
        (5, scheme.terms(EDTF, "nameSource")),
        (6, (vocab.RDF_TYPE,)),
    )


_OTHERS = 4


def rank_of(scheme: Scheme) -> Callable[[str], int]:
    """The rank of a property: lower ones are shown before higher ones."""
    ranks = {name: rank for rank, names in _ranked(scheme) for name in names}
    return lambda name: ranks.get(name, _OTHERS)


def rank_in_query(scheme: Scheme, variable: str) -> str:
    """The same as an expression over a variable that is bound to a property."""
    expression = str(_OTHERS)
    for rank, names in reversed(_ranked(scheme)):
        expression = f"IF({variable} IN ({', '.join(terms.iri(name) for name in names)}), {rank}, {expression})"
    return expression
