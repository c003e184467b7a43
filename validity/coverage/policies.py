"""Other rules from stated chances, and outcomes seen after one option only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from sayso.measure.catalog.off_policy import POLICY, SHOWING
from sayso.measure.catalog.selective import SELECTIVE
from sayso.measure.catalog.unseen import UNSEEN_WRONG
from sayso.measure.rows import Rows
from validity.coverage.influence import NO_BALANCE
from validity.coverage.people import Floats, People, frame
from validity.coverage.study import Outcome, Study, matched

BOUNDS = "holds the truth wherever the unseen outcomes lie, so it is wider than one of them needs"
CUT = "a share near 0: the range is cut there"


def _sums(columns: dict[str, np.ndarray], n: Floats, wrong: Floats, chance: Floats) -> Rows:
    w = n / chance
    made = {
        "matured": n, "cases": n, "unstated": n * 0, "impossible": n * 0,
        "by_chance": np.where(chance < 1, n, 0.0), "w": w, "ww": n / chance**2, "r": wrong,
        "rr": wrong, "wr": wrong / chance, "wrr": wrong / chance, "wwr": wrong / chance**2,
        "wwrr": wrong / chance**2, "most": 1 / chance, "wrong": wrong, "stake": np.ones(len(n)),
    }  # fmt: skip
    kept = n > 0
    return Rows({k: v[kept] for k, v in {**columns, **made}.items()})


def policy(people: People, follows: float, *, gap: float, showing: bool) -> Study:
    """Advice is followed, or shown, with a stated chance; two kinds of case."""
    setting = frame(
        people, "choice_probability", "show_probability", "choice_loss", "advice", "choice",
        "shown", line=0.05,
    )  # fmt: skip
    base = 0.05 if people.rare else 0.3
    sd = 0.0 if people.rare or people.alike == 0 else 0.06

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        loads = people.loads(rng)
        level = people.around(rng, 0.0, sd)
        n = rng.multinomial(loads, np.full(4, 0.25)).reshape(people.count, 2, 2)
        taken = rng.binomial(n, follows)
        parts: list[Rows] = []
        for arm, of, chance in ((1, taken, follows), (0, n - taken, 1 - follows)):
            lost = base + level[:, None, None] + (0.0 if arm else gap)
            wrong = rng.binomial(of, np.broadcast_to(np.clip(lost, 0, 1), of.shape))
            person, cell, advice = (x.ravel() for x in np.indices(of.shape))
            names = np.array(["a", "b"], dtype=object)
            said = names[advice]
            chose = names[advice if arm else 1 - advice]
            parts.append(
                _sums(
                    {
                        "decider": people.names[person], "cell": cell.astype(float).astype(object),
                        "advice": said, "choice": chose,
                        "shown": np.full(len(person), float(arm)),
                    },
                    of.ravel().astype(float), wrong.ravel().astype(float),
                    np.full(len(person), chance),
                )
            )  # fmt: skip
        rows = Rows({k: np.concatenate([p.columns[k] for p in parts]) for k in parts[0].columns})
        few = people.count < 5
        here = float((loads * level).sum() / loads.sum()) if few else 0.0
        rule = base + here
        saves = (1 - follows) * gap
        measure, key, name = (
            (SHOWING, "showing", "always shown") if showing else (POLICY, "policy", "advice")
        )
        truths = {
            f"{key}-gain[policy={name}]": saves,
            f"{key}-loss[policy={name}]": rule,
        }
        return matched(measure.estimate(rows, setting), truths)

    what = "showing" if showing else "following"
    return Study(
        measure="showing-gain" if showing else "policy-gain",
        truth=f"{what} by chance {follows:g}, saves {100 * (1 - follows) * gap:g} of 100;"
        f" {people.words}",
        draw=draw,
        wide={"": CUT},
        runs=1000,
    )


def selective(cases: int, shift: float, *, rare: bool = False) -> Study:
    """Outcomes after one option only; the advice in view by a coin."""
    setting = frame(
        People(words="", count=1, cases=1), "shown", "advice", "choice", "choice_right",
        outcome_seen_for="a", show_probability=0.5, line=0.05,
    )  # fmt: skip
    risk = 0.06 if rare else 0.25
    advised, follow = 0.6, np.array([0.7, 0.7 + shift])
    # A case's outcome does not hang on what is chosen; risky ones are advised against.
    wrong = np.array([risk, min(0.9, 2 * risk)])

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        parts: list[list[object]] = []
        for view in (1, 0):
            n = int(rng.binomial(cases, 0.5))
            said = rng.random(n) < advised
            bad = rng.random(n) < np.where(said, wrong[0], wrong[1])
            with_it = rng.random(n) < follow[view]
            chose = np.where(with_it, said, ~said)
            for a, advice in ((True, "a"), (False, "b")):
                for c, choice in ((True, "a"), (False, "b")):
                    here = (said == a) & (chose == c)
                    count = float(here.sum())
                    right = float((here & ~bad).sum()) if c else 0.0
                    parts.append([float(view), advice, choice, count, right,
                                  count - right if c else 0.0])  # fmt: skip
        shown, advice, choice, n, right, gone = (list(x) for x in zip(*parts, strict=True))
        table = Rows(
            {
                "shown": np.array(shown, dtype=float), "advice": np.array(advice, dtype=object),
                "choice": np.array(choice, dtype=object), "cases": np.array(n, dtype=float),
                "turned_out_right": np.array(right, dtype=float),
                "turned_out_wrong": np.array(gone, dtype=float),
            }
        )  # fmt: skip
        table = table.where(table.numbers("cases") > 0)
        seen = [sum(x for v, x in zip(shown, n, strict=True) if v == arm) for arm in (1.0, 0.0)]
        assignment = Rows(
            {"shown": np.array([1.0, 0.0]), "cases": np.array(seen, dtype=float),
             "unmade": np.zeros(2), "late": np.zeros(2)}
        )  # fmt: skip
        took = [
            (advised * f * w0, advised * f * (1 - w0), (1 - advised) * (1 - f) * w1,
             (1 - advised) * (1 - f) * (1 - w1))
            for f in follow for w0, w1 in [wrong]
        ]  # fmt: skip
        bad_of = [t[0] + t[2] for t in took]
        good_of = [t[1] + t[3] for t in took]
        truths = {
            "quality-loss": (bad_of[1] - good_of[1]) - (bad_of[0] - good_of[0]),
            "quality-false-negative": bad_of[1] - bad_of[0],
            "quality-false-positive": good_of[0] - good_of[1],
            "advice-alone-false-negative": advised * wrong[0] - bad_of[1],
            "advice-alone-false-positive": good_of[1] - advised * (1 - wrong[0]),
        }
        figures = SELECTIVE.join(
            {"selective": table, "assignment": assignment, "balance": NO_BALANCE}, setting
        )
        return matched(figures, truths)

    return Study(
        measure="quality-loss",
        truth=f"{cases} cases, advice followed {100 * shift:g} of 100 more in view"
        + (", rare events" if rare else ""),
        draw=draw,
        wide={"advice-alone-false-negative": BOUNDS, "advice-alone-false-positive": BOUNDS,
              "": CUT},
        runs=1000,
    )  # fmt: skip


def unseen(people: People, *, worse: float) -> Study:
    """One option shows its outcome; the others' cases are as risky, or riskier."""
    setting = frame(people, "choice", "choice_right", "decider", outcome_seen_for="a", line=0.05)
    risk = np.array([0.04, 0.08]) if people.rare else np.array([0.15, 0.35])
    unseen_risk = risk * worse / (1 - risk + risk * worse)
    sd = 0.0 if people.rare or people.alike == 0 else 0.04

    def draw(rng: np.random.Generator) -> Iterable[Outcome]:
        loads = people.loads(rng)
        level = people.around(rng, 0.0, sd)
        n = rng.multinomial(loads, [0.5, 0.5])
        seen = rng.binomial(n, np.array([0.8, 0.5])[None, :])
        wrong = rng.binomial(seen, np.clip(risk[None, :] + level[:, None], 0, 1))
        person, cell = (x.ravel() for x in np.indices(n.shape))
        kept = n.ravel() > 0
        rows = Rows(
            {
                "decider": people.names[person][kept], "cell": cell.astype(object)[kept],
                "cases": n.ravel().astype(float)[kept], "seen": seen.ravel().astype(float)[kept],
                "wrong": wrong.ravel().astype(float)[kept],
            }
        )  # fmt: skip
        few = people.count < 5
        here = float((loads * level).sum() / loads.sum()) if few else 0.0
        share = np.array([0.8, 0.5])
        truth = float((share * (risk + here) + (1 - share) * (unseen_risk + here)).mean())
        assumed = ["nothing"]
        if worse >= 1:
            assumed.append("at least as risky")
        if 0.5 <= worse <= 2:
            assumed.append("within twice the odds of alike cases")
        if worse == 1:
            assumed.append("as alike cases")
        truths = {f"unseen-wrong[option=a, assuming={a}]": truth for a in assumed}
        return matched(UNSEEN_WRONG.estimate(rows, setting), truths)

    return Study(
        measure="unseen-wrong",
        truth=f"unseen cases at {worse:g} times the odds; {people.words}",
        draw=draw,
        wide={"": BOUNDS},
        runs=1000,
    )


LOGGED = (
    People(words="5 people, 120 cases each", count=5, cases=120),
    People(words="30 people, unequal loads", count=30, cases=60, unequal=True),
    People(words="30 people, rare events", count=30, cases=80, rare=True),
    People(words="these 2 people", count=2, cases=300),
)


def studies() -> Iterator[Study]:
    for people in LOGGED:
        for showing in (False, True):
            yield policy(people, 0.7, gap=0.0, showing=showing)
    yield policy(LOGGED[1], 0.5, gap=0.1, showing=False)
    yield policy(LOGGED[1], 0.9, gap=0.2, showing=True)
    for cases, shift in ((200, 0.0), (1000, 0.0), (1000, 0.1)):
        yield selective(cases, shift)
    yield selective(2000, 0.0, rare=True)
    for people in LOGGED:
        for worse in (1.0, 2.0, 5.0):
            yield unseen(people, worse=worse)
