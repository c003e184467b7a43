"""The life of a case: what may follow what, decided without touching anything.

``decide`` answers a command with events or a refusal. It looks at nothing but its arguments, so
what it allows can be tried exhaustively. Two rules matter most, and nothing here may weaken them:
advice on a case that waits for a first view is handed out only after that view is on record, and
withheld advice only after the choice is final. Refusals are worded from what the asker may know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.record.case_after import answer_owed, contest, correct, record_outcome, too_many
from sayso.record.case_checks import (
    check_actor,
    check_answer,
    check_chance,
    check_details,
    check_reason,
    check_seconds,
    check_text,
)
from sayso.record.case_events import (
    AdviceComputed,
    AdviceOpened,
    AdviceShown,
    AdviceWithheld,
    CaseAbstained,
    CaseEscalated,
    CaseExpired,
    CaseIgnored,
    CaseOpened,
    ChoiceMade,
    ContestAnswered,
    HoldbackDrawn,
    PriorSealed,
    PriorSkipped,
    ReasonGiven,
    SignalSeen,
    WorkaroundAnswered,
    WorkaroundReported,
)
from sayso.record.case_state import details_of, with_override
from sayso.record.circumstances import (
    ANSWER_WITHIN,
    choice_first,
    due_on,
    for_people,
    has_ended,
    not_seen,
)
from sayso.record.commands import (
    Abstain,
    AnswerContest,
    AnswerWorkaround,
    AskAdvice,
    Choose,
    Correct,
    Escalate,
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
from sayso.record.events import Event
from sayso.record.ids import check_id, following
from sayso.record.moments import check_clock, instant_text
from sayso.record.names import check_name
from sayso.record.refusal import Refusal
from sayso.record.sight import Reader, coin_is_secret
from sayso.record.terms import ActorKind

if TYPE_CHECKING:
    from sayso.declare.charter import Charter
    from sayso.record.case_state import CaseState
    from sayso.record.circumstances import Circumstances, Said
    from sayso.record.commands import Command

Events = tuple[Event, ...]


def decide(state: CaseState | None, command: Command, found: Circumstances) -> Events | Refusal:
    """What a command leads to.

    Args:
        state: The case so far; None where it was never opened.
        command: What is asked.
        found: What it is held against.

    Returns:
        The events to record, at least one; or why nothing is recorded.
    """
    charter = found.charter
    refused = (
        check_id(command.id)
        or check_name(command.case, "case")
        or check_actor(command.by)
        or check_clock(command.at, found.now)
    )
    if refused is not None:
        return refused
    if charter is None and state is not None:
        return Refusal(
            "charter-stale",
            f"The case was opened under {state.decision}@{state.version}, whose text is not kept.",
            "Bring that version back to the folder of charters.",
            "charter_version",
        )
    if charter is None:
        return Refusal(
            "decision-unknown",
            f"No charter in force declares {command.decision[:60]!r}.",
            "Activate one, or correct the name.",
            "decision",
        )
    counts = charter.version if state is None else state.version
    if command.charter_version != counts:
        return Refusal(
            "charter-stale",
            f"The command speaks of {command.decision}@{command.charter_version}; "
            f"{command.decision}@{counts} counts for this case.",
            "Read the charter again, and send the command under that version.",
            "charter_version",
        )
    said = _answered(state, command, found, charter)
    if isinstance(said, Refusal):
        return said
    return tuple(
        Event(
            id=following(command.id, place),
            decision=command.decision,
            charter_version=command.charter_version,
            case=command.case,
            by=command.by,
            at=command.at,
            data=data,
        )
        for place, data in enumerate(said)
    )


# What may still be said of a case that was read in from a table.
_OF_PAST_CASES = (RecordOutcome, FileContest, AnswerContest, ReportWorkaround, AnswerWorkaround)


def _answered(
    state: CaseState | None, command: Command, found: Circumstances, charter: Charter
) -> Said | Refusal:
    ask = command.ask
    if isinstance(ask, OpenCase):
        return _open(state, ask, found)
    if state is None:
        return Refusal(
            "case-not-opened",
            f"The case {command.case!r} of {command.decision} was never opened.",
            "Open it first.",
            "case",
        )
    if state.opening is None and not isinstance(ask, _OF_PAST_CASES):
        return has_ended(state)
    match ask:
        case SealPrior():
            return _seal(state, command, ask, charter)
        case SkipPrior():
            return _may_give_prior(state, command) or (PriorSkipped(),)
        case GiveAdvice():
            return _advise(state, command, ask, charter)
        case AskAdvice():
            return _show(state, command)
        case OpenAdvice():
            return (AdviceOpened(),) if state.shown is not None else not_seen()
        case SeeSignal():
            return _signal(state, ask, charter)
        case Choose():
            return _choose(state, command, ask, charter, found)
        case GiveReason():
            return _reason(state, ask, charter)
        case Ignore() | Abstain() | Expire():
            return _end(state, command, ask, charter, found)
        case Escalate():
            return _escalate(state, command, ask)
        case FileContest():
            return contest(state, command, ask, found)
        case ReportWorkaround():
            bad = check_text(ask.text, "text", needed=True) or too_many(
                state.workarounds, command, found
            )
            due = command.at + ANSWER_WITHIN
            return bad or (WorkaroundReported(text=ask.text, answer_due=due),)
        case AnswerContest():
            return answer_owed(state.contests, command, ask) or (
                ContestAnswered(contest=ask.contest, text=ask.text, changed=ask.changed),
            )
        case AnswerWorkaround():
            return answer_owed(state.workarounds, command, ask) or (
                WorkaroundAnswered(workaround=ask.workaround, text=ask.text, changed=ask.changed),
            )
        case RecordOutcome():
            return record_outcome(state, command, ask, charter)
        case Correct():
            return correct(state, command, ask, charter)


def _open(state: CaseState | None, ask: OpenCase, found: Circumstances) -> Said | Refusal:
    if state is not None:
        return Refusal(
            "case-twice",
            f"The case {state.case!r} of {state.decision} was opened before.",
            "Go on with it, or send the host's own id of another case.",
            "case",
        )
    bad = check_details(ask.inputs, "inputs")
    for name, field in ((ask.team, "team"), (ask.subject, "subject")):
        bad = bad or (None if name is None else check_name(name, field))
    if bad is not None:
        return bad
    if found.drawn is None:
        raise ValueError("a case is opened with its coins tossed")
    drawn = found.drawn
    opened = CaseOpened(
        inputs=details_of(ask.inputs),
        team=ask.team,
        subject=ask.subject,
        decide_by=ask.decide_by,
        prior_asked=drawn.ask,
        prior_ask_probability=drawn.ask_probability,
        fingerprint=found.fingerprint,
    )
    hidden = HoldbackDrawn(
        show=drawn.show,
        show_probability=drawn.show_probability,
        excluded=drawn.excluded,
        seed=drawn.seed,
    )
    return opened, hidden


def _may_give_prior(state: CaseState, command: Command) -> Refusal | None:
    if command.by.kind is ActorKind.AGENT:
        return for_people("A first view is a person's own.")
    if state.shown is not None:
        return Refusal(
            "prior-after-advice",
            "The advice has been seen, so this is no first view.",
            "Record the choice instead.",
        )
    if state.final:
        return has_ended(state)
    if state.opening is None or not state.opening.data.prior_asked:
        return Refusal(
            "prior-not-asked",
            "No first view is asked for in this case.",
            "Ask for the advice; where first views are always taken, let the charter sample all.",
        )
    if state.prior is not None or state.skipped:
        return Refusal(
            "prior-twice", "The first view was given or skipped before.", "Ask for the advice."
        )
    return None


def _seal(state: CaseState, command: Command, ask: SealPrior, charter: Charter) -> Said | Refusal:
    bad = (
        _may_give_prior(state, command)
        or check_answer(ask.answer, charter, "answer")
        or check_chance(ask.confidence, "confidence")
        or check_seconds(ask.seconds)
    )
    return bad or (PriorSealed(answer=ask.answer, confidence=ask.confidence, seconds=ask.seconds),)


def _advise(
    state: CaseState, command: Command, ask: GiveAdvice, charter: Charter
) -> Said | Refusal:
    if state.advice is not None:
        return Refusal(
            "advice-twice",
            "The advice was given before, and it is what counts.",
            "Open another case for another question.",
        )
    bad = (
        check_answer(ask.answer, charter, "answer")
        or check_chance(ask.confidence, "confidence")
        or check_name(ask.source, "source")
        or _speaks_for_itself(command, ask.source)
        or check_details(ask.details, "details")
    )
    return bad or (
        AdviceComputed(
            answer=ask.answer,
            confidence=ask.confidence,
            source=ask.source,
            details=details_of(ask.details),
        ),
    )


def _speaks_for_itself(command: Command, source: str) -> Refusal | None:
    """An agent gives advice under its own name, with or without a version after an @."""
    by = command.by
    if by.kind is not ActorKind.AGENT or source.partition("@")[0] == by.name:
        return None
    return Refusal(
        "not-yours-to-decide",
        f"The agent {by.name!r} may not give advice as {source[:60]!r}.",
        f"Send {by.name!r} as the source, or {by.name + '@VERSION'!r}.",
        "source",
    )


def _show(state: CaseState, command: Command) -> Said | Refusal:
    """Hand the advice out, if the case allows it; the only place that does."""
    if state.sealed:
        return Refusal(
            "prior-first",
            "A first view is asked for in this case, before any advice.",
            "Give it, or skip it; then ask again.",
        )
    agent = command.by.kind is ActorKind.AGENT
    if coin_is_secret(state, Reader.AGENT if agent else Reader.PARTY):
        # Whoever is yet to advise would otherwise know beforehand whether it will be seen.
        return _no_advice()
    if state.draw is None or (not state.draw.show and not state.final):
        # Said whether or not there is any advice, so that it tells nothing of the advice.
        return (AdviceWithheld(),)
    if state.advice is None:
        return _no_advice()
    return (AdviceShown(advice=state.advice.id, after_choice=state.final),)


def _no_advice() -> Refusal:
    return Refusal("advice-none", "There is no advice yet.", "Ask again later, or decide.")


def _signal(state: CaseState, ask: SeeSignal, charter: Charter) -> Said | Refusal:
    if state.final:
        return Refusal(
            "signal-after-choice",
            "The choice was made before this was said.",
            "Record it with the case's reason, or leave it.",
        )
    bad = (
        check_name(ask.source, "source")
        or check_text(ask.text, "text")
        or (None if ask.says is None else check_answer(ask.says, charter, "says"))
    )
    return bad or (SignalSeen(source=ask.source, says=ask.says, text=ask.text),)


def _choose(
    state: CaseState, command: Command, ask: Choose, charter: Charter, found: Circumstances
) -> Said | Refusal:
    if state.choice is not None:
        return Refusal(
            "choice-twice",
            "The choice was made before.",
            "Correct it, if it was written down wrongly.",
        )
    bad = (
        (has_ended(state) if state.final else None)
        or _may_choose(command, found)
        or check_answer(ask.answer, charter, "answer")
        or check_chance(ask.confidence, "confidence")
        or check_seconds(ask.seconds)
        or check_details(ask.details, "details")
        or check_reason(ask.reason_code, charter)
        or check_text(ask.reason_text, "reason_text")
    )
    if bad is not None:
        return bad
    choice = ChoiceMade(
        answer=ask.answer,
        confidence=ask.confidence,
        details=details_of(ask.details),
        seconds=ask.seconds,
        reason_code=ask.reason_code,
        reason_text=ask.reason_text,
        override_kind=ask.override_kind,
        # Held against the advice only where it had been handed out: else the entry would tell.
        advice=None if state.shown is None else state.shown.data.advice,
        outcome_due=due_on(command.at, charter),
    )
    choice = with_override(choice, state.advice)
    if choice.override_kind is not None and command.by.kind is ActorKind.AGENT:
        # A person has that advice before them: whether to follow it is theirs to say.
        return Refusal(
            "not-yours-to-decide",
            f"The agent {command.by.name!r} may not override advice that was shown.",
            "Ask the person it acts for to decide.",
            "answer",
        )
    # Whoever decides without the view that was asked for has skipped it.
    return (PriorSkipped(), choice) if state.sealed else (choice,)


def _may_choose(command: Command, found: Circumstances) -> Refusal | None:
    by = command.by
    if by.kind is ActorKind.AGENT and not found.may_decide_alone:
        return Refusal(
            "not-yours-to-decide",
            f"The agent {by.name!r} may not decide this case alone.",
            "Ask the person it acts for to decide.",
            "by",
        )
    if by.kind is ActorKind.SERVICE and by.acting_for is None:
        return Refusal(
            "not-yours-to-decide",
            f"The service {by.name!r} does not say whose choice this is.",
            "Send the decider's name beside the service's.",
            "by.for",
        )
    return None


def _reason(state: CaseState, ask: GiveReason, charter: Charter) -> Said | Refusal:
    if state.choice is None:
        return choice_first()
    if ask.code is None and not (ask.text or "").strip():
        return Refusal("field-missing", "No reason is given.", "Send a code or a text.", "text")
    bad = check_reason(ask.code, charter) or check_text(ask.text, "text")
    return bad or (ReasonGiven(code=ask.code, text=ask.text),)


def _end(
    state: CaseState,
    command: Command,
    ask: Ignore | Abstain | Expire,
    charter: Charter,
    found: Circumstances,
) -> Said | Refusal:
    if state.final:
        return has_ended(state)
    due = due_on(command.at, charter)
    match ask:
        case Ignore():
            return (CaseIgnored(outcome_due=due),)
        case Abstain():
            bad = (
                _may_choose(command, found)
                or check_reason(ask.reason_code, charter)
                or check_text(ask.text, "text")
            )
            return bad or (
                CaseAbstained(reason_code=ask.reason_code, text=ask.text, outcome_due=due),
            )
        case Expire():
            by = None if state.opening is None else state.opening.data.decide_by
            if by is None or command.at < by or found.now < by:
                until = "no time is set" if by is None else f"the time runs to {instant_text(by)}"
                return Refusal(
                    "not-due",
                    f"The case has not expired: {until}.",
                    "Wait, or say that it was ignored.",
                )
            return (CaseExpired(outcome_due=due),)


def _escalate(state: CaseState, command: Command, ask: Escalate) -> Said | Refusal:
    if state.final:
        return has_ended(state)
    bad = check_name(ask.to, "to") or check_text(ask.text, "text")
    if bad is None and command.by.person is None:
        bad = for_people("A case is handed on by a person.")
    return bad or (CaseEscalated(to=ask.to, text=ask.text),)
