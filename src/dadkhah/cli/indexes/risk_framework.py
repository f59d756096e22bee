"""The indicators of the risk view, from the stored queries of the project; for the pages and for the build.

In: `queries/risk/` of the project here, or of the one that came with the package. Out: a `Framework`.
"""

from __future__ import annotations

from dadkhah.browse.models import Name
from dadkhah.browse.overviews.risk import Framework, IndicatorQuery
from dadkhah.cli.places import ontology_here
from dadkhah.engine.queries.catalog import Catalog


def framework() -> Framework:
    """The indicators of `queries/risk/`, by their numbers: `07.06-name.rq` is indicator 7.6."""
    project = ontology_here()
    stored = Catalog({}) if project is None else Catalog.load(project.queries / "risk")
    return Framework(
        IndicatorQuery(
            number=".".join(part.lstrip("0") for part in name.partition("-")[0].split(".")),
            titles=tuple(Name(text, language) for language, text in query.header.titles.items()),
            counts=tuple(Name(text, language) for language, text in query.header.descriptions.items()),
            query=query.bind({}),
        )
        for name, query in stored.items()
    )
