"""Rules of import: a dataset becomes the voice of its publisher, and nothing in it is bent."""

import csv
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from dadkhah.cli import group
from dadkhah.errors import SourceSyntaxError
from dadkhah.linking.index.search import NamesIndex
from dadkhah.source.importing.mapping import Property, read_mapping
from dadkhah.source.importing.values import Unreadable, pairs
from dadkhah.source.turtle.text import literal

ROOT = Path(__file__).parents[3]
MAPPINGS = ROOT / "imports"
MEMORIAL = "id,name_latin,name_farsi,aliases,gender,date_of_death,age_at_death,place_of_death,cause_of_death\n"


def given(name):
    path = Path(os.environ.get("DADKHAH_GIVEN", ROOT.parent / "shared")) / "datasets" / name
    if not path.exists():
        message = f"{name} is not in the given folder; set DADKHAH_GIVEN"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path


def imported(tmp_path, mapping, file, *more):
    done = CliRunner().invoke(
        group, ["import", str(MAPPINGS / f"{mapping}.toml"), str(file), "--out", str(tmp_path / "out"), "--json", *more]
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def memorial(tmp_path, *rows):
    file = tmp_path / "records.csv"
    file.write_text(MEMORIAL + "\n".join(rows) + "\n", encoding="utf-8")
    told = imported(tmp_path, "iran-memorial", file)
    folder = tmp_path / "out/data"
    voice = (folder / "sources/iran-memorial/iran-memorial-project.ttl").read_text("utf-8")
    return told, (folder / "authority/iran-memorial.ttl").read_text("utf-8"), voice


def test_a_row_is_a_named_record_an_event_and_a_passage_that_both_cite(tmp_path):
    told, authority, voice = memorial(
        tmp_path, "karimi-ali,Ali Karimi,علی کریمی,A. Karimi,female,1988-08-03,30,Evin,Execution » Hanging"
    )
    assert told == {"taken": 1, "left_out": {}, "values_left_out": {}}
    assert 'skos:prefLabel "علی کریمی"@fa' in authority
    assert 'skos:altLabel "A. Karimi"@en' in authority
    assert "a dk:Execution" in voice
    assert '"1988-08-03"^^xsd:date' in voice
    assert voice.count("dk:cites <https://w3id.org/dadkhah/id/passage/iran-memorial-karimi-ali>") == 2


def test_a_date_that_means_the_year_only_is_a_year(tmp_path):
    _, _, voice = memorial(tmp_path, "a,Ali Karimi,,,,1988-01-01,,,")
    assert 'dk:edtf "1988"' in voice
    assert 'dk:latest "1988-12-31"^^xsd:date' in voice


def test_a_minor_is_counted_and_never_named(tmp_path):
    told, authority, voice = memorial(tmp_path, "a,Ali Karimi,,,,1988-08-03,17,,", "b,Reza Karimi,,,,1988-08-03,18,,")
    assert told["left_out"] == {"a minor: counted, never named": 1}
    assert "Ali Karimi" not in authority + voice
    assert "Reza Karimi" in authority


def test_what_cannot_be_read_is_left_out_and_counted(tmp_path):
    told, _, voice = memorial(tmp_path, "a,Ali Karimi,,,other,1988-13-03,thirty,Evin,", "b,,,,male,1988-08-03,,,")
    assert told["left_out"] == {"without a name": 1}
    assert told["values_left_out"] == {
        "date_of_death: no such day": 1, "age_at_death: no whole number": 1, "gender: a value without a counterpart": 1
    }  # fmt: skip
    assert "dk:earliest" not in voice


def test_one_identifier_twice_is_two_records(tmp_path):
    _, authority, _ = memorial(tmp_path, "a,Ali Karimi,,,,,,Evin,", "a,Reza Karimi,,,,,,Evin,")
    assert "person/iran-memorial-a>" in authority
    assert "person/iran-memorial-a-n2>" in authority


def test_attribution_and_licence_go_into_the_source(tmp_path):
    memorial(tmp_path, "a,Ali Karimi,,,,,,Evin,")
    source = (tmp_path / "out/data/sources/iran-memorial/source.ttl").read_text("utf-8")
    assert "CC BY-SA 4.0" in source
    assert "Abdorrahman Boroumand Center" in source


@pytest.mark.parametrize("text", ['a "b" \\ c', "two\nlines", "علی"])
def test_a_text_is_one_sound_literal(text):
    assert "\n" not in literal(text)
    assert json.loads(literal(text)) == text


def test_an_address_with_a_bracket_is_no_iri():
    with pytest.raises(Unreadable):
        list(pairs(Property("dk:entry", text="<http://x.org/{a}>", take="iri"), {"a": "b> . <c"}))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "dataset"),
        ("[dataset]\nid = 'a'", "dataset"),
        ("no table", "no mapping"),
        ("[[record]]\nname = 'x'\nstrange = 1", "record"),
        ("[[record]]\nname = 'x'\nkind = 'person'\nslug = 5\ncls = 'dk:Person'", "record.slug"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(tmp_path, text, said):
    file = tmp_path / "m.toml"
    file.write_text(text)
    with pytest.raises(SourceSyntaxError, match=said):
        read_mapping(file)


def test_a_value_of_another_type_than_its_key_takes_says_which_key(tmp_path):
    file = tmp_path / "m.toml"
    text = (MAPPINGS / "iran-memorial.toml").read_text("utf-8")
    file.write_text(f"{text}\n[[leave_out]]\ncolumn = 'age_at_death'\nbelow = 'eighteen'\nreason = 'age'\n")
    with pytest.raises(SourceSyntaxError, match=r"leave_out\.below"):
        read_mapping(file)


def test_a_dataset_does_not_go_into_the_data_of_this_project(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    file = tmp_path / "records.csv"
    file.write_text(MEMORIAL)
    done = CliRunner().invoke(
        group, ["import", str(MAPPINGS / "iran-memorial.toml"), str(file), "--out", str(ROOT / "data/other")]
    )
    assert done.exit_code != 0
    assert not (ROOT / "data/other").exists()


@pytest.mark.given
def test_lists_and_memorial_are_checked_without_findings_and_found_in_both_scripts(tmp_path, monkeypatch):
    """Every 100th memorial row, for speed; all of it is what bench/import.py imports."""
    with given("iran-memorial/records.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    file = tmp_path / "records.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([rows[0], *rows[1::100]])
    told = imported(tmp_path, "iran-memorial", file)
    assert told["taken"] > 100
    assert imported(tmp_path, "eu-359-2011", given("eu-iran-human-rights/32011R0359.csv"))["taken"] == 321
    monkeypatch.chdir(tmp_path / "out")
    run = CliRunner().invoke
    done = run(group, ["build", "--quiet"])
    assert done.exit_code == 0, done.output
    index = NamesIndex(Path("build/snapshots/current/indexes/names"))
    people = [row for row in rows[1::100] if row[1] and row[2] and len(row[1].split()) > 1][:60]
    assert people
    for column in (1, 2):
        found = sum(
            f"iran-memorial-{row[0]}" in {hit.iri.rpartition("/")[2] for hit in index.search(row[column])}
            for row in people
        )
        assert found >= 0.9 * len(people), column
    latin = index.search("Iman Afshari")[0]
    assert latin.iri.endswith("listed/eu-359-2011-i-a-249")
