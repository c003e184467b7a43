"""Live cases and known outcomes of a table, as columns: what each option brings, worked out in SQL.

Every expression comes from the allowlist of ``declare.expression`` and is written again from its
checked tree, with the option and the state as literals in the places of their names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import numpy as np

from sayso.adapters.raw_table import literal
from sayso.declare.charter import InputType, OutcomeKind
from sayso.declare.expression import ExprType
from sayso.domain.errors import CharterInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from sayso.adapters.table_source import OpenTable
    from sayso.declare.charter import Charter
    from sayso.declare.expression import Expression
    from sayso.measure.rows import Rows

    Floats = NDArray[np.float64]

FOLDS = 3
LEARN_FROM = 30_000
NOTHING_SAID = "CAST(NULL AS DOUBLE)"
LONGEST_VALUE = 200
MONTH_DAYS = 30.4375
LEAST_DAYS = 28.0
DAY_SECONDS = 86_400.0
# The share of the cases in the middle, from which the pace is told: one mistyped year in a column
# of dates must not stretch a month to ten.
ENDS = 0.01


@dataclass(frozen=True, slots=True)
class OptionCount:
    """Cases in which one option was chosen, how many are due, and of how many the end is known."""

    option: str | None
    cases: int
    due: int
    known: int


@dataclass(frozen=True, slots=True)
class States:
    """What may turn out: the names people read, and each as SQL."""

    names: tuple[str, ...]
    sql: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which cases are looked at, the same for every query of one reading.

    Attributes:
        names: Declared inputs that the table has, with their types.
        seed: Seed of the order in which cases are taken.
        as_of: What counts as now, in UTC without a zone.
    """

    names: Mapping[str, InputType]
    seed: int
    as_of: datetime


def option_counts(table: OpenTable, sampling: Sampling) -> tuple[OptionCount, ...]:
    """Cases by the option chosen; None where the choice is not known."""
    rows = table.engine.fetch(
        f"SELECT choice, count(*) AS cases, count(CASE WHEN {_DUE} THEN 1 END) AS due, "  # noqa: S608
        f"count(CASE WHEN {_known(table)} THEN 1 END) AS known FROM cases GROUP BY choice "
        "ORDER BY choice NULLS LAST",
        {"as_of": sampling.as_of},
    )
    counts = (rows.numbers(name).astype(int).tolist() for name in ("cases", "due", "known"))
    return tuple(
        OptionCount(option, *row) for option, *row in zip(rows.text("choice"), *counts, strict=True)
    )


def states_of(table: OpenTable, charter: Charter, sampling: Sampling, *, most: int) -> States:
    """What may turn out; for a category the values seen, ``most`` + 1 of them at most."""
    if charter.outcome is None or charter.outcome.kind is OutcomeKind.BOOLEAN:
        return States(("false", "true"), ("false", "true"))
    rows = table.engine.fetch(
        f"SELECT DISTINCT {table.outcome} AS state FROM cases WHERE {_known(table)} "  # noqa: S608
        f"ORDER BY state LIMIT {most + 1}",
        {"as_of": sampling.as_of},
    )
    names = tuple(str(v) for v in rows.text("state"))
    return States(names, tuple(literal(n) for n in names))


def cases_a_month(table: OpenTable) -> float | None:
    """How many cases come in a month; None without dates, or with under 28 days of them."""
    if not table.profile.calendar:
        return None
    case = "count(DISTINCT case_id)" if table.setting.panel_rows else "count(*)"
    rows = table.engine.fetch(
        f"SELECT {case} AS cases, quantile_cont(epoch(decided_at), {ENDS}) AS low, "  # noqa: S608
        f"quantile_cont(epoch(decided_at), {1 - ENDS}) AS high FROM cases",
        {},
    )
    low, high = float(rows.numbers("low")[0]), float(rows.numbers("high")[0])
    days = (high - low) / DAY_SECONDS / (1 - 2 * ENDS)
    # Not a number where no case has a date, and then not at least 28 either.
    return float(rows.numbers("cases")[0]) / days * MONTH_DAYS if days >= LEAST_DAYS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCases:
    """Live cases, sampled.

    Attributes:
        known: Inputs by name: numbers with NaN, texts with None, shape (cases,).
        amounts: What each option brings in each state on each measure, NaN where that cannot be
            worked out, shape (cases, options, states, measures).
        folds: Which of three parts each case belongs to.
        deciders: Number of each decider, -1 for unknown.
        chosen: Number of the option chosen, -1 for unknown.
        said: The AI's stated chance, NaN for none.
        unseen: Whether the choice taken keeps the outcome from being seen.
    """

    known: dict[str, NDArray[np.float64] | NDArray[np.object_]]
    amounts: Floats
    folds: NDArray[np.intp]
    deciders: NDArray[np.intp]
    chosen: NDArray[np.intp]
    said: Floats
    unseen: NDArray[np.bool_]


def live_cases(
    table: OpenTable,
    charter: Charter,
    measures: Sequence[Mapping[str, Expression]],
    states: States,
    sampling: Sampling,
    *,
    most: int,
    seen: Expression | None,
    said: str,
) -> LiveCases:
    """Cases as they stood, and what each option brings in each.

    Args:
        table: The table, open.
        charter: What declares the options and the inputs.
        measures: For each consideration, the measure of each option.
        states: What may turn out.
        sampling: Which cases.
        most: Cases at most.
        seen: When the outcome is seen; None where the choice says nothing about it.
        said: SQL over ``cases`` for the AI's stated chance.

    Raises:
        CharterInvalid: If a measure overflows.
    """
    places = {name: f"k_{i}" for i, name in enumerate(sampling.names)}
    places |= {"choice": "choice", "advice": "advice", "prior": "prior"}
    cells = [_shown(name, kind, places[name]) for name, kind in sampling.names.items()]
    for o, option in enumerate(charter.options):
        for s, state in enumerate(states.sql):
            here = {**places, "choice": literal(option)}
            if charter.outcome is not None:
                here[charter.outcome.name] = state
            cells += [
                f"{_amount(measure[option], here)} AS a_{o}_{s}_{k}"
                for k, measure in enumerate(measures)
            ]
    arms = "".join(f" WHEN choice = {literal(o)} THEN {i}" for i, o in enumerate(charter.options))
    chosen = f"CASE{arms} ELSE -1 END" if arms else "-1"
    visible = "true" if seen is None else seen.sql(places)
    sql = (
        f"SELECT {_PART}, {chosen} AS chosen, said, "  # noqa: S608
        f"CASE WHEN decider IS NOT NULL THEN {_hashed('decider', sampling.seed)} END AS decider, "
        f"NOT coalesce({visible}, false) AS unseen{_comma(cells)} FROM ("
        f"SELECT {_place(table, sampling)}, decider, choice, advice, prior, {said} AS said"
        f"{_comma(_inputs(table, sampling))} FROM cases ORDER BY place, decider NULLS LAST "
        f"LIMIT {most}) AS live ORDER BY place, decider NULLS LAST"
    )
    try:
        rows = table.engine.fetch(sql, {})
    except (duckdb.OutOfRangeException, duckdb.ConversionException) as error:
        raise CharterInvalid(
            f"A measure or a mistake cannot be worked out: {str(error).splitlines()[0]}",
            hint="Use numbers that a calculator would show.",
        ) from error
    shape = (len(rows), len(charter.options), len(states.sql), len(measures))
    amounts = np.full(shape, np.nan)
    for o, s, k in np.ndindex(shape[1:]):
        amounts[:, o, s, k] = rows.numbers(f"a_{o}_{s}_{k}")
    amounts[~np.isfinite(amounts)] = np.nan
    return LiveCases(
        known=_known_inputs(rows, sampling),
        amounts=amounts,
        folds=rows.numbers("fold").astype(np.intp),
        deciders=_numbered(rows.numbers("decider")),
        chosen=rows.numbers("chosen").astype(np.intp),
        said=rows.numbers("said"),
        unseen=rows.numbers("unseen") > 0,
    )


@dataclass(frozen=True, slots=True)
class KnownOutcomes:
    """Cases whose outcome is due and known, sampled: inputs, number of the state, and part."""

    known: dict[str, NDArray[np.float64] | NDArray[np.object_]]
    states: NDArray[np.intp]
    folds: NDArray[np.intp]


def known_outcomes(table: OpenTable, states: States, sampling: Sampling) -> KnownOutcomes:
    """What turned out where it is due and known; an outcome known early may be of the early kind."""
    arms = " ".join(f"WHEN {sql} THEN {i}" for i, sql in enumerate(states.sql))
    cells = [_shown(n, kind, f"k_{i}") for i, (n, kind) in enumerate(sampling.names.items())]
    rows = table.engine.fetch(
        f"SELECT {_PART}, state{_comma(cells)} FROM ("  # noqa: S608
        f"SELECT {_place(table, sampling)}, decider, CASE {table.outcome} {arms} END AS state"
        f"{_comma(_inputs(table, sampling))} FROM cases WHERE {_known(table)} "
        f"ORDER BY place, decider NULLS LAST LIMIT {LEARN_FROM}) AS seen "
        "WHERE state IS NOT NULL ORDER BY place, decider NULLS LAST",
        {"as_of": sampling.as_of},
    )
    return KnownOutcomes(
        _known_inputs(rows, sampling),
        rows.numbers("state").astype(np.intp),
        rows.numbers("fold").astype(np.intp),
    )


# Which of the parts a case belongs to; its place among all says nothing of that.
_PART = f"place % {FOLDS} AS fold"
_DUE = "(outcome_due IS NULL OR outcome_due <= $as_of)"


def _known(table: OpenTable) -> str:
    return f"(({table.outcome}) IS NOT NULL AND {_DUE})"


def _hashed(text: str, seed: int) -> str:
    """SQL for a number that a text and the seed make; the same in every version of the engine."""
    return f"md5_number_lower(concat_ws('|', '{int(seed)}', {text}))"


def _place(table: OpenTable, sampling: Sampling) -> str:
    """SQL for the order in which cases are taken; all rows of one case, which share an outcome."""
    numbered = "CAST(row_number() OVER () AS VARCHAR)"
    unnamed = "concat_ws('|', CAST(decided_at AS VARCHAR), decider, choice)"
    case = f"coalesce(case_id, {unnamed})" if table.setting.holds("case_id") else numbered
    return f"{_hashed(case, sampling.seed)} AS place"


def _inputs(table: OpenTable, sampling: Sampling) -> list[str]:
    """Declared inputs as they are typed; a number that is not finite is not known."""
    cells: list[str] = []
    for i, (name, kind) in enumerate(sampling.names.items()):
        sql = table.inputs[name]
        if kind is InputType.NUMBER:
            sql = f"CASE WHEN isfinite({sql}) THEN {sql} END"
        cells.append(f"{sql} AS k_{i}")
    return cells


def _shown(name: str, kind: InputType, place: str) -> str:
    """SQL that hands an input over: dates as days since 1970, texts cut."""
    match kind:
        case InputType.CATEGORY:
            sql = f"left(CAST({place} AS VARCHAR), {LONGEST_VALUE})"
        case InputType.DATE:
            sql = f"epoch({place}) / {DAY_SECONDS}e0"
        case InputType.NUMBER | InputType.BOOLEAN:
            sql = place
    return f"{sql} AS {_handed(place)}"


def _handed(place: str) -> str:
    return f"h{place}"


def _amount(measure: Expression, places: Mapping[str, str]) -> str:
    sql = measure.sql(places)
    if measure.type is ExprType.BOOLEAN:
        return f"CASE WHEN {sql} THEN 1e0 WHEN NOT {sql} THEN 0e0 END"
    return f"TRY_CAST({sql} AS DOUBLE)"


def _comma(cells: Sequence[str]) -> str:
    return "".join(f", {cell}" for cell in cells)


def _known_inputs(
    rows: Rows, sampling: Sampling
) -> dict[str, NDArray[np.float64] | NDArray[np.object_]]:
    return {
        name: rows.columns[_handed(f"k_{i}")]
        if kind is InputType.CATEGORY
        else rows.numbers(_handed(f"k_{i}"))
        for i, (name, kind) in enumerate(sampling.names.items())
    }


def _numbered(keys: Floats) -> NDArray[np.intp]:
    """Deciders from 0 in the order of their hashes, which says nothing of their names."""
    known = ~np.isnan(keys)
    numbers = np.full(len(keys), -1, dtype=np.intp)
    numbers[known] = np.unique(keys[known], return_inverse=True)[1]
    return numbers
