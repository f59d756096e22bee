"""The one table from error class to exit code.

0 clean · 1 findings · 2 bad usage or unreadable input · 3 environment · 75 try again later (another build is running).
"""

from __future__ import annotations

from dadkhah import errors

_EXIT_CODES: dict[type[errors.DadkhahError], int] = {
    errors.DadkhahError: 3,
    errors.InputError: 2,
    errors.NotFound: 2,
    errors.ValidationRefused: 1,
    errors.LimitError: 3,
    errors.SnapshotError: 3,
    errors.BuildBusy: 75,  # EX_TEMPFAIL of sysexits.h
    errors.RemoteError: 3,
    errors.ConfigurationError: 3,
}


def exit_code(error: errors.DadkhahError) -> int:
    """The code of the nearest class of the error that the table names."""
    return next(_EXIT_CODES[cls] for cls in type(error).__mro__ if cls in _EXIT_CODES)
