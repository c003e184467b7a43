"""When two cases count as alike, at three definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.adapters.case_rules import between, binned, key_of
from sayso.measure.roles import Content

if TYPE_CHECKING:
    from sayso.adapters.draft import Draft
    from sayso.measure.roles import ColumnFacts

MOST_CODES = 4
MOST_NUMBERS = 2
MOST_VALUES = 12
FIFTHS = (0.2, 0.4, 0.6, 0.8)


def alike_keys(draft: Draft) -> tuple[str, str, str]:
    """SQL keys of alike cases: loosest, as declared or guessed, strictest.

    The charter's ``alike`` comes first, then its ``kinds``. Without a charter, cases are alike in
    up to four inputs of few values and the fifth of up to two numbers they fall in; the looser
    key leaves the numbers out. The strictest adds the advice, as an input nobody declared.
    """
    names = list(draft.columns)
    charter = draft.charter
    if charter is not None and charter.alike is not None:
        exact = [f"in_{names.index(n)}" for n in charter.alike.exact if n in names]
        near = [(f"num_{names.index(n)}", w) for n, w in charter.alike.within if n in names]
        near = [(n, w) for n, w in near if _is_number(draft, n)]
        advised = [*exact, "advice"] if "advice" in draft.values and not draft.quantity else exact
        return (
            key_of([*exact, *(binned(n, 2 * w) for n, w in near)]),
            key_of([*exact, *(binned(n, w) for n, w in near)]),
            key_of([*advised, *(binned(n, w / 2) for n, w in near)]),
        )
    if charter is not None and charter.kinds:
        codes = [f"in_{names.index(n)}" for n in charter.kinds if n in names]
        numbers: list[str] = []
    else:
        codes, numbers = _guessed(draft)
        _note_guessed(draft, codes, numbers)
    cuts = [between(n, _cuts(draft, n)) for n in numbers]
    advised = ["advice"] if "advice" in draft.values and not draft.quantity else []
    if not codes and not cuts:
        # Nothing describes the case but the advice itself.
        parts = advised
        if "advice_confidence" in draft.values:
            parts = [*advised, binned("advice_confidence", 0.1)]
        return key_of(advised), key_of(parts), key_of(parts)
    return key_of(codes or cuts), key_of([*codes, *cuts]), key_of([*codes, *cuts, *advised])


def _guessed(draft: Draft) -> tuple[list[str], list[str]]:
    codes: list[str] = []
    numbers: list[str] = []
    for name in draft.roles.inputs:
        facts = draft.columns[name].facts
        place = list(draft.columns).index(name)
        if facts.content is Content.MOMENT or facts.filled == 0 or facts.distinct < 2:
            continue
        if facts.distinct <= MOST_VALUES:
            codes.append(f"in_{place}")
        elif facts.content is Content.NUMBER and not _is_id(facts):
            numbers.append(f"num_{place}")
    return codes[:MOST_CODES], numbers[:MOST_NUMBERS]


def _is_id(facts: ColumnFacts) -> bool:
    """Whether a number only tells rows apart: whole, and hardly ever the same twice."""
    return facts.whole and facts.distinct >= 0.95 * facts.rows * facts.filled


def _note_guessed(draft: Draft, codes: list[str], numbers: list[str]) -> None:
    """Say in which inputs cases were taken as alike, since no charter does."""
    names = list(draft.columns)
    said = [names[int(code.removeprefix("in_"))] for code in codes]
    said += [f"{names[int(n.removeprefix('num_'))]} (to a fifth of all cases)" for n in numbers]
    if not said and "advice" in draft.values:
        said = ["the advice"]
        if "advice_confidence" in draft.values:
            said.append("the AI’s estimate (to a tenth)")
    draft.note("alike-guessed", len(said), ", ".join(said))


def _is_number(draft: Draft, cell: str) -> bool:
    name = list(draft.columns)[int(cell.removeprefix("num_"))]
    return draft.columns[name].facts.content is Content.NUMBER


def _cuts(draft: Draft, number: str) -> list[float]:
    row = draft.one(f"SELECT quantile_disc({number}, {list(FIFTHS)}) FROM typed")[0]  # noqa: S608
    return sorted({float(str(v)) for v in row}) if isinstance(row, list) else []
