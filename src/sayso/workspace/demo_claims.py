"""The demo's second decision, simulated: leaders who weigh the same things differently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from sayso.workspace.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]

SLUG = "warranty-claim"
TABLE = "warranty_claims.csv"
COLUMNS = (
    "claim_id",
    "decided_on",
    "handler",
    "amount_eur",
    "unit_age_years",
    "regular_customer",
    "dealer_report",
    "p_genuine",
    "advice",
    "handled",
    "genuine",
    "examined_on",
)
CLAIMS = 2400
HANDLERS = 12
FIRST_DAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
DAYS = 180

# Log odds that a claim is genuine: older units and large amounts less, a dealer's report more.
GENUINE, PER_YEAR, PER_HUNDRED, REGULAR, REPORT = 0.6, -0.16, -0.22, 0.5, 0.9

# What each way of handling costs, on the ranges that the charter states.
MOST_PAID = 600.0
HOURS, MOST_HOURS = 2.0, 8.0
DAYS_WAITED, MOST_DAYS = 9.0, 30.0

CHARTER = """\
# SIMULATED. No company, person or claim here is real; `sayso demo` wrote this file.
decision: warranty-claim
version: 1
question: Should this warranty claim be paid without examining the part?
options: [pay, examine]
default: examine
owner: head-of-claims
rights: {decide: [claim-handlers], consult: [technicians], inform: [finance], veto: []}
differently:
  - says: Claims that are surely genuine are paid the same day
    check: avg(choice = 'pay')
    where: dealer_report and amount_eur < 200
    from: 0.62
    to: 0.85
    by: 2026-12-31
inputs:
  amount_eur: number
  unit_age_years: number
  regular_customer: boolean
  dealer_report: boolean
kinds: [dealer_report]
alike: {exact: [dealer_report, regular_customer], within: {unit_age_years: 1, amount_eur: 50}}
affected: []
matters:
  - name: money not paid for nothing
    weight: 0.4
    measure: if(choice = 'pay' and not genuine, amount_eur, 0)
    range: [600, 0]
    unit: EUR
  - name: customers not kept waiting
    weight: 0.4
    measure: if(choice = 'examine' and genuine, 9, 0)
    range: [30, 0]
    unit: days
  - name: hours of work saved
    weight: 0.2
    measure: if(choice = 'examine', 2, 0)
    range: [8, 0]
    unit: hours
outcome: {name: genuine, kind: boolean, due: 30d, seen_when: always}
mistakes:
  pay: {when: not genuine, costs: 240 EUR}
  examine: {when: genuine, costs: 60 EUR}
advice: {source: claims-model, mode: advise, ceiling: delegate, routine: amount_eur < 100}
reasons: [the dealer knows the case, the amount is small, something does not add up, other]
worth_acting_on: 5 per 100
assumptions:
  - id: dealers
    says: A claim with a dealer's report is genuine about 80 times in 100
    check: avg(genuine)
    where: dealer_report
    holds: [0.70, 0.90]
    owner: data-science
    since: 2026-01-05
gate:
  to: delegate
  when: {gain: "> 0", outcomes: 600, confidence: 0.95}
  stop: {harm: "> 0.02", confidence: 0.9}
look_again: {every: 90d, next: 2027-03-01, escalate_after: 14d, to: chief-operating-officer}
source:
  table: warranty_claims.csv
  columns:
    case: claim_id
    decided_at: decided_on
    decider: handler
    choice: handled
    advice: advice
    advice_confidence: p_genuine
    outcome: genuine
    outcome_at: examined_on
"""


@dataclass(frozen=True, slots=True)
class Leader:
    """One of those asked: what they would weigh, whom they name, what they believe.

    Attributes:
        weights: On money, waiting and work; they sum to 1.
        owner: Whom they think is accountable.
        purpose: The consideration that the decision is for most, by its place.
        leans: Log odds by which they think claims more often genuine than they are.
    """

    weights: tuple[float, float, float]
    owner: str
    purpose: int
    leans: float


# The round's declared truth: two camps that weigh differently, and one person who reads differently.
LEADERS = (
    Leader((0.70, 0.20, 0.10), "head of claims", 0, 0.0),
    Leader((0.65, 0.20, 0.15), "head of finance", 0, -0.1),
    Leader((0.70, 0.15, 0.15), "Head of Finance", 0, 0.1),
    Leader((0.60, 0.25, 0.15), "head of claims", 0, -1.2),
    Leader((0.15, 0.65, 0.20), "head of claims", 1, 0.1),
    Leader((0.20, 0.60, 0.20), "head of service", 1, 0.0),
    Leader((0.15, 0.70, 0.15), "Head of claims", 1, 0.2),
    Leader((0.25, 0.55, 0.20), "head of service", 1, -0.1),
)


def genuine_odds(amount: Numbers, age: Numbers, regular: Flags, report: Flags) -> Numbers:
    """Log odds that a claim is genuine, given all that is recorded of it."""
    return (
        GENUINE
        + PER_YEAR * (age - 4)
        + PER_HUNDRED * (amount - 200) / 100
        + REGULAR * regular
        + REPORT * report
    )


def gain_of_paying(chance: Numbers, amount: Numbers, weights: Numbers) -> Numbers:
    """How much better it is to pay than to examine, by these weights.

    Args:
        chance: That the claim is genuine, shape (claims,).
        amount: What is claimed, in EUR, shape (claims,).
        weights: On money, waiting and work, shape (3, claims) or (3,).
    """
    lost = weights[0] * (1 - chance) * amount / MOST_PAID
    waited = weights[1] * chance * DAYS_WAITED / MOST_DAYS
    worked = weights[2] * HOURS / MOST_HOURS
    return waited + worked - lost


def claims_text(seed: int) -> str:
    """One simulated table of claims as comma-separated text with a header."""
    draw = np.random.default_rng([seed, 1])
    amount: Numbers = draw.gamma(2.2, 105.0, CLAIMS).clip(20, 590).round()
    age: Numbers = draw.uniform(0, 9, CLAIMS).round(1)
    regular, report = draw.random(CLAIMS) < 0.45, draw.random(CLAIMS) < 0.5
    odds = genuine_odds(amount, age, regular, report)
    chance = 1 / (1 + np.exp(-odds))
    genuine = draw.random(CLAIMS) < chance
    stated = 1 / (1 + np.exp(-(odds + draw.normal(0, 0.3, CLAIMS))))
    # Half of the handlers think of the money first, half of the customer.
    who = draw.integers(HANDLERS, size=CLAIMS)
    money = np.where(who % 2 == 0, 0.65, 0.25)
    waits, work = 1 - money - 0.15, 0.15
    gain = gain_of_paying(chance, amount, np.stack([money, waits, np.full(CLAIMS, work)]))
    own = gain + draw.normal(0, 0.05, CLAIMS) > 0
    advice = stated > 0.6
    paid = np.where(draw.random(CLAIMS) < 0.15, advice, own)
    day = np.sort(draw.integers(DAYS, size=CLAIMS))
    badges = draw.permutation(900)[:HANDLERS] + 100
    lines = [",".join(COLUMNS)]
    for i in range(CLAIMS):
        decided = FIRST_DAY + timedelta(days=int(day[i]), minutes=int(draw.integers(540)))
        seen = decided + timedelta(days=int(draw.integers(5, 20)))
        cells = (
            f"K{i + 1:05d}",
            f"{decided:%Y-%m-%dT%H:%M:%SZ}",
            f"h{badges[who[i]]}",
            f"{amount[i]:.0f}",
            f"{age[i]:.1f}",
            _flag(regular[i]),
            _flag(report[i]),
            f"{stated[i]:.4f}",
            "pay" if advice[i] else "examine",
            "pay" if paid[i] else "examine",
            _flag(genuine[i]),
            f"{seen:%Y-%m-%d}",
        )
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def _flag(value: object) -> str:
    return "true" if value else "false"


def write_claims(place: Path, seed: int) -> Path:
    """Write the table and its charter; the charter's file."""
    charter = place / "charters" / f"{SLUG}.yaml"
    charter.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place / TABLE, claims_text(seed))
    write_whole(charter, CHARTER)
    return charter
