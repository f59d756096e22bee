"""What the policy refuses and what it leaves alone, one rule per test."""

import contextlib
import os
import time
from pathlib import Path

import pytest

from dadkhah.engine.interface import QueryForm
from dadkhah.engine.queries.policy import REMOTE, Policy, check, classify
from dadkhah.errors import QueryRefused, QuerySyntaxError, QueryTooLarge

GIVEN = Path(os.environ.get("DADKHAH_GIVEN", Path(__file__).parents[4] / "shared"))


def refusal(text, policy=None):
    with pytest.raises(QueryRefused) as caught:
        check(text, policy or Policy())
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://x/> {} }",
        "select*{service<http://x/>{}}",
        "SELECT * { SERVICE\tSILENT\r\n<http://x/> {} }",
        "SELECT * { SERVICE#note\n<http://x/> {} }",
        "SELECT * { SERVICE ?endpoint {} }",
        "PREFIX x: <http://x/> SELECT * { SERVICE x:sparql {} }",
        r"SELECT * { \u0053ERV\u0049CE <http://x/> {} }",
        r"SELECT * { \U00000053ERVICE <http://x/> {} }",
        "SELECT * { FILTER EXISTS { SERVICE <http://x/> {} } }",
        "SELECT * { ?s ?p true.SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p trueSERVICE <http://x/> {} }",
        "SELECT * { ?s ?p 1SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p 1.5e3SERVICE <http://x/> {} }",
        "PREFIX : <http://x/> SELECT * { SERVICE:x {} }",
        "PREFIX : <http://x/> SELECT * { ?s ?p true.SERVICE:x {} }",
    ],
)
def test_service_clause_is_refused(text):
    assert "SERVICE" in str(refusal(text))


@pytest.mark.parametrize(
    "text",
    [
        # `<` compares here; whoever reads `<'>` as an IRI takes what follows for a string
        "SELECT * { FILTER(1<'>') SERVICE <http://x/> {} #'\n}",
        "SELECT * { FILTER(?a<?b)SERVICE#>\n<http://x/>{} }",
        "SELECT * { VALUES (?a ?b) {(1 <http://x/'>)} FILTER(?a<'>') SERVICE <http://x/> {} #'\n}",
        "SELECT * { FILTER(?a<?b#>{\n && ?c<'>') SERVICE <http://x/> {} #'\n}",
        "SELECT * { ?s ?p (1 <http://x#'''>) . SERVICE <http://x/> {} #'''\n}",
        "SELECT * { ?s ?p 1,(2 <http://x#'''>) . SERVICE <http://x/> {} #'''\n}",
        "SELECT * { FILTER(?x<<http://x#'''>) SERVICE <http://x/> {} #'''\n}",
        "SELECT * { {SELECT ?x {} ORDER BY ?x (1<'>')} SERVICE <http://x/> {} #'\n}",
        "SELECT * { FILTER(1-2<'>') SERVICE <http://x/> {} #'\n}",
        "SELECT * { FILTER(1.e5<'>') SERVICE <http://x/> {} #'\n}",
        "PREFIX f: <http://f/> SELECT * { FILTER f:f(1<'>') SERVICE <http://x/> {} #'\n}",
        "SELECT * { FILTER(IF(true,2<'>',3)) SERVICE <http://x/> {} #'\n}",
        # some engines end a comment at a carriage return, some only at a line feed
        'SELECT * { #x\r"""\nSERVICE <http://x/> {} #"""\n}',
        "SELECT * { #x\rSERVICE <http://x/> {}\n}",
        # escapes replaced before the text is cut into tokens close this string
        r"SELECT * { ?s ?p '\u0027 SERVICE <http://x/> {} #' }",
    ],
)
def test_service_clause_does_not_hide_behind_what_reads_two_ways(text):
    assert "SERVICE" in str(refusal(text))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'SERVICE' }",
        'SELECT * { ?s ?p "INSERT \\" SERVICE" }',
        "SELECT * { ?s ?p '''it's a\nSERVICE''' }",
        'SELECT * { ?s ?p """say "SERVICE" twice""" }',
        "SELECT * { ?s ?p ?o } # SERVICE <http://x/> { }",
        "SELECT * { ?s <http://x/service/SERVICE#SERVICE> ?o }",
        "PREFIX service: <http://x/> SELECT * { ?s service:x ?o }",
        "PREFIX my-service: <http://x/> SELECT * { ?s my-service:x { } }",
        "SELECT * { ?s service:x ?o }",
        "PREFIX ex: <http://x/> SELECT * { ?s ex:SERVICE ex:insert . ?s ex:a.DELETE ?o }",
        "SELECT ?service $insert { ?service ?load $insert . _:clear ?p ?o }",
        "PREFIX insert: <http://x/> SELECT * { ?s insert:delete 'x'@load }",
        "SELECT * { VALUES (?a ?b) { (1 <http://x/o'service>) } FILTER(?x = <http://x/it's>) }",
        "SELECT * { FILTER(?a < ?b && ?c > ?d) ?s ?p 'SERVICE' }",
        "SELECT * { ?s ?p (1 <http://x#service>) }",
        "SELECT * { ?é\u200cservice ?p 'سرویس SERVICE' }",
        r"SELECT * { ?s ?p '\u0022 \u0027' }",
    ],
)
def test_names_strings_and_comments_are_left_alone(text):
    assert check(text) is QueryForm.SELECT


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "insert data{}",
        "PREFIX x: <http://x/>\nDELETE WHERE { ?s ?p ?o }",
        "WITH <http://g/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "LOAD SILENT <http://x/>",
        "CLEAR ALL",
        "CREATE GRAPH <http://x/>",
        "DROP ALL",
        "COPY DEFAULT TO <http://x/>",
        "MOVE DEFAULT TO <http://x/>",
        "ADD DEFAULT TO <http://x/>",
        "SELECT * { ?s ?p ?o } ;\nINSERT DATA { }",
        r"\u0049NSERT DATA { }",
        "#x\rINSERT DATA { }",
    ],
)
def test_update_is_refused(text):
    assert "update" in str(refusal(text))


def test_define_of_virtuoso_is_refused():
    assert "DEFINE" in str(refusal("DEFINE get:soft 'replace' SELECT * FROM <http://x/> { ?s ?p ?o }"))


def test_refusal_names_line_and_column():
    error = refusal("SELECT *\nWHERE {\n  SERVICE <http://x/> {}\n}")
    assert (error.line, error.column) == (3, 3)


def test_position_is_that_of_the_text_as_sent_when_escapes_are_used():
    error = refusal("SELECT * { ?s ?p '\\u0041\\u0042' .\n \\u0053ERVICE <http://x/> {} }")
    assert (error.line, error.column) == (2, 2)


def test_service_to_an_allowed_endpoint_is_accepted():
    policy = Policy(service_endpoints=frozenset({"http://a/sparql"}))
    assert check("ASK { SERVICE SILENT <http://a/sparql> { } }", policy) is QueryForm.ASK
    assert check("PREFIX a: <http://a/> ASK { SERVICE a:sparql { } }", policy) is QueryForm.ASK
    assert check("BASE <http://a/> ASK { SERVICE <sparql> { } }", policy) is QueryForm.ASK


@pytest.mark.parametrize("target", ["<http://b/>", "?e", "a:other", "undeclared:x", "<http://a/sparql/>"])
def test_service_to_anything_else_is_refused_even_so(target):
    policy = Policy(service_endpoints=frozenset({"http://a/sparql"}))
    refusal(f"PREFIX a: <http://a/> ASK {{ SERVICE {target} {{ }} }}", policy)


def test_nesting_beyond_the_limit_is_refused_with_its_position():
    error = refusal("ASK " + "{" * 300 + "}" * 300)
    assert (error.line, error.column) == (1, 261)


def test_nesting_of_a_real_query_is_accepted():
    assert check("SELECT * " + "{" * 60 + "}" * 60) is QueryForm.SELECT


@pytest.mark.parametrize(
    "chain",
    [
        "SELECT (" + "1+" * 6000 + "1 AS ?x) {}",
        "SELECT (" + "1-" * 6000 + "1 AS ?x) {}",
        "ASK { FILTER(" + "1&&" * 6000 + "1) }",
        "ASK { {} " + "UNION {} " * 6000 + "}",
        "ASK { " + "BIND(1 AS ?x) " * 5500 + "}",
        "ASK { ?s " + "<p>/" * 6000 + "<p> ?o }",
        "SELECT (CONCAT(" + "?x," * 9999 + "?x) AS ?y) {}",
    ],
)
def test_long_chains_of_operators_are_refused(chain):
    refusal(chain, Policy(query_bytes=1_000_000))


def test_many_values_are_accepted():
    assert check("SELECT * { VALUES ?x { " + " ".join(map(str, range(5000))) + " } }") is QueryForm.SELECT


def test_bounds_for_engines_that_are_not_ours_are_tighter():
    chain = "ASK { {} " + "UNION {} " * 2000 + "}"
    assert check(chain) is QueryForm.ASK
    refusal(chain, REMOTE)


def test_length_counts_bytes_not_characters():
    text = "ASK { ?s ?p '" + "س" * 40_000 + "' }"
    with pytest.raises(QueryTooLarge):
        check(text)
    assert check(text, Policy(query_bytes=100_000)) is QueryForm.ASK


def test_lone_surrogates_are_no_query():
    with pytest.raises(QuerySyntaxError):
        check("ASK { ?s ?p '" + "x" * 20_000 + "\ud800' }")


def test_unclosed_string_is_a_syntax_error_with_its_position():
    with pytest.raises(QuerySyntaxError) as caught:
        check("SELECT * {\n ?s ?p 'service }")
    assert (caught.value.line, caught.value.column) == (2, 8)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * { }", QueryForm.SELECT),
        ("ask{}", QueryForm.ASK),
        ("CONSTRUCT WHERE { ?s ?p ?o }", QueryForm.CONSTRUCT),
        ("describe <http://x/>", QueryForm.DESCRIBE),
        ("PREFIX select: <http://x/#SELECT> # SELECT\nBASE <http://y/>\nASK { }", QueryForm.ASK),
        ("BASE<http://y/>PREFIX :<http://x/>DESCRIBE<z>", QueryForm.DESCRIBE),
        (r"\u0041SK { }", QueryForm.ASK),
    ],
)
def test_form_is_the_first_keyword_after_the_prologue(text, form):
    assert classify(text) is form
    assert check(text) is form


@pytest.mark.parametrize("text", ["", "   ", "# SELECT", "foo { }", "PREFIX x: <http://x/>", "?select"])
def test_text_without_a_form_is_a_syntax_error(text):
    with pytest.raises(QuerySyntaxError):
        check(text)


@pytest.mark.parametrize(
    "text",
    [
        'ASK {"' + '\\"' * 30_000,
        "ASK{" + "<" * 60_000,
        "ASK{" + "'''" * 20_001,
        "ASK{" + "a." * 30_000,
        "ASK{" + "service:x " * 6000,
        "ASK{" + "#\r" * 30_000 + "\\u0053",
        "ASK{(1" + "<aaaaaaa" * 7000,
        "PREFIX a:" * 7000,
        "#\n" * 30_000,
    ],
)
def test_scan_looks_at_each_character_a_bounded_number_of_times(text):
    # a quadratic scan of these takes from ten seconds to minutes
    began = time.process_time()
    with contextlib.suppress(QueryRefused, QuerySyntaxError):
        check(text)
    assert time.process_time() - began < 5


@pytest.mark.given
def test_every_w3c_query_without_service_is_accepted_and_every_update_refused():
    suite = GIVEN / "w3c/vendor/rdf-tests/sparql"
    if not suite.is_dir():
        assert not os.environ.get("CI"), f"the W3C suites are missing at {suite}"
        pytest.skip("the W3C suites are not beside the checkout")
    queries = updates = 0
    for file in sorted(suite.rglob("*.rq")):
        text = file.read_text("utf-8")
        if "service" in text.lower() or "syn-bad" in file.name:
            continue
        check(text)
        queries += 1
    for file in sorted(suite.rglob("*.ru")):
        with pytest.raises((QueryRefused, QuerySyntaxError)):
            check(file.read_text("utf-8"))
        updates += 1
    assert queries > 300
    assert updates > 100
