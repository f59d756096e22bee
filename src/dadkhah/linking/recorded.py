"""Places that published lists record under several names, so that a name no letters lead to is known.

In: the names of an entry that say a place of detention, as `training.lists` took them from the lists into
`weights/places.json`. Out: for prepared names the number of the place that they are recorded for. A name counts only
with the word for its kind: "Shiraz Central Prison" is recorded for a prison, "Shiraz" is a city. Spellings and scripts
may differ as the letters' costs allow; nothing is guessed beyond that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson

from dadkhah.errors import ConfigurationError
from dadkhah.linking.edit import Costs, Ints, Words, distances, encode
from dadkhah.linking.index.keys import key
from dadkhah.linking.normalise import NameTokens, tokens_of
from dadkhah.linking.prepared import Prepared
from dadkhah.linking.symbols import phones

FILE: Final = Path(__file__).parent / "weights" / "places.json"
_SPELLING: Final = 0.12  # cost per letter up to which two names of a place are one name in another spelling


@dataclass(frozen=True, slots=True)
class RecordedPlaces:
    """The names of places, without the words for their kind.

    Attributes:
        words: each name's letters, written together.
        places: the number of the place of each name.
        by_key: where in `words` the names of a coarse key stand.
    """

    words: Words
    places: Ints
    by_key: dict[str, list[int]]

    def of(self, names: Prepared, costs: Costs) -> Ints:
        """The place that each name is recorded for, -1 where none; names without a word for their kind have none."""
        found = np.full(len(names.names), -1, np.int32)
        asked = {n: letters_of(names.tokens[n]) for n in np.flatnonzero(names.marks[:, 1]).tolist()}
        near = [(n, text, row) for n, text in asked.items() for row in self.by_key.get(key(text), ())]
        if not near:
            return found
        own = encode([text for _, text, _ in near])
        rows = np.array([row for *_, row in near], np.int32)
        sizes = np.maximum(own.lengths, self.words.lengths[rows])
        rates = distances(own, self.words, np.arange(len(near), dtype=np.int32), rows, costs) / np.maximum(sizes, 1)
        best: dict[int, float] = {}
        for (n, _, row), rate in zip(near, rates.tolist(), strict=True):
            if rate <= _SPELLING and rate < best.get(n, 1.0):
                best[n] = rate
                found[n] = self.places[row]
        return found


def letters_of(taken: NameTokens) -> str:
    """The letters of a name by which it is looked up."""
    return phones("".join(taken.tokens))


def recorded(places: Sequence[Sequence[str]]) -> RecordedPlaces:
    """Make names ready to be looked up; those without a word for their kind are left out."""
    known: dict[str, int] = {}
    for number, names in enumerate(places):
        for taken in (tokens_of(name, "place") for name in names):
            if taken.generic and taken.tokens != taken.generic:
                known.setdefault(letters_of(taken), number)
    by_key: dict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(known):
        by_key[key(text)].append(row)
    return RecordedPlaces(encode(list(known)), np.array(list(known.values()), np.int32), dict(by_key))


@cache
def default_places() -> RecordedPlaces:
    """The places that come with the package; read once."""
    try:
        held: dict[str, Any] = orjson.loads(FILE.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise ConfigurationError("the recorded names of places are missing; run `make train-names`") from error
    return recorded([place["names"] for place in held["places"]])
