"""A small graph in our own layout, answered by Oxigraph in this process: real queries over real data, no server."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from dadkhah.browse.ask import EngineAsk
from dadkhah.engine.interface import Answer, QueryRequest, ResultFormat

ROOT = Path(__file__).parents[3]

PREFIXES = """
PREFIX dk: <https://w3id.org/dadkhah/ontology#>
PREFIX id: <https://w3id.org/dadkhah/id/>
PREFIX person: <https://w3id.org/dadkhah/id/person/>
PREFIX event: <https://w3id.org/dadkhah/id/event/>
PREFIX prison: <https://w3id.org/dadkhah/id/prison/>
PREFIX place: <https://w3id.org/dadkhah/id/place/>
PREFIX source: <https://w3id.org/dadkhah/id/source/>
PREFIX snapshot: <https://w3id.org/dadkhah/id/snapshot/>
PREFIX passage: <https://w3id.org/dadkhah/id/passage/>
PREFIX pattern: <https://w3id.org/dadkhah/id/pattern/>
PREFIX stage: <https://w3id.org/dadkhah/id/stage/>
PREFIX match: <https://w3id.org/dadkhah/id/match/>
PREFIX count: <https://w3id.org/dadkhah/id/count/>
PREFIX conflict: <https://w3id.org/dadkhah/id/conflict/>
PREFIX institution: <https://w3id.org/dadkhah/id/institution/>
PREFIX graph: <https://w3id.org/dadkhah/graph/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
"""

# invented people, places and papers: nothing here says anything about anyone
DATA = """
graph:authority {
  person:a a dk:Person ; skos:prefLabel "Arman Example"@en , "آرمان نمونه"@fa ; skos:altLabel "A. Example"@en ;
    skos:exactMatch <https://other.example/people/7> .
  person:j a dk:Person ; skos:prefLabel "Judge Jay"@en .
  person:b a dk:Person ; skos:prefLabel "Bahar Example"@en .
  prison:north a dk:Prison ; skos:prefLabel "North Prison"@en .
  prison:south a dk:Prison ; skos:prefLabel "South Prison"@en ; dk:partOf place:town .
  place:town a dk:Place ; skos:prefLabel "Town"@en ; geo:lat "35.5"^^xsd:decimal ; geo:long "51.25"^^xsd:decimal .
  event:trial a dk:Trial ; skos:prefLabel "Trial of Arman Example"@en .
  event:move a dk:Transfer ; skos:prefLabel "Transfer of Arman Example"@en .
  event:later a dk:Execution ; skos:prefLabel "Execution of Bahar Example"@en .
  institution:paper a dk:MediaOutlet ; skos:prefLabel "The Paper"@en .
  institution:watch a dk:Organization ; skos:prefLabel "The Watch"@en .
}
graph:sources {
  source:news a dk:Source ; skos:prefLabel "News of the day"@en ; dk:archivedAs snapshot:news .
  snapshot:news a dk:Snapshot ; dk:sha256 "aaaa" ; dk:bytes 100 .
  source:report a dk:Source ; skos:prefLabel "A report"@en .
  passage:news-P1 a dk:Passage ; rdfs:label "P1" ; dk:start 0 ; dk:end 50 ; dk:passageOf snapshot:news ;
    dk:sha256 "bbbb" .
  passage:news-P2 a dk:Passage ; rdfs:label "P2" ; dk:start 51 ; dk:end 90 ; dk:passageOf snapshot:news ;
    dk:sha256 "cccc" .
  passage:news-P3 a dk:Passage ; rdfs:label "P3" ; dk:start 91 ; dk:end 99 ; dk:passageOf snapshot:news ;
    dk:noClaim "a greeting"@en .
  passage:report-1 a dk:Passage ; rdfs:label "section 1" ; dk:inSource source:report .
  <https://w3id.org/dadkhah/voice/news/paper> a dk:Voice ; dk:claimant institution:paper ;
    dk:inSource source:news ; dk:party dk:IndependentMediaParty ;
    dk:originGroup institution:paper .
  <https://w3id.org/dadkhah/voice/report/watch> a dk:Voice ; dk:claimant institution:watch ;
    dk:inSource source:report ; dk:originGroup institution:watch .
}
<https://w3id.org/dadkhah/voice/news/paper> {
  event:trial dk:defendant person:a ; dk:judge person:j ; dk:earliest "2024-03-01"^^xsd:date ;
    dk:latest "2024-03-31"^^xsd:date ;
    dk:edtf "2024-03" ; dk:inAbsentia false ; dk:cites passage:news-P1 , passage:news-P2 .
  event:move dk:transferred person:a ; dk:from prison:north ; dk:to prison:south ;
    dk:earliest "2024-05-02"^^xsd:date ;
    dk:latest "2024-05-02"^^xsd:date ; dk:cites passage:news-P2 .
  event:later dk:victim person:b ; dk:place prison:south ; dk:count count:a ; dk:cites passage:news-P2 .
  count:a a dk:Count ; rdfs:label "exactly 3 people"@en ; dk:lower 3 ; dk:upper 3 .
  person:a dk:title "Dr"@en ; dk:cites passage:news-P1 .
}
<https://w3id.org/dadkhah/voice/report/watch> {
  event:trial dk:defendant person:a ; dk:inAbsentia true ; dk:earliest "2024-03-10"^^xsd:date ;
    dk:latest "2024-03-10"^^xsd:date ; dk:cites passage:report-1 .
}
<https://w3id.org/dadkhah/voice/dadkhah/pattern> {
  <https://w3id.org/dadkhah/voice/dadkhah/pattern> a dk:Voice ; dk:claimant institution:watch .
  pattern:p a dk:Pattern ; skos:prefLabel "The pattern"@en .
  stage:p-1 a dk:PatternStage ; dk:stageOf pattern:p ; dk:order 1 ; skos:prefLabel "Moves"@en ;
    dk:indicator "moves.rq" .
  stage:p-2 a dk:PatternStage ; dk:stageOf pattern:p ; dk:order 2 ; skos:prefLabel "Silence"@en .
  match:m1 a dk:PatternMatch ; dk:matchedEvent event:move ; dk:matchedStage stage:p-1 ; dk:method dk:ReadByHand .
}
graph:derived {
  person:a a dk:Prisoner ; dk:defendantIn event:trial ; dk:independentClaimants 2 .
  person:j a dk:Judge ; dk:conductedTrial event:trial .
  event:trial a dk:Event . event:move a dk:Event . event:later a dk:Event .
  event:trial dk:affected person:a . event:move dk:affected person:a .
  event:later dk:affected person:b .
  conflict:c1 a dk:Conflict ; dk:subject event:trial ; dk:property dk:inAbsentia ; dk:value true , false ;
    dk:voice <https://w3id.org/dadkhah/voice/news/paper> , <https://w3id.org/dadkhah/voice/report/watch> ;
    dk:passage passage:news-P1 , passage:report-1 .
  match:m2 a dk:PatternMatch ; dk:matchedEvent event:later ; dk:matchedStage stage:p-1 ;
    dk:method dk:ProposedByQuery .
  person:gone a dk:Tombstone ; dk:withdrawnOn "2025-01-01"^^xsd:date ; dk:reason "withdrawn on request"@en .
}
"""


class StoreEngine:
    """An `Engine` over a store in this process, without limits: for tests only."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.snapshot_hash = "0" * 64

    async def query(self, request: QueryRequest) -> Answer:
        answer = self.store.query(request.text)
        if isinstance(answer, ox.QueryTriples):
            data = ox.serialize(answer, format=ox.RdfFormat.from_media_type(request.format.value))
        else:
            assert request.format is ResultFormat.JSON
            data = answer.serialize(format=ox.QueryResultsFormat.JSON)

        async def nothing():
            return
            yield b""

        return Answer(chunks=nothing(), whole=data)

    async def close(self) -> None:
        pass


def merged(store: ox.Store) -> ox.Store:
    store.extend([ox.Quad(quad.subject, quad.predicate, quad.object) for quad in store])
    return store


@pytest.fixture(scope="session")
def trig() -> str:
    return PREFIXES + DATA


@pytest.fixture(scope="session")
def store(trig: str) -> ox.Store:
    made = ox.Store()
    made.load(trig.encode(), format=ox.RdfFormat.TRIG)
    ontology = ox.NamedNode("https://w3id.org/dadkhah/graph/ontology")
    for folder in (".", "modules", "schemes"):
        for file in sorted((ROOT / "ontology" / folder).glob("*.ttl")):
            made.load(path=str(file), format=ox.RdfFormat.TURTLE, to_graph=ontology)
    return merged(made)


@pytest.fixture
def ask(store: ox.Store) -> EngineAsk:
    return EngineAsk(StoreEngine(store), timeout_seconds=10)


@pytest.fixture(scope="session")
def ask_over():
    """Makes an `Ask` over any quads or RDF text."""

    def make(data: str, rdf_format: ox.RdfFormat = ox.RdfFormat.TRIG) -> EngineAsk:
        made = ox.Store()
        made.load(data.encode(), format=rdf_format)
        return EngineAsk(StoreEngine(made), timeout_seconds=10)

    return make
