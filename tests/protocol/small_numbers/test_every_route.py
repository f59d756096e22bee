"""Every address of the service: it is guarded against combinations that point at a person, or says why it need not be.

The lists of a small project are asked by every pair of traits, and by all traits of each event of a person under a
pseudonym; what may be told is worked out from the project's data, not from the service.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from types import ModuleType
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.routing import APIRoute

from dadkhah.browse.small_numbers import FEWEST
from dadkhah.engine.queries.catalog import Catalog
from dadkhah.web import api, pages
from dadkhah.web.reconcile import ROUTERS as RECONCILE
from dadkhah.web.routes import operations, validate
from dadkhah.web.routes.queries import queries_router

from .conftest import DAYS, DK, EVENTS, HIDDEN, ID, JUDGES, PLACES, ROOT, SOURCES, Happened

ONE = "tells of one thing that is named, as its page does, and takes nothing to narrow it by"
NAMES = "compares names only, and counts nothing"
WHOLE = "is about the whole graph, and takes nothing to narrow it by"
NOTHING = "tells nothing of any person"
LEADS = "leads to an address below"
GUARDED = "guarded"
ROUTES = {
    "/api/v1/events": GUARDED, "/api/v1/places": GUARDED, "/api/v1/places.geojson": GUARDED, "/api/v1/risk": GUARDED,
    "/api/v1/search": GUARDED, "/api/v1/conflicts": GUARDED, "/api/v1/paths": GUARDED,
    "/api/v1/paths.graphml": GUARDED, "/api/v1/paths.svg": GUARDED, "/api/v1/graph": GUARDED,
    "/api/v1/graph.graphml": GUARDED, "/api/v1/graph.svg": GUARDED, "/reconcile": GUARDED, "/reconcile/": GUARDED,
    "/reconcile/v1/match": GUARDED, "/reconcile/match": GUARDED, "/queries/events-in-a-period": GUARDED,
    "/queries/executions-by-month": GUARDED,
    "/{lang}/timeline": GUARDED, "/{lang}/places": GUARDED, "/{lang}/map": GUARDED, "/{lang}/risk": GUARDED,
    "/{lang}/search": GUARDED, "/{lang}/conflicts": GUARDED, "/{lang}/path": GUARDED, "/{lang}/graph": GUARDED,
    "/{lang}/compare": GUARDED,
    "/api/v1/record": ONE, "/api/v1/record/statements": ONE, "/api/v1/record/timeline": ONE,
    "/api/v1/record/relations": ONE, "/api/v1/{kind}/{slug}": ONE, "/api/v1/{kind}/{slug}/statements": ONE,
    "/api/v1/{kind}/{slug}/timeline": ONE, "/api/v1/{kind}/{slug}/relations": ONE, "/api/v1/patterns/{slug}": ONE,
    "/api/v1/sources/{slug}": ONE, "/data/{kind}/{slug:path}.{extension}": ONE,
    "/linkset/{kind}/{slug:path}.json": ONE, "/reconcile/preview": ONE, "/reconcile/v1/preview": ONE,
    "/reconcile/flyout/{what}": ONE, "/reconcile/extend": ONE, "/reconcile/v1/extend": ONE,
    "/{lang}/record": ONE, "/{lang}/{kind}/{slug:path}": ONE, "/{lang}/all/{part}": ONE,
    "/{lang}/card/{kind}/{slug:path}": ONE, "/{lang}/dossier/{kind}/{slug:path}": ONE,
    "/{lang}/dossier/{kind}/{slug:path}.pdf": ONE, "/{lang}/history/{kind}/{slug:path}": ONE,
    "/{lang}/patterns/{slug:path}": ONE, "/{lang}/sources/{slug:path}": ONE,
    "/api/v1/suggest": NAMES, "/reconcile/suggest/{what}": NAMES, "/reconcile/v1/suggest/{what}": NAMES,
    "/api/v1/stats": WHOLE, "/api/v1/patterns": WHOLE, "/api/v1/sources": WHOLE, "/api/v1/changes": WHOLE,
    "/api/v1/changes/{after}": WHOLE, "/{lang}": WHOLE, "/{lang}/": WHOLE, "/{lang}/patterns": WHOLE,
    "/{lang}/sources": WHOLE, "/{lang}/quality": WHOLE, "/{lang}/data": WHOLE, "/{lang}/changes": WHOLE,
    "/{lang}/changes/{after}": WHOLE, "/{lang}/changes.atom": WHOLE, "/dumps": WHOLE, "/dumps/{name:path}": WHOLE,
    "/dumps/{snapshot}/SHA256SUMS": WHOLE, "/dumps/{snapshot}/graph.{extension}": WHOLE, "/metrics": WHOLE,
    "/healthz": NOTHING, "/readyz": NOTHING, "/robots.txt": NOTHING, "/validate": NOTHING, "/ontology": NOTHING,
    "/ontology.{extension}": NOTHING, "/static/{name:path}": NOTHING, "/{lang}/ontology": NOTHING,
    "/{lang}/about": NOTHING, "/{lang}/method": NOTHING, "/reconcile/v1": NOTHING, "/reconcile/v1/": NOTHING,
    "/reconcile/extend/propose": NOTHING, "/reconcile/v1/extend/propose": NOTHING, "/queries": NOTHING,
    "/{lang}/queries": NOTHING,
    "/": LEADS, "/id/{kind}/{slug:path}": LEADS, "/reconcile/view": LEADS, "/about": LEADS, "/changes": LEADS,
    "/changes/{after}": LEADS, "/compare": LEADS, "/conflicts": LEADS, "/data": LEADS, "/graph": LEADS, "/map": LEADS,
    "/method": LEADS, "/path": LEADS, "/patterns": LEADS, "/patterns/{slug}": LEADS, "/places": LEADS,
    "/quality": LEADS, "/risk": LEADS, "/search": LEADS, "/sources": LEADS, "/sources/{slug}": LEADS,
    "/timeline": LEADS, "/queries/{name}": LEADS, "/{lang}/{rest}": LEADS,
    "/{lang}/queries/{name}": "shows the rows of a stored query, as its own address does",
    "/{lang}/sparql": "shows a query and its rows: whoever writes queries is not guarded against (docs/security.md)",
    "/sparql": "whoever writes queries is not guarded against (docs/security.md)",
    "/.well-known/void": WHOLE,
    "/openapi.json": NOTHING,
}  # fmt: skip
# of a stored query that is not guarded: at most one of its parameters tells something of a person
TELL_NOTHING = {"kind", "lang", "limit", "certainty", "about", "verdict", "status", "property", "dataset"}


def addresses() -> set[str]:
    catalog = Catalog.load(ROOT / "queries/catalog")
    routers = [operations.router, validate.router, *RECONCILE, *api.ROUTERS, queries_router(catalog), *pages.ROUTERS]
    found = {route.path for router in routers for route in router.routes if isinstance(route, APIRoute)}
    modules = [module for module in vars(pages).values() if isinstance(module, ModuleType)]
    shown = [held for each in modules for held in vars(each).values() if isinstance(held, APIRouter)]
    of_pages = {f"/{{lang}}{route.path}" for each in shown for route in each.routes if isinstance(route, APIRoute)}
    return {_in_any_language(path) for path in found} | (of_pages - {"/{lang}/static/{name:path}"})


def _in_any_language(path: str) -> str:
    for language in ("/en", "/fa"):
        if path == language or path.startswith(f"{language}/"):
            return "/{lang}" + path[3:]
    return path


async def test_every_address_is_guarded_or_says_why_it_need_not_be(client):
    described = (await client.get("/openapi.json")).json()["paths"]
    known = addresses() | {_plain(path) for path in described}
    stored = {path for path in known if path.startswith("/queries/") and path not in ROUTES}
    assert {path for path in known - stored if path not in ROUTES and path not in {_plain(p) for p in ROUTES}} == set()
    assert {path for path in ROUTES if path not in known} <= {"/sparql", "/.well-known/void", "/openapi.json"}
    for query in Catalog.load(ROOT / "queries/catalog").values():
        if f"/queries/{query.name}" in stored:
            asked = {"time" if each.name in {"from", "until"} else each.name for each in query.parameters}
            assert len(asked - TELL_NOTHING) <= 1, f"{query.name} combines traits: guard it, and say so here"


def _plain(path: str) -> str:
    return path.replace(":path}", "}")


# what filters of events ask for, and whether an event answers
TRAITS = {
    "place": {place: lambda e, v: e.place == v for place in PLACES},
    "person": {who: lambda e, v: v in {e.who, e.judge if e.kind == "Trial" else ""} for who in (*JUDGES, HIDDEN[0])},
    "time": {day: lambda e, v: e.day == v for day in DAYS},
    "source": {source: lambda e, v: e.source == v for source in SOURCES},
    "party": {party: lambda e, v: e.party == v for party in SOURCES.values()},
    "type": {kind: lambda e, v: e.kind == v for kind in ("Trial", "Detention")},
}


@dataclass(frozen=True)
class Asked:
    """A combination of traits, and the events that answer."""

    traits: tuple[tuple[str, str], ...]

    @property
    def params(self) -> dict[str, str]:
        asked = dict(self.traits)
        day = asked.pop("time", "")
        return asked | ({"from": day, "to": day} if day else {})

    @property
    def all(self) -> list[Happened]:
        return [each for each in EVENTS if all(TRAITS[name][value](each, value) for name, value in self.traits)]

    @property
    def told(self) -> set[str]:
        """The rule, in one place: few events of several traits leave out those of a person who is not asked for."""
        if len(self.traits) > 1 and len(self.all) < FEWEST:
            return {each.iri for each in self.all if not each.is_hidden or ("person", each.who) in self.traits}
        return {each.iri for each in self.all}

    @property
    def untold(self) -> set[str]:
        return {each.iri for each in self.all} - self.told


def combined() -> list[Asked]:
    every = [(name, value) for name, values in TRAITS.items() for value in values]
    pairs = [Asked(pair) for pair in combinations(every, 2) if pair[0][0] != pair[1][0]]
    of_hidden = []
    for event in (each for each in EVENTS if each.is_hidden):
        own = [(name, value) for name, value in every if TRAITS[name][value](event, value)]
        for size in range(3, len(own) + 1):
            of_hidden += [Asked(some) for some in combinations(own, size) if len(dict(some)) == size]
    return [*(Asked((each,)) for each in every), *pairs, *dict.fromkeys(of_hidden)]


COMBINED = combined()


def test_the_project_has_something_to_guard_and_something_to_tell():
    assert sum(bool(asked.untold) for asked in COMBINED) > 20
    assert sum(any(each.is_hidden for each in asked.all) and not asked.untold for asked in COMBINED) > 20


async def test_lists_of_events_tell_exactly_what_may_be_told(client):
    for asked in COMBINED:
        answer = (await client.get("/api/v1/events", params={**asked.params, "limit": 500})).json()
        assert {item["event"]["iri"] for item in answer["items"]} == asked.told, asked
        assert answer["total"] == len(asked.told)
        assert not answer["next"]
        assert answer["notes"] == []


async def test_no_form_of_a_list_names_what_may_not_be_told(client):
    for number, asked in enumerate(each for each in COMBINED if each.untold):
        forms = ("csv", "ttl", "jsonld", "geojson", "graphml", "ftm")
        language, lanes = ("en", "fa")[number % 2], ("", "person", "type")[number % 3]
        answers = [
            await client.get("/api/v1/events", params={**asked.params, "format": forms[number % 6]}),
            await client.get("/api/v1/events", params={**asked.params, "format": forms[(number + 1) % 6]}),
            await client.get(f"/{language}/timeline", params={**asked.params, "lanes": lanes}),
        ]
        for answer in answers:
            assert answer.status_code == 200, answer.text
            for iri in asked.untold:
                assert iri.removeprefix(ID) not in answer.text, (asked, str(answer.url))


async def test_years_of_a_chart_lead_to_lists_of_as_many(client):
    charted = [each for each in COMBINED if "time" not in dict(each.traits) and any(e.is_hidden for e in each.all)]
    for number, asked in enumerate(charted):
        for language in (("en", "fa")[number % 2],):
            page = (await client.get(f"/{language}/timeline", params={**asked.params, "calendar": "gregorian"})).text
            for year in ("2024", "2025"):
                within = [each for each in asked.all if each.day[:4] == year]
                told = [each for each in within if each.iri in asked.told]
                if len(within) < FEWEST:
                    told = [e for e in within if not e.is_hidden or ("person", e.who) in asked.traits]
                listed = (await client.get("/api/v1/events", params={**asked.params, "from": year, "to": year})).json()
                assert listed["total"] == len(told)
                figure = (
                    str(len(told)).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
                    if language == "fa"
                    else len(told)
                )
                written = year.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) if language == "fa" else year
                # one year alone is no chart
                assert f"<title>{written}: {figure}</title>" in page or 'class="years"' not in page or not told


async def test_places_and_the_map_count_what_lists_hold(client):
    for day in DAYS:
        counted = (await client.get("/api/v1/places", params={"from": day, "to": day})).json()
        wanted = {
            f"{ID}{place}": len(Asked((("place", place), ("time", day))).told)
            for place in PLACES
            if Asked((("place", place), ("time", day))).told
        }
        assert {item["place"]["iri"]: item["events"] for item in counted["items"]} == wanted
        assert counted["total"] == len(wanted)


async def test_risk_indicators_count_what_lists_hold(client):
    plain = (await client.get("/api/v1/risk")).json()["items"]
    assert plain
    for place in PLACES:
        for day in ("", *DAYS):
            params = {"place": place} | ({"from": day, "to": day} if day else {})
            for item in (await client.get("/api/v1/risk", params=params)).json()["items"]:
                assert item["count"] in {0, *range(FEWEST, 100)} or _only_open(item, place, day), item


def _only_open(item: dict, place: str, day: str) -> bool:
    """Whether a small count is that of events which name nobody hidden."""
    traits = (("place", place), *((("time", day),) if day else ()))
    held = [each for each in Asked(traits).all if not each.is_hidden]
    return item["count"] <= len(held)


async def test_disagreements_by_property_and_source_point_at_nobody(client):
    seen = Counter()
    for source in SOURCES:
        answer = (await client.get("/api/v1/conflicts", params={"property": "inAbsentia", "source": source})).json()
        trials = [each for each in EVENTS if each.kind == "Trial" and each.source == source]
        told = {each.iri for each in trials if len(trials) >= FEWEST or not each.is_hidden}
        assert {item["subject"]["iri"] for item in answer["items"]} == told
        assert answer["total"] == len(told)
        page = await client.get("/en/conflicts", params={"property": "inAbsentia", "source": source})
        for each in trials:
            seen[each.iri in told] += 1
            assert (each.iri.removeprefix(ID) in page.text) == (each.iri in told)
    assert seen[False]
    assert seen[True]


async def test_no_path_and_no_window_of_a_graph_leads_to_a_hidden_person(client):
    for start, target in [*((j, p) for j in JUDGES for p in PLACES), JUDGES]:
        for form in ("json", "graphml", "svg", "csv"):
            answer = await client.get("/api/v1/paths", params={"from": start, "to": target, "k": 20, "format": form})
            assert answer.status_code == 200, answer.text
            assert not _names_hidden(answer.text), (start, target, form)
        page = await client.get("/en/path", params={"from": start, "to": target, "k": 20})
        assert not _names_hidden(page.text)
    for seed in (*JUDGES, *PLACES):
        for form in ("json", "graphml", "svg", "csv"):
            asked = {"seed": seed, "hops": 2, "from": DAYS[0], "to": DAYS[0], "format": form}
            answer = await client.get("/api/v1/graph", params=asked)
            assert answer.status_code == 200, answer.text
            assert not _names_hidden(answer.text), (seed, form)
        page = await client.get("/en/graph", params={"seed": seed, "hops": 2, "from": DAYS[0], "to": DAYS[0]})
        assert not _names_hidden(page.text)
    # who is asked for is found
    own = await client.get("/api/v1/paths", params={"from": HIDDEN[0], "to": PLACES[0]})
    assert own.json()["paths"]


def _names_hidden(text: str) -> bool:
    hidden = [*HIDDEN, *(each.iri.removeprefix(ID) for each in EVENTS if each.is_hidden)]
    return any(name in text or quote(name, safe="") in text for name in hidden)


async def test_two_records_compared_share_no_event_of_a_hidden_person(client):
    for judge in JUDGES:
        for place in PLACES:
            both = [e for e in EVENTS if e.kind == "Trial" and e.judge == judge and e.place == place]
            page = await client.get("/en/compare", params={"left": judge, "right": place})
            assert page.status_code == 200
            beside = page.text[page.text.find("together") :]
            for each in both:
                if each.is_hidden and len(both) < FEWEST:
                    assert each.iri.removeprefix(ID) not in beside, (judge, place)


async def test_properties_in_reconciliation_point_at_nobody(client):
    for pair in combinations(("place", "judge", "earliest", "defendant"), 2):
        for event in (each for each in EVENTS if each.is_hidden and each.kind == "Trial"):
            held = {"place": event.place, "judge": event.judge, "earliest": event.day, "defendant": event.who}
            for name in ("", f"event {event.number}"):
                properties = [
                    {"pid": f"{DK}{each}", "v": held[each] if each == "earliest" else {"id": f"{ID}{held[each]}"}}
                    for each in pair
                ]
                asked = {"q": {"query": name, "properties": properties, "limit": 50}}
                answer = await client.get("/reconcile", params={"queries": json.dumps(asked)})
                assert answer.status_code == 200, answer.text
                found = {each["id"] for each in answer.json()["q"]["result"]}
                same = [e for e in EVENTS if e.kind == "Trial" and all(_held(e, x) == held[x] for x in pair)]
                if len(same) < FEWEST and "defendant" not in pair:
                    assert not any(_names_hidden(each) for each in found), (pair, name)


def _held(event: Happened, name: str) -> str:
    return {"place": event.place, "judge": event.judge, "earliest": event.day, "defendant": event.who}[name]


async def test_stored_queries_that_combine_traits_point_at_nobody(client):
    guarded = 0
    for day in DAYS:
        for kind in ("Trial", "Detention"):
            asked = Asked((("time", day), ("type", kind)))
            answer = await client.get(
                "/queries/events-in-a-period", params={"from": day, "until": day, "kind": DK + kind}
            )
            assert answer.status_code == 200, answer.text
            rows = answer.json()["results"]["bindings"]
            assert {row["event"]["value"] for row in rows} == asked.told
            guarded += bool(asked.untold)
    assert guarded


async def test_the_search_by_several_traits_finds_nobody_hidden_among_few(client):
    for place in PLACES:
        for judge in JUDGES:
            people = {e.who for e in EVENTS if e.kind == "Trial" and e.place == place and e.judge == judge}
            params = {"prison": place, "judge": judge, "type": "Person", "limit": 100}
            answer = (await client.get("/api/v1/search", params=params)).json()
            found = {item["iri"] for item in answer["items"]}
            assert answer["total"] == len(found)
            if len(people | {judge}) < FEWEST:
                assert not any(_names_hidden(each) for each in found)
                page = await client.get("/en/search", params=params)
                assert not _names_hidden(page.text)
