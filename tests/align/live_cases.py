"""Live cases and answers that several tests build on."""

from __future__ import annotations

import numpy as np

from sayso.align.consequences import Consequences
from sayso.align.considerations import Consideration

Floats = np.ndarray


def considerations(count: int, *, money: bool = False) -> tuple[Consideration, ...]:
    first = Consideration(name="parts not wasted", worst=300, best=0, unit="EUR")
    rest = [Consideration(name=f"matter {k}", worst=0, best=1) for k in range(count)]
    return tuple(([first] if money else []) + rest)[:count]


def live(
    values: Floats,
    belief: Floats | None = None,
    *,
    held_out: Floats | None = None,
    money: bool = False,
    a_month: float | None = 100.0,
    inputs: dict[str, Floats] | None = None,
    deciders: Floats | None = None,
    chosen: Floats | None = None,
) -> Consequences:
    """Cases from values of shape (cases, options, states, considerations)."""
    cases, options, states, width = values.shape
    nobody = np.zeros(0, dtype=np.intp)
    return Consequences(
        options=tuple("abcdefg"[:options]),
        considerations=considerations(width, money=money),
        states=("false", "true", "late", "never")[:states],
        values=values,
        belief=np.full((cases, states), 1 / states) if belief is None else belief,
        held_out=held_out,
        inputs=inputs or {},
        deciders=nobody if deciders is None else deciders,
        chosen=nobody if chosen is None else chosen,
        cases_a_month=a_month,
        of=cases,
    )


def invented(
    seed: int, *, cases: int = 60, options: int = 3, width: int = 3, **more: object
) -> Consequences:
    """Cases at random, with two states."""
    random = np.random.default_rng(seed)
    happens = random.random(cases)
    return live(
        random.random((cases, options, 2, width)),
        np.column_stack([1 - happens, happens]),
        **more,  # type: ignore[arg-type]
    )


def people(seed: int, count: int, width: int = 3, *, alike: float = 3.0) -> Floats:
    """Weights of people, each summing to 1."""
    return np.random.default_rng(seed).dirichlet([alike] * width, count)
