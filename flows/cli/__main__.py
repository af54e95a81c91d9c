"""`python -m flows.cli` is `wirehouse`."""

from flows.cli import main

main()
