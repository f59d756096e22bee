"""The learned weights of name comparison, as one small file and its provenance.

In: `names.npz` beside this module (costs in thousandths, heads, lexicon of checksums) and `names.json` (what it was
learned from, and how well it did on held-out pairs). Out: an immutable `Model`. Written only by `train-names`.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson

from dadkhah.errors import ConfigurationError
from dadkhah.linking.edit import Costs
from dadkhah.linking.head import Head
from dadkhah.linking.lexicon import Lexicon
from dadkhah.linking.symbols import LETTERS, PAIRS, PLACES

FOLDER: Final = Path(__file__).parent / "weights"
KINDS: Final = (("PL", "person"), ("LL", "person"), ("PP", "person"), ("PL", "place"), ("LL", "place"), ("PP", "place"))
_NEVER: Final = 32767  # thousandths: an operation that is not allowed
_HEAD_ARRAYS: Final = ("scale", "feature", "knot", "weight", "first", "second", "product")


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that was learned.

    Attributes:
        costs: of the edit operations.
        heads: by kind of comparison and domain.
        lexicon: what is known about single words.
        version: first 12 hex digits of the hash of the weights.
    """

    costs: Costs
    heads: dict[tuple[str, str], Head]
    lexicon: Lexicon
    version: str

    def head(self, pair_type: str, domain: str) -> Head:
        """The head for a kind of comparison."""
        return self.heads[pair_type, domain]


def to_bytes(costs: Costs, heads: dict[tuple[str, str], Head], lexicon: Lexicon) -> bytes:
    """Write weights; the same weights give the same bytes."""
    pair = np.where(np.isinf(costs.pair[::PLACES]), _NEVER, np.round(costs.pair[::PLACES] * 1000))
    arrays: dict[str, Any] = {
        "swap": np.round(costs.swap * 1000).astype(np.int16),
        "gap": np.round(costs.gap * 1000).astype(np.int16),
        "pair": pair.astype(np.int16),
        "lexicon_keys": lexicon.keys,
        "lexicon_names": lexicon.names.astype(np.int16),
        "lexicon_shares": np.round(lexicon.shares * 1000).astype(np.int16),
        "lexicon_rarity": np.round(lexicon.rarity * 1000).astype(np.int16),
    }
    for (pair_type, domain), head in sorted(heads.items()):
        name = f"{pair_type}_{domain}"
        arrays |= {f"{name}_{part}": getattr(head, part) for part in _HEAD_ARRAYS}
        arrays[f"{name}_intercept"] = np.array([head.intercept], np.float32)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def from_bytes(data: bytes) -> Model:
    """Read weights; raises `ConfigurationError` where they do not fit this version of the alphabet."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        if arrays["swap"].shape[0] != len(LETTERS) * PLACES or arrays["pair"].shape[1] != len(PAIRS):
            raise ConfigurationError("the weights of name comparison do not fit this version; run `make train-names`")
        pair = arrays["pair"].astype(np.float32)
        pair = np.where(pair == _NEVER, np.inf, pair / 1000).astype(np.float32)
        costs = Costs(
            arrays["swap"].astype(np.float32) / 1000,
            arrays["gap"].astype(np.float32) / 1000,
            np.repeat(pair, PLACES, axis=0),
        )
        lexicon = Lexicon(
            arrays["lexicon_keys"],
            arrays["lexicon_names"].astype(np.int32),
            arrays["lexicon_shares"].astype(np.float32) / 1000,
            arrays["lexicon_rarity"].astype(np.float32) / 1000,
        )
        heads = {kind: _head(arrays, "_".join(kind)) for kind in KINDS}
    return Model(costs, heads, lexicon, hashlib.sha256(data).hexdigest()[:12])


def _head(arrays: Any, name: str) -> Head:
    scale, feature, knot, weight, first, second, product = (arrays[f"{name}_{part}"] for part in _HEAD_ARRAYS)
    return Head(scale, feature, knot, weight, first, second, product, float(arrays[f"{name}_intercept"][0]))


@cache
def default_model() -> Model:
    """The weights that come with the package; read once."""
    file = FOLDER / "names.npz"
    if not file.is_file():
        raise ConfigurationError("the weights of name comparison are missing; run `make train-names`")
    return from_bytes(file.read_bytes())


def provenance() -> dict[str, Any]:
    """What the weights were learned from, and their figures on held-out pairs."""
    found: dict[str, Any] = orjson.loads((FOLDER / "names.json").read_bytes())
    return found
