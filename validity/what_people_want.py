"""Are weights recovered from choices, and do cases chosen to tell views apart recover more?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sayso.align.considerations import Consideration
from sayso.align.recovery import DRAWS, SCALE, Recovered, choice_shares, recovered
from sayso.align.telling_cases import CANDIDATES, Telling, invented_amounts, telling, values_of
from sayso.domain.answer import Estimate, NotEnoughData
from validity.section import Row, Section

Floats = NDArray[np.float64]

CASES = 12
PEOPLE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Mean error of weights in points of 100 a consideration, with its simulation error.

    Attributes:
        telling: With cases chosen to tell views apart.
        telling_error: Standard error over rounds.
        at_random: With as many cases drawn from the same ones.
        at_random_error: Standard error over rounds.
        gain: How much less the first is, within the same rounds and people.
        gain_error: Standard error over rounds.
        none: With no case at all, all considerations taken as equal.
        none_error: Standard error over rounds.
        hits: Share of choices in telling cases that the person's others predict; None where they
            are too few.
        refused: People of whom nothing was said by one of the two; left out of both.
        people: People simulated.
    """

    telling: float
    telling_error: float
    at_random: float
    at_random_error: float
    gain: float
    gain_error: float
    none: float
    none_error: float
    hits: float | None
    refused: int
    people: int


def simulated(
    things: int,
    options: int,
    *,
    cases: int = CASES,
    noise: float = SCALE,
    rounds: int,
    people: int = PEOPLE,
    draws: int = DRAWS,
    seed: int = 0,
) -> Found:
    """Rounds of people whose weights are known, asked about telling cases and random ones.

    Args:
        things: Considerations.
        options: Options of a case.
        cases: Cases asked.
        noise: Scale of people's noise; the reading supposes ``SCALE`` whatever it is.
        rounds: Rounds, each with cases and people of its own, at least 2.
        people: People in a round, their weights drawn evenly from all that sum to 1.
        draws: Weights drawn to read each person.
        seed: Seed of everything.
    """
    considerations = [Consideration(name=str(k), worst=0, best=100) for k in range(things)]
    errors = np.full((rounds, 3), np.nan)
    hits: list[float] = []
    asked = refused = 0
    for number in range(rounds):
        random = np.random.default_rng([seed, things, options, cases, number])
        start = int(random.integers(2**31))
        amounts = invented_amounts(considerations, options, seed=start)
        pool = values_of(amounts, considerations)
        chosen = telling(pool, cases, seed=start)
        assert isinstance(chosen, Telling)
        designs = (
            pool[list(chosen.places)],
            pool[random.choice(len(pool), cases, replace=False)],
        )
        weights = random.dirichlet(np.ones(things), people)
        off: list[tuple[float, float, float]] = []
        for own in weights:
            asked += 1
            read = [_read(random, design, own, noise, draws, start) for design in designs]
            known = [r for r in read if isinstance(r, Recovered)]
            if len(known) < len(designs):
                refused += 1
                continue
            one, other = (_error(r.weights, own) for r in known)
            off.append((one, other, _error(np.full(things, 1 / things), own)))
            if isinstance(known[0].hits, Estimate):
                hits.append(known[0].hits.value)
        errors[number] = np.mean(off, axis=0)
    mean, error = errors.mean(0), errors.std(0, ddof=1) / sqrt(rounds)
    gain = errors[:, 1] - errors[:, 0]
    return Found(
        telling=float(mean[0]),
        telling_error=float(error[0]),
        at_random=float(mean[1]),
        at_random_error=float(error[1]),
        gain=float(gain.mean()),
        gain_error=float(gain.std(ddof=1) / sqrt(rounds)),
        none=float(mean[2]),
        none_error=float(error[2]),
        hits=float(np.mean(hits)) if hits else None,
        refused=refused,
        people=asked,
    )


def _read(
    random: np.random.Generator, design: Floats, own: Floats, noise: float, draws: int, seed: int
) -> Recovered | NotEnoughData:
    shares = choice_shares(design @ own, noise)
    choices = np.array([random.choice(len(share), p=share) for share in shares])
    return recovered(design, choices, draws=draws, seed=seed)


def _error(found: Floats, own: Floats) -> float:
    return float(np.abs(found - own).mean() * 100)


GRID = (
    *((things, 2, SCALE) for things in (2, 3, 4, 5, 6, 8, 10)),
    (3, 3, SCALE),
    (5, 3, SCALE),
    (5, 7, SCALE),
    (3, 2, 2 * SCALE),
    (5, 2, 2 * SCALE),
)
COUNTS = (4, 6, 12, 24, 48)
COLUMNS = {
    "considerations": "considerations",
    "options": "options",
    "noise": "noise",
    "telling": "telling cases",
    "at_random": "random cases",
    "gain": "telling better by",
    "none": "no case",
    "hits": "predicted",
    "refused": "refused",
}


def by_considerations(rounds: int) -> Section:
    """Twelve telling cases against twelve random ones."""
    rows = tuple(
        _row(things, options, CASES, noise, simulated(things, options, noise=noise, rounds=rounds))
        for things, options, noise in GRID
    )
    return Section(
        key="telling_cases",
        title="Cases chosen to tell views apart, against random ones",
        before=f"""People whose weights are known choose in {CASES} cases: in cases that Sayso chose to tell views
apart, and in as many drawn at random from the same {CANDIDATES} invented ones, in none of which an
option is better in everything. Their weights are drawn evenly from all that sum to 100; they choose
with noise. Sayso reads the weights from the choices. The figures are the mean error of a weight, in
points of 100, with the simulation's standard error; {rounds} rounds of {PEOPLE} people a row, each
round with cases of its own.""",
        columns=COLUMNS,
        rows=rows,
        after=f"""**Noise**: an option better by so much of the way from worst to best is chosen 2.7 times as often
as the other; the reading supposes {SCALE:.2f} in every row, and so is wrong about the people in the
rows of {2 * SCALE:.2f}. **Telling better by**: within the same rounds and people. **No case**: the
error of taking all weights as equal, without asking anything. **Predicted**: choices in telling
cases, of 1, that the person's other choices predict. **Refused**: people of whom nothing is said,
because too few drawn weights fit their choices; they are left out of the row, on both sides.

What this does not show: that people have weights, or choose by them. It shows that *if* they do,
the chosen cases find them with less error than as many random ones.""",
    )


def by_cases(rounds: int) -> Section:
    """Error by the number of cases."""
    rows = tuple(
        _row(3, 2, cases, SCALE, simulated(3, 2, cases=cases, rounds=rounds)) for cases in COUNTS
    )
    columns = {"cases": "cases", **COLUMNS}
    for constant in ("considerations", "options", "noise"):
        del columns[constant]
    return Section(
        key="recovery",
        title="How many cases it takes to recover weights",
        before="The same with three considerations and two options, by the number of cases asked.",
        columns=columns,
        rows=rows,
        after="Each row has people and cases of its own, so the error without a case differs by luck.",
    )


def _row(things: int, options: int, cases: int, noise: float, found: Found) -> Row:
    return {
        "considerations": things,
        "options": options,
        "cases": cases,
        "noise": noise,
        **asdict(found),
    }
