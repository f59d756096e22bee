"""Every hash and offset of a source, recomputed from the bytes that were read."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from dadkhah.cli import main
from dadkhah.iris import Iris
from dadkhah.source.archive.comparison import verify_archive
from dadkhah.source.archive.passages import faults, hash_of, overlaps, propose, read_text
from dadkhah.source.files.tree import find_project
from dadkhah.source.project.reading import Loaded, load

ROOT = Path(__file__).parents[3]
ARTICLE_SHA256 = "4f345abf2bff90cdbf92a7c4e916ee4b1f83b220e9562813c2345eecb3eb4ba9"


def given():
    path = Path(os.environ.get("DADKHAH_GIVEN", ROOT.parent / "shared")) / "source"
    if not path.exists():
        message = "source/ is not in the given folder; set DADKHAH_GIVEN"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path


@pytest.fixture(scope="module")
def article():
    """The project, with the article as the only source."""
    loaded = load(find_project(ROOT), Iris())
    kept = tuple(each for each in loaded.documents if each.file.path.parent.name == "silent-massacre-2025")
    return Loaded(loaded.tree, kept, loaded.rules)


@pytest.fixture
def archive(tmp_path):
    folder = tmp_path / "archive"
    shutil.copytree(given(), folder)
    return folder


def verified(article, archive):
    outcome = verify_archive(article, archive, Iris())
    return outcome, [f"{problem.file}:{problem.line}: {problem.message}" for problem in outcome.problems]


@pytest.mark.given
def test_the_article_holds_with_its_hash_and_every_passage_of_the_inventory(article, archive):
    inventory = json.loads((archive / "inventory.json").read_text(encoding="utf-8"))
    assert hashlib.sha256((archive / "article.txt").read_bytes()).hexdigest() == ARTICLE_SHA256
    assert inventory["source"]["sha256"] == ARTICLE_SHA256
    outcome, problems = verified(article, archive)
    assert problems == []
    assert (outcome.snapshots, outcome.absent) == (1, [])
    assert outcome.passages >= len(inventory["passages"])


@pytest.mark.given
@pytest.mark.parametrize("place", [0.0, 0.33, 0.71, 0.999])
def test_one_changed_byte_is_found_with_the_passage_it_stands_in(article, archive, place):
    path = archive / "article.txt"
    data = bytearray(path.read_bytes())
    spot = int(place * len(data))
    while not chr(data[spot]).isalpha() or data[spot] > 127:
        spot -= 1 if place > 0.5 else -1
    data[spot] ^= 0x01
    path.write_bytes(data)
    outcome, problems = verified(article, archive)
    assert outcome.absent
    assert len(problems) == 1
    assert "silent-massacre-2025/source.ttl:" in problems[0]
    assert "1 of " in problems[0]
    assert ARTICLE_SHA256 in problems[0]


@pytest.mark.given
@pytest.mark.parametrize("change", ["cut", "longer", "crlf", "not-utf-8", "moved"])
def test_other_bytes_of_any_kind_are_found(article, archive, change):
    path = archive / "article.txt"
    data = path.read_bytes()
    changed = {
        "cut": data[:-1],
        "longer": data + b"\n",
        "crlf": data.replace(b"\n", b"\r\n"),
        "moved": b" " + data,
        "not-utf-8": data[:100] + b"\xff" + data[101:],
    }
    path.write_bytes(changed[change])
    _, problems = verified(article, archive)
    assert len(problems) == 1
    assert "article.txt" in problems[0]


@pytest.mark.given
def test_the_name_of_the_file_plays_no_part(article, archive):
    (archive / "article.txt").rename(archive / ARTICLE_SHA256)
    assert verified(article, archive)[1] == []


@pytest.mark.given
def test_a_text_that_the_archive_does_not_hold_is_named_and_is_no_problem(article, archive):
    (archive / "article.txt").unlink()
    outcome, problems = verified(article, archive)
    assert problems == []
    assert (outcome.snapshots, outcome.passages) == (0, 0)
    assert outcome.absent == [f"{Iris().base}id/snapshot/silent-massacre-2025"]


@pytest.mark.given
def test_the_command_ends_with_0_and_after_a_change_with_1(archive, monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(ROOT)
    arguments = ["verify", "--archive", str(archive), "--snapshots", str(tmp_path / "none")]
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0, capsys.readouterr().out
    path = archive / "article.txt"
    path.write_bytes(path.read_bytes().replace(b"the", b"thE", 1))
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 1
    assert "data/sources/silent-massacre-2025/source.ttl:" in capsys.readouterr().out


def test_an_archive_that_is_no_folder_is_bad_input(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as ended:
        main(["verify", "--archive", "nowhere"])
    assert ended.value.code == 2
    assert capsys.readouterr().err == "error: nowhere: no such folder\n"


TEXT = "Dr. A. Karimi was tried. «دادگاه» تمام شد؟ بله.\n\nA 2nd line… And a third!  \n"


def test_proposed_passages_partition_the_sentences_and_hold():
    found = list(propose(TEXT))
    assert [TEXT[each.start : each.end] for each in found] == [
        "Dr. A. Karimi was tried.",
        "«دادگاه» تمام شد؟",
        "بله.",
        "A 2nd line…",
        "And a third!",
    ]
    assert [each.line for each in found] == [1, 1, 1, 3, 3]
    assert list(faults(found, TEXT)) == []
    assert list(overlaps(found)) == []


def test_offsets_are_code_points_and_not_bytes(tmp_path):
    path = tmp_path / "text"
    path.write_text(TEXT, encoding="utf-8")
    text = read_text(path)
    assert text.bytes > len(text.text)
    last = list(propose(text.text))[2]
    assert last.sha256 == hash_of("بله.") == hashlib.sha256("بله.".encode()).hexdigest()
    assert last.start == TEXT.index("بله.")


def test_a_passage_that_moved_by_one_code_point_does_not_hold():
    found = list(propose(TEXT))
    assert len(list(faults(found, "x" + TEXT))) == len(found)
