"""How far several people agree on the same cases: kappas, alpha, intraclass correlations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import special

from sayso.domain.answer import Range

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Level = Literal["nominal", "ordinal", "interval", "ratio"]


def cohen_kappa(table: Floats, *, weights: Literal["none", "squared"] = "none") -> float:
    """Cohen's kappa of two raters, unweighted or with squared weights.

    Args:
        table: Counts, shape (categories, categories), first rater in rows.
        weights: "squared" counts a disagreement by its squared distance.

    Returns:
        At most 1; 0 at chance.

    Source:
        Cohen (1960, 1968).
    """
    n = float(table.sum())
    k = len(table)
    place = np.arange(k)
    apart = (place[:, None] - place[None, :]) ** 2 if weights == "squared" else 1 - np.eye(k)
    expected = np.outer(table.sum(1), table.sum(0)) / n
    return 1 - float((apart * table).sum()) / float((apart * expected).sum())


@dataclass(frozen=True, slots=True)
class Fleiss:
    """Fleiss' kappa with its z under no agreement."""

    kappa: float
    z: float


def fleiss_kappa(counts: Floats) -> Fleiss:
    """Fleiss' kappa where every case has the same number of raters.

    Args:
        counts: Raters by case and category, shape (cases, categories), equal row sums >= 2.

    Raises:
        ValueError: If the row sums differ.

    Source:
        Fleiss (1971), Psychol. Bull. 76:378-382; error: Fleiss, Nee and Landis (1979).
    """
    raters = counts.sum(1)
    if not np.all(raters == raters[0]) or raters[0] < 2:
        raise ValueError(f"every case needs the same number of raters >= 2, got {set(raters)}")
    m, n = float(raters[0]), len(counts)
    p = counts.sum(0) / (n * m)
    observed = float(((counts**2).sum(1) - m).mean()) / (m * (m - 1))
    chance = float((p**2).sum())
    kappa = (observed - chance) / (1 - chance)
    q = p * (1 - p)
    spread = float(q.sum()) ** 2 - float((q * (1 - 2 * p)).sum())
    error = (2 * spread) ** 0.5 / (float(q.sum()) * (n * m * (m - 1)) ** 0.5)
    return Fleiss(kappa, kappa / error)


def conger_kappa(ratings: Floats) -> float:
    """The exact kappa of several named raters, each with their own rates.

    Args:
        ratings: Category numbers, shape (cases, raters), complete.

    Source:
        Conger (1980), Psychol. Bull. 88:322-328.
    """
    cases, raters = ratings.shape
    categories = np.unique(ratings)
    shares = np.array([(ratings == c).mean(0) for c in categories])
    counts = np.array([(ratings == c).sum(1) for c in categories])
    observed = float(((counts**2).sum(0) - raters).sum()) / (cases * raters * (raters - 1))
    chance = float((shares.sum(1) ** 2 - (shares**2).sum(1)).sum()) / (raters * (raters - 1))
    return (observed - chance) / (1 - chance)


def light_kappa(ratings: Floats) -> float:
    """The mean of Cohen's kappas over all pairs of raters.

    Args:
        ratings: Category numbers, shape (cases, raters), complete.

    Source:
        Light (1971).
    """
    categories = np.unique(ratings)
    place = np.searchsorted(categories, ratings)
    k, raters = len(categories), ratings.shape[1]
    found: list[float] = []
    for i in range(raters):
        for j in range(i + 1, raters):
            table = np.zeros((k, k))
            np.add.at(table, (place[:, i], place[:, j]), 1)
            found.append(cohen_kappa(table))
    return float(np.mean(found))


def gwet_ac1(counts: Floats) -> float:
    """Gwet's AC1, which keeps its head where one category is rare.

    Args:
        counts: Raters by case and category, shape (cases, categories); two raters or more in
            at least one case; others help the category rates only.

    Source:
        Gwet (2008), Br. J. Math. Stat. Psychol. 61:29-48.
    """
    raters = counts.sum(1)
    paired = raters >= 2
    m = raters[paired]
    observed = float((((counts[paired] ** 2).sum(1) - m) / (m * (m - 1))).mean())
    rates = (counts / np.maximum(raters, 1)[:, None])[raters > 0].mean(0)
    chance = float((rates * (1 - rates)).sum()) / (counts.shape[1] - 1)
    return (observed - chance) / (1 - chance)


def raw_agreement(counts: Floats) -> float:
    """The share of pairs of raters on one case who agree, averaged over cases."""
    m = counts.sum(1)
    kept = counts[m >= 2]
    m = m[m >= 2]
    return float((((kept**2).sum(1) - m) / (m * (m - 1))).mean())


def krippendorff_alpha(counts: Floats, values: Floats, level: Level) -> float:
    """Krippendorff's alpha; cases with one rating or none are left out.

    Args:
        counts: Ratings by case and value, shape (cases, values).
        values: The values, ascending, shape (values,); read for interval and ratio.
        level: Level of measurement.

    Returns:
        1 - observed / expected disagreement; 1 where everyone agrees and values differ.

    Source:
        Krippendorff (2011), Computing Krippendorff's alpha-reliability.
    """
    m = counts.sum(1)
    counts, m = counts[m >= 2], m[m >= 2]
    pairs = np.einsum("uc,uk->uck", counts, counts)
    pairs[:, np.arange(len(values)), np.arange(len(values))] -= counts
    coincidence = (pairs / (m - 1)[:, None, None]).sum(0)
    n = coincidence.sum(1)
    total = float(n.sum())
    apart = _apart(n, values, level)
    expected = float((apart * np.outer(n, n)).sum()) / (total - 1)
    return 1 - float((apart * coincidence).sum()) / expected if expected > 0 else 1.0


def _apart(n: Floats, values: Floats, level: Level) -> Floats:
    one, other = values[:, None], values[None, :]
    match level:
        case "nominal":
            return (one != other).astype(float)
        case "interval":
            return (one - other) ** 2
        case "ratio":
            total = one + other
            return np.where(total == 0, 0.0, (one - other) / np.where(total == 0, 1, total)) ** 2
        case "ordinal":
            upto = np.cumsum(n)
            low = np.minimum.outer(np.arange(len(n)), np.arange(len(n)))
            high = np.maximum.outer(np.arange(len(n)), np.arange(len(n)))
            between = upto[high] - upto[low] + n[low]
            return np.where(low == high, 0.0, between - (n[low] + n[high]) / 2) ** 2


@dataclass(frozen=True, slots=True)
class Icc:
    """The six intraclass correlations of Shrout and Fleiss: (model, 1) and (model, k)."""

    one_1: float
    two_1: float
    three_1: float
    one_k: float
    two_k: float
    three_k: float


def icc(ratings: Floats) -> Icc:
    """Intraclass correlations of a complete table.

    Args:
        ratings: Numbers, shape (cases, raters), complete, at least 2 x 2.

    Source:
        Shrout and Fleiss (1979), Psychol. Bull. 86:420-428.
    """
    n, k = ratings.shape
    grand = ratings.mean()
    rows, columns = ratings.mean(1), ratings.mean(0)
    between = k * float(((rows - grand) ** 2).sum()) / (n - 1)
    within = float(((ratings - rows[:, None]) ** 2).sum()) / (n * (k - 1))
    judges = n * float(((columns - grand) ** 2).sum()) / (k - 1)
    rest = float(((ratings - rows[:, None] - columns[None, :] + grand) ** 2).sum())
    rest /= (n - 1) * (k - 1)
    return Icc(
        one_1=(between - within) / (between + (k - 1) * within),
        two_1=(between - rest) / (between + (k - 1) * rest + k * (judges - rest) / n),
        three_1=(between - rest) / (between + (k - 1) * rest),
        one_k=(between - within) / between,
        two_k=(between - rest) / (between + (judges - rest) / n),
        three_k=(between - rest) / between,
    )


def icc_range(ratings: Floats, *, level: float) -> Range:
    """Range of ICC(2,1), for cases and raters like these.

    Leaving out raters speaks of none but the cases at hand, and with five raters covers 82 of 100.

    Args:
        ratings: One row a case, one column a rater, shape (cases, raters), no gaps; not all alike.
        level: Coverage.

    Source:
        McGraw and Wong (1996), Psychol. Methods 1:30-46, table 7, case A,1.
    """
    n, k = ratings.shape
    grand = float(ratings.mean())
    by_case, by_rater = ratings.mean(axis=1), ratings.mean(axis=0)
    rows = k * float(((by_case - grand) ** 2).sum()) / (n - 1)
    columns = n * float(((by_rater - grand) ** 2).sum()) / (k - 1)
    away = ratings - by_case[:, None] - by_rater[None, :] + grand
    rest = float((away**2).sum()) / ((n - 1) * (k - 1))
    r = min(icc(ratings).two_1, 1 - 1e-9)
    a = k * r / (n * (1 - r))
    b = 1 + k * r * (n - 1) / (n * (1 - r))
    spread = (a * columns) ** 2 / (k - 1) + (b * rest) ** 2 / ((n - 1) * (k - 1))
    v = max(1.0, (a * columns + b * rest) ** 2 / spread) if spread > 0 else 1.0
    # Satterthwaite's degrees are a little short here: as printed there it holds in 92.7 of 100.
    tail = 0.75 * (1 - level) / 2
    low, high = float(special.fdtri(n - 1, v, 1 - tail)), float(special.fdtri(v, n - 1, 1 - tail))
    others = k * columns + (k * n - k - n) * rest
    ends = (
        n * (rows - low * rest) / (low * others + n * rows),
        n * (high * rows - rest) / (others + n * high * rows),
    )
    return Range(max(-1.0, min(ends)), min(1.0, max(ends)))
