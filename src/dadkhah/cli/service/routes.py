"""Every address of the service but those of queries: interfaces, pages, reconciliation, stored queries.

In: what the routes share, the snapshots (none over a remote engine), the policy. Out: the part behind the SPARQL
endpoint. `serve` loads this module in a thread once queries are answered.
"""

from __future__ import annotations

from threading import Thread
from typing import Any

from dadkhah.browse.kept import StoredAnswers
from dadkhah.browse.overviews.risk import Framework
from dadkhah.browse.records.changes import ChangeLog
from dadkhah.browse.records.history import RecordStates
from dadkhah.browse.search.facets import TraitIndexes
from dadkhah.browse.search.hits import NameIndexes
from dadkhah.cli.indexes.answer_index import SnapshotAnswers
from dadkhah.cli.indexes.decision_index import SnapshotDecisions
from dadkhah.cli.indexes.risk_framework import framework
from dadkhah.cli.places import ontology_here
from dadkhah.cli.service.downloads import SnapshotDownloads
from dadkhah.cli.service.history import RegistryChanges
from dadkhah.cli.service.name_index import SnapshotNames
from dadkhah.cli.service.record_history import SnapshotStates
from dadkhah.cli.service.submissions import Submissions
from dadkhah.cli.service.trait_columns import SnapshotTraits
from dadkhah.cli.service.without_snapshot import NoChanges, NoNames
from dadkhah.engine.queries.catalog import Catalog
from dadkhah.linking.decided import DecidedPairs
from dadkhah.snapshot.publishing.registry import Registry
from dadkhah.web import api, pages
from dadkhah.web.api.dumps import Downloads
from dadkhah.web.app import routed
from dadkhah.web.endpoint.sparql import Inspect
from dadkhah.web.front import Behind
from dadkhah.web.pages.queries import QueryGate, start_page
from dadkhah.web.pages.render import prepare
from dadkhah.web.reconcile import ROUTERS as RECONCILE
from dadkhah.web.reconcile.desk import OpenNames
from dadkhah.web.routes import validate
from dadkhah.web.routes.queries import queries_router
from dadkhah.web.routes.validate import Validation
from dadkhah.web.routing.context import Context


def make_behind(context: Context, registry: Registry | None, inspect: Inspect) -> Behind:
    """Make all routes over what is served."""
    catalog = _catalog()
    names = NoNames() if registry is None else SnapshotNames(registry)
    parts: dict[type, Any] = {
        Catalog: catalog,
        ChangeLog: NoChanges() if registry is None else RegistryChanges(registry),
        NameIndexes: names,
        OpenNames: names,
        QueryGate: QueryGate(inspect),
        Framework: framework(),
        Validation: Validation(Submissions(registry)),
    }
    if registry is not None:
        parts[Downloads] = SnapshotDownloads(registry)
        parts[DecidedPairs] = SnapshotDecisions(registry)
        parts[RecordStates] = SnapshotStates(registry)
        parts[StoredAnswers] = SnapshotAnswers(registry)
        parts[TraitIndexes] = SnapshotTraits(registry)
    routers = [validate.router, *RECONCILE, *api.ROUTERS, queries_router(catalog), *pages.ROUTERS]
    behind = Behind(routed(context, routers, parts), lambda: start_page(context.settings, catalog))
    # the first pages are asked for meanwhile, and compile what they need themselves
    Thread(target=prepare, name="templates", daemon=True).start()
    return behind


def _catalog() -> Catalog:
    """The stored queries of the project here, or those that came with the package."""
    project = ontology_here()
    return Catalog({}) if project is None else Catalog.load(project.queries / "catalog")
