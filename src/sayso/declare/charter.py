"""The charter: one recurring decision, declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sayso.domain.charter_ref import CharterRef


class Mode(StrEnum):
    """What the AI may do, weakest first."""

    WATCH = "watch"
    ADVISE = "advise"
    DELEGATE = "delegate"
    ACT = "act"

    @property
    def rank(self) -> int:
        """Place in the order, 0 for watch."""
        return list(Mode).index(self)


class InputType(StrEnum):
    """What an input of the case holds."""

    CATEGORY = "category"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"


class OutcomeKind(StrEnum):
    """What an outcome holds."""

    BOOLEAN = "boolean"
    CATEGORY = "category"
    NUMBER = "number"


class FewDeciders(StrEnum):
    """What may be reported on a table with fewer than five deciders."""

    REFUSE = "refuse"
    CONSENTED = "consented"
    PUBLIC_DATA = "public-data"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its unit; the unit may be a currency or points."""

    amount: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """Allowed answers, where the choice is a number."""

    unit: str
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Roles by what they may do."""

    decide: tuple[str, ...] = ()
    consult: tuple[str, ...] = ()
    inform: tuple[str, ...] = ()
    veto: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Different:
    """What changes from before, as something that can be seen.

    ``start`` and ``target`` are written ``from`` and ``to`` in the file.
    """

    says: str
    check: str | None = None
    where: str | None = None
    start: float | None = None
    target: float | None = None
    by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """When two cases count as alike: equal in ``exact``, within a distance in ``within``."""

    exact: tuple[str, ...] = ()
    within: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One thing that matters.

    ``range`` is (worst, best) on a stated scale, so that weights can be compared.
    """

    name: str
    weight: float | None = None
    measure: str | None = None
    range: tuple[float, float] | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Which outcome shows that it went well, when it is due and when it is seen.

    ``seen_when`` is "always" or an expression over choice and inputs.
    """

    name: str
    kind: OutcomeKind = OutcomeKind.BOOLEAN
    due_days: int | None = None
    seen_when: str = "always"
    plan: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """When choosing this option turns out wrong, and what that costs."""

    option: str
    when: str
    costs: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Written consent to withhold advice."""

    by: str
    on: date
    excluding: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the AI may do in this decision.

    Attributes:
        routine: Expression; cases the AI may decide in mode delegate.
        prior_sample: Share of cases in which a first view is asked for, in 0..1.
        holdback: Share of cases in which advice is withheld at random, in 0..1.
        show_probability: For past tables only: the stated chance that advice was shown, where
            showing it was randomised.
        until: Day on which this mode ends, where there is no gate.
    """

    source: str | None = None
    mode: Mode = Mode.WATCH
    ceiling: Mode = Mode.ADVISE
    routine: str | None = None
    prior_sample: float = 0.0
    holdback: float = 0.0
    consent: Consent | None = None
    show_probability: float | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """Something taken to be true, with its test."""

    id: str
    says: str
    check: str | None = None
    where: str | None = None
    holds: tuple[float, float] | None = None
    owner: str | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What earns the AI more, and what takes it away; conditions as (name, text) pairs."""

    to: Mode
    when: tuple[tuple[str, str], ...] = ()
    stop: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain:
    """When this charter is looked at again."""

    every_days: int | None = None
    next: date | None = None
    escalate_after_days: int | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """What protects the people in the table; minimums can only be raised."""

    minimum_people: int = 5
    minimum_cases: int = 30
    team_names: str = "hidden"
    few_deciders: FewDeciders = FewDeciders.REFUSE
    quality_by_team: str = "no"
    purpose: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How a table becomes the case table: columns or expressions by role."""

    table: str | None = None
    where: str | None = None
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """One recurring decision, as its owner declares it.

    Optional parts are None or empty when the file leaves them out; the lint says what that
    costs. Mappings are tuples of pairs in the file's order, so that a charter is a value.
    """

    decision: str
    version: int
    question: str | None = None
    options: tuple[str, ...] = ()
    quantity: Quantity | None = None
    default: str | None = None
    owner: str | None = None
    rights: Rights = field(default_factory=Rights)
    differently: tuple[Different, ...] = ()
    inputs: tuple[tuple[str, InputType], ...] = ()
    kinds: tuple[str, ...] = ()
    alike: Alike | None = None
    affected: tuple[str, ...] = ()
    matters: tuple[Objective, ...] = ()
    outcome: Outcome | None = None
    mistakes: tuple[Mistake, ...] = ()
    advice: Advice | None = None
    reasons: tuple[str, ...] = ()
    worth_acting_on: float | None = None
    assumptions: tuple[Assumption, ...] = ()
    gate: Gate | None = None
    look_again: LookAgain | None = None
    privacy: Privacy = field(default_factory=Privacy)
    source: Source | None = None

    @property
    def ref(self) -> CharterRef:
        """The name of this version."""
        return CharterRef(self.decision, self.version)
