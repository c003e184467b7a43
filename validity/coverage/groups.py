"""Groups: teams, affected people, slices found and held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from sayso.domain.answer import Population, Range
from sayso.measure.case_inputs import CaseInput
from sayso.measure.catalog.affected import AFFECTED
from sayso.measure.catalog.slices import SLICES
from sayso.measure.estimators.gaps import adjusted, root_mean_square_gap
from sayso.measure.estimators.ranges import t_estimate
from sayso.measure.rows import Rows
from validity.coverage.people import People, frame
from validity.coverage.study import Outcome, Study, matched

FROM_ZERO = "a spread near 0 is held by a range that starts at 0"
CELLS = np.array([0.35, 0.65])


def teams(count: int, people: int, cases: int, gap: float, *, unequal: bool = False) -> Study:
    """Teams of people who differ too; two kinds of case in other mixes."""
    true = gap * (np.arange(count) - (count - 1) / 2)
    rms = float(2**0.5 * true.std(ddof=1)) if count > 1 else 0.0
    everyone = People(words="", count=count * people, cases=cases, unequal=unequal)

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        team = np.repeat(np.arange(count), people)
        loads = everyone.loads(rng)
        level = everyone.around(rng, 0.0, 0.06)
        share = 0.4 + 0.2 * (team % 2)
        one = rng.binomial(loads, share)
        n = np.stack([one, loads - one], axis=1)
        yes = rng.binomial(n, CELLS[None, :] + level[:, None] + true[team][:, None])
        person, cell = (x.ravel() for x in np.indices(n.shape))
        kept = n.ravel() > 0
        made = adjusted(
            yes.ravel()[kept].astype(float), n.ravel()[kept].astype(float),
            person[kept], team[person[kept]], cell[kept],
        )  # fmt: skip
        if made is None:
            return [("team-gap", None, rms)]
        answer = root_mean_square_gap(made.groups, line=0.05, covariance=made.covariance)
        first = made.groups[0]
        practice = t_estimate(
            first.mean, first.variance**0.5, first.freedom or 1.0, n=first.cases, people=first.people,
            population=Population.LIKE_THESE, bounds=Range(0.0, 1.0),
        )  # fmt: skip
        mix = float(n[:, 0].sum()) / float(n.sum())
        level_here = float(CELLS[0] * mix + CELLS[1] * (1 - mix)) + float(true[0])
        return [("team-gap", answer, rms), ("team-practice", practice, level_here)]

    loads = ", unequal loads" if unequal else ""
    return Study(
        measure="team-gap",
        truth=f"{count} teams of {people}, {cases} cases each{loads}, two lie {100 * rms:.0f} apart",
        draw=draw,
        wide={"": FROM_ZERO},
        runs=1000,
    )


def affected(people: People, gap: float, *, missing: float = 0.0) -> Study:
    """Two groups of affected people, decided by the same people; and how choices turned out."""
    one = CaseInput(
        name="g", place=0, number=False, labels=("x", "y"), coarse=("x", "y"), affected=True
    )
    setting = frame(people, "choice", "decider", inputs=(one,), line=0.05)
    seen = frame(people, "choice", "decider", inputs=(one,), line=0.05, outcome_seen_for="a")
    base, sd = (0.05, 0.01) if people.rare else (0.5, 0.08)

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        loads = people.loads(rng)
        level = people.around(rng, 0.0, sd)
        n = rng.multinomial(loads, [0.35, 0.15, 0.2, 0.3]).reshape(people.count, 2, 2)
        p = (
            base
            + level[:, None, None]
            + np.array([0.0, 0.0 if people.rare else 0.1])[None, None, :]
        )
        p = p + gap * np.array([0, 1])[None, :, None]
        yes = rng.binomial(n, np.clip(p, 0, 1))
        known = rng.binomial(n, 1 - missing)
        wrong = rng.binomial(known, np.clip(0.2 + level[:, None, None] / 2, 0, 1))
        person, group, cell = (x.ravel() for x in np.indices(n.shape))
        kept = n.ravel() > 0
        columns = {
            "input": np.full(len(person), "g", dtype=object), "input_code": group.astype(float),
            "person": person.astype(float), "named": np.ones(len(person)),
            "cell": cell.astype(float), "mix": cell.astype(float),
            "cases": n.ravel().astype(float), "total": yes.ravel().astype(float),
            "matured": n.ravel().astype(float), "known": known.ravel().astype(float),
            "wrong": wrong.ravel().astype(float),
        }  # fmt: skip
        rows = Rows({k: v[kept] for k, v in columns.items()})
        extra = 0.0 if people.rare else 0.1
        plain = abs(gap + extra * (0.6 - 0.3))
        truths = {
            "affected-gap[affected=g]": plain,
            "affected-gap-alike[affected=g]": gap,
            "affected-practice[affected=g, group=x, option=a]": base + extra * 0.3,
            "affected-quality-gap[affected=g]": 0.0,
            "affected-wrong[affected=g, group=x]": 0.2,
        }
        figures = AFFECTED.estimate(rows, setting)
        practice = [
            f for f in figures if f.measure == "affected-practice" and f.group("group") == "x"
        ]
        wrongs = [f for f in figures if f.measure == "affected-wrong" and f.group("group") == "x"]
        found = matched(figures, {k: v for k, v in truths.items() if "[affected=g]" in k})
        found.append(("affected-practice", practice[0] if practice else None,
                      truths["affected-practice[affected=g, group=x, option=a]"]))  # fmt: skip
        found.append(("affected-wrong", wrongs[0] if wrongs else None, 0.2))
        bounds = [f for f in AFFECTED.estimate(rows, seen) if f.measure == "affected-wrong-bounds"]
        found.append(("affected-wrong-bounds", bounds[0] if bounds else None, 0.2))
        return found

    lost = f", {100 * missing:g} of 100 unseen" if missing else ""
    return Study(
        measure="affected-gap",
        truth=f"alike cases {100 * gap:g} of 100 apart{lost}; {people.words}",
        draw=draw,
        wide={
            "affected-wrong-bounds": "holds the share wherever the unseen lie, with the largest error",
            "": FROM_ZERO,
        },
        runs=1000,
    )


def slices(people: int, lift: float) -> Study:
    """Three inputs of three values; in one pair of values more is overruled."""
    inputs = tuple(
        CaseInput(name=f"i{k}", place=k, number=False, labels=("0", "1", "2"),
                  coarse=("0", "1", "2"))
        for k in range(3)
    )  # fmt: skip
    setting = frame(
        People(words="", count=people, cases=1), "advice", "choice", "decider", inputs=inputs,
        line=0.05,
    )  # fmt: skip
    codes = np.array([(a, b, c) for a in range(3) for b in range(3) for c in range(3)])
    packed = (codes * 16 ** np.arange(3)).sum(1).astype(float)
    chance = 0.2 + lift * ((codes[:, 0] == 1) & (codes[:, 1] == 2))

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        level = rng.uniform(-0.1, 0.1, people)
        n = rng.multinomial(np.full(people, 120), np.full(27, 1 / 27))
        x = rng.binomial(n, chance[None, :] + level[:, None])
        fold = (np.arange(people) % 32).astype(float)
        groups = np.unique(fold)
        size = (len(groups), 27)
        cases, errors = np.zeros(size), np.zeros(size)
        np.add.at(cases, fold.astype(int), n)
        np.add.at(errors, fold.astype(int), x)
        kept = cases.ravel() > 0
        zero = np.zeros(int(kept.sum()))
        rows = Rows(
            {
                "packed": np.tile(packed, len(groups))[kept],
                "fold": np.repeat(groups, 27)[kept], "step": np.ones(int(kept.sum())),
                "cases": cases.ravel()[kept], "overruled": errors.ravel()[kept],
                "known": zero, "wrong_followed": zero, "advice_worse": zero, "choice_worse": zero,
            }
        )  # fmt: skip
        found: list[Outcome] = []
        for figure in SLICES.estimate(rows, setting):
            where = figure.group("where")
            if where is None:
                found.append(("slice", figure, 0.0))
                continue
            inside = np.ones(27, dtype=bool)
            for part in str(where).split("; "):
                name, value = part.split(": ")
                inside &= codes[:, int(name[1])] == int(value)
            found.append(("slice", figure, float(chance[inside].mean() - chance[~inside].mean())))
        return found or [("slice", None, 0.0)]

    return Study(
        measure="slice",
        truth=f"{people} people, one kind in nine overruled {100 * lift:g} of 100 more",
        draw=draw,
        runs=200,
        wide={"": "few groups of people hold cases of one kind, so few degrees of freedom"},
    )


def studies() -> Iterator[Study]:
    for gap in (0.0, 0.05):
        yield teams(2, 5, 40, gap)
        yield teams(6, 5, 40, gap)
        yield teams(4, 12, 40, gap, unequal=True)
    yield teams(20, 6, 30, 0.01)
    grid = (
        People(words="5 people, 80 cases each", count=5, cases=80),
        People(words="10 people, unequal loads", count=10, cases=80, unequal=True),
        People(words="30 people, unequal loads", count=30, cases=60, unequal=True),
        People(words="30 people, rare events", count=30, cases=80, rare=True),
    )
    for people in grid:
        for gap in (0.0, 0.05):
            yield affected(people, gap)
    yield affected(grid[2], 0.0, missing=0.3)
    for people, lift in ((12, 0.0), (40, 0.0), (40, 0.3)):
        yield slices(people, lift)
