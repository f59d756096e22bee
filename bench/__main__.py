"""`python -m bench`: the service against its peers; `python -m bench soak`: the whole of the given attacks on it."""

from __future__ import annotations

import sys

from bench import http, soak

if __name__ == "__main__":
    if sys.argv[1:2] == ["soak"]:
        del sys.argv[1]
        soak.main()
    else:
        http.main()
