"""Run the simulations and write what they found.

    python -m validity [--rounds 30] [--out docs]

Coverage cells are kept in validity/.cache by the code they ran with, so that a run that was broken
off goes on, and one after a change works out only what the change can have moved.

Each simulation is a function in ``SECTIONS``; it takes the number of rounds and gives a section.
Rows go to docs/validity.json under the section's key, tables to docs/validity.md. The same
number of rounds writes the same files.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

from validity.coverage.page import kept_looks, kept_reports, ranges_page
from validity.coverage.report import CACHE, all_cells, picture
from validity.coverage.study import code_of
from validity.section import Section
from validity.what_people_want import by_cases, by_considerations

SECTIONS: tuple[Callable[[int], Section], ...] = (by_considerations, by_cases)


def page(sections: list[Section], rounds: int, ranges: str = "") -> str:
    """docs/validity.md."""
    head = f"""# Validity

Written by `make validity`, with {rounds} rounds a row and fixed seeds; do not edit. What figures
are worth where the truth is known, because it was simulated. Every row is also in
`docs/validity.json`.
"""
    return "\n".join([head, *(section.page for section in sections), ranges])


def _kept(run: Callable[[int], Section], rounds: int) -> Section:
    """The section, from the folder where the same code ran before."""
    name = f"{run.__name__}|{rounds}|{code_of(run.__module__)}"
    path = CACHE / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.json"
    if path.is_file():
        held = json.loads(path.read_text("utf-8"))
        return Section(**{**held, "rows": tuple(held["rows"])})
    made = run(rounds)
    fields = ("key", "title", "before", "columns", "after")
    held = {name: getattr(made, name) for name in fields}
    CACHE.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**held, "rows": [dict(r) for r in made.rows]}), "utf-8")
    return made


def main() -> None:
    """Run all sections and write docs/validity.md and docs/validity.json."""
    flags = argparse.ArgumentParser(prog="python -m validity", description=__doc__)
    flags.add_argument("--rounds", default=30, type=int)
    flags.add_argument("--out", default="docs", type=Path)
    asked = flags.parse_args()
    if asked.rounds < 2:
        sys.exit("--rounds: a simulation error needs at least 2 rounds.")
    sections: list[Section] = []
    for run in SECTIONS:
        print(f"Simulating {run.__name__.replace('_', ' ')}", file=sys.stderr)
        sections.append(_kept(run, asked.rounds))
    found = {"rounds": asked.rounds, **{s.key: [dict(row) for row in s.rows] for s in sections}}
    print("Simulating ranges", file=sys.stderr)
    cells = all_cells()
    looks = kept_looks()
    reports = kept_reports()
    asked.out.mkdir(exist_ok=True)
    text = json.dumps(found, indent=2)[:-2]
    for key, rows in (("coverage", cells), ("sequences", looks), ("verdicts", reports)):
        # A line a cell, so that a change of one shows as one.
        text += f',\n  "{key}": [\n' + ",\n".join(f"    {json.dumps(r)}" for r in rows) + "\n  ]"
    (asked.out / "validity.json").write_text(text + "\n}\n", "utf-8")
    (asked.out / "validity.svg").write_text(picture(cells), "utf-8")
    told = ranges_page(cells, looks, reports)
    (asked.out / "validity.md").write_text(page(sections, asked.rounds, told), "utf-8")


if __name__ == "__main__":
    main()
