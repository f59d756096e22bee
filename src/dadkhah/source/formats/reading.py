"""The RDF formats that are read, by file name, and their reading as N-Quads lines.

In: files or bytes of any RDF format, also gzipped. Out: canonical N-Quads text (the form that RDF Dataset
Canonicalization 1.0, section 5, prescribes for a line), pushed into a sink. Nothing is fetched: a remote JSON-LD
context or an external XML entity is an error. Must not judge what the statements say.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from dadkhah.errors import InputError, SourceSyntaxError
from dadkhah.source.formats.plain_lines import PlainLines
from dadkhah.source.formats.sink import Sink
from dadkhah.source.formats.xml_guard import refuse_hostile_xml

FORMATS: dict[str, ox.RdfFormat] = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".turtle": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
}
"""Extension (lower case) to format; each may be followed by `.gz`."""

_LARGE = 1 << 16
_LINES = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)


@dataclass(frozen=True, slots=True)
class RdfInput:
    """One file to read, and the graph that its triples go to (None: the graphs that the file itself names)."""

    path: Path
    graph: str | None = None


def format_of(path: Path) -> tuple[ox.RdfFormat, bool] | None:
    """Format and whether gzipped, judged by the file's name; None where the name tells nothing."""
    name = path.name.lower()
    zipped = name.endswith(".gz")
    suffix = Path(name.removesuffix(".gz")).suffix
    return (FORMATS[suffix], zipped) if suffix in FORMATS else None


def expand(paths: Iterable[Path]) -> Iterator[RdfInput]:
    """Files as they are; of a folder every RDF file below it, in the order of its name.

    Raises:
        InputError: a path is missing, is no regular file, leads out of its folder, or has no known extension.
    """
    for path in paths:
        if path.is_dir():
            found = [RdfInput(inner) for inner in sorted(path.rglob("*")) if _belongs(inner, path)]
            if not found:
                raise InputError(f"{path}: no RDF file in this folder (known: {', '.join(sorted(FORMATS))}, also .gz)")
            yield from found
        else:
            yield RdfInput(require_rdf_file(path))


def require_rdf_file(path: Path) -> Path:
    """Return the path where it is a regular file of a known format.

    Raises:
        InputError: it is not.
    """
    if not path.exists():
        raise InputError(f"{path}: no such file")
    if not path.is_file():
        raise InputError(f"{path}: not a regular file (a folder, pipe or device cannot be read as RDF)")
    if format_of(path) is None:
        raise InputError(f"{path}: unknown kind of file; known are {', '.join(sorted(FORMATS))}, each also with .gz")
    return path


def _belongs(inner: Path, folder: Path) -> bool:
    if inner.is_symlink() and not inner.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{inner}: a link that leads out of {folder}; copy the file instead")
    return format_of(inner) is not None and inner.is_file()


def write_nquads(
    source: RdfInput, sink: Sink, *, base: str | None = None, watch: Callable[[int], None] | None = None
) -> None:
    """Read one file and push its statements as canonical N-Quads lines; flat in memory.

    Lines of N-Triples and N-Quads that are canonical as they stand are not parsed: a microsecond instead of three.
    Blank nodes get new random labels, so that two files never share one by accident. `watch` is told the number of
    bytes of the file read so far.

    Raises:
        InputError: the file cannot be read, holds a term that is too long, or names graphs where one was given.
        SourceSyntaxError: the file does not parse.
    """
    known = format_of(require_rdf_file(source.path))
    assert known is not None
    form, zipped = known
    target: Sink = sink if source.graph is None else _IntoGraph(sink, source.graph)
    reader: object
    try:
        with source.path.open("rb") as raw, _unzipped(raw, zipped=zipped) as stream:
            if form == ox.RdfFormat.RDF_XML:
                refuse_hostile_xml(stream, file=str(source.path))
            reader = stream if watch is None else _Watched(stream, raw, watch)
            # with a graph of its own, no line may name another: the parser looks at each
            if form in _LINES and not (source.graph and form.supports_datasets):
                reader = PlainLines(_as_io(reader), target, quads=form == ox.RdfFormat.N_QUADS)
                target = _WholeLines(target)
            quads = ox.parse(
                _as_io(reader),
                form,
                base_iri=base,
                rename_blank_nodes=True,
                without_named_graphs=source.graph is not None,
            )
            ox.serialize(quads, _as_io(target), ox.RdfFormat.N_QUADS)
    except SyntaxError as error:
        if source.graph is not None and "Named graphs are not allowed" in str(error):
            raise InputError(
                f"{source.path}: a statement names a graph of its own, and all were to go to <{source.graph}>; "
                "give the file without a graph"
            ) from error
        raise syntax_error(_in_the_file(error, source.path, form, zipped=zipped), str(source.path)) from error
    except MemoryError as error:
        # the parser takes no token beyond this, and does not say where it met it
        raise InputError(f"{source.path}: a literal or IRI of more than 16 MB; shorten it, or leave it out") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SourceSyntaxError(f"not a whole gzip file: {error}", file=str(source.path), line=1) from error
    except PermissionError as error:
        raise InputError(f"{source.path}: no permission to read it") from error


def _in_the_file(error: SyntaxError, path: Path, form: ox.RdfFormat, *, zipped: bool) -> SyntaxError:
    """The same error with the line that it has in the file, where the parser was given only some of the lines."""
    if form in _LINES:
        with path.open("rb") as raw, _unzipped(raw, zipped=zipped) as stream:
            try:
                for _ in ox.parse(stream, form):
                    pass
            except SyntaxError as placed:
                return placed
    return error


def syntax_error(error: SyntaxError, file: str) -> SourceSyntaxError:
    """Translate the parser's error; the position is where the parser began to be lost."""
    message = str(error.msg)
    if message.startswith("Parser error"):
        message = message.partition(": ")[2] or message
    if "LoadDocumentCallback" in message:
        message = "the JSON-LD context is remote, and nothing is fetched; write the context into the file"
    return SourceSyntaxError(message, file=file, line=error.lineno or 1, column=error.offset)


def _unzipped(raw: IO[bytes], *, zipped: bool) -> IO[bytes]:
    return cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if zipped else raw


def _as_io(part: object) -> IO[bytes]:
    # the parser calls nothing but read(), the serializer nothing but write() and flush()
    return cast("IO[bytes]", part)


class _Watched:
    """A reader that says how far the file below it has been read."""

    def __init__(self, stream: IO[bytes], raw: IO[bytes], watch: Callable[[int], None]) -> None:
        self._stream = stream
        self._raw = raw
        self._watch = watch
        self._reads = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._reads += 1
        if size > _LARGE or not self._reads % 256:  # a parser reads one or two kilobytes at a time
            self._watch(self._raw.tell())
        return data


class _WholeLines:
    """Passes on whole lines only, so that others may write to the same sink in between."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._rest = b""

    def write(self, data: bytes) -> int:
        whole, newline, self._rest = (self._rest + data).rpartition(b"\n")
        if newline:
            self._sink.write(whole + newline)
        return len(data)

    def flush(self) -> None:
        self._sink.flush()


class _IntoGraph:
    """Puts a graph name on every line; none has one yet."""

    def __init__(self, sink: Sink, graph: str) -> None:
        self._sink = sink
        self._ending = f" {ox.NamedNode(graph)} .\n".encode()
        self._rest = b""

    def write(self, data: bytes) -> int:
        # " .\n" stands only at the end of a line: a line feed inside a literal is written as an escape
        whole, newline, self._rest = (self._rest + data).rpartition(b"\n")
        if newline:
            self._sink.write((whole + newline).replace(b" .\n", self._ending))
        return len(data)

    def flush(self) -> None:
        self._sink.flush()
