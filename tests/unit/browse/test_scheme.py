from __future__ import annotations

import re
from pathlib import Path

from dadkhah.browse.scheme import Scheme

ROOT = Path(__file__).parents[3]


def test_every_term_that_browse_names_is_in_the_ontology():
    ontology = "".join(file.read_text() for file in (ROOT / "ontology").rglob("*.ttl"))
    defined = set(re.findall(r"^dk:([\w-]+) ", ontology, re.MULTILINE))
    code = "".join(file.read_text() for file in (ROOT / "src/dadkhah/browse").rglob("*.py"))
    named = set(re.findall(r"""\bt(?:erm)?\(["'](\w+)["']\)""", code))
    assert named
    assert named <= defined
    scheme = Scheme()
    ours = {iri.removeprefix(scheme.iris.ontology) for iri in (*scheme.no_links, *scheme.dating) if "dadkhah" in iri}
    from dadkhah.browse.overviews import patterns
    from dadkhah.browse.search import facets
    from dadkhah.browse.time_and_place import timelines

    ours |= {*timelines.PLACES, *timelines.PEOPLE, *patterns._STAGE_FACTS, *patterns._MATCH_FACTS}
    assert facets.NAMES
    assert ours <= defined


def test_the_role_of_a_graph_is_told_by_its_name():
    scheme = Scheme()
    base = scheme.iris.base
    assert scheme.role_of(f"{base}voice/news/paper") == "voice"
    assert scheme.role_of(f"{base}voice/dadkhah/pattern") == "analysis"
    assert scheme.role_of(f"{base}graph/derived") == "derived"
    assert scheme.role_of("https://example.org/g") == "graph"
    assert scheme.role_of("") == "default"
