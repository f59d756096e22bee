"""Differences of answers that are given do not tell what is left out of one of them."""

from __future__ import annotations

import csv
import io

from dadkhah.browse.small_numbers import FEWEST

from .conftest import DAYS, EVENTS, ID, JUDGES, PLACES
from .test_every_route import COMBINED, Asked

FEW = [asked for asked in COMBINED if asked.untold]


async def total(client, asked: Asked) -> int:
    return (await client.get("/api/v1/events", params={**asked.params, "limit": 1})).json()["total"]


async def test_the_total_less_the_list_less_its_slices_less_its_table_is_nothing(client):
    for asked in FEW[::2]:
        slices, cursor = 0, ""
        for _ in range(FEWEST + 1):
            params = {**asked.params, "limit": 1} | ({"cursor": cursor} if cursor else {})
            answer = (await client.get("/api/v1/events", params=params)).json()
            slices += len(answer["items"])
            cursor = answer["cursor"]
            if not cursor:
                break
        table = await client.get("/api/v1/events", params={**asked.params, "format": "csv"})
        rows = {row["event"] for row in csv.DictReader(io.StringIO(table.text.lstrip("\ufeff")))}
        assert slices == len(rows) == answer["total"] == len(asked.told)


async def test_parts_of_what_is_left_out_make_what_is_told_of_the_whole(client):
    """Each event has one day, one source and one place, so parts by these add up, and no part tells of one more."""
    for asked in FEW:
        names = dict(asked.traits)
        whole = await total(client, asked)
        for name, values in (("time", DAYS), ("place", PLACES)):
            if name in names:
                continue
            parts = [await total(client, Asked((*asked.traits, (name, value)))) for value in values]
            assert sum(parts) == whole, (asked, name)


async def test_a_place_less_the_list_of_that_place_is_nothing(client):
    for first, last in ((DAYS[0], DAYS[0]), (DAYS[0], DAYS[1]), (DAYS[2], DAYS[2]), ("2025", "2025")):
        span = {"from": first, "to": last}
        counted = (await client.get("/api/v1/places", params=span)).json()["items"]
        held = {item["place"]["iri"]: item["events"] for item in counted}
        for place in PLACES:
            listed = (await client.get("/api/v1/events", params={**span, "place": place})).json()["total"]
            assert held.get(f"{ID}{place}", 0) == listed


async def test_a_facet_less_what_the_search_finds_by_it_is_nothing(client):
    seen = 0
    for place in PLACES:
        by_place = {"prison": place, "type": "Person", "limit": 100}
        answer = (await client.get("/api/v1/search", params=by_place)).json()
        for name in ("judge", "source", "party"):
            for value in answer["facets"].get(name, ()):
                further = {**by_place, name: value["iri"]}
                found = (await client.get("/api/v1/search", params=further)).json()
                if value["count"] >= FEWEST:
                    assert found["total"] == value["count"]
                seen += 1
    assert seen


async def test_a_facet_that_is_withheld_is_not_the_rest_of_the_total(client):
    """Where all results have one of two judges, the count of one and the total would tell the count of the other."""
    for place in PLACES:
        trials = [each for each in EVENTS if each.kind == "Trial" and each.place == place]
        for judge in JUDGES:
            few = [each for each in trials if each.judge == judge]
            params = {"place": place, "person": judge, "type": "Trial"}
            answer = (await client.get("/api/v1/events", params=params)).json()
            shown = [each for each in few if len(few) >= FEWEST or not each.is_hidden]
            assert answer["total"] == len(shown)


async def test_an_answer_that_leaves_something_out_looks_like_one_that_does_not(client):
    """Neither a note, nor a header, nor the form of the answer tells."""
    looks = set()
    for asked in COMBINED:
        if len(asked.traits) > 1 and len(asked.told) == 1:
            answer = await client.get("/api/v1/events", params=asked.params)
            looks.add((bool(asked.untold), tuple(sorted(answer.json())), tuple(answer.json()["notes"]),
                       tuple(sorted(answer.headers)), answer.status_code))  # fmt: skip
    assert {left_out for left_out, *_ in looks} == {True, False}
    assert len({tuple(rest) for _, *rest in looks}) == 1
