"""Pages and drawings as they are read: each claim that is shown has a line of voices, and they speak of it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, unquote, urlencode, urlsplit
from xml.etree import ElementTree as ET

ID, DK = "https://w3id.org/dadkhah/id/", "https://w3id.org/dadkhah/ontology#"
LEADS = {
    "en": ("according to", "computed from", "made by this query", "proposed by a stored query"),
    "fa": ("به گفتهٔ", "محاسبه‌شده از", "ساختهٔ همین پرسش", "پیشنهاد پرسشی آماده"),
}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "circle", "rect", "path"}


class Tree(HTMLParser):
    """A page as elements."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.root = ET.Element("page")
        self._open = [self.root]
        self.feed(text)
        self.parents = {child: parent for parent in self.root.iter() for child in parent}

    def handle_starttag(self, tag, attrs):
        made = ET.SubElement(self._open[-1], tag, {name: value or "" for name, value in attrs})
        if tag not in VOID:
            self._open.append(made)

    def handle_startendtag(self, tag, attrs):
        ET.SubElement(self._open[-1], tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag):
        depth = max((at for at, each in enumerate(self._open) if each.tag == tag), default=0)
        if depth:
            del self._open[depth:]

    def handle_data(self, data):
        last = self._open[-1]
        if len(last):
            last[-1].tail = (last[-1].tail or "") + data
        else:
            last.text = (last.text or "") + data

    def said(self):
        return [each for each in self.root.iter() if "says" in each.get("class", "").split()]


def record_of(address):
    """The record that an address of a page leads to; empty where it leads to none."""
    parts = urlsplit(address)
    if parts.path.endswith("/record"):
        return parse_qs(parts.query).get("iri", [""])[0]
    named = re.fullmatch(r"/(?:en|fa)/([^/]+)/(.+)", parts.path)
    return (
        f"{ID}{named[1].replace('sources', 'source').replace('patterns', 'pattern')}/{unquote(named[2])}"
        if named
        else ""
    )


def linked(element):
    return {record for link in element.iter("a") if (record := record_of(link.get("href", "")))}


class Html:
    """A page: what is shown of a kind has its line of voices, and each claimant named speaks of what stands beside it.

    `claims` are elements as (tag, class of the parent); each of them shows a statement. `dated` are only those with a
    date in them: an event that nobody dates may have no statement to show. Where a view names no record, as the risk
    indicators do not, claimants are compared with nothing.
    """

    def __init__(self, *claims, dated=False, least=1, named=True):
        self.claims, self.dated, self.least, self.named = claims, dated, least, named

    def __call__(self, engine, address):
        for language in ("en", "fa"):
            self._page(engine, address.replace("{lang}", language), language)

    def _page(self, engine, address, language):
        page = Tree(engine.get(address, "text/html"))
        shown = 0
        for tag, above in self.claims:
            for each in page.root.iter(tag):
                if above not in page.parents[each].get("class", "").split():
                    continue
                if self.dated and not any(time.get("datetime") for time in each.iter("time")):
                    continue
                shown += 1
                told = [one for one in each.iter() if "says" in one.get("class", "").split()]
                assert told, f"{address}: no voice for {''.join(each.itertext())[:200]}"
        said = page.said()
        assert shown + (0 if self.claims else len(said)) >= self.least, address
        for line in said:
            where = f"{address}: {''.join(line.itertext())[:200]}"
            assert any(lead in "".join(line.itertext()) for lead in LEADS[language]), where
            if self.named:
                self._line(engine, page, line, where)

    @staticmethod
    def _line(engine, page, line, where):
        claimants = {record_of(a.get("href", "")) for a in line.iter("a") if "mark" not in a.get("class", "")}
        claimants = {each for each in claimants if each in set(engine.claimants.values())}
        beside = page.parents[line]
        while beside.tag not in {"li", "dd", "td", "tr", "section", "article", "main", "page"}:
            beside = page.parents[beside]
        while beside is not page.root:
            if claimants <= engine.claimants_about(linked(beside)):
                return
            beside = page.parents[beside]
        assert claimants <= engine.claimants_about(linked(page.root)), where


class Svg:
    """A drawing: every line, bar and point says in its title who says so."""

    def __init__(self, tag="line", least=2):
        self.tag, self.least = tag, least

    def __call__(self, engine, address):
        for language in ("en", "fa"):
            text, found = engine.get(address.replace("{lang}", language)), 0
            for svg in re.findall(r"<svg[^>]*class=\"(?:graph|lanes|map)\".*?</svg>", text, re.DOTALL):
                root = ET.fromstring(re.sub(r' xmlns="[^"]+"', "", svg, count=1))
                drawn = [each for each in root.iter(self.tag) if each.find("title") is not None]
                found += len(drawn)
                for each in drawn:
                    title = "".join(each.find("title").itertext())
                    assert any(lead in title for lead in LEADS[language]), f"{address}: {title}"
            assert found >= self.least, address


CONSTRUCT = (
    f"CONSTRUCT {{ ?e <{DK}victim> ?v . ?v <urn:made> ?e }} WHERE {{ ?e <{DK}victim> ?v . ?e a <{DK}Execution> }}"
)


def drawn_query(engine, address):
    """An edge of a drawn CONSTRUCT has the voices of its statement; one that the query made is said to be its own."""
    for language in ("en", "fa"):
        asked = urlencode({"query": CONSTRUCT, "view": "graph"})
        page = Tree(engine.get(f"{address.replace('{lang}', language)}?{asked}", "text/html"))
        (listed,) = (each for each in page.root.iter("ul") if each.get("class") == "edges")
        made = [each for each in listed if LEADS[language][2] in "".join(each.itertext())]
        told = [each for each in listed if LEADS[language][0] in "".join(each.itertext())]
        assert made
        assert len(made) + len(told) == len(listed)
        assert all("made" in "".join(each.itertext()) for each in made)
        for each in told:
            subject, value, *_ = (record_of(link.get("href")) for link in each.iter("a"))
            expected = {engine.claimants[g] for g in engine.graphs[subject, f"{DK}victim", value]}
            named = {record_of(a.get("href")) for a in each.find("p").iter("a") if a.get("class") != "mark"}
            assert named
            assert named <= expected
        lines = [line for line in page.root.iter("line") if line.find("title") is not None]
        assert lines
        assert all(LEADS[language][2] in line.find("title").text for line in lines)


def drawn_rows(engine, address):
    """A date or a point of a drawn SELECT has whoever gives it to the thing in the row; else the query made it."""
    made = 'BIND(<urn:x> AS ?e) BIND("1066-01-01"^^<http://www.w3.org/2001/XMLSchema#date> AS ?d)'
    rows = f"SELECT ?e ?d {{ {{ ?e <{DK}earliest> ?d }} UNION {{ {made} }} }} ORDER BY ?d LIMIT 20"
    asked = urlencode({"query": rows, "view": "timeline"})
    page = Tree(engine.get(f"{address.replace('{lang}', 'en')}?{asked}", "text/html"))
    (listed,) = (each for each in page.root.iter("ol") if each.get("class") == "times")
    assert len(listed) == 20
    for each in listed:
        record = record_of(next(each.iter("a")).get("href"))
        text = "".join(each.itertext())
        assert ("made by this query" in text) == (record == "urn:x"), text
        if record != "urn:x":
            day = next(each.iter("time")).get("datetime")
            graphs = engine.graphs[record, f"{DK}earliest", day]
            assert any((engine.who(graph) or "our") in text for graph in graphs), text


def passages(engine, address):
    """What is claimed from each passage stands after who claims it: whoever cites the passage for that record."""
    for language in ("en", "fa"):
        page, shown = Tree(engine.get(address.replace("{lang}", language), "text/html")), 0
        for row in (each for each in page.root.iter("tr") if each.get("id")):
            for line in row.iter("div"):
                who = line.find("span")
                assert LEADS[language][0] in "".join(who.itertext())
                for record in linked(line):
                    cited = engine.graphs[record, f"{DK}cites", f"{ID}passage/{row.get('id')}"]
                    names = {engine.who(graph, language) for graph in cited}
                    own_reading = any("/voice/dadkhah/" in graph for graph in cited)
                    assert own_reading or any(name in "".join(who.itertext()) for name in names - {""}), record
                    shown += 1
        assert shown > 20
