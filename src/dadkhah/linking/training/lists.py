"""Names that one entry of a published list gives a place of detention.

In: lists as published (`batch.targets`). Out: what `recorded` reads: places with their names and where they stand.
Entries of two lists that share a name are one place. Only entries that are no people are read, and of those only the
ones with a word for a place of detention in a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from string import capwords
from typing import Any, Final

from dadkhah.linking.batch.ofac import is_ofac
from dadkhah.linking.batch.target import PERSON, Target
from dadkhah.linking.batch.targets import read_targets
from dadkhah.linking.normalise import fold, tokens_of
from dadkhah.linking.recorded import letters_of
from dadkhah.linking.training.corpus import digest

# the word in the singular: "prisons department" and "prisoners' society" are no places
_DETENTION: Final = frozenset(["prison", "jail", "gaol", "penitentiary", "زندان", "بازداشتگاه", "ندامتگاه"])
_LEAST: Final = 2
_ATTRIBUTION: Final = (
    "Regulation (EU) No 359/2011, European Union, reuse under Decision 2011/833/EU; "
    "Specially Designated Nationals, US Treasury, public domain"
)


def places_of(files: Sequence[Path]) -> dict[str, Any]:
    """The places of some lists, with the hash of each list."""
    places: list[tuple[dict[str, None], dict[str, str], set[str]]] = []  # entries, spellings by fold, letters
    for file in files:
        for target in read_targets(file):
            names = list(_names(target)) if target.kind != PERSON else []
            if names:
                _add(places, target, names)
    kept = [
        {"entries": list(entries), "names": list(names.values())}
        for entries, names, letters in places
        if len(letters) >= _LEAST
    ]
    return {
        "content": "names of places of detention under which one entry of a published list is recorded",
        "attribution": _ATTRIBUTION,
        "lists": {part.name: {"sha256": digest(part)} for file in files for part in _parts(file)},
        "places": sorted(kept, key=lambda place: place["names"][0]),
    }


def _parts(file: Path) -> list[Path]:
    """The files that are read for a list: OFAC's has its aliases beside it."""
    beside = file.with_name("alt.csv")
    return [file, beside] if is_ofac(file) and beside.is_file() else [file]


def _names(target: Target) -> Iterator[str]:
    """Names that say a place of detention; several in one cell stand behind commas."""
    for cell in target.names:
        for name in (part.strip() for part in cell.split(", ")):
            if _DETENTION & set(fold(name).split()):
                yield capwords(name) if name.isupper() else name


def _add(places: list[tuple[dict[str, None], dict[str, str], set[str]]], target: Target, names: list[str]) -> None:
    """Add an entry to the place that has one of its names already, or as a place of its own."""
    letters = {letters_of(tokens_of(name, "place")) for name in names}
    spelled: dict[str, str] = {}
    for name in names:
        spelled.setdefault(fold(name), name)
    for entries, known, own in places:
        if own & letters:
            entries[target.iri] = None
            own.update(letters)
            for text, name in spelled.items():
                known.setdefault(text, name)
            return
    places.append(({target.iri: None}, spelled, letters))
