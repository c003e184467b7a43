"""The verdict on influence, and why "decorative" is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import CannotTell, Estimate
from sayso.domain.evidence import Quality, Verdict, Word
from sayso.domain.grade import Grade
from sayso.measure.reading import Judgement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.domain.figure import Figure
    from sayso.measure.setting import Setting


def judge(figures: Sequence[Figure], setting: Setting) -> Judgement:
    """Say what the advice does to choices, against the line that matters.

    Args:
        figures: Every figure of the audit.
        setting: Where the line was fixed.

    Source:
        RULINGS 3, 5 and 7.
    """
    whole = _one(figures, "influence")
    if whole is None or isinstance(whole.answer, CannotTell) or _no_design(whole):
        return Judgement(verdict=Verdict.CANNOT_TELL, quality=Quality.UNKNOWN)
    answer = whole.answer
    if not isinstance(answer, Estimate):
        return Judgement(verdict=Verdict.TOO_EARLY, quality=Quality.UNKNOWN)
    small = whole.word is Word.SMALL and whole.grade is Grade.RANDOMISED
    if answer.r95.past(setting.line) or small:
        return Judgement(verdict=Verdict.CHANGES_CHOICES, quality=_quality(figures))
    if not answer.r95.inside(setting.line) or whole.word is Word.NOT_YET:
        return Judgement(verdict=Verdict.TOO_EARLY, quality=Quality.UNKNOWN)
    refused = _refused(figures, whole, setting)
    verdict = Verdict.TOO_SMALL if refused else Verdict.DECORATIVE
    return Judgement(verdict=verdict, quality=Quality.UNKNOWN, not_decorative=refused)


def _no_design(figure: Figure) -> bool:
    """Whether nothing but a choice of cases tells with from without."""
    return figure.note("design") == "association"


def _one(figures: Sequence[Figure], measure: str) -> Figure | None:
    return next((f for f in figures if f.measure == measure and not f.groups), None)


def _quality(figures: Sequence[Figure]) -> Quality:
    """Better or worse only where the range leaves out 0 and missing outcomes cannot turn it."""
    found = _one(figures, "quality")
    if found is None or not isinstance(found.answer, Estimate):
        return Quality.UNKNOWN
    if found.word in (Word.EITHER, Word.NOT_YET, Word.TOO_SMALL):
        return Quality.UNKNOWN
    if found.answer.low > 0:
        return Quality.BETTER
    return Quality.WORSE if found.answer.high < 0 else Quality.UNKNOWN


def _refused(figures: Sequence[Figure], whole: Figure, setting: Setting) -> tuple[str, ...]:
    """Why a small net effect must not be called decorative: opposite moves can cancel."""
    reasons: list[str] = []
    if whole.grade is not Grade.RANDOMISED:
        reasons.append("not-randomised")
    split = [
        f.answer
        for f in figures
        if f.measure == "influence" and f.groups and f.groups[0][0] in ("kind", "advised")
    ]
    known = [a for a in split if isinstance(a, Estimate)]
    if not known or any(not a.r95.inside(setting.line) for a in known):
        reasons.append("kinds")
    spread = _one(figures, "influence-spread")
    if (
        spread is None
        or not isinstance(spread.answer, Estimate)
        or spread.answer.high >= setting.line
    ):
        reasons.append("spread")
    fading = _one(figures, "influence-fading")
    if fading is not None and isinstance(fading.answer, Estimate) and fading.answer.low > 0:
        reasons.append("fading")
    rise = _one(figures, "influence-hidden-rise")
    if rise is not None and isinstance(rise.answer, Estimate) and rise.answer.low > 0:
        reasons.append("hidden-rising")
    return tuple(reasons)
