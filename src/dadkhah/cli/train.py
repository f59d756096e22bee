"""`dadkhah train-names`: learn the weights of name comparison from labelled pairs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Final

import click
import orjson

from dadkhah.linking.model import FOLDER, to_bytes
from dadkhah.linking.recorded import FILE
from dadkhah.linking.training.corpus import digest, read_pairs
from dadkhah.linking.training.lists import places_of
from dadkhah.linking.training.train import by_record, by_surname, cross_validate, train

_AS_WRITTEN: Final = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


@click.command("train-names")
@click.option("--gold", type=click.Path(path_type=Path), required=True, help="Folder that holds dev.tsv.")
@click.option("--seed", default=20251125, show_default=True, help="Seed of every random choice.")
@click.option(
    "--held-out/--no-held-out", default=True, help="Also cross-validate and note the figures (five times longer)."
)
@click.option(
    "--list",
    "lists",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A published list, from which places with several names are noted; may be repeated.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write to; the package's own by default.")
def train_names(gold: Path, seed: int, lists: tuple[Path, ...], *, held_out: bool, out: Path | None) -> None:
    """Learn letter costs, lexicon and evidence weights; write names.npz and names.json with their provenance.

    With --list also places.json: places of detention that an entry of a list records under several names.

    Example: dadkhah train-names --gold ../shared/gold
    """
    file = gold / "dev.tsv"
    pairs = read_pairs(file)
    note: dict[str, Any] = {
        "trained_on": {file.name: {"sha256": digest(file), "rows": len(pairs)}},
        "counts": dict(
            sorted(Counter(f"{p.pair_type} {p.domain} {'same' if p.same else 'different'}" for p in pairs).items())
        ),
        "seed": seed,
        "content": "learned weights only: letter costs, evidence weights, checksums of words of at least two records",
    }
    if held_out:
        for name, key in (("held_out_by_record", by_record), ("held_out_by_surname", by_surname)):
            click.echo(f"cross-validating: {name}", err=True)
            note[name] = cross_validate(pairs, key, seed)
    click.echo("learning from all pairs", err=True)
    learned = train(pairs, seed)
    data = to_bytes(learned.costs, learned.heads, learned.lexicon)
    folder = out or FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "names.npz").write_bytes(data)
    (folder / "names.json").write_bytes(orjson.dumps(note, option=_AS_WRITTEN))
    if lists:
        (folder / FILE.name).write_bytes(orjson.dumps(places_of(lists), option=_AS_WRITTEN))
    click.echo(f"{folder / 'names.npz'}: {len(data):,} bytes", err=True)
