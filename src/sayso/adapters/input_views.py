"""Views of the cases by their inputs: one row an input, and all inputs in one number."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from sayso.adapters.raw_table import literal
from sayso.declare.lines import lines_of
from sayso.measure.case_inputs import BASE, EMPTY, MOST_CODES, MOST_INPUTS, TENTHS, CaseInput
from sayso.measure.roles import Content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.adapters.draft import Draft
    from sayso.measure.roles import ColumnFacts

# Where numbers are cut and which values are frequent is read from so many rows, evenly spaced:
# any cuts are right, and a pass over every row for each input would double the audit.
ROWS_LOOKED_AT = 200_000
OTHER = "any other"


def make_input_views(draft: Draft) -> tuple[CaseInput, ...]:
    """Make ``case_inputs`` and ``case_slices``, and say what their codes mean."""
    found: list[tuple[CaseInput, str, str]] = []
    watched = 0
    # Who decided, their team and the case itself are no kind of case, whatever a charter says:
    # figures by them would be figures about people.
    people = {draft.roles.column(role) for role in ("decider", "case")} | _declared_team(draft)
    taken = {guess.column for guess in draft.roles.guesses}
    named = draft.charter.affected if draft.charter is not None else ()
    # A column that only looked like a team is what the charter says it is.
    affected = tuple(name for name in named if name not in people)
    lines = _lines(draft)
    sample = _sample(draft)
    for place, name in enumerate(draft.columns):
        is_input = (name not in taken or name in affected) and _is_input(draft, name)
        wanted = is_input or name in affected or (name in lines and name not in people)
        if f"in_{place}" not in draft.stored or not wanted:
            continue
        made = _coded(draft, place, name, sample, keep=name in affected or name in lines)
        if made is None:
            continue
        one, fine, coarse = made
        watch = watched < MOST_INPUTS and is_input
        watched += watch
        one = replace(one, watched=watch, affected=name in affected, lines=lines.get(name, ()))
        if watch or one.affected or one.lines:
            found.append((one, fine, coarse))
    _make_inputs(draft, found)
    _make_slices(draft, [coarse for one, _, coarse in found if one.watched])
    return tuple(one for one, _, _ in found)


def _declared_team(draft: Draft) -> set[str]:
    source = draft.charter.source if draft.charter is not None else None
    team = dict(source.columns).get("team") if source is not None else None
    return {team} if team is not None else set()


def _lines(draft: Draft) -> dict[str, tuple[float, ...]]:
    """Numbers that the charter compares each numeric column with."""
    if draft.charter is None:
        return {}
    # A number of few values is a code, and comparing it is a way to read it.
    numbers = [
        name
        for name, column in draft.columns.items()
        if column.facts.content is Content.NUMBER and column.facts.distinct > MOST_CODES
    ]
    found: dict[str, tuple[float, ...]] = {}
    for line in lines_of(draft.charter, numbers):
        found[line.name] = (*found.get(line.name, ()), line.at)
    return found


def _is_input(draft: Draft, name: str) -> bool:
    """Whether a column describes the case: declared, or left over where nothing is declared."""
    declared = draft.charter.inputs if draft.charter is not None else ()
    if declared:
        return name in {n for n, _ in declared}
    return name in draft.roles.inputs


def _sample(draft: Draft) -> str:
    rows = int(str(draft.one("SELECT count(*) FROM typed")[0]))
    step = max(1, rows // ROWS_LOOKED_AT)
    return f"typed WHERE rowid % {step} = 0"


def _coded(
    draft: Draft, place: int, name: str, sample: str, *, keep: bool
) -> tuple[CaseInput, str, str] | None:
    """The input with SQL for its code and its coarse code; None where it tells nothing apart."""
    facts = draft.columns[name].facts
    if facts.content is Content.MOMENT or facts.filled == 0 or facts.distinct < 2:
        return None
    if facts.content is Content.NUMBER and facts.distinct > MOST_CODES:
        if facts.whole and facts.distinct >= 0.95 * facts.rows * facts.filled and not keep:
            return None  # a number that only tells rows apart
        return _ranges(draft, place, name, sample, facts)
    return _values(draft, place, name, sample)


def _values(draft: Draft, place: int, name: str, sample: str) -> tuple[CaseInput, str, str] | None:
    rows = draft.connection.execute(
        f"SELECT in_{place} AS v, count(*) AS n FROM {sample} AND in_{place} IS NOT NULL "  # noqa: S608
        f"GROUP BY 1 ORDER BY n DESC, v LIMIT {MOST_CODES + 1}"
    ).fetchall()
    if len(rows) < 2:
        return None
    few = len(rows) <= MOST_CODES
    if not few and draft.columns[name].facts.distinct > 0.5 * draft.columns[name].facts.rows:
        return None  # free text or a number of the case
    kept = sorted(str(v) for v, _ in rows[: MOST_CODES if few else MOST_CODES - 1])
    # What the evenly spaced rows did not show is still there.
    labels = (*kept, OTHER) if draft.columns[name].facts.distinct > len(kept) else tuple(kept)
    arms = " ".join(f"WHEN in_{place} = {literal(v)} THEN {i}" for i, v in enumerate(kept))
    code = f"CASE WHEN in_{place} IS NULL THEN NULL {arms} ELSE {len(kept)} END"
    one = CaseInput(name=name, place=place, number=False, labels=labels, coarse=labels)
    return one, code, code


def _ranges(
    draft: Draft, place: int, name: str, sample: str, facts: ColumnFacts
) -> tuple[CaseInput, str, str] | None:
    shares = [i / TENTHS for i in range(1, TENTHS)]
    found = draft.one(f"SELECT quantile_disc(num_{place}, {shares}) FROM {sample}")[0]  # noqa: S608
    if not isinstance(found, list):
        return None
    fine = sorted({float(str(v)) for v in found})
    if facts.high is not None:
        fine = [cut for cut in fine if cut < facts.high]
    if not fine:
        return None
    coarse = fine[1::2] if len(fine) > 2 else fine
    one = CaseInput(
        name=name,
        place=place,
        number=True,
        labels=_spans(fine),
        coarse=_spans(coarse),
    )
    return one, _between(place, fine), _between(place, coarse)


def _between(place: int, cuts: Sequence[float]) -> str:
    arms = " ".join(f"WHEN num_{place} <= {cut!r} THEN {i}" for i, cut in enumerate(cuts))
    return f"CASE WHEN num_{place} IS NULL THEN NULL {arms} ELSE {len(cuts)} END"


def _spans(cuts: Sequence[float]) -> tuple[str, ...]:
    """Ranges in words; a cut belongs to the range below it."""
    said = [f"{cut:.6g}" for cut in cuts]
    middle = [f"over {a} to {b}" for a, b in pairwise(said)]
    return (f"up to {said[0]}", *middle, f"over {said[-1]}")


_NO_INPUT = (
    "SELECT *, CAST(NULL AS VARCHAR) AS input, CAST(NULL AS INTEGER) AS input_code, "
    "CAST(NULL AS DOUBLE) AS input_number, false AS input_lined, false AS input_affected "
    "FROM cases WHERE false"
)


def _make_inputs(draft: Draft, found: Sequence[tuple[CaseInput, str, str]]) -> None:
    parts = [
        f"SELECT *, {literal(one.name)} AS input, {fine} AS input_code, "  # noqa: S608 - quoted
        f"{_number(draft, one)} AS input_number, {str(bool(one.lines)).lower()} AS input_lined, "
        f"{str(one.affected).lower()} AS input_affected FROM cases"
        for one, fine, _ in found
    ]
    draft.connection.execute(
        f"CREATE VIEW case_inputs AS {' UNION ALL '.join(parts or [_NO_INPUT])}"
    )


def _number(draft: Draft, one: CaseInput) -> str:
    content = draft.columns[one.name].facts.content
    return f"num_{one.place}" if content is Content.NUMBER else "CAST(NULL AS DOUBLE)"


def _make_slices(draft: Draft, coarse: Sequence[str]) -> None:
    """Every watched input in one number, so that one column carries what a search needs."""
    packed = [f"{BASE**i}e0 * coalesce({code}, {EMPTY})" for i, code in enumerate(coarse)]
    draft.connection.execute(
        f"CREATE VIEW case_slices AS SELECT *, {' + '.join(packed or ['0e0'])} AS packed "  # noqa: S608
        "FROM cases"
    )
