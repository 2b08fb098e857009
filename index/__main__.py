"""The command `python -m index`."""

from index.cli import main

main()
