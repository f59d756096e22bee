"""Names: how well pairs are told apart and names found again, how fast, beside rapidfuzz's WRatio.

    python -m bench.names [--given ../shared] [--work FOLDER] [--names 1070000] [--queries 1000]

Pairs are the given labelled ones. The published weights have seen them; the held-out figures are those that
`make train-names` noted. For retrieval the index holds every Latin name of the given datasets and pairs, each once;
up to `--names` more are put together from given names and surnames of those, which makes near misses everywhere. A
query is right when the name that it belongs to is among the first ten.
"""

from __future__ import annotations

import argparse
import csv
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process, utils

from dadkhah.linking.index.search import NamesIndex
from dadkhah.linking.index.write import build
from dadkhah.linking.model import KINDS, provenance
from dadkhah.linking.names import score, score_pairs
from dadkhah.linking.normalise import is_persian
from dadkhah.linking.prepared import prepare
from dadkhah.linking.training.corpus import GoldPair, read_pairs
from dadkhah.linking.training.figures import figures
from dadkhah.linking.training.train import of_kind

SEED = 20251125


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--given", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--names", type=int, default=1_070_000)
    parser.add_argument("--queries", type=int, default=1000)
    options = parser.parse_args()
    pairs = read_pairs(options.given / "gold/dev.tsv")
    measure_pairs(pairs)
    with tempfile.TemporaryDirectory() as folder:
        measure_retrieval(pairs, options.given, options.work or Path(folder), options.names, options.queries)


def measure_pairs(pairs: list[GoldPair]) -> None:
    """Figures and speed per kind of pair."""
    print("pairs: published weights / held out by record / by surname / WRatio")
    noted = provenance()
    for kind in KINDS:
        own = of_kind(pairs, kind)
        same = np.array([pair.same for pair in own], bool)
        if same.all() or not same.any():
            continue
        texts = [(pair.name_a, pair.name_b) for pair in own]
        scores, seconds = timed(lambda texts=texts, kind=kind: score_pairs(texts, kind[1]).scores)
        fuzzy = np.array([fuzz.WRatio(one, other, processor=utils.default_process) for one, other in texts])
        names = prepare([name for text in texts for name in text], kind[1])
        every = np.arange(len(names.names), dtype=np.int32)
        lefts, rights = every[::2], every[1::2]
        _, prepared_seconds = timed(lambda: score(names, names, lefts, rights, kind[1]))  # noqa: B023 - called at once
        print(f"{kind[0]} {kind[1]}")
        for title, found in (
            ("published", figures(scores, same)),
            ("by record", noted.get("held_out_by_record", {}).get(" ".join(kind))),
            ("by surname", noted.get("held_out_by_surname", {}).get(" ".join(kind))),
            ("WRatio", figures(fuzzy, same)),
        ):
            if found:
                print(
                    f"  {title:10} F1 {found['f1']:.3f}  AUC {found['auc']:.4f}"
                    f"  recall at 1 % false {found['recall_at_1_percent_false']:.3f}"
                )
        print(f"  {len(own) / seconds:,.0f} pairs/s from strings, {len(lefts) / prepared_seconds:,.0f} prepared")


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """The result and the least of three times in seconds of CPU; caches of single words are warm after the first."""
    best = float("inf")
    result = None
    for _ in range(3):
        begun = time.thread_time()
        result = call()
        best = min(best, time.thread_time() - begun)
    return result, best


def measure_retrieval(pairs: list[GoldPair], given: Path, work: Path, most: int, queries: int) -> None:
    """First-ten recall and time per query over the real names, then with the made-up ones."""
    choose = random.Random(SEED)
    real = list(dict.fromkeys(latin_names(pairs, given)))
    persian = [(pair.name_a, pair.name_b) for pair in of_kind(pairs, ("PL", "person")) if pair.same]
    latin = [
        (pair.name_a, pair.name_b)
        for pair in of_kind(pairs, ("LL", "person"))
        if pair.same and pair.kind != "aka_other" and pair.name_a.lower() != pair.name_b.lower()
    ]
    asked = {"Persian-Latin": choose.sample(persian, min(queries, len(persian))), "Latin-Latin": latin[:queries]}
    for size in sorted({len(real), max(most, len(real))}):
        names = real if size == len(real) else [*real, *recombined(real, size - len(real), choose)]
        folder = work / f"names-{size}"
        folder.mkdir(parents=True, exist_ok=True)
        begun = time.perf_counter()
        build(((name, name, "") for name in names), folder)
        held = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
        print(f"index of {size:,} names: built in {time.perf_counter() - begun:.0f} s, {held:.0f} MB")
        index = NamesIndex(folder)
        for title, rows in asked.items():
            ours = recall(rows, lambda text, index=index: [hit.label for hit in index.search(text, 10)])
            print(f"  {title}: ours {ours}")
            if size == len(real):
                print(f"  {title}: WRatio {recall(rows[:200], lambda text, names=names: scan(text, names))}")


def recall(rows: list[tuple[str, str]], find: Callable[[str], list[str]]) -> str:
    found, times, spent = 0, [], []
    for text, wanted in rows:
        begun, used = time.perf_counter(), time.thread_time()
        labels = find(text)
        times.append(time.perf_counter() - begun)
        spent.append(time.thread_time() - used)
        found += wanted in labels
    ms = np.array(times) * 1000
    return (
        f"first-ten recall {found / len(rows):.4f} of {len(rows)},"
        f" {np.median(ms):.1f} ms (p95 {np.percentile(ms, 95):.1f}), of one core {np.median(spent) * 1000:.1f} ms"
    )


def scan(text: str, names: list[str]) -> list[str]:
    """The ten best of a full scan."""
    return [name for name, *_ in process.extract(text, names, scorer=fuzz.WRatio, limit=10)]


def latin_names(pairs: list[GoldPair], given: Path) -> Iterator[str]:
    """Every Latin name that is given."""
    for pair in pairs:
        if pair.domain == "person" and pair.pair_type != "PP":
            yield pair.name_b
    with (given / "datasets/iran-memorial/records.csv").open(encoding="utf-8", newline="") as lines:
        yield from filter(_is_latin, (row["name_latin"] for row in csv.DictReader(lines) if row["name_latin"]))
    for file, column in (("sdn.csv", 1), ("alt.csv", 3)):
        with (given / "datasets/ofac-sdn" / file).open(encoding="utf-8", errors="replace", newline="") as lines:
            yield from (row[column] for row in csv.reader(lines) if len(row) > column)


def _is_latin(name: str) -> bool:
    return not is_persian(name)


def recombined(names: Iterable[str], count: int, choose: random.Random) -> list[str]:
    """New names of given names and surnames that occur."""
    split = [name.split() for name in names if "," not in name and 1 < len(name.split()) < 4]
    first, last = [words[:-1] for words in split], [words[-1] for words in split]
    known = set(names)
    made: dict[str, None] = {}
    while len(made) < count:
        name = " ".join([*choose.choice(first), choose.choice(last)])
        if name not in known:
            made[name] = None
    return list(made)


if __name__ == "__main__":
    main()
