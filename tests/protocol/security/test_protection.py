"""Rules of protection while serving: the internal snapshot, withdrawn records, and what cannot be told apart."""

import json
from urllib.parse import quote

import pytest

IRI = "https://w3id.org/dadkhah/id/person/{}"
# each address that answers about one record, by kind and slug or by IRI
OF_RECORD = (
    "/id/person/{}",
    "/data/person/{}.ttl",
    "/data/person/{}.nt",
    "/data/person/{}.rdf",
    "/data/person/{}.jsonld",
    "/data/person/{}.csv",
    "/data/person/{}.trig",
    "/data/person/{}.nq",
    "/api/v1/person/{}",
    "/api/v1/person/{}?format=csv",
    "/api/v1/person/{}/statements",
    "/api/v1/person/{}/timeline",
    "/api/v1/person/{}/relations",
    "/api/v1/record?iri=https%3A%2F%2Fw3id.org%2Fdadkhah%2Fid%2Fperson%2F{}",
    "/en/person/{}",
    "/fa/person/{}",
    "/en/dossier/person/{}",
    "/en/card/person/{}",
    "/en/record?iri=https%3A%2F%2Fw3id.org%2Fdadkhah%2Fid%2Fperson%2F{}",
)
ASKING = (
    "/api/v1/search?q={}",
    "/api/v1/suggest?q={}",
    "/en/search?q={}",
    "/reconcile?query={}",
    "/reconcile/suggest/entity?prefix={}",
    "/reconcile/preview?id={}",
    "/reconcile/flyout/entity?id={}",
    "/reconcile/view?id={}",
    "/api/v1/graph?seed=person/{}",
    "/api/v1/paths?from=person/{}&to=person/open-person",
    "/api/v1/events?person=person/{}",
    "/en/graph?seed=person/{}",
    "/en/path?from=person/{}&to=person/open-person",
)
WHOLE = (
    "/", "/en/", "/fa/", "/en/data", "/en/changes", "/api/v1/stats", "/api/v1/changes", "/.well-known/void", "/metrics",
    "/readyz", "/openapi.json", "/robots.txt", "/en/sources", "/en/conflicts", "/api/v1/conflicts", "/en/quality",
    "/sparql?query=" + quote("CONSTRUCT { ?s ?p ?o } { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"),
    "/sparql?query=" + quote("SELECT DISTINCT ?g { GRAPH ?g { } }"),
)  # fmt: skip
BY_NAME = ("/api/v1/search?q={}", "/api/v1/suggest?q={}", "/reconcile?query={}", "/en/search?q={}")
CLOSED = (
    "/",
    "/en/",
    "/sparql?query=ASK%7B%7D",
    "/api/v1/stats",
    "/metrics",
    "/readyz",
    "/static/style.css",
    "/nowhere",
)
UNSTABLE = ("date", "content-length", "etag")


def same(answer, slug):
    """An answer without what names the record that was asked for."""

    def unnamed(text):
        return text.replace(slug, "*").replace(slug.replace("-", " "), "*")

    kept = sorted((name, unnamed(value)) for name, value in answer.headers.items() if name not in UNSTABLE)
    return answer.status, kept, unnamed(answer.text)


@pytest.mark.parametrize("path", [*OF_RECORD, *ASKING])
def test_a_restricted_record_and_one_that_never_was_are_answered_alike(public, secrets, path):
    _, restricted, absent = secrets
    first, second = public.ask(path.format(restricted)), public.ask(path.format(absent))
    assert same(first, restricted) == same(second, absent)


@pytest.mark.parametrize("path", WHOLE)
def test_no_public_byte_holds_what_is_protected(public, secrets, path):
    name, restricted, _ = secrets
    body = public.ask(path).text
    assert name not in body
    assert restricted not in body


@pytest.mark.parametrize("path", BY_NAME)
def test_a_protected_name_is_not_found(public, secrets, path):
    name = secrets[0]
    answer = public.ask(path.format(quote(name)))
    assert answer.status == 200
    assert secrets[1] not in answer.text
    # as much is found for a name that nobody has
    other = "Wqxzvj Jjkqwxyzzqx"
    assert len(other) == len(name)
    assert len(answer.text) == len(public.ask(path.format(quote(other))).text)


@pytest.mark.parametrize("path", OF_RECORD)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_a_withdrawn_record_is_gone_at_every_address(public, withdrawn, path, accept):
    answer = public.ask(path.format(withdrawn), Accept=accept)
    if answer.status == 406:
        assert accept == "text/html"
        return
    assert answer.status == 410
    assert "on request" not in answer.text


@pytest.mark.parametrize("what", ["preview", "flyout/entity", "view"])
def test_a_withdrawn_record_is_gone_for_reconciliation_too(public, withdrawn, what):
    assert public.ask(f"/reconcile/{what}?id={quote(IRI.format(withdrawn), safe='')}").status == 410


def test_a_withdrawn_record_is_no_candidate(public, withdrawn):
    asked = quote(json.dumps({"q0": {"query": IRI.format(withdrawn)}}))
    assert json.loads(public.ask(f"/reconcile?queries={asked}").body)["q0"]["result"] == []


def test_the_internal_snapshot_is_not_served_without_tokens(project, run):
    done = run(project, "serve", "--snapshots", "internal", "--port", "0")
    assert done.returncode == 3
    assert "token" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_running_public_service_does_not_take_up_an_internal_snapshot(project, run, public, secrets):
    before = json.loads(public.ask("/readyz").body)["snapshot"]
    assert run(project, "build", "--profile", "internal", "--out", "public").returncode == 0
    try:
        public.process.send_signal(1)  # look at once
        for _ in range(20):
            assert json.loads(public.ask("/readyz").body)["snapshot"] == before
            assert public.ask(f"/api/v1/person/{secrets[1]}").status == 404
    finally:
        assert run(project, "snapshots", "--snapshots", "public", "--use", before).returncode == 0


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "PUT"])
def test_the_internal_service_tells_nothing_without_a_token(internal, path, method):
    answer = internal.ask(path, method=method)
    assert answer.status == 401
    assert answer.headers["cache-control"] == "no-store"


def test_the_internal_service_answers_who_has_a_token(internal, token, secrets):
    asked = "/api/v1/person/" + secrets[1]
    answer = internal.ask(asked, Authorization=f"Bearer {token}")
    assert answer.status == 200
    assert secrets[0] in answer.text
    assert answer.headers["cache-control"] == "no-store"
    # and what one had is in no cache for the next
    assert internal.ask(asked).status == 401
    query = "/sparql?query=" + quote("SELECT * { ?s ?p ?o } LIMIT 5")
    for _ in range(3):
        assert internal.ask(query, Authorization=f"Bearer {token}").status == 200
    assert internal.ask(query).status == 401


def test_a_token_is_kept_as_its_hash_only(project, token):
    kept = (project / "tokens").read_text(encoding="utf-8")
    assert token not in kept
    assert (project / "tokens").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("line", ["archive-team", "x sha256:abc", "x md5:" + "0" * 32])
def test_a_broken_file_of_tokens_ends_the_start_and_is_not_shown(project, run, line):
    (project / "broken").write_text(line + "\n", encoding="utf-8")
    done = run(project, "serve", "--snapshots", "internal", "--tokens", "broken", "--port", "0")
    assert done.returncode == 3
    assert "broken:1" in done.stderr
    assert line not in done.stderr
