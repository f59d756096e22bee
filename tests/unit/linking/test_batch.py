"""Rules of linking in bulk: what is read, what is proposed, and that people decide."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from click.testing import CliRunner

from dadkhah.cli import group
from dadkhah.errors import InputError, NotFound, ParameterError, RemoteError, SourceSyntaxError
from dadkhah.linking.batch.decisions import Decision, decide, decided, find, read_table, row_of, undo, write_candidates
from dadkhah.linking.batch.propose import Task, duplicates, propose
from dadkhah.linking.batch.remote import asked, service_at
from dadkhah.linking.batch.sides import our_side, their_side
from dadkhah.linking.batch.targets import Target, read_targets

REVIEWER = "https://orcid.org/0000-0002-1825-0097"
OURS = [
    Target("https://e.org/hossein", ("Hossein Rezaei", "حسین رضایی")),
    Target("https://e.org/court", ("Revolutionary Court",), kind="court"),
    Target("https://e.org/branch", ("Branch 26 of the Revolutionary Court",), kind="court"),
    Target("https://e.org/ali", ("Ali Karimi",)),
    Target("https://e.org/evin", ("Evin Prison", "زندان اوین"), kind="prison"),
]


def proposed(targets, ours=OURS, **settings):
    return list(propose(our_side(ours), their_side(targets), Task(**settings)))


# ---- targets


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


def test_an_entry_of_a_union_act_is_its_annex_and_number(tmp_path):
    file = tmp_path / "act.csv"
    lines = ("celex,recordId,annex,schema,name,birthDate", "3A,2,I.A,Person,KARIMI Ali,circa 1956",
             "3A,2,I.B,LegalEntity,Evin Prison,")  # fmt: skip
    file.write_text("\n".join(lines) + "\n")
    base = "http://publications.europa.eu/resource/celex/3A#"
    assert list(read_targets(file)) == [
        Target(f"{base}I.A.2", ("KARIMI Ali",), "1956", "person"),
        Target(f"{base}I.B.2", ("Evin Prison",), "", "organization"),
    ]


def test_json_lines_are_read_as_entities_or_as_rows(tmp_path):
    file = tmp_path / "entities.ftm.json"
    file.write_text(
        '{"id": "urn:x:1", "schema": "Person", "properties": {"name": ["Ali Karimi"], "birthDate": ["1980"]}}\n'
        '{"id": "urn:x:2", "name": "Reza Karimi", "alias": ["رضا کریمی"]}\n',
        encoding="utf-8",
    )
    assert list(read_targets(file)) == [
        Target("urn:x:1", ("Ali Karimi",), "1980", "person"),
        Target("urn:x:2", ("Reza Karimi", "رضا کریمی")),
    ]
    file.write_text('{"id": "urn:x:1"}\n')
    with pytest.raises(SourceSyntaxError):
        list(read_targets(file))


def test_the_list_of_designated_nationals_is_read_with_aliases_births_and_kinds(tmp_path):
    row = '36,"REZAEI, Hossein","individual","IRAN"' + ",-0- " * 7 + ",\"DOB 12 Sep 1960; POB Tehran; a.k.a. 'HR'.\"\n"
    (tmp_path / "sdn.csv").write_text(row + "\x1a\n")
    (tmp_path / "alt.csv").write_text('36,12,"aka","REZAI, Husayn",-0- \n99,13,"aka","EVIN PENITENTIARY",-0- \n')
    person, newer = read_targets(tmp_path / "sdn.csv")
    assert person.names == ("REZAEI, Hossein", "REZAI, Husayn", "HR")
    assert (person.born, person.kind) == ("1960-09-12", "person")
    assert (newer.iri.endswith("=99"), newer.names, newer.kind) == (True, ("EVIN PENITENTIARY",), "")


def test_rdf_is_read_with_names_kind_and_dates_of_schema_org(tmp_path):
    file = tmp_path / "people.ttl"
    file.write_text(
        "@prefix s: <https://schema.org/> . <urn:x:1> a s:Person ; s:name 'Ali Karimi', 'علی کریمی'@fa ; "
        "s:birthDate '1980-02-01' . <urn:x:2> s:birthDate '1981' . [] s:name 'nobody' .",
        encoding="utf-8",
    )
    assert list(read_targets(file)) == [Target("urn:x:1", ("Ali Karimi", "علی کریمی"), "1980-02-01", "person")]
    file.write_text("<urn:x:1> <urn:x:2> ")
    with pytest.raises(SourceSyntaxError):
        list(read_targets(file))


class _Service(BaseHTTPRequestHandler):
    """A reconciliation service of version 0.2 in Wikidata's shape: short identifiers, types as id and name."""

    def _answer(self, document):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def do_GET(self):
        space = "http://www.wikidata.org/entity/"
        self._answer({"name": "x", "identifierSpace": space, "schemaSpace": space} if self.path == "/r" else {"a": 1})

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        entity = {"id": "Q1", "name": "علی کریمی", "score": 3, "match": False, "type": [{"id": "Q5", "name": "human"}]}
        self._answer({key: {"result": [entity]} for key in json.loads(form["queries"][0])})

    def log_message(self, *_):
        pass


def test_a_reconciliation_service_is_asked_and_its_names_are_compared_here():
    with HTTPServer(("127.0.0.1", 0), _Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        ours = our_side(OURS)
        found = list(asked(service_at(f"{address}/r"), ours, lambda *_: None))
        assert found == [Target("http://www.wikidata.org/entity/Q1", ("علی کریمی",), kind="person")]
        assert [each.subject for each in propose(ours, their_side(found))] == ["https://e.org/ali"]
        with pytest.raises(RemoteError, match="no reconciliation service"):
            service_at(f"{address}/other")
        server.shutdown()
    with pytest.raises(RemoteError, match="cannot be asked"):
        service_at(f"{address}/r")


# ---- proposals


def test_a_link_is_proposed_across_scripts_with_its_reason():
    (found,) = proposed([Target("urn:t", ("حسين رضائي",))])
    assert found.subject == "https://e.org/hossein"
    assert "orthography" in found.why or "identical" in found.why


def test_a_contradicting_birth_lowers_the_score_and_an_agreeing_one_raises_it():
    def best(born):
        ours = [Target("https://e.org/h", ("Hossein Rezaei",), born)]
        return max(c.score for c in proposed([Target("urn:t", ("Husayn Rezai",), "1980-03-01")], ours, least=0.0))

    assert best("1955") < best("") < best("1980")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ISLAMIC REVOLUTIONARY GUARD CORPS (IRGC)-QODS FORCE", "organization"),
        ("Branch 1 of the Revolutionary Court", "organization"),
        ("Sanandaj Central Prison", "organization"),
        ("Evin Prison", "other"),
        ("Ali Karami", "person"),
        ("Ali Karimi", "organization"),
    ],
)
def test_what_only_shares_words_or_is_of_another_kind_is_not_proposed(name, kind):
    assert proposed([Target("urn:t", (name,), kind=kind)]) == []


@pytest.mark.parametrize(
    ("name", "kind", "record"),
    [
        ("REVOLUTIONARY COURT BRANCH 26", "organization", "branch"),
        ("EVIN PENITENTIARY", "organization", "evin"),
        ("اوین", "place", "evin"),
        ("KARIMI, Ali", "person", "ali"),
    ],
)
def test_each_kind_is_compared_in_its_own_way(name, kind, record):
    assert [c.subject for c in proposed([Target("urn:t", (name,), kind=kind)])] == [f"https://e.org/{record}"]


def test_decided_pairs_are_not_proposed_again():
    target = Target("urn:t", ("Ali Karimi",))
    assert [c.subject for c in proposed([target])] == ["https://e.org/ali"]
    assert proposed([target], decided={("https://e.org/ali", "urn:t")}) == []


def test_duplicates_are_proposed_once_and_not_again_where_decided_in_either_direction():
    side = our_side([*OURS, Target("https://e.org/z", ("علی کریمی",))])
    (found,) = duplicates(side)
    assert (found.subject, found.target) == ("https://e.org/ali", "https://e.org/z")
    for pair in (("https://e.org/ali", "https://e.org/z"), ("https://e.org/z", "https://e.org/ali")):
        assert list(duplicates(side, Task(decided={pair}))) == []


def test_interrupted_work_goes_on_where_it_was_and_gives_the_same(tmp_path):
    class Broken(Exception):
        pass

    def stops_in_the_middle(phase, done, _total):
        if (phase, done) == ("scores", 7):
            raise Broken

    targets = [Target(f"urn:t:{n}", (f"Ali Karimi{'' if n else 'an'}",)) for n in range(3)]
    whole = proposed(targets)
    with pytest.raises(Broken):
        proposed(targets, kept=tmp_path, watch=stops_in_the_middle)
    (folder,) = tmp_path.iterdir()
    finished = {file: file.stat().st_mtime_ns for file in folder.glob("[0-9]*.npy")}
    assert len(finished) == 7
    assert proposed(targets, kept=tmp_path) == whole
    assert all(file.stat().st_mtime_ns == then for file, then in finished.items())

    def no_engine():
        raise AssertionError("everything was there")

    assert proposed(targets, kept=tmp_path, engine=no_engine) == whole


# ---- decisions


def one_candidate(tmp_path):
    table = tmp_path / "candidates.sssom.tsv"
    assert write_candidates(proposed([Target("urn:t:1", ("Ali Karimi",))]), table) == 1
    return find(read_table(table), "https://e.org/ali", "urn:t:1")


def test_a_decision_is_kept_with_reviewer_reason_and_day_and_is_never_overwritten(tmp_path):
    row = one_candidate(tmp_path)
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


def test_a_decision_is_taken_back_as_easily_as_it_was_made_and_the_pair_is_open_again(tmp_path):
    row = one_candidate(tmp_path)
    folder = tmp_path / "mappings"
    decide(folder, row, Decision("accepted", REVIEWER, "2026-01-02", "same town"))
    undo(folder, "https://e.org/ali", "urn:t:1", Decision("undecided", REVIEWER, "2026-01-05", "the town is another"))
    assert read_table(folder / "accepted.sssom.tsv").rows == ()
    (kept,) = read_table(folder / "undecided.sssom.tsv").rows
    assert "the town is another" in kept.comment
    assert "accepted on 2026-01-02" in kept.comment
    decide(folder, row, Decision("rejected", REVIEWER, "2026-01-06", "another person"))
    assert decided(folder) == {("https://e.org/ali", "urn:t:1"): "rejected"}
    with pytest.raises(NotFound):
        undo(folder, "https://e.org/ali", "urn:t:2", Decision("undecided", REVIEWER, "2026-01-05", "why"))


def test_a_decision_needs_a_person_and_a_reason(tmp_path):
    row = row_of(proposed([Target("urn:t:1", ("Ali Karimi",))])[0])
    for reviewer, reason in (("someone", "why"), (REVIEWER, " ")):
        with pytest.raises(ParameterError):
            decide(tmp_path, row, Decision("accepted", reviewer, "2026-01-01", reason))
    with pytest.raises(NotFound):
        find(read_table(tmp_path / "none.sssom.tsv"), "a", "b")


def test_link_review_and_undo_from_the_command_line(tmp_path, monkeypatch):
    (tmp_path / "data/mappings").mkdir(parents=True)
    (tmp_path / "ontology").mkdir()
    rdf = tmp_path / "ours.ttl"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    rdf.write_text(f'<urn:o:1> {label} "Ali Karimi"@en .\n<urn:o:2> {label} "علی کریمی"@fa .\n', encoding="utf-8")
    (tmp_path / "list.csv").write_text("id,name\nurn:t:1,علی کریمی\nurn:t:2,Someone Else\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    done = run(group, ["build", "--rdf", str(rdf), "--out", "snapshots", "--quiet"])
    assert done.exit_code == 0, done.output
    link = ["link", "--to", "list.csv", "--snapshots", "snapshots", "--out", "candidates"]
    done = run(group, link)
    assert done.exit_code == 0, done.output
    assert "2 candidates among 2 records" in done.output
    assert "precision" in done.output
    asked = ["review", "candidates/list.sssom.tsv", "--reviewer", REVIEWER]
    done = run(group, asked, input="a\nsame name, same town\nr\nanother town\n")
    assert done.exit_code == 0, done.output
    assert sorted(decided(tmp_path / "data/mappings").values()) == ["accepted", "rejected"]
    assert "nothing to review" in run(group, asked).output
    assert "0 candidates among 2 records" in run(group, link).output
    pair = next(pair for pair, state in decided(tmp_path / "data/mappings").items() if state == "accepted")
    undone = run(group, ["review", "--undo", "--reviewer", REVIEWER, "--subject", pair[0], "--object", pair[1],
                         "--reason", "two people"])  # fmt: skip
    assert undone.exit_code == 0, undone.output
    assert decided(tmp_path / "data/mappings")[pair] == "undecided"
    twice = run(group, ["link", "--self", "--snapshots", "snapshots", "--out", "candidates"])
    assert "1 candidates among 2 records" in twice.output
