"""What those who answered say against a rule that lies open, and what they are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.errors import AnswersNotBegun, SettleRefused
from sayso.learn.proposal import LONGEST
from sayso.present.pages import FormProblem
from sayso.workspace.proposals import answer_objection, list_proposals, object_to
from sayso.workspace.rounds import resume

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sayso.learn.proposal import Proposal

MOST = 60
NO_REASON = "Write what speaks against it."
TOO_LONG = "It has {length:,} characters; {most:,} are kept."
NO_ANSWER = "Write what is answered."
NOTHING_OPEN = "No rule lies open in this round any more."


def lies_open(folder: Path, round_id: str) -> Proposal | None:
    """The rule that is proposed for a round and not settled; None where there is none."""
    found = [p for p in list_proposals(folder)[0] if p.round == round_id and p.settled is None]
    return found[-1] if found else None


def object_here(
    folder: Path, round_id: str, secret: str, because: str, today: date
) -> tuple[FormProblem, ...]:
    """Keep what somebody who answered says against the rule; who they are is not kept.

    The same reason sent twice, as by a second click, is one objection.

    Args:
        folder: The workspace.
        round_id: The round.
        secret: What the person's browser holds.
        because: The reason.
        today: The day.

    Returns:
        What is wrong with it; nothing where it was kept.

    Raises:
        AnswersNotBegun: If nobody sent answers with this secret.
        SettleRefused: If no rule lies open, or too much was said against it.
    """
    if not resume(folder, round_id, secret, today).sent:
        raise AnswersNotBegun
    proposal = _open(folder, round_id)
    reason = _plain(because)
    if not reason:
        return (FormProblem("because", NO_REASON),)
    if len(reason) > LONGEST:
        return (FormProblem("because", TOO_LONG.format(length=len(reason), most=LONGEST)),)
    if any(o.because == reason and not o.answer for o in proposal.objections):
        return ()
    if len(proposal.objections) >= MOST:
        raise SettleRefused(
            f"{MOST} objections are kept already.", hint="Talk to whoever is accountable."
        )
    object_to(folder, proposal.id, reason, today=today)
    return ()


def answer_here(
    folder: Path, round_id: str, number: int, answer: str, today: date
) -> tuple[FormProblem, ...]:
    """Answer one objection, as whoever convenes.

    Args:
        folder: The workspace.
        round_id: The round.
        number: The objection's number.
        answer: What is answered.
        today: The day.

    Returns:
        What is wrong with it; nothing where it was kept.

    Raises:
        SettleRefused: If no rule lies open, or there is no such objection.
    """
    proposal, said, field = _open(folder, round_id), _plain(answer), f"answer-{number}"
    if not said:
        return (FormProblem(field, NO_ANSWER),)
    if len(said) > LONGEST:
        return (FormProblem(field, TOO_LONG.format(length=len(said), most=LONGEST)),)
    one = next((o for o in proposal.objections if o.number == number), None)
    if one is not None and one.answer == said:
        return ()
    answer_objection(folder, proposal.id, number, said, today=today, by=one.veto if one else "")
    return ()


def stop_here(
    folder: Path, round_id: str, role: str, because: str, today: date
) -> tuple[FormProblem, ...]:
    """Keep that a role with a veto stops the rule, as whoever convenes.

    Args:
        folder: The workspace.
        round_id: The round.
        role: The role.
        because: Its reason.
        today: The day.

    Raises:
        SettleRefused: If no rule lies open, or the role may not stop it.
    """
    proposal, reason = _open(folder, round_id), _plain(because)
    if not reason:
        return (FormProblem("because", NO_REASON),)
    if not role:
        return (FormProblem("role", "Choose the role that stops it."),)
    if any(o.because == reason and o.veto == role and not o.answer for o in proposal.objections):
        return ()
    object_to(folder, proposal.id, reason, today=today, veto=role)
    return ()


def _open(folder: Path, round_id: str) -> Proposal:
    found = lies_open(folder, round_id)
    if found is None:
        raise SettleRefused(NOTHING_OPEN, hint="Read on the round's page what was decided.")
    return found


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
