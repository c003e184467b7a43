"""Sequences looked at every day: how often they are ever wrong."""

from __future__ import annotations

import numpy as np

from sayso.domain.answer import Estimate
from sayso.measure.estimators.sequences import (
    Arms,
    Counted,
    difference_so_far,
    mean_so_far,
    running,
    share_so_far,
)

DAYS, A_DAY, RUNS = 100, 30, 300
ALPHA = 0.05
Row = dict[str, object]


def sequences() -> list[Row]:
    """A look after each of a hundred days of thirty cases; wrong if any look is."""
    rows: list[Row] = []
    for p in (0.5, 0.1, 0.02):
        rows.append(_row("share", f"a share of {p:g}", [_share(p, k) for k in range(RUNS)]))
    for p, shown in ((0.5, 0.5), (0.1, 0.5), (0.1, 0.9), (0.7, 0.9)):
        words = f"a share of {p:g} in both arms, {100 * shown:g} of 100 shown"
        rows.append(_row("difference", words, [_difference(p, shown, k) for k in range(RUNS)]))
    for p in (0.5, 0.1):
        words = f"the mean of values of 0 and 1, {p:g} of them 1"
        rows.append(_row("mean", words, [_mean(p, k) for k in range(RUNS)]))
    return rows


def _row(engine: str, truth: str, ever: list[bool | None]) -> Row:
    told = [e for e in ever if e is not None]
    return {
        "engine": engine,
        "truth": truth,
        "alpha": ALPHA,
        "runs": len(ever),
        "never_started": len(ever) - len(told),
        "ever_wrong": round(sum(told) / max(1, len(told)), 4),
    }


def _share(p: float, seed: int) -> bool | None:
    rng = np.random.default_rng([1, int(1000 * p), seed])
    totals = np.cumsum(rng.binomial(A_DAY, p, DAYS))
    looks = (
        share_so_far(Counted("m", int(x), A_DAY * (d + 1)), best_at=500.0, people=5)
        for d, x in enumerate(totals.tolist())
    )
    return _ever([(answer, p) for answer in looks])


def _difference(p: float, shown: float, seed: int) -> bool | None:
    rng = np.random.default_rng([2, int(1000 * p), int(1000 * shown), seed])
    n1 = rng.binomial(A_DAY, shown, DAYS)
    x1, x0 = rng.binomial(n1, p), rng.binomial(A_DAY - n1, p)
    a, b, c, d = (np.cumsum(v) for v in (x1, n1, x0, A_DAY - n1))
    looks = (
        difference_so_far(
            Arms(Counted("m", int(a[i]), int(b[i])), Counted("m", int(c[i]), int(d[i])), shown),
            best_at=1000.0, people=5,
        )
        for i in range(DAYS)
    )  # fmt: skip
    return _ever([(answer, 0.0) for answer in looks])


def _mean(p: float, seed: int) -> bool | None:
    rng = np.random.default_rng([3, int(1000 * p), seed])
    values = (rng.random(DAYS * A_DAY) < p).astype(float)
    state = running("m", values[:0])
    looks: list[tuple[object, float]] = []
    for day in range(DAYS):
        state = state + running("m", values[day * A_DAY : (day + 1) * A_DAY])
        yes = round(state.mean * state.n)
        looks.append(
            (mean_so_far(state, events=yes, non_events=state.n - yes, best_at=1000.0, people=5), p)
        )
    return _ever(looks)


def _ever(looks: list[tuple[object, float]]) -> bool | None:
    told = [(a, t) for a, t in looks if isinstance(a, Estimate)]
    if not told:
        return None
    return any(not a.r95.contains(t) for a, t in told)
