"""From a charter and a table of past decisions to what each option would bring."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from sayso.align.consequence_plan import Plan, names_with_views, plan_of
from sayso.align.consequence_reading import ConsequencesReading, Note, NoteCode
from sayso.declare.charter import OutcomeKind
from sayso.declare.expression import Expression, ExprType, parse_expression
from sayso.domain.answer import CannotTell, NotEnoughData

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
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
# Roles of columns that are filled in with the choice or after it.
AFTERWARDS = ("choice", "best", "outcome", "outcome_at", "outcome_due", "override_kind", "reason_at",
              "reason_code", "reason_text", "seconds", "value")  # fmt: skip


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
    plan = plan_of(charter)
    if isinstance(plan, CannotTell):
        return plan
    now = _moment(as_of)
    with _opened(charter, source, now, progress) as table:
        return _read(table, charter, plan, now=now, seed=seed, most=most)


@dataclass(frozen=True, slots=True)
class KnownCases:
    """What is known of past cases before the choice, whatever the charter says options bring.

    Attributes:
        known: As of ``ConsequencesReading``.
        spoken_for: As of ``ConsequencesReading``.
    """

    known: dict[str, NDArray[np.float64] | NDArray[np.object_]]
    spoken_for: frozenset[str]


def read_known(
    charter: Charter, source: Any, *, as_of: datetime, seed: int, most: int = MOST
) -> KnownCases:
    """The declared inputs of past cases; the same cases as ``read_consequences`` looks at.

    Args:
        charter: What declares the options and the inputs.
        source: The table.
        as_of: The moment that counts as now.
        seed: Seed of which cases are looked at.
        most: Cases at most.

    Raises:
        SaysoError: If the table cannot be read; the message says what to do.
    """
    from sayso.adapters import consequences as of_table

    now = _moment(as_of)
    with _opened(charter, source, now, None) as table:
        sampling = _sampling(table, charter, now, seed)
        live = of_table.live_cases(
            table, charter, (), of_table.States((), ()), sampling, most=most, seen=None,
            said=of_table.NOTHING_SAID,
        )  # fmt: skip
        return KnownCases(_before(live.known, table), frozenset(_roles(table)))


def _moment(as_of: datetime) -> datetime:
    return as_of.astimezone(UTC).replace(tzinfo=None) if as_of.tzinfo else as_of


@contextmanager
def _opened(
    charter: Charter, source: Any, now: datetime, progress: Callable[[str], None] | None
) -> Generator[OpenTable]:
    from sayso.adapters.table_source import ImportRequest, open_table

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
        yield table


def _sampling(table: OpenTable, charter: Charter, now: datetime, seed: int) -> Sampling:
    from sayso.adapters.consequences import Sampling

    return Sampling({n: kind for n, kind in charter.inputs if n in table.inputs}, seed, now)


def _roles(table: OpenTable) -> dict[str, str]:
    """Inputs that are the column of a role, or part of its expression, with that role."""
    found: dict[str, str] = {}
    for guess in table.profile.roles:
        words = {guess.column, *re.findall(r"\w+", guess.column)}
        for name in table.inputs:
            if name in words and found.get(name) not in AFTERWARDS:
                found[name] = guess.role
    return found


def _before(
    known: dict[str, NDArray[np.float64] | NDArray[np.object_]], table: OpenTable
) -> dict[str, NDArray[np.float64] | NDArray[np.object_]]:
    """The inputs known before the choice: a cause is not told by its own effect."""
    roles = _roles(table)
    return {name: column for name, column in known.items() if roles.get(name) not in AFTERWARDS}


def _read(
    table: OpenTable, charter: Charter, plan: Plan, *, now: datetime, seed: int, most: int
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
    sampling = _sampling(table, charter, now, seed)
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
    live = replace(live, known=_before(live.known, table))
    if learned:
        live = _with_unseen(live, charter, counts)
    whole = ~_missing(live.amounts).any(1)
    if not whole.any():
        missing = _missing(live.amounts).mean(0)
        worst = plan.considerations[int(missing.argmax())].name
        return CannotTell(
            f"What an option brings on {worst} cannot be worked out in any case: an input "
            "is missing, or the amount has no end.",
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
        spoken_for=frozenset(_roles(table)),
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
    found = parse_expression(charter.outcome.seen_when, names_with_views(charter))
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
        from sayso.adapters.consequences import NOTHING_SAID

        return NOTHING_SAID, ""
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
    known = _before(seen.known, table)
    codings = {n: learn_coding(v, most=BELIEVED_VALUES) for n, v in known.items()}
    beliefs = folded_beliefs(
        coded(known, codings, len(seen.states)),
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
    plan: Plan,
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
        elif name not in live.known:
            notes.append(Note(NoteCode.KNOWN_AFTERWARDS, detail=name))
    if believed is None or charter.outcome is None:
        return tuple(notes)
    notes.append(Note(NoteCode.STATE_OF_THINGS, detail=charter.outcome.name))
    unseen = int(live.unseen.sum())
    if unseen:
        when = charter.outcome.seen_when
        silent = " or ".join(repr(o) for o in _silent(counts))
        detail = when if when != "always" else f"choice is not {silent}"
        notes.append(Note(NoteCode.UNSEEN, unseen, looked_at, detail))
    # Options whose outcome is never seen have been said already.
    due, known = sum(c.due for c in counts if c.known), sum(c.known for c in counts)
    if known < due:
        notes.append(Note(NoteCode.UNKNOWN_OUTCOMES, due - known, due, charter.outcome.name))
    if not live.known:
        notes.append(Note(NoteCode.NO_INPUTS))
    notes += [Note(NoteCode.MANY_VALUES, BELIEVED_VALUES, detail=n) for n in believed.crowded]
    return tuple(notes)


__all__ = ["read_consequences"]
