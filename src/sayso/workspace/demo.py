"""Show what Sayso says, on a simulated company: what its tables tell, and where its leaders differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

SETTINGS = 'name = "Simulated Heat"\n'
OPENING = (
    "A simulated company: no person, depot, visit, claim or order here is real.\n"
    "Its tables, charters and people are in {place}/."
)
ROUND = "\nEight of its leaders answered the same questions about warranty claims, apart:\n"
FADED = "\nAnd one AI that began well, on reordering parts:\n"
NEXT = (
    "\nOpen the reports: {audit}, {round}\n"
    "Or all of it as pages: {sayso} serve --folder {place}\n\n"
    "Now a decision of yours, without any data:\n\n  {sayso} start\n\n"
    "And your own table:\n\n  {sayso} audit YOUR_TABLE.csv\n"
)


def run_demo(
    folder: str = "sayso-demo",
    *,
    seed: int = 7,
    tell: Callable[[str], None],
    progress: Callable[[str], None] | None = None,
    today: date | None = None,
    program: str = "sayso",
) -> Path:
    """Write a simulated company, audit one of its tables, hold a round; opens nothing.

    Args:
        folder: Where the files go; made if it is missing.
        seed: Seed of the simulation.
        tell: Takes each text meant for the person.
        progress: Told in words what is being done.
        today: The day; today where not said.
        program: How the person called us, for the commands that come next.

    Returns:
        The audit's report.
    """
    from sayso.workspace.audit import AuditOptions, run_audit
    from sayso.workspace.clock import today as this_day
    from sayso.workspace.demo_claims import write_claims
    from sayso.workspace.demo_company import write_demo
    from sayso.workspace.demo_orders import write_orders
    from sayso.workspace.files import write_whole

    place, day = Path(folder), today or this_day()
    written = write_demo(place, seed)
    write_claims(place, seed)
    orders = write_orders(place, seed)
    write_whole(place / "sayso.toml", SETTINGS)
    report = place / "audit.html"
    tell(OPENING.format(place=place))
    run_audit(
        str(written.table),
        AuditOptions(
            seed=seed,
            command=f"sayso audit {written.table} --charter {written.charter}",
            team_names=True,
        ),
        charter=str(written.charter),
        out=str(report),
        tell=tell,
        progress=progress,
    )
    tell(ROUND)
    told = _round(place, seed, day, tell)
    tell(FADED)
    tell(_faded(place, orders, seed))
    tell(NEXT.format(audit=report, round=told, place=place, sayso=program))
    return report


def _round(place: Path, seed: int, day: date, tell: Callable[[str], None]) -> Path | None:
    from sayso.workspace.demo_round import hold_round
    from sayso.workspace.round_reading import run_round_report

    round_id = hold_round(place, seed, day)
    return run_round_report(place, round_id, day, out=str(place / "round.html"), tell=tell)


def _faded(place: Path, charter: Path, seed: int) -> str:
    """What the table of the decision whose momentum faded says of it, in its own sentences."""
    from textwrap import fill

    from sayso.workspace.audit import audit
    from sayso.workspace.demo_orders import TABLE

    found = audit(place / TABLE, charter=charter, seed=seed).to_json()
    influence = next(f for f in found["findings"] if f["section"] == "influence")
    said = " ".join((influence["sentence"], *influence["more"][:1]))
    return fill(said, 78, initial_indent="  ", subsequent_indent="  ")
