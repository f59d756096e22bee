"""The head of an answer: what its bytes depend on, its entity tag, and its headers.

In: what was asked, and the format of the answer. Out: keys, tags, headers in ASGI's shape or rendered for the wire.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Final

from dadkhah import __version__
from dadkhah.engine.interface import Dataset, QueryForm, ResultFormat
from dadkhah.web.wire.cache import Key, normalise
from dadkhah.web.wire.headers import COMMON, NO_STORE, Header
from dadkhah.web.wire.negotiate import EXTENSIONS

# an answer changes only with the snapshot, and asking again costs a 304
REVALIDATE: Final[Header] = (b"cache-control", b"no-cache")
VARY: Final[Header] = (b"vary", b"Accept, Accept-Encoding")
_TEXT = frozenset(form for form in ResultFormat if form.value.startswith("text/"))
_TABLES = frozenset({ResultFormat.CSV, ResultFormat.TSV})
_GRAPHS = frozenset({QueryForm.CONSTRUCT, QueryForm.DESCRIBE})
# names under which browsers know what to open
_FILE_EXTENSIONS = {**EXTENSIONS, ResultFormat.JSON: "json", ResultFormat.XML: "xml"}
_VERSION = __version__.encode() + b"\0"


def key_of(
    snapshot: str, query: str, media_type: str, coding: str, *, name: str = "", dataset: Dataset | None = None
) -> Key:
    """Everything that the bytes of an answer depend on."""
    graphs = ("-",) if dataset is None else (*dataset.default_graphs, "|", *dataset.named_graphs)
    return (snapshot, normalise(query), media_type, coding, name, *graphs)


def tag_of(key: Key) -> bytes:
    """A weak entity tag: the order of solutions may differ from one evaluation to the next."""
    text = "\0".join(key).encode("utf-8", "surrogatepass")
    return b'W/"%b"' % hashlib.blake2b(_VERSION + text, digest_size=12).hexdigest().encode()


@lru_cache(maxsize=256)
def kind_headers(form: QueryForm, result: ResultFormat, name: str) -> tuple[Header, Header]:
    """Media type and file name of an answer."""
    media_type = result.value + ("; charset=utf-8" if result in _TEXT else "")
    kind = "attachment" if result in _TABLES else "inline"
    file = name or ("graph" if form in _GRAPHS else "results")
    disposition = f'{kind}; filename="{file}.{_FILE_EXTENSIONS[result]}"'
    return ((b"content-type", media_type.encode()), (b"content-disposition", disposition.encode()))


def headers_of(form: QueryForm, result: ResultFormat, name: str, key: Key | None) -> tuple[Header, ...]:
    """All headers but those that tell of the body's length and coding; no key: never to be kept."""
    lasting = ((b"etag", tag_of(key)), REVALIDATE) if key is not None else (NO_STORE,)
    return (*kind_headers(form, result, name), *lasting, VARY, *COMMON)


@lru_cache(maxsize=256)
def rendered_head(form: QueryForm, result: ResultFormat) -> bytes:
    """The lines of `headers_of` for an answer that lasts, up to the value of its entity tag, which comes last."""
    pairs = (*kind_headers(form, result, ""), REVALIDATE, VARY, *COMMON)
    return b"".join(b"%b: %b\r\n" % pair for pair in pairs) + b"etag: "
