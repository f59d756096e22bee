"""Rules of places with several names: what a list records is known in any spelling, and nothing else is."""

import math

import orjson
import pytest

from dadkhah.linking.explain import ONE_PLACE, compare, log_odds_of
from dadkhah.linking.model import default_model
from dadkhah.linking.names import score_pairs
from dadkhah.linking.prepared import prepare
from dadkhah.linking.recorded import FILE, recorded
from dadkhah.linking.training.lists import places_of

PLACES = recorded([["Northfield Prison", "Old Mill Jail", "زندان نوشهر"], ["Harbour Jail", "Lighthouse Prison"]])


def place_of(name):
    return int(PLACES.of(prepare([name], "place"), default_model().costs)[0])


@pytest.mark.parametrize("name", ["Northfield Prison", "Prison of Northfield", "OLD MILL JAIL", "Noshahr Prison"])
def test_a_recorded_name_is_known_in_any_spelling_and_script(name):
    assert place_of(name) == 0


@pytest.mark.parametrize("name", ["Northfield", "Old Mill", "Southfield Prison", "Mill Prison", "Prison", ""])
def test_a_name_without_its_kind_or_of_another_place_is_not(name):
    assert place_of(name) == -1


def test_two_names_of_one_place_are_one_and_the_explanation_says_by_what():
    found = compare("Adelabad Prison", "Shiraz Central Prison", "place")
    assert found.score > 0.9
    assert ONE_PLACE in [item.feature for item in found.evidence]
    assert 1 / (1 + math.exp(-log_odds_of(found))) == pytest.approx(found.score, abs=2e-3)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Adelabad", "Shiraz"), ("Adelabad Prison", "Shiraz"), ("Shiraz Central Prison", "Isfahan Central Prison")],
)
def test_a_city_is_not_its_prison_and_no_prison_is_another(one, other):
    assert score_pairs([(one, other)], "place").scores[0] < 0.5


def test_people_are_no_places():
    assert ONE_PLACE not in [item.feature for item in compare("Adelabad Prison", "Shiraz Central Prison").evidence]


def test_lists_that_share_a_name_make_one_place_and_people_none(tmp_path):
    table = tmp_path / "list.csv"
    table.write_text(
        "id,name,alias,schema\n"
        "https://example.org/1,Northfield Prison,Old Mill Jail,LegalEntity\n"
        "https://example.org/2,Warden Prison,Other Prison,Person\n"
        "https://example.org/3,Prisons Bureau,Bureau of Prisons,LegalEntity\n",
        encoding="utf-8",
    )
    more = tmp_path / "sdn.csv"
    empty = ",-0-" * 8
    more.write_text(f'7,"OLD MILL JAIL",-0-,"X"{empty}\n', encoding="utf-8")
    (tmp_path / "alt.csv").write_text('7,1,"aka","MILLTOWN PRISON",-0-\n', encoding="utf-8")
    found = places_of([table, more])
    assert [place["names"] for place in found["places"]] == [["Northfield Prison", "Old Mill Jail", "Milltown Prison"]]
    assert set(found["lists"]) == {"list.csv", "sdn.csv", "alt.csv"}


def test_the_published_places_say_where_each_is_recorded():
    held = orjson.loads(FILE.read_bytes())
    assert held["attribution"]
    assert all(place["entries"] and len(place["names"]) > 1 for place in held["places"])
