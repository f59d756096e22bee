from __future__ import annotations

import re
import subprocess
import sys

import pytest

from dadkhah.browse.records.dossiers import dossier
from dadkhah.browse.scheme import Scheme

ID = "https://w3id.org/dadkhah/id/"


def main_of(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


async def test_a_dossier_holds_the_record_and_its_events_with_every_voice(ask):
    found = await dossier(ask, Scheme(), f"{ID}person/a")
    assert [part.ref.iri.removeprefix(ID) for part in found.parts] == ["person/a", "event/trial", "event/move"]
    trial = found.parts[1]
    said = {
        (statement.property.iri.rpartition("#")[2], statement.value.term.value, each.voice.claimant.label().text)
        for statement in trial.statements
        for each in statement.value.assertions
    }
    assert {
        ("defendant", f"{ID}person/a", "The Paper"),
        ("defendant", f"{ID}person/a", "The Watch"),
        ("judge", f"{ID}person/j", "The Paper"),
        ("inAbsentia", "false", "The Paper"),
        ("inAbsentia", "true", "The Watch"),
    } <= said
    assert all(statement.value.assertions for part in found.parts for statement in part.statements)


async def test_a_dossier_shows_what_others_say_instead(ask):
    found = await dossier(ask, Scheme(), f"{ID}event/trial")
    disputed = [statement for part in found.parts for statement in part.statements if statement.rivals]
    assert {statement.value.term.value for statement in disputed} == {"true", "false"}
    assert found.disputed == 2
    for statement in disputed:
        (rival,) = statement.rivals
        assert rival.assertions


async def test_what_the_build_derives_is_no_statement_of_a_dossier(ask):
    found = await dossier(ask, Scheme(), f"{ID}person/a")
    assert not [
        each
        for part in found.parts
        for statement in part.statements
        for each in statement.value.assertions
        if each.voice.role == "derived"
    ]


@pytest.mark.parametrize("name", ["person/a", "person/j", "prison/south", "event/trial", "source/news"])
async def test_the_number_of_queries_is_the_same_for_every_dossier(ask, name):
    await dossier(ask, Scheme(), f"{ID}{name}")
    assert ask.queries <= 13


@pytest.mark.parametrize("language", ["en", "fa"])
async def test_a_stranger_finds_in_a_dossier_what_is_needed_to_check_it(client, snapshot, language):
    page = main_of((await client.get(f"/{language}/dossier/person/a")).text)
    assert snapshot.hash in page
    assert snapshot.manifest.built in page
    for needed in ("aaaa", "bbbb", "cccc", "char=0,50", "section 1", f"{ID}event/trial"):
        assert needed in page
    hashes = {graph.iri: graph.hash for graph in snapshot.manifest.graphs}
    for voice in ("news/paper", "report/watch"):
        assert hashes[f"https://w3id.org/dadkhah/voice/{voice}"] in page


async def test_every_mark_in_a_dossier_leads_to_a_passage_in_its_list(client):
    page = main_of((await client.get("/en/dossier/person/a")).text)
    marks = set(re.findall(r'href="#(p\d+)"', page))
    assert marks
    assert marks <= set(re.findall(r'<tr id="(p\d+)"', page))


@pytest.mark.parametrize("path", ["dossier/person/nobody", "dossier/person/nobody.pdf"])
async def test_a_dossier_of_nobody_is_404(client, path):
    assert (await client.get(f"/en/{path}")).status_code == 404


@pytest.mark.parametrize("path", ["dossier/person/gone", "dossier/person/gone.pdf"])
async def test_a_dossier_of_what_was_withdrawn_tells_nothing_of_it(client, path):
    answer = await client.get(f"/en/{path}")
    assert answer.status_code in (404, 410)


def pdf_can_be_written() -> bool:
    done = subprocess.run([sys.executable, "-c", "import weasyprint"], check=False, capture_output=True)
    return done.returncode == 0


@pytest.mark.parametrize("language", ["en", "fa"])
async def test_a_dossier_is_a_pdf_where_the_extra_is_installed_and_501_where_not(client, language):
    answer = await client.get(f"/{language}/dossier/event/trial.pdf", headers={"accept": "application/pdf"})
    if pdf_can_be_written():
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        assert answer.headers["content-disposition"] == 'attachment; filename="dossier-trial.pdf"'
    else:
        assert answer.status_code == 501
        assert "weasyprint" in answer.text.lower()


def test_a_missing_extra_is_told_apart_from_a_failure():
    code = "import sys; sys.modules['weasyprint'] = None\nfrom dadkhah.web.pages.paper import _main\nsys.exit(_main())"
    done = subprocess.run([sys.executable, "-c", code], check=False, input=b'["<p>x", ""]', capture_output=True)
    assert done.returncode == 3


async def test_what_is_too_long_for_paper_is_refused_before_anything_is_started():
    from dadkhah.web.pages.paper import MAX_HTML_BYTES, write_pdf
    from dadkhah.web.wire.problems import HttpError

    with pytest.raises(HttpError) as refused:
        await write_pdf("x" * (MAX_HTML_BYTES + 1), "")
    assert refused.value.status == 413
