"""Rules of the index of names: what it finds, across scripts, and that its bytes depend on the names only."""

import random

import pytest

from dadkhah.errors import SnapshotError
from dadkhah.linking.index.search import NamesIndex
from dadkhah.linking.index.write import build

NAMES = [
    ("urn:1", "Hossein Rezaei", "en"),
    ("urn:1", "حسین رضایی", "fa"),
    ("urn:2", "Hassan Rezaei", "en"),
    ("urn:3", "Ali Reza Karimi", "en"),
    ("urn:4", "Ali Karami", "en"),
    ("urn:5", "Golrokh Ebrahimi Iraee", "en"),
    ("urn:6", "Evin Prison", "en"),
    ("urn:7", "Mehdi Hassani", "en"),
    ("urn:7", "مهدی حسنی", "fa"),
    ("urn:8", "Behrouz Ehsani Eslamlou", "en"),
    ("urn:9", "---", ""),
    ("urn:10", "محمد نوری‌زاده", "fa"),
]


def made(folder, names=NAMES):
    folder.mkdir()
    build(names, folder)
    return NamesIndex(folder)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return made(tmp_path_factory.mktemp("names") / "index")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Hossein Rezaei", "urn:1"),
        ("حسین رضایی", "urn:1"),
        ("Husayn Rezai", "urn:1"),
        ("حسن رضایی", "urn:2"),
        ("Hasan Reza'i", "urn:2"),
        ("علیرضا کریمی", "urn:3"),
        ("Alireza Karimi", "urn:3"),
        ("علی کرمی", "urn:4"),
        ("گلرخ ایرایی", "urn:5"),
        ("Golrokh Iraei", "urn:5"),
        ("اوین", "urn:6"),
        ("Evin", "urn:6"),
        ("مهدی حسنی", "urn:7"),
        ("بهروز احسانی", "urn:8"),
        ("Mohammad Nourizadeh", "urn:10"),
        ("Mohammad Nouri Zadeh", "urn:10"),
    ],
)
def test_a_record_is_found_first_by_another_spelling_or_script(index, asked, found):
    assert index.search(asked)[0].iri == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Golr", "urn:5"),
        ("گلر", "urn:5"),
        ("Behrouz Eh", "urn:8"),
        ("بهروز اح", "urn:8"),
        ("e", "urn:6"),
        ("Rez", "urn:1"),
    ],
)
def test_an_unfinished_word_is_completed(index, typed, found):
    assert found in [hit.iri for hit in index.complete(typed)]


def test_a_record_is_one_hit_whatever_the_number_of_its_names(index):
    iris = [hit.iri for hit in index.search("Hossein Rezaei")]
    assert len(iris) == len(set(iris))


def test_hits_come_best_first_with_a_name_as_recorded_and_a_reason(index):
    hits = index.search("Mehdi Hasani")
    assert [hit.rank for hit in hits] == sorted((hit.rank for hit in hits), reverse=True)
    assert (hits[0].label, hits[0].language) in {("Mehdi Hassani", "en"), ("مهدی حسنی", "fa")}
    assert {word.rule for word in hits[0].matches()} <= {"identical", "orthography", "spelling", "transliteration"}


def test_the_score_is_that_of_comparing_the_two_names(index):
    from dadkhah.linking.names import score_pairs

    for hit in index.search("Hussein Rezai"):
        assert hit.score == pytest.approx(float(score_pairs([("Hussein Rezai", hit.label)]).scores[0]), abs=1e-4)


def test_names_asked_together_are_found_as_one_by_one(index):
    # more than are looked up in one go, some without letters, some twice
    asked = [*(name for _, name, _ in NAMES), "", "Husayn Rezai", "لطف الله نژاد", *(name for _, name, _ in NAMES)]
    limits = [1 + place % 4 for place in range(len(asked))]
    together = index.search_all(asked, limits)
    apart = [index.search(name, limit) for name, limit in zip(asked, limits, strict=True)]

    def told(hits):
        return [(hit.iri, hit.label, hit.score, hit.rank, hit.covered, hit.matches(), hit.alone()) for hit in hits]

    assert [told(hits) for hits in together] == [told(hits) for hits in apart]
    assert sum(map(bool, together)) == 2 * (len(NAMES) - 1) + 1


@pytest.mark.parametrize(
    "text", ["", " ", "---", "\u200c", "😀", "x" * 3000, "ا" * 500, "<script>", "a b c d e f g h i j"]
)
def test_any_text_can_be_asked(index, text):
    assert isinstance(index.search(text), list)
    assert isinstance(index.complete(text), list)


def test_the_limit_bounds_the_hits(index):
    assert len(index.search("Ali", 1)) == 1
    assert len(index.complete("A", 2)) <= 2


def test_the_same_names_in_any_order_give_the_same_bytes(tmp_path):
    shuffled = [*NAMES, NAMES[0]]
    random.Random(3).shuffle(shuffled)
    made(tmp_path / "a")
    made(tmp_path / "b", shuffled)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == sorted(path.name for path in (tmp_path / "b").iterdir())
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_an_index_of_no_names_finds_nothing(tmp_path):
    assert made(tmp_path / "empty", []).search("Ali") == []


def test_a_damaged_index_says_what_to_do(tmp_path):
    made(tmp_path / "broken")
    (tmp_path / "broken" / "units.npy").write_bytes(b"no array")
    with pytest.raises(SnapshotError, match="build again"):
        NamesIndex(tmp_path / "broken")
    (tmp_path / "broken" / "names.json").unlink()
    with pytest.raises(SnapshotError, match="build again"):
        NamesIndex(tmp_path / "broken")


@pytest.mark.parametrize("asked", ["source-77f3a9", "source-88e4b0", "q-0a1b2c3d4e", "zzyxw", "5150"])
def test_what_is_far_from_every_name_has_no_answer(index, asked):
    assert index.search(asked) == []
    assert index.complete(asked) == []


def test_a_long_title_that_shares_little_with_the_words_is_no_answer_and_one_that_has_them_is(tmp_path):
    index = made(
        tmp_path / "index",
        [
            ("urn:this", "اجرای این دو حکم نقض فاحش حقوق بین‌الملل خواهد بود", "fa"),
            ("urn:ward", "Ward 209 of Evin Prison", "en"),
            ("urn:move", "انتقال بهروز احسانی از اوین به قزلحصار", "fa"),
        ],
    )
    assert {hit.iri for hit in index.search("Evin")} == {"urn:ward", "urn:move"}
