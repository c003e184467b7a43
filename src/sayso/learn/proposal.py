"""A proposal: a change to a charter, with the effect expected of it and the day it is checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from math import isfinite
from typing import TYPE_CHECKING

from sayso.align.round import SettleBy
from sayso.declare.consequence import INPUT_TYPES, OUTCOME_TYPES
from sayso.declare.expression import Expression, ExprType, parse_expression
from sayso.domain.charter_ref import CharterRef
from sayso.measure.estimators.difference import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.declare.charter import Charter

OPEN_DAYS = 7
ANSWER_WITHIN_DAYS = 14
LONGEST = 2000
WEIGHT_SLACK = 1e-6
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)
CHANGED = "The proposal was changed after this; object again if it still stands."


class ProposalState(StrEnum):
    """Where a proposal stands."""

    DRAFTED = "drafted"
    OBJECTED = "objected"
    SETTLED = "settled"
    CHECKED = "checked"


class Moved(StrEnum):
    """Where a checked figure lies, beside where it stood before."""

    TOWARDS = "towards"
    AWAY = "away"
    NOT_SEEN = "not seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The effect that is expected, as something that can be seen.

    Attributes:
        check: An average over cases, as in a charter's ``differently``.
        where: Which cases; None for all.
        start: Where it stands before the change.
        target: Where it is to stand; another number than ``start``.
    """

    check: str
    where: str | None = None
    start: float
    target: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """A reason against a proposal; whoever gave it, it is not kept.

    Attributes:
        number: Its number in the proposal, from 1.
        because: The reason.
        on: The day.
        veto: The role in ``rights.veto`` that stops the proposal; "" for an objection.
        answer: What was answered; "" while nothing was.
        answered: The day of the answer.
    """

    number: int
    because: str
    on: date
    veto: str = ""
    answer: str = ""
    answered: date | None = None

    @property
    def due(self) -> date:
        """The day by which an answer is owed."""
        return self.on + timedelta(days=ANSWER_WITHIN_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a table said of the expected effect.

    Attributes:
        on: The day it was looked at.
        change: What became of it.
        value: Where it stands; None where the table could not tell.
        low: Lower end of its 95 % range.
        high: Upper end of its 95 % range.
        cases: Cases counted.
        why: Why the table could not tell; "" where it could.
    """

    on: date
    change: Change
    value: float | None = None
    low: float | None = None
    high: float | None = None
    cases: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change to a charter.

    Attributes:
        id: The decision's name and a number: ``first-visit-part-1``.
        base: The version it changes.
        to: The version it makes.
        fingerprint: What the changed version said.
        round: The round that led to it.
        rule: What is done from now on, in one sentence.
        why: Why.
        expected: The effect expected.
        check_on: The day on which it is checked.
        by: The role that proposed it.
        settle: Who settles, as the round declared beforehand.
        drafted: The day its text was laid open.
        weights: (consideration, weight) where they change; empty where they stay.
        objections: What was said against it, in order.
        settled: The day it was settled; None while it is not.
        checks: What tables said of the effect, in order.
    """

    id: str
    base: CharterRef
    to: CharterRef
    fingerprint: str
    round: str
    rule: str
    why: str
    expected: Expected
    check_on: date
    by: str
    settle: SettleBy
    drafted: date
    weights: tuple[tuple[str, float], ...] = ()
    objections: tuple[Objection, ...] = ()
    settled: date | None = None
    checks: tuple[Checked, ...] = ()

    @property
    def decision(self) -> str:
        """The decision's name."""
        return self.base.slug

    @property
    def unanswered(self) -> tuple[Objection, ...]:
        """Objections and vetoes that nobody answered."""
        return tuple(o for o in self.objections if not o.answer)

    @property
    def open_until(self) -> date:
        """The day from which consent or a missing veto counts."""
        return self.drafted + timedelta(days=OPEN_DAYS)

    @property
    def told(self) -> Checked | None:
        """The last check that said whether it happened; None while none did."""
        said = [c for c in self.checks if c.change in (Change.HAPPENED, Change.DID_NOT)]
        return said[-1] if said else None

    @property
    def state(self) -> ProposalState:
        """Where it stands."""
        if self.settled is not None:
            return ProposalState.CHECKED if self.told is not None else ProposalState.SETTLED
        return ProposalState.OBJECTED if self.unanswered else ProposalState.DRAFTED

    def as_of(self, day: date) -> Proposal | None:
        """The proposal as it stood on a day; None before it was drafted."""
        if self.drafted > day:
            return None
        objections = tuple(
            o if o.answered is None or o.answered <= day else replace(o, answer="", answered=None)
            for o in self.objections
            if o.on <= day
        )
        settled = self.settled if self.settled is not None and self.settled <= day else None
        checks = tuple(c for c in self.checks if c.on <= day)
        return replace(self, objections=objections, settled=settled, checks=checks)

    def changed(self, other: Proposal, *, on: date) -> Proposal:
        """This proposal with another's text; the days in which one may object begin anew.

        Args:
            other: The new text.
            on: The day.
        """
        objections = tuple(
            o if o.answer else replace(o, answer=CHANGED, answered=on) for o in self.objections
        )
        return replace(other, id=self.id, drafted=on, objections=objections)


def moved(proposal: Proposal, check: Checked) -> Moved:
    """Whether a measured range excludes that nothing changed, and on which side.

    Args:
        proposal: The proposal, which says where the figure stood before.
        check: What a table said.
    """
    start, target = proposal.expected.start, proposal.expected.target
    if check.low is None or check.high is None:
        return Moved.NOT_SEEN
    if check.low > start:
        return Moved.TOWARDS if target > start else Moved.AWAY
    if check.high < start:
        return Moved.TOWARDS if target < start else Moved.AWAY
    return Moved.NOT_SEEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What somebody typed to settle a round, as they typed it; "" where they left a field empty.

    Attributes:
        rule: What is done from now on.
        why: Why.
        check: How the effect is seen.
        where: Which cases the check is over.
        start: Where the check stands before.
        target: Where it is to stand.
        check_on: The day it is checked.
        weights: ``name=0.6, other=0.4``.
    """

    rule: str = ""
    why: str = ""
    check: str = ""
    where: str = ""
    start: str = ""
    target: str = ""
    check_on: str = ""
    weights: str = ""

    def over(self, draft: Settlement) -> Settlement:
        """These fields, and the draft's where these are empty."""
        mine = {n: getattr(self, n) or getattr(draft, n) for n in self.__slots__}
        return Settlement(**mine)

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(getattr(self, n).strip() for n in self.__slots__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was typed, read: the change that is wanted, without its name and place.

    Attributes:
        rule: What is done from now on.
        why: Why.
        expected: The effect expected.
        check_on: The day it is checked.
        weights: (consideration, weight), in the charter's order; empty where they stay.
    """

    rule: str
    why: str
    expected: Expected
    check_on: date
    weights: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field of what was typed.

    Attributes:
        field: The field, as ``Settlement`` names it.
        message: What is wrong, and what to write.
    """

    field: str
    message: str


@dataclass(slots=True)
class _Reading:
    charter: Charter
    today: date
    problems: list[FieldProblem] = field(default_factory=list[FieldProblem])

    def refuse(self, name: str, message: str) -> None:
        self.problems.append(FieldProblem(name, message))


def read_settlement(
    typed: Settlement, charter: Charter, *, today: date
) -> Wanted | tuple[FieldProblem, ...]:
    """Read what was typed, or say everything that is wrong with it.

    Args:
        typed: What was typed.
        charter: The version that is to change.
        today: The day.
    """
    r = _Reading(charter, today)
    rule = _sentence(r, "rule", typed.rule, "Write what is done from now on.")
    why = _sentence(r, "why", typed.why, "Write why, for those who answered.")
    check = _condition(r, "check", typed.check.strip(), average=True)
    where = (
        _condition(r, "where", typed.where.strip(), average=False) if typed.where.strip() else None
    )
    start, target = _number(r, "start", typed.start), _number(r, "target", typed.target)
    if start is not None and start == target:
        r.refuse("target", "It stands there already, so nothing would change.")
    day = _later_day(r, typed.check_on)
    weights = _weights(r, typed.weights)
    if r.problems or start is None or target is None or day is None or not check:
        return tuple(r.problems)
    expected = Expected(check=check, where=where, start=start, target=target)
    return Wanted(rule=rule, why=why, expected=expected, check_on=day, weights=weights)


def _sentence(r: _Reading, name: str, text: str, ask: str) -> str:
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not plain:
        r.refuse(name, ask)
    elif len(plain) > LONGEST:
        r.refuse(name, f"It has {len(plain):,} characters; {LONGEST:,} are kept.")
    return plain


def _condition(r: _Reading, name: str, text: str, *, average: bool) -> str:
    if not text:
        r.refuse(name, "Say how the effect is seen: avg(choice = '...').")
        return ""
    charter = r.charter
    names = {n: INPUT_TYPES[kind] for n, kind in charter.inputs}
    choice = ExprType.NUMBER if charter.quantity is not None else ExprType.TEXT
    names |= dict.fromkeys(("choice", "advice", "prior"), choice)
    if charter.outcome is not None:
        names[charter.outcome.name] = OUTCOME_TYPES[charter.outcome.kind]
    found = parse_expression(text, names)
    if not isinstance(found, Expression):
        r.refuse(name, f"{found.message[:1].upper()}{found.message[1:]} {found.hint}")
    elif average and found.averaged() is None:
        r.refuse(name, "Only an average has a range that would hold: write avg(...).")
    elif not average and (found.aggregate or found.type is not ExprType.BOOLEAN):
        r.refuse(name, "It is not a condition on one case.")
    return text


def _number(r: _Reading, name: str, text: str) -> float | None:
    value = _finite(text)
    if value is None:
        r.refuse(name, f"{text.strip()!r} is no number." if text.strip() else "Write a number.")
        return None
    return value


def _finite(text: str) -> float | None:
    """A finite number in plain writing."""
    value = float(text) if _NUMBER.fullmatch(text.strip()) else None
    return value if value is not None and isfinite(value) else None


def _later_day(r: _Reading, text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        said = f"{text.strip()!r} is no day." if text.strip() else "Write the day."
        r.refuse("check_on", f"{said} For example {r.today + timedelta(days=90)}.")
        return None
    if day <= r.today:
        r.refuse("check_on", f"{day} is not after today; nothing could have changed by then.")
    return day


def _weights(r: _Reading, text: str) -> tuple[tuple[str, float], ...]:
    """Weights as typed; a name may hold commas, so names are looked for and not split at."""
    rest = text.strip()
    if not rest:
        return ()
    names = [o.name for o in r.charter.matters]
    found: dict[str, float] = {}
    while rest:
        name = next(
            (n for n in sorted(names, key=len, reverse=True) if _begins(rest, n)),
            None,
        )
        if name is None or name in found:
            known = ", ".join(names) or "nothing"
            r.refuse("weights", f"{rest[:40]!r} is not one of what matters, once: {known}.")
            return ()
        said, _, rest = rest[len(name) :].lstrip()[1:].partition(",")
        value, rest = _finite(said), rest.strip()
        if value is None or not 0 <= value <= 1:
            r.refuse("weights", f"{name}: {said.strip()!r} is no share of 1.")
            return ()
        found[name] = value
    left = [n for n in names if n not in found]
    if left:
        r.refuse("weights", f"{', '.join(left)}: no weight. Give one to each.")
    elif abs(sum(found.values()) - 1) > WEIGHT_SLACK:
        r.refuse("weights", f"They sum to {sum(found.values()):g}, not 1.")
    return tuple((n, found[n]) for n in names if n in found)


def _begins(text: str, name: str) -> bool:
    return text.startswith(name) and text[len(name) :].lstrip().startswith("=")


def next_id(decision: str, taken: Sequence[str]) -> str:
    """The next free name of a proposal.

    Args:
        decision: The decision's name.
        taken: Names in use.
    """
    number = 1
    while f"{decision}-{number}" in taken:
        number += 1
    return f"{decision}-{number}"
