"""Sets of figures judged together: verdicts, and the strongest claim of a report."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np

from sayso.domain.evidence import Quality, Verdict, Word
from sayso.domain.figure import Figure
from sayso.measure.estimators.words import REFERENCES, holm, settled
from sayso.measure.verdict import judge
from validity.coverage.influence import coin
from validity.coverage.outcomes import commission, override, quality_coin, reliance, together
from validity.coverage.people import People, frame
from validity.coverage.study import Outcome, Study, is_false

RUNS = 500
STRENGTH = (Word.CLEAR, Word.LIKELY, Word.NOT_ZERO, Word.SMALL, Word.TOO_SMALL)
PEOPLE = (
    People(words="6 people, 80 cases each", count=6, cases=80),
    People(words="30 people, unequal loads", count=30, cases=60, unequal=True),
    # Of these people only what is true of them counts, so their effects are all the same.
    People(words="these 3 people, exactly alike", count=3, cases=200, alike=0.0),
)


def verdicts() -> list[dict[str, object]]:
    """How often each is said where it is false."""
    rows: list[dict[str, object]] = []
    for people in PEOPLE:
        setting = frame(people, "advice", "choice", "shown", line=0.05)
        for effect, wrong in (
            (0.0, {Verdict.CHANGES_CHOICES}),
            (0.05, {Verdict.DECORATIVE, Verdict.TOO_SMALL}),
        ):
            study = coin(people, effect)
            said = [judge(_figures(study, k), setting).verdict for k in range(RUNS)]
            rows += [
                _row(v.value, study.truth, [s is v for s in said])
                for v in (Verdict.CHANGES_CHOICES, Verdict.TOO_SMALL, Verdict.DECORATIVE)
                if v in wrong
            ]
        moved, none = coin(people, 0.3), quality_coin(people, 0.0)
        said_quality = [
            judge([*_figures(moved, k), *_figures(none, k)], setting).quality for k in range(RUNS)
        ]
        rows += [
            _row(f"choices are {q.value}", none.truth, [s is q for s in said_quality])
            for q in (Quality.BETTER, Quality.WORSE)
        ]
        for effect in (0.0, 0.05):
            heads = _headlines(people, effect)
            rows += [
                _row(f"headline: {w.value}", f"six claims, all {100 * effect:g} of 100; "
                     f"{people.words}", [h is w for h in heads])
                for w in STRENGTH
                if w is not Word.NOT_ZERO
            ]  # fmt: skip
    return rows


def _row(said: str, truth: str, false: list[bool]) -> dict[str, object]:
    return {
        "said": said,
        "truth": truth,
        "runs": len(false),
        "false": round(sum(false) / len(false), 4),
    }


def _told(study: Study, number: int) -> list[Outcome]:
    return list(study.draw(np.random.default_rng([zlib.crc32(study.key.encode()), 9, number])))


def _figures(study: Study, number: int) -> list[Figure]:
    return [said for _, said, _ in _told(study, number) if isinstance(said, Figure)]


def _headlines(people: People, effect: float) -> list[Word | None]:
    """The strongest claim's word where it is false, else None."""
    made: tuple[Callable[[], tuple[Study, str]], ...] = (
        lambda: (coin(people, effect), "influence"),
        lambda: (quality_coin(people, effect), "quality"),
        lambda: (together(people, effect), "together[against=better alone]"),
        lambda: (override(people, effect), "override-value"),
        lambda: (reliance(people, 1.0 + effect), "reliance-sum"),
        lambda: (commission(people, effect), "commission"),
    )
    studies = [one() for one in made]
    found: list[Word | None] = []
    for number in range(RUNS):
        claims: list[tuple[Figure, float]] = []
        for study, name in studies:
            for key, said, truth in _told(study, number):
                if key == name and isinstance(said, Figure) and said.estimate is not None:
                    claims.append((said, truth))
        found.append(_strongest(claims))
    return found


def _strongest(claims: list[tuple[Figure, float]]) -> Word | None:
    kept = holm([_p(f) for f, _ in claims])
    worded = [
        (
            f.worded(
                settled(
                    f.word, f.estimate, stands=stands, family=len(claims),
                    reference=REFERENCES.get(f.measure, 0.0),
                )
            ),
            truth,
        )
        for (f, truth), stands in zip(claims, kept, strict=True)
        if f.word is not None and f.estimate is not None
    ]  # fmt: skip
    for word in STRENGTH:
        for figure, truth in worded:
            if figure.word is word:
                return word if is_false(figure, truth) else None
    return None


def _p(figure: Figure) -> float:
    answer = figure.estimate
    return 1.0 if answer is None or answer.p_line is None else answer.p_line
