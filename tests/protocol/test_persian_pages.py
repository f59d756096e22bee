"""The Persian pages of the real project, walked by their own links: no sentence on them is English and unmarked."""

from __future__ import annotations

import ast
import re
import urllib.error
import urllib.request
from collections import Counter, deque
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from dadkhah import errors
from dadkhah.web.pages.messages import complaint, note
from dadkhah.web.pages.texts import TEXTS
from dadkhah.web.wire.problems import STATUSES, HttpError

ROOT = Path(__file__).parents[2]
# three words in Latin letters side by side; two may be a name
SENTENCE = re.compile(r"[A-Za-z][A-Za-z'’]*(?:[ ,;]+[A-Za-z][A-Za-z'’]*){2,}")
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
CODE = {"pre", "code", "script", "style", "textarea"}
EACH = 2
"""Pages of one kind that are looked at."""
STARTS = (
    "/fa/", "/fa/nothing", "/fa/person/nobody", "/fa/timeline?from=soon", "/fa/search?q=a&limit=many", "/fa/risk",
    "/fa/search?q=zzzzqqq", "/fa/search?q=ahmad", "/fa/conflicts?cursor=zzz", "/fa/graph?seed=prison/evin&hops=3",
    "/fa/path?from=person/behrouz-ehsani&to=prison/evin", "/fa/path?from=person/behrouz-ehsani&to=x",
    "/fa/compare?left=person/behrouz-ehsani&right=person/mehdi-hassani", "/fa/sparql?query=SELEC",
    "/fa/sparql?query=ASK%20%7B%20SERVICE%20%3Curn:x%3E%20%7B%7D%20%7D", "/fa/queries/lawyers?limit=9999999",
    "/fa/queries/executons", "/fa/queries/events-in-a-period?from=soon", "/fa/queries/lawyers?nothing=x",
)  # fmt: skip
KINDS = {"about", "changes", "conflicts", "data", "map", "method", "ontology", "path", "patterns", "quality", "queries"}
KINDS |= {"risk", "search", "sources", "sparql", "timeline", "compare", "graph", "person", "prison", "event", "source"}
KINDS |= {"court", "dossier/person", "history/person", "all/statements", "card/person", "note", "statement", "pattern"}


class Page(HTMLParser):
    """The links of a page, and its English sentences that no `lang` marks."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, str | None]] = []
        self.links: list[str] = []
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        if tag == "a":
            self.links.append(held.get("href") or "")
        self._open.append((tag, held.get("lang")))
        for name in ("title", "aria-label", "placeholder", "alt"):
            self._look(held.get(name) or "")
        if tag in VOID:
            self._open.pop()

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        depth = max((at for at, (held, _) in enumerate(self._open) if held == tag), default=len(self._open))
        del self._open[depth:]

    def handle_data(self, data):
        # the title of a document holds no marks: where a source has an English title only, that is what it is called
        if [tag for tag, _ in self._open] != ["html", "head", "title"]:
            self._look(data)

    def _look(self, text):
        spoken = next((language for _, language in reversed(self._open) if language is not None), "")
        if spoken.startswith("fa") and not CODE & {tag for tag, _ in self._open} and SENTENCE.search(text):
            self.found.append(" ".join(text.split())[:120])


@pytest.fixture
def base(project_service):
    return project_service


def read(url):
    request = urllib.request.Request(url, headers={"Accept": "text/html"})
    try:
        answer = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.headers.get("content-type", ""), answer.read().decode("utf-8", "replace")


def kind_of(path):
    parts = urlsplit(path)
    names = parts.path.split("/")[2:]
    deep = names[0] in ("dossier", "history", "card", "all")
    return "/".join(names[: 2 if deep else 1]) + ("?" if parts.query else "")


def test_no_persian_page_holds_an_unmarked_english_sentence(base):
    todo, seen, counts = deque(STARTS), set(), Counter()
    unmarked = {}
    while todo:
        path = todo.popleft()
        kind = kind_of(path)
        if path in seen or (counts[kind] >= EACH and path not in STARTS):
            continue
        seen.add(path)
        counts[kind] += 1
        content_type, text = read(base + path)
        if not content_type.startswith("text/html"):
            continue
        page = Page(text)
        for sentence in page.found:
            unmarked.setdefault(sentence, path)
        joined = (urljoin(path, link).partition("#")[0] for link in page.links)
        todo.extend(link for link in joined if link.startswith("/fa/"))
    assert {kind.rstrip("?") for kind in counts} >= KINDS
    assert unmarked == {}


def test_the_walk_finds_an_unmarked_sentence_and_leaves_a_marked_one():
    page = Page(
        '<html lang="fa"><head><title>One two three</title></head><p>سلام one two three <bdi lang="en">a b c</bdi></p>'
        '<abbr title="four five six">۱</abbr><pre>seven eight nine</pre><i lang="en" title="a b c">x</i></html>'
    )
    assert page.found == ["سلام one two three", "four five six"]


def notes_of_lists():
    """Every note in the source of the browse layer, with `{}` for its values; those of exports are data, in English."""
    for path in sorted((ROOT / "src/dadkhah/browse").rglob("*.py")):
        if path.parent.name == "exports":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named = isinstance(node, ast.FunctionDef) and node.name == "_notes"
            held = isinstance(node, ast.Assign | ast.AugAssign) and "notes" in ast.unparse(node).partition("=")[0]
            added = isinstance(node, ast.Call) and ast.unparse(node.func) == "notes.append"
            given = isinstance(node, ast.keyword) and node.arg == "notes"
            if named or held or added or given:
                told = ast.get_docstring(node, clean=False) if named else None
                yield from (text for text in texts_in(node) if text != told)


def texts_in(node):
    for each in ast.walk(node):
        if isinstance(each, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in each.values)
            yield "".join(parts)
        elif isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value.count(" ") > 5:
            yield each.value


def test_every_note_of_a_list_has_a_persian_counterpart():
    known, found = TEXTS["fa"]["messages"], set(notes_of_lists())
    whole = {text for text in found if not any(text in other for other in found - {text})}
    assert len(whole) >= 13
    assert whole <= known.keys()


def test_a_note_is_told_in_the_language_of_the_page_with_its_numbers():
    text = "more than 2,000 records answer; the best 20 are looked at"
    assert note(text, "en") == text
    assert str(note(text, "fa")).startswith("بیش از ۲٬۰۰۰ رکورد")
    assert str(note("something else happened", "fa")) == '<span lang="en" dir="ltr">something else happened</span>'


@pytest.mark.parametrize("kind", list(STATUSES), ids=lambda kind: kind.__name__)
def test_every_class_of_error_is_told_in_persian(kind):
    made = kind.__new__(kind)
    Exception.__init__(made, "words of the program")
    for name in ("line", "column", "near", "retry_after_seconds"):
        setattr(made, name, 3 if name != "near" else ())
    told = complaint(made, "fa")
    assert re.search("[\u0621-\u06cc]{3}", told.text)
    assert not SENTENCE.search(told.text)


def test_what_the_program_says_is_kept_where_persian_has_no_words_for_it_and_a_fault_tells_nothing():
    syntax = errors.QuerySyntaxError("expected the end of the query", line=2, column=14)
    assert complaint(syntax, "fa").message == "expected the end of the query"
    assert "(سطر ۲، ستون ۱۴)" in complaint(syntax, "fa").text
    assert complaint(syntax, "en").text == "expected the end of the query (line 2, column 14)"
    known = complaint(errors.ParameterError("the parameter “limit” has to be 1000 or less"), "fa")
    assert (str(known.text), known.message) == ('«<bdi dir="ltr">limit</bdi>» باید ۱٬۰۰۰ یا کمتر باشد.', "")
    assert complaint(errors.SnapshotError("/a/path is broken"), "fa").message == ""
    assert complaint(RuntimeError("secret"), "fa").message == ""
    assert complaint(HttpError(406, "A page is offered."), "fa").message == "A page is offered."


def test_a_value_in_a_message_is_escaped():
    hostile = errors.ParameterError("the parameter “<script>” is missing")
    assert "<script>" not in complaint(hostile, "fa").text
    assert "<script>" not in note("more than <script> statements; the first are shown", "fa")
