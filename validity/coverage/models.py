"""Models of choices and of chances: what choices follow, inputs, weights, calibration, costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from sayso.measure.case_inputs import CaseInput
from sayso.measure.catalog.advice_weight import ADVICE_WEIGHT, VALUE_ADDED
from sayso.measure.catalog.bunching import BUNCHING
from sayso.measure.catalog.calibration import CALIBRATION_AI
from sayso.measure.catalog.cost_ratio import COST_RATIO
from sayso.measure.catalog.follows import FOLLOWS
from sayso.measure.catalog.lens import LENS
from sayso.measure.rows import Rows
from sayso.measure.setting import RightRule
from validity.coverage.people import GRID, Floats, People, frame
from validity.coverage.study import Outcome, Study, matched

NEAR_ZERO = "a size near 0 is held by a range that starts at 0"
REDRAWN = "a median of redrawn people in whole hundredths"
NONE_OVER = "miscalibration has no zero, so its own sampling is part of what is held"
INPUT = CaseInput(name="x", place=0, number=True, labels=("0",), coarse=("0",))
OTHER = CaseInput(name="z", place=1, number=True, labels=("0",), coarse=("0",))


def _world(rng: np.random.Generator, people: People, size: int, told: float) -> dict[str, Floats]:
    """Cases of people with a level of their own, an input, an advice and a first view."""
    person = rng.integers(people.count, size=size)
    level = people.around(rng, 0.0, 0.6 * (people.alike > 0))
    x, z = rng.normal(size=size), rng.normal(size=size)
    advice = (x + rng.normal(size=size) > 0).astype(float)
    first = (0.8 * x + level[person] + rng.logistic(size=size) > 0).astype(float)
    odds = 1.2 * (first - 0.5) * 2 + told * (advice - 0.5) * 2 + 0.4 * x + level[person]
    choice = (odds + rng.logistic(size=size) > 0).astype(float)
    return {"person": person, "x": x, "z": z, "advice": advice, "first": first, "choice": choice}


def _option(values: Floats) -> np.ndarray:
    return np.where(values > 0, "a", "b").astype(object)


def _follows_rows(world: dict[str, Floats]) -> Rows:
    order = np.argsort(world["person"], kind="stable")
    made = {k: v[order] for k, v in world.items()}
    size = len(order)
    none = np.full(size, None, dtype=object)
    return Rows(
        {
            "who": np.array([f"p{i}" for i in made["person"].astype(int)], dtype=object),
            "choice": _option(made["choice"]), "prior": _option(made["first"]),
            "advice": _option(made["advice"]), "choice_number": np.full(size, np.nan),
            "prior_number": np.full(size, np.nan), "advice_number": np.full(size, np.nan),
            "prior_confidence": np.full(size, np.nan),
            "advice_confidence": np.full(size, np.nan), "signal": none, "last_choice": none,
            "last_number": np.full(size, np.nan), "number_0": made["x"],
            "every": np.full(size, float(size)), "place": np.arange(size).astype(float),
        }
    )  # fmt: skip


KEYS = ("follows", "follows-share", "follows-alone", "follows-last", "follows-part",
        "follows-differ", "follows-beyond-first-view", "follows-moves")  # fmt: skip
_LIMITS: dict[str, dict[str, float]] = {}


def _setting(people: People):
    return frame(people, "choice", "prior", "advice", "decider", inputs=(INPUT,), line=0.05)


def _named(figures: Iterable[object]) -> dict[str, object]:
    from validity.coverage.study import name_of

    return {name_of(f): f for f in figures if f.measure in KEYS}  # type: ignore[attr-defined]


def follows(people: People, told: float, runs: int) -> Study:
    """The truth is what the same code says of so many cases that chance is small beside it."""
    key = f"{people.words}|{told}"

    def limits() -> dict[str, float]:
        if key not in _LIMITS:
            many = People(words="", count=2000, cases=1, alike=people.alike)
            sums: dict[str, list[float]] = {}
            for seed in range(6):
                rng = np.random.default_rng([7, seed])
                world = _world(rng, many, 10_000, told)
                setting = frame(
                    many, "choice", "prior", "advice", "decider", inputs=(INPUT,), line=0.05
                )
                figures = FOLLOWS.join({"follows": _follows_rows(world)}, setting)
                for name, figure in _named(figures).items():
                    if figure.estimate is not None:  # type: ignore[attr-defined]
                        sums.setdefault(name, []).append(figure.estimate.value)  # type: ignore[attr-defined]
            _LIMITS[key] = {name: float(np.mean(v)) for name, v in sums.items()}
        return _LIMITS[key]

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        world = _world(rng, people, people.count * people.cases, told)
        figures = FOLLOWS.join({"follows": _follows_rows(world)}, _setting(people))
        return matched(figures, limits())  # type: ignore[arg-type]

    return Study(
        measure="follows",
        truth=f"advice weighs {told:g}; {people.words}",
        draw=draw,
        runs=runs,
        wide={"": NEAR_ZERO},
    )


def follows_amounts(people: People, weight: float) -> Study:
    """Quantities: how far choices move from the first view to the advice and the last choice."""
    setting = frame(
        people, "choice_number", "prior_number", "advice_number", "decider", "decided_at",
        quantity=True, options=(),
    )  # fmt: skip

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        size = people.count * people.cases
        person = np.repeat(np.arange(people.count), people.cases)
        own = people.around(rng, weight, 0.1 * (people.alike > 0))
        first, advice, last = (rng.normal(10, 2, size) for _ in range(3))
        choice = first + own[person] * (advice - first) + rng.normal(0, 0.8, size)
        none = np.full(size, None, dtype=object)
        rows = Rows(
            {
                "who": np.array([f"p{i}" for i in person], dtype=object), "choice": none,
                "prior": none, "advice": none, "choice_number": choice, "prior_number": first,
                "advice_number": advice, "prior_confidence": np.full(size, np.nan),
                "advice_confidence": np.full(size, np.nan), "signal": none, "last_choice": none,
                "last_number": last, "every": np.full(size, float(size)),
                "place": np.arange(size).astype(float),
            }
        )  # fmt: skip
        figures = FOLLOWS.join({"follows": rows}, setting)
        return matched(
            figures, {"follows-weight[of=advice]": weight, "follows-weight[of=last choice]": 0.0}
        )

    return Study(
        measure="follows",
        truth=f"amounts, advice weighs {weight:g}; {people.words}",
        draw=draw,
        runs=300,
        wide={"": NEAR_ZERO},
    )


def lens(people: People, used: float, useful: float, runs: int) -> Study:
    """Amounts that follow two inputs, and what came out follows them too."""
    setting = frame(
        people, "choice_number", "outcome_number", "decider", inputs=(INPUT, OTHER),
        quantity=True, options=(), line=0.05,
    )  # fmt: skip
    sd = 0.15 * (people.alike > 0)

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        size = people.count * people.cases
        person = np.repeat(np.arange(people.count), people.cases)
        x, z = rng.normal(size=size), rng.normal(size=size)
        own = people.around(rng, used, sd)
        level = people.around(rng, 10.0, sd)
        choice = level[person] + own[person] * x + 0.5 * z + rng.normal(0, 1, size)
        came = 10 + useful * x + 0.5 * z + rng.normal(0, 1, size)
        rows = Rows(
            {
                "who": np.array([f"p{i}" for i in person], dtype=object),
                "choice_number": choice, "outcome_number": came,
                "prior_number": np.full(size, np.nan), "number_0": x, "number_1": z,
            }
        )  # fmt: skip
        total_c = used**2 + 0.25 + 1 + 2 * sd**2
        total_o = useful**2 + 0.25 + 1
        model_c, model_o = used**2 + 0.25, useful**2 + 0.25
        shared = used * useful + 0.25
        achievement = shared / (total_c * total_o) ** 0.5
        truths = {
            "lens-achievement[of=choice]": achievement,
            "lens-world[of=choice]": (model_o / total_o) ** 0.5,
            "lens-consistency[of=choice]": (model_c / total_c) ** 0.5,
            "lens-knowledge[of=choice]": shared / (model_c * model_o) ** 0.5,
            "lens-unmodelled[of=choice]": 0.0,
            "lens-model[of=choice]": shared / (model_c * total_o) ** 0.5,
            "lens-model-gain[of=choice]": shared / (model_c * total_o) ** 0.5 - achievement,
            "input-used[input=x]": used,
            "input-used[input=z]": 0.5,
            "input-useful[input=x]": useful,
            "policy-spread": sd,
        }
        return matched(LENS.join({"lens": rows}, setting), truths)

    return Study(
        measure="lens-achievement",
        truth=f"an input used {used:g} and useful {useful:g}; {people.words}",
        draw=draw,
        runs=runs,
        wide={"": NEAR_ZERO},
    )


def weight(people: People, mean: float, *, redrawn: float = 0.0) -> Study:
    """Quantities: first view, advice, choice and outcome."""
    setting = frame(
        people, "choice_number", "prior_number", "advice_number", "outcome_number",
        quantity=True, options=(), line=0.05,
    )  # fmt: skip
    sd = 0.1 * (people.alike > 0)
    grid = np.random.default_rng(11)
    many = 400_000
    apart_many = grid.normal(0, 2, many)
    own_many = mean + sd * grid.uniform(-(3**0.5), 3**0.5, many)
    moved_many = own_many + grid.normal(0, 0.3, many)
    kept = np.abs(apart_many) > 0.2
    clipped_true = float(np.clip(moved_many[kept], 0, 1).mean())
    outside_true = float(((moved_many < 0) | (moved_many > 1))[kept].mean())
    at_zero, at_one = 0.1, 0.05

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        loads = people.loads(rng)
        own = people.around(rng, mean, sd)
        columns = ("moved_apart", "apart_squared", "apart_cases", "clipped", "outside", "at_zero",
                   "at_one")  # fmt: skip
        sums = {c: np.zeros(people.count) for c in columns}
        first_error, advice_error, choice_error = (np.zeros(people.count) for _ in range(3))
        ratios: list[tuple[int, Floats]] = []
        for j, n in enumerate(loads.tolist()):
            apart = rng.normal(0, 2, n)
            apart = np.where(np.abs(apart) > 0.2, apart, np.sign(apart) * 0.2 + apart)
            share = own[j] + rng.normal(0, 0.3, n)
            kind = rng.random(n)
            share = np.where(kind < at_zero, 0.0, np.where(kind < at_zero + at_one, 1.0, share))
            sums["moved_apart"][j] = (share * apart**2).sum()
            sums["apart_squared"][j] = (apart**2).sum()
            sums["apart_cases"][j] = n
            sums["clipped"][j] = np.clip(share, 0, 1).sum()
            sums["outside"][j] = ((share < 0) | (share > 1)).sum()
            sums["at_zero"][j] = (share == 0).sum()
            sums["at_one"][j] = (share == 1).sum()
            ratios.append((j, share))
            first_error[j] = np.abs(rng.normal(0, 3, n)).sum() * np.exp(own[j] - mean)
            advice_error[j] = np.abs(rng.normal(0, 2, n)).sum()
            choice_error[j] = np.abs(rng.normal(0, 2.2, n)).sum()
        middle_all = np.concatenate([s for _, s in ratios])
        weights = Rows({"decider": people.names, **sums})
        middle = Rows(
            {"cases": np.array([float(len(middle_all))]),
             "middle": np.array([float(np.median(middle_all))])}
        )  # fmt: skip
        bins: dict[str, list] = {"decider": [], "hundredth": [], "cases": []}
        if people.count >= 40:
            for j, share in ratios:
                held = np.clip(np.floor(share * 100), -100, 200)
                values, counts = np.unique(held, return_counts=True)
                bins["decider"] += [f"p{j}"] * len(values)
                bins["hundredth"] += values.tolist()
                bins["cases"] += counts.tolist()
        table = Rows(
            {
                "decider": np.array(bins["decider"], dtype=object),
                "hundredth": np.array(bins["hundredth"], dtype=float),
                "cases": np.array(bins["cases"], dtype=float),
            }
        )
        figures = ADVICE_WEIGHT.join({"weight": weights, "middle": middle, "bins": table}, setting)
        plain = 1 - at_zero - at_one
        truths = {
            "weight-of-advice": plain * mean + at_one,
            "weight-of-advice[statistic=regression]": plain * mean + at_one,
            "weight-of-advice[statistic=mean clipped]": plain * clipped_true + at_one,
            "weight-of-advice[statistic=outside]": plain * outside_true,
            "weight-of-advice[statistic=at zero]": at_zero,
            "weight-of-advice[statistic=at one]": at_one,
        }
        if people.count >= 40 and mean == 0.5:
            truths["weight-of-advice[statistic=median]"] = _median(sd, at_zero, at_one)
        got = matched(figures, truths)
        errors = Rows(
            {
                "decider": people.names, "cases": loads.astype(float),
                "first_view": first_error, "advice": advice_error, "choice": choice_error,
            }
        )  # fmt: skip
        half = (2 / np.pi) ** 0.5
        wide = 3**0.5 * sd
        level = float(np.sinh(wide) / wide) if wide else 1.0
        steps = {
            "forecast-value-added[step=advice over first view]": half * (3 * level - 2),
            "forecast-value-added[step=choice over advice]": half * (2 - 2.2),
            "mean-absolute-error[step=first view]": half * 3 * level,
            "mean-absolute-error[step=choice]": half * 2.2,
        }
        return [*got, *matched(VALUE_ADDED.estimate(errors, setting), steps)]

    return Study(
        measure="weight-of-advice",
        truth=f"a weight of {mean:g}; {people.words}",
        draw=draw,
        runs=1000,
        wide={"weight-of-advice[statistic=median]": REDRAWN, "": NEAR_ZERO},
    )


def _median(sd: float, at_zero: float, at_one: float) -> float:
    """The middle of the mixture, from so many draws that chance is far below a hundredth."""
    rng = np.random.default_rng(12)
    size = 2_000_000
    share = 0.5 + sd * rng.uniform(-(3**0.5), 3**0.5, size) + rng.normal(0, 0.3, size)
    kind = rng.random(size)
    share = np.where(kind < at_zero, 0.0, np.where(kind < at_zero + at_one, 1.0, share))
    return float(np.median(share))


def calibration(people: People, slope: float, runs: int) -> Study:
    """Stated tenths of chances; events follow them, flatter or steeper, and people differ."""
    setting = frame(people, "said", "happened", line=0.05)
    values = np.linspace(0.05, 0.95, 10)
    if people.rare:
        values = 0.01 + values * 0.12
    odds = np.log(values / (1 - values))
    centre = 0.0 if not people.rare else float(odds.mean())
    plain = 1 / (1 + np.exp(-(centre + slope * (odds - centre))))

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        loads = people.loads(rng)
        n = rng.multinomial(loads, np.full(10, 0.1))
        x = rng.binomial(n, np.tile(plain, (people.count, 1)))
        person, place = (i.ravel() for i in np.indices(n.shape))
        kept = n.ravel() > 0
        rows = Rows(
            {
                "person": person[kept].astype(float), "said": values[place[kept]],
                "cases": n.ravel()[kept].astype(float), "events": x.ravel()[kept].astype(float),
            }
        )  # fmt: skip
        figures = CALIBRATION_AI.estimate(rows, setting)
        truths = {
            "calibration-slope[of=ai]": slope,
            "brier[of=ai]": float((plain * (1 - values) ** 2 + (1 - plain) * values**2).mean()),
            "miscalibration[of=ai]": float(((plain - values) ** 2).mean()),
        }
        got = matched(figures, truths)
        for figure in figures:
            # A tenth that joined its neighbours is none of the stated values.
            if figure.measure == "calibration" and not people.rare:
                said = float(str(figure.note("said")))
                near = int(np.argmin(np.abs(values - said)))
                if abs(values[near] - said) < 1e-6:
                    got.append(("calibration", figure, float(plain[near])))
        return got

    return Study(
        measure="calibration",
        truth=f"slope {slope:g}; {people.words}",
        draw=draw,
        runs=runs,
        wide={"miscalibration": NONE_OVER, "": NEAR_ZERO},
    )


SHARES = np.array([0.15, 0.35, 0.5])


def costs(people: People) -> Study:
    """Stated chances, beta by person; how many choices turn between half and twice the cost."""
    setting = frame(people, "said", "advice", "advice_stake", "happened", right=RightRule.MISTAKES,
                    line=0.05)  # fmt: skip
    facts = Rows(
        {
            "advice": np.array(["a", "b"], dtype=object), "cost": np.array([20.0, 10.0]),
            "same": np.array([1.0, 0.0]), "other": np.array([0.0, 1.0]),
        }
    )  # fmt: skip
    steps = np.arange(200)
    low, high = 1 / 2, 4 / 5

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        loads = people.loads(rng)
        turn = people.chances(rng, SHARES)
        n = rng.multinomial(loads, turn)
        parts: list[tuple[int, int, int]] = []
        for j in range(people.count):
            for k, (start, end) in enumerate(((0.05, low), (low, high), (high, 0.95))):
                drawn = rng.uniform(start, end, n[j, k])
                found, counts = np.unique(np.floor(drawn * 200), return_counts=True)
                parts += [(j, int(s), int(c)) for s, c in zip(found, counts, strict=True)]
        who, step, count = (np.array(v) for v in zip(*parts, strict=True))
        rows = Rows(
            {
                "decider": people.names[who], "advice": np.full(len(who), "a", dtype=object),
                "step": steps[step].astype(float), "cases": count.astype(float),
            }
        )  # fmt: skip
        figures = COST_RATIO.join({"costs": facts, "chances": rows}, setting)
        few = people.count < 5
        target = (loads[:, None] * turn).sum(0) / loads.sum() if few else SHARES
        got = matched(figures, {"cost-ratio": float(target[1])})
        if not few:
            # Declared 2: above 2/3 a is chosen. Going up, half have turned at the edge where as
            # many lie between; it is in the last part, spread evenly up to 0.95.
            between = SHARES[1] * (high - 2 / 3) / (high - low)
            edge = high + (0.95 - high) * (0.5 - between) / SHARES[2]
            got += matched(figures, {"cost-ratio-half": edge / (1 - edge)})
        return got

    return Study(
        measure="cost-ratio",
        truth=people.words,
        draw=draw,
        runs=300,
        wide={"cost-ratio-half": "every ratio at which a half cannot be ruled out, in steps of 2 %",
              "": NEAR_ZERO},
    )  # fmt: skip


def bunching(cases: int, jump: float) -> Study:
    """A number with a line at 0; above it cases are so much denser."""
    one = CaseInput(name="x", place=0, number=True, labels=("0",), coarse=("0",), lines=(0.0,))
    setting = frame(People(words="", count=10, cases=1), inputs=(one,), line=0.05)
    share = 0.5 + jump

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        size = rng.poisson(cases)
        above = rng.random(size) < share
        # Falling evenly away from the line, as steep on either side.
        away = 1 - np.sqrt(1 - rng.random(size))
        values = np.sort(np.where(above, away, -away))
        rows = Rows(
            {
                "input": np.full(size, "x", dtype=object), "input_number": values,
                "cases": np.ones(size),
            }
        )  # fmt: skip
        return matched(BUNCHING.estimate(rows, setting), {"bunching[input=x, at=0]": share})

    return Study(
        measure="bunching",
        truth=f"{cases} cases, {100 * share:g} of 100 at the line lie above it",
        draw=draw,
        runs=500,
        wide={"": NEAR_ZERO},
    )


MODELLED = (
    People(words="8 people, 60 cases each", count=8, cases=60),
    People(words="30 people, 40 cases each", count=30, cases=40),
    People(words="6 people exactly alike, 80 cases each", count=6, cases=80, alike=0.0),
)


def studies() -> Iterator[Study]:
    for people in MODELLED:
        for told in (0.0, 0.8):
            yield follows(people, told, 120)
    for people in (MODELLED[0], MODELLED[1]):
        yield follows_amounts(people, 0.4)
        yield follows_amounts(people, 0.0)
    for people in MODELLED:
        yield lens(people, 0.5, 0.5, 500)
        yield lens(people, 0.0, 0.5, 500)
    yield lens(People(words="5 people, 40 cases each", count=5, cases=40), 0.5, 0.0, 500)
    for people in (GRID[0], GRID[3], GRID[4], People(words="40 people, 40 cases each", count=40,
                                                     cases=40)):  # fmt: skip
        for mean in (0.0, 0.5):
            yield weight(people, mean)
    for people in (
        People(words="5 people, 120 cases each", count=5, cases=120),
        People(words="10 people, unequal loads", count=10, cases=120, unequal=True),
        People(words="30 people, unequal loads", count=30, cases=60, unequal=True),
        People(words="30 people, rare events", count=30, cases=100, unequal=True, rare=True),
        People(words="these 2 people", count=2, cases=300),
    ):
        for slope in (1.0, 0.7):
            yield calibration(people, slope, 100)
    for people in (GRID[0], GRID[4], GRID[5], GRID[9]):
        yield costs(people)
    for cases, jump in ((300, 0.0), (2000, 0.0), (2000, 0.1)):
        yield bunching(cases, jump)
