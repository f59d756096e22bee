"""A table of name pairs in, the same rows with their score out.

In: tab-separated text with columns `name_a`, `name_b` and optionally `domain` (person, place). Out: lines of text, in
order: the rows with `score` (and `explanation`) added, or JSON. Rows are taken in passes, so that memory is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

import orjson

from dadkhah.errors import SourceSyntaxError
from dadkhah.linking.explain import explain
from dadkhah.linking.names import ScoredPairs, score_pairs

_PASS: Final = 50_000
_DOMAINS: Final = ("person", "place")


def score_table(file: Path, source: TextIO | None, domain: str, *, as_json: bool, explained: bool) -> Iterator[str]:
    """Yield output lines, each with its line end; raises `SourceSyntaxError` with file and line."""
    try:
        with file.open(encoding="utf-8-sig", newline="") if source is None else nullcontext(source) as lines:
            yield from _scored(lines, str(file), domain, as_json=as_json, explained=explained)
    except FileNotFoundError as error:
        raise SourceSyntaxError("no such file", file=str(file)) from error
    except IsADirectoryError as error:
        raise SourceSyntaxError("a folder, not a file", file=str(file)) from error
    except UnicodeDecodeError as error:
        raise SourceSyntaxError("not UTF-8; save the table as UTF-8", file=str(file)) from error


def _scored(lines: TextIO, file: str, domain: str, *, as_json: bool, explained: bool) -> Iterator[str]:
    header = lines.readline().rstrip("\r\n").split("\t")
    missing = [name for name in ("name_a", "name_b") if name not in header]
    if missing:
        raise SourceSyntaxError(f"no column {' and '.join(missing)} in the first line", file=file, line=1)
    if not as_json:
        yield "\t".join([*header, "score", *(["explanation"] if explained else [])]) + "\n"
    at_domain = header.index("domain") if "domain" in header else None
    number = 2
    while rows := [line.rstrip("\r\n") for line in islice(lines, _PASS)]:
        cells = []
        for offset, row in enumerate(rows):
            parts = row.split("\t") if row else []
            if parts and len(parts) != len(header):
                text = f"{len(parts)} columns where the first line has {len(header)}"
                raise SourceSyntaxError(text, file=file, line=number + offset)
            cells.append(parts)
        domains = [domain if at_domain is None or not row else row[at_domain] or domain for row in cells]
        for offset, name in enumerate(domains):
            if name not in _DOMAINS:
                raise SourceSyntaxError(f"domain {name!r} is neither person nor place", file=file, line=number + offset)
        names = (header.index("name_a"), header.index("name_b"))
        yield from _pass(rows, cells, domains, names, as_json=as_json, explained=explained)
        number += len(rows)


def _pass(
    rows: list[str],
    cells: list[list[str]],
    domains: list[str],
    names: tuple[int, int],
    *,
    as_json: bool,
    explained: bool,
) -> Iterator[str]:
    """Score some rows, by domain, and write them in their order; empty lines are left out."""
    where: dict[int, tuple[ScoredPairs, int]] = {}
    for domain in _DOMAINS:
        chosen = [k for k, name in enumerate(domains) if name == domain and cells[k]]
        scored = score_pairs([(cells[k][names[0]], cells[k][names[1]]) for k in chosen], domain)
        where |= {k: (scored, place) for place, k in enumerate(chosen)}
    for k, row in enumerate(rows):
        if k not in where:
            continue
        scored, place = where[k]
        if as_json:
            yield orjson.dumps(explain(scored, place).as_json(), option=orjson.OPT_APPEND_NEWLINE).decode()
        elif explained:
            yield f"{row}\t{scored.scores[place]:.6f}\t{explain(scored, place).summary()}\n"
        else:
            yield f"{row}\t{scored.scores[place]:.6f}\n"
