"""All studies as rows, a table a reader can take in, and a picture."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

from validity.coverage.study import Study, kept

MODULES = (
    "shares", "influence", "outcomes", "omission", "policies", "panels", "groups", "models", "weeks",
)  # fmt: skip
CACHE = Path(__file__).parent.parent / ".cache"
LEAST, MOST = 0.93, 0.97
MOSTLY = 0.75
FULL = 2000
Cell = dict[str, object]


def all_studies() -> Iterator[tuple[str, Study]]:
    """Every study with the module it comes from."""
    for name in MODULES:
        module = f"validity.coverage.{name}"
        for study in importlib.import_module(module).studies():
            yield module, study


def all_cells() -> list[Cell]:
    """Every cell, worked out or taken from where the same code ran before."""
    made: list[Cell] = []
    for module, study in all_studies():
        rows, new = kept(study, CACHE, module)
        made += rows
        if new:
            print(f"  {study.key}", file=sys.stderr)
    return made


def answers(cell: Cell) -> int:
    return int(cell["runs"]) - int(cell["refused"])  # type: ignore[call-overload]


def judged(cell: Cell) -> bool:
    """Whether the code answers so often that its answers are no pick of lucky tables."""
    return answers(cell) >= MOSTLY * int(cell["runs"])  # type: ignore[call-overload]


def holds(cell: Cell) -> bool:
    """Whether a cell is good enough to be printed.

    Among its answers where it mostly answers. Where it mostly refuses, its answers are those of
    tables that happened to hold enough events, so it is judged by how often it is wrong at all.
    """
    wrong = int(cell["too_high"]) + int(cell["too_low"])  # type: ignore[call-overload]
    runs = int(cell["runs"])  # type: ignore[call-overload]
    # A cell of few tables is off by its own error now and then; one of 2,000 has no such excuse.
    allowed = 0.0 if runs >= FULL else 2 * (0.05 * 0.95 / runs) ** 0.5
    if judged(cell):
        return float(cell["coverage"]) >= LEAST - allowed  # type: ignore[arg-type]
    return wrong <= (1 - LEAST + allowed) * runs


def false_share(cell: Cell, word: str) -> float:
    said = cell.get("false_words", {})
    return said.get(word, 0) / int(cell["runs"])  # type: ignore[union-attr, call-overload]


def by_interval(cells: list[Cell]) -> dict[str, list[Cell]]:
    """Cells of each interval's key, whatever it is split by, in alphabetical order."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        found.setdefault(key_of(cell), []).append(cell)
    return dict(sorted(found.items()))


def key_of(cell: Cell) -> str:
    return str(cell["interval"]).split("[")[0]


def table(cells: list[Cell]) -> str:
    """One row an interval: where it holds least, where it is widest, where nothing is said."""
    lines = [
        "| interval | truths | answered | least | where | most | wide, because |",
        "|---|--:|--:|--:|---|--:|---|",
    ]
    for key, mine in by_interval(cells).items():
        told = [c for c in mine if judged(c)]
        runs = sum(int(c["runs"]) for c in mine)  # type: ignore[call-overload]
        share = sum(answers(c) for c in mine) / runs
        if not told:
            lines.append(f"| {key} | {len(mine)} | {100 * share:.0f} % | | mostly refused | | |")
            continue
        least = min(told, key=lambda c: float(c["coverage"]))  # type: ignore[arg-type]
        most = max(told, key=lambda c: float(c["coverage"]))  # type: ignore[arg-type]
        why = str(most.get("why") or "") if most["conservative"] else ""
        lines.append(
            f"| {key} | {len(mine)} | {100 * share:.0f} % | {least['coverage']:.3f} "
            f"| {least['truth']} | {most['coverage']:.3f} | {why} |"
        )
    return "\n".join(lines)


WORDS = (
    "Clear", "Likely", "There, but perhaps too small to matter", "Too small to matter",
    "Clear that it is not zero",
)  # fmt: skip


def words(cells: list[Cell]) -> list[Cell]:
    """For each word how often it is said when it is false, over all truths that make it so."""
    rows: list[Cell] = []
    for word in WORDS:
        told = [c for c in cells if false_share(c, word) > 0 and judged(c)]
        if not told:
            continue
        worst = max(told, key=lambda c: false_share(c, word))
        rows.append(
            {
                "word": word,
                "truths": len(told),
                "most_false": round(false_share(worst, word), 4),
                "where": f"{worst['interval']}: {worst['truth']}",
                "middle": round(sorted(false_share(c, word) for c in told)[len(told) // 2], 4),
            }
        )
    return rows


def picture(cells: list[Cell]) -> str:
    """A strip of dots a measure: how often ranges held, against 93, 95 and 97 of 100."""
    groups: dict[str, list[float]] = {}
    for cell in cells:
        if judged(cell):
            groups.setdefault(str(cell["measure"]), []).append(float(cell["coverage"]))  # type: ignore[arg-type]
    left, right, top, step = 190, 700, 40, 18
    height = top + step * len(groups) + 20

    def x(share: float) -> float:
        return left + (min(max(share, 0.9), 1.0) - 0.9) / 0.1 * (right - left)

    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {height}" role="img" '
            'aria-label="How often nominal 95 % ranges held the truth, one dot a simulated truth" '
            'font-family="sans-serif" font-size="11">'
        ),
        f'<rect width="720" height="{height}" fill="#fff"/>',
        (
            f'<rect x="{x(0.93):.1f}" y="{top - 8}" width="{x(0.97) - x(0.93):.1f}" '
            f'height="{step * len(groups) + 8}" fill="#e6efe9"/>'
        ),
    ]
    for share in (0.90, 0.93, 0.95, 0.97, 1.0):
        lines.append(
            f'<line x1="{x(share):.1f}" y1="{top - 8}" x2="{x(share):.1f}" '
            f'y2="{height - 20}" stroke="#999" stroke-width="0.5"/>'
            f'<text x="{x(share):.1f}" y="{top - 14}" text-anchor="middle" fill="#333">'
            f"{100 * share:.0f}</text>"
        )
    for place, (name, shares) in enumerate(sorted(groups.items())):
        y = top + step * place + 6
        lines.append(
            f'<text x="{left - 8}" y="{y + 4}" text-anchor="end" fill="#333">{name}</text>'
        )
        lines += [
            f'<circle cx="{x(share):.1f}" cy="{y}" r="3" fill="#2f6f5e" fill-opacity="0.35"/>'
            for share in sorted(shares)
        ]
    return "\n".join([*lines, "</svg>"]) + "\n"
