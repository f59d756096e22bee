"""`python -m dadkhah.cli`."""

from dadkhah.cli import main

main()
