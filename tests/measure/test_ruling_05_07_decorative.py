"""Rulings 5 and 7: a net effect of nothing is not nothing, and a fading one is not decoration."""

import numpy as np

from sayso.domain.answer import Estimate
from sayso.domain.evidence import Verdict
from tests.measure.trials import audited, trial


def other(option: str) -> str:
    return "no" if option == "yes" else "yes"


def opposed(_: int, who: int, shown: bool, advice: str, draw: np.random.Generator) -> str:
    """Half follow, half react against: one choice in five is changed, and the net is nothing."""
    own = advice if draw.random() < 0.5 else other(advice)
    if shown and draw.random() < 0.4:
        return advice if who % 2 else other(advice)
    return own


def ignored(_: int, __: int, ___: bool, advice: str, draw: np.random.Generator) -> str:
    return advice if draw.random() < 0.7 else other(advice)


def learned(i: int, _: int, shown: bool, advice: str, draw: np.random.Generator) -> str:
    """People copy in hidden cases what they learned from shown ones, more and more."""
    own = advice if draw.random() < 0.6 else other(advice)
    knows = min(1.0, i / 6000)
    return advice if (shown or draw.random() < knows) and draw.random() < 0.4 else own


def test_opposite_moves_cancel_and_are_not_called_decorative():
    figures, judged = audited(trial(opposed, cases=16000, people=30, seed=1), people=30)
    net, least, most = (
        figures[m].answer for m in ("influence", "influence-least", "influence-most")
    )
    assert isinstance(net, Estimate)
    assert isinstance(least, Estimate)
    assert isinstance(most, Estimate)
    assert abs(net.value) < 0.03, "the old rule prints decorative here"
    # Total variation is a lower bound of the share changed, which is .2 by design.
    assert least.value < 0.05
    assert least.value <= 0.2 <= most.value
    assert judged.verdict is not Verdict.DECORATIVE
    if judged.verdict is Verdict.TOO_SMALL:
        assert "spread" in judged.not_decorative


def test_advice_that_nobody_heeds_can_be_called_too_small():
    _, judged = audited(trial(ignored, cases=16000, people=30, seed=2), people=30)
    assert judged.verdict in (Verdict.TOO_SMALL, Verdict.DECORATIVE)


def test_learning_from_shown_cases_is_seen_and_refuses_decoration():
    figures, judged = audited(trial(learned, cases=12000, people=30, seed=3), people=30)
    fading, rise = (figures[m].answer for m in ("influence-fading", "influence-hidden-rise"))
    assert isinstance(fading, Estimate)
    assert isinstance(rise, Estimate)
    assert fading.low > 0
    assert rise.low > 0
    assert judged.verdict is not Verdict.DECORATIVE
