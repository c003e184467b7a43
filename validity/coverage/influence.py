"""What the advice changes: by a coin, by first views, before and after; asking; empty cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from sayso.measure.catalog.asking import ASKING
from sayso.measure.catalog.influence import INFLUENCE
from sayso.measure.catalog.missing_values import MISSING_VALUES
from sayso.measure.rows import Rows
from validity.coverage.people import GRID, Floats, People, frame, joined
from validity.coverage.shares import BOUND
from validity.coverage.study import Outcome, Study, matched

NO_BALANCE = Rows({"cells": np.array([0.0]), "distance": np.array([0.0])})
LEAST_IS_BIASED = "half the sum of the errors of all cells bounds the error of the least share"
SPREAD_FROM_ZERO = "a spread near 0 is held by a range that starts at 0"
COIN_GRID = (
    GRID[0],
    GRID[1],
    GRID[2],
    GRID[3],
    GRID[4],
    People(words="12 people, effects of very unlike size", count=12, cases=80, alike=0.4),
    People(words="12 people, rare events", count=12, cases=200, rare=True),
    GRID[8],
    People(words="this one person", count=1, cases=400),
    People(words="these 3 people", count=3, cases=150),
)


@dataclass(frozen=True, slots=True)
class Effects:
    """What is true of a comparison: by person, on average and in these cases."""

    base: Floats
    effect: Floats


def unlike(people: People, rng: np.random.Generator, effect: float) -> Effects:
    """Each person's share without, and what the advice adds; no chance leaves 0..1."""
    if people.rare:
        return Effects(people.around(rng, 0.04, 0.008), people.around(rng, effect, 0.0))
    sd = 0.12 if people.alike >= 0.4 else 0.06 * (people.alike > 0)
    return Effects(
        people.around(rng, 0.55, 0.1 * (people.alike > 0)), people.around(rng, effect, sd)
    )


def coin(people: People, effect: float, *, shown: float = 0.5, fading: float = 0.0) -> Study:
    """Advice shown by a coin; two kinds of case, two halves, two advised options."""
    setting = frame(
        people, "advice", "choice", "shown", "late_half", "kind",
        show_probability=shown, line=0.05,
    )  # fmt: skip
    sd = 0.0 if people.rare else 0.12 if people.alike >= 0.4 else 0.06 * (people.alike > 0)
    kinds, advices = ("one", "two"), ("a", "b")
    mix = np.array([0.6, 0.4])

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        true = unlike(people, rng, effect)
        loads = people.loads(rng)
        # kind, half, advice, arm
        share = np.einsum(
            "i,j,k,l->ijkl", mix, np.array([0.5, 0.5]), mix, np.array([shown, 1 - shown])
        )
        n = rng.multinomial(loads, share.ravel()).reshape(people.count, 2, 2, 2, 2)
        chance = np.empty((people.count, 2, 2, 2, 2))
        for half, away in ((0, fading / 2), (1, -fading / 2)):
            chance[:, :, half, :, 0] = (true.base + true.effect + away)[:, None, None]
            chance[:, :, half, :, 1] = true.base[:, None, None]
        agreed = rng.binomial(n, np.clip(chance, 0, 1))
        parts: list[Rows] = []
        for i, kind in enumerate(kinds):
            for half in (0, 1):
                for arm, view in ((0, 1.0), (1, 0.0)):
                    parts.append(
                        Rows(
                            {
                                "decider": people.names,
                                "in_view": np.full(people.count, view),
                                "late_half": np.full(people.count, float(half)),
                                "kind": np.full(people.count, kind, dtype=object),
                                "cases": n[:, i, half, :, arm].sum(1).astype(float),
                                "agreed": agreed[:, i, half, :, arm].sum(1).astype(float),
                            }
                        )
                    )
        table = joined(*parts)
        table = table.where(table.numbers("cases") > 0)
        advised: list[Rows] = []
        for k, advice in enumerate(advices):
            for arm, view in ((0, 1.0), (1, 0.0)):
                yes = agreed[:, :, :, k, arm].sum((1, 2)).astype(float)
                of = n[:, :, :, k, arm].sum((1, 2)).astype(float)
                for choice in advices:
                    advised.append(
                        Rows(
                            {
                                "decider": people.names,
                                "in_view": np.full(people.count, view),
                                "advice": np.full(people.count, advice, dtype=object),
                                "choice": np.full(people.count, choice, dtype=object),
                                "cases": yes if choice == advice else of - yes,
                            }
                        )
                    )
        options = joined(*advised)
        options = options.where(options.numbers("cases") > 0)
        seen = n.sum((0, 1, 2, 3)).astype(float)
        assignment = Rows(
            {
                "shown": np.array([1.0, 0.0]), "cases": seen,
                "unmade": np.zeros(2), "late": np.zeros(2),
            }
        )  # fmt: skip
        figures = INFLUENCE.join(
            {
                "agreement": table, "assignment": assignment, "balance": NO_BALANCE,
                "advised": options,
            },
            setting,
        )  # fmt: skip
        few = people.count < 5
        here = float((loads * true.effect).sum() / loads.sum())
        mean = here if few else effect
        base_here = float((loads * true.base).sum() / loads.sum())
        p1, p0 = base_here + here, base_here
        truths = {
            "influence": mean,
            "influence[kind=one]": mean,
            "influence[advised=b]": mean,
            "influence[period=first half]": mean + fading / 2,
            "influence[period=second half]": mean - fading / 2,
            "influence-fading": fading,
            "influence-hidden-rise": 0.0,
            "influence-adjusted": here,
            "influence-spread": sd,
            "influence-least": abs(here),
            "influence-most": 1 - max(0.0, p1 + p0 - 1, 1 - p1 - p0),
        }
        return matched(figures, truths)

    hidden = "" if shown == 0.5 else f", {100 * (1 - shown):.0f} of 100 hidden"
    fades = ", fading" if fading else ""
    return Study(
        measure="influence",
        truth=f"coin{hidden}, effect {100 * effect:g} of 100{fades}; {people.words}",
        draw=draw,
        runs=500,
        wide={
            "influence-least": LEAST_IS_BIASED,
            "influence-spread": SPREAD_FROM_ZERO,
            "": BOUND,
        },
    )


def by_first_view(people: People, effect: float, *, controlled: bool) -> Study:
    """Net moves from a first view; second thoughts move people both ways."""
    setting = frame(people, "advice", "choice", "prior", "shown", line=0.05)
    again = 0.05

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        true = unlike(people, rng, effect)
        loads = people.loads(rng)
        seen = rng.binomial(loads, 0.7) if controlled else loads
        parts: list[Rows] = []
        for view, n in ((1.0, seen), (0.0, loads - seen)):
            to = again + (np.maximum(true.effect, 0) * view)
            away = again + (np.maximum(-true.effect, 0) * view)
            kinds = rng.multinomial(
                n, np.stack([to, away, np.full(people.count, 0.4), 0.6 - to - away], axis=1)
            )
            parts.append(
                Rows(
                    {
                        "decider": people.names, "in_view": np.full(people.count, view),
                        "kind": np.full(people.count, "one", dtype=object),
                        "cases": n.astype(float), "moved_to": kinds[:, 0].astype(float),
                        "moved_away": kinds[:, 1].astype(float),
                        "agreed": kinds[:, 2].astype(float), "held": kinds[:, 3].astype(float),
                    }
                )
            )  # fmt: skip
        views = joined(*parts) if controlled else parts[0]
        views = views.where(views.numbers("cases") > 0)
        table = Rows({"in_view": np.array([1.0]), "decider": np.array(["p0"], dtype=object)})
        figures = INFLUENCE.join({"agreement": table, "first_views": views}, setting)
        here = float((seen * true.effect).sum() / seen.sum())
        return matched(figures, {"influence": here if people.count < 5 else effect})

    way = "first views, also where hidden" if controlled else "first views"
    return Study(
        measure="influence",
        truth=f"{way}, effect {100 * effect:g} of 100; {people.words}",
        draw=draw,
        wide={"": BOUND},
    )


def dated(before: int, since: int, effect: float, *, carried: float, uneven: bool) -> Study:
    """Advice from one week on; weeks differ by themselves, and may carry over."""
    people = People(words="", count=10, cases=1)
    setting = frame(people, "advice", "choice", "shown", "week", line=0.05)
    weeks = before + since

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        noise = rng.uniform(-1, 1, weeks) * 3**0.5 * 0.04
        moved = np.empty(weeks)
        moved[0] = noise[0]
        for w in range(1, weeks):
            moved[w] = carried * moved[w - 1] + (1 - carried**2) ** 0.5 * noise[w]
        n = rng.poisson(60, weeks) + 1 if not uneven else (
            1 + 60 * rng.lognormal(-0.5, 1.0, weeks)
        ).astype(int)  # fmt: skip
        seen = np.arange(weeks) >= before
        agreed = rng.binomial(n, np.clip(0.6 + moved + effect * seen, 0, 1))
        weekly = Rows(
            {
                "week": np.arange(weeks).astype(float), "in_view": seen.astype(float),
                "cases": n.astype(float), "agreed": agreed.astype(float),
            }
        )  # fmt: skip
        table = Rows(
            {"in_view": np.array([1.0, 0.0]), "decider": np.array(["p0", "p0"], dtype=object)}
        )
        figures = INFLUENCE.join({"agreement": table, "weekly": weekly}, setting)
        return matched(figures, {"influence": effect})

    how = f", carrying over {carried:g}" if carried else ""
    loads = ", uneven" if uneven else ""
    return Study(
        measure="influence",
        truth=f"{before} weeks before and {since} since{loads}{how}, effect {100 * effect:g} of 100",
        draw=draw,
        wide={
            "": "weeks may carry over, and so few cannot say how much, which is paid for in width"
        },
    )


def placebo(weeks: int) -> Study:
    """How many other dates of these same weeks show a gap as large: a count, nothing sampled."""
    people = People(words="", count=10, cases=1)
    setting = frame(people, "advice", "choice", "shown", "week", line=0.05)

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        n = rng.poisson(60, weeks) + 1
        x = rng.binomial(n, 0.6)
        start = weeks // 2
        seen = (np.arange(weeks) >= start).astype(float)
        weekly = Rows(
            {
                "week": np.arange(weeks).astype(float), "in_view": seen,
                "cases": n.astype(float), "agreed": x.astype(float),
            }
        )  # fmt: skip
        table = Rows(
            {"in_view": np.array([1.0, 0.0]), "decider": np.array(["p0", "p0"], dtype=object)}
        )
        figures = INFLUENCE.join({"agreement": table, "weekly": weekly}, setting)
        gap = abs(x[start:].sum() / n[start:].sum() - x[:start].sum() / n[:start].sum())
        found = total = 0
        for low, high in ((0, start), (start, weeks)):
            for cut in range(low + 3, high - 2):
                total += 1
                one = x[low:cut].sum() / n[low:cut].sum()
                found += abs(x[cut:high].sum() / n[cut:high].sum() - one) >= gap
        return matched(figures, {"influence-placebo": found / total})

    return Study(
        measure="influence",
        truth=f"other dates of {weeks} weeks, counted",
        draw=draw,
        wide={"": "a count of all dates there are; the truth is the count"},
        runs=500,
    )


def asked(people: People, effect: float) -> Study:
    """Being asked for a first view, by a coin."""
    setting = frame(
        people, "advice", "choice", "prior_asked", "prior_skipped", ask_probability=0.5, line=0.05
    )

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        true = unlike(people, rng, effect)
        loads = people.loads(rng)
        n = rng.binomial(loads, 0.5)
        skips = people.chances(rng, np.array([0.12, 0.88]))[:, 0]
        parts = [
            Rows(
                {
                    "decider": people.names, "asked": np.full(people.count, view),
                    "kind": np.full(people.count, "one", dtype=object),
                    "sure": np.full(people.count, np.nan), "cases": of.astype(float),
                    "skipped": rng.binomial(of, skips * view).astype(float),
                    "agreed": rng.binomial(of, true.base + true.effect * view).astype(float),
                }
            )
            for view, of in ((1.0, n), (0.0, loads - n))
        ]  # fmt: skip
        rows = joined(*parts)
        rows = rows.where(rows.numbers("cases") > 0)
        few = people.count < 5
        truths = {
            "influence-asking": float((loads * true.effect).sum() / loads.sum()) if few else effect,
            "first-view-skipped": float((n * skips).sum() / n.sum()) if few else 0.12,
        }
        return matched(ASKING.estimate(rows, setting), truths)

    return Study(
        measure="influence-asking",
        truth=f"effect {100 * effect:g} of 100; {people.words}",
        draw=draw,
        wide={"": BOUND},
    )


def empty_cells(people: People, effect: float) -> Study:
    """Choices where an input is empty less where it is filled; the empty ones are a fifth."""
    setting = frame(people, "choice", inputs=(), line=0.05)

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        true = unlike(people, rng, effect)
        loads = people.loads(rng)
        n = rng.binomial(loads, 0.2)
        parts: list[Rows] = []
        for gone, of in ((1.0, n), (0.0, loads - n)):
            x = rng.binomial(of, true.base + true.effect * gone)
            for option, k in (("a", x), ("b", of - x)):
                parts.append(
                    Rows(
                        {
                            "input": np.full(people.count, "age", dtype=object),
                            "missing": np.full(people.count, gone), "decider": people.names,
                            "choice": np.full(people.count, option, dtype=object),
                            "cases": k.astype(float), "known": k.astype(float),
                            "came": rng.binomial(k, 0.3).astype(float),
                        }
                    )
                )  # fmt: skip
        rows = joined(*parts)
        rows = rows.where(rows.numbers("cases") > 0)
        few = people.count < 5
        one = float((n * (true.base + true.effect)).sum() / n.sum()) if n.sum() else 0.0
        other = float(((loads - n) * true.base).sum() / max(1, (loads - n).sum()))
        truths = {
            "missing-as-value[input=age, option=a]": one - other if few else effect,
            "missing-as-value[input=age, outcome=yes]": 0.0,
        }
        return matched(MISSING_VALUES.estimate(rows, setting), truths)

    return Study(
        measure="missing-as-value",
        truth=f"effect {100 * effect:g} of 100; {people.words}",
        draw=draw,
        wide={"": BOUND},
    )


def studies() -> Iterator[Study]:
    for people in COIN_GRID:
        for effect in (0.0, 0.05):
            yield coin(people, effect)
    yield coin(GRID[4], 0.12, shown=0.9)
    yield coin(People(words="8 people, 120 cases each", count=8, cases=120), 0.0, shown=0.9)
    yield coin(GRID[4], 0.08, fading=0.08)
    views = (GRID[0], GRID[2], GRID[4], GRID[5], GRID[8], GRID[9])
    for people in views:
        for effect in (0.0, 0.05):
            yield by_first_view(people, effect, controlled=False)
            yield by_first_view(people, effect, controlled=True)
    for before, since in ((5, 5), (6, 20), (26, 26)):
        for effect in (0.0, 0.05):
            yield dated(before, since, effect, carried=0.0, uneven=False)
    yield dated(12, 12, 0.0, carried=0.0, uneven=True)
    yield dated(12, 12, 0.0, carried=0.5, uneven=False)
    yield dated(40, 40, 0.0, carried=0.5, uneven=False)
    yield placebo(30)
    for people in (GRID[0], GRID[2], GRID[4], GRID[9]):
        for effect in (0.0, 0.05):
            yield asked(people, effect)
            yield empty_cells(people, effect)
