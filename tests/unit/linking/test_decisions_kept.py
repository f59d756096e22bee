"""What a snapshot keeps of decisions on links: everything that may be told, and nothing on protected records."""

import pyoxigraph as ox
import pytest

from dadkhah.cli.indexes.decision_index import DecisionIndexer
from dadkhah.linking.decided import read_kept
from dadkhah.source.project.mappings import SKOS, MappingRow, MappingSet, write_sssom

DATA = """
prefix dk: <https://w3id.org/dadkhah/ontology#>
prefix person: <https://w3id.org/dadkhah/id/person/>
prefix skos: <http://www.w3.org/2004/02/skos/core#>
<https://w3id.org/dadkhah/graph/authority> {
  person:open skos:prefLabel "Open"@en . person:also skos:prefLabel "Also"@en ; dk:protection dk:Public .
  person:p-00000001 skos:prefLabel "A person"@en ; dk:protection dk:Pseudonymous .
}
"""


def row(subject, target):
    person = "https://w3id.org/dadkhah/id/person/"
    target = target if ":" in target else person + target
    return MappingRow(
        person + subject, f"{SKOS}exactMatch", target, "https://w3id.org/semapv/vocab/ManualMappingCuration",
        object_label="Name There", reviewer_id="https://e.org/me", mapping_date="2026-01-02", comment="why",
        extra={"similarity_score": "0.9100", "mapping_tool": "dadkhah", "mapping_tool_version": "1"},
    )  # fmt: skip


@pytest.fixture
def tables(tmp_path, monkeypatch):
    (tmp_path / "ontology").mkdir()
    folder = tmp_path / "data/mappings"
    folder.mkdir(parents=True)
    rows = (row("open", "urn:t:1"), row("also", "open"), row("p-00000001", "urn:t:2"), row("open", "p-00000001"),
            row("left-out", "urn:t:3"))  # fmt: skip
    (folder / "rejected.sssom.tsv").write_text(write_sssom(MappingSet(rows)), "utf-8")
    monkeypatch.chdir(tmp_path)
    return folder


def kept(tmp_path):
    store = ox.Store()
    store.load(DATA.encode(), format=ox.RdfFormat.TRIG)
    out = tmp_path / "index"
    out.mkdir()
    DecisionIndexer().build(store, out)
    return read_kept(out)


def test_decisions_on_records_that_are_protected_or_left_out_are_not_kept_on_either_side(tables, tmp_path):
    pairs = {(each.subject.rpartition("/")[2], each.target.rpartition("/")[2]) for each in kept(tmp_path)}
    assert pairs == {("open", "urn:t:1"), ("also", "open")}


def test_a_kept_decision_has_all_that_the_table_says(tables, tmp_path):
    found = next(each for each in kept(tmp_path) if each.target == "urn:t:1")
    assert (found.state, found.label, found.reviewer, found.day, found.reason) == (
        "rejected", "Name There", "https://e.org/me", "2026-01-02", "why",
    )  # fmt: skip
    assert (found.score, found.tool) == ("0.9100", "dadkhah 1")


def test_another_decision_makes_another_snapshot_of_the_same_statements(tables):
    before = DecisionIndexer().version
    (tables / "accepted.sssom.tsv").write_text(write_sssom(MappingSet((row("open", "urn:t:9"),))), "utf-8")
    assert DecisionIndexer().version != before
