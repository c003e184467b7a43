"""Do to a server what computers do to servers, and write down what was left.

    python -m reliability [--times 10] [--out docs]

Each fault is a function in ``FAULTS``; it takes how often it is tried and gives the row. Rows go to
docs/reliability.json, and as a table into docs/reliability.md between two marks. The same functions
are tried a few times by the tests, which also show that each finds a mistake put in on purpose.
"""

from __future__ import annotations

import argparse
import json
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from tests.deploy.faults import Left, clock_steps, disk_full, postgres_killed, server_killed
from tests.deploy.schemas import postgres
from tests.deploy.test_stopping import lost_at_the_end
from tests.record.workspaces import workspace

BEGIN, END = "<!-- written by python -m reliability -->", "<!-- until here -->"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What was left after one kind of fault.

    Attributes:
        fault: The fault, in words.
        times: How often it was tried.
        answered: Commands that were answered.
        lost: Answered commands that were not on record.
        twice: Commands that were on record twice. None here, as above, where nobody looked.
        also: What else was seen.
    """

    fault: str
    times: int
    answered: int
    lost: int | None
    twice: int | None
    also: str


def _row(fault: str, left: Left, also: str) -> Row:
    return Row(
        fault=fault,
        times=left.times,
        answered=left.answered,
        lost=left.lost,
        twice=left.twice,
        also=also,
    )


def killed_database(times: int, folder: Path) -> Row | None:
    """PostgreSQL and its children killed under a server that stays."""
    with postgres() as server:
        if server is None:
            return None
        left = postgres_killed(folder, server, times)
    also = f"{left.noticed} of {times} said by `/readyz`; {left.strange} answers besides success and 503"
    return _row("PostgreSQL killed under a server, and started again", left, also)


def full_disk(times: int, folder: Path) -> Row:
    """No file of the server grows any further."""
    left = disk_full(folder, times)
    also = f"{left.noticed} of {times} said by `/readyz`; cases were read meanwhile"
    return _row("no room for the files of a server (SQLite)", left, also)


def killed_server(times: int, folder: Path) -> Row:
    """The server killed while it records and delivers."""
    left, untold = server_killed(folder, times)
    also = f"{len(untold)} of the answered cases were not told to the webhook afterwards"
    return _row("a server with a webhook killed with `kill -9`", left, also)


def stopped_server(times: int, folder: Path) -> Row:
    """The server told to stop under load."""
    codes, answered, lost = set[int](), 0, 0
    for number in range(times):
        code, many, gone = lost_at_the_end(workspace(folder / str(number)))
        codes.add(code)
        answered, lost = answered + many, lost + gone
    shown = ", ".join(map(str, sorted(codes)))
    return Row(
        fault="SIGTERM under load",
        times=times,
        answered=answered,
        lost=lost,
        twice=None,
        also=f"exit code: {shown}",
    )


def jumping_clock(times: int, folder: Path) -> Row:
    """The clock jumps between commands."""
    count: list[int] = []

    def check(moments: list[object]) -> bool:
        count.append(len(moments))
        return all(before <= after for before, after in pairwise(moments))  # pyright: ignore[reportOperatorIssue]

    held = clock_steps(folder, times * 20, check)  # pyright: ignore[reportArgumentType]
    also = "no moment on record before the one ahead of it" if held else "WENT BACK IN TIME"
    return Row(
        fault="the clock jumps by seconds to ten years, back too",
        times=times * 20,
        answered=count[0],
        lost=None,
        twice=None,
        also=also,
    )


FAULTS: tuple[Callable[[int, Path], Row | None], ...] = (
    killed_database,
    full_disk,
    killed_server,
    stopped_server,
    jumping_clock,
)


def table(rows: list[Row]) -> str:
    """The rows as the page shows them."""
    lines = ["| fault | times | answered | lost | twice | also |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {r.fault} | {r.times} | {r.answered} | {_shown(r.lost)} | {_shown(r.twice)} | {r.also} |"
        for r in rows
    ]
    return "\n".join(lines)


def _shown(count: int | None) -> str:
    return "not looked at" if count is None else str(count)


def main() -> None:
    """Try all faults and write docs/reliability.json and the table."""
    flags = argparse.ArgumentParser(prog="python -m reliability", description=__doc__)
    flags.add_argument("--times", default=10, type=int)
    flags.add_argument("--out", default="docs", type=Path)
    asked = flags.parse_args()
    rows: list[Row] = []
    for fault in FAULTS:
        print(f"Trying {fault.__name__.replace('_', ' ')}", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            row = fault(asked.times, Path(folder) / "w")
        if row is None:
            sys.exit("PostgreSQL is not installed, and not all faults can be tried without it.")
        rows.append(row)
    found = {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "faults": [asdict(row) for row in rows],
    }
    (asked.out / "reliability.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    page = asked.out / "reliability.md"
    text = page.read_text("utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n\n{table(rows)}\n\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
