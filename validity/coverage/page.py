"""What docs/validity.md says of ranges, words, verdicts and sequences."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from validity.coverage.looks import sequences
from validity.coverage.report import CACHE, Cell, answers, by_interval, holds, judged, table, words
from validity.coverage.study import code_of
from validity.coverage.verdicts import verdicts

Rows = list[dict[str, object]]


def _once(name: str, module: str, made: Callable[[], Rows]) -> Rows:
    """Rows from the folder where the same code ran before, else made now."""
    key = hashlib.sha256(f"{name}|{code_of(module)}".encode()).hexdigest()[:24]
    path = CACHE / f"{key}.json"
    if path.is_file():
        return json.loads(path.read_text("utf-8"))
    rows = made()
    CACHE.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows), "utf-8")
    return rows


def kept_looks() -> Rows:
    return _once("looks", "validity.coverage.looks", sequences)


def kept_reports() -> Rows:
    return _once("verdicts", "validity.coverage.verdicts", verdicts)


def ranges_page(cells: list[Cell], looks: Rows, reports: Rows) -> str:
    """The part of the page about ranges."""
    told = [c for c in cells if judged(c)]
    low = [c for c in cells if not holds(c)]
    wide = [c for c in told if c["conservative"]]
    within = len(told) - len([c for c in low if judged(c)]) - len(wide)
    failing = ""
    if low:
        lines = [
            f"- {c['interval']}, {c['truth']}: {c['coverage']}, answered in {answers(c)} of "
            f"{c['runs']}"
            for c in low
        ]
        failing = (
            "\n**Not good enough.** These cells are under 93 of 100 and the code answers:\n\n"
            + "\n".join(lines)
            + "\n"
        )
    sequence_lines = "\n".join(
        f"| {r['engine']} | {r['truth']} | {r['runs']} | {r['never_started']} "
        f"| {100 * float(r['ever_wrong']):.1f} |"  # type: ignore[arg-type]
        for r in looks
    )
    verdict_lines = "\n".join(
        f"| {r['said']} | {r['truth']} | {r['runs']} | {100 * float(r['false']):.1f} |"  # type: ignore[arg-type]
        for r in reports
    )
    word_lines = "\n".join(
        f"| {r['word']} | {r['truths']} | {100 * float(r['middle']):.1f} "  # type: ignore[arg-type]
        f"| {100 * float(r['most_false']):.1f} | {r['where']} |"  # type: ignore[arg-type]
        for r in words(cells)
    )
    return f"""## How often printed ranges hold

Every range that the catalogue prints, on tables drawn from a known truth: {len(cells)} cells over
{len(by_interval(cells))} kinds of figure. A cell is one range at one truth; its tables have seeds of
their own. Tables are drawn as the sums that a measure's query gives and read by the code that
reads a real table, so what is tested is what is printed. The truths are few people at the least
the code answers for (five) and many (200), people exactly alike (every one a tie) and very unlike,
loads that are equal and that are lognormal, events of 2 to 6 in 100, outcomes seen for one option
only and outcomes missing where they hurt, and tables of one to three people, of whom only these
people and these cases are spoken of.

![How often nominal 95 % ranges held the truth, one dot a simulated truth](validity.svg)

A cell passes at 93 to 97 of 100. Above 97 it is marked conservative and says why. Of the
{len(told)} cells in which the code answers at least three tables of four, {within} lie between 93
and 97 and {len(wide)} are conservative. In the other {len(cells) - len(told)} it mostly refuses. What it then still
answers comes from tables that happened to hold enough events, so no share among them says much;
those cells pass where at most 7 of 100 of all tables, refused ones included, get a range without
the truth. Simulation error is 0.5 points at 2,000 tables, 0.7 at 1,000, 1.0 at 500, and 2.0 at 120; a cell of
2,000 tables is judged by what it showed, one of fewer is allowed twice its error.
{failing}
{table(cells)}

**Answered**: share of tables with a range, over all truths. **Least** and **most**: among cells
that mostly answer. Figures on what choices follow have no truth in closed form; there it is what
the same code says of 60,000 simulated cases, less what chance adds.

What this does not show: that real tables are like these. People here differ by chance and cases
of one person are alike in one way; in real tables a person's cases may also be alike by week or by
kind, and nothing here says what that does. Weeks carry over in some cells; where they do so
strongly, the code refuses.

## How often words are false

A word is false where the truth lies on the other side of what it says: *Clear* and *Likely* at or
within the line, *There* at zero, *Too small to matter* at or beyond the line. All words of all
cells above count, at effect zero and at the line. Each should be said falsely in at most 5 of 100
tables; more than that is simulation error or, at most, what a range of 94 leaves.

| word | truths at which it was ever false | middle, of 100 | most, of 100 | where |
|---|--:|--:|--:|---|
{word_lines}

## How often verdicts and headlines are false

Whole sets of figures of one table, judged together as in a report. A headline is the strongest of
six claims after Holm's step. A claim that does not survive it drops one word, so that a Clear
among six claims which all lie exactly at the line may stay as Likely: that is where Likely passes
5 of 100, and with more claims at the line it passes it by more.

| said | truth | tables | false, of 100 |
|---|---|--:|--:|
{verdict_lines}

## Looked at every day

A hundred days of thirty cases with a look after each; wrong if any of the looks is. At most 5 of
100 may be.

| engine | truth | runs | never started | ever wrong, of 100 |
|---|---|--:|--:|--:|
{sequence_lines}
"""
