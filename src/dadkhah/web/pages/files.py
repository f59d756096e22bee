"""The files that pages load: style, scripts, fonts.

In: the name of a file beside this package. Out: its bytes, or its address with its hash, so that it can be kept for a
year and is still replaced at once when it changes. Only names listed at start can be asked for. The bundles of
`frontend/` may be missing: pages read without them.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

from dadkhah.errors import NotFound

router = APIRouter(include_in_schema=False)
_FOLDER = Path(__file__).parent.parent / "static"
_TYPES = {
    ".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2", ".json": "application/json",
    ".svg": "image/svg+xml", ".txt": "text/plain",
}  # fmt: skip
_URL = re.compile(rb"url\(([\w./-]+)\)")
# west, south, east and north of the picture of the land that is drawn finely; see frontend/build.mjs
_FINE = (20, 0, 90, 60)
_KEPT = "public, max-age=31536000, immutable"


@lru_cache(maxsize=1)
def _files() -> dict[str, tuple[bytes, str]]:
    """Name to bytes and hash; read once. A style names the fonts by their hashes, so that they are kept as well."""
    found: dict[str, tuple[bytes, str]] = {}
    # what styles name comes before them
    for path in sorted(_FOLDER.rglob("*"), key=lambda each: (each.suffix == ".css", each)):
        if path.is_file() and path.suffix in _TYPES:
            body = path.read_bytes()
            if path.suffix == ".css":
                body = _URL.sub(lambda one: b"url(" + _hashed(one[1], found) + b")", body)
            found[path.relative_to(_FOLDER).as_posix()] = (body, hashlib.sha256(body).hexdigest()[:12])
    return found


def _hashed(name: bytes, found: dict[str, tuple[bytes, str]]) -> bytes:
    held = found.get(name.decode())
    return name + b"?v=" + held[1].encode() if held else name


def asset(name: str) -> str:
    """The address of a file, empty where it was not built."""
    held = _files().get(name)
    return f"/static/{name}?v={held[1]}" if held else ""


def land_behind(west: float, south: float, east: float, north: float) -> str:
    """The address of a picture of the land within these degrees, empty where none was built; `point_map.Land`."""
    fine = _FINE[0] <= west and _FINE[1] <= south and east <= _FINE[2] and north <= _FINE[3]
    address = asset("built/land.svg" if fine else "built/world.svg")
    part = f"{west:g},{-north:g},{east - west:g},{north - south:g}"
    return f"{address}#svgView(viewBox({part}))" if address else ""


@router.get("/static/{name:path}")
async def static(name: str, request: Request) -> Response:
    """Give a file; one asked for by its hash may be kept."""
    held = _files().get(name)
    if held is None:
        raise NotFound("There is no file of this name.")
    kept = request.query_params.get("v") == held[1] or "/chunk-" in name
    headers = {"cache-control": _KEPT if kept else "no-cache"}
    return Response(held[0], media_type=_TYPES[Path(name).suffix], headers=headers)
