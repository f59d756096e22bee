"""The policy against the engine's own parser: a keyword that the parser acts on is refused, any other is left alone.

The oracle: the text is parsed by pyoxigraph twice, once as it is and once with one letter of the word changed. If only
the first parses, the word was a keyword; if both do, it stood inside a string, an IRI, a comment or a name.
"""

import contextlib

import pyoxigraph as ox
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dadkhah.engine.queries.policy import check
from dadkhah.engine.queries.scan import readings
from dadkhah.errors import QueryRefused, QuerySyntaxError

PROLOGUE = "PREFIX : <http://d/> PREFIX ex: <http://e/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
WORD = "SERVICE"

SPACE = st.sampled_from(
    ["", " ", "\n", "\t", "\r\n", "\r", "#c\n", "#'\n", '#"""\n', "#>\n", "#'''\r", "  # {\n", "#}\n"]
)
IRI = st.sampled_from(
    [
        "<http://a>",
        "<http://a/it's>",
        "<http://a#b>",
        "<http://a#'''>",
        "<http://a/'>",
        "<http://a#{>".replace("{", "x"),
        "ex:a",
        ":b",
        "ex:a.b",
        "ex:it\\'s",
    ]
)
STRING = st.sampled_from(
    [
        "'a'",
        "'>'",
        '"<"',
        "'''a'b'''",
        '"""a"b"""',
        "'#'",
        "'\\''",
        "'{'",
        '"\\\\"',
        "'a'@en",
        "'1'^^xsd:int",
        "''",
        "'\\u0027'",
    ]
)
NUMBER = st.sampled_from(["1", "1.5", "1e5", "1.e5", ".5", "true", "false", "-2"])
VARIABLE = st.sampled_from(["?a", "?b", "$c", "?é"])
HIDDEN = st.sampled_from(
    [
        "'SERVICE'",
        '"SERVICE <http://x/> {}"',
        "'''SERVICE\n{'''",
        "<http://x/SERVICE>",
        "<http://x/#SERVICE>",
        "ex:SERVICE",
        ":SERVICE",
        "?SERVICE",
    ]
)
LIVE = st.sampled_from(
    [
        "SERVICE <http://x/> {}",
        "SERVICE<http://x/>{}",
        "SERVICE :x {}",
        "SERVICE:x{}",
        "SERVICE SILENT ?a {}",
        "SERVICE#\n?a{}",
        "SERVICE#>\n:x{}",
    ]
)
TERM = st.one_of(IRI, STRING, NUMBER, VARIABLE)


@st.composite
def expression(draw, depth=2):
    if depth == 0 or draw(st.booleans()):
        return draw(TERM)
    left, right = draw(expression(depth=depth - 1)), draw(expression(depth=depth - 1))
    shape = draw(
        st.sampled_from(
            [
                "{l}{s}{o}{t}{r}",
                "({l}{o}{r})",
                "IF({l}{o}{r},{l},{r})",
                "!{l}{s}{o}{r}",
                "{l} IN ({l}{s},{r}{o}{l})",
                "xsd:int({l}{o}{r})",
            ]
        )
    )
    operator = draw(st.sampled_from(["<", ">", "<=", "=", "!=", "&&", "||", "+", "-", "*", "/"]))
    return shape.format(l=left, r=right, o=operator, s=draw(SPACE), t=draw(SPACE))


@st.composite
def triple(draw):
    subject, predicate, end = draw(VARIABLE), draw(st.one_of(IRI, VARIABLE)), draw(st.sampled_from([".", " .", ""]))
    return f"{subject}{draw(SPACE)} {predicate} {draw(TERM)}{draw(SPACE)}{end}"


SIMPLE = st.one_of(
    triple(),
    st.builds("FILTER{}({})".format, SPACE, expression()),
    st.builds("FILTER xsd:boolean{}({})".format, SPACE, expression()),
    st.builds("BIND({} AS ?v{})".format, expression(), st.integers(0, 9)),
    st.builds("?s {} ({} {} {}){}.".format, IRI, TERM, IRI, TERM, SPACE),
    st.builds("VALUES (?l ?m) {{ ({} {}) ({}{}UNDEF) }}".format, NUMBER, IRI, STRING, SPACE),
)
CLAUSE = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds("{{ {} }} UNION {{ {} }}".format, inner, inner),
        st.builds("{{ SELECT ?a ({} AS ?n) {{ {} }} ORDER BY ?a ({}) }}".format, expression(), inner, expression()),
        st.builds("FILTER(EXISTS {{ {} }} && {})".format, inner, expression()),
    ),
    max_leaves=3,
)


@st.composite
def query(draw):
    clauses = draw(st.lists(CLAUSE, min_size=1, max_size=4))
    where = draw(st.integers(0, len(clauses)))
    if draw(st.booleans()):
        clauses.insert(where, draw(LIVE))
    else:
        clauses.insert(where, f"?s ?p {draw(HIDDEN)} .")
    body = "".join(each + draw(SPACE) for each in clauses)
    # what follows may close whatever a wrong reading has opened
    tail = draw(st.sampled_from(["", "#'", "#'''", '#"""', "#>", "#}"]))
    return f"{PROLOGUE}SELECT * {{ {body} {tail}\n}}"


def parses(text):
    try:
        ox.Store().query(text)
    except SyntaxError:
        return False
    except (OSError, ValueError, RuntimeError):
        return True
    return True


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(query())
@example(PROLOGUE + "SELECT * { FILTER(1<'>')SERVICE :x {} #'\n}")
@example(PROLOGUE + "SELECT * { FILTER(1 IN (1,2<'>'))SERVICE :x {} #'\n}")
def test_policy_agrees_with_the_parser_about_what_is_a_keyword(text):
    assert text.count(WORD) == 1
    if not parses(text):
        return
    is_keyword = not parses(text.replace(WORD, "SERVICF"))
    try:
        check(text)
        refused = False
    except (QueryRefused, QuerySyntaxError):
        refused = True
    # a text that engines read in different ways may be refused for any of them
    assert refused == is_keyword or (refused and len(readings(text)) > 1)


@settings(max_examples=150, deadline=None)
@given(query(), st.data())
def test_escapes_do_not_hide_a_keyword(text, data):
    at = text.index(WORD)
    letter = data.draw(st.integers(at, at + len(WORD) - 1))
    escaped = f"{text[:letter]}\\u{ord(text[letter]):04x}{text[letter + 1 :]}"
    if not parses(text) or parses(text.replace(WORD, "SERVICF")):
        return
    try:
        check(escaped)
    except (QueryRefused, QuerySyntaxError):
        return
    raise AssertionError(escaped)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("SERVICEservice<>'\"#{}()?:.\\u0053 \n\r1atrue"), max_size=60))
def test_any_text_is_judged_without_another_error(text):
    with contextlib.suppress(QueryRefused, QuerySyntaxError):
        check(text)
