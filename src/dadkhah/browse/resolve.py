"""What a reader may write for a record or a term: an IRI, a CURIE, `kind/slug`, or a bare name.

In: a text from a request. Out: an IRI. It must not look anything up.
"""

from __future__ import annotations

import re

from dadkhah.browse.scheme import Scheme
from dadkhah.browse.terms import is_iri
from dadkhah.errors import ParameterError

_KIND_AND_SLUG = re.compile(r"^([a-z][a-z-]*)/([^\x00-\x20<>\"{}|^`\\]+)$")
_CURIE = re.compile(r"^([a-z][a-z-]*):([^\x00-\x20<>\"{}|^`\\/]+)$")
_BARE = re.compile(r"^[A-Za-z][A-Za-z0-9-]*$")
_SCHEMES = ("http://", "https://", "urn:", "tag:", "did:", "mailto:", "ftp://")


def resolve_record(scheme: Scheme, text: str, name: str) -> str:
    """The IRI of a record from an IRI, `kind/slug` or `kind:slug`.

    Raises:
        ParameterError: it is none of these; `name` says which parameter.
    """
    text = text.strip()
    if text.startswith(_SCHEMES) and is_iri(text):
        return text
    for pattern in (_KIND_AND_SLUG, _CURIE):
        match = pattern.match(text)
        if match:
            return scheme.iris.thing(match[1], match[2])
    raise ParameterError(f"{name}: give an IRI or kind/slug, such as person/some-name")


def resolve_term(scheme: Scheme, text: str, name: str) -> str:
    """The IRI of a class or property from an IRI, `dk:Name` or `Name`.

    Raises:
        ParameterError: it is none of these; `name` says which parameter.
    """
    text = text.strip()
    if text.startswith(_SCHEMES) and is_iri(text):
        return text
    bare = text.removeprefix("dk:")
    if _BARE.match(bare):
        return scheme.term(bare)
    raise ParameterError(f"{name}: give an IRI or a name of the ontology, such as Execution")
