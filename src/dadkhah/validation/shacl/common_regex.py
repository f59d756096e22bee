"""Regular expressions that Python and Oxigraph (Rust's `regex`) read alike, or Oxigraph more strictly.

In: a pattern. Out: whether it is one: ASCII text, classes without escapes inside, groups, counted repetition.
Everything else is matched in Python alone. Matches nothing itself.
"""

from __future__ import annotations

import re

_COMMON_REGEX = re.compile(
    r"(?:[A-Za-z0-9 _:/,;=@#%&'<>!~\"-]"  # itself
    r"|\\[.*+?()\[\]{}|^$\\/-]"  # an escaped mark
    r"|\[\^?[A-Za-z0-9 _:/,;=@#%'<>!.+*?()|-]+\]"  # a class
    r"|\(\?:|[()|^$.*+]|(?<=[\w\])}])\?|\{[0-9]+(?:,[0-9]*)?\})+"
)
_ONLY_ONE_READS = re.compile(r"--|[*+?}]\+")  # set difference in Rust; possessive repetition in Python


def is_common_regex(pattern: str, *, exact: bool = False) -> bool:
    """Whether whatever Oxigraph matches Python matches too; with `exact`, also the other way round."""
    if exact and "$" in pattern:  # in Python it matches before a final line break too
        return False
    return _COMMON_REGEX.fullmatch(pattern) is not None and not _ONLY_ONE_READS.search(pattern)
