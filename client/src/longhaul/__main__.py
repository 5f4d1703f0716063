"""`python -m longhaul`: the same as the command `longhaul`."""

from longhaul.cli import main

main()
