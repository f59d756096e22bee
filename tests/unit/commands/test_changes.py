"""What is told of the changes between snapshots: all that still stands, and of the rest how much it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from dadkhah.browse.records.changes import Change
from dadkhah.browse.records.history import Told
from dadkhah.browse.terms import XSD, Iri, Literal
from dadkhah.cli.service.history import RegistryChanges
from dadkhah.cli.service.record_history import SnapshotStates
from dadkhah.snapshot.compile_rdf import compile_rdf
from dadkhah.snapshot.plan import BuildPlan
from dadkhah.snapshot.publishing.registry import Registry
from dadkhah.source.formats.reading import RdfInput

E = "https://example.org/"
VOICE, GONE_VOICE = f"{E}voice", f"{E}canary-voice"
HEAD = f"PREFIX e: <{E}> PREFIX xsd: <{XSD}> GRAPH e:voice "
BEFORE = f"""{HEAD} {{
    e:one e:name "Canary Name" ; e:born "1990-01-01"^^xsd:date ; e:knows e:canary , e:two ; e:kept "kept" .
    e:two e:name "Two" . e:canary e:name "Canary Person" .
    e:p-0badcafe e:born "1980-02-02"^^xsd:date ; e:kept "kept" . }}
GRAPH e:canary-voice {{ e:one e:said "Canary Words" }}"""
AFTER = f"""{HEAD} {{
    e:one e:name "One" ; e:born "1991-01-01"^^xsd:date ; e:knows e:three ; e:kept "kept" .
    e:two e:name "Two" . e:three e:name "Three" ; e:late "soon withdrawn" .
    e:p-0badcafe e:kept "kept" . }}"""
TODAY = AFTER.replace(' ; e:late "soon withdrawn"', "")


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    folder = tmp_path_factory.mktemp("changes")
    plan = BuildPlan(out=folder / "snapshots", merge=True, durable=False)
    for number, text in enumerate((BEFORE, AFTER, TODAY)):
        file = folder / f"{number}.trig"
        file.write_text(text, "utf-8")
        compile_rdf([RdfInput(file)], plan)
    return Registry(Path(plan.out))


@pytest.fixture(scope="module")
def log(registry: Registry) -> RegistryChanges:
    return RegistryChanges(registry)


def test_records_and_statements_of_a_switch_are_counted(log: RegistryChanges):
    last, middle, first = log.changes()
    assert log.changed(first).unknown == "first"
    found = log.changed(middle)
    assert (found.added, found.changed, found.removed) == (1, 2, 1)
    assert (found.statements_added, found.statements_removed) == (5, 7)
    assert (log.changed(last).added, log.changed(last).changed, log.changed(last).statements_removed) == (0, 1, 1)


def test_records_that_are_still_there_are_named_with_what_came_and_stands(log: RegistryChanges):
    found = {each.iri: each for each in log.changed(log.changes()[1]).records}
    assert set(found) == {f"{E}one", f"{E}three", f"{E}p-0badcafe"}
    assert (found[f"{E}one"].change, found[f"{E}three"].change) == ("changed", "added")
    assert (found[f"{E}one"].added, found[f"{E}one"].removed) == (3, 5)
    assert Told(f"{E}knows", Iri(f"{E}three"), VOICE) in found[f"{E}one"].came
    assert [told.property for told in found[f"{E}three"].came] == [f"{E}name"]


def test_nothing_that_went_is_told_again(registry: Registry, log: RegistryChanges):
    told = str([log.changed(each) for each in log.changes()])
    for name in ("one", "two", "three", "p-0badcafe"):
        told += str(SnapshotStates(registry).states(f"{E}{name}"))
    for secret in ("anary", "soon withdrawn", "1980"):
        assert secret not in told


def test_a_day_that_was_mended_stays_in_the_history_of_a_record_that_is_named_openly(registry: Registry):
    oldest, *_, newest = SnapshotStates(registry).states(f"{E}one")
    day = f"{XSD}date"
    assert Told(f"{E}born", Literal("1990-01-01", day), VOICE) in oldest.told
    assert Told(f"{E}name", None, VOICE) in oldest.told
    assert Told(f"{E}knows", Iri(f"{E}two"), VOICE) in oldest.told
    assert {told.value for told in newest.told if told.property == f"{E}born"} == {Literal("1991-01-01", day)}


def test_a_snapshot_that_was_pruned_is_said_not_to_be_kept(log: RegistryChanges):
    assert log.changed(Change("2025-01-01", "0" * 64, log.changes()[0].after, "build")).unknown == "not kept"
