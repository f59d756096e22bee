"""The same job on Spark gives the same pairs with the same scores."""

import importlib.util
import os
import shutil

import pytest

from dadkhah.linking.batch.engines.duckdb import DuckDbEngine
from dadkhah.linking.batch.propose import Task, propose
from dadkhah.linking.batch.sides import our_side, their_side
from dadkhah.linking.batch.target import Target

GIVEN = ("Ali", "Hossein", "Reza", "محمد", "فاطمه", "Mehdi")
FAMILY = ("Karimi", "Rezaei", "حسینی", "Nourizadeh", "احمدی", "Karami")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_spark_and_duckdb_give_the_same_pairs_and_scores():
    there = {"pyspark": importlib.util.find_spec("pyspark"), "java": shutil.which("java")}
    missing = [name for name, found in there.items() if not found]
    if missing:
        message = f"no {', '.join(missing)}: the extra spark, Debian's openjdk-17-jre-headless"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    from dadkhah.linking.batch.engines.spark import SparkEngine

    names = [f"{one} {other}" for one in GIVEN for other in FAMILY]
    ours = our_side([Target(f"urn:o:{number}", (name,)) for number, name in enumerate(names)])
    theirs = their_side([Target(f"urn:t:{number}", (name[::1].upper(),)) for number, name in enumerate(names)])
    there = list(propose(ours, theirs, Task(engine=DuckDbEngine, least=0.3)))
    again = list(propose(ours, theirs, Task(engine=SparkEngine, least=0.3)))
    assert len(there) >= len(names)
    assert [(each.subject, each.target) for each in again] == [(each.subject, each.target) for each in there]
    assert max(abs(one.score - other.score) for one, other in zip(there, again, strict=True)) <= 1e-9
