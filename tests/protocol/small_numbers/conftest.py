"""A project in which three people stand under a pseudonym, built as `dadkhah build` does, with every address served."""

from __future__ import annotations

import importlib.util
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from dadkhah.cli.build import build_project
from dadkhah.cli.output.progress import ProgressLine
from dadkhah.cli.service.routes import make_behind
from dadkhah.engine.queries import policy
from dadkhah.snapshot.plan import BuildPlan
from dadkhah.snapshot.publishing.registry import Registry
from dadkhah.web.endpoint.serving import Facts, Served, Serving
from dadkhah.web.front import Site
from dadkhah.web.wire.settings import WebSettings

ROOT = Path(__file__).parents[3]
_SPEC = importlib.util.spec_from_file_location("browse_graph", ROOT / "tests/unit/browse/conftest.py")
graph = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(graph)

BASE = "https://dadkhah.example"
DK = "https://w3id.org/dadkhah/ontology#"
ID = "https://w3id.org/dadkhah/id/"
HEAD = f"""@prefix dk: <{DK}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""


@dataclass(frozen=True)
class Happened:
    """An event as the project records it; places, people and sources by kind and slug."""

    number: int
    kind: str
    who: str
    place: str
    day: str
    judge: str
    source: str
    party: str

    @property
    def iri(self) -> str:
        return f"{ID}event/e-{self.number:08x}"

    @property
    def is_hidden(self) -> bool:
        return self.who.startswith("person/p-")

    def turtle(self) -> str:
        role = "defendant" if self.kind == "Trial" else "detained"
        judge = f" ;\n    dk:judge <{ID}{self.judge}>" if self.kind == "Trial" else ""
        return (
            f'<{self.iri}> a dk:{self.kind} ;\n    rdfs:label "event {self.number}"@en ;\n'
            f"    dk:{role} <{ID}{self.who}> ;\n    dk:place <{ID}{self.place}>{judge} ;\n"
            f'    dk:earliest "{self.day}"^^xsd:date ;\n    dk:latest "{self.day}"^^xsd:date ;\n'
            f'    dk:edtf "{self.day}" ;\n'
            f"    dk:cites <{ID}passage/{self.source.removeprefix('source/')}-p1> .\n"
        )


HIDDEN = ("person/p-0000aaaa", "person/p-0000bbbb", "person/p-0000cccc")
PLACES, JUDGES = ("prison/east", "prison/west"), ("person/judge-one", "person/judge-two")
SOURCES = {"source/page-one": "AdvocacyParty", "source/page-two": "IranianRightsParty"}
DAYS = ("2024-05-05", "2025-03-05", "2025-11-20")


def _happened() -> Iterator[Happened]:
    """In the east there are many events of each kind, in the west there are few; three are of the hidden."""
    lots = [(PLACES[0], JUDGES[0], "source/page-one")] * 14 + [(PLACES[1], JUDGES[1], "source/page-two")] * 4
    lots += [(PLACES[0], JUDGES[1], "source/page-two")] * 3
    hidden = {3: HIDDEN[0], 16: HIDDEN[1], 18: HIDDEN[2]}
    for number, (place, judge, source) in enumerate(lots):
        who = hidden.get(number, f"person/open-{number}")
        kind, day = ("Trial", "Detention")[number % 2], DAYS[number % 5 % 3]
        yield Happened(number, kind, who, place, day, judge, source, SOURCES[source])


EVENTS = tuple(_happened())
PEOPLE = tuple(each.who for each in EVENTS)


def _project(folder: Path) -> None:
    for name in ("ontology", "queries"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "data/authority").mkdir(parents=True)
    people = [
        f'<{ID}{who}> a dk:Person ;\n    skos:prefLabel "Somebody {number}"@en'
        + (" ;\n    dk:protection dk:Pseudonymous .\n" if who in HIDDEN else " .\n")
        for number, who in enumerate((*PEOPLE, *JUDGES))
    ]
    things = [f'<{ID}{place}> a dk:Prison ;\n    skos:prefLabel "Prison {place[7:]}"@en .\n' for place in PLACES]
    things.append(f'<{ID}group/some-people> a dk:PersonGroup ;\n    skos:prefLabel "some people"@en .\n')
    (folder / "data/authority/all.ttl").write_text(HEAD + "\n".join([*people, *things]), encoding="utf-8")
    for source, party in SOURCES.items():
        page = folder / "data/sources" / source.removeprefix("source/")
        page.mkdir(parents=True)
        voices = [
            f"<https://w3id.org/dadkhah/voice/{page.name}/{name}> a dk:Voice ;\n"
            f"    dk:claimant <{ID}group/some-people> ;\n"
            f"    dk:inSource <{ID}{source}> ;\n    dk:originGroup <{ID}group/some-people> ;\n"
            f"    dk:party dk:{party} ;\n"
            f"    dk:protection dk:Public .\n"
            for name in ("somebody", "another")
        ]
        work = f'<{ID}{source}> a dk:Source ;\n    skos:prefLabel "A page"@en ;\n    dk:party dk:{party} .\n'
        passage = (
            f'<{ID}passage/{page.name}-p1> a dk:Locator ;\n    dk:inSource <{ID}{source}> ;\n    dk:locator "first" .\n'
        )
        (page / "source.ttl").write_text(HEAD + "\n".join([work, passage, *voices]), encoding="utf-8")
        told = [each for each in EVENTS if each.source == source]
        (page / "somebody.ttl").write_text(HEAD + "\n".join(each.turtle() for each in told), encoding="utf-8")
        # the same voice's neighbour contradicts what is said of each trial
        other = [
            f"<{each.iri}> dk:inAbsentia {value} ;\n    dk:cites <{ID}passage/{page.name}-p1> .\n"
            for each in told
            for value in ("false",)
            if each.kind == "Trial"
        ]
        (page / "another.ttl").write_text(HEAD + "\n".join(other), encoding="utf-8")
        mine = (
            (page / "somebody.ttl")
            .read_text(encoding="utf-8")
            .replace("    dk:judge", "    dk:inAbsentia true ;\n    dk:judge")
        )
        (page / "somebody.ttl").write_text(mine, encoding="utf-8")


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    folder = tmp_path_factory.mktemp("small-numbers")
    _project(folder)
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        build_project(BuildPlan(out=folder / "out", durable=False), ProgressLine(quiet=True))
    return Registry(folder / "out")


@pytest.fixture
async def client(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.chdir(registry.root.parent)
    snapshot = registry.current()
    engine = graph.StoreEngine(snapshot.open_store())
    engine.snapshot_hash = snapshot.hash
    facts = Facts(hash=snapshot.hash, union_default=True, tombstones=snapshot.manifest.tombstones)
    site = Site(
        WebSettings(base_url=BASE),
        Serving(Served(engine, facts)),
        policy.check,
        lambda context: make_behind(context, registry, policy.check),
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=site.app), base_url=BASE) as made:
        yield made
