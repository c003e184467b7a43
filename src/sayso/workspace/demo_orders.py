"""The demo's third decision, simulated: advice that changed choices at first, and no longer does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from sayso.workspace.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

SLUG = "reorder-early"
TABLE = "part_orders.csv"
COLUMNS = (
    "order_id",
    "decided_on",
    "planner",
    "part_group",
    "weeks_of_stock",
    "p_short",
    "advice",
    "advice_shown",
    "ordered",
    "ran_short",
    "counted_on",
)
ORDERS = 6000
PLANNERS = 16
FIRST_DAY = datetime(2025, 10, 6, 7, tzinfo=UTC)
WEEKS = 39
SHOWN = 0.75
GROUPS = ("boards", "burners", "fans", "valves")

# The declared truth: how often a differing view yields to shown advice, by third of the period.
YIELDS = (0.65, 0.2, 0.0)

CHARTER = """\
# SIMULATED. No company, person or order here is real; `sayso demo` wrote this file.
decision: reorder-early
version: 1
question: Should this part be reordered before its usual date?
options: [early, as usual]
default: as usual
owner: head-of-stores
rights: {decide: [stock-planners], consult: [dispatchers], inform: [finance], veto: []}
differently:
  - says: Parts that the AI expects to run short are ordered early
    check: avg(choice = 'early')
    where: weeks_of_stock < 3
    from: 0.45
    to: 0.65
    by: 2026-06-30
inputs: {part_group: category, weeks_of_stock: number}
kinds: [part_group]
alike: {exact: [part_group], within: {weeks_of_stock: 1}}
matters:
  - name: parts in stock when needed
    weight: 0.7
    measure: if(choice = 'as usual' and ran_short, 0, 1)
    range: [0, 1]
  - name: money not tied up
    weight: 0.3
    measure: if(choice = 'early' and not ran_short, 120, 0)
    range: [120, 0]
    unit: EUR
outcome: {name: ran_short, kind: boolean, due: 45d, seen_when: always}
mistakes:
  early: {when: not ran_short, costs: 120 EUR}
  as usual: {when: ran_short, costs: 260 EUR}
advice: {source: stock-model, mode: advise, ceiling: advise, show_probability: 0.75, until: 2026-09-30}
reasons: [the supplier is slow, a large job is coming, other]
worth_acting_on: 5 per 100
assumptions:
  - id: suppliers
    says: Suppliers deliver as fast as last year
    owner: head-of-stores
    since: 2025-10-01
look_again: {every: 90d, next: 2026-07-06, escalate_after: 14d, to: chief-operating-officer}
source:
  table: part_orders.csv
  columns:
    case: order_id
    decided_at: decided_on
    decider: planner
    choice: ordered
    advice: advice
    advice_confidence: p_short
    shown: advice_shown
    outcome: ran_short
    outcome_at: counted_on
"""


def orders_text(seed: int) -> str:
    """One simulated table of orders as comma-separated text with a header."""
    draw = np.random.default_rng([seed, 2])
    group = draw.integers(len(GROUPS), size=ORDERS)
    stock = draw.uniform(0, 8, ORDERS).round(1)
    odds = 1.6 - 0.7 * stock + 0.3 * (group == 0)
    short = draw.random(ORDERS) < 1 / (1 + np.exp(-odds))
    stated = 1 / (1 + np.exp(-(odds + draw.normal(0, 0.3, ORDERS))))
    advice = stated > 0.4
    who = draw.integers(PLANNERS, size=ORDERS)
    leaning = draw.normal(0, 0.3, PLANNERS)
    own = 0.6 * odds + leaning[who] + draw.normal(0, 1.1, ORDERS) > 0.1
    week = np.sort(draw.integers(WEEKS, size=ORDERS))
    shown = draw.random(ORDERS) < SHOWN
    yields = np.array(YIELDS)[np.minimum(2, week * 3 // WEEKS)]
    early = np.where(shown & (draw.random(ORDERS) < yields), advice, own)
    badges = draw.permutation(900)[:PLANNERS] + 100
    lines = [",".join(COLUMNS)]
    for i in range(ORDERS):
        day = int(week[i]) * 7 + int(draw.integers(5))
        decided = FIRST_DAY + timedelta(days=day, minutes=int(draw.integers(540)))
        cells = (
            f"O{i + 1:05d}",
            f"{decided:%Y-%m-%dT%H:%M:%SZ}",
            f"s{badges[who[i]]}",
            GROUPS[group[i]],
            f"{stock[i]:.1f}",
            f"{stated[i]:.4f}",
            "early" if advice[i] else "as usual",
            "true" if shown[i] else "false",
            "early" if early[i] else "as usual",
            "true" if short[i] else "false",
            f"{decided + timedelta(days=int(draw.integers(20, 40))):%Y-%m-%d}",
        )
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def write_orders(place: Path, seed: int) -> Path:
    """Write the table and its charter; the charter's file."""
    charter = place / "charters" / f"{SLUG}.yaml"
    charter.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place / TABLE, orders_text(seed))
    write_whole(charter, CHARTER)
    return charter
