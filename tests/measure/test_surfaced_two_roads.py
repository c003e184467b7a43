"""The queries behind surfaced assumptions against plain Python, on random rows."""

from collections import defaultdict

import numpy as np
import pytest

from sayso.measure.measure import query
from tests.measure.case_rows import cases_from


def random_cases(seed: int, n: int = 240) -> list[dict[str, object]]:
    rng = np.random.default_rng(seed)

    def one_of(*values: object, none: float = 0.1) -> object:
        return None if rng.random() < none else values[rng.integers(len(values))]

    return [
        {
            "decider": one_of("p1", "p2", "p3"),
            "choice": one_of("a", "b"),
            "alike_wide": one_of("x", "y", "z", none=0.2),
            "outcome": one_of("yes", "no", none=0.4),
            "outcome_matured": bool(rng.random() < 0.8),
            "advice": one_of("a", "b"),
            "said": None if rng.random() < 0.1 else float(rng.integers(0, 21)) / 20,
            "reason_text": one_of("one", "two", none=0.5),
        }
        for _ in range(n)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_cells_with_one_answer_are_counted_alike(seed: int) -> None:
    given = random_cases(seed)
    rows = [r for r in given if r["choice"] is not None]
    cells: dict[object, list[dict[str, object]]] = defaultdict(list)
    for row in rows:
        cells[row["alike_wide"] or ""].append(row)
    # A rare cell with one answer only, so that there is one.
    for row in cells["z"]:
        row["choice"] = "a"
    least = 20
    wanted: dict[object, list[int]] = defaultdict(lambda: [0] * 5)
    for row in rows:
        cell = cells[row["alike_wide"] or ""]
        due = [r for r in cell if r["outcome_matured"]]
        tally = wanted[row["decider"]]
        tally[0] += 1
        tally[1] += len(cell) < least
        tally[2] += len(cell) >= least and len({r["choice"] for r in cell}) == 1
        tally[3] += len(due) >= least and all(r["outcome"] is None for r in cell)
        tally[4] += row["outcome"] is not None
    got = cases_from(given).fetch(query("support"), {"least": least})
    names = ("cases", "thin", "one_answer", "no_outcome", "seen")
    found = {
        who: [int(got.numbers(name)[i]) for name in names]
        for i, who in enumerate(got.text("decider"))
    }
    assert found == dict(wanted)


@pytest.mark.parametrize("seed", range(4))
def test_stated_chances_are_counted_alike(seed: int) -> None:
    rows = random_cases(seed)
    wanted: dict[tuple[object, ...], int] = defaultdict(int)
    for row in rows:
        if isinstance(row["said"], float) and row["advice"] is not None:
            wanted[row["decider"], row["advice"], np.floor(row["said"] * 200)] += 1
    got = cases_from(rows).fetch(query("stated_chances"), {})
    keys = zip(got.text("decider"), got.text("advice"), got.numbers("step"), strict=True)
    assert dict(zip(keys, got.numbers("cases"), strict=True)) == dict(wanted)


def test_reasons_are_counted_by_person_the_most_frequent_first() -> None:
    rows = random_cases(9)
    wanted: dict[tuple[object, object], int] = defaultdict(int)
    for row in rows:
        if row["reason_text"] is not None:
            wanted[row["reason_text"], row["decider"]] += 1
    got = cases_from(rows).fetch(query("reasons_said"), {})
    keys = zip(got.text("reason_text"), got.text("decider"), strict=True)
    assert dict(zip(keys, got.numbers("cases"), strict=True)) == dict(wanted)
    assert list(got.numbers("cases")) == sorted(got.numbers("cases"), reverse=True)
