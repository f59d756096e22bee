"""Rules of linking in bulk: what is read, what is proposed, and that people decide."""

import pytest
from click.testing import CliRunner

from dadkhah.cli import group
from dadkhah.errors import InputError, NotFound, ParameterError, SourceSyntaxError
from dadkhah.linking.batch.decisions import Decision, decide, decided, find, read_table, row_of, write_candidates
from dadkhah.linking.batch.propose import propose
from dadkhah.linking.batch.targets import Target, read_targets
from dadkhah.linking.index.search import NamesIndex
from dadkhah.linking.index.write import build

REVIEWER = "https://orcid.org/0000-0002-1825-0097"
OURS = [
    ("https://e.org/hossein", "Hossein Rezaei", "en"),
    ("https://e.org/hossein", "حسین رضایی", "fa"),
    ("https://e.org/court", "Revolutionary Court", "en"),
    ("https://e.org/ali", "Ali Karimi", "en"),
]


@pytest.fixture
def index(tmp_path):
    folder = tmp_path / "names"
    folder.mkdir()
    build(OURS, folder)
    return NamesIndex(folder)


def test_a_table_is_read_by_its_column_names(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text("id,name,alias,birthDate\n7,Ali Karimi,علی کریمی; A. Karimi,1980\n8,,,\n", encoding="utf-8")
    assert list(read_targets(file, "https://x.org/")) == [
        Target("https://x.org/7", ("Ali Karimi", "علی کریمی", "A. Karimi"), "1980")
    ]
    with pytest.raises(ParameterError, match="--id-base"):
        list(read_targets(file))
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SourceSyntaxError, match="first line"):
        list(read_targets(file))


def test_entities_in_json_lines_are_read(tmp_path):
    file = tmp_path / "entities.ftm.json"
    file.write_text(
        '{"id": "urn:x:1", "schema": "Person", "properties": {"name": ["Ali Karimi"], "birthDate": ["1980"]}}\n'
    )
    assert list(read_targets(file)) == [Target("urn:x:1", ("Ali Karimi",), "1980")]
    file.write_text('{"id": "urn:x:1"}\n')
    with pytest.raises(SourceSyntaxError):
        list(read_targets(file))


def test_the_list_of_designated_nationals_is_read_with_aliases_and_births(tmp_path):
    row = '36,"REZAEI, Hossein","individual","IRAN"' + ",-0- " * 7 + ',"DOB 12 Sep 1960; POB Tehran."\n'
    (tmp_path / "sdn.csv").write_text(row + "\x1a\n")
    (tmp_path / "alt.csv").write_text('36,12,"aka","REZAI, Husayn",-0- \n')
    (target,) = read_targets(tmp_path / "sdn.csv")
    assert target.names == ("REZAEI, Hossein", "REZAI, Husayn")
    assert target.born == "1960-09-12"


def test_a_link_is_proposed_across_scripts_with_its_reason(index):
    (found,) = propose(index, [Target("urn:t", ("حسين رضائي",))], least=0.8)
    assert found.subject == "https://e.org/hossein"
    assert "orthography" in found.why or "spelling" in found.why or "identical" in found.why


def test_a_contradicting_birth_lowers_the_score_and_an_agreeing_one_raises_it(index):
    def best(born):
        target = [Target("urn:t", ("Hossein Rezaei",), "1980-03-01")]
        return max(c.score for c in propose(index, target, least=0, born=lambda _: born))

    assert best("1955") < best("") < best("1980")


def test_a_long_name_with_one_common_word_is_not_proposed(index):
    target = Target("urn:t", ("ISLAMIC REVOLUTIONARY GUARD CORPS (IRGC)-QODS FORCE",))
    assert list(propose(index, [target], least=0.5)) == []


def test_decided_pairs_are_not_proposed_again(index):
    target = Target("urn:t", ("Ali Karimi",))
    assert [c.subject for c in propose(index, [target], least=0.8)] == ["https://e.org/ali"]
    assert list(propose(index, [target], least=0.8, decided={("https://e.org/ali", "urn:t")})) == []


def test_a_decision_is_kept_with_reviewer_reason_and_day_and_is_never_overwritten(index, tmp_path):
    table = tmp_path / "candidates.sssom.tsv"
    assert write_candidates(propose(index, [Target("urn:t:1", ("Ali Karimi",))], least=0.8), table) == 1
    row = find(read_table(table), "https://e.org/ali", "urn:t:1")
    folder = tmp_path / "mappings"
    decide(folder, row, Decision("undecided", REVIEWER, "2026-01-01", "birth unknown"))
    decide(folder, row, Decision("rejected", REVIEWER, "2026-01-02", "another person"))
    assert decided(folder) == {("https://e.org/ali", "urn:t:1"): "rejected"}
    (kept,) = read_table(folder / "rejected.sssom.tsv").rows
    assert (kept.reviewer_id, kept.mapping_date, kept.comment) == (REVIEWER, "2026-01-02", "another person")
    assert kept.extra["predicate_modifier"] == "Not"
    assert kept.extra["similarity_score"] == row.confidence
    with pytest.raises(InputError, match="rejected before"):
        decide(folder, row, Decision("accepted", REVIEWER, "2026-01-03", "after all"))


def test_a_decision_needs_a_person_and_a_reason(index, tmp_path):
    row = row_of(next(iter(propose(index, [Target("urn:t:1", ("Ali Karimi",))], least=0.8))))
    for reviewer, reason in (("someone", "why"), (REVIEWER, " ")):
        with pytest.raises(ParameterError):
            decide(tmp_path, row, Decision("accepted", reviewer, "2026-01-01", reason))
    with pytest.raises(NotFound):
        find(read_table(tmp_path / "none.sssom.tsv"), "a", "b")


def test_link_and_review_from_the_command_line(tmp_path, monkeypatch):
    (tmp_path / "data/mappings").mkdir(parents=True)
    (tmp_path / "ontology").mkdir()
    rdf = tmp_path / "ours.ttl"
    rdf.write_text('<https://e.org/ali> <http://www.w3.org/2000/01/rdf-schema#label> "Ali Karimi"@en .\n')
    (tmp_path / "list.csv").write_text("id,name\nurn:t:1,علی کریمی\nurn:t:2,Someone Else\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    done = run(group, ["build", "--rdf", str(rdf), "--out", "snapshots", "--quiet"])
    assert done.exit_code == 0, done.output
    done = run(group, ["link", "--to", "list.csv", "--snapshots", "snapshots", "--out", "candidates"])
    assert done.exit_code == 0, done.output
    assert "1 candidates among 2 records" in done.output
    asked = ["review", "candidates/list.sssom.tsv", "--reviewer", REVIEWER]
    done = run(group, asked, input="a\nsame name, same town\n")
    assert done.exit_code == 0, done.output
    assert decided(tmp_path / "data/mappings") == {("https://e.org/ali", "urn:t:1"): "accepted"}
    assert "nothing to review" in run(group, asked).output
