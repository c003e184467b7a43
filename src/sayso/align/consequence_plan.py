"""What is to be worked out from a charter: the measure of each option on each consideration."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sayso.align.consequence_reading import Note, NoteCode
from sayso.align.considerations import Consideration, considerations_of
from sayso.declare.consequence import MeasureProblem, declared_names, measure_of
from sayso.declare.expression import Expression, ExprType, parse_expression
from sayso.domain.answer import CannotTell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.declare.charter import Charter

COST = "cost of mistakes"
HOW = "Write measure: as an expression over choice, {outcome} and inputs."


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
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


def plan_of(charter: Charter) -> Plan | CannotTell:
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
            if found.code != "SAY240":
                how = f"Mend its measure: {found.message} {found.hint}"
        else:
            measures.append(dict.fromkeys(charter.options, found))
    if weighed and not silent:
        return Plan(
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


def _costs(charter: Charter) -> Plan | None:
    """What a mistake costs, as the one consideration; None where the charter does not say it."""
    stated = {
        m.option: m
        for m in charter.mistakes
        if m.costs is not None and m.costs.amount > 0 and m.option in charter.options
    }
    units = {m.costs.unit for m in stated.values() if m.costs is not None}
    if len(units) != 1 or set(charter.options) - set(stated):
        return None
    names = names_with_views(charter)
    wrong = {o: parse_expression(m.when, names) for o, m in stated.items()}
    measures = {
        o: found
        for o, found in wrong.items()
        if isinstance(found, Expression) and found.type is ExprType.BOOLEAN
    }
    if len(measures) < len(wrong):
        return None
    costs = {o: m.costs.amount for o, m in stated.items() if m.costs is not None}
    return Plan(
        considerations=(
            Consideration(name=COST, worst=max(costs.values()), best=0.0, unit=next(iter(units))),
        ),
        measures=(measures,),
        costs=tuple(costs[option] for option in charter.options),
        notes=(Note(NoteCode.COSTS_ONLY),),
    )


def names_with_views(charter: Charter) -> dict[str, ExprType]:
    """The declared names, the advice and the first view, by what they hold."""
    return declared_names(charter) | dict.fromkeys(("advice", "prior"), ExprType.TEXT)
