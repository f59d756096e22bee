"""Stored queries: what a header may say, and that a value is only ever a term."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from dadkhah.engine.interface import QueryForm
from dadkhah.engine.queries.catalog import Catalog
from dadkhah.errors import NotFound, ParameterError, SourceSyntaxError

DOCS = Path(__file__).parents[3] / "docs/queries.md"


def catalog(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.rq").write_text(text, "utf-8")
    return Catalog.load(folder, {"ex": "http://ex/"})


def single(folder, params, body):
    return catalog(folder, one=f"# title: One\n{params}\n{body}").find("one")


def test_example_of_the_documentation_loads_and_binds(tmp_path):
    example = re.search(r"```sparql\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)[1]
    query = catalog(tmp_path, held=example).find("held")
    assert query.form is QueryForm.SELECT
    assert query.title("fa") == "زندانیان یک زندان"
    assert [parameter.name for parameter in query.parameters] == ["prison", "from", "lang", "limit"]
    assert [query.label(parameter, "fa")[:5] for parameter in query.parameters] == ["زندان", "تنها ", "زبان ", "حداکث"]
    text = query.bind({**query.header.examples, "from": "2020-02-03"})
    assert "<https://w3id.org/dadkhah/id/prison/evin>" in text
    assert '"2020-02-03"^^<http://www.w3.org/2001/XMLSchema#date>' in text
    assert "LIMIT  100" in text


def test_label_of_a_parameter_is_in_the_language_asked_for_or_in_english_or_its_name(tmp_path):
    params = '# param: x iri "One"\n# param-fa: x "یک"\n# param: y iri\n'
    query = single(tmp_path, params, "SELECT * { $x ?p $y }")
    said = {each.name: [query.label(each, language) for language in ("en", "fa", "ckb")] for each in query.parameters}
    assert said == {"x": ["One", "یک", "One"], "y": ["y", "y", "y"]}


@pytest.mark.parametrize(
    ("kind", "value", "term"),
    [
        ("iri", "http://x/é", "<http://x/é>"),
        ("curie", "ex:a", "<http://ex/a>"),
        ("curie", "http://y/a", "<http://y/a>"),
        ("curie", "own:b", "<http://own/b>"),
        ("string", 'a"} ', '"a\\"} "'),
        ("lang-string", "سلام@fa", '"سلام"@fa'),
        ("lang-string", "a@b@en", '"a@b"@en'),
        ("language", "FA", '"fa"'),
        ("integer", "-5", "-5"),
        ("decimal", "0.5", '"0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
        ("date", "2024-02-29", '"2024-02-29"^^<http://www.w3.org/2001/XMLSchema#date>'),
        (
            "datetime",
            "2024-01-01T00:00:00Z",
            '"2024-01-01T00:00:00+00:00"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
        ),
        ("boolean", "1", "true"),
    ],
)
def test_value_becomes_a_term_of_its_kind(tmp_path, kind, value, term):
    query = single(tmp_path, f"# param: x {kind} required", "PREFIX own: <http://own/> SELECT ?y { BIND($x AS ?y) }")
    assert f" {term} " in query.bind({"x": value})


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("iri", "not absolute"),
        ("iri", "http://x/> ?s ?p ?o"),
        ("curie", "unknown:a"),
        ("curie", "ex:a> {}"),
        ("lang-string", "no language"),
        ("lang-string", 'x@en" }'),
        ("language", "en }"),
        ("integer", "5 OFFSET 3"),
        ("integer", "\u0665"),
        ("integer", "9" * 30),
        ("decimal", "1e5"),
        ("decimal", "NaN"),
        ("date", "2023-02-29"),
        ("date", "yesterday"),
        ("datetime", "now"),
        ("boolean", "maybe"),
        ("string", "x" * 5000),
        ("string", "\ud800"),
    ],
)
def test_value_of_the_wrong_kind_is_an_error_that_names_the_parameter(tmp_path, kind, value):
    query = single(tmp_path, f"# param: who {kind} required", "SELECT ?y { BIND($who AS ?y) }")
    with pytest.raises(ParameterError, match="who"):
        query.bind({"who": value})


def test_missing_required_parameter_is_an_error(tmp_path):
    query = single(tmp_path, "# param: who iri required", "SELECT ?y { $who ?p ?y }")
    for values in ({}, {"who": ""}):
        with pytest.raises(ParameterError, match=r"who.*missing"):
            query.bind(values)


def test_unknown_parameter_is_an_error_with_the_near_one(tmp_path):
    query = single(tmp_path, "# param: limit integer default=5", "SELECT ?y { ?x ?p ?y } LIMIT $limit")
    with pytest.raises(ParameterError, match="limit"):
        query.bind({"limt": "5"})


def test_bounds_of_a_number_hold(tmp_path):
    query = single(tmp_path, "# param: n integer default=5 min=1 max=10", "SELECT ?y { ?x ?p ?y } LIMIT $n")
    assert "LIMIT  10" in query.bind({"n": "10"})
    for value in ("0", "11"):
        with pytest.raises(ParameterError, match="n"):
            query.bind({"n": value})


def test_only_the_choices_are_taken(tmp_path):
    query = single(tmp_path, "# param: lang language default=en choices=en|fa", "SELECT ?y { BIND($lang AS ?y) }")
    assert '"fa"' in query.bind({"lang": "fa"})
    with pytest.raises(ParameterError, match="en, fa"):
        query.bind({"lang": "de"})


def test_optional_parameter_without_value_matches_anything(tmp_path):
    store = ox.Store()
    store.load(b"<http://a> <http://p> 1 . <http://b> <http://p> 2 .", format=ox.RdfFormat.TURTLE)
    query = single(
        tmp_path,
        "# param: who iri optional\n# param: least integer optional",
        "SELECT ?y { $who <http://p> ?y FILTER(!BOUND($least) || ?y >= $least) }",
    )
    rows = {
        values: len(list(store.query(query.bind(dict(values)))))
        for values in [(), (("who", "http://a"),), (("least", "2"),)]
    }
    assert rows == {(): 2, (("who", "http://a"),): 1, (("least", "2"),): 1}


def test_several_values_go_into_a_data_block_or_an_in_list(tmp_path):
    query = single(
        tmp_path,
        "# param: who iri list required",
        "SELECT ?x { VALUES ?x { $who } FILTER(?x IN ($who)) }",
    )
    text = query.bind({"who": ["http://a", "http://b"]})
    assert "{  <http://a> <http://b>  }" in text
    assert "( <http://a>, <http://b> )" in text
    assert len(list(ox.Store().query(text))) == 2


def test_second_value_of_a_single_parameter_is_an_error(tmp_path):
    query = single(tmp_path, "# param: who iri required", "SELECT ?y { $who ?p ?y }")
    with pytest.raises(ParameterError, match="one value"):
        query.bind({"who": ["http://a", "http://b"]})


def test_dollar_names_inside_strings_iris_and_comments_are_left_alone(tmp_path):
    query = single(
        tmp_path, "# param: x string required", "SELECT ?y { ?y <http://x/$x> '$x' . # $x\n BIND($x AS ?z) }"
    )
    assert query.bind({"x": "v"}).count('"v"') == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT * { ?s ?p ?o }", "title"),
        ("# title: A\n# titel: B\nSELECT * { ?s ?p ?o }", "titel"),
        ("# title: A\n# no header\nSELECT * { ?s ?p ?o }", "key: value"),
        ("# title: A\n# param: x\nSELECT * { ?s ?p $x }", "name kind"),
        ("# title: A\n# param: x thing\nSELECT * { ?s ?p $x }", "thing"),
        ("# title: A\n# param: x iri\n# param: x iri\nSELECT * { ?s ?p $x }", "twice"),
        ('# title: A\n# param-fa: x "y"\n# param: x iri\nSELECT * { ?s ?p $x }', "no line above"),
        ("# title: A\n# param: x iri\n# param-fa: x y z\nSELECT * { ?s ?p $x }", "param-fa"),
        ("# title: A\n# param: x iri\n# param-fa: x y\n# param-fa: x z\nSELECT * { ?s ?p $x }", "two labels"),
        ("# title: A\n# param: x integer default=many\nSELECT * { ?s ?p $x }", "default"),
        ("# title: A\n# param: x integer required default=1\nSELECT * { ?s ?p $x }", "required"),
        ("# title: A\n# param: x integer min=low\nSELECT * { ?s ?p $x }", "low"),
        ("# title: A\n# param: x iri\nSELECT * { ?s ?p ?o }", "not used"),
        ("# title: A\n# param: x iri\nSELECT * { ?x ?p $x }", r"\$x"),
        ("# title: A\nSELECT * { ?s ?p $x }", "declared"),
        ("# title: A\n# param: x iri\nSELECT $x { $x ?p ?o }", "parse"),
        ("# title: A\n# param: x integer\nSELECT ?s { ?s ?p ?o } LIMIT $x", "no parameter"),
        ("# title: A\n# example: y=1\nSELECT * { ?s ?p ?o }", "example"),
        ("# title: A\nSELECT * { SERVICE <http://x/> {} }", "SERVICE"),
        ("# title: A\nSELECT * {", "parse"),
    ],
)
def test_file_that_is_amiss_is_named_with_what_to_mend(tmp_path, text, problem):
    with pytest.raises(SourceSyntaxError, match=problem) as caught:
        catalog(tmp_path, broken=text)
    assert caught.value.file.endswith("broken.rq")


def test_line_of_an_error_counts_the_header(tmp_path):
    with pytest.raises(SourceSyntaxError) as caught:
        catalog(tmp_path, broken="# title: A\n\nSELECT *\n{ SERVICE <http://x/> {} }")
    assert caught.value.line == 4


def test_unknown_name_comes_with_near_ones(tmp_path):
    with pytest.raises(NotFound) as caught:
        catalog(tmp_path, timeline="# title: A\nASK {}", people="# title: B\nASK {}").find("timelines")
    assert caught.value.near == ("timeline",)
