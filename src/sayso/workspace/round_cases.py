"""The cases that everybody in a round chooses in: past ones from a table, or invented ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import floor, isnan, log10
from typing import TYPE_CHECKING, Any

from sayso.align.consequence_reading import ConsequencesReading
from sayso.align.considerations import considerations_of
from sayso.align.round import RoundCase
from sayso.declare.charter import InputType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from sayso.align.considerations import Consideration
    from sayso.declare.charter import Charter

    Floats = NDArray[np.float64]
    Known = NDArray[np.float64] | NDArray[np.object_]
    Facts = tuple[tuple[str, str], ...]

# More values than that are names or free text, which nobody reads alike and which tell too much.
MOST_VALUES = 50
# A value that fewer cases have could give away whom a case is about.
FEWEST_ALIKE = 5
LONGEST = 60
NOT_KNOWN = "not known"
RARE = "something rare"
STEPS = 20
ENDS = (0.02, 0.98)
FEW_NUMBERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenCases:
    """Cases of a round, with what each option brings in each of them where that is known.

    Attributes:
        cases: In the order asked, repeats included.
        values: Value of each option under each state on each consideration, worst 0 to best 1,
            shape (cases, options, states, considerations), repeats included; None where the
            charter or the table does not say.
        states: What may turn out, in the order of ``values``; empty without values.
    """

    cases: tuple[RoundCase, ...]
    values: Floats | None = None
    states: tuple[str, ...] = ()


def cases_for(
    charter: Charter,
    table: Any | None,  # a path, a URL, or a pandas or polars frame
    n: int,
    seed: int,
    *,
    as_of: datetime | None = None,
) -> tuple[RoundCase, ...]:
    """Cases to choose in, picked to tell apart what people want.

    With a table they are past cases, told by their declared inputs alone, in words and rounded:
    never who decided, where, when, what was advised or chosen, or how it turned out. What people
    read of them leaves out inputs under ``affected``, dates, and inputs of many values; a value
    that few cases have is not named. Without a table they are invented.

    Args:
        charter: What is decided, by which options, on what grounds.
        table: Past cases; None for invented ones.
        n: Cases wanted, repeats not counted; fewer come back where fewer tell anything.
        seed: Seed of every choice.
        as_of: The moment that counts as now; now where not said.

    Returns:
        Cases in the order asked, a few of them twice. Empty where the charter has neither inputs
        nor considerations to tell cases apart by.

    Raises:
        SaysoError: If the table cannot be read; the message says what to do.
    """
    return choose_cases(charter, table, n, seed, as_of=as_of).cases


def choose_cases(
    charter: Charter, table: Any | None, n: int, seed: int, *, as_of: datetime | None = None
) -> ChosenCases:
    """The same, with the values of options where they are known.

    A round keeps its cases, not their values; the same charter, table, number and seed give both
    again.

    Args:
        charter: As of ``cases_for``.
        table: As of ``cases_for``.
        n: As of ``cases_for``.
        seed: As of ``cases_for``.
        as_of: As of ``cases_for``.
    """
    if n < 1:
        return ChosenCases(cases=())
    if table is None:
        return _invented(charter, n, seed)
    found = _past(charter, table, n, seed, as_of or datetime.now(UTC))
    return found if found.cases else _invented(charter, n, seed)


def past_facts(
    charter: Charter, table: Any, *, seed: int, as_of: datetime | None = None
) -> tuple[Facts, ...]:
    """Past cases that read differently, told as in a round: by declared inputs alone, rounded.

    They are the table's own cases, not those that tell most, so that a random few of them stand
    for the rest.

    Args:
        charter: What declares the options and the inputs.
        table: Past cases.
        seed: Seed of which cases are looked at.
        as_of: The moment that counts as now; now where not said.

    Raises:
        SaysoError: If the table cannot be read; the message says what to do.
    """
    from sayso.workspace.consequences import read_known

    cases = read_known(charter, table, as_of=as_of or datetime.now(UTC), seed=seed)
    facts = _facts(cases.known, charter, leave_out=cases.spoken_for)
    return tuple(facts[place] for place in _different(facts))


def _invented(charter: Charter, n: int, seed: int) -> ChosenCases:
    import numpy as np

    from sayso.align.telling_cases import (
        MOST_CONSIDERATIONS,
        MOST_OPTIONS,
        invented_cases,
        values_of,
    )

    weighed = considerations_of(charter)
    if len(weighed) > MOST_CONSIDERATIONS or len(charter.options) > MOST_OPTIONS:
        return ChosenCases(cases=())
    cases = invented_cases(weighed, charter.options, n, seed=seed)
    if not isinstance(cases, tuple) or not cases:
        return ChosenCases(cases=())
    brings = np.array([case.brings for case in cases])
    # Invented cases say what each option brings, whatever turns out.
    return ChosenCases(
        cases=cases, values=values_of(brings, weighed)[:, :, None, :], states=("as said",)
    )


def _past(charter: Charter, table: Any, n: int, seed: int, as_of: datetime) -> ChosenCases:
    """Past cases that read differently: the telling ones where that is known, else any."""
    from sayso.align.telling_cases import real_cases, with_repeats
    from sayso.workspace.consequences import read_consequences, read_known

    reading = read_consequences(charter, table, as_of=as_of, seed=seed)
    cases = (
        reading
        if isinstance(reading, ConsequencesReading)
        else read_known(charter, table, as_of=as_of, seed=seed)
    )
    facts = _facts(cases.known, charter, leave_out=cases.spoken_for)
    different = _different(facts)
    if not different:
        return ChosenCases(cases=())
    kept = [facts[place] for place in different]
    if isinstance(reading, ConsequencesReading) and reading.lacks is None:
        found = _told_apart(reading, different)
        chosen = real_cases(found.consequences, kept, n, seed=seed)
        if isinstance(chosen, tuple) and chosen:
            return _with_values(charter, chosen, kept, found)
    drawn = [RoundCase(number=0, facts=of) for of in kept[:n]]
    return ChosenCases(cases=with_repeats(drawn, seed=seed))


def _told_apart(reading: ConsequencesReading, places: Sequence[int]) -> ConsequencesReading:
    """The consequences of some of the cases."""
    import numpy as np

    kept = np.array(places, dtype=np.intp)
    whole = reading.consequences
    return replace(
        reading,
        consequences=replace(
            whole,
            values=whole.values[kept],
            belief=whole.belief[kept],
            held_out=None if whole.held_out is None else whole.held_out[kept],
            inputs={},
            deciders=whole.deciders[kept],
            chosen=whole.chosen[kept],
        ),
    )


def _with_values(
    charter: Charter,
    chosen: tuple[RoundCase, ...],
    facts: Sequence[Facts],
    reading: ConsequencesReading,
) -> ChosenCases:
    """What each option brings, said where people are not asked what they believe would happen.

    Where the outcome decides what an option brings, that is what people are asked about; telling
    them what the table makes of it would answer for them.
    """
    from sayso.declare.charter import OutcomeKind

    consequences = reading.consequences
    places = [facts.index(case.facts) for case in chosen]
    asked = len(consequences.states) > 1 and (
        charter.outcome is not None and charter.outcome.kind is OutcomeKind.BOOLEAN
    )
    cases = chosen
    if not asked:
        expected = consequences.expected
        cases = tuple(
            replace(case, brings=_amounts(expected[place], consequences.considerations))
            for case, place in zip(chosen, places, strict=True)
        )
    return ChosenCases(cases=cases, values=consequences.values[places], states=consequences.states)


def _amounts(
    values: Floats, considerations: Sequence[Consideration]
) -> tuple[tuple[float, ...], ...]:
    """Values of each option as amounts in the considerations' own units, rounded."""
    return tuple(
        tuple(
            _to_step(c.worst + float(value) * (c.best - c.worst), _step(c.span))
            for c, value in zip(considerations, option, strict=True)
        )
        for option in values
    )


def _facts(
    known: Mapping[str, Known], charter: Charter, *, leave_out: frozenset[str]
) -> list[Facts]:
    """What people read about each case."""
    kinds = dict(charter.inputs)
    columns: dict[str, list[str]] = {}
    for name, values in known.items():
        if name in charter.affected or name in leave_out or kinds[name] is InputType.DATE:
            continue
        said = _said(values, kinds[name])
        # What is the same in all cases, or not known in any, tells nothing.
        if len(set(said)) > 1:
            columns[name.replace("_", " ")] = said
    return [tuple(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _said(values: Known, kind: InputType) -> list[str]:
    match kind:
        case InputType.BOOLEAN:
            return [NOT_KNOWN if isnan(v) else "yes" if v else "no" for v in values.tolist()]
        case InputType.NUMBER:
            return _numbers(values)
        case InputType.CATEGORY | InputType.DATE:
            return _words(values)


def _words(values: Known) -> list[str]:
    counts = Counter(v for v in values.tolist() if v is not None)
    if len(counts) > MOST_VALUES:
        return [NOT_KNOWN] * len(values)
    return [
        NOT_KNOWN if v is None else RARE if counts[v] < FEWEST_ALIKE else _short(str(v))
        for v in values.tolist()
    ]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 3] + "..."


def _numbers(values: Known) -> list[str]:
    """Numbers to about a twentieth of their range; those at the ends as "or more", "or less"."""
    import numpy as np

    numbers = np.asarray(values, dtype=np.float64)
    known = numbers[np.isfinite(numbers)]
    if not len(known):
        return [NOT_KNOWN] * len(numbers)
    low, high = float(known.min()), float(known.max())
    many = len(np.unique(known)) > FEW_NUMBERS
    if many:
        low, high = (float(q) for q in np.quantile(known, ENDS))
    step = _step(high - low)
    said: list[str] = []
    for number in numbers.tolist():
        if not np.isfinite(number):
            said.append(NOT_KNOWN)
        elif many and number > high:
            said.append(f"{_printed(_to_step(high, step), step)} or more")
        elif many and number < low:
            said.append(f"{_printed(_to_step(low, step), step)} or less")
        else:
            said.append(_printed(_to_step(number, step), step))
    return said


def _step(reach: float) -> float:
    """The largest of 1, 2, 5, 10, ... that goes at least twenty times into a reach; 0 for none."""
    if not 0 < reach < float("inf"):
        return 0.0
    most = reach / STEPS
    power = 10.0 ** floor(log10(most))
    return max(
        (t * power for t in (1.0, 2.0, 5.0) if t * power <= most * (1 + 1e-9)), default=power
    )


def _to_step(number: float, step: float) -> float:
    if step <= 0:
        return number
    places = max(0, -floor(log10(step)))
    return round(round(number / step) * step, places) + 0.0


def _printed(number: float, step: float) -> str:
    places = max(0, -floor(log10(step))) if step > 0 else 0
    if float(number).is_integer() or places == 0:
        whole = round(number)
        return f"{whole:,}" if abs(whole) >= 10_000 else str(whole)
    return f"{number:.{min(places, 12)}f}".rstrip("0").rstrip(".")


def _different(facts: Sequence[Facts]) -> list[int]:
    """The first case of each that reads the same, in the order drawn."""
    first: dict[Facts, int] = {}
    for place, of in enumerate(facts):
        if any(value not in (NOT_KNOWN, RARE) for _, value in of):
            first.setdefault(of, place)
    return list(first.values())


__all__ = ["ChosenCases", "cases_for", "choose_cases", "past_facts"]
