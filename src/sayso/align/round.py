"""A round: the same questions to several people, apart, and what each of them answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from sayso.align.considerations import Consideration
    from sayso.domain.charter_ref import CharterRef

FEWEST, MOST = 5, 15
# What a decision may be for, where its charter does not say yet what matters: picked from a list,
# so that answers can be counted. Everybody may write something else.
PURPOSES = (
    "to save money",
    "to be quicker",
    "to treat people alike",
    "to avoid harm",
    "to please those we serve",
    "to keep to the rules",
)


class Form(StrEnum):
    """How people say what matters."""

    POINTS = "points"
    PAIRS = "pairs"


class SettleBy(StrEnum):
    """Who may settle what the round leaves open; declared before anybody answers."""

    OWNER = "owner"
    CONSENT = "consent"
    QUORUM = "quorum"
    VETO = "veto"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundCase:
    """One case that everybody chooses in.

    Attributes:
        number: Its place in the order asked, from 1.
        facts: What people read about it, as (name, value) pairs.
        brings: What each option would bring, shape (options, considerations), in the
            considerations' own units; empty where nobody says.
        repeats: The number of the earlier case that this one repeats; None for a new one.
    """

    number: int
    facts: tuple[tuple[str, str], ...]
    brings: tuple[tuple[float, ...], ...] = ()
    repeats: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round about one version of a charter; frozen once it is open.

    Attributes:
        id: Its name, such as ``first-visit-part-1``.
        charter: The version people are asked about.
        fingerprint: That version's fingerprint.
        question: The charter's question.
        options: Allowed answers; fewer than two only where no case is asked.
        considerations: What matters, with ranges; empty where the charter does not say yet.
        event: What may happen in a case, for "Of 100 cases like this, in how many would ...?";
            "" where beliefs are not asked.
        cases: Cases in the order asked, repeats included.
        form: Points or pairs.
        settle: Who may settle.
        quorum: Share of the invited that must have answered before anybody settles, in 0..1.
        invited: Links made.
        opened: First day.
        closes: First day on which no answer is taken any more.
        least: Answers below which nothing is shown: 5, or 2 where the charter consents.
        seed: Seed of the choice of cases.
    """

    id: str
    charter: CharterRef
    fingerprint: str
    question: str
    options: tuple[str, ...]
    considerations: tuple[Consideration, ...]
    event: str
    cases: tuple[RoundCase, ...]
    form: Form
    settle: SettleBy
    quorum: float
    invited: int
    opened: date
    closes: date
    least: int = FEWEST
    seed: int = 0


def purposes_of(round_: Round) -> tuple[str, ...]:
    """What people may pick as the purpose: what the charter says matters, or the short list."""
    return tuple(c.name for c in round_.considerations) or PURPOSES


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundAnswer:
    """What one person said; whoever they are, it is not kept here.

    Attributes:
        pseudonym: Keyed pseudonym of the person in this round.
        owner: Who they think is accountable, as they wrote it; "" where skipped.
        purpose: Which of ``purposes_of`` the decision is for most, or the person's own words.
        points: Points of 100 by consideration; empty where skipped.
        pairs: How many times as much the first of each pair matters as the second, > 0, pairs in
            the order (1, 2), (1, 3), ..., (2, 3), ...; None where skipped.
        choices: The option chosen in each case, in the round's order; None where skipped.
        beliefs: "Of 100 cases like this, in how many would it happen?", in 0..100, by case.
    """

    pseudonym: str
    owner: str = ""
    purpose: str = ""
    points: tuple[float, ...] = ()
    pairs: tuple[float | None, ...] = ()
    choices: tuple[str | None, ...] = ()
    beliefs: tuple[float | None, ...] = ()


class RoundState(StrEnum):
    """Where a round stands; results are seen in SHOWN and SETTLED only."""

    OPEN = "open"
    SHOWN = "shown"
    WITHHELD = "withheld"
    SETTLED = "settled"


def state_of(
    round_: Round, *, sent: int, today: date, closed: bool = False, settled: bool = False
) -> RoundState:
    """Where a round stands.

    Nothing is shown while anybody may still answer: whoever saw the results before and after one
    more answer could subtract, and would know that answer.

    Args:
        round_: The round.
        sent: Answers sent.
        today: The day.
        closed: Whether it was closed before its day.
        settled: Whether the accountable person has written the rule.
    """
    if settled:
        return RoundState.SETTLED
    over = closed or today >= round_.closes or sent >= round_.invited
    if not over:
        return RoundState.OPEN
    return RoundState.SHOWN if sent >= round_.least else RoundState.WITHHELD
