"""What may be said of a case besides deciding it: objections, workarounds, outcomes, corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sayso.record.case_checks import (
    check_answer,
    check_chance,
    check_outcome,
    check_reason,
    check_scalar,
    check_seconds,
    check_text,
)
from sayso.record.case_events import (
    ContestFiled,
    Corrected,
    OutcomeRecorded,
)
from sayso.record.circumstances import (
    ANSWER_WITHIN,
    MOST_A_DAY,
    MOST_OWED,
    OUTCOME_SLACK,
    choice_first,
    for_people,
    not_seen,
)
from sayso.record.commands import AnswerContest
from sayso.record.ids import check_id, following
from sayso.record.moments import instant_text
from sayso.record.refusal import Refusal
from sayso.record.terms import ActorKind, Target

if TYPE_CHECKING:
    from sayso.declare.charter import Charter
    from sayso.record.case_state import CaseState, Owed
    from sayso.record.circumstances import Circumstances, Said
    from sayso.record.commands import AnswerWorkaround, Command, Correct, FileContest, RecordOutcome


def contest(
    state: CaseState, command: Command, ask: FileContest, found: Circumstances
) -> Said | Refusal:
    """An objection, if there is something to object to and the asker has not filed too many."""
    # Whether there is any advice is not told to those who may not see it yet.
    if ask.target is Target.ADVICE and state.shown is None and not state.final:
        return not_seen()
    if ask.target is Target.CHOICE and state.choice is None and state.imported is None:
        return choice_first()
    bad = (
        check_text(ask.text, "text", needed=True)
        or check_text(ask.of, "of")
        or too_many(state.contests, command, found)
    )
    due = command.at + ANSWER_WITHIN
    return bad or (ContestFiled(target=ask.target, of=ask.of, text=ask.text, answer_due=due),)


def too_many(owed: tuple[Owed, ...], command: Command, found: Circumstances) -> Refusal | None:
    """Whether one speaker has filed as many as are kept; others are heard all the same.

    What an agent files counts as its person's. It gets half, so that no agent can use up what its
    person may still say.
    """
    name = command.by.person or command.by.name
    share = 2 if command.by.kind is ActorKind.AGENT else 1
    most, a_day = MOST_OWED // share, MOST_A_DAY // share
    here = sum(1 for o in owed if (o.by.person or o.by.name) == name and o.answered_at is None)
    if here < most and found.filed_today < a_day:
        return None
    return Refusal(
        "too-many-contests",
        f"{here} of yours wait for an answer in this case, and {found.filed_today} came from you "
        f"in a day; {most} and {a_day} are kept.",
        "Say it in one, or wait for the answers that are owed.",
    )


def answer_owed(
    owed: tuple[Owed, ...], command: Command, ask: AnswerContest | AnswerWorkaround
) -> Refusal | None:
    """Whether a contest or a workaround waits for this answer."""
    if command.by.kind is ActorKind.AGENT:
        return for_people("An objection is answered by a person.")
    one = ask.contest if isinstance(ask, AnswerContest) else ask.workaround
    if not any(o.id == one and o.answered_at is None for o in owed):
        return Refusal(
            "nothing-owed",
            f"Nothing called {one[:60]!r} waits for an answer in this case.",
            "Look up what is open.",
        )
    return check_text(ask.text, "text", needed=True) or check_text(ask.changed, "changed")


def record_outcome(
    state: CaseState, command: Command, ask: RecordOutcome, charter: Charter
) -> Said | Refusal:
    """The outcome of a case that has ended, in the kind that the charter declares."""
    ended = state.ended_on
    if ended is None:
        return Refusal(
            "outcome-before-choice",
            "There is no choice yet whose outcome this could be.",
            "Record the choice, or that the case was left undecided, first.",
        )
    if command.at < ended - OUTCOME_SLACK:
        return Refusal(
            "outcome-before-choice",
            f"The outcome is of {instant_text(command.at)}, before the choice.",
            "Send when the outcome was seen.",
            "at",
        )
    imported = () if state.imported is None else state.imported.data.row
    if state.outcome is not None or any(name == "outcome" for name, _ in imported):
        return Refusal(
            "outcome-twice", "The outcome was recorded before.", "Correct it, if it was wrong."
        )
    bad = (
        check_outcome(ask.outcome, charter)
        or check_scalar(ask.value, "value")
        or (None if ask.best is None else check_answer(ask.best, charter, "best"))
    )
    chose = None if state.choice is None else state.choice.by
    own = chose is not None and (command.by.person or command.by.name) == (
        chose.person or chose.name
    )
    return bad or (
        OutcomeRecorded(outcome=ask.outcome, value=ask.value, best=ask.best, self_reported=own),
    )


_CORRECTABLE = {
    "prior": ("answer", "confidence", "seconds"),
    "choice": ("answer", "confidence", "seconds", "reason_code"),
    "outcome": ("outcome", "value", "best"),
}


def correct(state: CaseState, command: Command, ask: Correct, charter: Charter) -> Said | Refusal:
    """A corrected field, where the correction cannot rewrite what the advice changed."""
    entries = {"prior": state.prior, "choice": state.choice, "outcome": state.outcome}
    # A choice that skipped the first view is the second event of its command, whose id is known.
    named = (ask.of, following(ask.of, 1)) if check_id(ask.of) is None else (ask.of,)
    name = next((n for n, kept in entries.items() if kept is not None and kept.id in named), None)
    kept = None if name is None else entries[name]
    if name is None or kept is None or ask.field not in _CORRECTABLE[name]:
        return Refusal(
            "nothing-to-correct",
            f"There is no field {ask.field[:60]!r} of an entry {ask.of[:60]!r} to correct.",
            "First views, choices and outcomes can be corrected, by the id of their event.",
        )
    if name != "outcome" and (command.by.person or "") != (kept.by.person or ""):
        return Refusal(
            "not-yours-to-decide",
            "This was said by somebody else.",
            "Whoever said it corrects it; anyone may contest it.",
            "by",
        )
    if name == "prior" and state.shown is not None:
        return Refusal(
            "prior-after-advice",
            "The advice has been seen, so the first view stays as it was.",
            "Say in the reason for the choice what was wrong.",
        )
    late = state.shown is not None and state.shown.data.after_choice
    if name == "choice" and ask.field == "answer" and late:
        return Refusal(
            "choice-final",
            "The advice that was withheld has been seen, so the choice stays as it was.",
            "Contest the choice, and say why.",
        )
    if name == "choice" and ask.field == "answer" and _held_back(state):
        # Whoever reads the advice of a decided case could make the choice agree with it, and the
        # arms would differ by that; so it is refused in both of them alike.
        return Refusal(
            "choice-final",
            "The advice of this case is held back by rule or by coin, so its choice stays as made.",
            "Contest the choice, and say what was wrong.",
        )
    bad = check_text(ask.because, "because", needed=True) or _fits(name, ask, charter)
    was = getattr(kept.data, ask.field)
    return bad or (
        Corrected(of=kept.id, field=ask.field, was=was, now=ask.now, because=ask.because),
    )


def _held_back(state: CaseState) -> bool:
    return state.draw is not None and state.draw.show_probability < 1


def _fits(name: str, ask: Correct, charter: Charter) -> Refusal | None:
    """Whether the corrected value could have been recorded in the first place."""
    now = ask.now
    match ask.field:
        case "answer" | "best":
            return check_answer(now, charter, "now")
        case "outcome":
            return check_outcome(now, charter)
        case "reason_code":
            return check_reason(None if now is None else str(now), charter)
        case _:
            if isinstance(now, str | bool):
                return Refusal(
                    "field-wrong", f"{ask.field} is a number.", "Send a number, or null.", "now"
                )
            number = cast("float | None", now)
            if ask.field == "seconds":
                return check_seconds(number)
            if ask.field == "value":
                return check_scalar(number, "now")
            return check_chance(number, "now")
