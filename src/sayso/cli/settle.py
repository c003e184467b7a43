"""``sayso settle`` and what belongs to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

HERE = Path()


def settle(
    round_id: str,
    /,
    *,
    rule: str = "",
    why: str = "",
    expect: str = "",
    where: str = "",
    start: Annotated[str, Parameter(name="--from")] = "",
    target: Annotated[str, Parameter(name="--to")] = "",
    check_on: str = "",
    weights: str = "",
    by: str | None = None,
    person: Annotated[str | None, Parameter(name="--as")] = None,
    although_changed: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Settle a round: the rule, the effect that is expected, and the day it is checked.

    Args:
        round_id: The round.
        rule: What is done from now on, in one sentence.
        why: Why, for everyone who answered.
        expect: How the effect is seen: avg(choice = 'bring').
        where: Which cases that is over; all where not said.
        start: Where it stands now.
        target: Where it is to stand.
        check_on: The day on which a table is looked at.
        weights: What matters, and how much: name=0.6, other=0.4.
        by: The role that does this; another than the accountable one only proposes.
        person: Who settles; whoever holds the owner's role where not said.
        although_changed: Settle although the charter changed after the answers were given.
    """
    from sayso.learn.proposal import Settlement
    from sayso.present.settling import settled_text
    from sayso.workspace.clock import today
    from sayso.workspace.settle import settle_round

    typed = Settlement(
        rule=rule,
        why=why,
        check=expect,
        where=where,
        start=start,
        target=target,
        check_on=check_on,
        weights=weights,
    )
    done = settle_round(
        HERE,
        round_id,
        typed,
        today=today(),
        by=by,
        person=person,
        although_changed=although_changed,
    )
    print(settled_text(done.proposal, done.waits_for))
    return 0


def object_(proposal: str, /, *, because: str, veto: str = "") -> int:
    """Say what speaks against a proposal that lies open; nobody is named.

    Args:
        proposal: The proposal.
        because: The reason.
        veto: The role that stops it, one of the charter's rights.veto.
    """
    from sayso.workspace.clock import today
    from sayso.workspace.proposals import object_to

    after = object_to(HERE, proposal, because, today=today(), veto=veto)
    print(f"  Kept as objection {len(after.objections)} to {after.id}.")
    return 0


def answer(proposal: str, number: int, text: str, /, *, by: str = "") -> int:
    """Answer an objection, or lift a veto.

    Args:
        proposal: The proposal.
        number: The objection's number.
        text: What is answered.
        by: The role that answers; a veto is lifted only by the role that said it.
    """
    from sayso.workspace.clock import today
    from sayso.workspace.proposals import answer_objection

    after = answer_objection(HERE, proposal, number, text, today=today(), by=by)
    left = len(after.unanswered)
    print(f"  Answered. {left or 'None'} of {len(after.objections)} not answered yet.")
    return 0


def check(proposal: str, /, *, table: str) -> int:
    """Look at the cases decided since a change: did what was expected happen?

    Args:
        proposal: The settled proposal.
        table: Past cases, as for an audit.
    """
    from sayso.present.settling import check_text
    from sayso.workspace.check_effect import check_effect
    from sayso.workspace.clock import today

    after = check_effect(HERE, proposal, table, today=today())
    print(f"  {check_text(after, after.checks[-1])}")
    return 0


def show(proposal: str, /) -> int:
    """Say what was decided and why, as everyone who answered is told.

    Args:
        proposal: The proposal.
    """
    from sayso.present.settling import told_text
    from sayso.present.terminal import plain
    from sayso.workspace.proposals import find_proposal

    print(plain(told_text(find_proposal(HERE, proposal))))
    return 0
