"""Structured logs: one JSON object a line on stderr, without client addresses and without query text.

In: records of Python's logging; a record's own fields come in `extra={"fields": {…}}`. Messages of libraries are
kept to their kind, since they may quote requests.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

import orjson


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, where from, what, and the record's fields."""
        document: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name.startswith("dadkhah"):
            document["message"] = record.getMessage()
            fields = getattr(record, "fields", None)
            if isinstance(fields, dict):
                document.update(fields)
        else:
            # the template without its arguments
            document["message"] = str(record.msg)
        if record.exc_info and record.exc_info[0] is not None:
            document["error"] = record.exc_info[0].__name__
        return orjson.dumps(document, default=str).decode()


def configure_logs(level: str = "info") -> None:
    """Send all logs of this process to stderr as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    # one line per request would name what people ask for; asyncio's debug lines quote requests
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("asyncio").setLevel(logging.WARNING)
