"""`python -m academy.web`: the same as the `academy` command."""

from academy.web.cli import main

main()
