"""Simulated deciders: how many, how much each decides, and how unlike they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sayso.domain.answer import Population
from sayso.measure.rows import Rows
from sayso.measure.setting import Setting

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

FEWEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """A grid point.

    Attributes:
        words: As the page says it.
        count: Deciders.
        cases: Mean cases of each.
        unequal: Whether loads are lognormal with sd 1, else all the same.
        alike: Correlation of two cases of one person within each kind of event; 0: no clustering.
        rare: Whether events are rare.
    """

    words: str
    count: int
    cases: int
    unequal: bool = False
    alike: float = 0.1
    rare: bool = False

    @property
    def population(self) -> Population:
        return Population.LIKE_THESE if self.count >= FEWEST else Population.THESE

    def loads(self, draw: np.random.Generator) -> Places:
        """Cases of each, shape (count,), at least 1."""
        if not self.unequal:
            return np.full(self.count, self.cases, dtype=np.intp)
        spread = draw.lognormal(-0.5, 1.0, self.count)
        return np.maximum(1, np.round(self.cases * spread)).astype(np.intp)

    def chances(self, draw: np.random.Generator, mean: Floats) -> Floats:
        """Each person's chances of kinds of event, shape (count, kinds), on average ``mean``."""
        if self.alike == 0:
            return np.tile(mean, (self.count, 1))
        drawn = draw.standard_gamma(
            np.maximum(mean, 1e-12) * (1 - self.alike) / self.alike, (self.count, len(mean))
        )
        total = drawn.sum(axis=1, keepdims=True)
        return np.where(total > 0, drawn / np.where(total > 0, total, 1), mean)

    def around(self, draw: np.random.Generator, mean: float, sd: float) -> Floats:
        """One value a person, evenly spread with that standard deviation."""
        return mean + sd * draw.uniform(-(3**0.5), 3**0.5, self.count)

    @property
    def names(self) -> NDArray[np.object_]:
        return np.array([f"p{i}" for i in range(self.count)], dtype=object)


FEW = People(words="5 people, 40 cases each", count=5, cases=40)
GRID = (
    FEW,
    People(words="5 people exactly alike", count=5, cases=40, alike=0.0),
    People(words="5 people, unequal loads", count=5, cases=60, unequal=True),
    People(words="10 people, unequal loads", count=10, cases=60, unequal=True),
    People(words="30 people, unequal loads", count=30, cases=40, unequal=True),
    People(words="12 people, strong clustering", count=12, cases=40, alike=0.4),
    People(words="10 people, rare events", count=10, cases=60, unequal=True, rare=True, alike=0.05),
    People(words="40 people, rare events", count=40, cases=40, unequal=True, rare=True, alike=0.05),
    People(words="200 people of 3 cases", count=200, cases=3),
    People(words="these 2 people", count=2, cases=120),
)
SHORT = (GRID[0], GRID[2], GRID[4], GRID[5], GRID[6], GRID[9])


@dataclass(frozen=True, slots=True)
class Drawn:
    """Cases by person and joint kind.

    Attributes:
        counts: Shape (people, kinds).
        target: Share of each kind in the population the ranges speak of.
        people: Who.
    """

    counts: Places
    target: Floats
    people: People

    def column(self, kinds: tuple[int, ...]) -> Floats:
        """Cases of some kinds, by person."""
        return self.counts[:, kinds].sum(axis=1).astype(np.float64)

    def share(self, part: tuple[int, ...], whole: tuple[int, ...]) -> float:
        """The true share of some kinds among others."""
        return float(self.target[list(part)].sum() / self.target[list(whole)].sum())

    def rows(self, columns: dict[str, tuple[int, ...]], **more: NDArray) -> Rows:
        """A row a person."""
        made = {name: self.column(kinds) for name, kinds in columns.items()}
        return Rows({"decider": self.people.names, **made, **more})


def counted(draw: np.random.Generator, people: People, mean: Floats) -> Drawn:
    """Cases of joint kinds, as people who are alike or not decide them."""
    loads = people.loads(draw)
    chances = people.chances(draw, mean)
    counts = draw.multinomial(loads, chances)
    few = people.population is Population.THESE
    target = (loads[:, None] * chances).sum(axis=0) / loads.sum() if few else mean
    return Drawn(counts, target, people)


def joined(*parts: Rows) -> Rows:
    """Rows below each other."""
    return Rows(
        {name: np.concatenate([p.columns[name] for p in parts]) for name in parts[0].columns}
    )


def frame(people: People, *has: str, **more: object) -> Setting:
    """The setting of a table with these people."""
    made: dict[str, object] = {"options": ("a", "b"), **more}
    return Setting(has=frozenset(has), deciders=people.count, **made)  # type: ignore[arg-type]
