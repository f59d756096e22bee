"""Whether a record is there, gone, or was never there: 410 and 404 with near matches.

In: an IRI. Out: nothing, or the error to answer with. One query, two more for what is not there.
"""

from __future__ import annotations

from dadkhah.browse import terms
from dadkhah.browse.search.hits import near_matches
from dadkhah.errors import NotFound
from dadkhah.web.api.browsing import Browsing
from dadkhah.web.wire.problems import HttpError


async def require(browsing: Browsing, iri: str) -> None:
    """Pass for a record of which something is said, or to which something points.

    Raises:
        HttpError: 410 for one that was withdrawn.
        NotFound: with near matches, for any other.
    """
    scheme, record = browsing.scheme, terms.iri(iri)
    refuse_withdrawn(browsing, iri)
    withdrawn = scheme.anywhere(f"{record} a {scheme.t('Tombstone')}")
    said = scheme.anywhere(f"{record} ?p ?o")
    pointed = scheme.anywhere(f"?s ?q {record}")
    rows = await browsing.ask(
        f"SELECT ?gone ?there WHERE {{ BIND(EXISTS {withdrawn} AS ?gone) "
        f"BIND(EXISTS {{ {said} }} || EXISTS {{ {pointed} }} AS ?there) }}"
    )
    if rows and terms.text_of(rows[0], "gone") == "true":
        raise gone()
    if not rows or terms.text_of(rows[0], "there") != "true":
        raise await missing(browsing, iri)


def refuse_withdrawn(browsing: Browsing, iri: str) -> None:
    """Answer 410 for a record that the snapshot lists as withdrawn."""
    if iri in browsing.served.facts.tombstones:
        raise gone(browsing.served.facts.tombstones[iri])


def gone(day: str = "") -> HttpError:
    """The answer for a withdrawn record."""
    when = f" on {day}" if day else ""
    return HttpError(410, f"This record was withdrawn{when} and will not come back at this address.")


async def missing(browsing: Browsing, iri: str) -> NotFound:
    """The answer for a record that is not there, with those that may have been meant."""
    slug = iri.rstrip("/").rpartition("/")[2].rpartition("#")[2]
    near = await near_matches(browsing.ask, browsing.scheme, slug, index=browsing.index)
    # for a page, which shows names; a problem document has the IRIs
    browsing.request.state.near = {hit.ref.iri: hit.ref for hit in near}
    return NotFound("There is no record of this name.", near=tuple(hit.ref.iri for hit in near))
