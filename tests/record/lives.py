"""Cases that live every way a case can live, told at random from a seed."""

from __future__ import annotations

import random
from contextlib import suppress

from sayso.domain.errors import RecordRefused
from sayso.record.commands import (
    Abstain,
    Ask,
    AskAdvice,
    Choose,
    Correct,
    Expire,
    FileContest,
    GiveAdvice,
    GiveReason,
    Ignore,
    OpenAdvice,
    OpenCase,
    RecordOutcome,
    ReportWorkaround,
    SealPrior,
    SeeSignal,
    SkipPrior,
)
from sayso.record.terms import Actor, ActorKind, Target
from sayso.workspace.record import Record
from tests.record.case_life_cases import BOT, HOST
from tests.record.workspaces import does

PEOPLE = tuple(Actor(ActorKind.HUMAN, f"p-{n}") for n in range(9))
OPTIONS = ("bring", "leave")
CODES = ("stock is low", "other")


def begin(record: Record, draw: random.Random, case: str) -> None:
    """Open a case and, mostly, end it."""
    who = draw.choice(PEOPLE)

    def tried(ask: Ask, by: Actor = who) -> None:
        with suppress(RecordRefused):
            does(record, case, ask, by=by)

    inputs = {"fault_code": f"E-{draw.randrange(4)}", "stock_low": draw.random() < 0.3}
    about = f"customer-{draw.randrange(5)}" if draw.random() < 0.4 else None
    given = tuple(sorted(inputs.items())) if draw.random() < 0.9 else ()
    tried(OpenCase(inputs=given, team=f"depot {draw.randrange(3)}", subject=about), HOST)
    if draw.random() < 0.85:
        tried(GiveAdvice(answer=draw.choice(OPTIONS), source="parts-model@7", confidence=0.7), BOT)
    if draw.random() < 0.8:
        tried(SealPrior(answer=draw.choice(OPTIONS), confidence=round(draw.random(), 2)))
    else:
        tried(SkipPrior())
    tried(AskAdvice())
    if draw.random() < 0.5:
        tried(OpenAdvice())
    if draw.random() < 0.1:
        tried(SeeSignal(source="head", says="leave", text="I would not."))
    end = draw.random()
    if end < 0.75:
        code = draw.choice(CODES) if draw.random() < 0.6 else None
        text = f"because of {case}" if draw.random() < 0.3 else None
        seconds = round(60 * draw.random(), 1)
        chosen = draw.choice(OPTIONS)
        tried(Choose(answer=chosen, reason_code=code, reason_text=text, seconds=seconds))
    elif end < 0.9:
        tried(draw.choice((Ignore(), Abstain(), Expire())))


def later(record: Record, draw: random.Random, case: str) -> None:
    """Something that comes after a case: an outcome, a reason, an objection, a correction."""
    state = record.store.state_of("first-visit-part", case)
    if state is None:
        return
    other = draw.choice(PEOPLE)
    mine = other if state.choice is None else state.choice.by
    asks: list[tuple[Ask, Actor]] = [
        (RecordOutcome(outcome=draw.random() < 0.5, value=float(draw.randrange(9))), HOST),
        (GiveReason(code="other", text=f"later: {case}"), mine),
        (FileContest(target=Target.CHOICE, text="No."), other),
        (ReportWorkaround(text="Told on the phone."), other),
    ]
    if state.outcome is not None:
        asks.append(
            (
                Correct(
                    of=state.outcome.id,
                    field="outcome",
                    now=not state.outcome.data.outcome,
                    because="Wrong row.",
                ),
                state.outcome.by,
            )
        )
    if state.choice is not None:
        asks.append(
            (Correct(of=state.choice.id, field="answer", now="bring", because="Typed wrong."), mine)
        )
    ask, by = draw.choice(asks)
    with suppress(RecordRefused):
        does(record, case, ask, by=by)
