"""Turtle: reading a file never raises, and what is rewritten in canonical form says the same.

In: bytes that the fuzzer makes, as a file of a voice.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["dadkhah"]):
    from dadkhah.errors import DadkhahError
    from dadkhah.source.files.tree import Role, SourceFile
    from dadkhah.source.hygiene.rules import Rules
    from dadkhah.source.project.turtle_file import read
    from dadkhah.source.turtle.canonical import formatted

FOLDER = Path(tempfile.mkdtemp(prefix="dadkhah-fuzz-"))
FILE = SourceFile(FOLDER / "voice.ttl", "voice.ttl", Role.VOICE, "https://w3id.org/dadkhah/voice/s/v")
RULES = Rules()


def one_input(data: bytes) -> None:
    FILE.path.write_bytes(data)
    document = read(FILE, RULES)
    assert document.parsed or document.problems or not document.text, "nothing read and nothing told"
    for problem in document.problems:
        assert problem.message
    try:
        once = formatted(data, FILE.name, {})
    except DadkhahError:
        return
    assert formatted(once.encode(), FILE.name, {}) == once, "the canonical form is not stable"


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
