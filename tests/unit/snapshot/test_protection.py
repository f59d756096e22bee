"""What is protected is in no byte of a public snapshot: a project with restricted canaries, built and searched."""

import base64
import gzip
import json
import re
import shutil
import unicodedata
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from dadkhah.errors import SnapshotError
from dadkhah.snapshot.protection.leaks import refuse_leaks
from dadkhah.snapshot.protection.withheld import Protected
from dadkhah.snapshot.publishing.registry import Registry

ROOT = Path(__file__).parents[3]
BASE = "https://w3id.org/dadkhah/"
HEAD = f"""@prefix dk: <{BASE}ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
PLACE = "<https://w3id.org/dadkhah/id/passage/some-page-p1>"
PEOPLE = f"""{HEAD}<{BASE}id/person/canary-one> a dk:Person ;
    skos:prefLabel "Canary Restricta"@en , "قناری پنهان"@fa ;
    skos:altLabel "Restricta of the Mine"@en ;
    dk:protection dk:Restricted .

<{BASE}id/person/p-0badcafe> a dk:Person ;
    skos:prefLabel "a relative"@en ;
    skos:hiddenLabel "Veiled Pseudonyma" ;
    skos:altLabel "Cousin Otherwise"@en ;
    skos:exactMatch <https://example.org/register/771199> ;
    dk:protection dk:Pseudonymous .

<{BASE}id/person/readable-slug> a dk:Person ;
    skos:prefLabel "Readable Unopaque"@en ;
    dk:protection dk:Pseudonymous .

<{BASE}id/person/public-person> a dk:Person ;
    skos:prefLabel "Open Example"@en .

<{BASE}id/group/some-children> a dk:PersonGroup ;
    skos:prefLabel "some children"@en ;
    dk:protection dk:AggregateOnly ;
    dk:member <{BASE}id/person/public-person> .

<{BASE}id/group/some-people> a dk:PersonGroup ;
    skos:prefLabel "some people"@en .
"""


def voice(name, claimant, protection="Public"):
    return f"""<{BASE}voice/some-page/{name}> a dk:Voice ;
    dk:claimant <{BASE}id/{claimant}> ;
    dk:inSource <{BASE}id/source/some-page> ;
    dk:originGroup <{BASE}id/group/some-people> ;
    dk:party dk:AdvocacyParty ;
    dk:protection dk:{protection} .

"""


SOURCE = f"""{HEAD}<{BASE}id/source/some-page> a dk:Source ;
    skos:prefLabel "Some page"@en ;
    dk:party dk:AdvocacyParty .

{PLACE} a dk:Locator ;
    dk:inSource <{BASE}id/source/some-page> ;
    dk:locator "paragraph 1" .

{voice("somebody", "group/some-people")}{voice("canary-voice", "group/some-people", "Restricted")}"""
EVENT = f"<{BASE}id/event/e-00112233>"
TRIAL = f"""{HEAD}{EVENT} a dk:Trial ;
    rdfs:label "a trial"@en ;
    dk:defendant <{BASE}id/person/canary-one> , <{BASE}id/person/p-0badcafe> , <{BASE}id/person/readable-slug> ;
    dk:cites {PLACE} .

<{BASE}id/person/public-person> skos:note "spoke" ;
    dk:cites {PLACE} .
"""
HIDDEN_TRIAL = f"""{HEAD}<{BASE}id/event/e-44556677> a dk:Trial ;
    rdfs:label "Canary Hearing"@en ;
    dk:defendant <{BASE}id/person/public-person> ;
    dk:cites {PLACE} .
"""
CANARIES = (
    "Canary Restricta",
    "قناری پنهان",
    "Restricta of the Mine",
    "Veiled Pseudonyma",
    "Cousin Otherwise",
    "register/771199",
    "Readable Unopaque",
    "readable-slug",
    "canary-one",
    "canary-voice",
    "Canary Hearing",
    "e-44556677",
)


@pytest.fixture
def project(tmp_path):
    for name in ("ontology", "queries"):
        (tmp_path / name).symlink_to(ROOT / name)
    page = tmp_path / "data/sources/some-page"
    page.mkdir(parents=True)
    (tmp_path / "data/authority").mkdir()
    (tmp_path / "data/authority/people.ttl").write_text(PEOPLE, encoding="utf-8")
    (page / "source.ttl").write_text(SOURCE.rstrip("\n") + "\n", encoding="utf-8")
    (page / "somebody.ttl").write_text(TRIAL, encoding="utf-8")
    (page / "canary-voice.ttl").write_text(HIDDEN_TRIAL, encoding="utf-8")
    return tmp_path


@pytest.fixture
def build(project, dadkhah):
    def call(*arguments):
        done = dadkhah("build", "--json", *arguments, cwd=project)
        assert "Traceback" not in done.stderr
        return done

    return call


def built_bytes(folder):
    """Every byte that can be read from a snapshots folder: files as they are, unzipped, and what the store holds."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            yield path.name, data
            if data.startswith(b"\x1f\x8b"):
                yield f"{path.name}, unzipped", gzip.decompress(data)
    for store in folder.glob("?" * 64 + "/store"):
        yield "the store's statements", ox.Store.read_only(str(store)).dump(format=ox.RdfFormat.N_QUADS)
    for path in folder.rglob("*"):
        yield "names of files", str(path.relative_to(folder)).encode()


def leaked(folder):
    return {
        (name, canary)
        for name, data in built_bytes(folder)
        for canary in CANARIES
        if canary.lower().encode() in data.lower()
    }


def test_no_canary_is_in_any_byte_of_a_public_build_and_all_are_in_an_internal_one(project, build):
    done = build()
    assert done.returncode == 0, done.stderr
    assert leaked(project / "build/snapshots") == set()
    everything = b"".join(data for _, data in built_bytes(project / "build/snapshots"))
    assert b"Open Example" in everything
    assert b"/id/person/p-0badcafe>" in everything
    dump = gzip.decompress((project / "build/snapshots/current/dump.nq.gz").read_bytes()).decode()
    assert f"<{BASE}id/group/some-children>" in dump
    assert f"<{BASE}id/group/some-children> <{BASE}ontology#member>" not in dump
    internal = build("--profile", "internal", "--out", "internal")
    assert internal.returncode == 0, internal.stderr
    found = {canary for _, canary in leaked(project / "internal")}
    assert found == set(CANARIES)


def test_a_public_build_is_the_same_to_the_byte_whether_or_not_there_is_anything_to_hide(project, build):
    """Nothing that is derived, indexed, counted or hashed depends on what is left out: not even a trigram."""
    assert build().returncode == 0
    with_secrets = published(project / "build/snapshots/current")
    people = project / "data/authority/people.ttl"
    records = [each for each in PEOPLE.split("\n\n") if "canary-one" not in each and "readable-slug" not in each]
    text = re.sub(r"    skos:(altLabel|hiddenLabel|exactMatch) .*;\n", "", "\n\n".join(records))
    people.write_text(text.replace(f" ;\n    dk:member <{BASE}id/person/public-person> .", " ."), encoding="utf-8")
    page = project / "data/sources/some-page"
    (page / "canary-voice.ttl").unlink()
    source = (page / "source.ttl").read_text(encoding="utf-8")
    (page / "source.ttl").write_text(source[: source.index(f"<{BASE}voice/some-page/canary")].rstrip() + "\n")
    (page / "somebody.ttl").write_text(
        TRIAL.replace(f"<{BASE}id/person/canary-one> , ", "").replace(f" , <{BASE}id/person/readable-slug>", "")
    )
    shutil.rmtree(project / "build/snapshots")
    done = build()
    assert done.returncode == 0, done.stderr
    assert published(project / "build/snapshots/current") == with_secrets


def published(folder):
    """File to bytes; of the manifest what is said of the data, without when and of which files it was built."""
    held = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "store" not in path.parts and not path.name.startswith("manifest.json")
    }
    manifest = json.loads((folder / "manifest.json").read_bytes())
    kept = {name: manifest[name] for name in ("hash", "quads", "entities", "graphs", "indexes", "tombstones")}
    return held | {"manifest": kept}


def test_no_hash_is_told_of_a_file_that_holds_more_than_is_published(project, build):
    """Who knows the rest of the file could try names until the hash is right."""
    assert build().returncode == 0
    manifest = json.loads((project / "build/snapshots/current/manifest.json").read_bytes())
    read = {name for name in manifest["sources"] if name.startswith("data/")}
    assert read == set(), "each of these files holds something that was left out"
    (project / "data/sources/some-page/another.ttl").write_text(
        f'{HEAD}<{BASE}id/person/public-person> skos:note "sat" ;\n    dk:cites {PLACE} .\n', encoding="utf-8"
    )
    (project / "data/sources/some-page/source.ttl").write_text(
        f"{SOURCE}{voice('another', 'group/some-people')}".rstrip("\n") + "\n", encoding="utf-8"
    )
    assert build().returncode == 0
    manifest = json.loads((project / "build/snapshots/current/manifest.json").read_bytes())
    read = {name for name in manifest["sources"] if name.startswith("data/")}
    assert read == {"data/sources/some-page/another.ttl"}
    assert build("--profile", "internal", "--out", "internal").returncode == 0
    manifest = json.loads((project / "internal/current/manifest.json").read_bytes())
    assert {"data/authority/people.ttl", "data/sources/some-page/canary-voice.ttl"} <= manifest["sources"].keys()


def test_a_pseudonym_is_the_same_in_every_build(project, build):
    first = build()
    assert first.returncode == 0, first.stderr
    people = project / "data/authority/people.ttl"
    more = f'<{BASE}id/group/more> a dk:PersonGroup ;\n    skos:prefLabel "more"@en .\n'
    people.write_text(f"{PEOPLE}\n{more}", encoding="utf-8")
    assert build().returncode == 0
    subjects = []
    for snapshot in (project / "build/snapshots").glob("?" * 64):
        lines = gzip.decompress((snapshot / "dump.nq.gz").read_bytes()).decode().splitlines()
        subjects.append({line for line in lines if "/id/person/p-" in line and "graph/derived" not in line})
    assert len(subjects) == 2
    assert subjects[0]
    assert subjects[0] == subjects[1]


MENTIONS = {
    "in-a-sentence": 'skos:note "told by Canary Restricta"',
    "in-capitals": 'skos:note "told by CANARY RESTRICTA"',
    "joined-by-a-hyphen": 'skos:note "see canary-restricta"',
    "in-an-address": "rdfs:seeAlso <https://example.org/people/canary-restricta/page>",
    "in-an-encoded-address": "rdfs:seeAlso <https://example.org/?q=Canary%20Restricta>",
    "in-persian": 'skos:note "گفتۀ قناری پنهان است"',
    "with-a-half-space": 'skos:note "قناری\u200cپنهان"',
    "escaped-as-in-n-quads": r'skos:note "Ali \"Canary\" O\'Mine said so"',
    "escaped-as-in-csv": 'x,"Ali ""Canary"" O\'Mine",y',
    "an-iri": f"<{BASE}id/person/canary-one>",
    "a-hidden-name": 'skos:note "Veiled Pseudonyma was there"',
    "in-capitals-beyond-ascii": 'skos:note "told by ÉLODIE MÜNSTER"',
    "in-another-unicode-form": f'skos:note "told by {unicodedata.normalize("NFD", "Élodie Münster")}"',
    "without-its-accents": 'skos:note "told by Elodie Munster"',
    "with-arabic-letters": 'skos:note "گفتۀ قناري پنهان است"',
    "with-vowel-marks": 'skos:note "قَناری پنهان"',
    "in-presentation-forms": 'skos:note "\ufed7\ufee8\ufe8e\ufead\ufbfd \ufe98\ufee8\ufeec\ufe8e\ufee5"'.replace(
        "\ufe98", "\ufb58"
    ),
    "drawn-out": 'skos:note "قنـــاری پنهـان"',
    "without-the-half-space": 'skos:note "نرگسیمی"',
    "with-a-space-for-the-half-space": 'skos:note "نرگس یمی"',
    "with-unseen-characters": 'skos:note "Can\u200bary Restric\u00adta"',
    "surname-first": 'skos:note "RESTRICTA, Canary"',
    "joined": 'skos:note "CanaryRestricta"',
    "over-a-line-end": r'skos:note "told by Canary\nRestricta"',
    "percent-encoded": f"rdfs:seeAlso <https://example.org/{quote('قناری پنهان')}>",
    "percent-encoded-twice": f"rdfs:seeAlso <https://example.org/{quote(quote('قناری پنهان'))}>",
    "escaped-as-in-ascii-n-triples": r'skos:note "\u0642\u0646\u0627\u0631\u06CC \u067E\u0646\u0647\u0627\u0646"',
    "escaped-as-in-html": 'skos:note "Canary&#32;Restrict&#97;"',
    "in-base64": f'skos:note "{base64.b64encode(b"told by Canary Restricta.").decode()}"',
    "in-base64-in-an-address": f"rdfs:seeAlso <https://example.org/x/{base64.b64encode(b'Canary Restricta').decode()}>",
    "in-hexadecimal-digits": f'skos:note "{b"Canary Restricta".hex()}"',
    "in-utf-16": 'skos:note "C\0a\0n\0a\0r\0y\0 \0R\0e\0s\0t\0r\0i\0c\0t\0a\0"',
    "a-curie": "person:canary-one",
    "a-path": "/api/v1/person/canary-one/timeline",
    "over-two-values": (
        '<x:1> <x:given> "Canary" <x:g> .\n<x:1> <x:other> "something else" <x:g> .\n<x:1> <x:family> "Restricta" <x:g>'
    ),
}


@pytest.fixture
def search(tmp_path):
    protected = Protected(
        hidden=frozenset({f"{BASE}id/person/canary-one"}),
        pseudonymous=frozenset(),
        aggregates=frozenset(),
        names=frozenset(
            {
                "Canary Restricta",
                "قناری پنهان",
                "نرگس\u200cیمی",
                "Veiled Pseudonyma",
                'Ali "Canary" O\'Mine',
                "Élodie Münster",
            }
        ),
    )

    def call(text, name="file", write=Path.write_bytes):
        write(tmp_path / name, text.encode())
        refuse_leaks(protected, [tmp_path / name])

    return call


@pytest.mark.parametrize("mention", MENTIONS.values(), ids=MENTIONS.keys())
def test_a_protected_name_is_found_however_it_is_spelt_and_wherever_it_stands(search, mention):
    with pytest.raises(SnapshotError, match="a protected name") as caught:
        search(f"{mention} .\n")
    assert not any(canary.lower() in str(caught.value).lower() for canary in CANARIES)


@pytest.mark.parametrize("short", range(0, 90, 15))
def test_a_protected_name_is_found_over_the_end_of_what_is_read_at_once(search, short):
    for mention in (MENTIONS["in-a-sentence"], MENTIONS["percent-encoded-twice"]):
        with pytest.raises(SnapshotError, match="a protected name"):
            search(f"{'x ' * ((1 << 19) - 5 - short)}\n{mention} .\n")


def test_a_protected_name_is_found_in_a_zipped_file_in_a_name_of_a_file_and_among_packed_strings(search):
    def zipped(path, data):
        path.write_bytes(gzip.compress(data))

    for arguments in (
        {"text": "told by Canary Restricta", "write": zipped},
        {"text": "nothing", "name": "canary-restricta.json"},
        {"text": "Open ExampleCanary RestrictaAnother Example", "name": "names-bytes.npy"},
    ):
        with pytest.raises(SnapshotError, match="a protected name") as caught:
            search(**arguments)
        assert "restricta" not in str(caught.value).lower()


@pytest.mark.parametrize(
    "text",
    [
        "Canary Restrictas",
        "xCanary Restricta",
        "Canary",
        "Restricta Canary",
        f"<{BASE}id/person/canary-one-more>",
        "نر گسیمی",
        '<x:1> <x:given> "Canary" .\n<x:2> <x:family> "Restricta" .',
    ],
)
def test_another_word_that_begins_like_a_protected_name_is_no_leak(search, text):
    search(text)


def test_a_protected_name_in_a_public_statement_stops_the_build_without_being_repeated(project, build):
    path = project / "data/sources/some-page/somebody.ttl"
    path.write_text(TRIAL.replace('skos:note "spoke"', MENTIONS["in-an-address"]), encoding="utf-8")
    done = build()
    assert done.returncode == 3, done.stdout + done.stderr
    assert "a protected name" in done.stderr
    assert "public-person" in done.stderr
    assert not any(canary in done.stderr for canary in CANARIES)
    assert not (project / "build/snapshots/current").exists()


def test_a_stored_query_that_names_a_protected_record_stops_the_build(project, build):
    (project / "queries").unlink()
    shutil.copytree(ROOT / "queries", project / "queries")
    query = project / "queries/catalog/transfers-of-a-person.rq"
    text = query.read_text(encoding="utf-8")
    query.write_text(text.replace("# tags:", "# example: person=person:canary-one\n# tags:"), encoding="utf-8")
    done = build()
    assert done.returncode == 3, done.stdout + done.stderr
    assert "a protected name" in done.stderr
    assert "transfers-of-a-person.rq" in done.stderr
    assert "canary-one" not in done.stderr


def withdraw(project):
    """Take the public person down: no statement about them is left but the tombstone."""
    page = project / "data/sources/some-page"
    (page / "somebody.ttl").write_text(TRIAL[: TRIAL.index(f"<{BASE}id/person/public-person>")].rstrip() + "\n")
    shutil.rmtree(project / "data/authority")
    (project / "data/authority").mkdir()
    records = [each for each in PEOPLE.split("\n\n") if "id/person/public-person> a" not in each]
    text = "\n\n".join(records).replace(f" ;\n    dk:member <{BASE}id/person/public-person> .", " .").rstrip()
    tombstone = f"""

<{BASE}id/person/public-person> a dk:Tombstone ;
    dk:withdrawnOn "2025-09-01"^^xsd:date ;
    dk:reason "withdrawn at the request of the person concerned"@en .
"""
    (project / "data/authority/people.ttl").write_text(text + tombstone, encoding="utf-8")
    (page / "canary-voice.ttl").write_text(HIDDEN_TRIAL.replace("public-person", "canary-one"), encoding="utf-8")


def test_a_take_down_leaves_a_tombstone_and_no_trace_in_any_snapshot(project, build):
    assert build().returncode == 0
    withdraw(project)
    done = build("--accept-shrink")
    assert done.returncode == 0, done.stderr
    snapshots = project / "build/snapshots"
    [only] = snapshots.glob("?" * 64)
    manifest = json.loads((only / "manifest.json").read_text())
    assert manifest["tombstones"] == {f"{BASE}id/person/public-person": "2025-09-01"}
    everything = b"".join(data for _, data in built_bytes(snapshots))
    assert b"Open Example" not in everything
    dump = gzip.decompress((only / "dump.nq.gz").read_bytes()).decode().splitlines()
    about = [line.split()[1] for line in dump if "id/person/public-person" in line]
    assert {name.rpartition("#")[2].strip(">") for name in about} == {"type", "withdrawnOn", "reason"}


def test_a_snapshot_that_still_holds_a_withdrawn_record_never_steps_in(project, build):
    assert build().returncode == 0
    snapshots = project / "build/snapshots"
    [before] = snapshots.glob("?" * 64)
    shutil.copytree(before, project / "kept")
    withdraw(project)
    assert build("--accept-shrink").returncode == 0
    # as if the build had been killed between the switch and the removal of what is older
    shutil.copytree(project / "kept", before)
    registry = Registry(snapshots)
    current = registry.current()
    assert current.manifest.tombstones
    (current.folder / "DATASET.sha256").write_text("0\n")
    with pytest.raises(SnapshotError, match="no whole snapshot"):
        registry.current()
    assert registry.prune(keep=3) == [before.name]
    assert not before.exists()


LATER = {
    "restricted": (
        'skos:prefLabel "Open Example"@en .',
        'skos:prefLabel "Open Example"@en ;\n    dk:protection dk:Restricted .',
    ),
    "given-a-pseudonym": (
        'skos:prefLabel "Veiled Later"@en .',
        'skos:prefLabel "somebody"@en ;\n    skos:hiddenLabel "Veiled Later" ;\n    dk:protection dk:Pseudonymous .',
    ),
}


@pytest.mark.parametrize("case", LATER)
def test_who_is_protected_later_is_in_no_older_snapshot_either(project, build, case):
    people = project / "data/authority/people.ttl"
    text = PEOPLE + f'\n<{BASE}id/person/p-12345678> a dk:Person ;\n    skos:prefLabel "Veiled Later"@en .\n'
    people.write_text(text, encoding="utf-8")
    before, after = LATER[case]
    text = text.replace(f" ;\n    dk:member <{BASE}id/person/public-person> .", " .")
    if case == "given-a-pseudonym":
        # it had another name as well, which is what the older one tells
        people.write_text(text.replace(before, f'skos:altLabel "Later Too"@en ;\n    {before}'), encoding="utf-8")
    assert build().returncode == 0
    snapshots = project / "build/snapshots"
    [old] = snapshots.glob("?" * 64)
    shutil.copytree(old, project / "kept")
    people.write_text(text.replace(before, after), encoding="utf-8")
    done = build("--accept-shrink")
    assert done.returncode == 0, done.stderr
    [only] = snapshots.glob("?" * 64)
    assert only != old
    assert not (snapshots / "withdrawn").exists()
    hidden = b"Open Example" if case == "restricted" else b"Later Too"
    assert hidden not in b"".join(data for _, data in built_bytes(snapshots))
    # as if the build had been killed between the switch and the removal of what is older
    shutil.copytree(project / "kept", old)
    registry = Registry(snapshots)
    registry.withdraw([old.name])
    (registry.current().folder / "DATASET.sha256").write_text("0\n")
    with pytest.raises(SnapshotError, match="no whole snapshot"):
        registry.current()
    assert registry.prune(keep=3) == [old.name]


def test_what_was_never_public_leaves_older_snapshots_where_they_are(project, build):
    assert build().returncode == 0
    people = project / "data/authority/people.ttl"
    people.write_text(f'{PEOPLE}\n<{BASE}id/group/more> a dk:PersonGroup ;\n    skos:prefLabel "more"@en .\n')
    assert build().returncode == 0
    assert len(list((project / "build/snapshots").glob("?" * 64))) == 2


def test_a_record_that_is_withdrawn_and_still_mentioned_stops_the_build(project, build):
    withdraw(project)
    path = project / "data/sources/some-page/somebody.ttl"
    path.write_text(TRIAL, encoding="utf-8")
    done = build("--accept-shrink")
    assert done.returncode in {1, 2}
    assert "public-person" in done.stderr
