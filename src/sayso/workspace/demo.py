"""Show what an audit says, on a simulated company."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def run_demo(
    folder: str = "sayso-demo",
    *,
    seed: int = 7,
    tell: Callable[[str], None],
    progress: Callable[[str], None] | None = None,
) -> Path:
    """Write a simulated table with its charter and audit it; opens nothing.

    Args:
        folder: Where the files go; made if it is missing.
        seed: Seed of the simulation.
        tell: Takes each text meant for the person.
        progress: Told in words what is being done.

    Returns:
        The report.
    """
    from sayso.workspace.audit import AuditOptions, run_audit
    from sayso.workspace.demo_company import write_demo

    place = Path(folder)
    written = write_demo(place, seed)
    report = place / "audit.html"
    tell(
        f"A simulated company: no person, depot or visit here is real.\n"
        f"Its table and charter are in {place}/."
    )
    command = f"sayso audit {written.table} --charter {written.charter}"
    run_audit(
        str(written.table),
        AuditOptions(seed=seed, command=command, team_names=True),
        charter=str(written.charter),
        out=str(report),
        tell=tell,
        progress=progress,
    )
    tell("Now your own table:\n\n  sayso audit YOUR_TABLE.csv\n")
    return report
