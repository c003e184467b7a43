"""What everyone who answered a round is told: what was decided, why, and how it will be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.align.round import SettleBy
from sayso.present.numbers import on_day
from sayso.present.terminal import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.learn.proposal import Checked, Proposal

RULES = {
    SettleBy.OWNER: "the owner decides after hearing everybody",
    SettleBy.CONSENT: "it is settled once no reason against it is left unanswered",
    SettleBy.QUORUM: "it is settled only if enough of those asked have answered",
    SettleBy.VETO: "it is settled unless a role with a veto stops it",
}
CHANGES = {
    "happened": "it happened",
    "did not": "it did not happen",
    "not yet": "not yet",
    "cannot tell": "the table could not tell",
}


def told_text(proposal: Proposal) -> str:
    """What was decided and why, for everyone who answered; nobody who answered is named.

    Args:
        proposal: The proposal, settled or not.
    """
    effect = proposal.expected
    over = f", where {effect.where}" if effect.where is not None else ""
    head = "Decided" if proposal.settled is not None else "Proposed"
    goes = f"{effect.check}{over} goes from {effect.start:g} to {effect.target:g}"
    lines = [
        f"{head}: {_ended(proposal.rule)}",
        f"Why: {_ended(proposal.why)}",
        f"Expected: {goes}. It is checked on {on_day(proposal.check_on)}.",
    ]
    if proposal.weights:
        weights = ", ".join(f"{name} {100 * w:g} of 100" for name, w in proposal.weights)
        lines.append(f"What matters, and how much: {weights}.")
    for one in proposal.objections:
        kind = f"Stopped by {one.veto}" if one.veto else "Said against it"
        answer = f" Answered: {_ended(one.answer)}" if one.answer else " Not answered yet."
        lines.append(f"{kind}: {_ended(one.because)}{answer}")
    rule = f"The rule, declared before anybody answered: {RULES[proposal.settle]}."
    if proposal.settled is not None:
        lines.append(
            f"Settled on {on_day(proposal.settled)} by whoever is accountable. {rule} "
            f"It is in {proposal.to}."
        )
    else:
        lines.append(rule)
    lines += [check_text(proposal, one) for one in proposal.checks]
    return "\n".join(lines)


def check_text(proposal: Proposal, one: Checked) -> str:
    """What a table said of the expected effect, with its range and count."""
    said = f"Checked on {on_day(one.on)}: {CHANGES[str(one.change)]}."
    if one.value is None or one.low is None or one.high is None:
        return f"{said} {_ended(one.why)}" if one.why else said
    return (
        f"{said} It stood at {proposal.expected.start:g} before, as stated; over {one.cases:,} cases "
        f"since it stands at {one.value:.3g} ({one.low:.3g} to {one.high:.3g})."
    )


def _ended(text: str) -> str:
    return text if text[-1:] in ".!?" else f"{text}."


def settled_text(proposal: Proposal, waits_for: Sequence[str]) -> str:
    """What the person who settled, or proposed, is told.

    Args:
        proposal: The proposal.
        waits_for: Why it is not settled yet; empty where it is.
    """
    told = "\n".join(f"  {line}" for line in told_text(proposal).split("\n"))
    if not waits_for:
        head = f"The round {proposal.round} is settled, and {proposal.to} is written."
        say = "Tell everyone who answered; the round's page shows them this:"
        step = f"Next: three who decide mark {proposal.to}: `sayso marks form {proposal.to}`."
        return plain(f"  {head}\n  {say}\n\n{told}\n\n  {step}")
    reasons = "\n".join(f"    - {reason}" for reason in waits_for)
    return plain(f"  {proposal.id} lies open. It waits:\n{reasons}\n\n{told}")
