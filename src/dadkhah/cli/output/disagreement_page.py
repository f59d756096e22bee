"""The page of disagreements in Markdown.

In: conflicts and tensions as read. Out: text, the same for the same input. It must not read anything or order by worth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dadkhah.cli.output.conflict_reading import Conflict, Side, Source, Tension

_REAL = "real disagreement"
_HEAD = """# What the voices disagree on

This page is written by `dadkhah disagreements --out docs/disagreements.md` from the graph; do not edit it. The build
compares what voices say of one record and lists every pair of values that cannot both be right, between voices and
inside one voice. Nothing is resolved, and nothing here says who is right.

A person has looked at each of them: is it one thing of which the voices say different things, or does spelling,
rounding, a cut-off day or a second act of one process explain it? The finding stands below each, and as data in
`data/analysis/disagreements.ttl`. The order means nothing; a date that a voice gives as a month or a season stands as
its first and last day. *Origins* counts where claims come from in the end: pages that copy one organisation are one
origin. A place is the source and the part of it that was read; `dadkhah query voices-of-a-source` tells more of it.
"""


def page(conflicts: Sequence[Conflict], tensions: Sequence[Tension], sources: Sequence[Source]) -> str:
    """The whole page."""
    standing = [each for each in conflicts if each.verdict in {_REAL, ""}]
    aside = [each for each in conflicts if each not in standing]
    lines = [_HEAD, *_figures(conflicts, standing, aside, tensions), *_contents(standing)]
    for number, each in enumerate(standing, 1):
        lines += _section(f"### {number}. ", each)
    if aside:
        lines += ["## Looked at and set aside", "", "Listed by the build, but explained by something else.", ""]
        for each in aside:
            lines += _section("### ", each)
    lines += [*_tensions(tensions), *_sources(sources)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _figures(
    conflicts: Sequence[Conflict], standing: Sequence[Conflict], aside: Sequence[Conflict], tensions: Sequence[Tension]
) -> Iterator[str]:
    real = sum(each.verdict == _REAL for each in standing)
    unseen = len(standing) - real
    yield (
        f"**{len(conflicts)} conflicts**: {real} looked at and real, {len(aside)} looked at and set aside, "
        f"{unseen} not looked at yet. Beside them {len(tensions)} tensions that no rule can find."
    )
    yield ""


def _contents(conflicts: Sequence[Conflict]) -> Iterator[str]:
    yield "| | record | of what | values | origins |"
    yield "|---|---|---|---|---|"
    for number, each in enumerate(conflicts, 1):
        values = "; ".join(_cell(side.value) for side in each.sides)
        record = f"{_cell(each.record)} (`{each.path}`)"
        yield f"| {number} | {record} | {_cell(each.property)} | {values} | {_origins(each)} |"
    yield ""


def _origins(conflict: Conflict) -> int:
    return len({said.origin for side in conflict.sides for said in side.said})


def _section(prefix: str, conflict: Conflict) -> Iterator[str]:
    yield f"{prefix}{conflict.record}: {conflict.property}"
    yield ""
    yield "| value | who says it | where |"
    yield "|---|---|---|"
    for side in conflict.sides:
        yield from _rows(side)
    yield ""
    if conflict.verdict:
        yield f"*Looked at: {conflict.verdict}.* {conflict.reason[:1].upper()}{conflict.reason[1:]}."
    else:
        yield "*Not looked at yet.*"
    yield ""


def _rows(side: Side) -> Iterator[str]:
    for position, said in enumerate(side.said):
        value = f"**{_cell(side.value)}**" if position == 0 else ""
        yield f"| {value} | {_cell(said.claimant)} | {_cell('; '.join(said.places))} |"


def _tensions(tensions: Sequence[Tension]) -> Iterator[str]:
    yield "## Tensions"
    yield ""
    yield "What a reader found not to sit together, in one text or between voices, and what no rule can find."
    yield ""
    yield "| what | between | where |"
    yield "|---|---|---|"
    for each in tensions:
        yield f"| {_cell(each.text)} | {_cell('; '.join(each.between))} | {_cell('; '.join(each.places))} |"


def _sources(sources: Sequence[Source]) -> Iterator[str]:
    yield ""
    yield "## The sources named here"
    yield ""
    yield "| name | source | address |"
    yield "|---|---|---|"
    for each in sources:
        yield f"| {each.slug} | {_cell(each.title)} | {f'<{each.address}>' if each.address else ''} |"


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
