"""A look at an RDF/XML file before its parser sees it: entities that explode or point outside, bottomless nesting.

In: a seekable byte stream. Out: nothing, or an error with its place. The RDF parser fetches nothing, but it expands
internal entities without a bound and takes quadratic time on depth; expat tells both without keeping anything.
"""

from __future__ import annotations

from typing import IO, NoReturn
from xml.parsers import expat

from dadkhah.errors import SourceSyntaxError

MAX_DEPTH = 512
MIN_EXPANDED_BYTES = 16 * 1024 * 1024  # small files may expand to this much, larger ones to four times their size


def refuse_hostile_xml(stream: IO[bytes], *, file: str) -> None:
    """Pass a document whose entities are plain abbreviations; the stream is rewound. About 100 MB a second.

    Raises:
        SourceSyntaxError: not well-formed, an external or parameter entity, an expansion out of proportion, or
            elements nested more than `MAX_DEPTH` deep.
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    guard = _Guard(file, max(MIN_EXPANDED_BYTES, 4 * size))
    try:
        guard.parser.ParseFile(stream)
    except expat.ExpatError as error:
        message = expat.ErrorString(error.code)
        raise SourceSyntaxError(message, file=file, line=error.lineno, column=error.offset + 1) from error
    stream.seek(0)


class _Guard:
    def __init__(self, file: str, limit: int) -> None:
        self.file = file
        self.limit = limit
        self.depth = 0
        self.seen = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        del name
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self._refuse(f"elements nested more than {MAX_DEPTH} deep")
        self._count(sum(map(len, attributes.values())))

    def _end(self, name: str) -> None:
        del name
        self.depth -= 1

    def _text(self, text: str) -> None:
        self._count(len(text))

    def _count(self, characters: int) -> None:
        self.seen += characters
        if self.seen > self.limit:
            self._refuse("the entities of this file expand out of proportion")

    def _entity(self, name: str, parameter: int, value: str | None, *external: str | None) -> None:
        if parameter or value is None or any(external):
            self._refuse(f"the entity {name[:40]!r} is external or a parameter entity; nothing is fetched")

    def _doctype(self, name: str, system: str | None, public: str | None, internal: bool) -> None:  # noqa: FBT001 - expat's signature
        del name, internal
        if system or public:
            self._refuse("an external document type; nothing is fetched")

    def _refuse(self, message: str) -> NoReturn:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        raise SourceSyntaxError(message, file=self.file, line=line, column=column)
