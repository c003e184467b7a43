"""Do charters fit together? What one asks for, another must not undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.declare.problem import Place, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sayso.declare.charter import Charter

CODES = {
    "SAY310": "One owner's objective is pulled in opposite directions.",
    "SAY311": "Two owners pull one objective in opposite directions.",
    "SAY312": "Two charters decide the same cases.",
    "SAY313": "A decision depends on itself.",
    "SAY314": "Two files are one charter version.",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A charter with where its fields stand."""

    charter: Charter
    places: Mapping[str, Place]

    def at(self, path: str) -> Place:
        """Where a field stands, else where the charter begins."""
        return self.places.get(path) or self.places["decision"]


def coherence(charters: Sequence[Placed]) -> tuple[Problem, ...]:
    """Problems between charters, each at the later of the two places."""
    found: list[Problem] = []
    for i, one in enumerate(charters):
        for other in charters[:i]:
            found += _pair(other, one)
    found += _loops(charters)
    return tuple(sorted(found))


def _pair(first: Placed, second: Placed) -> list[Problem]:
    one, other = first.charter, second.charter
    if one.ref == other.ref:
        message = f"{other.ref} is also {first.at('decision').file}."
        return [Problem(second.at("decision"), "SAY314", message, "Raise one version.")]
    if one.decision == other.decision:
        return []
    found: list[Problem] = []
    for j, mine in enumerate(other.matters):
        for theirs in one.matters:
            if mine.measure is None or mine.measure != theirs.measure:
                continue
            if mine.range is None or theirs.range is None:
                continue
            up = mine.range[1] > mine.range[0]
            if up == (theirs.range[1] > theirs.range[0]):
                continue
            same = one.owner is not None and one.owner == other.owner
            who = f"{one.owner} answers for both" if same else f"{one.owner} and {other.owner}"
            found.append(
                Problem(
                    second.at(f"matters[{j}]"),
                    "SAY310" if same else "SAY311",
                    f"{mine.name!r} wants {mine.measure} {'higher' if up else 'lower'}, and "
                    f"{one.decision} the other way; {who}.",
                    "Say which comes first, or measure something else.",
                    Severity.ERROR if same else Severity.WARNING,
                )
            )
    keys = [
        (c.source.table, dict(c.source.columns).get("case")) if c.source is not None else None
        for c in (one, other)
    ]
    if keys[0] is not None and keys[0] == keys[1] and all(keys[0]):
        found.append(
            Problem(
                second.at("source.columns.case"),
                "SAY312",
                f"the cases {keys[0][1]} of {keys[0][0]} are decided by {one.decision} too.",
                "Give each its own cases by source.where, or make one charter of both.",
                Severity.WARNING,
            )
        )
    return found


def _loops(charters: Sequence[Placed]) -> list[Problem]:
    """A decision whose input is the outcome or the choice of one that depends on it in turn."""
    makes: dict[str, str] = {}
    for placed in charters:
        charter = placed.charter
        makes[charter.decision] = charter.decision
        makes[charter.decision.replace("-", "_")] = charter.decision
        if charter.outcome is not None:
            makes.setdefault(charter.outcome.name, charter.decision)
    needs = {
        p.charter.decision: {makes[name] for name, _ in p.charter.inputs if name in makes}
        for p in charters
    }
    found: list[Problem] = []
    for placed in charters:
        start = placed.charter.decision
        seen: set[str] = set()
        front = set(needs[start])
        while front - seen:
            seen |= front
            front = {n for one in front for n in needs.get(one, set())}
        if start in seen:
            name = next(n for n, _ in placed.charter.inputs if n in makes)
            found.append(
                Problem(
                    placed.at(f"inputs.{name}"),
                    "SAY313",
                    f"{start} needs {name}, which comes out of {start} itself.",
                    "Take what is known before the choice as input.",
                )
            )
    return found
