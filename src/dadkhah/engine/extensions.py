"""Functions that the local engine knows beyond those of SPARQL 1.1, for the service description.

A list and not a question to the engine, which would have to be loaded in the process that speaks HTTP; a test holds
it to what the engine knows.
"""

from __future__ import annotations

from typing import Final

from dadkhah.vocab import XSD

_GEOSPARQL: Final = "http://www.opengis.net/def/function/geosparql/"
_GEOMETRY: Final = (
    *("area", "asGeoJSON", "centroid", "convexHull", "coordinateDimension", "difference", "dimension", "distance"),
    *("ehContains", "ehCoveredBy", "ehCovers", "ehDisjoint", "ehEquals", "ehInside", "ehMeet", "ehOverlap"),
    *("envelope", "getSRID", "intersection", "isEmpty", "isSimple", "length", "perimeter"),
    *("rcc8dc", "rcc8ec", "rcc8eq", "rcc8ntpp", "rcc8ntppi", "rcc8po", "rcc8tpp", "rcc8tppi", "relate"),
    *("sfContains", "sfCrosses", "sfDisjoint", "sfEquals", "sfIntersects", "sfOverlaps", "sfTouches", "sfWithin"),
    *("spatialDimension", "symDifference", "union"),
)
# constructors beyond the seven of SPARQL 1.1, section 17.5
_CONSTRUCTORS: Final = (
    *("date", "time", "gYear", "gMonth", "gDay", "gYearMonth", "gMonthDay"),
    *("duration", "yearMonthDuration", "dayTimeDuration"),
)
FUNCTIONS: Final = (*(_GEOSPARQL + name for name in _GEOMETRY), *(XSD + name for name in _CONSTRUCTORS))
