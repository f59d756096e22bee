"""What candidates a query gets, in both versions, and how evidence moves them."""

import json

import pytest

from .conftest import E


async def ask(client, stable, **query):
    response = await client.post("/reconcile", data={"queries": json.dumps({"q": query}, ensure_ascii=False)})
    assert response.status_code == 200, response.text
    stable.check("reconciliation-result-batch", response.json())
    return response.json()["q"]["result"]


async def match(client, draft, *conditions, **query):
    response = await client.post("/reconcile/v1/match", json={"queries": [{"conditions": conditions, **query}]})
    assert response.status_code == 200, response.text
    draft.check("reconciliation-result-batch", response.json())
    return response.json()["results"][0]["candidates"]


@pytest.mark.parametrize("name", ["حسین رضایی", "Husayn Rezai", "HOSSEIN REZAEI", "رضایی، حسین"])
async def test_a_name_is_found_in_another_script_and_spelling(client, stable, name):
    found = await ask(client, stable, query=name)
    assert found[0]["id"] in {f"{E}hossein", f"{E}hossein2"}
    assert found[0]["score"] > 50


async def test_two_records_of_one_name_are_no_certain_match(client, stable):
    found = await ask(client, stable, query="Hossein Rezaei")
    assert {one["id"] for one in found[:2]} == {f"{E}hossein", f"{E}hossein2"}
    assert not any(one["match"] for one in found)


@pytest.mark.parametrize(
    ("prop", "value", "first"),
    [
        ("born", "1990-05-05", "hossein2"),
        ("born", "1980", "hossein"),
        ("heldAt", "Qarchak Prison", "hossein2"),
        ("heldAt", "زندان اوین", "hossein"),
        ("heldAt", {"id": f"{E}evin", "name": "Evin"}, "hossein"),
        ("count", 3, "hossein"),
        ("heldAt", ["x", f"{E}evin"], "hossein"),
    ],
)
async def test_a_property_decides_between_two_of_one_name(client, stable, prop, value, first):
    found = await ask(client, stable, query="Hossein Rezaei", properties=[{"pid": E + prop, "v": value}])
    assert found[0]["id"] == E + first
    features = {one["id"]: one["value"] for one in found[0]["features"]}
    assert features[f"property:{E}{prop}"] > 0.7


async def test_features_tell_of_the_name_and_of_each_word(client, stable):
    found = await ask(client, stable, query="علی کریمی")
    ids = {one["id"] for one in found[0]["features"]}
    assert {"name", "name-covered", "token:علی", "token:کریمی"} <= ids
    karami = next(one for one in found if one["id"] == f"{E}karami")
    words = {one["id"]: one["value"] for one in karami["features"]}
    assert words["token:علی"] > words["token:کریمی"]


async def test_a_type_leaves_out_others_and_a_preferred_one_only_puts_them_last(client, stable):
    assert await ask(client, stable, query="Evin", type=f"{E}Person") == []
    for kind in (f"{E}Prison", [f"{E}Prison", f"{E}Person"]):
        assert (await ask(client, stable, query="Evin", type=kind))[0]["id"] == f"{E}evin"
    assert await ask(client, stable, query="Evin", type=[f"{E}Prison", f"{E}Person"], type_strict="all") == []
    assert await ask(client, stable, query="Evin", type=f"{E}Person", type_strict="should")


async def test_an_identifier_is_a_certain_match(client, stable, draft):
    found = await ask(client, stable, query=f"{E}ali")
    assert [(one["id"], one["match"]) for one in found] == [(f"{E}ali", True)]
    found = await match(client, draft, {"matchType": "id", "propertyValue": f"{E}ali"})
    assert [one["id"] for one in found] == [f"{E}ali"]
    assert await ask(client, stable, query=f"{E}nobody") == []


async def test_properties_alone_find_records(client, stable, draft):
    found = await ask(client, stable, properties=[{"pid": f"{E}heldAt", "v": f"{E}evin"}])
    assert {one["id"] for one in found} == {f"{E}hossein", f"{E}ali"}
    condition = {"matchType": "property", "propertyId": f"{E}born", "propertyValue": "1990-05-05"}
    assert [one["id"] for one in await match(client, draft, condition)] == [f"{E}hossein2"]


async def test_required_and_quantified_conditions_of_the_draft(client, draft):
    name = {"matchType": "name", "propertyValue": "Hossein Rezaei"}
    held = {"matchType": "property", "propertyId": f"{E}heldAt", "propertyValue": f"{E}evin"}
    found = await match(client, draft, name, {**held, "required": True})
    assert [one["id"] for one in found] == [f"{E}hossein"]
    found = await match(client, draft, name, {**held, "matchQuantifier": "none"})
    assert found[0]["id"] == f"{E}hossein2"
    assert all({"id", "name", "value"} <= set(feature) for one in found for feature in one["features"])


async def test_a_batch_keeps_its_keys_and_its_order(client, stable, draft):
    queries = {"a b": {"query": "Ali Karimi"}, "کلید": {"query": "Evin"}, "10": {"query": "zzqqxx"}}
    response = await client.get("/reconcile", params={"queries": json.dumps(queries)})
    stable.check("reconciliation-result-batch", response.json())
    assert list(response.json()) == list(queries)
    assert response.json()["10"]["result"] == []
    body = {"queries": [{"conditions": [{"matchType": "name", "propertyValue": n}]} for n in ("Evin", "Ali Karimi")]}
    for path in ("/reconcile/v1/match", "/reconcile/match"):
        results = (await client.post(path, json=body)).json()["results"]
        assert [row["candidates"][0]["id"] for row in results] == [f"{E}evin", f"{E}ali"]


async def test_without_an_index_names_are_found_as_written(plain_client, stable):
    assert (await ask(plain_client, stable, query="Ali Karimi"))[0]["id"] == f"{E}ali"
    found = (await plain_client.get("/reconcile/suggest/entity?prefix=karimi")).json()["result"]
    assert [one["id"] for one in found] == [f"{E}ali"]
    for what in ("type", "property"):
        assert (await plain_client.get(f"/reconcile/suggest/{what}?prefix=")).json()["result"]


@pytest.mark.parametrize(
    "queries",
    [
        "{not json",
        "[]",
        '"x"',
        '{"q0": {}}',
        '{"q0": "x"}',
        '{"q0": {"query": 5}}',
        '{"q0": {"query": "x", "limit": -1}}',
        '{"q0": {"query": "x", "other": 1}}',
        '{"q0": {"query": "x", "type": 5}}',
        '{"q0": {"properties": [{"pid": "x"}]}}',
    ],
)
async def test_what_the_schema_refuses_is_a_bad_request_with_cors(client, queries):
    response = await client.post("/reconcile", data={"queries": queries})
    assert response.status_code == 400
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["content-type"] == "application/problem+json"


async def test_too_many_queries_at_once_are_refused(client):
    queries = {str(number): {"query": "x"} for number in range(51)}
    assert (await client.post("/reconcile", data={"queries": json.dumps(queries)})).status_code == 413
