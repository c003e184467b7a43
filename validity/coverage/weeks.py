"""Over time: momentum by quarter, drift of series and inputs, dated changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from sayso.measure.catalog.drift import ALPHA, NET
from sayso.measure.catalog.momentum import MOMENTUM
from sayso.measure.estimators.change import Series, changes, late_less_early
from sayso.measure.estimators.drift import Mixes, drifted
from sayso.measure.rows import Rows
from validity.coverage.influence import NO_BALANCE
from validity.coverage.people import GRID, Floats, People, frame, joined
from validity.coverage.shares import BOUND
from validity.coverage.study import Outcome, Study, matched

CARRIED = "weeks may carry over, and few cannot say how much, which is paid for in width"
PICKED = "the largest of all changes was picked, so its range holds for any of them"
NEAR_ZERO = "a distance near 0 is held by a range that starts at 0"
QUARTERS = 4
COIN_PEOPLE = (
    People(words="8 people, 400 cases each", count=8, cases=400),
    People(words="30 people, unequal loads", count=30, cases=200, unequal=True),
    People(words="12 people, strong clustering", count=12, cases=300, alike=0.4),
    People(words="these 2 people", count=2, cases=800),
)


def momentum(people: People, change: float, design: str) -> Study:
    """Four quarters; influence, and reliance with it, rise evenly from the first to the last."""
    has = ["advice", "choice", "week", *(["shown"] if design == "coin" else [])]
    setting = frame(people, *has, line=0.05, show_probability=0.5 if design == "coin" else None)
    sd = 0.05 if people.alike == 0.1 else 0.12
    rising = change * (np.arange(QUARTERS) / (QUARTERS - 1) - 0.5)

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        loads = people.loads(rng)
        n = rng.multinomial(loads, np.full(QUARTERS, 1 / QUARTERS))
        base, effect = people.around(rng, 0.5, sd), people.around(rng, 0.12, sd)
        own = people.around(rng, 0.0, sd / 2)
        slope = own[:, None] * np.linspace(-0.5, 0.5, QUARTERS)
        seen = rng.binomial(n, 0.5) if design == "coin" else n
        parts: list[Rows] = []
        p1 = base[:, None] + effect[:, None] + rising[None, :] + slope
        for view, of, p in ((1.0, seen, p1), (0.0, n - seen, np.tile(base[:, None], QUARTERS))):
            agreed = rng.binomial(of, np.clip(p, 0, 1))
            for q in range(QUARTERS):
                to = rng.binomial(agreed[:, q], 0.2 if design == "prior" else 0.0)
                parts.append(
                    Rows(
                        {
                            "decider": people.names, "quarter": np.full(people.count, float(q)),
                            "in_view": np.full(people.count, view),
                            "cases": of[:, q].astype(float), "agreed": agreed[:, q].astype(float),
                            "viewed": of[:, q].astype(float) if design == "prior"
                            else np.zeros(people.count),
                            "moved_to": to.astype(float),
                            "moved_away": np.zeros(people.count),
                        }
                    )
                )  # fmt: skip
        rows = joined(*parts)
        rows = rows.where(rows.numbers("cases") > 0)
        tables = {"momentum": rows, "weekly": _no_weeks()}
        if design == "coin":
            cases = np.array([float(seen.sum()), float((n - seen).sum())])
            tables |= {
                "assignment": Rows({"shown": np.array([1.0, 0.0]), "cases": cases,
                                    "unmade": np.zeros(2), "late": np.zeros(2)}),
                "balance": NO_BALANCE,
            }  # fmt: skip
        figures = MOMENTUM.join(tables, setting)
        few = people.count < 5
        here = float((loads * own).sum() / loads.sum()) if few else 0.0
        total = change + here
        level = float((loads * (base + effect)).sum() / loads.sum()) if few else 0.62
        alone = float((loads * effect).sum() / loads.sum()) if few else 0.12
        ends = total * (np.arange(QUARTERS) / (QUARTERS - 1) - 0.5)
        truths = {
            "reliance-momentum": total,
            "reliance-by-quarter[quarter=1]": level + float(ends[0]),
            "reliance-by-quarter[quarter=4]": level + float(ends[3]),
        }
        if design == "coin":
            truths |= {
                "momentum": total,
                "influence-by-quarter[quarter=1]": alone + float(ends[0]),
                "influence-by-quarter[quarter=4]": alone + float(ends[3]),
            }
        elif design == "prior":
            truths |= {
                "momentum": 0.2 * total,
                "influence-by-quarter[quarter=1]": 0.2 * (level + float(ends[0])),
            }
        return matched(figures, truths)

    return Study(
        measure="momentum",
        truth=f"{design}, change {100 * change:g} of 100 over four quarters; {people.words}",
        draw=draw,
        wide={"": BOUND},
        runs=1000,
    )


def _no_weeks() -> Rows:
    return Rows({n: np.array([]) for n in ("week", "in_view", "cases", "agreed")})


def wandering(rng: np.random.Generator, weeks: int, carried: float, sd: float) -> Floats:
    """Weekly departures with that standard deviation, each near the last."""
    noise = rng.uniform(-(3**0.5), 3**0.5, weeks) * sd
    moved = np.empty(weeks)
    moved[0] = noise[0]
    for week in range(1, weeks):
        moved[week] = carried * moved[week - 1] + (1 - carried**2) ** 0.5 * noise[week]
    return moved


def series(weeks: int, carried: float, step: float, *, rare: bool = False) -> Study:
    """A share by week; later half less earlier half."""
    base, sd = (0.04, 0.008) if rare else (0.5, 0.05)

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        n = (rng.poisson(80, weeks) + 1).astype(float)
        late = np.arange(weeks) >= weeks // 2
        p = base + wandering(rng, weeks, carried, sd) + step * late
        x = rng.binomial(n.astype(int), np.clip(p, 0, 1)).astype(float)
        one = Series(np.arange(weeks).astype(float), x, n)
        return [("drift[series=overruled]", late_less_early(one, line=0.05, bounds=NET), step)]

    how = f", carrying over {carried:g}" if carried else ""
    return Study(
        measure="drift",
        truth=f"{weeks} weeks{how}{', rare events' if rare else ''}, step {100 * step:g} of 100",
        draw=draw,
        wide={"": CARRIED},
    )


def steps(weeks: int, carried: float, step: float) -> Study:
    """A change of level at a known week; what is dated, and how large it is said to be."""
    place = weeks // 3

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        n = (rng.poisson(80, weeks) + 1).astype(float)
        p = 0.5 + wandering(rng, weeks, carried, 0.03) + step * (np.arange(weeks) >= place)
        x = rng.binomial(n.astype(int), np.clip(p, 0, 1)).astype(float)
        one = Series(np.arange(weeks).astype(float), x, n)
        found = changes(one, alpha=ALPHA, seed=0, line=0.05, bounds=NET)
        near = [c for c in found if abs(c.week - place) <= 4]
        return [("drift-change", near[0].answer if near else None, step)]

    return Study(
        measure="drift",
        truth=f"a step of {100 * step:g} of 100 in {weeks} weeks, carrying over {carried:g}",
        draw=draw,
        wide={"": PICKED},
        runs=200,
    )


def mix(weeks: int, moved: float, wander: float) -> Study:
    """The mix of an input in two halves; weeks differ by themselves."""
    early = np.array([0.4, 0.3, 0.2, 0.1])
    late = early + moved * np.array([-1.0, 0.0, 0.0, 1.0])
    truth = float(((late - early) * np.log(late / early)).sum())

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        halves: list[Floats] = []
        for share in (early, late):
            n = rng.poisson(60, weeks) + 1
            chance = share if wander == 0 else rng.dirichlet(share / wander, weeks)
            halves.append(rng.multinomial(n, chance).astype(float))
        found = drifted(Mixes(halves[0], halves[1]))
        return [("drift-input", getattr(found, "answer", found), truth)]

    return Study(
        measure="drift",
        truth=f"{2 * weeks} weeks, {100 * moved:g} of 100 cases of another kind, wander {wander:g}",
        draw=draw,
        wide={"": NEAR_ZERO},
    )


def studies() -> Iterator[Study]:
    for people in COIN_PEOPLE:
        for change in (0.0, 0.1):
            yield momentum(people, change, "coin")
    for people in (GRID[0], COIN_PEOPLE[1], COIN_PEOPLE[2]):
        yield momentum(people, 0.0, "association")
        yield momentum(people, 0.1, "prior")
    for weeks in (8, 26, 104):
        for step in (0.0, 0.05):
            yield series(weeks, 0.0, step)
    for weeks, carried in ((16, 0.5), (52, 0.5), (104, 0.8)):
        yield series(weeks, carried, 0.0)
    yield series(26, 0.0, 0.0, rare=True)
    yield steps(60, 0.0, 0.15)
    yield steps(104, 0.4, 0.15)
    for weeks, moved, wander in ((4, 0.0, 0.0), (13, 0.0, 0.05), (13, 0.05, 0.05), (26, 0.1, 0.02)):
        yield mix(weeks, moved, wander)
