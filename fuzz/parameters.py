"""Requests: parameters, headers and JSON of clients end as values or as an error that has an answer in HTTP.

In: bytes that the fuzzer makes; the first says which reader gets the rest.
"""

import sys

import atheris

with atheris.instrument_imports(include=["dadkhah"]):
    from dadkhah.errors import DadkhahError
    from dadkhah.web.endpoint.parameters import fields_of, parameters_from
    from dadkhah.web.endpoint.sheets import SheetCoder, safe_rows
    from dadkhah.web.reconcile.reading import draft_batch, extension, parsed, stable_batch
    from dadkhah.web.wire.headers import is_host
    from dadkhah.web.wire.negotiate import choose_coding, choose_media_type, parse_accept
    from dadkhah.web.wire.problems import HttpError, problem_of
    from dadkhah.web.wire.settings import WebSettings

SETTINGS = WebSettings()


def query_string(data: bytes) -> None:
    parameters_from(fields_of(data, SETTINGS.parameters), SETTINGS, described=True)


def accept(data: bytes) -> None:
    text = data.decode("latin-1")
    assert parse_accept(text)
    assert choose_media_type(text, ("text/html", "text/turtle")) in {None, "text/html", "text/turtle"}
    assert choose_coding(text) in {"br", "gzip", "identity"}
    is_host(data)


def batch(data: bytes) -> None:
    document = parsed(data, "the body")
    for read in (stable_batch, draft_batch, extension):
        try:
            read(document)
        except (DadkhahError, HttpError) as error:
            judge(error)


def sheet(data: bytes) -> None:
    coder, half = SheetCoder(), len(data) // 2
    whole = coder.feed(data[:half]) + coder.feed(data[half:]) + coder.finish()
    assert len(whole) >= len(data)
    assert safe_rows(data).replace(b"'", b"") == data.replace(b"'", b""), "more was changed than apostrophes added"


def judge(error: Exception) -> None:
    """What a client sent is the client's fault."""
    assert 400 <= problem_of(error).status < 500


READERS = (query_string, accept, batch, sheet)


def one_input(data: bytes) -> None:
    if not data:
        return
    try:
        READERS[data[0] % len(READERS)](data[1:])
    except (DadkhahError, HttpError) as error:
        judge(error)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
