"""First drafts of data files, for a person to fill in.

In: an identifier and what is known. Out: Turtle text. Nothing is invented: what only a person can say is a comment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dadkhah.iris import Iris
from dadkhah.source.archive.passages import Passage, SnapshotText
from dadkhah.source.turtle.text import literal, prologue


@dataclass(frozen=True, slots=True)
class Work:
    """What is known of a source when it is registered; an empty string is unknown and stays out."""

    identifier: str
    title: str
    address: str = ""
    published: str = ""
    language: str = ""
    read_on: str = ""


def source_draft(work: Work, text: SnapshotText, passages: Iterable[Passage], iris: Iris) -> str:
    """A `source.ttl` for bytes that were read: the work, its snapshot, proposed passages; never its words."""
    source, snapshot = iris.thing("source", work.identifier), iris.thing("snapshot", work.identifier)
    lines = [
        *prologue(iris),
        "# The work, the bytes that were read, its passages and its voices. The text itself is not kept here.",
        "# By hand: dk:party of the work; merge or split passages; dk:noClaim with a reason where one says nothing.",
        "",
        f"<{source}> a dk:Source ;",
        f"    skos:prefLabel {literal(work.title)}@en ;",
    ]
    if work.address:
        lines.append(f"    dk:address {literal(work.address)}^^xsd:anyURI ;")
    if work.published:
        day = literal(work.published)
        lines.append(f"    dk:earliest {day}^^xsd:date ; dk:latest {day}^^xsd:date ; dk:edtf {day} ;")
    if work.language:
        lines.append(f"    dct:language {literal(work.language)} ;")
    if work.read_on:
        lines.append(f"    dk:readOn {literal(work.read_on)}^^xsd:date ;")
    lines += [
        f"    dk:archivedAs <{snapshot}> .",
        "",
        f"<{snapshot}> a dk:Snapshot ;",
        f'    rdfs:label "the text as read"@en ; dk:sha256 "{text.sha256}" ;',
        f"    dk:bytes {text.bytes} ; dk:codePoints {len(text.text)} .",
        "",
        *passage_lines(work.identifier, passages, iris),
    ]
    return "\n".join(lines)


def passage_lines(identifier: str, passages: Iterable[Passage], iris: Iris) -> list[str]:
    """Turtle of passages P1, P2, … in the order of the text."""
    source = iris.thing("source", identifier)
    return [
        f"<{iris.thing('passage', f'{identifier}-P{number}')}> a dk:Passage ; dk:inSource <{source}> ;\n"
        f"    dk:start {each.start} ; dk:end {each.end} ;\n"
        f'    dk:sha256 "{each.sha256}" .\n'
        for number, each in enumerate(passages, 1)
    ]


def voice_draft(source: str, claimant: str, iris: Iris) -> str:
    """A file for one voice, with one example record as a comment, and what to add to its `source.ttl`."""
    voice, passage = iris.voice(source, claimant), iris.thing("passage", f"{source}-P1")
    lines = [
        *prologue(iris),
        f"# What {claimant} says in {source}: plain statements, each record citing the passages it was read in.",
        "#",
        "# Describe the voice in source.ttl:",
        f"#   <{voice}> a dk:Voice ;",
        f"#       dk:claimant <…> ; dk:inSource <{iris.thing('source', source)}> ;",
        "#       dk:originGroup <…> ; dk:party dk:… ; dk:protection dk:Public .",
        "#",
        "# A record looks like this:",
        f"#   <{iris.thing('event', '…')}> a dk:Trial ;",
        f"#       dk:defendant <…> ; dk:inAbsentia true ; dk:cites <{passage}> .",
        "",
    ]
    return "\n".join(lines)


def record_draft(kind: str, slug: str, cls: str, label: str, iris: Iris) -> str:
    """An authority record: identity only, nothing that anyone contests."""
    head = f"<{iris.thing(kind, slug)}> a dk:{cls} ;"
    return "\n".join([*prologue(iris), head, f"    skos:prefLabel {literal(label)}@en .", ""])
