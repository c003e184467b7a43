"""``python -m sayso``."""

from sayso.cli.main import main

main()
