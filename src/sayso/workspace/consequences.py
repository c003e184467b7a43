"""From a charter and a table of past decisions to what each option would bring."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sayso.align.consequence_reading import ConsequencesReading, Note, NoteCode
from sayso.align.considerations import Consideration, considerations_of
from sayso.declare.charter import OutcomeKind
from sayso.declare.consequence import MeasureProblem, declared_names, measure_of
from sayso.declare.expression import Expression, ExprType, parse_expression
from sayso.domain.answer import CannotTell, NotEnoughData

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

    from sayso.adapters.consequences import LiveCases, OptionCount, Sampling, States
    from sayso.adapters.table_source import OpenTable
    from sayso.align.beliefs import FoldedBeliefs
    from sayso.declare.charter import Charter

    Floats = NDArray[np.float64]

MOST = 2_000
MOST_STATES = 12
# Values of a category with a column of their own: in what is believed, and in what is priced,
# where products of three columns are fitted.
BELIEVED_VALUES = 50
PRICED_VALUES = 7
LEAST_OUTCOMES = 10
LEAST_DUE = 30
ANY = "whatever happens"
COST = "cost of mistakes"
HOW = "Write measure: as an expression over choice, {outcome} and inputs."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is to be worked out: for each consideration, the measure of each option.

    Attributes:
        considerations: What matters.
        measures: Option to measure, in the order of the considerations.
        costs: What each option's measure is multiplied with, in the order of the options.
        lacks: Why only the cost of mistakes is known; None where all is.
        notes: What was left out on the way.
    """

    considerations: tuple[Consideration, ...]
    measures: tuple[Mapping[str, Expression], ...]
    costs: tuple[float, ...]
    lacks: CannotTell | None = None
    notes: tuple[Note, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every name that is used."""
        return frozenset(n for by in self.measures for m in by.values() for n in m.names)


def read_consequences(
    charter: Charter,
    source: Any,  # a path, a URL, or a pandas or polars frame
    *,
    as_of: datetime,
    seed: int,
    most: int = MOST,
    progress: Callable[[str], None] | None = None,
) -> ConsequencesReading | NotEnoughData | CannotTell:
    """What each option would have brought in cases like those of a table.

    Each measure is worked out under each option and each state of the outcome. How likely each
    state is in a case is learned from other cases' outcomes that are due and known, by a logistic
    regression on the declared inputs; twice, from parts of the outcomes that share no case.

    Args:
        charter: What declares options, what matters, the outcome and the inputs.
        source: The table: a file, folder, glob or database URL, or a pandas or polars frame.
        as_of: The moment that counts as now, for outcomes that are not due yet.
        seed: Seed of which cases are looked at, and of their parts.
        most: Live cases looked at, at most.
        progress: Told in words what is being done.

    Returns:
        The consequences with what they rest on; or what is missing, in the charter or the table.

    Raises:
        SaysoError: If the table cannot be read; the message says what to do.
    """
    plan = _planned(charter)
    if isinstance(plan, CannotTell):
        return plan

    from datetime import UTC

    from sayso.adapters.table_source import ImportRequest, open_table

    now = as_of.astimezone(UTC).replace(tzinfo=None) if as_of.tzinfo else as_of
    request = ImportRequest(
        source=source,
        # The case table keeps the inputs that tell kinds apart; here all of them are wanted.
        charter=replace(charter, kinds=tuple(name for name, _ in charter.inputs)),
        as_of=now,
        # A writer keeps a block for each column, and more of them are kept here than in an audit.
        memory_limits=("500MB", "1GB", "3GB"),
        progress=progress,
    )
    with open_table(request) as table:
        return _read(table, charter, plan, now=now, seed=seed, most=most)


def _planned(charter: Charter) -> _Plan | CannotTell:
    """Measures that tell options apart, else what mistakes cost, else what to declare."""
    if charter.quantity is not None:
        return CannotTell(
            "What is chosen is a quantity, and only options can be told apart.",
            "Declare options, such as bands of the quantity.",
        )
    if len(charter.options) < 2:
        return CannotTell(
            "The charter names fewer than two options.", "Write them under options: in the charter."
        )
    outcome = charter.outcome.name if charter.outcome is not None else "the outcome"
    how = HOW.format(outcome=outcome)
    weighed = considerations_of(charter)
    ranged = {c.name for c in weighed}
    notes = tuple(
        Note(NoteCode.NO_RANGE, detail=o.name) for o in charter.matters if o.name not in ranged
    )
    measures: list[Mapping[str, Expression]] = []
    silent: list[str] = []
    for objective in charter.matters:
        if objective.name not in ranged:
            continue
        found = measure_of(objective.measure or "", charter)
        if isinstance(found, MeasureProblem):
            silent.append(objective.name)
        else:
            measures.append(dict.fromkeys(charter.options, found))
    if weighed and not silent:
        return _Plan(
            considerations=weighed,
            measures=tuple(measures),
            costs=(1.0,) * len(charter.options),
            notes=notes,
        )
    if silent:
        lacks = CannotTell(
            f"The charter does not say what each option brings on {' and on '.join(silent)}.", how
        )
    else:
        lacks = CannotTell(
            "The charter does not say what matters over a stated range.",
            "Write range: [worst, best] and measure: for each line of matters.",
        )
    costs = _costs(charter)
    return lacks if costs is None else replace(costs, lacks=lacks)


def _costs(charter: Charter) -> _Plan | None:
    """What a mistake costs, as the one consideration; None where the charter does not say it."""
    stated = {m.option: m for m in charter.mistakes if m.costs is not None and m.costs.amount > 0}
    units = {m.costs.unit for m in stated.values() if m.costs is not None}
    if len(units) != 1 or set(charter.options) - set(stated):
        return None
    names = _with_views(charter)
    wrong = {o: parse_expression(m.when, names) for o, m in stated.items()}
    measures = {
        o: found
        for o, found in wrong.items()
        if isinstance(found, Expression) and found.type is ExprType.BOOLEAN
    }
    if len(measures) < len(wrong):
        return None
    costs = {o: m.costs.amount for o, m in stated.items() if m.costs is not None}
    return _Plan(
        considerations=(
            Consideration(name=COST, worst=max(costs.values()), best=0.0, unit=next(iter(units))),
        ),
        measures=(measures,),
        costs=tuple(costs[option] for option in charter.options),
        notes=(Note(NoteCode.COSTS_ONLY),),
    )


def _with_views(charter: Charter) -> dict[str, ExprType]:
    return declared_names(charter) | dict.fromkeys(("advice", "prior"), ExprType.TEXT)


def _read(
    table: OpenTable, charter: Charter, plan: _Plan, *, now: datetime, seed: int, most: int
) -> ConsequencesReading | NotEnoughData | CannotTell:
    from sayso.adapters import consequences as of_table

    outcome = charter.outcome.name if charter.outcome is not None else ""
    declared = dict(charter.inputs)
    absent = sorted(n for n in plan.names if n in declared and n not in table.inputs)
    if absent:
        return CannotTell(
            f"The table has no column {absent[0]!r}, which what an option brings depends on.",
            "Add the column, or write the measure without it.",
        )
    sampling = of_table.Sampling(
        {n: kind for n, kind in charter.inputs if n in table.inputs}, seed, now
    )
    counts = of_table.option_counts(table, sampling)
    learned = bool(outcome) and outcome in plan.names
    states = of_table.States((ANY,), ("NULL",))
    if learned:
        found = _states(table, charter, sampling, counts)
        if not isinstance(found, of_table.States):
            return found
        states = found
    said, said_for = _said(table, charter)
    live = of_table.live_cases(
        table, charter, plan.measures, states, sampling,
        most=most, seen=_seen(charter) if learned else None, said=said,
    )  # fmt: skip
    if learned:
        live = _with_unseen(live, charter, counts)
    whole = ~_missing(live.amounts).any(1)
    if not whole.any():
        missing = _missing(live.amounts).mean(0)
        worst = plan.considerations[int(missing.argmax())].name
        return CannotTell(
            f"What an option brings on {worst} cannot be worked out in any case: an input is missing.",
            "Fill the input in, or write coalesce(input, amount) in the measure.",
        )
    believed = _believed(table, states, sampling, live) if learned else None
    if isinstance(believed, NotEnoughData):
        return believed
    reading = _assembled(
        charter, plan, states.names, live, believed.beliefs if believed is not None else None
    )
    return replace(
        reading,
        consequences=replace(
            reading.consequences,
            cases_a_month=of_table.cases_a_month(table),
            of=sum(c.cases for c in counts),
        ),
        said_for=said_for,
        notes=(*reading.notes, *_table_notes(charter, table, counts, live, believed)),
    )


def _states(
    table: OpenTable, charter: Charter, sampling: Sampling, counts: Sequence[OptionCount]
) -> States | NotEnoughData | CannotTell:
    """What may turn out, where a measure depends on it."""
    from sayso.adapters import consequences as of_table

    if charter.outcome is not None and charter.outcome.kind is OutcomeKind.NUMBER:
        return CannotTell(
            f"The outcome {charter.outcome.name!r} is a number, and how likely each number is "
            "cannot be told.",
            "Declare what it comes to as kind: boolean or category, such as late or in time.",
        )
    if table.profile.column_of("outcome") is None:
        return CannotTell(
            "The table has no outcomes, and what an option brings depends on them.",
            "Add their column under source.columns.outcome.",
        )
    if not sum(c.known for c in counts):
        return NotEnoughData(LEAST_OUTCOMES, 0, "outcomes that are due and known")
    states = of_table.states_of(table, charter, sampling, most=MOST_STATES)
    if len(states.names) > MOST_STATES:
        return CannotTell(
            f"The outcome has more than {MOST_STATES} different values.",
            "Group them in the table, so that each value says what is to be weighed.",
        )
    if len(states.names) < 2:
        return NotEnoughData(LEAST_OUTCOMES, 0, "outcomes of another kind")
    return states


def _seen(charter: Charter) -> Expression | None:
    """When the outcome is seen, where the choice has a say in it."""
    if charter.outcome is None or charter.outcome.seen_when == "always":
        return None
    found = parse_expression(charter.outcome.seen_when, _with_views(charter))
    # Written over other columns it is read on import; options without outcomes still show.
    return found if isinstance(found, Expression) and found.type is ExprType.BOOLEAN else None


def _said(table: OpenTable, charter: Charter) -> tuple[str, str]:
    """SQL for the stated chance that one option is right, and that option."""
    spoken = [
        t.detail.removeprefix("advice_confidence: ")
        for t in table.profile.treatments
        if t.code == "confidence-of-option" and t.detail.startswith("advice_confidence: ")
    ]
    if spoken:
        return "said", spoken[0]
    if len(charter.options) != 2:
        return "CAST(NULL AS DOUBLE)", ""
    from sayso.adapters.raw_table import literal

    first, second = charter.options
    arms = f"WHEN {literal(first)} THEN said WHEN {literal(second)} THEN 1 - said"
    return f"CASE advice {arms} END", first


def _missing(amounts: Floats) -> NDArray[np.bool_]:
    """Cases by consideration in which an amount is missing, shape (cases, considerations)."""
    import numpy as np

    return np.asarray(np.isnan(amounts).any(axis=(1, 2)))


@dataclass(frozen=True, slots=True)
class _Believed:
    """Beliefs, and the inputs with so many values that the rarer ones are taken together."""

    beliefs: FoldedBeliefs
    crowded: tuple[str, ...]


def _believed(
    table: OpenTable, states: States, sampling: Sampling, live: LiveCases
) -> _Believed | NotEnoughData:
    import numpy as np

    from sayso.adapters import consequences as of_table
    from sayso.align.beliefs import FOLDS, folded_beliefs
    from sayso.align.input_coding import CategoryCoding, coded, learn_coding

    seen = of_table.known_outcomes(table, states, sampling)
    counts = np.sort(np.bincount(seen.states, minlength=len(states.names)))
    if counts[-2] < LEAST_OUTCOMES:
        return NotEnoughData(LEAST_OUTCOMES, int(counts[-2]), "outcomes of another kind")
    parts = np.bincount(seen.folds, minlength=FOLDS)
    if parts.min() == 0:
        return NotEnoughData(FOLDS, int((parts > 0).sum()), "different cases with an outcome")
    codings = {n: learn_coding(v, most=BELIEVED_VALUES) for n, v in seen.known.items()}
    beliefs = folded_beliefs(
        coded(seen.known, codings, len(seen.states)),
        seen.states,
        seen.folds,
        of=coded(live.known, codings, len(live.folds)),
        of_folds=live.folds,
        states_n=len(states.names),
    )
    crowded = (n for n, c in codings.items() if isinstance(c, CategoryCoding) and c.others)
    return _Believed(beliefs, tuple(crowded))


def _assembled(
    charter: Charter,
    plan: _Plan,
    states: tuple[str, ...],
    live: LiveCases,
    beliefs: FoldedBeliefs | None,
) -> ConsequencesReading:
    """Scale the amounts, leave out cases that cannot be worked out, and say so."""
    import numpy as np

    from sayso.align.consequences import Consequences
    from sayso.align.input_coding import learn_coding

    amounts = live.amounts * np.array(plan.costs)[:, None, None]
    missing = _missing(amounts)
    whole = ~missing.any(1)
    cases = int(whole.sum())
    notes = list(plan.notes)
    values = np.empty_like(amounts[whole])
    for k, consideration in enumerate(plan.considerations):
        name = consideration.name
        reach = consideration.best - consideration.worst
        shares = (amounts[whole][..., k] - consideration.worst) / reach
        values[..., k] = np.clip(shares, 0.0, 1.0)
        # A range such as 0.1 to 0.3 is met by its own ends only up to rounding.
        outside = ((shares < -1e-9) | (shares > 1 + 1e-9)).any(axis=(1, 2))
        apart = np.ptp(values[..., k], axis=1) > 0
        for code, count, of in (
            (NoteCode.LEFT_OUT, int(missing[:, k].sum()), len(missing)),
            (NoteCode.OUTSIDE_RANGE, int(outside.sum()), cases),
            (NoteCode.NO_DIFFERENCE, 0 if apart.any() else cases, cases),
        ):
            if count:
                notes.append(Note(code, count, of, name))
    known = {name: values_[whole] for name, values_ in live.known.items()}
    inputs: dict[str, Floats] = {}
    for name, column in known.items():
        coding = learn_coding(column, most=PRICED_VALUES, against_first=True)
        columns = coding.columns(column)
        if columns.shape[1] and np.ptp(columns, axis=0).any():
            inputs[name] = columns
    return ConsequencesReading(
        consequences=Consequences(
            options=charter.options,
            considerations=plan.considerations,
            states=states,
            values=values,
            belief=np.ones((cases, 1)) if beliefs is None else beliefs.belief[whole],
            held_out=None if beliefs is None else beliefs.held_out[whole],
            inputs=inputs,
            deciders=live.deciders[whole],
            chosen=live.chosen[whole],
        ),
        notes=tuple(notes),
        lacks=plan.lacks,
        known=known,
        said=live.said[whole],
        unseen=live.unseen[whole],
    )


def _silent(counts: Sequence[OptionCount]) -> tuple[str, ...]:
    """Options that were chosen often and whose outcome was never seen."""
    return tuple(c.option for c in counts if c.option and c.due >= LEAST_DUE and not c.known)


def _with_unseen(live: LiveCases, charter: Charter, counts: Sequence[OptionCount]) -> LiveCases:
    """Outcomes are unseen where the charter says so, and where no case of an option has one."""
    import numpy as np

    silent = [charter.options.index(o) for o in _silent(counts) if o in charter.options]
    return replace(live, unseen=live.unseen | np.isin(live.chosen, silent))


def _table_notes(
    charter: Charter,
    table: OpenTable,
    counts: Sequence[OptionCount],
    live: LiveCases,
    believed: _Believed | None,
) -> tuple[Note, ...]:
    """What the table holds, lacks and makes us suppose."""
    total, looked_at = sum(c.cases for c in counts), len(live.folds)
    notes = [Note(NoteCode.SAMPLED, looked_at, total)] if looked_at < total else []
    for name, _ in charter.inputs:
        if name not in table.inputs:
            notes.append(Note(NoteCode.NOT_IN_TABLE, detail=name))
    if believed is None or charter.outcome is None:
        return tuple(notes)
    notes.append(Note(NoteCode.STATE_OF_THINGS, detail=charter.outcome.name))
    unseen = int(live.unseen.sum())
    if unseen:
        when = charter.outcome.seen_when
        silent = " or ".join(repr(o) for o in _silent(counts))
        detail = when if when != "always" else f"choice is not {silent}"
        notes.append(Note(NoteCode.UNSEEN, unseen, looked_at, detail))
    due, known = sum(c.due for c in counts), sum(c.known for c in counts)
    if known < due:
        notes.append(Note(NoteCode.UNKNOWN_OUTCOMES, due - known, due, charter.outcome.name))
    if not live.known:
        notes.append(Note(NoteCode.NO_INPUTS))
    notes += [Note(NoteCode.MANY_VALUES, BELIEVED_VALUES, detail=n) for n in believed.crowded]
    return tuple(notes)


__all__ = ["read_consequences"]
