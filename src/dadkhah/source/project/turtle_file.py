"""Reading one Turtle file: text in, statements with their places and everything wrong with them out.

Parsed by pyoxigraph, which fetches nothing. Statements keep the lexical form that was written. Must not judge
statements against the ontology's shapes: that is validation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from dadkhah.source.files.intake import take
from dadkhah.source.files.problems import MAX_PROBLEMS, Problem
from dadkhah.source.files.tree import Role, SourceFile
from dadkhah.source.formats.reading import syntax_error
from dadkhah.source.hygiene.clean import CleanFiles
from dadkhah.source.hygiene.rules import Rules, comment_problems, has_blank_node, statement_problems
from dadkhah.source.turtle.positions import Positions, locate

MAX_TRIPLES = 1_000_000
MAX_TRIPLE_TERMS = 64  # deeper nesting overflows the parser's stack


@dataclass(frozen=True)
class Document:
    """One file as it was read.

    Attributes:
        triples: in the order of the file; empty where it does not parse.
        sha256: of the bytes on the disk.
        problems: all that is wrong, in the order of the file.
    """

    file: SourceFile
    text: str
    sha256: str
    triples: tuple[ox.Triple, ...]
    prefixes: dict[str, str]
    problems: tuple[Problem, ...]

    @cached_property
    def positions(self) -> Positions:
        """Where the statements stand; scanned when first asked for."""
        return locate(self.text)

    @property
    def parsed(self) -> bool:
        """Whether the statements are there to be judged."""
        return not any(problem.rule == "syntax" for problem in self.problems) and bool(self.text)


def read(file: SourceFile, rules: Rules, clean: CleanFiles | None = None) -> Document:
    """Read, parse and check one file; never raises for what the file holds.

    A file that `clean` knows is parsed and not judged again; its positions are scanned when first asked for.
    """
    intake = take(file.path, file.name)
    if intake.text is None:
        return Document(file, "", intake.sha256, (), {}, intake.problems)
    text = intake.text
    try:
        triples, prefixes, problems = _parse(text, file)
    except SyntaxError as error:
        problem = _syntax_problem(error, file.name)
        return Document(file, text, intake.sha256, (), {}, (*intake.problems, problem))
    key = clean.key(intake.sha256, file.role, rules) if clean is not None and not intake.problems else ""
    if clean is not None and key and not problems and clean.knows(key):
        return Document(file, text, intake.sha256, tuple(triples), prefixes, ())
    positions = locate(text, to_blank_node=_too_many_blank_nodes(triples, file))
    if file.is_data:
        problems += comment_problems(positions, file.name)
    if file.role is not Role.SHAPES:
        problems += statement_problems(triples, positions, file, rules)
    ordered = sorted([*intake.problems, *problems], key=lambda each: (each.line, each.column or 0, each.message))
    document = Document(file, text, intake.sha256, tuple(triples), prefixes, tuple(ordered))
    # known already: what `cached_property` would find out again
    document.__dict__["positions"] = positions
    if clean is not None and key and not ordered:
        clean.add(key)
    return document


def _parse(text: str, file: SourceFile) -> tuple[list[ox.Triple], dict[str, str], list[Problem]]:
    if text.count("<<") > MAX_TRIPLE_TERMS:
        line = text.count("\n", 0, text.find("<<")) + 1
        return [], {}, [Problem("triple terms are not used in data files", file.name, "syntax", line)]
    triples: list[ox.Triple] = []
    parser = ox.parse(text, ox.RdfFormat.TURTLE)
    try:
        problem = _fill(triples, parser, file)
    except MemoryError:
        advice = "a statement is short; keep texts in the archive"
        problem = Problem("a literal or IRI of more than 16 MB", file.name, "size", advice=advice)
    return triples, dict(parser.prefixes), [problem] if problem else []


def _fill(triples: list[ox.Triple], parser: ox.QuadParser, file: SourceFile) -> Problem | None:
    """Read statements up to a bound; what is refused anyway need not be read to its end."""
    blank = 0
    for quad in parser:
        triples.append(quad.triple)
        blank += has_blank_node(quad.triple)
        if blank > MAX_PROBLEMS and file.is_data:
            return None
        if len(triples) >= MAX_TRIPLES:
            message = f"more than {MAX_TRIPLES:,} statements"
            return Problem(message, file.name, "size", advice="split the file into several voices")
    return None


def _too_many_blank_nodes(triples: list[ox.Triple], file: SourceFile) -> bool:
    # reading was broken off: what the rest of the text says is not looked at either
    return file.is_data and sum(map(has_blank_node, triples[-MAX_PROBLEMS - 1 :])) > MAX_PROBLEMS // 2


def _syntax_problem(error: SyntaxError, name: str) -> Problem:
    known = syntax_error(error, name)
    message = known.args[0]
    return Problem(message, name, "syntax", known.line or 1, known.column, "mend the Turtle at this place")
