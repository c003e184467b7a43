"""Do cases gather on one side of a line that the charter draws?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.answer import Answer, Estimate, NotEnoughData
from sayso.domain.evidence import Word
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.density import Jump, jump_at, share_above
from sayso.measure.estimators.words import holm, word_for
from sayso.measure.measure import Measure, query

if TYPE_CHECKING:
    from sayso.domain.answer import CannotTell
    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

NO_JUMP = 0.5


def _bunching(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
    """The jump at each line; of several lines one always jumps, so Holm goes over all."""
    found: list[tuple[str, float, Jump | NotEnoughData | CannotTell]] = []
    for one in setting.inputs:
        mine = rows.equal("input", one.name) if len(rows) else rows
        for at in one.lines:
            jump = (
                jump_at(mine.numbers("input_number"), mine.numbers("cases"), at)
                if len(mine)
                else NotEnoughData(1, 0)
            )
            found.append((one.name, at, jump))
    kept = iter(holm([jump.p for _, _, jump in found if isinstance(jump, Jump)]))
    return tuple(
        _figure(name, at, jump, stands=isinstance(jump, Jump) and next(kept))
        for name, at, jump in found
    )


def _figure(
    name: str, at: float, jump: Jump | NotEnoughData | CannotTell, *, stands: bool
) -> Figure:
    answer: Answer
    notes: tuple[tuple[str, float | int | str | bool], ...] = ()
    if isinstance(jump, Jump):
        answer = share_above(jump)
        notes = (
            ("t", jump.t),
            ("p", jump.p),
            ("reach_below", jump.below.reach),
            ("reach_above", jump.above.reach),
            ("cases_below", jump.below.cases),
            ("cases_above", jump.above.cases),
        )
    else:
        answer = jump
    word = word_for(answer, line=None, grade=Grade.DESCRIPTION, reference=NO_JUMP)
    if isinstance(answer, Estimate) and not stands:
        word = Word.EITHER
    return Figure(
        measure="bunching",
        groups=(("input", name), ("at", f"{at:.12g}")),
        answer=answer,
        grade=Grade.DESCRIPTION,
        unit=Unit.SHARE,
        word=word,
        notes=notes,
    )


BUNCHING = Measure(
    key="bunching",
    question="Do cases gather on one side of a line that the charter draws?",
    needs=(),
    applies=lambda s: any(one.lines for one in s.inputs),
    sql=query("bunching"),
    estimate=_bunching,
)
