"""Blank nodes: canonical where that can be done in bounded time, and never a matter of the machine's speed."""

import random

import pytest

from dadkhah.snapshot.dump.canonical import MAX_ALIKE, canonical_lines, canonicalise, too_alike


def ring(count, names):
    return "".join(f"_:{names[n]} <https://e.org/p> _:{names[(n + 1) % count]} .\n" for n in range(count))


def told_apart(count, names):
    values = (f'_:{names[n]} <https://e.org/v> "{n}" .\n' for n in range(count))
    return ring(count, names) + "".join(values)


def shuffled(count, seed):
    return random.Random(seed).sample([f"b{n}" for n in range(count)], count)


@pytest.mark.parametrize("graph", [ring, told_apart])
def test_the_canonical_form_does_not_depend_on_labels_or_order(graph):
    texts = [graph(30, shuffled(30, seed)).splitlines(keepends=True) for seed in (1, 2)]
    one, other = (canonical_lines("".join(sorted(text)).encode()) for text in texts)
    assert one == other
    assert one == sorted(one)


@pytest.mark.parametrize(
    ("graph", "count", "refused"),
    [
        (ring, MAX_ALIKE, False),
        (ring, MAX_ALIKE + 1, True),
        (told_apart, 3 * MAX_ALIKE, False),
    ],
)
def test_only_many_nodes_that_hang_together_and_are_alike_are_refused(tmp_path, graph, count, refused):
    path = tmp_path / "lines.nq"
    path.write_text(graph(count, shuffled(count, 3)))
    assert too_alike(path) is refused


def test_many_alike_that_do_not_hang_together_are_canonicalised(tmp_path):
    path, target = tmp_path / "lines.nq", tmp_path / "canonical.nq"
    path.write_text("".join(f"_:a{n} <https://e.org/p> _:b{n} .\n" for n in range(2000)))
    assert canonicalise(path, target)
    assert target.read_bytes().count(b"\n") == 2000


def test_what_cannot_be_done_in_bounded_time_is_said_at_once_and_again(tmp_path):
    path, target = tmp_path / "lines.nq", tmp_path / "canonical.nq"
    path.write_text(ring(5000, shuffled(5000, 4)))
    assert not canonicalise(path, target)
    assert not canonicalise(path, target)
