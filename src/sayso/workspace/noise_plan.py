"""``sayso noise plan`` and ``sayso noise read``: from a wanted width to a pack, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.domain.errors import NoisePackRefused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WRITTEN = (
    "{people} people decide {cases} cases each, {repeats} of them twice: {folder}\n"
    "  Hand each person their own CSV or sheet. Keep {plan} to yourself: it says which case is "
    "which.\n  Then: `sayso noise read {folder}`."
)
NO_TABLE = "Name a table of past cases as well, and each person's cases are written."
CAME_BACK = "{answered} people answered."
LEFT_OPEN = " {left} cases were left open; they count for nobody."


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWanted:
    """What is wanted of a noise audit.

    Attributes:
        people: How many decide; None for the smallest size.
        cases: How many cases each decides; None for the smallest size.
        repeats: How many are shown again; None for a fifth.
        reach: How near "how often two people differ" is wanted, per 100 either way.
        differ: How often they are expected to differ, per 100.
        seed: Of every choice and order.
    """

    people: int | None
    cases: int | None
    repeats: int | None
    reach: float
    differ: float
    seed: int


def run_plan(
    charter: str,
    table: str | None,
    wanted: PlanWanted,
    *,
    out: Path,
    tell: Callable[[str], None],
) -> None:
    """Say which sizes are enough and, with a table, write the pack.

    Args:
        charter: The decision's charter file.
        table: Past cases.
        wanted: What is wanted.
        out: Folder of the pack.
        tell: Takes each text meant for the person.

    Raises:
        NoisePackRefused: If no size gets so near, or the pack cannot be written as asked for.
        SaysoError: If the charter or the table cannot be read.
    """
    from sayso.measure.estimators.noise_plan import CASES, PEOPLE, smallest
    from sayso.present.noise_pack import sizes_text
    from sayso.workspace.audit import load_charter
    from sayso.workspace.noise import PLAN, PackWanted, write_pack
    from sayso.workspace.round_cases import past_facts

    if not 0 < wanted.reach < 50 or not 0 < wanted.differ <= 50:
        raise NoisePackRefused(
            f"A reach of {wanted.reach:g} and {wanted.differ:g} of 100 that differ make no audit.",
            hint="Both are per 100: a reach below 50, and at most 50 that differ.",
        )
    read = load_charter(charter)
    assert read is not None
    people, cases = wanted.people, wanted.cases
    differ = wanted.differ / 100
    if people is None or cases is None:
        sizes = smallest(
            wanted.reach / 100,
            differ=differ,
            seed=wanted.seed,
            people=PEOPLE if people is None else (people,),
            cases=CASES if cases is None else (cases,),
        )
        tell(sizes_text(sizes, differ))
        if not sizes:
            return
        people, cases = sizes[0].people, sizes[0].cases
    if table is None:
        tell(NO_TABLE)
        return
    repeats = cases // 5 if wanted.repeats is None else wanted.repeats
    facts = past_facts(read, table, seed=wanted.seed)
    size = PackWanted(people=people, cases=cases, repeats=repeats, seed=wanted.seed)
    write_pack(read, facts, size, out)
    tell(WRITTEN.format(people=people, cases=cases, repeats=repeats, folder=out, plan=PLAN))


def run_read(
    folder: Path, *, out: Path, as_json: bool, seed: int, tell: Callable[[str], None]
) -> None:
    """Read a filled-in pack, write its report and say what it found.

    Args:
        folder: The pack.
        out: Where the report goes.
        as_json: Say everything as JSON instead, and write no report.
        seed: Seed of every random draw.
        tell: Takes each text meant for the person.

    Raises:
        NoisePackRefused: If the pack or an answer cannot be read.
        PeopleTooFew: If fewer than five people answered.
    """
    import json

    from sayso.present.terminal import findings_text
    from sayso.workspace.audit import AuditOptions
    from sayso.workspace.files import write_whole
    from sayso.workspace.noise import audit_pack, read_pack

    pack = read_pack(folder)
    found = audit_pack(pack, AuditOptions(seed=seed, command=f"sayso noise read {folder}"))
    if as_json:
        tell(json.dumps(found.to_json(), ensure_ascii=False, indent=2, allow_nan=False))
        return
    write_whole(out, found.to_html())
    left = LEFT_OPEN.format(left=pack.open) if pack.open else ""
    tell(CAME_BACK.format(answered=pack.answered) + left)
    tell(findings_text(found.reading, found.context, str(out)))
