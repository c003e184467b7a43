"""Ruling 10: seven outcomes missing in a hundred are enough to invent a verdict."""

import numpy as np

from sayso.domain.answer import Estimate
from sayso.domain.evidence import Word
from sayso.domain.grade import Grade
from sayso.measure.catalog.override import OVERRIDE
from sayso.measure.estimators.words import word_for
from sayso.measure.setting import Setting
from tests.measure.case_rows import cases_from

HAS = frozenset({"advice", "choice", "choice_loss", "advice_loss", "choice_right", "advice_right"})


def rows(seed: int) -> list[dict[str, object]]:
    """Overruling is right half the time; outcomes go missing only where it was wrong."""
    draw = np.random.default_rng(seed)
    made: list[dict[str, object]] = []
    for i in range(4000):
        right = bool(draw.random() < 0.5)
        known = right or bool(draw.random() > 0.14)
        made.append(
            {
                "decider": f"p{i % 40}",
                "advice": "no",
                "choice": "yes",
                "outcome_matured": True,
                "choice_right": right if known else None,
                "advice_right": not right if known else None,
                "choice_loss": float(not right) if known else None,
                "advice_loss": float(right) if known else None,
            }
        )
    return made


def test_the_old_word_is_a_claim_and_ours_is_not():
    setting = Setting(has=HAS, options=("yes", "no"), deciders=40)
    figures = OVERRIDE.read(cases_from(rows(1)), setting)
    value = next(f for f in figures if f.measure == "override-value" and not f.groups)
    assert isinstance(value.answer, Estimate)
    assert value.answer.low > 0, "among known outcomes the gain looks real; it is invented"
    before = word_for(value.answer, line=0.05, grade=Grade.DESCRIPTION)
    assert before in (Word.SMALL, Word.LIKELY, Word.CLEAR)
    assert value.word is Word.EITHER
    low, high = value.note("worst_low"), value.note("worst_high")
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert low <= 0 <= high


def test_it_holds_where_nobody_is_named():
    # Right in 66 of 100 known cases, three in ten unknown: at worst in 46, at best in 76.
    known = [{"choice_right": i < 66, "advice_right": i >= 66} for i in range(100)]
    unknown: list[dict[str, object]] = [{"choice_right": None, "advice_right": None}] * 43
    made: list[dict[str, object]] = [
        {
            **case,
            "decider": None,
            "advice": "no",
            "choice": "yes",
            "outcome_matured": True,
            "choice_loss": None
            if case["choice_right"] is None
            else float(not case["choice_right"]),
            "advice_loss": None
            if case["advice_right"] is None
            else float(not case["advice_right"]),
        }
        for case in (*known, *unknown)
    ]
    figures = OVERRIDE.read(cases_from(made), Setting(has=HAS, options=("yes", "no"), deciders=0))
    right = next(f for f in figures if f.measure == "override-right" and not f.groups)
    assert isinstance(right.answer, Estimate)
    before = word_for(right.answer, line=0.05, grade=Grade.DESCRIPTION, reference=0.5)
    assert before is Word.CLEAR
    assert right.word is Word.EITHER
