"""View models that several views share: names, references, voices, passages, statements.

All are frozen values, made by the other modules of this package and read by whatever shows them (the API, the pages,
the exports). They hold no query and no markup. Texts keep their language; choosing one is `Ref.label`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from dadkhah.browse.terms import Term

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a thing in one language; `preferred` is False for a variant."""

    text: str
    language: str = ""
    preferred: bool = True


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing as it is mentioned: enough to write its name and a link.

    Attributes:
        iri: its IRI.
        names: preferred names, one or more per language; empty where the data gives none.
        types: IRIs of its classes.
        kind: the `{type}` of its address, empty where the IRI is not one of ours.
        slug: the `{slug}` of its address, empty where the IRI is not one of ours.
    """

    iri: str
    names: tuple[Name, ...] = ()
    types: tuple[str, ...] = ()
    kind: str = ""
    slug: str = ""

    def label(self, language: str = "en") -> Name:
        """The best name for a reader: in this language, in English, in none stated, in any; else from the IRI."""
        if not self.names:
            return Name(local_name(self.iri), "", preferred=False)
        order = {language: 0, "en": 1, "": 2}
        return min(self.names, key=lambda name: order.get(name.language.partition("-")[0].lower(), 3))


def local_name(iri: str) -> str:
    """The last part of an IRI as words: what is shown where the data gives no name.

    camelCase and hyphens become spaces: `dk:familyNotified` reads "family notified".
    """
    tail = iri.rstrip("/#").rpartition("#")[2].rpartition("/")[2] or iri
    words = []
    for index, letter in enumerate(tail):
        if letter in "-_":
            words.append(" ")
        elif letter.isupper() and index and tail[index - 1].islower():
            words.append(f" {letter.lower()}")
        else:
            words.append(letter)
    return "".join(words).strip() or iri


@dataclass(frozen=True, slots=True)
class Locator:
    """A place in a source: a passage, by code points of the archived text, or by a heading or paragraph.

    Attributes:
        iri: the passage.
        label: how the source's file names it, such as "P12".
        start: first code point, 0-based, None where offsets cannot be had.
        end: one after the last code point.
        line: line of the text, from 1.
        sha256: of the passage's own bytes, empty where unknown.
        locator: heading or paragraph, where offsets cannot be had.
        source: IRI of the work, empty where the passage does not say.
        snapshot_sha256: of the archived text that the offsets count in, empty where unknown.
    """

    iri: str
    label: str = ""
    start: int | None = None
    end: int | None = None
    line: int | None = None
    sha256: str = ""
    locator: str = ""
    source: str = ""
    snapshot_sha256: str = ""

    @property
    def fragment(self) -> str:
        """The RFC 5147 fragment `char=start,end`, empty without offsets."""
        return "" if self.start is None or self.end is None else f"char={self.start},{self.end}"


@dataclass(frozen=True, slots=True)
class Voice:
    """One claimant as read in one source; its IRI is also the name of its graph.

    Attributes:
        iri: the voice's graph.
        claimant: who says it.
        source: the work in which it was read.
        party: the side or kind of the claimant (a concept), None where none is recorded.
        origin_group: IRI of where the information originates: claims with one origin share it; empty where unknown.
        relayed_by: IRI of the voice through which this one is known, empty where the claimant is the author.
        role: "voice" for a claimant, "analysis" for our own reading, "authority" for identity records, "sources",
            "mappings", "ontology", "derived" for what the build computed, "graph" for a graph of a user's own,
            "default" where a statement stands in no named graph.
    """

    iri: str
    claimant: Ref | None = None
    source: Ref | None = None
    party: Ref | None = None
    origin_group: str = ""
    relayed_by: str = ""
    role: str = "voice"


@dataclass(frozen=True, slots=True)
class Assertion:
    """One voice making one statement, with the passages that voice cites for the record it speaks of."""

    voice: Voice
    passages: tuple[Locator, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a property with everyone who gives it.

    Attributes:
        term: the RDF term.
        ref: the thing it names, None for a literal.
        assertions: who says so; never empty in a statement.
    """

    term: Term
    ref: Ref | None = None
    assertions: tuple[Assertion, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One property of a record with one value, who says so, and what others say instead.

    Attributes:
        property: the property.
        value: the value and its assertions.
        rivals: other values of this property on this record, with who gives them, where the build found a conflict
            or where a one-valued property has several values.
        conflicts: IRIs of the conflict records.
    """

    property: Ref
    value: Value
    rivals: tuple[Value, ...] = ()
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """A statement of another record that points to this one."""

    subject: Ref
    property: Ref
    assertions: tuple[Assertion, ...] = ()


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A slice of a list.

    Attributes:
        items: in a stable order.
        cursor: pass it to get the next slice; empty at the end.
        total: how many there are in all, None where counting would not be bounded.
        notes: what a reader must know about the list (a bound that was met, a filter that could not be applied).
    """

    items: tuple[Item, ...]
    cursor: str = ""
    total: int | None = None
    notes: tuple[str, ...] = field(default=())
