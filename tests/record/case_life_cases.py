"""A decision, its people, and commands with ids that count up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from sayso.declare.charter import Advice, Charter, Consent, InputType, Mode, Outcome, OutcomeKind
from sayso.record.case_life import decide
from sayso.record.case_state import CaseState, apply
from sayso.record.circumstances import Circumstances
from sayso.record.coins import Drawn
from sayso.record.commands import Ask, Command
from sayso.record.events import Event
from sayso.record.ids import uuid7
from sayso.record.refusal import Refusal
from sayso.record.terms import Actor, ActorKind

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CHARTER = Charter(
    decision="first-visit-part",
    version=3,
    options=("bring", "leave"),
    inputs=(("fault_code", InputType.CATEGORY), ("stock_low", InputType.BOOLEAN)),
    outcome=Outcome(name="part_used", kind=OutcomeKind.BOOLEAN, due_days=21),
    reasons=("stock is low", "other"),
    advice=Advice(
        source="parts-model",
        mode=Mode.ADVISE,
        prior_sample=0.5,
        holdback=0.5,
        consent=Consent(by="head-of-field-service", on=date(2026, 1, 1)),
    ),
)
ANN = Actor(ActorKind.HUMAN, "ann")
BEN = Actor(ActorKind.HUMAN, "ben")
BOT = Actor(ActorKind.AGENT, "parts-model", acting_for="ann")
HOST = Actor(ActorKind.SERVICE, "host")


def drawn(*, ask: bool = False, show: bool = True) -> Drawn:
    return Drawn(
        ask=ask, ask_probability=0.5, show=show, show_probability=0.5, excluded=False, seed="s1"
    )


@dataclass
class Life:
    """One case, told command by command."""

    drawn: Drawn = field(default_factory=drawn)
    charter: Charter = CHARTER
    state: CaseState | None = None
    events: list[Event] = field(default_factory=list)
    made: int = 0
    now: datetime = NOW
    may_decide_alone: bool = False
    filed_today: int = 0

    def command(self, ask: Ask, by: Actor = ANN, **changed: object) -> Command:
        self.made += 1
        made = Command(
            id=uuid7(NOW, (self.made << 8).to_bytes(10, "big")),
            decision=self.charter.decision,
            charter_version=self.charter.version,
            case="visit-1",
            by=by,
            at=self.now,
            ask=ask,
        )
        return replace(made, **changed)

    def do(self, ask: Ask, by: Actor = ANN, **changed: object) -> tuple[Event, ...] | Refusal:
        found = Circumstances(
            now=self.now,
            charter=self.charter,
            fingerprint="v1:abc",
            drawn=self.drawn,
            may_decide_alone=self.may_decide_alone,
            filed_today=self.filed_today,
        )
        said = decide(self.state, self.command(ask, by, **changed), found)
        if not isinstance(said, Refusal):
            for event in said:
                self.state = apply(self.state, event)
                self.events.append(event)
        return said

    def must(self, *asks: Ask, by: Actor = ANN) -> Life:
        for ask in asks:
            said = self.do(ask, by)
            assert not isinstance(said, Refusal), said
        return self

    def later(self, **span: float) -> Life:
        self.now += timedelta(**span)
        return self


def code(said: object) -> str:
    assert isinstance(said, Refusal), said
    return said.code


def kinds(events: Iterable[Event]) -> list[str]:
    return [event.data.KIND for event in events]
