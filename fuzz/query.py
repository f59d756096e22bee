"""Queries: the policy ends with a form or with an error of ours, and nothing that it accepts reaches the network.

In: bytes that the fuzzer makes, as UTF-8. What is accepted is evaluated over an empty store, in a process that may open
no socket: a SERVICE that the policy did not see would be tried, and told by the engine as a failed request.
"""

import sys

import atheris

with atheris.instrument_imports(include=["dadkhah"]):
    from dadkhah.engine.queries import policy
    from dadkhah.engine.readers.confine import deny_network_and_programs
    from dadkhah.errors import DadkhahError
    from dadkhah.web.wire.cache import is_volatile, normalise

import pyoxigraph as ox

STORE = ox.Store()


def one_input(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    once = normalise(text)
    assert normalise(once) == once, "normalising twice gives something else"
    is_volatile(text)
    try:
        policy.check(text)
    except DadkhahError:
        return
    if len(text) > 2000:
        return
    try:
        STORE.query(text)
    except (SyntaxError, ValueError):
        return
    except (OSError, RuntimeError) as error:
        raise AssertionError(f"an accepted query was evaluated with {error}") from error


if __name__ == "__main__":
    deny_network_and_programs(allow_network=False)
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
