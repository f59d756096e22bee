"""What authors paste by accident is noticed, and a text made to keep the search busy does not keep it busy."""

import pytest

from dadkhah.source.hygiene.secrets import secret_in


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to (me.x+y@host.example.org)!", "an e-mail address"),
        ("a..b@c-d.example", "an e-mail address"),
        ("call +98 912 345 67 89", "a telephone number"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "a private key"),
        ("API_KEY = abc", "a password or key"),
        ("CANARY-1a2b", "a canary"),
        ("nobody@home", None),
        ("see 1988-07-27", None),
    ],
)
def test_the_kind_of_a_secret_is_named(text, kind):
    assert secret_in(text) == kind


@pytest.mark.parametrize("piece", ["x", "x.", "a@", "a@b", "@1.", "+1", "+1 ", "password ", "0", "-----BEGIN "])
def test_a_text_of_one_piece_a_hundred_thousand_times_is_judged_at_once(piece):
    """Where the time went with the square of the length, this took minutes."""
    assert secret_in(piece * 100_000, comment=True) is None
