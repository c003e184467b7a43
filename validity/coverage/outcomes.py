"""How choices turn out: overruling, quality, reliance, together, automation bias."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from sayso.measure.catalog.automation_bias import AUTOMATION_BIAS
from sayso.measure.catalog.override import OVERRIDE
from sayso.measure.catalog.quality import QUALITY
from sayso.measure.catalog.reliance import ACCEPTANCE, RELIANCE
from sayso.measure.catalog.together import TOGETHER
from sayso.measure.rows import Rows
from validity.coverage.influence import NO_BALANCE
from validity.coverage.people import GRID, SHORT, People, counted, frame, joined
from validity.coverage.shares import BOUND
from validity.coverage.study import Outcome, Study, matched

WORST = "holds the truth wherever the missing outcomes lie, so it is wider than one of them needs"
OVER_KNOWN = (
    People(words="8 people, 150 cases each", count=8, cases=150),
    *SHORT,
    People(words="40 people, unequal loads, rare events", count=40, cases=150, unequal=True,
           alike=0.05, rare=True),
)  # fmt: skip


def override(
    people: People, gain: float, *, missing: float = 0.0, selective: bool = False
) -> Study:
    """Two options: overruling is right where the advice is wrong, and the other way round."""
    half = gain / 2
    # overruled right, overruled wrong, followed right, followed wrong; each known, then missing
    usual = np.array([0.3 * (0.5 + half), 0.3 * (0.5 - half), 0.55, 0.15])
    rare = np.array([0.04 * (0.5 + half), 0.04 * (0.5 - half), 0.92, 0.04])
    base = rare if people.rare else usual
    lost = np.array([0.0, 2 * missing, 0.0, 0.0]) if selective else np.full(4, missing)
    mean = np.concatenate([base * (1 - lost), base * lost])
    setting = frame(
        people, "advice", "choice", "choice_loss", "advice_loss", "reason_code", line=0.05
    )

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        size = people.count
        parts: list[Rows] = []
        for overruled, right, wrong in ((1.0, 0, 1), (0.0, 2, 3)):
            known = drawn.column((right, wrong))
            gone = drawn.column((right + 4, wrong + 4))
            yes, no = drawn.column((right,)), drawn.column((wrong,))
            parts.append(
                Rows(
                    {
                        "decider": people.names, "kind": np.full(size, "one", dtype=object),
                        "overruled": np.full(size, overruled),
                        "reason": np.full(size, "r" if overruled else None, dtype=object),
                        "cases": known + gone, "matured": known + gone, "known": known,
                        "choice_right": yes, "advice_wrong": yes if overruled else no,
                        "advice_right": no if overruled else yes,
                        "gain": yes - no if overruled else np.zeros(size),
                        "may_gain": gone, "may_lose": gone, "choice_loss": no,
                        "advice_loss": yes if overruled else no,
                    }
                )
            )  # fmt: skip
        rows = joined(*parts)
        rows = rows.where(rows.numbers("cases") > 0)
        t = drawn.target
        whole = (t[0] + t[4] - t[1] - t[5]) / (t[0] + t[1] + t[4] + t[5])
        truths = {
            "override-rate": drawn.share((0, 1, 4, 5), tuple(range(8))),
            "override-value-bounds": float(whole),
            "advice-wrong[when=overruled]": drawn.share((0,), (0, 1)),
            "advice-wrong[when=followed]": drawn.share((3,), (2, 3)),
            "loss-of-choices": drawn.share((1, 3), (0, 1, 2, 3)),
            "loss-of-advice": drawn.share((0, 3), (0, 1, 2, 3)),
        }
        if not selective:
            truths["override-right"] = drawn.share((0,), (0, 1))
            truths["override-value"] = float((t[0] - t[1]) / (t[0] + t[1]))
        return matched(OVERRIDE.estimate(rows, setting), truths)

    how = "" if not missing else f", {100 * missing:g} of 100 outcomes missing"
    how += " where overruling was wrong" if selective else ""
    return Study(
        measure="override-rate",
        truth=f"overruling brings {100 * gain:g} of 100{how}; {people.words}",
        draw=draw,
        wide={"override-value-bounds": WORST, "": BOUND},
    )


def reasons(gain: float) -> Study:
    """Six reasons that overrule alike; how often any of them is said to pay."""
    people = People(words="20 people, 120 cases each", count=20, cases=120, alike=0.05)
    setting = frame(
        people, "advice", "choice", "choice_loss", "advice_loss", "reason_code", line=0.05
    )
    names = ("r1", "r2", "r3", "r4", "r5", "r6")
    mean = np.concatenate([np.tile([0.08 * (0.5 + gain / 2), 0.08 * (0.5 - gain / 2)], 6), [0.52]])

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        size = people.count
        parts: list[Rows] = []
        for k, name in enumerate(names):
            yes, no = drawn.column((2 * k,)), drawn.column((2 * k + 1,))
            parts.append(
                Rows(
                    {
                        "decider": people.names, "kind": np.full(size, "one", dtype=object),
                        "overruled": np.ones(size), "reason": np.full(size, name, dtype=object),
                        "cases": yes + no, "matured": yes + no, "known": yes + no,
                        "choice_right": yes, "advice_wrong": yes, "advice_right": no,
                        "gain": yes - no, "may_gain": np.zeros(size), "may_lose": np.zeros(size),
                        "choice_loss": no, "advice_loss": yes,
                    }
                )
            )  # fmt: skip
        rows = joined(*parts)
        figures = OVERRIDE.estimate(rows.where(rows.numbers("cases") > 0), setting)
        return matched(figures, {"override-value[reason=r1]": gain})

    return Study(
        measure="override-rate",
        truth=f"six reasons, each brings {100 * gain:g} of 100; {people.words}",
        draw=draw,
        wide={"": BOUND},
        runs=1000,
    )


def quality_coin(people: People, gain: float) -> Study:
    """Mistakes with the advice in view and hidden, by a coin; all outcomes known."""
    setting = frame(
        people, "advice", "choice", "choice_loss", "shown", "choice_right",
        show_probability=0.5, line=0.05,
    )  # fmt: skip
    base = 0.06 if people.rare else 0.3
    sd = 0.0 if people.rare or people.alike == 0 else 0.04

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        loads = people.loads(rng)
        n = rng.binomial(loads, 0.5)
        wrong = people.around(rng, base, sd)
        saves = people.around(rng, gain, sd)
        parts: list[Rows] = []
        for view, of, p in ((1.0, n, wrong - saves), (0.0, loads - n, wrong)):
            x = rng.binomial(of, p).astype(float)
            y = of - x
            zero = np.zeros(people.count)
            parts.append(
                Rows(
                    {
                        "decider": people.names, "in_view": np.full(people.count, view),
                        "matured": of.astype(float), "known": of.astype(float), "lost": x,
                        "lost_squares": x, "at_stake": zero, "choice_right": y,
                        "choice_wrong": x, "prior_known": zero, "prior_right": zero,
                        "advice_known": of.astype(float),
                        "advice_right": rng.binomial(of, 0.7).astype(float),
                    }
                )
            )  # fmt: skip
        rows = joined(*parts)
        rows = rows.where(rows.numbers("matured") > 0)
        seen = np.array([n.sum(), (loads - n).sum()], dtype=float)
        assignment = Rows(
            {"shown": np.array([1.0, 0.0]), "cases": seen, "unmade": np.zeros(2),
             "late": np.zeros(2)}
        )  # fmt: skip
        figures = QUALITY.join(
            {"quality": rows, "assignment": assignment, "balance": NO_BALANCE}, setting
        )
        few = people.count < 5
        here = float((loads * saves).sum() / loads.sum())
        truths = {"quality": here if few else gain, "accuracy[who=advice]": 0.7}
        return matched(figures, truths)

    return Study(
        measure="quality",
        truth=f"coin, saves {100 * gain:g} of 100; {people.words}",
        draw=draw,
        wide={"": BOUND},
    )


def quality_first(people: People, gain: float) -> Study:
    """Choices against first views: mended and spoiled."""
    to, back = (0.11 + gain / 2, 0.11 - gain / 2)
    if people.rare:
        to, back = 0.03 + gain / 2, 0.03 - gain / 2
    # mended, spoiled, right both times, wrong both times
    mean = np.array([to, back, 0.9 * (1 - to - back), 0.1 * (1 - to - back)])
    setting = frame(people, "advice", "choice", "choice_loss", "prior_loss", "prior", line=0.05)

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        moved = drawn.column((0,)) - drawn.column((1,))
        zero = np.zeros(people.count)
        rows = drawn.rows(
            {
                "matured": (0, 1, 2, 3), "known": (0, 1, 2, 3), "compared": (0, 1, 2, 3),
                "with_prior": (0, 1, 2, 3), "saved_squares": (0, 1), "mended": (0,),
                "spoiled": (1,), "prior_known": (0, 1, 2, 3), "prior_right": (1, 2),
                "choice_right": (0, 2), "advice_known": (), "advice_right": (),
                "lost": (1, 3), "choice_wrong": (1, 3),
            },
            in_view=np.ones(people.count), saved=moved, may_save=zero, may_lose=zero,
        )  # fmt: skip
        t = drawn.target
        truths = {
            "quality": float(t[0] - t[1]),
            "accuracy[who=first view]": float(t[1] + t[2]),
            "accuracy[who=choice]": float(t[0] + t[2]),
        }
        return matched(QUALITY.join({"quality": rows}, setting), truths)

    return Study(
        measure="quality",
        truth=f"first views, saves {100 * gain:g} of 100; {people.words}",
        draw=draw,
        wide={"": BOUND},
    )


def reliance(people: People, total: float) -> Study:
    """Listened when right and held firm when wrong; their sum."""
    one, other = total / 2 + 0.05, total / 2 - 0.05
    # correctable listened, not; defensible held, not; neither
    mean = np.array([0.3 * one, 0.3 * (1 - one), 0.2 * other, 0.2 * (1 - other), 0.5])
    if people.rare:
        mean = np.array([0.1 * one, 0.1 * (1 - one), 0.05 * other, 0.05 * (1 - other), 0.85])
    setting = frame(
        people, "advice_loss", "choice_loss", "prior_loss", "advice_right", "choice_right",
        line=0.05,
    )  # fmt: skip

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        rows = drawn.rows(
            {
                "correctable": (0, 1), "listened": (0,), "defensible": (2, 3), "held_firm": (2,),
                "wrong_advice": (2, 3), "wrong_taken": (3,), "right_advice": (0, 1),
                "right_refused": (1,),
            },
            in_view=np.ones(people.count),
        )  # fmt: skip
        a, b = drawn.share((0,), (0, 1)), drawn.share((2,), (2, 3))
        truths = {
            "reliance-listened": a, "reliance-held-firm": b, "reliance-sum": a + b,
            "over-acceptance": 1 - b, "under-acceptance": 1 - a,
        }  # fmt: skip
        both = (*RELIANCE.estimate(rows, setting), *ACCEPTANCE.estimate(rows, setting))
        return matched(both, truths)

    return Study(
        measure="reliance-listened",
        truth=f"the two add up to {total:g}; {people.words}",
        draw=draw,
        wide={"": BOUND},
    )


def together(people: People, gain: float) -> Study:
    """First views, advice and both, right or not on the same cases; and two simple rules."""
    setting = frame(
        people, "prior_right", "advice_right", "choice_right", line=0.05, options=("a", "b")
    )
    # prior, advice, both: right or wrong. Both lies the same above either.
    one = 0.12
    cells = {
        (1, 1, 1): 0.50, (1, 0, 1): one, (0, 1, 1): one, (0, 0, 1): gain,
        (1, 1, 0): 0.0, (1, 0, 0): one, (0, 1, 0): one, (0, 0, 0): 0.02,
    }  # fmt: skip
    if people.rare:
        cells = {k: (v if k in ((1, 1, 1), (0, 0, 1)) else v / 6) for k, v in cells.items()}
    names = tuple(cells)
    mean = np.array([cells[k] for k in names])
    mean[0] += 1 - mean.sum()

    def where(which: int, value: int) -> tuple[int, ...]:
        return tuple(i for i, k in enumerate(names) if k[which] == value)

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        drawn = counted(rng, people, mean)
        every = tuple(range(8))
        known = drawn.column(every)
        columns = {
            "cases": every, "known": every, "people": where(0, 1), "advice": where(1, 1),
            "both": where(2, 1),
            "over_people": tuple(i for i in where(0, 0) if i in where(2, 1)),
            "under_people": tuple(i for i in where(0, 1) if i in where(2, 0)),
            "over_advice": tuple(i for i in where(1, 0) if i in where(2, 1)),
            "under_advice": tuple(i for i in where(1, 1) if i in where(2, 0)),
            "unknown_people": (), "unknown_advice": (), "had_last": every,
            "both_had_last": where(2, 1),
        }  # fmt: skip
        first = rng.binomial(known.astype(int), 0.75).astype(float)
        last = rng.binomial(known.astype(int), 0.75).astype(float)
        rows = drawn.rows(
            columns, mix=np.full(people.count, "m", dtype=object),
            kind=np.full(people.count, None, dtype=object), first_right=first,
            other_right=known - first, last_right=last,
        )  # fmt: skip
        p, a, b = (drawn.share(where(k, 1), every) for k in (0, 1, 2))
        truths = {
            "together[against=better alone]": min(b - p, b - a),
            "together[against=people]": b - p,
            "together[against=AI]": b - a,
            "right-alone[who=people]": p,
            "right-alone[who=AI]": a,
            "right-alone[who=both]": b,
            "together[against=simple rule]": b - 0.75,
            "right-alone[who=simple rule]": 0.75,
            "together[against=last choice]": b - 0.75,
            "right-alone[who=last choice]": 0.75,
        }
        return matched(TOGETHER.estimate(rows, setting), truths)

    return Study(
        measure="together",
        truth=f"both are right in {100 * gain:g} of 100 more than either; {people.words}",
        draw=draw,
        wide={
            "together[against=better alone]":
                "speaks of the smaller of two differences, whichever that is",
            "": BOUND,
        },
    )  # fmt: skip


def commission(people: People, effect: float) -> Study:
    """Wrong choices under wrong advice: in view against hidden, first views, and planted."""
    setting = frame(
        people, "choice", "advice", "choice_right", "advice_right", "prior_right", line=0.05
    )
    base = 0.06 if people.rare else 0.35
    sd = 0.0 if people.rare or people.alike == 0 else 0.05

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        loads = people.loads(rng)
        n = rng.binomial(loads, 0.5)
        wrong = people.around(rng, base, sd)
        adds = people.around(rng, effect, sd)
        parts: list[Rows] = []
        for view, of, p in ((1.0, n, wrong + adds), (0.0, loads - n, wrong)):
            x = rng.binomial(of, p)
            # first views on the same cases; some stay, some are mended, some spoiled
            before = rng.binomial(x, 0.7) + rng.binomial(of - x, 0.1)
            planted = rng.binomial(of, 0.3)
            parts.append(
                Rows(
                    {
                        "decider": people.names, "in_view": np.full(people.count, view),
                        "wrong_advice": of.astype(float), "wrong_choice": x.astype(float),
                        "viewed": of.astype(float), "viewed_choice": x.astype(float),
                        "viewed_first": before.astype(float), "planted": planted.astype(float),
                        "planted_taken": rng.binomial(planted, np.clip(p, 0, 1)).astype(float),
                    }
                )
            )  # fmt: skip
        rows = joined(*parts)
        rows = rows.where(rows.numbers("wrong_advice") > 0)
        few = people.count < 5
        w1 = float((n * (wrong + adds)).sum() / n.sum()) if few else base + effect
        w0 = float(((loads - n) * wrong).sum() / max(1, (loads - n).sum())) if few else base
        truths = {
            "commission": w1 - w0 if few else effect,
            "commission-ratio": w1 / w0,
            "commission-from-first-view": w1 - (0.7 * w1 + 0.1 * (1 - w1)),
            "planted-taken": w1,
        }
        return matched(AUTOMATION_BIAS.join({"wrong_advice": rows}, setting), truths)

    return Study(
        measure="commission",
        truth=f"adds {100 * effect:g} of 100; {people.words}",
        draw=draw,
        wide={"": BOUND},
    )


def studies() -> Iterator[Study]:
    for people in OVER_KNOWN:
        for gain in (0.0, 0.05):
            yield override(people, gain)
    yield override(OVER_KNOWN[0], 0.1, missing=0.1)
    yield override(GRID[4], 0.0, missing=0.15, selective=True)
    yield override(GRID[9], 0.0, missing=0.15, selective=True)
    yield reasons(0.0)
    for people in SHORT:
        for gain in (0.0, 0.05):
            yield quality_coin(people, gain)
            yield quality_first(people, gain)
        for total in (1.0, 1.05):
            yield reliance(people, total)
        for gain in (0.0, 0.05):
            yield together(people, gain)
            yield commission(people, gain)
