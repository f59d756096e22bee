"""Words that must not be published by accident: addresses and numbers of people, passwords, keys, marks of a secret.

A net with wide meshes for what authors paste; it is no proof that a text is harmless.
"""

from __future__ import annotations

import re

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # from the beginning of a word only: from each of its letters, a long word would take time by its square
    ("an e-mail address", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*[A-Za-z]{2,}")),
    ("a telephone number", re.compile(r"(?<![\w/.:-])(?:\+|00)\d(?:[ ().-]?\d){7,14}(?![\w-])")),
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
    ("a password or key", re.compile(r"(?i)\b(?:password|passwd|secret|api[_-]?key)\s*[:=]\s*\S+")),
    ("a canary", re.compile(r"CANARY[-_]?[0-9A-Za-z]{4,}")),
)
_IN_COMMENTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a confidential source", re.compile(r"(?i)\b(?:source|informant|contact|phone|tel|address)\s*[:=]\s*\S")),
    (
        "a mark of confidentiality",
        re.compile(r"(?i)\b(?:confidential|do not publish|not for publication|restricted)\b"),
    ),
)


def secret_in(text: str, *, comment: bool = False) -> str | None:
    """The kind of secret that a text seems to hold, or None; a comment is judged more strictly."""
    kinds = (*_KINDS, *_IN_COMMENTS) if comment else _KINDS
    return next((kind for kind, pattern in kinds if pattern.search(text)), None)
