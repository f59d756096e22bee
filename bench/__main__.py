"""The measurements, by name; without a name: the service against its peers.

    python -m bench [build | soak | steady | stream] …

`soak` runs the whole of the given attacks again and again, `steady` keeps one service at full load
for a long time, `stream` measures large answers, `build` compares `build --rdf` with `oxigraph load`.
"""

from __future__ import annotations

import sys

from bench import build, http, soak, steady, stream

NAMED = {"build": build.main, "soak": soak.main, "steady": steady.main, "stream": stream.main}

if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in NAMED:
        NAMED[sys.argv.pop(1)]()
    else:
        http.main()
