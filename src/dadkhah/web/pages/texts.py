"""What the pages say, in English and in Persian: `words/en.json` and `words/fa.json`.

Both hold the same keys, checked when they are read. A list is a page of paragraphs.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import orjson

from dadkhah.errors import ConfigurationError


def _read(language: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((files("dadkhah.web.pages") / "words" / f"{language}.json").read_bytes())
    return found


TEXTS: dict[str, dict[str, Any]] = {language: _read(language) for language in ("en", "fa")}
if TEXTS["en"].keys() != TEXTS["fa"].keys():
    lacking = ", ".join(sorted(TEXTS["en"].keys() ^ TEXTS["fa"].keys()))
    raise ConfigurationError(f"texts of the pages that only one language has: {lacking}")
