"""A charter's assumptions as the page of its decision lists them, with how each one stood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sayso.measure.estimators.standing import Standing
from sayso.present.numbers import count, in_words, on_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sayso.declare.charter import Assumption, Charter

_KINDS = {
    Standing.NO_LONGER: "needs",
    Standing.NEAR: "watch",
    Standing.HOLDS: "steady",
    Standing.NOT_TESTED: "learning",
}


@dataclass(frozen=True, slots=True)
class Stood:
    """How an assumption stood when a table was last read; counts only.

    Attributes:
        standing: The state.
        on: The day it was read.
        table: The table's name.
        since: The day on which it stopped holding; None where it did not, or where only all cases
            together say so.
        cases: Cases decided since then.
    """

    standing: Standing
    on: date
    table: str
    since: date | None = None
    cases: int | None = None


def without_test(charter: Charter) -> tuple[str, ...]:
    """The assumptions that nothing is held against."""
    return tuple(a.says for a in charter.assumptions if a.check is None or a.holds is None)


def assumption_list(charter: Charter, stood: Mapping[str, Stood]) -> dict[str, Any]:
    """A claim, and each assumption with its state.

    Args:
        charter: The charter.
        stood: By id, how those that were read stood; nothing where no table was read.

    Returns:
        Values by the names the template uses; of any type, as Jinja takes them.
    """
    return {
        "claim": _claim(charter, stood),
        "items": [_assumption(a, stood.get(a.id)) for a in charter.assumptions],
    }


def _claim(charter: Charter, stood: Mapping[str, Stood]) -> str:
    total, dim = len(charter.assumptions), len(without_test(charter))
    kept = [stood[a.id].standing for a in charter.assumptions if a.id in stood]
    broken, held = kept.count(Standing.NO_LONGER), kept.count(Standing.HOLDS)
    if total == 0:
        return "No assumption is written down"
    if broken:
        if total == 1:
            return "The one assumption has stopped being true"
        have = "has" if broken == 1 else "have"
        return f"{in_words(broken).capitalize()} of {in_words(total)} assumptions {have} stopped being true"
    if held == total:
        if total == 1:
            return "The one assumption holds"
        return f"{'Both' if total == 2 else f'All {in_words(total)}'} assumptions hold"
    if total == 1:
        return f"The one assumption has {'no' if dim else 'a'} test"
    if dim == 0:
        return f"{'Both' if total == 2 else f'All {in_words(total)}'} assumptions have a test"
    if dim == total:
        return "Neither assumption has a test" if total == 2 else "No assumption has a test"
    verb = "has" if dim == 1 else "have"
    return f"{in_words(dim).capitalize()} of {in_words(total)} assumptions {verb} no test"


def _assumption(line: Assumption, stood: Stood | None) -> dict[str, Any]:
    tested = line.check is not None and line.holds is not None
    sub = [f"{_watcher(line.owner)} watches it." if line.owner else "Nobody watches it."]
    if line.since is not None:
        sub.append(f"Believed since {on_day(line.since)}.")
    if stood is not None:
        sub.append(_read(stood))
    between = ""
    if tested and line.holds is not None:
        low, high = line.holds
        between = f"is between {low:g} and {high:g}."
    state = "Has a test" if tested else "Not tested"
    return {
        "says": line.says,
        "sub": " ".join(sub),
        "tested": tested,
        "check": line.check if tested else "",
        "between": between,
        "state": str(stood.standing) if stood is not None else state,
        "kind": _KINDS[stood.standing] if stood is not None else "steady" if tested else "learning",
    }


def _read(stood: Stood) -> str:
    """When a table was read, and since when it does not hold."""
    read = f"Read on {on_day(stood.on)} in {stood.table}"
    if stood.standing is not Standing.NO_LONGER or stood.since is None:
        return f"{read}."
    cases = f"; {count(stood.cases)} such cases were decided since" if stood.cases else ""
    return f"{read}: not true since {on_day(stood.since)}{cases}."


def _watcher(owner: str) -> str:
    """A role as people say it; a name stays as it is written."""
    spelled = owner.islower() and " " not in owner
    said = owner.replace("-", " ").replace("_", " ") if spelled else owner
    return said[:1].upper() + said[1:]
