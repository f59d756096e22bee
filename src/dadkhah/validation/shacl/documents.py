"""RDF documents that are validated or validate: files of any syntax (also gzipped), or bytes.

In: a path or bytes. Out: quads, or a stream of bytes. Nothing is fetched, and nothing is judged.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from pyoxigraph import Quad, RdfFormat, parse

from dadkhah.errors import InputError, SourceSyntaxError
from dadkhah.source.formats.reading import format_of, require_rdf_file, syntax_error
from dadkhah.source.formats.xml_guard import refuse_hostile_xml


@dataclass(frozen=True, slots=True)
class RdfDocument:
    """One document.

    Attributes:
        source: where it is, or what it says.
        rdf_format: its syntax.
        base: the IRI that relative references start from; None where there are none.
        name: how messages call it.
        zipped: whether it is gzipped.
    """

    source: Path | bytes
    rdf_format: RdfFormat
    base: str | None = None
    name: str = "data"
    zipped: bool = False

    @classmethod
    def at(cls, path: Path, rdf_format: RdfFormat | None = None, base: str | None = None) -> RdfDocument:
        """The document of a file; the syntax, where None, is told by its name.

        Raises:
            InputError: there is no such file, or its name tells no syntax.
        """
        if rdf_format is None:
            known = format_of(require_rdf_file(path))
            assert known is not None
            rdf_format, zipped = known
        else:
            zipped = path.name.lower().endswith(".gz")
        return cls(path, rdf_format, base or path.resolve().as_uri(), str(path), zipped)

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Its bytes, unzipped; what goes wrong while they are read and parsed is told in our own errors.

        Raises:
            InputError: it cannot be read.
            SourceSyntaxError: it does not parse, with line and column where the parser gives them.
        """
        try:
            with io.BytesIO(self.source) if isinstance(self.source, bytes) else self.source.open("rb") as raw:
                yield cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if self.zipped else raw
        except SyntaxError as error:
            raise syntax_error(error, self.name) from error
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise SourceSyntaxError(f"not a whole gzip file: {error}", file=self.name, line=1) from error
        except ValueError as error:
            raise SourceSyntaxError(str(error), file=self.name) from error
        except OSError as error:
            raise InputError(f"{self.name}: cannot be read: {error.strerror or error}") from error

    def quads(self, *, rename_blank_nodes: bool = False) -> Iterator[Quad]:
        """Its statements; errors as in `opened`."""
        with self.opened() as stream:
            if self.rdf_format == RdfFormat.RDF_XML:
                refuse_hostile_xml(stream, file=self.name)
            yield from parse(stream, format=self.rdf_format, base_iri=self.base, rename_blank_nodes=rename_blank_nodes)
