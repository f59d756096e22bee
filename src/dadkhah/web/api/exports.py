"""Any list or view in any format: JSON, CSV, RDF, FollowTheMoney, and, as a graph or on a map, GraphML and GeoJSON.

In: the records that a view shows, and the view in JSON and as a table. Out: a response. GraphML holds the records, what
they are linked to and the voices of each link; GeoJSON the places that they name for which a source gives coordinates,
and no other: no place is put anywhere by us.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import Response

from dadkhah.browse.exports.ftm import Exported, with_names_told, write_entities
from dadkhah.browse.pictures.drawing import graphml
from dadkhah.browse.records.naming import naming
from dadkhah.browse.relations.links import LinkPolicy
from dadkhah.browse.relations.neighbourhoods import neighbourhood
from dadkhah.browse.tables import csv_table
from dadkhah.browse.time_and_place.places import PlacePoint, points_named
from dadkhah.web.api.browsing import Browsing
from dadkhah.web.api.encode import label_of, to_json
from dadkhah.web.api.formats import rdf_response, respond
from dadkhah.web.wire.negotiate import language_of

DRAWN_FORMATS = ("graphml", "geojson")
# records of a list that are drawn at most, and with all that they are linked to
_SEEDS = 200
_NODES = 1_000


async def list_response(
    browsing: Browsing,
    form: str,
    *,
    name: str,
    document: Mapping[str, Any],
    iris: Sequence[str],
    table: tuple[Sequence[str], Iterable[Sequence[str]]],
    entities: Iterable[Exported] = (),
) -> Response:
    """One list in the format chosen.

    Args:
        browsing: the request.
        form: one of `LIST_FORMATS`.
        name: file name of a download, without extension.
        document: the list in JSON.
        iris: the records in it, for the RDF formats.
        table: header and rows of the CSV.
        entities: for FollowTheMoney.
    """
    if form == "json":
        return respond(to_json(document), form)
    if form == "csv":
        return respond(csv_table(*table), form, name=name)
    if form == "ftm":
        return await ftm_response(browsing, entities, name=name)
    if form in DRAWN_FORMATS:
        return await drawn_response(browsing, form, iris, name=name)
    return await rdf_response(browsing, form, iris, name=name)


async def ftm_response(browsing: Browsing, entities: Iterable[Exported], *, name: str) -> Response:
    """Entities of FollowTheMoney, each once, with who names them: one query, and two for voices."""
    each = list({one.ref.iri: one for one in entities}.values())
    named_by = await naming(browsing.ask, browsing.scheme, (one.ref.iri for one in each))
    return respond(write_entities(with_names_told(each, named_by)), "ftm", name=name)


async def drawn_response(browsing: Browsing, form: str, iris: Sequence[str], *, name: str) -> Response:
    """The records of a view as GraphML or GeoJSON."""
    seeds = list(dict.fromkeys(iris))[:_SEEDS]
    if form == "geojson":
        points, notes = await points_named(browsing.ask, browsing.scheme, seeds)
        return respond(to_json(feature_collection(browsing, points, notes)), form, name=name)
    policy = LinkPolicy(bookkeeping=browsing.scheme.no_links, vocabulary=(browsing.scheme.iris.ontology,))
    found = await neighbourhood(
        browsing.ask, browsing.scheme, seeds, hops=1, policy=policy, max_nodes=max(_NODES, len(seeds))
    )
    language = language_of(browsing.request.headers.get("accept-language", ""))
    return respond(graphml(found, language).encode(), form, name=name)


def feature_collection(browsing: Browsing, points: Iterable[PlacePoint], notes: Sequence[str]) -> dict[str, Any]:
    """Places as GeoJSON (RFC 7946)."""
    return {
        "type": "FeatureCollection",
        "features": [_feature(point) for point in points],
        "notes": notes,
        "snapshot": browsing.snapshot_hash,
    }


def _feature(point: PlacePoint) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": point.ref.iri,
        "geometry": {"type": "Point", "coordinates": [point.longitude, point.latitude]},
        "properties": {"label": label_of(point.ref), "events": point.events, "voices": point.assertions},
    }
