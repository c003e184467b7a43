"""Run the simulations and write what they found.

    python -m validity [--rounds 30] [--out docs]

Each simulation is a function in ``SECTIONS``; it takes the number of rounds and gives a section.
Rows go to docs/validity.json under the section's key, tables to docs/validity.md. The same
number of rounds writes the same files.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from validity.section import Section
from validity.what_people_want import by_cases, by_considerations

SECTIONS: tuple[Callable[[int], Section], ...] = (by_considerations, by_cases)


def page(sections: list[Section], rounds: int) -> str:
    """docs/validity.md."""
    head = f"""# Validity

Written by `make validity`, with {rounds} rounds a row and fixed seeds; do not edit. What figures
are worth where the truth is known, because it was simulated. Every row is also in
`docs/validity.json`.
"""
    return "\n".join([head, *(section.page for section in sections)])


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
        sections.append(run(asked.rounds))
    found = {"rounds": asked.rounds, **{s.key: [dict(row) for row in s.rows] for s in sections}}
    asked.out.mkdir(exist_ok=True)
    (asked.out / "validity.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    (asked.out / "validity.md").write_text(page(sections, asked.rounds), "utf-8")


if __name__ == "__main__":
    main()
