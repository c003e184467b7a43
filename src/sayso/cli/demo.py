"""``sayso demo``."""

from __future__ import annotations

import sys


def demo(*, out: str = "sayso-demo", seed: int = 7) -> int:
    """Show what an audit says, on a simulated company.

    Args:
        out: Folder for the table, its charter and the report.
        seed: Seed of the simulation.
    """
    from sayso.cli.program import program
    from sayso.cli.progress import slow_progress
    from sayso.workspace.demo import run_demo

    run_demo(out, seed=seed, tell=print, progress=slow_progress(), program=program(sys.argv[0]))
    return 0
