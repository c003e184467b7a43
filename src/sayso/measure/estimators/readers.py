"""Several people read the same cases in two ways or more: is one way better for people like these?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from sayso.domain.answer import Answer, CannotTell, NotEnoughData, Population, Range
from sayso.measure.estimators.ranges import t_estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Truth = NDArray[np.bool_]

LEAST_CASES = 10
LEAST_READERS = 2
INCOMPLETE = CannotTell(
    "Not every person rated every case in every way, so readings cannot be paired.",
    "Let the same people rate the same cases, with the advice and without.",
)
RANKS = Range(-1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Readers:
    """A comparison of ways of reading, each by the same people on the same cases.

    Attributes:
        areas: Chance that a case with the event is rated above one without, by way and reader,
            shape (ways, readers).
        f: Ratio of ways' mean square to what readers and cases bring.
        freedom: Its denominator's degrees of freedom.
        p: Two-sided p-value that all ways are alike for readers and cases like these.
        difference: First way less second.
    """

    areas: Floats
    f: float
    freedom: float
    p: float
    difference: Answer


def area(ratings: Floats, happened: Truth) -> float:
    """Chance that a case with the event is rated above one without; ties count half.

    Args:
        ratings: Shape (cases,), finite.
        happened: Shape (cases,), both values present.
    """
    ranked = np.argsort(np.argsort(ratings, kind="stable"), kind="stable") + 1.0
    _, place = np.unique(ratings, return_inverse=True)
    ranked = (np.bincount(place, ranked) / np.bincount(place))[place]
    yes = int(happened.sum())
    no = len(happened) - yes
    return float((ranked[happened].sum() - yes * (yes + 1) / 2) / (yes * no))


def compare(ratings: Floats, happened: Truth) -> Readers | NotEnoughData | CannotTell:
    """Compare ways of reading for people and cases like these.

    Cases come with covariances between readers and ways (delete-one-case jackknife), readers with
    a mean square of their own; neither is taken for fixed.

    Args:
        ratings: Shape (ways, readers, cases); NaN where somebody did not rate.
        happened: Whether the event happened in each case, shape (cases,).

    Returns:
        CannotTell unless everybody rated every case in every way; NotEnoughData with fewer than
        two readers or ways, or ten cases of either kind.

    Source:
        Obuchowski and Rockette (1995), Commun. Stat. 24:285-308; degrees of freedom: Hillis
        (2007), Stat. Med. 26:596-619.
    """
    ways, readers, _ = ratings.shape
    if not np.all(np.isfinite(ratings)):
        return INCOMPLETE
    if ways < 2:
        return NotEnoughData(2, ways, "ways of reading")
    if readers < LEAST_READERS:
        return NotEnoughData(LEAST_READERS, readers, "people who rated every case")
    yes = int(happened.sum())
    for have, of in ((yes, "cases with the event"), (len(happened) - yes, "cases without it")):
        if have < LEAST_CASES:
            return NotEnoughData(LEAST_CASES, have, of)
    areas = np.array([[area(r, happened) for r in way] for way in ratings])
    covariance = _covariance(ratings, happened)
    t, r = ways, readers
    by_way, by_reader, grand = areas.mean(1), areas.mean(0), areas.mean()
    ms_way = r * float(((by_way - grand) ** 2).sum()) / (t - 1)
    apart = areas - by_way[:, None] - by_reader[None, :] + grand
    ms_both = float((apart**2).sum()) / ((t - 1) * (r - 1))
    two, three = _shared(covariance)
    between = max(r * (two - three), 0.0)
    denominator = ms_both + between
    if denominator <= 1e-15:
        return NotEnoughData(2, 1, "different ratings")
    freedom = denominator**2 / (ms_both**2 / ((t - 1) * (r - 1))) if ms_both > 0 else float("inf")
    f = ms_way / denominator
    error = (2 / r * denominator) ** 0.5
    return Readers(
        areas=areas,
        f=f,
        freedom=freedom,
        p=float(special.fdtrc(t - 1, min(freedom, 1e9), f)),
        difference=t_estimate(
            float(by_way[0] - by_way[1]),
            error,
            freedom,
            n=len(happened),
            people=r,
            population=Population.LIKE_THESE,
            bounds=RANKS,
        ),
    )


def alone_against(ratings: Floats, alone: Floats, happened: Truth) -> Answer:
    """One rater, such as an AI, against a panel: its area less the panel's mean.

    The one rater is fixed, the panel's readers and the cases stand for others like them.

    Args:
        ratings: The panel's, shape (readers, cases); NaN where somebody did not rate.
        alone: The one rater's, shape (cases,).
        happened: Whether the event happened, shape (cases,).

    Source:
        Obuchowski and Rockette (1995) for one way, on each reader's difference from the fixed
        rater; freedom as in Hillis (2007).
    """
    readers = len(ratings)
    if not np.all(np.isfinite(ratings)) or not np.all(np.isfinite(alone)):
        return INCOMPLETE
    if readers < 3:
        return NotEnoughData(3, readers, "people who rated every case")
    yes = int(happened.sum())
    for have, of in ((yes, "cases with the event"), (len(happened) - yes, "cases without it")):
        if have < LEAST_CASES:
            return NotEnoughData(LEAST_CASES, have, of)
    own = area(alone, happened)
    apart = own - np.array([area(r, happened) for r in ratings])
    both = _covariance(np.concatenate([ratings, alone[None]])[None], happened)[0, :, 0, :]
    # Covariance of two differences that share the one rater.
    panel = both[:readers, :readers]
    across = panel - both[:readers, readers][:, None] - both[readers, :readers][None, :]
    across = across + both[readers, readers]
    two = float((across.sum() - np.trace(across)) / (readers * (readers - 1)))
    ms = float(apart.var(ddof=1))
    denominator = ms + max(readers * two, 0.0)
    if denominator <= 1e-15:
        return NotEnoughData(2, 1, "different ratings")
    freedom = denominator**2 / (ms**2 / (readers - 1)) if ms > 0 else float("inf")
    return t_estimate(
        float(apart.mean()),
        (denominator / readers) ** 0.5,
        freedom,
        n=len(happened),
        people=readers,
        population=Population.LIKE_THESE,
        bounds=RANKS,
    )


def _covariance(ratings: Floats, happened: Truth) -> Floats:
    """Covariance of areas over cases, shape (ways, readers, ways, readers).

    An area without one case follows from how often that case is rated above or below the others,
    so nothing is ranked again.
    """
    ways, readers, cases = ratings.shape
    yes = int(happened.sum())
    no = cases - yes
    left = np.empty((ways, readers, cases))
    for w in range(ways):
        for r in range(readers):
            x, y = ratings[w, r][happened], ratings[w, r][~happened]
            above = np.searchsorted(np.sort(y), x, "left") + np.searchsorted(np.sort(y), x, "right")
            below = np.searchsorted(np.sort(x), y, "left") + np.searchsorted(np.sort(x), y, "right")
            wins, over = above / 2, yes - below / 2
            total = float(wins.sum())
            left[w, r, happened] = (total - wins) / ((yes - 1) * no)
            left[w, r, ~happened] = (total - over) / (yes * (no - 1))
    flat = left.reshape(ways * readers, cases)
    flat = flat - flat.mean(1, keepdims=True)
    found = (cases - 1) / cases * flat @ flat.T
    return found.reshape(ways, readers, ways, readers)


def _shared(covariance: Floats) -> tuple[float, float]:
    """Mean covariances of two readers: in one way, and in two ways."""
    ways, readers = covariance.shape[:2]
    other = ~np.eye(readers, dtype=bool)
    two = np.mean([covariance[w, :, w, :][other].mean() for w in range(ways)])
    three = np.mean(
        [covariance[v, :, w, :][other].mean() for v in range(ways) for w in range(ways) if v != w]
    )
    return float(two), float(three)
