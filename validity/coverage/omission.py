"""Right advice in view and the choice wrong all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from sayso.measure.catalog.automation_bias import AUTOMATION_BIAS
from sayso.measure.rows import Rows
from validity.coverage.people import SHORT, People, frame, joined
from validity.coverage.shares import BOUND
from validity.coverage.study import Outcome, Study, matched


def omission(people: People, effect: float) -> Study:
    """Wrong choices under right advice, in view against hidden, and against first views."""
    setting = frame(
        people, "choice", "advice", "choice_right", "advice_right", "prior_right", line=0.05
    )
    base = 0.06 if people.rare else 0.35
    sd = 0.0 if people.rare or people.alike == 0 else 0.05

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        loads = people.loads(rng)
        n = rng.binomial(loads, 0.5)
        wrong = people.around(rng, base, sd)
        adds = people.around(rng, effect, sd)
        none = np.zeros(people.count)
        parts: list[Rows] = []
        for view, of, p in ((1.0, n, wrong + adds), (0.0, loads - n, wrong)):
            x = rng.binomial(of, p)
            before = rng.binomial(x, 0.7) + rng.binomial(of - x, 0.1)
            parts.append(
                Rows(
                    {
                        "decider": people.names, "in_view": np.full(people.count, view),
                        "right_advice": of.astype(float), "missed": x.astype(float),
                        "right_viewed": of.astype(float), "missed_viewed": x.astype(float),
                        "missed_first": before.astype(float), "wrong_advice": none,
                        "wrong_choice": none, "viewed": none, "viewed_choice": none,
                        "viewed_first": none, "planted": none, "planted_taken": none,
                    }
                )
            )  # fmt: skip
        rows = joined(*parts)
        rows = rows.where(rows.numbers("right_advice") > 0)
        few = people.count < 5
        w1 = float((n * (wrong + adds)).sum() / n.sum()) if few else base + effect
        w0 = float(((loads - n) * wrong).sum() / max(1, (loads - n).sum())) if few else base
        truths = {
            "omission": w1,
            "omission-apart": w1 - w0 if few else effect,
            "omission-from-first-view": w1 - (0.7 * w1 + 0.1 * (1 - w1)),
        }
        return matched(AUTOMATION_BIAS.join({"wrong_advice": rows}, setting), truths)

    return Study(
        measure="commission",
        truth=f"right advice, adds {100 * effect:g} of 100; {people.words}",
        draw=draw,
        wide={"": BOUND},
        runs=1000,
    )


def studies() -> Iterator[Study]:
    for people in SHORT:
        for effect in (0.0, 0.05):
            yield omission(people, effect)
