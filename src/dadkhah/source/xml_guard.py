"""A look at an RDF/XML file's document type before the parser sees it: entities that explode or point outside.

In: a seekable byte stream. Out: nothing, or an error with the line. The parser itself fetches nothing, but it
expands internal entities without a bound, so a file of 200 KB could become gigabytes.
"""

from __future__ import annotations

import re
from typing import IO

from dadkhah.errors import SourceSyntaxError

MAX_EXPANSION_BYTES = 16 * 1024 * 1024
_HEAD_BYTES = 1024 * 1024
_DECLARATION = re.compile(rb"""<!ENTITY\s+(%\s+)?([^\s"'>]+)\s+(?:"([^"]*)"|'([^']*)'|(SYSTEM|PUBLIC)\b)""")
_DOCTYPE = re.compile(rb"<!DOCTYPE\s")
_EXTERNAL_SUBSET = re.compile(rb"""<!DOCTYPE\s+[^\s\[>]+\s+(SYSTEM|PUBLIC)\b""")
_REFERENCE = re.compile(rb"&([A-Za-z_:][^;&\s]{0,200});")
_PREDEFINED = frozenset({b"amp", b"lt", b"gt", b"apos", b"quot"})


def refuse_entity_expansion(stream: IO[bytes], *, file: str) -> None:
    """Pass a document whose entities are plain abbreviations; the stream is rewound.

    Raises:
        SourceSyntaxError: an external or parameter entity, an entity made of entities, or an expansion beyond
            `MAX_EXPANSION_BYTES`.
    """
    head = stream.read(_HEAD_BYTES)
    stream.seek(0)
    if not _DOCTYPE.search(head):
        return
    if external := _EXTERNAL_SUBSET.search(head):
        raise _refused("an external document type is not read", head, external.start(), file)
    sizes: dict[bytes, int] = {}
    for found in _DECLARATION.finditer(head):
        value = found[3] if found[3] is not None else found[4] or b""
        if found[5] or found[1]:
            raise _refused("external and parameter entities are not read", head, found.start(), file)
        if any(name not in _PREDEFINED for name in _REFERENCE.findall(value)):
            raise _refused("an entity that is made of other entities is refused", head, found.start(), file)
        sizes[found[2]] = len(value)
    if sizes and _expansion(stream, sizes) > MAX_EXPANSION_BYTES:
        raise _refused(
            f"the entities expand to more than {MAX_EXPANSION_BYTES >> 20} MB", head, head.find(b"<!D"), file
        )


def _expansion(stream: IO[bytes], sizes: dict[bytes, int]) -> int:
    total, rest = 0, b""
    while block := stream.read(_HEAD_BYTES):
        text = rest + block
        total += sum(sizes.get(name, 0) for name in _REFERENCE.findall(text))
        rest = text[text.rfind(b"&") :] if b"&" in text[-256:] else b""
        rest = b"" if b";" in rest else rest
    stream.seek(0)
    return total


def _refused(message: str, head: bytes, offset: int, file: str) -> SourceSyntaxError:
    line = head.count(b"\n", 0, max(offset, 0)) + 1
    return SourceSyntaxError(f"{message}; write the values out", file=file, line=line, column=1)
