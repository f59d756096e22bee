"""Manifests, suggestions, previews, extension, and the request sequence of OpenRefine."""

import json
import re

import pytest

from .conftest import BASE, E


async def test_both_manifests_are_valid_and_tell_where_things_are(client, stable, draft):
    one = (await client.get("/reconcile")).json()
    stable.check("manifest", one)
    assert one["versions"] == ["0.2"]
    assert {kind["id"] for kind in one["defaultTypes"]} == {f"{E}Person", f"{E}Prison"}
    two = (await client.get("/reconcile/v1")).json()
    draft.check("manifest", two)
    asked = await client.get("/reconcile", headers={"accept": "application/reconciliation.v1+json"})
    assert asked.json() == two
    assert asked.headers["content-type"] == "application/reconciliation.v1+json"


async def test_openrefine_finds_its_way_from_the_manifest(client, stable):
    """Manifest, queries, suggest, flyout, preview, proposals, extension: as its front and back end ask."""
    manifest = (await client.get("/reconcile", params={"callback": "jsonp1"})).text
    manifest = json.loads(manifest.removeprefix("jsonp1(").removesuffix(");"))

    def at(url):
        assert url.startswith(BASE)
        return url.removeprefix(BASE)

    queries = {"q0": {"query": "حسین رضایی", "limit": 3}, "q1": {"query": "Ali Karimi", "limit": 3}}
    found = (await client.post("/reconcile", data={"queries": json.dumps(queries)})).json()
    record = found["q1"]["result"][0]
    strict = {"query": "Ali Karimi", "type": record["type"][0]["id"], "type_strict": "should",
              "properties": [{"pid": f"{E}heldAt", "v": "Evin Prison"}]}  # fmt: skip
    found = (await client.post("/reconcile", data={"queries": json.dumps({"q0": strict})})).json()
    assert found["q0"]["result"][0]["match"] is True
    for what, prefix in (("entity", "Ali"), ("type", "per"), ("property", "born")):
        service = manifest["suggest"][what]
        address = at(service["service_url"] + service["service_path"])
        text = (await client.get(address, params={"prefix": prefix, "callback": "cb"})).text
        first = json.loads(text.removeprefix("cb(").removesuffix(");"))["result"][0]
        flyout = at(service["flyout_service_url"] + service["flyout_service_path"].replace("${id}", first["id"]))
        told = (await client.get(flyout)).json()
        assert told["id"] == first["id"]
        assert told["html"]
    preview = await client.get(at(manifest["preview"]["url"].replace("{{id}}", record["id"])))
    assert "Ali Karimi" in preview.text
    propose = manifest["extend"]["propose_properties"]
    address = at(propose["service_url"] + propose["service_path"])
    proposed = (await client.get(address, params={"type": f"{E}Person", "limit": "20"})).json()
    stable.check("data-extension-property-proposal", proposed)
    asked = {"ids": [record["id"]], "properties": [{"id": one["id"]} for one in proposed["properties"]]}
    extended = (await client.post("/reconcile", data={"extend": json.dumps(asked)})).json()
    stable.check("data-extension-response", extended)
    assert extended["rows"][record["id"]][f"{E}heldAt"] == [{"id": f"{E}evin", "name": "Evin Prison"}]


async def test_extension_gives_every_kind_of_value_its_member(client, stable, draft):
    properties = [{"id": E + name} for name in ("born", "heldAt", "count", "share", "note", "none")]
    asked = {"ids": [f"{E}hossein", "x no such"], "properties": properties}
    one = (await client.get("/reconcile", params={"extend": json.dumps(asked)})).json()
    stable.check("data-extension-response", one)
    row = one["rows"][f"{E}hossein"]
    assert row[f"{E}born"] == [{"date": "1980-03-01T00:00:00Z"}]
    assert row[f"{E}count"] == [{"int": 3}]
    assert row[f"{E}share"] == [{"float": 0.5}]
    assert row[f"{E}note"] == [{"str": 'quoted "text"'}]
    assert row[f"{E}none"] == []
    assert set(one["rows"]["x no such"]) == {each["id"] for each in properties}
    two = (await client.post("/reconcile/v1/extend", json=asked)).json()
    draft.check("data-extension-response", two)
    cells = {cell["id"]: cell["values"] for cell in two["rows"][0]["properties"]}
    assert cells[f"{E}note"] == [{"str": 'quoted "text"', "lang": "en"}]
    assert [meta["id"] for meta in two["meta"]] == [each["id"] for each in properties]


async def test_the_setting_limit_bounds_the_values_of_a_cell(client):
    label = "http://www.w3.org/2004/02/skos/core#prefLabel"
    asked = {"ids": [f"{E}hossein"], "properties": [{"id": label, "settings": {"limit": 1}}]}
    rows = (await client.post("/reconcile", data={"extend": json.dumps(asked)})).json()["rows"]
    assert len(rows[f"{E}hossein"][label]) == 1


@pytest.mark.parametrize("prefix", ["Hos", "حس", "Hossein Rez", "Husayn"])
async def test_entities_are_suggested_in_both_scripts(client, stable, draft, prefix):
    one = (await client.get("/reconcile/suggest/entity", params={"prefix": prefix})).json()
    stable.check("suggest-entities-response", one)
    assert f"{E}hossein" in [each["id"] for each in one["result"]]
    two = (await client.get("/reconcile/v1/suggest/entity", params={"prefix": prefix})).json()
    draft.check("suggest-entities-response", two)
    assert [each["id"] for each in two["result"]] == [each["id"] for each in one["result"]]


async def test_a_cursor_skips_suggestions(client):
    whole = (await client.get("/reconcile/suggest/entity", params={"prefix": "Ho"})).json()["result"]
    rest = (await client.get("/reconcile/suggest/entity", params={"prefix": "Ho", "cursor": "1"})).json()["result"]
    assert [one["id"] for one in rest] == [one["id"] for one in whole[1:]]
    assert (await client.get("/reconcile/suggest/entity?prefix=a&cursor=x")).status_code == 400


async def test_a_script_call_is_made_only_of_the_name_of_a_function(client):
    good = await client.get("/reconcile", params={"callback": "jQuery123_456.cb"})
    assert re.match(r"jQuery123_456\.cb\(\{.*\}\);\Z", good.text, re.DOTALL)
    assert good.headers["content-type"].startswith("text/javascript")
    for bad in ("alert(1)//", "a b", "<script>", "x" * 100, "a;b", "1a", "a\u2028"):
        response = await client.get("/reconcile", params={"callback": bad})
        assert response.status_code == 400
        assert response.headers["content-type"] == "application/problem+json"


async def test_a_preview_shows_in_frames_runs_nothing_and_escapes_names(client):
    response = await client.get("/reconcile/preview", params={"id": f"{E}evil"})
    assert response.status_code == 200
    assert "<script" not in response.text
    assert "&lt;script&gt;" in response.text
    policy = response.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    flyout = (await client.get("/reconcile/flyout/entity", params={"id": f"{E}evil"})).json()
    assert "<script" not in flyout["html"]


@pytest.mark.parametrize("path", ["preview", "v1/preview", "view", "flyout/entity"])
async def test_an_unknown_record_is_not_found_and_is_not_echoed(client, path):
    response = await client.get(f"/reconcile/{path}", params={"id": "<script>alert(1)</script>"})
    assert response.status_code == 404
    assert "<script>" not in response.text
    # an address elsewhere is no record of ours: nobody is sent there
    assert (await client.get(f"/reconcile/{path}", params={"id": "https://elsewhere.example/x"})).status_code == 404


async def test_the_wrong_media_type_is_told(client):
    assert (await client.post("/reconcile", json={"queries": {}})).status_code == 415
    form = await client.post("/reconcile/v1/match", data={"queries": "{}"})
    assert form.status_code == 415


async def test_preflight_allows_json_from_anywhere(client):
    response = await client.options("/reconcile/v1/match", headers={"origin": "https://openrefine.example"})
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert "content-type" in response.headers["access-control-allow-headers"]
