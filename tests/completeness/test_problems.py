"""Every problem of the inventory is modelled as its how_to_model says."""

import tomllib
from pathlib import Path

import pytest

PROBLEMS = tomllib.loads((Path(__file__).parent / "problems.toml").read_text(encoding="utf-8"))


def test_every_problem_of_the_inventory_has_an_entry_and_no_other_has(inventory):
    assert set(PROBLEMS) == {problem["id"] for problem in inventory["problems"]}
    assert len(PROBLEMS) == 77


def test_every_problem_is_expressed_by_something_that_holds():
    assert [i for i, proofs in PROBLEMS.items() if not any("holds" in proof for proof in proofs)] == []


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_problem_is_modelled_as_the_inventory_says(data, problem):
    for proof in PROBLEMS[problem]:
        if "holds" in proof:
            assert data.ask(proof["in"], proof["holds"]), f"{problem}: not in {proof['in']}: {proof['holds']}"
        else:
            assert not data.ask(proof["in"], proof["lacks"]), f"{problem}: in {proof['in']}: {proof['lacks']}"
