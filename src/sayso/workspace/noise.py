"""A noise audit: how many people and cases it needs, the pack they get, and what they answered."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sayso.declare.charter import Charter
from sayso.domain.errors import NoisePackRefused
from sayso.present.noise_pack import CHOICE, NUMBER, Sheet, sheet_csv, sheet_text
from sayso.workspace.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sayso.workspace.audit import Audit, AuditOptions

PLAN, FORMAT = "plan.json", "v1"
FEWEST_PEOPLE, FEWEST_CASES = 5, 10
TOGETHER = "answers.csv"
FIELDS = ("case", "repeat_of", "decider", "choice")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackWanted:
    """How large a pack is.

    Attributes:
        people: How many decide.
        cases: How many cases each decides.
        repeats: How many of them each is shown a second time.
        seed: Of every choice and order.
    """

    people: int
    cases: int
    repeats: int
    seed: int = 0


def write_pack(
    charter: Charter, facts: Sequence[tuple[tuple[str, str], ...]], wanted: PackWanted, out: Path
) -> tuple[Path, ...]:
    """Write what each person gets: the same cases in an order of their own, a few of them twice.

    Nothing on a sheet says which cases are repeats, what was advised or chosen, or what others
    answer; ``plan.json`` does, and stays with whoever runs the audit.

    Args:
        charter: What is asked, and the allowed answers.
        facts: What people read of each case, as (name, value) pairs.
        wanted: How large.
        out: A folder, made where it is not there.

    Returns:
        The files, the plan first.

    Raises:
        NoisePackRefused: If there are too few people, cases or facts, or a pack is there already.
        FileNotWritable: If the folder does not take the files.
    """
    _check_size(wanted, len(facts))
    if (out / PLAN).exists():
        raise NoisePackRefused(
            f"{out} holds a pack already, and its answers would be lost.",
            hint="Name another folder with --out.",
        )
    draw = random.Random(wanted.seed)
    kept = draw.sample(list(facts), wanted.cases)
    heads = tuple(name for name, _ in kept[0])
    people: dict[str, list[list[str | None]]] = {}
    made: list[tuple[str, Sheet]] = []
    for p in range(wanted.people):
        name = f"P{p + 1:0{max(2, len(str(wanted.people)))}d}"
        order = ordered(wanted.cases, wanted.repeats, draw)
        people[name] = [[f"c{c + 1}", "again" if again else None] for c, again in order]
        rows = tuple(tuple(value for _, value in kept[c]) for c, _ in order)
        made.append((name, Sheet(name, heads, rows)))
    plan: dict[str, Any] = {  # JSON of every type
        "format": FORMAT,
        "charter": f"{charter.decision}@{charter.version}",
        "question": charter.question or charter.decision,
        "options": list(charter.options),
        "quantity": [charter.quantity.unit, charter.quantity.low, charter.quantity.high]
        if charter.quantity
        else None,
        "mistakes": [[m.option, m.costs.amount, m.costs.unit] for m in charter.mistakes if m.costs],
        "worth_acting_on": charter.worth_acting_on,
        "seed": wanted.seed,
        "cases": {f"c{i + 1}": dict(of) for i, of in enumerate(kept)},
        "people": people,
    }
    out.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for name, sheet in made:
        files += [out / f"{name}.csv", out / f"{name}.txt"]
        write_whole(files[-2], sheet_csv(sheet))
        write_whole(
            files[-1],
            sheet_text(
                sheet,
                plan["question"],
                charter.options,
                charter.quantity.unit if charter.quantity else "",
            ),
        )
    write_whole(out / PLAN, json.dumps(plan, ensure_ascii=False, indent=1) + "\n")
    return (out / PLAN, *files)


def _check_size(wanted: PackWanted, there: int) -> None:
    for have, need, of in (
        (wanted.people, FEWEST_PEOPLE, "people"),
        (wanted.cases, FEWEST_CASES, "cases"),
    ):
        if have < need:
            raise NoisePackRefused(
                f"{have} {of} are too few: with fewer than {need} nothing can be said.",
                hint=f"Take at least {need} {of}.",
            )
    if there < wanted.cases:
        raise NoisePackRefused(
            f"The table has {there} cases that read differently, and {wanted.cases} are wanted.",
            hint="Take fewer with --cases, or declare more inputs in the charter.",
        )
    if not 0 <= wanted.repeats <= wanted.cases // 2:
        raise NoisePackRefused(
            f"{wanted.repeats} repeats of {wanted.cases} cases: people would notice.",
            hint="Repeat at most half of the cases.",
        )


def ordered(cases: int, repeats: int, draw: random.Random) -> list[tuple[int, bool]]:
    """An order of one's own: (case, whether it is shown again); repeats come late.

    A case is repeated from the first third where there are enough, and in the last, so that many
    others lie between.

    Args:
        cases: How many.
        repeats: How many are shown again, at most half of them.
        draw: Where chance comes from.
    """
    order = draw.sample(range(cases), cases)
    early, late = max(repeats, cases // 3), 2 * cases // 3
    tail = [(c, False) for c in order[late:]]
    again = [(c, True) for c in draw.sample(order[:early], repeats)]
    mixed = tail + again
    draw.shuffle(mixed)
    return [*((c, False) for c in order[:late]), *mixed]


@dataclass(frozen=True, slots=True)
class PackRead:
    """What came back of a pack.

    Attributes:
        table: All answers as one table.
        charter: What was asked, as far as the pack holds it.
        answered: People who answered at least one case.
        open: Cases that somebody who answered left out.
    """

    table: Path
    charter: Charter
    answered: int
    open: int


def read_pack(folder: Path) -> PackRead:
    """Put the filled-in tables of a pack together; all of them, or none where one is wrong.

    Args:
        folder: Where the pack is.

    Raises:
        NoisePackRefused: If the pack or an answer cannot be read; it names the file and the row.
    """
    plan = _plan_of(folder)
    rows: list[tuple[str, str, str, str]] = []
    answered = left = 0
    for name, order in plan["people"].items():
        answers = _answers(folder / f"{name}.csv", len(order), plan)
        if not any(answers):
            continue
        answered += 1
        left += sum(not a for a in answers)
        for (case, again), choice in zip(order, answers, strict=True):
            if choice:
                place = f"{case}-again-{name}" if again else case
                rows.append((place, case if again else "", name, choice))
    if not rows:
        raise NoisePackRefused(
            f"Nobody has answered a case in {folder} yet.",
            hint="Fill in the column choice of each person's CSV, then run this again.",
        )
    table = folder / TOGETHER
    lines = [",".join(FIELDS), *(",".join(_quoted(v) for v in row) for row in rows)]
    write_whole(table, "\n".join(lines) + "\n")
    return PackRead(table, _asked(plan), answered, left)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text


def _plan_of(folder: Path) -> dict[str, Any]:
    try:
        plan = json.loads((folder / PLAN).read_text("utf-8"))
        people = {
            str(name): [(str(case), again) for case, again in order]
            for name, order in plan["people"].items()
        }
        if plan["format"] != FORMAT:
            raise ValueError(f"its format is {plan['format']!r}")
        return {**plan, "people": people, "options": [str(o) for o in plan["options"]]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoisePackRefused(
            f"{folder / PLAN} cannot be read: {error}.",
            hint="Name the folder that `sayso noise plan` wrote.",
        ) from error


def _answers(path: Path, wanted: int, plan: dict[str, Any]) -> list[str]:
    """One answer a case in the order asked, "" where it was left open."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=_delimiter(path)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NoisePackRefused(
            f"{path} cannot be read: {error}.", hint="Save it as CSV in UTF-8, under its own name."
        ) from error
    found = [""] * wanted
    seen: set[int] = set()
    options = {o.strip().lower(): o for o in plan["options"]}
    for line, row in enumerate(rows, start=2):
        number = (row.get(NUMBER) or "").strip()
        if not number.isdecimal() or not 1 <= int(number) <= wanted or int(number) in seen:
            raise NoisePackRefused(
                f"{path}:{line}: the number {number!r} is none of 1 to {wanted}, or there twice.",
                hint="Keep the rows and the column number as they were.",
            )
        seen.add(int(number))
        given = (row.get(CHOICE) or "").strip()
        found[int(number) - 1] = _answer(given, options, f"{path}:{line}")
    return found


def _answer(given: str, options: dict[str, str], place: str) -> str:
    if not given:
        return ""
    if options:
        if given.lower() not in options:
            raise NoisePackRefused(
                f"{place}: {given!r} is none of the options.",
                hint=f"Write one of: {', '.join(options.values())}; or leave it empty.",
            )
        return options[given.lower()]
    try:
        return repr(float(given.replace(",", ".")))
    except ValueError as error:
        raise NoisePackRefused(
            f"{place}: {given!r} is no number.", hint="Write a plain number, or leave it empty."
        ) from error


def _delimiter(path: Path) -> str:
    """A semicolon where a spreadsheet wrote one."""
    head = path.read_text("utf-8-sig").split("\n", 1)[0]
    return ";" if ";" in head and "," not in head else ","


def _asked(plan: dict[str, Any]) -> Charter:
    """As much of the charter as a reading of answers needs, as it was when the pack was written."""
    from sayso.declare.charter import Mistake, Money, Quantity

    slug, _, version = str(plan["charter"]).rpartition("@")
    quantity = plan["quantity"]
    return Charter(
        decision=slug,
        version=int(version),
        question=plan["question"],
        options=tuple(plan["options"]),
        quantity=Quantity(unit=quantity[0], low=quantity[1], high=quantity[2])
        if quantity
        else None,
        mistakes=tuple(
            Mistake(option=o, when="", costs=Money(amount=float(a), unit=u))
            for o, a, u in plan["mistakes"]
        ),
        worth_acting_on=plan["worth_acting_on"],
    )


def audit_pack(read: PackRead, options: AuditOptions) -> Audit:
    """The same measures as in any audit, over the answers of a pack.

    Args:
        read: What came back.
        options: How; its columns are the pack's own.
    """
    from dataclasses import replace

    from sayso.workspace.audit import read_table

    columns = {name: name for name in FIELDS}
    return read_table(str(read.table), read.charter, replace(options, columns=columns))
