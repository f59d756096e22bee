"""Splink beside our own comparison of names: the labelled Persian-Latin pairs of people, scored by both.

    python -m bench.splink_peer

Splink 5 on DuckDB learns without labels (expectation maximisation) from the two lists of names. It compares in SQL, and
SQL cannot compare scripts, so it gets our ASCII consonants of each name's first, last and other words, with exact and
Levenshtein levels; without them it would find nothing. Ours are weights that have not seen the record of a pair (four
folds). A pair that blocking does not bring together counts as the least likely. Needs the extra `bench` and the given
folder (DADKHAH_GIVEN, or `shared` beside the checkout).
"""

from __future__ import annotations

import time
import zlib

import numpy as np
import pyarrow as pa
import splink.comparison_library as cl
from bench.link import FOLDS, GIVEN, SEED
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from dadkhah.linking.head import log_odds
from dadkhah.linking.index.keys import key
from dadkhah.linking.normalise import tokens_of
from dadkhah.linking.prepared import words_of
from dadkhah.linking.skeleton import skeleton
from dadkhah.linking.symbols import phones
from dadkhah.linking.training.corpus import GoldPair, read_pairs
from dadkhah.linking.training.figures import figures
from dadkhah.linking.training.train import by_record, describe, of_kind, train

KIND = ("PL", "person")


def table(names: list[str]) -> pa.Table:
    """A row for each name, with ASCII columns that hold nothing where the name has no such word."""
    rows = []
    for number, name in enumerate(names):
        words = words_of(tokens_of(name))
        sounds = [skeleton(phones(word)) for word in words]
        rows.append(
            {
                "unique_id": number,
                "first": sounds[0] if sounds else None,
                "last": sounds[-1] if len(sounds) > 1 else None,
                "middle": " ".join(sounds[1:-1]) or None,
                "whole": "".join(sounds) or None,
                "first_key": key(phones(words[0])) if words else None,
                "last_key": key(phones(words[-1])) if words else None,
            }
        )
    return pa.Table.from_pylist(rows)


def by_splink(pairs: list[GoldPair]) -> np.ndarray:
    """Log-odds of each pair; minus infinity for one that no blocking rule brings together."""
    persian = {name: number for number, name in enumerate(dict.fromkeys(pair.name_a for pair in pairs))}
    latin = {name: number for number, name in enumerate(dict.fromkeys(pair.name_b for pair in pairs))}
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.LevenshteinAtThresholds("first", [1, 2]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("last", [1, 2]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("middle", [1, 2]),
            cl.LevenshteinAtThresholds("whole", [1, 3]),
        ],
        blocking_rules_to_generate_predictions=[block_on("last_key"), block_on("first_key"), block_on("whole")],
    )
    began = time.perf_counter()
    api = DuckDBAPI()
    sides = [
        api.register(table(list(names)), dataset_display_name=side) for side, names in (("a", persian), ("b", latin))
    ]
    linker = Linker(sides, settings)
    linker.training.estimate_probability_two_random_records_match([block_on("whole")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6)
    for rule in (block_on("last_key"), block_on("first_key")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    learned = time.perf_counter()
    found = linker.inference.predict().as_pyarrow_table()
    ended = time.perf_counter()
    print(
        f"splink: {learned - began:.1f} s to learn, {len(found):,} pairs in {ended - learned:.1f} s, "
        f"{len(found) / (ended - learned):,.0f} a second on all cores"
    )
    odds = {
        (one, other): weight
        for one, other, weight in zip(
            found["unique_id_l"].to_pylist(),
            found["unique_id_r"].to_pylist(),
            found["match_weight"].to_pylist(),
            strict=True,
        )
    }
    return np.array([odds.get((persian[pair.name_a], latin[pair.name_b]), -np.inf) for pair in pairs])


def by_ours(every: list[GoldPair]) -> tuple[list[GoldPair], np.ndarray]:
    """The pairs and their log-odds by weights of the other folds."""
    fold = np.array([zlib.crc32(by_record(pair).encode()) % FOLDS for pair in every])
    pairs, odds = [], []
    for number in range(FOLDS):
        learned = train([every[k] for k in np.flatnonzero(fold != number).tolist()], SEED)
        held = of_kind([every[k] for k in np.flatnonzero(fold == number).tolist()], KIND)
        pairs += held
        odds.append(log_odds(learned.heads[KIND], describe(held, KIND[1], learned.costs, learned.lexicon)))
    return pairs, np.concatenate(odds)


def main() -> None:
    pairs, ours = by_ours(read_pairs(GIVEN / "gold/dev.tsv"))
    same = np.array([pair.same for pair in pairs])
    splink = by_splink(pairs)
    print(f"{len(pairs):,} pairs; blocking brings {np.isfinite(splink[same]).mean():.3f} of the true ones together")
    finite = np.where(np.isfinite(splink), splink, splink[np.isfinite(splink)].min() - 1)
    for name, scores in (("splink", finite), ("ours", ours)):
        print(name, figures(scores, same))


if __name__ == "__main__":
    main()
