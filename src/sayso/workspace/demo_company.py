"""The simulated service company of the demo: its model, its declared truth, one table of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import erf, sqrt
from typing import TYPE_CHECKING

import numpy as np

from sayso.workspace.demo_files import CHARTER, COLUMNS, PEOPLE
from sayso.workspace.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Depot:
    """One depot: its dispatchers, its share of the visits, and how readily it sends parts."""

    name: str
    people: int
    visits_a_week: float
    readiness: float


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault code: how often it comes, and how often the part is needed at middle age."""

    code: str
    share: float
    needed: float


DEPOTS = (
    Depot("Harbour", 14, 85, -0.60),
    Depot("Northgate", 11, 67, 0.20),
    Depot("Millside", 9, 55, 0.75),
    Depot("Southfield", 8, 48, -0.15),
    Depot("Lakeview", 4, 24, 0.40),
    Depot("Hilltop", 3, 18, -0.35),
)
FAULTS = (
    Fault("E-07", 0.17, 0.22),
    Fault("E-12", 0.18, 0.14),
    Fault("E-23", 0.19, 0.43),
    Fault("E-41", 0.18, 0.74),
    Fault("E-60", 0.12, 0.61),
    Fault("N-00", 0.16, 0.36),
)
WEEKS = 21
LAUNCH_WEEK = 9
FIRST_MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
ASKED = 0.2
SKIPPED = 0.03
ADVICE_COMPUTED = 0.985
OUTCOME_SEEN = 0.97
SECOND_THOUGHTS = 0.06

# The need for the part. Age is uniform on 0.0, 0.1, ... 14.9 years.
AGES = 150
NEED_PER_YEAR = 0.08
# What the customer says moves the log odds by 2 * TELLING * words, exactly: words are normal
# around +TELLING where the part is needed and around -TELLING where it is not.
TELLING = 0.45
KNOWN_IF_NEEDED, KNOWN_IF_NOT = 0.14, 0.04
STOCK_LOW = 0.27

# The AI sees code and age, and says log odds this many times too far from even.
OVERSTATES = 1.6

# A person's own view: positive means bring.
OWN_ODDS, OWN_WORDS, OWN_KNOWN, OWN_STOCK = 0.60, 0.55, 0.80, -0.75
PERSON_SPREAD, MOMENT_SPREAD = 0.25, 0.72

# Chance that a differing view yields to advice that is shown.
YIELDS, YIELDS_SURER, YIELDS_SPREAD = 0.26, 0.22, 0.06

REASONS = ("customer described the fault", "stock is low", "known issue on this unit", "other")
NO_REASON = "none given"
COST_WASTED, COST_MISSED = 190.0, 310.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What an endless table of this company would say; shares in 0..1, costs in EUR.

    Attributes:
        influence: Agreement of choices with shown advice, minus that of views without it. The
            same number by before and after as by first views: nothing else changes at launch,
            and asking for a first view changes nothing.
        agreement_shown: Choices that equal the advice, where it is shown.
        quality: Choices that turn out right where advice is shown, minus first views.
        quality_cost: Cost of a first view minus cost of the choice, per case.
        override_rate: Shown advice that is overruled.
        right_by_reason: Overruling choices that turn out right, by the reason given.
        value_by_reason: What overruling costs less than the advice would have, per case.
        depot_gap: Root mean square difference in the share sent between two depots, over the
            whole table; depots under five people count as one.
        calibration_slope: Log odds that hold per log odds that the AI states.
    """

    influence: float
    agreement_shown: float
    quality: float
    quality_cost: float
    override_rate: float
    right_by_reason: tuple[tuple[str, float], ...]
    value_by_reason: tuple[tuple[str, float], ...]
    depot_gap: float
    calibration_slope: float


# Recorded from derive_truth(); a test derives them again and, more coarsely, by simulation.
TRUTH = Truth(
    influence=0.08680,
    agreement_shown=0.80546,
    quality=0.00751,
    quality_cost=1.2214,
    override_rate=0.19454,
    right_by_reason=(
        ("customer described the fault", 0.60345),
        ("stock is low", 0.42978),
        ("known issue on this unit", 0.69084),
        ("other", 0.40448),
        ("none given", 0.39509),
    ),
    value_by_reason=(
        ("customer described the fault", 64.171),
        ("stock is low", -95.112),
        ("known issue on this unit", 155.420),
        ("other", -38.380),
        ("none given", -42.060),
    ),
    depot_gap=0.16043,
    calibration_slope=0.625,
)


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """Where one simulated company was written."""

    table: Path
    charter: Path
    people: Path


def expit(odds: Numbers) -> Numbers:
    """The share with those log odds."""
    return 1 / (1 + np.exp(-odds))


def needed_odds(code: NDArray[np.int64], age: Numbers) -> Numbers:
    """Log odds that the part is needed, given all that the AI sees."""
    needed = np.array([fault.needed for fault in FAULTS])
    return np.log(needed / (1 - needed))[code] + NEED_PER_YEAR * (age - AGES / 20)


def own_lean(odds: Numbers, words: Numbers, known: Flags, stock_low: Flags) -> Numbers:
    """What a person of no leaning, in no mood, makes of a case."""
    return OWN_ODDS * odds + OWN_WORDS * words + OWN_KNOWN * known + OWN_STOCK * stock_low


def yields(stated: Numbers) -> Numbers:
    """Mean chance that a view which differs from shown advice yields to it."""
    return YIELDS + YIELDS_SURER * np.abs(stated - 0.5)


def reason_chances(choice: bool, words: Numbers, known: Flags, stock_low: Flags) -> Numbers:
    """Chances of each reason, then of none, for an overruling choice; shape (5, cases)."""
    other, silent = np.full(words.shape, 0.2), np.zeros(words.shape)
    customer = np.where((words > 0.5) if choice else (words < -0.5), 0.6, 0.0)
    stock = silent if choice else np.where(stock_low, 0.55, 0.0)
    unit = np.where(known, 0.7, 0.0) if choice else silent
    # One reason at most: the known issue first, then the stock, then what the customer said.
    stock = stock * (1 - unit)
    customer = customer * (1 - unit) * (1 - stock)
    other = other * (1 - unit) * (1 - stock) * (1 - customer)
    chances = np.stack([customer, stock, unit, other])
    return np.concatenate([chances, 1 - chances.sum(axis=0, keepdims=True)])


def write_demo(place: Path, seed: int) -> DemoFiles:
    """Write one simulated table, its charter and its people.

    Args:
        place: Folder, made if it is missing.
        seed: Seed of the table; the charter and the people are the same for all.
    """
    written = DemoFiles(
        table=place / "service_visits.csv",
        charter=place / "charters" / "first-visit-part.yaml",
        people=place / "people.yaml",
    )
    written.charter.parent.mkdir(parents=True, exist_ok=True)
    write_whole(written.table, table_text(seed))
    write_whole(written.charter, CHARTER)
    write_whole(written.people, PEOPLE)
    return written


def table_text(seed: int) -> str:
    """One simulated table as comma-separated text with a header."""
    lines = [",".join(COLUMNS)]
    lines.extend(",".join(row) for row in table_rows(np.random.default_rng(seed)))
    return "\n".join(lines) + "\n"


def table_rows(draw: np.random.Generator) -> list[tuple[str, ...]]:
    """Simulate 21 weeks of visits, in the order they were decided."""
    depots = [depot for depot in DEPOTS for _ in range(depot.people)]
    badges = draw.permutation(9_000)[: len(depots)] + 1_000
    people = [(depot, f"d{badge}") for depot, badge in zip(depots, badges, strict=True)]
    leaning = draw.normal(0, PERSON_SPREAD, len(people))
    yielding = draw.uniform(-YIELDS_SPREAD, YIELDS_SPREAD, len(people))
    load = np.concatenate([_loads(draw, d) for d in DEPOTS])
    counts = draw.poisson(load, (WEEKS, len(people)))
    week, who = (np.repeat(a, counts.ravel()) for a in np.indices(counts.shape).reshape(2, -1))
    n = len(who)

    code = draw.choice(len(FAULTS), n, p=[fault.share for fault in FAULTS])
    age = draw.integers(AGES, size=n) / 10
    odds = needed_odds(code, age)
    need = draw.random(n) < expit(odds)
    words = draw.normal(np.where(need, TELLING, -TELLING))
    known = draw.random(n) < np.where(need, KNOWN_IF_NEEDED, KNOWN_IF_NOT)
    stock_low = draw.random(n) < STOCK_LOW
    stated = expit(OVERSTATES * odds)
    advice = stated > 0.5

    lean = own_lean(odds, words, known, stock_low) + leaning[who]
    lean += np.array([depot.readiness for depot, _ in people])[who]
    view = lean + draw.normal(0, MOMENT_SPREAD, n) > 0
    again = lean + draw.normal(0, MOMENT_SPREAD, n) > 0
    computed = draw.random(n) < ADVICE_COMPUTED
    shown = (week >= LAUNCH_WEEK) & computed
    own = np.where(draw.random(n) < SECOND_THOUGHTS, again, view)
    gives_way = draw.random(n) < yields(stated) + yielding[who]
    choice = np.where(shown & gives_way, advice, own)

    overruled = shown & (choice != advice)
    chances = np.where(
        choice,
        reason_chances(True, words, known, stock_low),
        reason_chances(False, words, known, stock_low),
    )
    reason = (draw.random(n) > np.cumsum(chances, axis=0)).sum(axis=0)
    asked = (week >= LAUNCH_WEEK) & (draw.random(n) < ASKED)
    viewed = asked & (draw.random(n) >= SKIPPED)
    seen = draw.random(n) < OUTCOME_SEEN

    # A working day of ten hours, five days a week; to the second, as such systems store it.
    seconds = week * 604_800 + draw.integers(5, size=n) * 86_400 + draw.integers(36_000, size=n)
    seconds += 7 * 3_600
    business = draw.random(n) < 0.35
    taken = draw.integers(8, 160, n)
    lag = draw.integers(1, 10, n)

    def said(bring: object) -> str:
        return "bring" if bring else "leave"

    def moment(after: int) -> str:
        return f"{FIRST_MONDAY + timedelta(seconds=after):%Y-%m-%dT%H:%M:%SZ}"

    rows: list[tuple[str, ...]] = []
    for number, i in enumerate(np.argsort(seconds, kind="stable")):
        depot, name = people[who[i]]
        closed = int(seconds[i])
        rows.append(
            (
                f"V{number + 1:06d}",
                moment(closed),
                name,
                depot.name,
                FAULTS[code[i]].code,
                f"{age[i]:.1f}",
                _flag(stock_low[i]),
                _flag(words[i] > 0.5),
                "business" if business[i] else "household",
                _flag(asked[i]) if week[i] >= LAUNCH_WEEK else "",
                said(view[i]) if viewed[i] else "",
                moment(closed - int(taken[i])) if viewed[i] else "",
                f"{stated[i]:.4f}" if computed[i] else "",
                said(advice[i]) if computed[i] else "",
                moment(closed - int(taken[i]) // 2) if shown[i] else "",
                said(choice[i]),
                REASONS[reason[i]] if overruled[i] and reason[i] < len(REASONS) else "",
                _flag(need[i]) if seen[i] else "",
                moment(closed + int(lag[i]) * 86_400) if seen[i] else "",
            )
        )
    return rows


def _flag(value: object) -> str:
    return "true" if value else "false"


def _loads(draw: np.random.Generator, depot: Depot) -> Numbers:
    """Visits a week of each dispatcher of a depot; unequal, and fixed in sum."""
    share = draw.gamma(6.0, 1.0, depot.people)
    return depot.visits_a_week * share / share.sum()


def derive_truth() -> Truth:
    """Work the truth out of the model by summing over every kind of case.

    No draw is made. The age is summed over its 150 values; what the customer says over cells of
    a fortieth of its spread, weighted by their exact chance; a person's mood and leaning have a
    closed form. The error is below 1e-4 for shares.
    """
    edges = np.arange(-6.0, 6.0001, 0.025)
    middles = (edges[1:] + edges[:-1]) / 2
    age, words = (a.ravel() for a in np.meshgrid(np.arange(AGES) / 10, middles, indexing="ij"))
    volume = np.array([d.visits_a_week for d in DEPOTS])
    agree_view = agree_choice = right_view = right_choice = cost_view = cost_choice = 0.0
    sent = np.zeros((len(DEPOTS), 2))  # views, then choices under shown advice
    by_reason = np.zeros((len(REASONS) + 1, 3))  # chance, right, value

    for k, fault in enumerate(FAULTS):
        odds = needed_odds(np.full(age.shape, k), age)
        stated = expit(OVERSTATES * odds)
        advice = stated > 0.5
        for need, known, stock_low in np.ndindex(2, 2, 2):
            centre = TELLING if need else -TELLING
            cells = np.diff([_normal(float(e) - centre) for e in edges])
            often_known = KNOWN_IF_NEEDED if need else KNOWN_IF_NOT
            weight = np.tile(cells, AGES) / AGES * fault.share
            weight *= expit(odds) if need else 1 - expit(odds)
            weight *= often_known if known else 1 - often_known
            weight *= STOCK_LOW if stock_low else 1 - STOCK_LOW
            is_known = np.full(age.shape, bool(known))
            is_low = np.full(age.shape, bool(stock_low))
            lean = own_lean(odds, words, is_known, is_low)
            chances = {
                side: reason_chances(side, words, is_known, is_low) for side in (True, False)
            }
            for d, depot in enumerate(DEPOTS):
                view = _normals(
                    (lean + depot.readiness) / sqrt(PERSON_SPREAD**2 + MOMENT_SPREAD**2)
                )
                differs = np.where(advice, 1 - view, view)
                moved = differs * yields(stated)
                choice = np.where(advice, view + moved, view - moved)
                sent[d] += weight @ view, weight @ choice
                share = weight * volume[d] / volume.sum()
                right = (view, choice) if need else (1 - view, 1 - choice)
                wrong_costs = COST_MISSED if need else COST_WASTED
                agree_view += float(share @ (1 - differs))
                agree_choice += float(share @ (1 - differs + moved))
                right_view += float(share @ right[0])
                right_choice += float(share @ right[1])
                cost_view += float(share @ (1 - right[0])) * wrong_costs
                cost_choice += float(share @ (1 - right[1])) * wrong_costs
                for side in (True, False):
                    held = share * (differs - moved) * (advice != side)
                    chance = chances[side] @ held
                    is_right = bool(need) == side
                    by_reason[:, 0] += chance
                    by_reason[:, 1] += chance * is_right
                    by_reason[:, 2] += chance * (wrong_costs if is_right else -wrong_costs)

    shown = (WEEKS - LAUNCH_WEEK) / WEEKS * ADVICE_COMPUTED
    names = (*REASONS, NO_REASON)
    return Truth(
        influence=agree_choice - agree_view,
        agreement_shown=agree_choice,
        quality=right_choice - right_view,
        quality_cost=cost_view - cost_choice,
        override_rate=1 - agree_choice,
        right_by_reason=tuple(
            (name, float(row[1] / row[0])) for name, row in zip(names, by_reason, strict=True)
        ),
        value_by_reason=tuple(
            (name, float(row[2] / row[0])) for name, row in zip(names, by_reason, strict=True)
        ),
        depot_gap=_gap(sent @ np.array([1 - shown, shown]), volume),
        calibration_slope=1 / OVERSTATES,
    )


def _gap(sent: Numbers, volume: Numbers) -> float:
    """Root mean square difference of two depots, with the small ones as one."""
    small = np.array([depot.people < 5 for depot in DEPOTS])
    merged = float(sent[small] @ volume[small] / volume[small].sum())
    return sqrt(2 * float(np.var([*sent[~small], merged], ddof=1)))


def _normal(z: float) -> float:
    """Chance of a standard normal below z."""
    return 0.5 * (1 + erf(z / sqrt(2)))


def _normals(z: Numbers) -> Numbers:
    """The same for an array, by interpolation on a grid fine enough for seven digits."""
    grid = np.linspace(-9, 9, 36_001)
    return np.interp(z, grid, [_normal(float(g)) for g in grid])
