"""Whoever is under a pseudonym and found by a few public traits is a finding, until somebody says why it may stay."""

import shutil
from pathlib import Path

import pytest

from dadkhah.browse import small_numbers
from dadkhah.errors import SourceSyntaxError
from dadkhah.iris import Iris
from dadkhah.source.files.problems import Severity
from dadkhah.source.files.tree import Project
from dadkhah.source.project.reading import load
from dadkhah.validation import singled_out as module
from dadkhah.validation.check import judge

ROOT = Path(__file__).parents[3]
ID = "https://w3id.org/dadkhah/id/"
HIDDEN = f"{ID}person/p-0a1b2c3d"
PREFIXES = """@prefix dk: <https://w3id.org/dadkhah/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.fixture
def project(tmp_path):
    for name in ("ontology", "queries"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return Project(tmp_path, tmp_path / "data", tmp_path / "ontology", tmp_path / "queries")


def written(project, others, *, level="Pseudonymous", different=()):
    """One protected person and so many others, all tried by one judge in one prison; some elsewhere."""
    people, events = [], []
    for number in range(others + 1):
        who = HIDDEN if number == 0 else f"{ID}person/open-{number}"
        protection = level if number == 0 else "Public"
        people.append(
            f'<{who}> a dk:Person ;\n    skos:prefLabel "S {number}"@en ;\n    dk:protection dk:{protection} .'
        )
        court = "other" if number in different else "one"
        events.append(
            f"<{ID}event/e-{number}> a dk:Trial ; dk:defendant <{who}> ; "
            f"dk:place <{ID}place/x> ; dk:court <{ID}court/{court}> ."
        )
        # the others have been in the court as well, but not at the place
        if number in different:
            events.append(f"<{ID}event/f-{number}> a dk:Transfer ; dk:transferred <{who}> ; dk:to <{ID}prison/y> .")
    (project.data / "authority").mkdir(parents=True, exist_ok=True)
    (project.data / "authority/persons.ttl").write_text(PREFIXES + "\n".join(people) + "\n", encoding="utf-8")
    (project.data / "sources/s").mkdir(parents=True, exist_ok=True)
    (project.data / "sources/s/v.ttl").write_text(PREFIXES + "\n".join(events) + "\n", encoding="utf-8")


def found(project):
    judged = judge(load(project, Iris()), project, None)
    return [finding for finding in judged.findings if finding.rule == "singled-out"]


@pytest.mark.parametrize("others", [0, 1, 3])
def test_a_trait_that_few_share_is_a_warning_at_the_record(project, others):
    written(project, others)
    (finding,) = found(project)
    assert finding.severity is Severity.WARNING
    assert (finding.file, finding.line) == ("data/authority/persons.ttl", 6)
    assert f"place x ({others + 1})" in finding.message
    assert "dk:AggregateOnly" in finding.advice


def test_a_trait_that_enough_share_is_none(project):
    written(project, 4)
    assert found(project) == []


def test_two_traits_are_told_where_neither_alone_singles_out(project):
    written(project, 4, different=(1, 2))
    text = (project.data / "sources/s/v.ttl").read_text(encoding="utf-8")
    more = "".join(
        f"<{ID}event/g-{number}> a dk:Trial ; dk:defendant <{ID}person/open-{10 + number}> ; "
        f"dk:court <{ID}court/one> .\n"
        for number in range(3)
    )
    (project.data / "sources/s/v.ttl").write_text(text + more, encoding="utf-8")
    persons = project.data / "authority/persons.ttl"
    named = "".join(f'<{ID}person/open-{10 + number}> a dk:Person ; skos:prefLabel "N"@en .\n' for number in range(3))
    persons.write_text(persons.read_text(encoding="utf-8") + named, encoding="utf-8")
    (finding,) = found(project)
    assert "place x + court one (3)" in finding.message


@pytest.mark.parametrize("level", ["Public", "Restricted"])
def test_only_people_under_a_pseudonym_are_judged(project, level):
    written(project, 0, level=level)
    assert found(project) == []


def test_an_acknowledgement_with_its_reason_ends_the_finding(project):
    written(project, 0)
    path = project.data / "protection.toml"
    path.write_text(f'[[acknowledged]]\nrecord = "{HIDDEN}"\nreason = "the court told it"\n', encoding="utf-8")
    assert found(project) == []
    assert not load(project, Iris()).tree.problems


def test_an_acknowledgement_that_nothing_needs_is_a_warning(project):
    written(project, 4)
    path = project.data / "protection.toml"
    path.write_text(f'fewest = 5\n[[acknowledged]]\nrecord = "{HIDDEN}"\nreason = "was few"\n', encoding="utf-8")
    (finding,) = found(project)
    assert (finding.file, finding.line) == ("data/protection.toml", 2)


def test_a_project_may_ask_for_more_people_and_for_an_error(project):
    written(project, 4)
    (project.data / "protection.toml").write_text('fewest = 6\nunacknowledged = "error"\n', encoding="utf-8")
    (finding,) = found(project)
    assert finding.severity is Severity.VIOLATION


@pytest.mark.parametrize(
    "text",
    ["fewest = 1", "fewest = true", 'unacknowledged = "no"', "more = 2", "[[acknowledged]]\nrecord = 'x'", "fewest ="],
)
def test_a_malformed_file_says_so(tmp_path, text):
    (tmp_path / "protection.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceSyntaxError):
        module.read_rule(tmp_path / "protection.toml")


def test_the_lists_and_the_check_count_to_the_same_number():
    assert module.FEWEST == small_numbers.FEWEST
