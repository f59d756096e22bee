"""The measurements, by name; without a name: the service against its peers.

    python -m bench [NAME] …

NAME is one of `NAMED`; what follows it are the options of that measurement (`--help`, or the head of its module).
`python -m bench.NAME` is the same.
"""

from __future__ import annotations

import runpy
import sys

from bench import http

# what each measures, told where a name is none of these
NAMED = {
    "build": "`build --rdf` beside `oxigraph load`",
    "engine": "what isolation costs against the same engine in-process",
    "import": "importing, checking and building the given memorial records",
    "link": "13,000 records against 13,000; thresholds of link types on pairs held out",
    "names": "pairs told apart, names found again among a million, how fast",
    "pages": "pages and queries of the browsing side",
    "reconcile": "batches of ten names against a service over a million",
    "shacl": "our validator beside plain pySHACL",
    "soak": "the whole of the given attacks, again and again",
    "splink_peer": "Splink on the same records",
    "steady": "one service at full load for a long time",
    "stream": "first byte and memory while large answers stream",
}


def main() -> None:
    """Run what is named; options alone are those of the service's own measurement."""
    name = sys.argv[1] if len(sys.argv) > 1 else "--"
    if name in NAMED:
        sys.argv[:2] = [f"bench.{name}"]
        runpy.run_module(f"bench.{name}", run_name="__main__")
    elif name.startswith("-"):
        http.main()
    else:
        told = "\n".join(f"  {known:12} {what}" for known, what in NAMED.items())
        sys.exit(f"no measurement is called {name}; there are\n{told}")


if __name__ == "__main__":
    main()
