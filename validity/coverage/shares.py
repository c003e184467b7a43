"""Shares of cases: how far advice gets, what is taken, missing, early, said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from sayso.domain.figure import Figure
from sayso.measure.catalog.adoption import ADOPTION
from sayso.measure.catalog.agreement import AGREEMENT, AGREEMENT_BY_OPTION
from sayso.measure.catalog.attention import ATTENTION, STREAKS
from sayso.measure.catalog.closure import CLOSURE
from sayso.measure.catalog.first_views import FIRST_VIEWS
from sayso.measure.catalog.input_care import INPUT_CARE
from sayso.measure.catalog.selective_use import SELECTIVE_USE
from sayso.measure.catalog.support import CONSTANT, SUPPORT, UNSEEN
from sayso.measure.catalog.unheld_reasons import UNHELD_REASONS
from sayso.measure.rows import Rows
from validity.coverage.people import GRID, SHORT, Drawn, Floats, People, counted, frame, joined
from validity.coverage.study import Outcome, Study, matched

Kinds = tuple[int, ...]
FEW_CASES = "few cases: a whole number of events cannot hold exactly 95 of 100"
BOUND = "a share near 0 or 1: the range is cut there and its scale is not symmetric"
MISSED_AT_ONCE = "said only where every case agrees, and judged by how often it is said and wrong"


def mean_of(people: People, usual: list[float], rare: list[float]) -> Floats:
    made = np.array(rare if people.rare else usual)
    return made / made.sum()


def truths_of(drawn: Drawn, shares: Mapping[str, tuple[Kinds, Kinds]]) -> dict[str, float]:
    return {name: drawn.share(part, whole) for name, (part, whole) in shares.items()}


def adoption(people: People) -> Study:
    # not computed, late, hidden, not opened, opened, opened and usable, and used
    mean = mean_of(people, [15, 8, 10, 20, 17, 15, 15], [1, 2, 2, 2, 60, 32, 2])
    columns = {
        "cases": (0, 1, 2, 3, 4, 5, 6),
        "computed": (1, 2, 3, 4, 5, 6),
        "late": (1,),
        "exposed": (3, 4, 5, 6),
        "opened": (4, 5, 6),
        "usable": (5, 6),
        "used": (6,),
    }
    shares = {
        "coverage": (columns["computed"], columns["cases"]),
        "exposure": (columns["exposed"], columns["cases"]),
        "attention": (columns["opened"], columns["exposed"]),
        "use": (columns["used"], columns["usable"]),
        "justification": (columns["late"], columns["computed"]),
    }
    setting = frame(people, "advice", "shown", "advice_opened_at", "prior", "advice_at")

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        return matched(ADOPTION.estimate(drawn.rows(columns), setting), truths_of(drawn, shares))

    return Study(measure="coverage", truth=people.words, draw=draw, wide={"": BOUND})


def agreement(people: People) -> Study:
    # shown agreed, shown not, hidden agreed, hidden not
    mean = mean_of(people, [56, 14, 18, 12], [2, 58, 1, 39])
    setting = frame(people, "advice", "choice", "shown")

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        rows = joined(
            *(
                drawn.rows({"cases": c, "agreed": a}, in_view=np.full(people.count, view))
                for view, c, a in ((1.0, (0, 1), (0,)), (0.0, (2, 3), (2,)))
            )
        )
        truths = {
            "agreement": drawn.share((0, 2), (0, 1, 2, 3)),
            "agreement[arm=shown]": drawn.share((0,), (0, 1)),
            "agreement[arm=hidden]": drawn.share((2,), (2, 3)),
        }
        return matched(AGREEMENT.estimate(rows, setting), truths)

    return Study(measure="agreement", truth=people.words, draw=draw, wide={"": BOUND})


def kappa(people: People) -> Study:
    options = ("a", "b", "c")
    usual = [30, 6, 4, 8, 20, 2, 5, 5, 20]
    rare = [84, 2, 2, 3, 3, 1, 2, 1, 2]
    mean = mean_of(people, usual, rare)
    setting = frame(people, "advice", "choice", options=options)

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        size = people.count
        rows = joined(
            *(
                drawn.rows(
                    {"cases": (3 * i + j,)},
                    in_view=np.ones(size),
                    advice=np.full(size, a, dtype=object),
                    choice=np.full(size, c, dtype=object),
                )
                for i, a in enumerate(options)
                for j, c in enumerate(options)
            )
        )
        rows = rows.where(rows.numbers("cases") > 0)
        table = drawn.target.reshape(3, 3)
        chance = float((table.sum(0) * table.sum(1)).sum())
        truths = {"agreement-kappa": (float(np.trace(table)) - chance) / (1 - chance)}
        truths |= {
            f"choice-rate[arm=advice, option={o}]": float(table.sum(1)[i])
            for i, o in enumerate(options)
        }
        return matched(AGREEMENT_BY_OPTION.estimate(rows, setting), truths)

    return Study(measure="agreement-kappa", truth=people.words, draw=draw, wide={"": BOUND})


def first_views(people: People) -> Study:
    # agreed, moved to, moved away, held, other
    mean = mean_of(people, [50, 18, 6, 20, 6], [92, 2, 2, 2, 2])
    columns = {
        "cases": (0, 1, 2, 3, 4),
        "agreed": (0,),
        "moved_to": (1,),
        "moved_away": (2,),
        "held": (3,),
    }
    whole = columns["cases"]
    shares: dict[str, tuple[Kinds, Kinds]] = {
        "first-view-agreed": ((0,), whole),
        "first-view-moved-to": ((1,), whole),
        "first-view-moved-away": ((2,), whole),
        "first-view-held": ((3,), whole),
        "first-view-other": ((4,), whole),
        "switch-fraction": ((1,), (1, 3, 4)),
    }
    setting = frame(people, "prior", "advice", "choice")

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        rows = drawn.rows(columns, in_view=np.ones(people.count))
        return matched(FIRST_VIEWS.estimate(rows, setting), truths_of(drawn, shares))

    return Study(measure="first-view-agreed", truth=people.words, draw=draw, wide={"": BOUND})


def closure(people: People) -> Study:
    # not due, due and open, due and closed: chose a; the same for b
    mean = mean_of(people, [10, 12, 30, 10, 6, 32], [2, 2, 60, 1, 1, 34])
    setting = frame(people, "outcome", "choice")

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        size = people.count
        rows = joined(
            *(
                drawn.rows(
                    {"cases": (k, k + 1, k + 2), "matured": (k + 1, k + 2), "closed": (k + 2,)},
                    in_view=np.ones(size),
                    choice=np.full(size, option, dtype=object),
                )
                for option, k in (("a", 0), ("b", 3))
            )
        )
        shares: dict[str, tuple[Kinds, Kinds]] = {
            "closure": ((2, 5), (1, 2, 4, 5)),
            "maturity": ((1, 2, 4, 5), (0, 1, 2, 3, 4, 5)),
            "missing-outcome[choice=a]": ((1,), (1, 2)),
            "missing-outcome[choice=b]": ((4,), (4, 5)),
        }
        return matched(CLOSURE.estimate(rows, setting), truths_of(drawn, shares))

    return Study(measure="closure", truth=people.words, draw=draw, wide={"": BOUND})


def selective_use(people: People) -> Study:
    # two kinds of case; followed and opened, opened, followed, neither
    mean = mean_of(people, [30, 5, 15, 10, 10, 10, 10, 10], [2, 1, 1, 48, 1, 1, 2, 44])
    setting = frame(people, "advice", "choice", "kind", "advice_opened_at")

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        size = people.count
        rows = joined(
            *(
                drawn.rows(
                    {
                        "cases": (k, k + 1, k + 2, k + 3),
                        "followed": (k, k + 2),
                        "opened": (k, k + 1),
                        "apart": (k + 3,),
                        "moved": (),
                    },
                    kind=np.full(size, name, dtype=object),
                )
                for name, k in (("one", 0), ("two", 4))
            )
        )
        shares: dict[str, tuple[Kinds, Kinds]] = {
            f"selective-use[use={use}, kind={name}]": ((k, k + o), (k, k + 1, k + 2, k + 3))
            for name, k in (("one", 0), ("two", 4))
            for use, o in (("opened", 1), ("followed", 2))
        }
        return matched(SELECTIVE_USE.estimate(rows, setting), truths_of(drawn, shares))

    return Study(measure="selective-use", truth=people.words, draw=draw, wide={"": BOUND})


def stamps(people: People) -> Study:
    """Advice taken fast, and how often fast and slow turned out wrong; seconds are lognormal."""
    # fast wrong, fast right, slow wrong, slow right, not taken
    mean = mean_of(people, [6, 14, 8, 52, 20], [1, 2, 2, 92, 3])
    setting = frame(people, "seconds", "advice", "choice", "choice_right")
    middle, spread = 30.0, 0.6

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        hidden = people.loads(rng)
        slower = people.around(rng, 0.0, 0.3 * people.alike**0.5)
        parts: list[Rows] = []
        truth_of: list[tuple[float, float]] = []
        for view, loads in ((1.0, drawn.counts.sum(1)), (0.0, hidden)):
            total, means, squares = (np.zeros(people.count) for _ in range(3))
            for j, n in enumerate(loads.tolist()):
                took = (middle + 10 * (1 - view)) * np.exp(
                    slower[j] + spread * rng.standard_normal(n)
                )
                total[j], means[j] = took.sum(), took.mean()
                squares[j] = took.var() * n
            truth = (middle + 10 * (1 - view)) * np.exp(spread**2 / 2)
            person = np.exp(slower)
            if people.count < 5:
                level = float((loads * person).sum() / loads.sum())
            else:
                wide = 3**0.5 * 0.3 * people.alike**0.5
                level = float(np.sinh(wide) / wide) if wide else 1.0
            truth_of.append((truth * level, truth))
            taken: dict[str, Kinds] = {
                "taken": (0, 1, 2, 3),
                "fast": (0, 1),
                "fast_known": (0, 1),
                "fast_wrong": (0,),
                "slow_known": (2, 3),
                "slow_wrong": (2,),
            }
            parts.append(
                drawn.rows(
                    taken if view else dict.fromkeys(taken, ()),
                    in_view=np.full(people.count, view),
                    cases=loads.astype(np.float64),
                    seconds=total,
                    mean_seconds=means,
                    spread_seconds=squares,
                )
            )
        figures = ATTENTION.join({"attention": joined(*parts)}, setting)
        truths = {
            "rubber-stamp": drawn.share((0, 1), (0, 1, 2, 3)),
            "taken-wrong[pace=fast]": drawn.share((0,), (0, 1)),
            "taken-wrong[pace=slow]": drawn.share((2,), (2, 3)),
            "seconds[arm=with advice]": truth_of[0][0],
            "seconds[arm=without]": truth_of[1][0],
            "seconds-with-advice": truth_of[0][0] - truth_of[1][0],
        }
        return matched(figures, truths)

    return Study(measure="rubber-stamp", truth=people.words, draw=draw, wide={"": BOUND}, runs=1000)


def streaks(people: People) -> Study:
    """Cases in the order of chance, each person with a share of their own."""
    mean = mean_of(people, [80, 20], [95, 5])
    setting = frame(people, "advice", "choice", "decider", "decided_at")

    def in_streaks(taken: np.ndarray) -> int:
        edges = np.flatnonzero(np.diff(np.concatenate([[0], taken, [0]])))
        lengths = edges[1::2] - edges[::2]
        return int(lengths[lengths >= 10].sum())

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        loads = people.loads(rng)
        chances = people.chances(rng, mean)[:, 0]
        rows: dict[str, list[float]] = {"cases": [], "taken": [], "in_streaks": []}
        for n, p in zip(loads.tolist(), chances.tolist(), strict=True):
            taken = (rng.random(n) < p).astype(np.intp)
            rows["cases"].append(n)
            rows["taken"].append(float(taken.sum()))
            rows["in_streaks"].append(float(in_streaks(taken)))
        table = Rows({"decider": people.names, **{k: np.array(v) for k, v in rows.items()}})
        # In an order of chance nothing lies beyond chance.
        return matched(STREAKS.estimate(table, setting), {"streaks-beyond-chance": 0.0})

    return Study(
        measure="streaks", truth=f"{people.words}, order of chance", draw=draw, wide={"": BOUND}
    )


def streak_share(people: People) -> Study:
    """The share in streaks, as any share of what was taken: the truth is fixed by design."""
    mean = mean_of(people, [30, 50, 20], [2, 90, 8])
    setting = frame(people, "advice", "choice", "decider", "decided_at")

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        rows = drawn.rows({"cases": (0, 1, 2), "taken": (0, 1), "in_streaks": (0,)})
        return matched(STREAKS.estimate(rows, setting), {"streaks": drawn.share((0,), (0, 1))})

    return Study(measure="streaks", truth=people.words, draw=draw, wide={"": BOUND})


def care(people: People) -> Study:
    """Outcomes at once, early, and missing unevenly."""
    # in view: early wrong, early right, due wrong, due right, missing, at once; the same hidden
    mean = mean_of(
        people,
        [4, 6, 8, 22, 6, 4, 4, 6, 8, 22, 6, 4],
        [1, 1, 1, 46, 1, 1, 1, 1, 1, 45, 1, 1],
    )
    setting = frame(people, "outcome", "outcome_due", "choice", show_probability=0.5)

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        size = people.count
        rows = joined(
            *(
                drawn.rows(
                    {
                        "cases": tuple(range(k, k + 6)),
                        "matured": tuple(range(k, k + 6)),
                        "known": (k, k + 1, k + 2, k + 3, k + 5),
                        "timed": (k, k + 1, k + 2, k + 3, k + 5),
                        "at_once": (k + 5,),
                        "early": (k, k + 1),
                        "early_judged": (k, k + 1),
                        "early_wrong": (k,),
                        "due_judged": (k + 2, k + 3),
                        "due_wrong": (k + 2,),
                    },
                    shown=np.full(size, view),
                    choice=np.full(size, "a", dtype=object),
                    followed=np.full(size, 1.0),
                )
                for view, k in ((1.0, 0), (0.0, 6))
            )
        )
        t = drawn.target
        known = (0, 1, 2, 3, 5, 6, 7, 8, 9, 11)
        truths = {
            "outcome-at-once": drawn.share((5, 11), known),
            "outcome-early": drawn.share((0, 1, 6, 7), known),
            "sample-ratio": float(t[:6].sum()),
        }
        # Differences within people: exact where people are exactly alike or the arms pooled.
        if people.alike == 0 or people.count < 5:
            truths["outcome-early-gap"] = drawn.share((0, 6), (0, 1, 6, 7)) - drawn.share(
                (2, 8), (2, 3, 8, 9)
            )
            truths["missing-apart[more_in=shown]"] = drawn.share(
                (4,), tuple(range(6))
            ) - drawn.share((10,), tuple(range(6, 12)))
        if people.alike > 0:
            del truths["sample-ratio"]
        return matched(INPUT_CARE.estimate(rows, setting), truths)

    return Study(measure="outcome-at-once", truth=people.words, draw=draw, wide={"": BOUND})


def apart_within(people: People) -> Study:
    """Missing and early outcomes, compared within people whose own differences vary."""
    setting = frame(people, "outcome", "outcome_due", "choice", show_probability=0.5)
    sd = 0.0 if people.alike == 0 else 0.06

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        loads = people.loads(rng)
        first = rng.binomial(loads, 0.5)
        sides = (first, loads - first)
        base = people.around(rng, 0.05 if people.rare else 0.25, 0.0 if people.rare else sd)
        gap = people.around(rng, 0.0, 0.0 if people.rare else sd)
        parts: list[Rows] = []
        early = [rng.binomial(n, 0.4) for n in sides]
        wrong = [rng.binomial(e, base + gap) for e in early]
        due = [n - e for n, e in zip(sides, early, strict=True)]
        due_wrong = [rng.binomial(d, base) for d in due]
        for view, n, lost, e, w, d, dw in zip(
            (1.0, 0.0),
            sides,
            (rng.binomial(sides[0], base + gap), rng.binomial(sides[1], base)),
            early, wrong, due, due_wrong, strict=True,
        ):  # fmt: skip
            zero = np.zeros(people.count)
            parts.append(
                Rows(
                    {
                        "decider": people.names,
                        "cases": n.astype(float), "matured": n.astype(float),
                        "known": (n - lost).astype(float), "timed": zero, "at_once": zero,
                        "early": e.astype(float), "early_judged": e.astype(float),
                        "early_wrong": w.astype(float), "due_judged": d.astype(float),
                        "due_wrong": dw.astype(float), "shown": np.full(people.count, view),
                        "choice": np.full(people.count, "a", dtype=object),
                        "followed": np.ones(people.count),
                    }
                )
            )  # fmt: skip
        few = people.count < 5
        truths = {
            "missing-apart[more_in=shown]": _pooled(sides, (base + gap, base)) if few else 0.0,
            "sample-ratio": 0.5,
        }
        if not few:
            truths["outcome-early-gap"] = 0.0
        return matched(INPUT_CARE.estimate(joined(*parts), setting), truths)

    return Study(
        measure="outcome-at-once",
        truth=f"{people.words}, no gap on average",
        draw=draw,
        wide={"": BOUND},
    )


def _pooled(loads: tuple[np.ndarray, ...], chances: tuple[Floats, ...]) -> float:
    one, other = (float((n * p).sum() / n.sum()) for n, p in zip(loads, chances, strict=True))
    return one - other


def reasons(people: People) -> Study:
    """A reason that no input holds, in three wordings; the rest say one thing each."""
    mean = mean_of(people, [30, 70], [4, 96])
    setting = frame(people, "reason_text")

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        said = np.full(people.count, "gravel driveway outside", dtype=object)
        other = np.array([f"z{i}x q{i}w" for i in range(people.count)], dtype=object)
        rows = joined(
            drawn.rows({"cases": (0,)}, reason_text=said),
            drawn.rows({"cases": (1,)}, reason_text=other),
        )
        rows = rows.where(rows.numbers("cases") > 0)
        codes = Rows({"reason_code": np.array([], dtype=object)})
        figures = UNHELD_REASONS.join({"reasons": rows, "codes": codes}, setting)
        found = next((f for f in figures if "gravel" in str(f.group("theme"))), None)
        return [("unheld-reasons", found, drawn.share((0,), (0, 1)))]

    return Study(
        measure="unheld-reasons", truth=people.words, draw=draw, wide={"": BOUND}, runs=1000
    )


def support(people: People) -> Study:
    """Cases whose alike cases got one answer, by person."""
    mean = mean_of(people, [20, 12, 68], [3, 3, 94])
    setting = frame(people, "choice")
    none = Rows(
        {
            n: np.array([], dtype=object if "answer" in n or n == "input" else float)
            for n in ("input", "first_answer", "last_answer", "cases", "people", "known")
        }
    )

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        rows = drawn.rows(
            {
                "one_answer": (0,),
                "no_outcome": (1,),
                "cases": (0, 1, 2),
                "thin": (),
                "seen": (0, 2),
            }
        )
        truths = {
            "outside-support": drawn.share((0,), (0, 1, 2)),
            "outside-outcomes": drawn.share((1,), (0, 1, 2)),
        }
        return matched(SUPPORT.join({"cells": rows, "values": none}, setting), truths)

    return Study(measure="outside-support", truth=people.words, draw=draw, wide={"": BOUND})


def every_case(cases: int, share: float) -> Study:
    """What is said only where every case agrees, though in truth not every one would."""
    setting = frame(People(words="", count=6, cases=1), "choice", "outcome")

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        agree = int(rng.binomial(cases, share))
        closed = np.array([0.0 if agree == cases else 1.0, 50.0])
        closures = Rows(
            {
                "decider": np.array(["p1", "p1"], dtype=object),
                "choice": np.array(["a", "b"], dtype=object),
                "matured": np.array([float(cases), 50.0]),
                "closed": closed,
            }
        )
        constant = Rows(
            {
                "input": np.array(["x"], dtype=object),
                "cases": np.array([float(cases)]),
                "filled": np.array([float(cases)]),
                "first_value": np.array(["1"], dtype=object),
                "last_value": np.array(["1" if agree == cases else "2"], dtype=object),
            }
        )
        seen = UNSEEN.estimate(closures, setting)
        same = CONSTANT.estimate(constant, setting)
        return [
            ("unseen-outcomes", _first(seen), share),
            ("constant-input", _first(same), share),
        ]

    return Study(
        measure="unseen-outcomes" if cases % 2 else "constant-input",
        truth=f"{cases} cases, {100 * share:g} of 100 alike",
        draw=draw,
        wide={"": MISSED_AT_ONCE},
    )


def _first(figures: tuple[Figure, ...]) -> Figure | None:
    return figures[0] if figures else None


MAKERS: tuple[tuple[Callable[[People], Study], tuple[People, ...]], ...] = (
    (adoption, GRID),
    (agreement, GRID),
    (kappa, GRID),
    (first_views, GRID),
    (closure, SHORT),
    (selective_use, SHORT),
    (stamps, SHORT),
    (streaks, SHORT[:5]),
    (streak_share, SHORT),
    (care, (GRID[0], GRID[1], GRID[4], GRID[7], GRID[9])),
    (apart_within, SHORT),
    (reasons, SHORT[:5]),
    (support, SHORT),
)


def studies() -> Iterator[Study]:
    for make, grid in MAKERS:
        for people in grid:
            yield make(people)
    for cases, share in ((31, 1.0), (31, 0.95), (101, 0.97), (32, 1.0), (32, 0.95), (102, 0.97)):
        yield every_case(cases, share)
