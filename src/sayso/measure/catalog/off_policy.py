"""What another rule would have brought, where the chance of each choice was stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.bounds import SEEN_AFTER_ONE, capped, with_sampling
from sayso.measure.estimators.off_policy import (
    Logged,
    by_both,
    by_both_shared,
    by_model,
    by_share_of_weights,
    by_weights,
    doubts,
    estimated,
    saved_by,
    under,
)
from sayso.measure.estimators.words import word_for
from sayso.measure.measure import Measure, query

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]
    Note = tuple[str, float | int | str | bool]

# So many cases of the option overall count beside those of the kind of case.
PRIOR_CASES = 5.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to choose that can be held against what was chosen.

    Attributes:
        name: Stable name under ``policy``.
        wants: What the rule does, given the advice.
    """

    name: str
    wants: Callable[[str | None], str | None]


def _always(action: str) -> Callable[[str | None], str | None]:
    return lambda _: action


def _by_choice(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    chosen = rows.text("choice")
    rules = [Rule("advice", lambda advice: advice)]
    rules += [Rule(f"always {o}", _always(o)) for o in setting.options if o in set(chosen)]
    return _read(rows, chosen, rules, setting, "policy")


def _by_showing(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    arm: list[str | None] = ["shown" if s == 1.0 else "hidden" for s in rows.numbers("shown")]
    rules = [Rule("always shown", _always("shown")), Rule("never shown", _always("hidden"))]
    return _read(rows, arm, rules, setting, "showing")


def _read(
    rows: Rows, did: list[str | None], rules: list[Rule], setting: Setting, key: str
) -> tuple[Figure, ...]:
    if not len(rows) or float(rows.numbers("cases").sum()) == 0:
        never = NotEnoughData(1, 0, "known outcomes with a stated chance")
        return tuple(_gain(key, rule, never, setting, ()) for rule in rules[:1])
    return tuple(figure for rule in rules for figure in _rule(rows, did, rule, setting, key))


def _rule(
    rows: Rows, did: list[str | None], rule: Rule, setting: Setting, key: str
) -> tuple[Figure, Figure]:
    wanted = [rule.wants(advice) for advice in rows.text("advice")]
    takes = np.array([d == w for d, w in zip(did, wanted, strict=True)], dtype=bool)
    fitted, planned = _expected(rows, did, wanted)
    log = under(_logged(rows, fitted, planned), takes.astype(np.float64))
    known, matured = rows.numbers("cases"), rows.numbers("matured")
    unstated = float(rows.numbers("unstated").sum())
    impossible = float(rows.numbers("impossible").sum())
    why = (
        SEEN_AFTER_ONE
        if setting.outcome_seen_for is not None
        else doubts(
            log,
            missing=unstated,
            impossible=impossible,
            tried=float(rows.numbers("by_chance").sum()),
        )
    )
    stated = float(matured.sum()) - unstated - impossible
    missing = 1 - log.n / stated if stated > 0 else 0.0
    notes: list[Note] = [
        ("worth", log.worth),
        ("mean_weight", log.mean_weight),
        ("most_weight", log.most),
        ("missing_outcomes", missing),
    ]
    if why is not None:
        return (
            _gain(key, rule, why, setting, tuple(notes)),
            _loss(key, rule, why, setting, ()),
        )
    valued = by_both(log)
    notes += [("by_weights", by_weights(log).value)]
    notes += [("by_share_of_weights", by_share_of_weights(log).value)]
    notes += [("by_model", by_model(log).value)]
    notes += [("by_both_shared", by_both_shared(log).value)]
    wrong = float(rows.numbers("wrong")[takes].sum())
    events = (round(wrong), round(float(known[takes].sum()) - wrong))
    money = setting.loss_unit is not None
    loss = estimated(
        log,
        valued,
        population=setting.population,
        bounds=None if money else Range(0.0, 1.0),
        events=events,
    )
    gain = estimated(
        log,
        saved_by(log, valued),
        population=setting.population,
        line=_line(setting),
        bounds=None if money else Range(-1.0, 1.0),
        events=events,
    )
    stake = float(np.nanmax(rows.numbers("stake"), initial=1.0))
    worst = _worst(gain, missing, stake)
    return (
        _gain(key, rule, gain, setting, tuple(notes), worst),
        _loss(key, rule, loss, setting, tuple(notes)),
    )


def _worst(gain: Answer, missing: float, stake: float) -> Range | None:
    """The gain with outcomes that are missing at each extreme, for and against the rule."""
    if not isinstance(gain, Estimate):
        return None
    known = (1 - missing) * gain.value
    return with_sampling(Range(known - missing * stake, known + missing * stake), gain)


def _gain(
    key: str,
    rule: Rule,
    answer: Answer,
    setting: Setting,
    notes: tuple[Note, ...],
    worst: Range | None = None,
) -> Figure:
    # The column says that these were the chances; nothing here proves that a coin was thrown.
    grade = Grade.ASSOCIATION
    word = word_for(answer, line=_line(setting), grade=grade)
    if worst is not None:
        word = capped(word, worst, _line(setting))
        notes = (*notes, ("worst_low", worst.low), ("worst_high", worst.high))
    return Figure(
        measure=f"{key}-gain",
        groups=(("policy", rule.name),),
        answer=answer,
        grade=grade,
        unit=Unit.MONEY if setting.loss_unit is not None else Unit.NET_SHARE,
        word=word,
        line=_line(setting),
        notes=notes,
    )


def _loss(
    key: str, rule: Rule, answer: Answer, setting: Setting, notes: tuple[Note, ...]
) -> Figure:
    return Figure(
        measure=f"{key}-loss",
        groups=(("policy", rule.name),),
        answer=answer,
        grade=Grade.ASSOCIATION,
        unit=Unit.MONEY if setting.loss_unit is not None else Unit.SHARE,
        notes=notes,
    )


def _line(setting: Setting) -> float | None:
    return setting.loss_line if setting.loss_unit else setting.line


def _logged(rows: Rows, fitted: Floats, planned: Floats) -> Logged:
    person, _ = rows.codes("decider")
    most = rows.numbers("most")
    known = most[~np.isnan(most)]
    return Logged(
        cases=rows.numbers("cases"),
        w=rows.numbers("w"),
        ww=rows.numbers("ww"),
        r=rows.numbers("r"),
        rr=rows.numbers("rr"),
        wr=rows.numbers("wr"),
        wrr=rows.numbers("wrr"),
        wwr=rows.numbers("wwr"),
        wwrr=rows.numbers("wwrr"),
        fitted=fitted,
        planned=planned,
        person=person,
        most=float(known.max()) if len(known) else 0.0,
    )


def _expected(rows: Rows, did: list[str | None], wanted: list[str | None]) -> tuple[Floats, Floats]:
    """What each group's action, and the rule's, cost on average in alike cases of other people.

    The average comes from the other half of the people, so that nobody's own outcome is part of
    what is expected of it; where nobody is named, from all.
    """
    cell, _ = rows.codes("cell")
    person, _ = rows.codes("decider")
    labels: dict[str | None, int] = {}
    action = np.array([labels.setdefault(d, len(labels)) for d in did], dtype=np.intp)
    # An action that nobody took has no cases; the rule's weights fall short of one there.
    planned_action = np.array([labels.setdefault(w, len(labels)) for w in wanted], dtype=np.intp)
    cases, lost = rows.numbers("cases"), rows.numbers("r")
    half = person % 2
    cells, actions = int(cell.max()) + 1, len(labels)
    fitted, planned = np.zeros(len(cases)), np.zeros(len(cases))
    sides = np.unique(half)
    for side in sides:
        own = half == side
        other = half != side if len(sides) > 1 else own
        mean = _means(cell[other], action[other], cases[other], lost[other], cells, actions)
        fitted[own] = mean[cell[own], action[own]]
        planned[own] = mean[cell[own], planned_action[own]]
    return fitted, planned


def _means(
    cell: NDArray[np.intp],
    action: NDArray[np.intp],
    cases: Floats,
    lost: Floats,
    cells: int,
    actions: int,
) -> Floats:
    """Mean cost by kind of case and action, pulled to the action's own where there are few."""
    n, total = np.zeros((cells, actions)), np.zeros((cells, actions))
    np.add.at(n, (cell, action), cases)
    np.add.at(total, (cell, action), lost)
    whole = max(float(n.sum()), 1.0)
    overall = float(total.sum()) / whole
    by_action = (total.sum(0) + PRIOR_CASES * overall) / (n.sum(0) + PRIOR_CASES)
    return (total + PRIOR_CASES * by_action) / (n + PRIOR_CASES)


POLICY = Measure(
    key="policy-gain",
    question="What would always following the advice have brought?",
    needs=("choice_probability", "choice_loss", "advice", "choice"),
    applies=lambda s: not s.quantity,
    sql=query("off_policy"),
    estimate=_by_choice,
)
SHOWING = Measure(
    key="showing-gain",
    question="What would showing the advice always, or never, have brought?",
    needs=("show_probability", "choice_loss", "advice", "choice", "shown"),
    applies=lambda s: not s.quantity,
    sql=query("off_policy_shown"),
    estimate=_by_showing,
)
