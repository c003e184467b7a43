"""``sayso noise``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def plan(
    charter: str,
    table: str | None = None,
    /,
    *,
    people: int | None = None,
    cases: int | None = None,
    repeats: int | None = None,
    reach: float = 8,
    differ: float = 30,
    out: str = "noise-pack",
    seed: int = 0,
) -> int:
    """Say how many people and cases a noise audit needs, and write what each person gets.

    Args:
        charter: The decision's charter file.
        table: Past cases; a pack is written where it is given.
        people: How many decide; the smallest size that reaches far enough where not said.
        cases: How many cases each decides.
        repeats: How many of them are shown a second time; a fifth where not said.
        reach: How near "how often two people differ" is wanted, per 100 either way.
        differ: How often two people are expected to differ, per 100.
        out: Folder of the pack.
        seed: Seed of every choice and order.
    """
    from sayso.workspace.noise_plan import PlanWanted, run_plan

    wanted = PlanWanted(
        people=people, cases=cases, repeats=repeats, reach=reach, differ=differ, seed=seed
    )
    run_plan(charter, table, wanted, out=Path(out), tell=print)
    return 0


def read(
    folder: str = "noise-pack",
    /,
    *,
    out: str = "noise.html",
    json: Annotated[bool, Parameter(negative="")] = False,
    seed: int = 0,
) -> int:
    """Read a filled-in pack: how much people differ, and where it comes from.

    Args:
        folder: The pack, with the choices filled in.
        out: Where the report goes.
        json: Say everything as JSON instead.
        seed: Seed of every random draw.
    """
    from sayso.workspace.noise_plan import run_read

    run_read(Path(folder), out=Path(out), as_json=json, seed=seed, tell=print)
    return 0
