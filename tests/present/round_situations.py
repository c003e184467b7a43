"""Rounds in many situations, read as real ones are, for sentences to be held against."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from sayso.align.consequence_reading import ConsequencesReading
from sayso.align.consequences import Consequences
from sayso.align.considerations import Consideration
from sayso.align.read_round import read_round
from sayso.align.round import Round, RoundAnswer, RoundCase
from sayso.align.round_reading import RoundReading
from tests.align.rounds import a_round

MONEY = Consideration(name="money saved", worst=300, best=0, unit="EUR")
WAITING = Consideration(name="no waiting", worst=30, best=0, unit="days")
WORK = Consideration(name="work saved", worst=8, best=0, unit="hours")
THREE = (MONEY, WAITING, WORK)
OPTIONS = ("pay", "examine")
CASES = 12


def round_of(people: int, *, cases: int = CASES, repeats: int = 2, **changes: object) -> Round:
    """A round of a dozen cases, two of them twice."""
    asked = [
        RoundCase(number=n, facts=(("amount", f"{100 * n} EUR"),)) for n in range(1, cases + 1)
    ]
    asked += [
        replace(asked[n], number=cases + 1 + n, repeats=n + 1) for n in range(min(repeats, cases))
    ]
    given: dict[str, object] = {
        "considerations": THREE,
        "options": OPTIONS,
        "cases": tuple(asked),
        "event": "genuine",
        "invited": people,
        "question": "Should this claim be paid?",
    }
    return replace(a_round(), **{**given, **changes})  # type: ignore[arg-type]


def values(cases: int, *, seed: int = 5, telling: bool = True) -> np.ndarray:
    """What options bring, shape (cases, options, states, considerations).

    Paying a claim that is not genuine costs money; examining a genuine one costs days, and hours
    always. Where nothing tells, paying is better on everything.
    """
    amount = np.random.default_rng(seed).uniform(0.1, 0.9, cases)
    made = np.ones((cases, 2, 2, 3))
    if telling:
        made[:, 0, 0, 0] = 1 - amount
        made[:, 1, 1, 1] = 0.7
        made[:, 1, :, 2] = 0.75
    else:
        made[:, 1, :, :] = 0.5
    return made


def asked(cases: int = CASES, *, telling: bool = True) -> Consequences:
    """What options bring in the round's own cases."""
    return Consequences(
        options=OPTIONS,
        considerations=THREE,
        states=("false", "true"),
        values=values(cases, seed=7, telling=telling),
        belief=np.full((cases, 2), 0.5),
    )


def live(
    cases: int = 400, *, telling: bool = True, a_month: float | None = 120.0
) -> ConsequencesReading:
    """A table of live cases, decided by twelve people."""
    random = np.random.default_rng(11)
    happens = random.uniform(0.05, 0.95, cases)
    held = np.clip(happens + random.normal(0, 0.02, cases), 0.01, 0.99)
    made = values(cases, telling=telling)
    belief = np.column_stack([1 - happens, happens])
    expected = np.einsum("cosk,cs->cok", made, belief)
    odds = 40 * (expected[:, 0] - expected[:, 1]) @ np.array([0.6, 0.2, 0.2])
    return ConsequencesReading(
        consequences=Consequences(
            options=OPTIONS,
            considerations=THREE,
            states=("false", "true"),
            values=made,
            belief=belief,
            held_out=np.column_stack([1 - held, held]),
            inputs={"amount": np.round(happens * 4)[:, None]},
            deciders=np.arange(cases) % 12,
            chosen=(random.random(cases) > 1 / (1 + np.exp(-odds))).astype(np.intp),
            cases_a_month=a_month,
            of=cases,
        )
    )


def answers(
    round_: Round,
    weights: Sequence[Sequence[float] | None],
    *,
    owners: Sequence[str] = (),
    purposes: Sequence[str] = (),
    noise: float = 0.0,
    seed: int = 3,
) -> list[RoundAnswer]:
    """People who choose by their weights and by what they believe, with some noise.

    Args:
        round_: The round.
        weights: Points of each; None for whoever skipped them.
        owners: Whom each names, in turn.
        purposes: What each says it is for, in turn.
        noise: How often a choice follows nothing.
        seed: Seed of beliefs and noise.
    """
    random = np.random.default_rng(seed)
    made = values(CASES, seed=7)
    found: list[RoundAnswer] = []
    for place, points in enumerate(weights):
        chance = random.uniform(0.05, 0.95, len(round_.cases))
        choices: list[str | None] = []
        for at, case in enumerate(round_.cases):
            which = (case.repeats or case.number) - 1
            w = np.array(points if points is not None else (34, 33, 33)) / 100
            by = np.einsum("osk,s,k->o", made[which % CASES], [1 - chance[at], chance[at]], w)
            other = random.random() < noise
            choices.append(OPTIONS[int(np.argmax(by)) ^ int(other)])
        found.append(
            RoundAnswer(
                pseudonym=f"{place:032x}",
                owner=owners[place % len(owners)] if owners else "",
                purpose=purposes[place % len(purposes)] if purposes else "",
                points=() if points is None else tuple(points),
                choices=tuple(choices),
                beliefs=tuple(round(100 * float(c)) for c in chance) if round_.event else (),
            )
        )
    return found


ALIKE = [(50.0, 30.0, 20.0)] * 6
CAMPS = [(90.0, 5.0, 5.0)] * 4 + [(5.0, 60.0, 35.0)] * 4
SPREAD = [(50.0, 30.0, 20.0), (40.0, 40.0, 20.0), (60.0, 20.0, 20.0), (30.0, 30.0, 40.0),
          (20.0, 50.0, 30.0), (70.0, 10.0, 20.0)]  # fmt: skip


def _alike() -> RoundReading:
    r = round_of(6)
    said = answers(r, ALIKE, owners=["Ann"], purposes=["money saved"])
    same = [replace(a, choices=said[0].choices, beliefs=said[0].beliefs) for a in said]
    return read_round(r, same, live=live(), asked=asked())


def _decorative() -> RoundReading:
    r = round_of(8)
    said = answers(r, CAMPS, owners=["Ann", "Ann", "Bo"], purposes=["money saved", "no waiting"])
    return read_round(r, said, live=live(telling=False), asked=asked(telling=False))


def _camps() -> RoundReading:
    r = round_of(8)
    owners = ["head of claims", "head of claims", "head of service", "the claims team"]
    said = answers(r, CAMPS, owners=owners, purposes=["money saved", "no waiting"])
    return read_round(r, said, live=live(), asked=asked())


def _dissenter() -> RoundReading:
    r = round_of(5)
    said = answers(
        r, ALIKE[:5], owners=["Ann", "Ann", "Ann", "Ann", "Bo"], purposes=["money saved"]
    )
    same = [replace(a, choices=said[0].choices, beliefs=said[0].beliefs) for a in said]
    flipped = tuple("pay" if c == "examine" else "examine" for c in same[4].choices if c)
    same[4] = replace(same[4], choices=flipped, points=(10.0, 80.0, 10.0), purpose="no waiting")
    return read_round(r, same, live=live(), asked=asked())


def _consented() -> RoundReading:
    r = round_of(3, least=2)
    said = answers(
        r, [(50.0, 30.0, 20.0), (20.0, 60.0, 20.0)], owners=["Ann", "Bo"], purposes=["speed"]
    )
    return read_round(r, said, live=live(), asked=asked())


def _no_table() -> RoundReading:
    r = round_of(6)
    return read_round(r, answers(r, SPREAD, owners=["Ann", "Bo", "Cy"], purposes=["fairness"]))


def _no_weights() -> RoundReading:
    r = round_of(6)
    return read_round(r, answers(r, [None] * 6, owners=["Ann"]), live=live(), asked=asked())


def _fifteen() -> RoundReading:
    r = round_of(15)
    random = np.random.default_rng(2)
    weights = [tuple(100 * w for w in random.dirichlet([3, 2, 1])) for _ in range(15)]
    owners = ["Ann", "Ann Berg", "Bo", "the board", "Ann and Bo"]
    purposes = ["money saved", "no waiting", "keeping the peace", "work saved"]
    said = answers(r, weights, owners=owners, purposes=purposes, noise=0.15)
    return read_round(r, said, live=live(), asked=asked())


def _markup() -> RoundReading:
    bad = "<script>alert(1)</script>"
    r = round_of(6, question=f"Is {bad} it?")
    return read_round(r, answers(r, SPREAD, owners=[bad], purposes=[f"{bad} & more"]))


def _ties() -> RoundReading:
    r = round_of(6)
    weights = [(50.0, 30.0, 20.0)] * 3 + [(30.0, 50.0, 20.0)] * 3
    return read_round(r, answers(r, weights, owners=["Ann"]), live=live(), asked=asked())


def _few_cases() -> RoundReading:
    r = round_of(6, cases=4, repeats=0)
    return read_round(r, answers(r, SPREAD, owners=["Ann"]), live=live(cases=8), asked=asked(4))


def _no_dates() -> RoundReading:
    r = round_of(6)
    said = answers(r, SPREAD, owners=["Ann", "Bo"], noise=0.1)
    return read_round(r, said, live=live(a_month=None), asked=asked())


def _three_of_eight() -> RoundReading:
    r = round_of(8)
    said = answers(r, [*SPREAD[:3], None, None], owners=["Ann", "Ann", "", "", ""])
    return read_round(r, said, live=live(), asked=asked())


def _first_day() -> RoundReading:
    r = round_of(6, cases=0, repeats=0, considerations=(), options=(), event="")
    purposes = ["to save money", "to save money", "to be quicker", "to be quicker", "peace"]
    said = [
        RoundAnswer(pseudonym=str(n), owner=o, purpose=p)
        for n, (o, p) in enumerate(zip(["Ann", "Ann", "Bo", "Bo", "Cy"], purposes, strict=True))
    ]
    return read_round(r, said)


def _only_choices() -> RoundReading:
    r = round_of(7, event="")
    return read_round(r, answers(r, [None] * 6, noise=0.3))


SITUATIONS: dict[str, Callable[[], RoundReading]] = {
    "all alike": _alike,
    "decorative": _decorative,
    "two camps": _camps,
    "one dissenter in five": _dissenter,
    "two of three, consented": _consented,
    "no table": _no_table,
    "nobody weighed": _no_weights,
    "fifteen": _fifteen,
    "markup": _markup,
    "ties": _ties,
    "few cases": _few_cases,
    "no dates": _no_dates,
    "three of eight weighed": _three_of_eight,
    "first day": _first_day,
    "only choices": _only_choices,
}
