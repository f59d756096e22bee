"""HTML written as PDF by WeasyPrint, in a process of its own; WeasyPrint is an extra (`pip install dadkhah[pdf]`).

In: a page and its style. Out: the bytes of a PDF. Setting pages takes seconds of processor time and much memory, so it
runs where it can be bounded and ended, one at a time. The process fetches nothing: only `data:` addresses are read. It
must not decide what is on a page.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import resource
import sys

import orjson

from dadkhah.web.wire.problems import HttpError

# processor time, and time by the clock where other work takes its share: about a quarter of a second a page
_CPU_SECONDS = 60
SECONDS = 150.0
_MEMORY_BYTES = 2 * 1024**3
# a dossier of a few hundred statements has half a megabyte of HTML; beyond this the page itself is printed
MAX_HTML_BYTES = 4 * 1024 * 1024
_MISSING, _FAILED = 3, 4
_RETRY_SECONDS = 20
_ONE = asyncio.Semaphore(1)


async def write_pdf(html: str, css: str) -> bytes:
    """Write a page as PDF.

    Raises:
        HttpError: 501 where WeasyPrint or the libraries it needs are not installed; 413 for a page that is too large;
            503 where it could not be set in time.
    """
    if len(html) > MAX_HTML_BYTES:
        raise HttpError(413, "This is too long for a PDF; print the page itself from a browser.")
    if _ONE.locked():
        raise _busy()
    async with _ONE:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            __name__,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            pages, _ = await asyncio.wait_for(process.communicate(orjson.dumps([html, css])), SECONDS)
        except TimeoutError:
            raise _busy() from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode == _MISSING:
        raise HttpError(
            501,
            "This service writes no PDF: WeasyPrint is not installed (pip install 'dadkhah[pdf]'; Debian: "
            "libpango-1.0-0, libpangoft2-1.0-0). Print the page itself from a browser.",
        )
    if process.returncode != 0 or not pages.startswith(b"%PDF"):
        raise _busy()
    return pages


def _busy() -> HttpError:
    retry = ((b"retry-after", str(_RETRY_SECONDS).encode()),)
    return HttpError(503, "The PDF could not be made in time; print the page itself from a browser.", headers=retry)


def _main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # answers to others go first
    os.nice(10)
    try:
        weasyprint = importlib.import_module("weasyprint")
        urls = importlib.import_module("weasyprint.urls")
    except (ImportError, OSError):
        # OSError: the package is there and Pango is not
        return _MISSING
    html, css = orjson.loads(sys.stdin.buffer.read())
    fetcher = urls.URLFetcher(allowed_protocols={"data"})
    style = weasyprint.CSS(string=css, url_fetcher=fetcher)
    pages: bytes | None = weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf(stylesheets=[style])
    sys.stdout.buffer.write(pages or b"")
    return 0 if pages else _FAILED


if __name__ == "__main__":
    sys.exit(_main())
