"""Settings: read once, from flags, the environment and `dadkhah.toml`, in this order of precedence.

In: flags as given, the environment, the configuration file. Out: one frozen `Settings`, and where each value came
from. Modules below are given frozen values made of it and never read settings themselves.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from dadkhah.errors import ConfigurationError

PREFIX: Final = "DADKHAH_"
FILE: Final = "dadkhah.toml"
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set; the names are those of flags, environment variables and file keys."""

    snapshots: Path = Path("build/snapshots")
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    endpoint: str = ""
    workers: int = 1
    readers: int = 0
    timeout: float = 6.0
    memory_budget_mb: int = 1024
    reader_memory_mb: int = 512
    result_mb: int = 1024
    cache_mb: int = 64
    connections: int = 1000
    trusted_proxies: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    tokens: str = ""
    rate_limit: float = 0.0
    indexable: bool = True
    log_level: str = "info"


DOCS: Final[Mapping[str, str]] = {
    "snapshots": "folder of snapshots",
    "host": "address to listen on",
    "port": "port to listen on; 0 takes a free one",
    "base_url": "address of the service as clients see it; empty: made of host and port",
    "endpoint": "a remote SPARQL 1.1 endpoint to serve instead of a snapshot",
    "workers": "processes that speak HTTP",
    "readers": "processes that answer queries; 0: by the number of cores, at least eight",
    "timeout": "seconds that a query may take until its answer begins",
    "memory_budget_mb": "a snapshot that needs less is held in memory; 0: always on disk",
    "reader_memory_mb": "memory that one query may take",
    "result_mb": "size of the largest answer",
    "cache_mb": "size of the result cache; 0 switches it off",
    "connections": "open connections per worker",
    "trusted_proxies": "addresses of proxies whose X-Forwarded-For names the client",
    "services": "endpoints that SERVICE may name; none: SERVICE is refused and readers have no network",
    "tokens": "file of hashes of tokens, one of which every request then needs; made by `dadkhah token`",
    "rate_limit": "requests a minute of one client; 0: as many as it likes",
    "indexable": "whether search engines may index the pages",
    "log_level": "debug, info, warning or error",
}
# least and greatest value of what is a number; the names of what is one of a few words
_BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "port": (0, 65_535),
    "workers": (1, 64),
    "readers": (0, 256),
    "timeout": (0.05, 86_400),
    "memory_budget_mb": (0, 1 << 30),
    "reader_memory_mb": (16, 1 << 30),
    "result_mb": (1, 1 << 30),
    "cache_mb": (0, 1 << 20),
    "connections": (4, 1 << 20),
    "rate_limit": (0, 1 << 20),
}
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {"log_level": ("debug", "info", "warning", "error")}


@dataclass(frozen=True, slots=True)
class Resolved:
    """Settings in force, and for each name where its value came from (`flag`, `environment`, the file, `default`)."""

    settings: Settings
    sources: Mapping[str, str]


def resolve(flags: Mapping[str, object] | None = None, *, file: Path | None = None) -> Resolved:
    """Read the settings.

    Args:
        flags: values given on the command line; None stands for not given.
        file: the configuration file; by default `DADKHAH_CONFIG`, or `dadkhah.toml` in the working directory.

    Raises:
        ConfigurationError: an unknown name, or a value of the wrong kind or out of range.
    """
    environment = {
        name.removeprefix(PREFIX).lower(): value for name, value in os.environ.items() if name.startswith(PREFIX)
    }
    named = environment.pop("config", None)
    path = file or (Path(named) if named else Path(FILE))
    stated = _read(path, required=file is not None or named is not None)
    known = {one.name: one for one in fields(Settings)}
    for name in stated:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ConfigurationError(f"{path}: unknown setting {name!r}{hint}")
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, one in known.items():
        flag = (flags or {}).get(name)
        if flag is not None:
            raw, source = flag, "flag"
        elif name in environment:
            raw, source = environment[name], f"environment ({PREFIX}{name.upper()})"
        elif name in stated:
            raw, source = stated[name], str(path)
        else:
            sources[name] = "default"
            continue
        values[name] = _converted(name, one.default, raw, source)
        sources[name] = source
    return Resolved(Settings(**values), sources)


def _read(path: Path, *, required: bool) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError:
        if required:
            raise ConfigurationError(f"{path}: no such configuration file") from None
        return {}
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}") from error


def _converted(name: str, default: object, raw: object, source: str) -> Any:
    shown = f"{name} = {str(raw)!r} from {source}"
    try:
        value = _as_kind(default, raw)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"{shown}: expected a value of kind {type(default).__name__}") from error
    if name in _BOUNDS:
        least, greatest = _BOUNDS[name]
        if not least <= value <= greatest:
            raise ConfigurationError(f"{shown}: has to be from {least:g} to {greatest:g}")
    if name in _WORDS and value not in _WORDS[name]:
        raise ConfigurationError(f"{shown}: has to be one of {', '.join(_WORDS[name])}")
    return value


def _as_kind(default: object, raw: object) -> Any:
    """Convert a raw value to the kind of the default."""
    if isinstance(default, bool):
        return _as_bool(raw)
    if isinstance(default, tuple):
        parts = raw.split(",") if isinstance(raw, str) else raw
        if not isinstance(parts, (list, tuple)):
            raise TypeError
        return tuple(str(part).strip() for part in parts if str(part).strip())
    if isinstance(raw, bool):
        raise TypeError
    if isinstance(default, Path | str):
        if not isinstance(raw, str | Path):
            raise TypeError
        return Path(raw) if isinstance(default, Path) else str(raw)
    if isinstance(default, int):
        if not isinstance(raw, str | int):
            raise TypeError
        return int(raw)
    if not isinstance(raw, str | int | float):
        raise TypeError
    return float(raw)


def _as_bool(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word not in _TRUE | _FALSE:
        raise ValueError(raw)
    return word in _TRUE
