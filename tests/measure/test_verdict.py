"""The verdict on influence has no hole, and "decorative" has to be earned."""

from __future__ import annotations

import pytest

from sayso.domain.answer import Answer, CannotTell, Estimate, NotEnoughData, Population, Range
from sayso.domain.evidence import Quality, Verdict, Word
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.words import word_for
from sayso.measure.setting import Setting
from sayso.measure.verdict import judge

SETTING = Setting(has=frozenset(), line=0.05)


def estimate(low: float, high: float) -> Estimate:
    middle = (low + high) / 2
    inner = Range((low * 5 + middle) / 6, (high * 5 + middle) / 6)
    return Estimate(
        value=middle, r95=Range(low, high), r90=inner, r50=Range(middle, middle), n=2000,
        people=20, population=Population.LIKE_THESE, events=500, non_events=500,
    )  # fmt: skip


def figure(
    measure: str,
    answer: Answer,
    grade: Grade = Grade.RANDOMISED,
    groups: tuple[tuple[str, str], ...] = (),
) -> Figure:
    return Figure(
        measure=measure,
        groups=groups,
        answer=answer,
        grade=grade,
        unit=Unit.NET_SHARE,
        word=word_for(answer, line=0.05, grade=grade),
        line=0.05,
        notes=(("design", "randomised"),),
    )


@pytest.mark.parametrize(
    ("answer", "grade", "verdict"),
    [
        (estimate(0.06, 0.12), Grade.RANDOMISED, Verdict.CHANGES_CHOICES),
        (estimate(-0.12, -0.06), Grade.RANDOMISED, Verdict.CHANGES_CHOICES),
        # RULINGS 3: the range of the pretrial trial fits none of the five old verdicts.
        (estimate(0.016, 0.097), Grade.RANDOMISED, Verdict.CHANGES_CHOICES),
        (estimate(0.016, 0.097), Grade.BEFORE_AFTER, Verdict.TOO_EARLY),
        (estimate(-0.02, 0.12), Grade.RANDOMISED, Verdict.TOO_EARLY),
        (estimate(-0.03, 0.03), Grade.RANDOMISED, Verdict.TOO_SMALL),
        (NotEnoughData(5, 2, "people"), Grade.RANDOMISED, Verdict.TOO_EARLY),
        (CannotTell("no design", "hide it"), Grade.ASSOCIATION, Verdict.CANNOT_TELL),
    ],
)
def test_every_range_has_a_verdict(answer: Answer, grade: Grade, verdict: Verdict):
    assert judge((figure("influence", answer, grade),), SETTING).verdict is verdict


def small(**changed: Figure) -> tuple[Figure, ...]:
    """A net effect too small to matter, with everything that "decorative" asks for."""
    figures = {
        "whole": figure("influence", estimate(-0.02, 0.02)),
        "kind": figure("influence", estimate(-0.03, 0.03), groups=(("kind", "k"),)),
        "advised": figure("influence", estimate(-0.03, 0.03), groups=(("advised", "yes"),)),
        "spread": figure("influence-spread", estimate(0.0, 0.03)),
        "fading": figure("influence-fading", estimate(-0.03, 0.03)),
        "rise": figure("influence-hidden-rise", estimate(-0.03, 0.03)),
    }
    return tuple({**figures, **changed}.values())


@pytest.mark.feature("M3")
def test_decorative_needs_every_condition():
    assert judge(small(), SETTING).verdict is Verdict.DECORATIVE


@pytest.mark.parametrize(
    ("name", "changed", "reason"),
    [
        ("whole", figure("influence", estimate(-0.02, 0.02), Grade.BEFORE_AFTER), "not-randomised"),
        ("kind", figure("influence", estimate(0.02, 0.20), groups=(("kind", "k"),)), "kinds"),
        (
            "advised",
            figure("influence", estimate(-0.2, -0.1), groups=(("advised", "yes"),)),
            "kinds",
        ),
        ("spread", figure("influence-spread", estimate(0.01, 0.20)), "spread"),
        ("spread", figure("influence-spread", NotEnoughData(5, 1)), "spread"),
        ("fading", figure("influence-fading", estimate(0.01, 0.08)), "fading"),
        ("rise", figure("influence-hidden-rise", estimate(0.01, 0.08)), "hidden-rising"),
    ],
)
def test_one_failed_condition_refuses_it(name: str, changed: Figure, reason: str):
    got = judge(small(**{name: changed}), SETTING)
    assert got.verdict is Verdict.TOO_SMALL
    assert reason in got.not_decorative


@pytest.mark.parametrize(
    ("answer", "word", "quality"),
    [
        (estimate(0.02, 0.10), None, Quality.BETTER),
        (estimate(-0.10, -0.02), None, Quality.WORSE),
        (estimate(-0.02, 0.10), None, Quality.UNKNOWN),
        # A worst case that could turn it has brought the word down to this (RULINGS 10).
        (estimate(0.02, 0.10), Word.EITHER, Quality.UNKNOWN),
    ],
)
def test_quality_is_known_only_where_its_range_leaves_out_zero(
    answer: Estimate, word: Word | None, quality: Quality
):
    moved = figure("influence", estimate(0.06, 0.12))
    found = figure("quality", answer)
    found = found if word is None else found.worded(word)
    assert judge((moved, found), SETTING).quality is quality
