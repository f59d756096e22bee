from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io

import pyoxigraph as ox
import pytest

VOICE = "https://w3id.org/dadkhah/voice/news/paper"


async def test_every_file_listed_has_the_size_and_hash_that_are_told(client):
    document = (await client.get("/dumps")).json()
    names = {file["name"] for file in document["files"]}
    assert {"dump.nq.gz", "tables/events.csv", "tables/statements.csv", "tables/sources.csv"} <= names
    for file in document["files"]:
        answer = await client.get(file["url"], headers={"accept-encoding": "identity"})
        assert answer.status_code == 200, file["name"]
        assert len(answer.content) == file["bytes"]
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
        assert answer.headers["etag"] == f'"{file["sha256"]}"'
        assert "immutable" in answer.headers["cache-control"]
        digest = base64.b64encode(bytes.fromhex(file["sha256"])).decode()
        assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
        assert answer.headers["content-type"].partition(";")[0] == file["mediaType"]


async def test_the_content_of_the_dump_has_the_hash_that_names_the_snapshot(client, snapshot):
    document = (await client.get("/dumps")).json()
    dump = await client.get(document["files"][0]["url"])
    lines = gzip.decompress(dump.content)
    assert hashlib.sha256(lines).hexdigest() == document["snapshot"] == snapshot.hash
    assert lines.splitlines() == sorted(lines.splitlines())
    assert sum(1 for _ in ox.parse(lines, format=ox.RdfFormat.N_QUADS)) == document["statements"]


async def test_checksums_are_what_sha256sum_reads(client):
    answer = await client.get("/dumps/SHA256SUMS", follow_redirects=True)
    listed = (await client.get("/dumps")).json()
    files = {file["name"].rpartition("/")[2]: file["sha256"] for file in (*listed["files"], *listed["proofs"])}
    assert dict(reversed(line.split("  ")) for line in answer.text.splitlines()) == files


async def test_a_graph_as_sorted_n_triples_has_the_hash_that_is_told(client):
    graphs = {each["iri"]: each for each in (await client.get("/dumps")).json()["graphs"]}
    answer = await client.get(graphs[VOICE]["ntriples"])
    assert hashlib.sha256(answer.content).hexdigest() == graphs[VOICE]["sha256OfSortedNTriples"]
    turtle = await client.get(graphs[VOICE]["turtle"])
    triples = set(ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES))
    assert set(ox.parse(turtle.content, format=ox.RdfFormat.TURTLE)) == triples
    assert len(triples) == graphs[VOICE]["triples"]


async def test_a_name_without_hash_leads_to_the_snapshot_being_served(client, snapshot):
    answer = await client.get("/dumps/dump.nq.gz")
    assert answer.status_code == 302
    assert answer.headers["location"].endswith(f"/dumps/{snapshot.hash}/dump.nq.gz")


async def test_part_of_a_dump_and_a_file_known_already_cost_less(client, snapshot):
    address = f"/dumps/{snapshot.hash}/dump.nq.gz"
    whole = await client.get(address)
    part = await client.get(address, headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    again = await client.get(address, headers={"if-none-match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_table_comes_whole_and_may_be_compressed_on_its_way(client, snapshot):
    address = f"/dumps/{snapshot.hash}/tables/statements.csv"
    plain = await client.get(address, headers={"accept-encoding": "identity"})
    coded = await client.get(address, headers={"accept-encoding": "gzip", "range": "bytes=0-9"})
    assert coded.status_code == 200
    assert coded.content == plain.content


@pytest.mark.parametrize(
    "path",
    [
        "DATASET.sha256", "{hash}/whole.nq.gz", "{hash}/../current/dump.nq.gz", "{hash}/%2e%2e/changes.jsonl",
        "{hash}/.manifest.json.sig.new", "{hash}/manifest.json.sig", "{hash}/signers", "../changes.jsonl",
        "{hash}/store/CURRENT", "{hash}/indexes/tables/events.csv", "{hash}/tables/nothing.csv", "0/dump.nq.gz",
        "{hash}/graph.docx?iri=" + VOICE, "{hash}/graph.nt?iri=urn:none", "%2Fetc%2Fpasswd", "{hash}/tables",
    ],
)  # fmt: skip
async def test_nothing_but_the_files_listed_leaves_the_folder(client, snapshot, path):
    answer = await client.get("/dumps/" + path.format(hash=snapshot.hash))
    assert answer.status_code in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"
    assert str(snapshot.folder) not in answer.text


async def test_tables_have_a_mark_for_spreadsheets_and_a_voice_in_each_row(client):
    answer = await client.get("/dumps/tables/statements.csv", follow_redirects=True)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows
    assert all(row["voice"] and row["claimant"] for row in rows)
    assert {"https://w3id.org/dadkhah/voice/news/paper", "https://w3id.org/dadkhah/voice/report/watch"} <= {
        row["voice"] for row in rows
    }


async def test_the_table_of_sources_counts_voices_and_passages(client):
    answer = await client.get("/dumps/tables/sources.csv", follow_redirects=True)
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    counts = {row["label"]: (row["sha256"], row["voices"], row["passages"]) for row in rows}
    assert counts == {"News of the day": ("aaaa", "1", "3"), "A report": ("", "1", "1")}
