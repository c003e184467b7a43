"""Who acts, and what answers are made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Scalar = str | float | bool | None
Answer = str | float
Details = tuple[tuple[str, Scalar], ...]


class ActorKind(StrEnum):
    """Who acts: a person, an AI agent, or a program without judgment of its own."""

    HUMAN = "human"
    AGENT = "agent"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and for whom.

    Attributes:
        kind: Person, agent or service.
        name: A keyed pseudonym for people; a name for agents and services.
        acting_for: The person on whose behalf an agent or a service acts.
    """

    kind: ActorKind
    name: str
    acting_for: str | None = None

    @property
    def person(self) -> str | None:
        """The person behind the act, if there is one."""
        return self.name if self.kind is ActorKind.HUMAN else self.acting_for


class OverrideKind(StrEnum):
    """How a choice differs from advice that was shown."""

    REFINES = "refines"
    SUBSTITUTES = "substitutes"


class Target(StrEnum):
    """What a contest is about."""

    CHOICE = "choice"
    ADVICE = "advice"
    METRIC = "metric"
    ASSUMPTION = "assumption"
    CHARTER = "charter"


@dataclass(frozen=True, slots=True)
class Change:
    """One part of an answer before and after."""

    part: str
    before: Scalar
    after: Scalar
