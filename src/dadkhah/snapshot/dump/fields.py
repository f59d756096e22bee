"""The fields of a canonical N-Quads line.

In: a line as RDF Dataset Canonicalization 1.0, section 5, writes it. Out: its fields as they are written. Terms are not
parsed, and lines in another form are not told from canonical ones.
"""

from __future__ import annotations

from typing import NamedTuple


class Fields(NamedTuple):
    """The four fields of an N-Quads line as written; graph is empty for the default graph."""

    subject: bytes
    predicate: bytes
    object: bytes
    graph: bytes


def split(line: bytes) -> Fields:
    """Cut a canonical N-Quads line into its fields; a microsecond, no parsing of terms.

    Relies on the canonical form: single spaces, and no space in an IRI or a blank node label.

    Raises:
        ValueError: the line has too few fields, or a triple term without an end.
    """
    if line.startswith(b"<<"):
        subject, rest = _triple_term(line)
        predicate, _, rest = rest.partition(b" ")
    else:
        subject, predicate, rest = line.split(b" ", 2)
    rest = rest[:-3]  # " .\n"
    if rest.startswith(b"<<"):
        value, graph = _triple_term(rest + b" ")
        return Fields(subject, predicate, value, graph.rstrip())
    # no graph name and no datatype holds a quote, so the last one ends a literal
    end = rest.find(b" ", rest.rfind(b'"') if rest.startswith(b'"') else 0)
    return Fields(subject, predicate, rest, b"") if end < 0 else Fields(subject, predicate, rest[:end], rest[end + 1 :])


def _triple_term(text: bytes) -> tuple[bytes, bytes]:
    """The triple term at the beginning of a text, and what follows the space after it."""
    depth, position, quoted = 0, 0, False
    while True:
        character = text[position : position + 1]
        if quoted and character == b"\\":
            position += 1
        elif character == b'"':
            quoted = not quoted
        elif not quoted and text.startswith(b"<<", position):
            depth += 1
            position += 1
        elif not quoted and text.startswith(b">>", position) and text[position - 1 : position] in b") ":
            depth -= 1
            position += 1
            if depth == 0:
                return text[: position + 1], text[position + 2 :]
        position += 1
        if position > len(text):
            raise ValueError("a triple term without an end")
