"""Several people on the same cases, and alike cases: noise, agreement, twins, leniency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from sayso.domain.answer import Population
from sayso.measure.catalog.noise import NOISE
from sayso.measure.catalog.panel import PANEL
from sayso.measure.estimators.forced import forced
from sayso.measure.estimators.leniency import gap_of_two
from sayso.measure.estimators.parts import Sums
from sayso.measure.estimators.twins import pairs_within, share_differing
from sayso.measure.rows import Rows
from validity.coverage.people import FEW, Floats, People, frame
from validity.coverage.study import Outcome, Study, matched

ROOT3 = 3**0.5
FROM_ZERO = "a spread near 0 is held by a range that starts at 0"
BOTH = "two chi-squared ranges of parts, added as if their errors could meet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Spreads of a panel: what is true of cases, people and their own patterns.

    For options these are of the chance of one option around a half; for quantities of the amount.
    """

    words: str
    people: int
    cases: int
    case: float
    level: float
    pattern: float = 0.0
    answered: float = 1.0


OPTIONS = (
    Panel(words="5 people, 40 cases", people=5, cases=40, case=0.15, level=0.1, pattern=0.05),
    Panel(words="5 people alike, 40 cases", people=5, cases=40, case=0.15, level=0.0),
    Panel(words="8 people of very unlike level, 30 cases", people=8, cases=30, case=0.1, level=0.2),
    Panel(words="20 people, 60 cases", people=20, cases=60, case=0.15, level=0.1, pattern=0.05),
)
QUANTITIES = (
    Panel(words="5 people, 40 cases, amounts", people=5, cases=40, case=1.0, level=0.5, pattern=0.5),
    Panel(words="12 people of very unlike level, 30 cases, amounts", people=12, cases=30,
          case=0.5, level=1.5, pattern=0.3),
    Panel(words="20 people alike, 60 cases, amounts", people=20, cases=60, case=1.0, level=0.0,
          pattern=0.7),
)  # fmt: skip
AGAIN = 20


def _even(rng: np.random.Generator, sd: float, size: int | tuple[int, int]) -> Floats:
    return sd * rng.uniform(-ROOT3, ROOT3, size)


def _rows(one: Panel, rng: np.random.Generator, **answers: np.ndarray) -> Rows:
    case, person = np.divmod(np.arange(one.cases * one.people), one.people)
    kept = rng.random(len(case)) < one.answered
    names = {
        "case_id": np.array([f"c{i}" for i in case], dtype=object),
        "decider": np.array([f"p{j}" for j in person], dtype=object),
    }
    return Rows({n: v[kept] for n, v in {**names, **answers}.items()})


def of_options(one: Panel, runs: int) -> Study:
    setting = frame(
        People(words="", count=one.people, cases=1), "choice", "case_id", "decider", "repeat_of",
        panel_rows=one.people * one.cases, loss_unit="EUR", costs=(("a", 10.0), ("b", 10.0)),
    )  # fmt: skip
    differ = 0.5 - 2 * one.case**2

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        of_case, level = _even(rng, one.case, one.cases), _even(rng, one.level, one.people)
        own = _even(rng, one.pattern, (one.cases, one.people))
        chance = 0.5 + of_case[:, None] + level[None, :] + own
        chosen = (rng.random(chance.shape) < chance).ravel()
        choice = np.where(chosen, "a", "b").astype(object)
        panel = _rows(one, rng, choice=choice, choice_number=np.full(len(chosen), np.nan))
        again = min(AGAIN, one.cases)
        p = chance[:again]
        repeats = Rows(
            {
                "decider": np.array([f"p{j}" for j in range(one.people)], dtype=object),
                "pairs": np.full(one.people, float(again)),
                "differing": (rng.random(p.shape) < 2 * p * (1 - p)).sum(0).astype(float),
            }
        )
        occasion = differ - 2 * one.level**2 - 2 * one.pattern**2
        truths = {
            "noise-differ[part=system]": differ,
            "noise-differ[part=level]": 2 * one.level**2,
            "noise-differ[part=pattern]": differ - 2 * one.level**2,
            "noise-differ[part=occasion]": occasion,
            "noise-differ[part=own pattern]": 2 * one.pattern**2,
            "noise-system": differ / 2,
            "noise-level": one.level**2,
            "noise-pattern": differ / 2 - one.level**2,
            "noise-case": one.case**2,
            "repeat-differ": occasion,
            "noise-occasion": occasion / 2,
            "noise-cost": 5 * differ,
        }
        return matched(NOISE.join({"panel": panel, "repeats": repeats}, setting), truths)

    return Study(
        measure="noise-differ",
        truth=one.words,
        draw=draw,
        runs=runs,
        wide={"noise-differ[part=system]": BOTH, "noise-system": BOTH, "": FROM_ZERO},
    )


def of_amounts(one: Panel, runs: int) -> Study:
    setting = frame(
        People(words="", count=one.people, cases=1), "choice_number", "case_id", "decider",
        "repeat_of", panel_rows=one.people * one.cases, quantity=True, options=(),
    )  # fmt: skip
    slip = 0.4
    rest = one.pattern**2 + slip**2

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        of_case, level = (
            rng.normal(0, sd, n) for sd, n in ((one.case, one.cases), (one.level, one.people))
        )
        amount = of_case[:, None] + level[None, :]
        amount = amount + rng.normal(0, rest**0.5, amount.shape)
        none = np.full(amount.size, None, dtype=object)
        panel = _rows(one, rng, choice=none, choice_number=amount.ravel())
        repeats = Rows(
            {
                "decider": np.array([f"p{j}" for j in range(one.people)], dtype=object),
                "freedom": np.full(one.people, float(AGAIN)),
                "m2": slip**2 * rng.chisquare(AGAIN, one.people),
            }
        )  # fmt: skip
        system = one.level**2 + rest
        truths = {
            "noise-apart[part=system]": system**0.5,
            "noise-apart[part=level]": one.level,
            "noise-apart[part=pattern]": rest**0.5,
            "noise-apart[part=occasion]": slip,
            "noise-apart[part=own pattern]": one.pattern,
            "noise-system": system,
            "noise-level": one.level**2,
            "noise-pattern": rest,
            "noise-case": one.case**2,
            "noise-occasion": slip**2,
            "two-apart": 2 / np.pi**0.5 * system**0.5,
        }
        figures = NOISE.join({"panel": panel, "repeats": repeats}, setting)
        got = matched(figures, truths)
        if one.answered == 1.0:
            icc = one.case**2 / (one.case**2 + system)
            got += matched(PANEL.estimate(panel, setting), {"icc[form=2,1]": icc})
        return got

    return Study(
        measure="noise-differ",
        truth=one.words,
        draw=draw,
        runs=runs,
        wide={"noise-apart[part=system]": BOTH, "noise-system": BOTH, "": FROM_ZERO},
    )


def agreement_of(one: Panel) -> Study:
    """Coefficients of these people, by leaving out cases; how often two differ, of people like these."""
    setting = frame(
        People(words="", count=one.people, cases=1), "choice", "case_id", "decider",
        panel_rows=one.people * one.cases,
    )  # fmt: skip

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        of_case, level = _even(rng, one.case, one.cases), _even(rng, one.level, one.people)
        chance = 0.5 + of_case[:, None] + level[None, :]
        chosen = (rng.random(chance.shape) < chance).ravel()
        panel = _rows(one, rng, choice=np.where(chosen, "a", "b").astype(object))
        both = (level.sum() ** 2 - (level**2).sum()) / (one.people * (one.people - 1))
        apart = 0.5 - 2 * one.case**2 - 2 * float(both)
        share = 0.5 + float(level.mean())
        luck = 2 * share * (1 - share)
        truths = {
            "two-differ": 0.5 - 2 * one.case**2,
            "raw-agreement": 1 - apart,
            "krippendorff-alpha": 1 - apart / luck,
            "gwet-ac1": (1 - apart - luck) / (1 - luck),
            "fleiss-kappa": 1 - apart / luck,
        }
        return matched(PANEL.estimate(panel, setting), truths)

    return Study(measure="two-differ", truth=one.words, draw=draw, runs=1000,
                 wide={"two-differ": "few people of unlike level: a pair has two of them",
                       "": FROM_ZERO})  # fmt: skip


def twins(people: People) -> Study:
    """Alike cases in four kinds; people differ in level."""
    kinds = np.array([-0.25, -0.1, 0.1, 0.25])
    level_sd = 0.0 if people.alike == 0 else 0.12

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        loads = people.loads(rng)
        level = _even(rng, level_sd, people.count)
        n = rng.multinomial(loads, np.full(4, 0.25))
        yes = rng.binomial(n, 0.5 + kinds[None, :] + level[:, None])
        person, cell = (x.ravel() for x in np.indices(n.shape))
        unit = np.concatenate([cell, cell])
        who = np.concatenate([person, person])
        option = np.repeat([0, 1], n.size)
        cases = np.concatenate([yes.ravel(), (n - yes).ravel()]).astype(float)
        kept = cases > 0
        unit, who, option, cases = unit[kept], who[kept], option[kept], cases[kept]
        every = pairs_within(unit, who, option, cases, deciders=people.count)
        own = pairs_within(unit * people.count + who, who, option, cases, deciders=people.count)
        between = 2 * float((0.25 - kinds**2).mean())
        of = loads.astype(float)
        made = [
            share_differing(p, of, population=Population.LIKE_THESE) for p in (every - own, own)
        ]
        return [
            ("twins-differ[between=people]", made[0], between),
            ("twins-differ[between=same person]", made[1], between - 2 * level_sd**2),
        ]

    return Study(measure="twins-differ", truth=people.words, draw=draw, runs=1000,
                 wide={"": "a share near its largest value of a half"})  # fmt: skip


def twins_forced(people: int, cases: int, level_sd: float) -> Study:
    """What recorded differences bring: three parts of each of two kinds."""
    rates = np.array([[0.3, 0.45, 0.6], [0.4, 0.5, 0.75]])

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        level = _even(rng, level_sd, people)
        n = rng.multinomial(np.full(people, cases), np.full(6, 1 / 6))
        yes = rng.binomial(n, rates.ravel()[None, :] + level[:, None])
        person, part = (x.ravel() for x in np.indices(n.shape))
        folds = min(10, people)
        counts = np.concatenate([yes.ravel(), (n - yes).ravel()]).astype(float)
        kept = counts > 0
        made = forced(
            np.concatenate([part, part])[kept],
            (np.concatenate([part, part]) // 3)[kept],
            np.repeat([0, 1], n.size)[kept],
            (np.concatenate([person, person]) % folds)[kept],
            counts[kept],
            people=people,
        )
        least = differ = 0.0
        for cell in rates:
            for a in cell:
                for b in cell:
                    least += abs(a - b)
                    differ += a * (1 - b) + b * (1 - a)
        same = 1 / people * 2 * level_sd**2
        least, differ = least / 18, differ / 18 - same
        return [
            ("twins-forced[alike=as declared]", made.forced, least),
            ("twins-excess[alike=as declared]", made.excess, differ - least),
        ]

    return Study(
        measure="twins-forced",
        truth=f"{people} people, {cases} cases each, level sd {level_sd:g}",
        draw=draw,
        runs=1000,
        wide={"": "few groups of people: each left out at a time"},
    )


def leniency(people: People, sd: float) -> Study:
    """People who decide cases of their own, dealt by chance in two kinds."""
    base = np.array([0.05, 0.08]) if people.rare else np.array([0.4, 0.6])

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        loads = people.loads(rng)
        level = _even(rng, sd, people.count)
        n = rng.multinomial(loads, [0.5, 0.5])
        yes = rng.binomial(n, base[None, :] + level[:, None]).astype(float)
        person, kind = (x.ravel() for x in np.indices(n.shape))
        kept = n.ravel() > 0
        cases = n.ravel()[kept].astype(float)
        mean = yes.ravel()[kept] / cases
        total = float(yes.sum())
        events = round(total), round(float(n.sum()) - total)
        sums = Sums(cases, mean, cases * mean * (1 - mean))
        answer = gap_of_two(sums, kind[kept], person[kept], events=events, line=0.05)
        return [("leniency[mix=same kinds]", answer, 2**0.5 * sd)]

    return Study(
        measure="leniency",
        truth=f"two people lie {100 * 2**0.5 * sd:.0f} of 100 apart; {people.words}",
        draw=draw,
        wide={"": FROM_ZERO},
        runs=1000,
    )


LENIENT = (
    FEW,
    People(words="8 people, unequal loads", count=8, cases=80, unequal=True),
    People(words="30 people, unequal loads", count=30, cases=60, unequal=True),
    People(words="200 people of 5 cases", count=200, cases=5),
)


def studies() -> Iterator[Study]:
    for one in OPTIONS:
        yield of_options(one, 500)
        yield agreement_of(one)
    for one in QUANTITIES:
        yield of_amounts(one, 500)
    gaps = Panel(words="12 people, 40 cases, six in ten answered, amounts", people=12, cases=40,
                 case=1.0, level=0.5, pattern=0.5, answered=0.6)  # fmt: skip
    yield of_amounts(gaps, 100)
    for people in LENIENT[:3]:
        yield twins(people)
    yield twins(People(words="5 people exactly alike", count=5, cases=40, alike=0.0))
    for people, cases, sd in ((5, 120, 0.05), (10, 60, 0.1), (40, 60, 0.05)):
        yield twins_forced(people, cases, sd)
    for people in LENIENT:
        for sd in (0.0, 0.035, 0.12):
            yield leniency(people, sd)
    yield leniency(People(words="30 people, rare events", count=30, cases=100, rare=True), 0.02)
