"""Whatever the inventory names can be found by exactly that name, and leads to one record."""

import pytest

LABELS = "SELECT DISTINCT ?record ?name WHERE { ?record skos:prefLabel|skos:altLabel|rdfs:label ?name }"
# One name in the inventory for several places of the graph: each prisoner's undisclosed place is its own.
ONE_FOR_SEVERAL = {"undisclosed locations"}

# A count or an item of evidence may be worded like the group that it counts.
WORDED_ALIKE = ("https://w3id.org/dadkhah/id/count/", "https://w3id.org/dadkhah/id/item/")


@pytest.fixture(scope="module")
def named(data):
    found = {}
    for record, name in data.rows(LABELS):
        found.setdefault(name, set()).add(record)
    return found


def test_every_entity_of_the_inventory_is_found_by_its_label(named, inventory):
    assert [e["label"] for e in inventory["entities"] if e["label"] not in named] == []


def test_every_event_of_the_inventory_is_found_by_its_label(named, inventory):
    assert [e["label"] for e in inventory["events"] if e["label"] not in named] == []


def test_a_person_prison_or_body_of_the_inventory_is_one_record(named, inventory):
    kinds = {"person", "group", "institution", "office", "force", "prison", "ward", "place", "document"}
    wanted = [e["label"] for e in inventory["entities"] if e["kind"] in kinds and e["label"] not in ONE_FOR_SEVERAL]
    things = {label: {r for r in named[label] if not r.startswith(WORDED_ALIKE)} for label in wanted}
    assert {label: found for label, found in things.items() if len(found) != 1} == {}


def test_every_element_heading_and_item_of_the_pattern_is_found_by_its_label(named, inventory):
    elements = [stage["label"] for stage in inventory["pattern"]["stages"]]
    headings = [category["label"] for category in inventory["pattern"]["evidence_2025"]]
    assert [label for label in elements + headings if label not in named] == []
