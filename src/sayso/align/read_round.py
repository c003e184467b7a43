"""From the answers of a round to what it says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sayso.align.answers import weights_of
from sayso.align.consequence_reading import ConsequencesReading
from sayso.align.counts import TOGETHER, counted, counted_owners, spread
from sayso.align.differing import differing
from sayso.align.flips import decorative, flips
from sayso.align.help_most import help_most
from sayso.align.rankings import MOST_ITEMS, kemeny, kendall_w, preferred
from sayso.align.revealed import revealed
from sayso.align.round import FEWEST, purposes_of
from sayso.align.round_reading import (
    CaseSplit,
    Decorative,
    Differing,
    Flips,
    HelpMost,
    OrderReading,
    Revealed,
    RoundReading,
    WeightReading,
    Wobble,
)
from sayso.align.wobble import wobble
from sayso.domain.answer import CannotTell, NotEnoughData

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sayso.align.consequences import Consequences
    from sayso.align.counts import Counted
    from sayso.align.round import Round, RoundAnswer, RoundCase

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

POINTS = 100.0

NO_TABLE = CannotTell(
    "No table of live cases is given, so what differing weights would change in them is not known.",
    "Name a table under `source` in the charter, and measures that name `choice`.",
)
NO_CASE_VALUES = CannotTell(
    "What each option would bring is not declared, so weights cannot be turned into choices.",
    "Write each objective's `measure` as an expression that names `choice`.",
)
NOT_TWO_STATES = CannotTell(
    "People were asked how often one thing would happen, and what options bring here does not hang "
    "on whether it does.",
    "Declare an outcome that is yes or no, and measures that name it.",
)
NEARLY_ALIKE = CannotTell(
    "In every case all of you chose alike, or all but one, so there is nothing to tell apart.",
    "Ask cases that are harder to agree on.",
)
OTHER_CHARTER = CannotTell(
    "The table is read by another version of the charter than the one people were asked about.",
    "Hold a new round on the present version.",
)


def read_round(
    round_: Round,
    answers: Sequence[RoundAnswer],
    *,
    live: ConsequencesReading | CannotTell | NotEnoughData = NO_TABLE,
    asked: Consequences | None = None,
    model_share: float = 0.5,
) -> RoundReading:
    """What a round says, of people together and never of one.

    Args:
        round_: The round, over and allowed to be shown.
        answers: All answers sent.
        live: What options would bring in live cases, or why that is not known.
        asked: The same in the round's own cases, repeats left out, in the order asked, under each
            state; of two states the second is the round's event. None where nobody says; then
            reading and wanting differently cannot be told apart.
        model_share: As of ``help_most``.

    Raises:
        ValueError: If fewer answers were sent than may be shown, or ``asked`` is of other cases.
    """
    if len(answers) < round_.least:
        raise ValueError(f"{len(answers)} answers are not shown, {round_.least} are needed")
    answers = sorted(answers, key=_by_what_was_said)
    names = tuple(c.name for c in round_.considerations)
    new = tuple(case for case in round_.cases if case.repeats is None)
    said = [weights_of(answer, round_) for answer in answers]
    known = [w for w in said if w is not None]
    weights = np.array(known).reshape(len(known), len(names))
    weighed = _weighed(round_, new, live, weights)
    is_live = isinstance(live, ConsequencesReading)
    least = round_.least
    return RoundReading(
        round_id=round_.id,
        charter=round_.charter,
        question=round_.question,
        options=round_.options,
        considerations=names,
        sent=len(answers),
        invited=round_.invited,
        owners=_enough(counted_owners([a.owner for a in answers], of=len(answers)), least),
        purposes=_enough(
            counted([a.purpose for a in answers], of=len(answers), listed=purposes_of(round_)),
            least,
        ),
        weights=_weights(names, weights, least),
        order=order_of(names, weights),
        flips=_flips(weighed, least),
        decorative=_decorative(weighed, least),
        differing=_differing(round_, new, answers, said, asked),
        wobble=_wobble(round_, answers),
        revealed=_revealed(live, names, weights_as_told(weights), least),
        help_most=_help(live, names, weights_as_told(weights), least, model_share),
        splits=tuple(_split(round_, case, answers) for case in new),
        cases_a_month=live.consequences.cases_a_month if is_live else None,
    )


def _too_few(weights: Floats, least: int) -> NotEnoughData | None:
    """Whether fewer people weighed than may be shown."""
    people = len(weights)
    return None if people >= least else NotEnoughData(least, people, "people who say what matters")


def _by_what_was_said(answer: RoundAnswer) -> tuple[object, ...]:
    """An order that no person has a part in: sums and draws come out alike whoever said what.

    Numbers come first, as only they are added up.
    """
    return (
        answer.points,
        [-1.0 if pair is None else pair for pair in answer.pairs],
        [choice or "" for choice in answer.choices],
        [-1.0 if belief is None else belief for belief in answer.beliefs],
        answer.owner,
        answer.purpose,
    )


def _enough(found: Counted, least: int) -> Counted:
    """The count, or none of its answers where fewer people answered this than may be shown."""
    if found.answered >= least:
        return found
    return replace(found, shown=(), at_least=False, others=found.answered, distinct=None, alike=())


def _weights(names: tuple[str, ...], weights: Floats, least: int) -> tuple[WeightReading, ...]:
    if len(weights) == 0:
        return ()
    found = [
        WeightReading(
            name=name,
            spread=spread([round(POINTS * float(w), 9) for w in weights[:, k]], least=least),
        )
        for k, name in enumerate(names)
    ]

    # By what is shown alone: an order by anything finer would tell of the hidden ends.
    def width(row: WeightReading) -> float:
        return -1.0 if isinstance(row.spread, NotEnoughData) else row.spread.width

    return tuple(sorted(found, key=width, reverse=True))


def order_of(names: tuple[str, ...], weights: Floats) -> OrderReading | NotEnoughData:
    """Whether people order what matters alike, and the order nearest to all of theirs.

    Args:
        names: Considerations.
        weights: Each person's weights, shape (people, considerations).

    Source:
        MEASURES 1.18; mean Spearman beside W, whose level by chance is 1 / people (RULINGS 20).
    """
    people = len(weights)
    if people < 2:
        return NotEnoughData(2, people, "people")
    if len(names) < 2:
        return NotEnoughData(2, len(names), "considerations")
    # Points apart by less than rounding are tied.
    ranks = np.round(-weights, 9)
    found = kendall_w(ranks)
    # Who stands before whom, by person: all that an order is.
    orders = np.sign(ranks[:, :, None] - ranks[:, None, :])
    before = preferred(ranks)
    pairs = float(before.sum())
    order: tuple[str, ...] = ()
    runner_up: tuple[str, ...] = ()
    against = margin = 0.0
    if len(names) <= MOST_ITEMS and pairs > 0:
        nearest = kemeny(before)
        order = tuple(names[k] for k in nearest.order)
        runner_up = tuple(names[k] for k in nearest.next_order)
        against, margin = nearest.distance, nearest.next_distance - nearest.distance
    return OrderReading(
        people=people,
        w=found.w,
        by_chance=1 / people,
        spearman=found.spearman,
        p=found.p,
        order=order,
        runner_up=runner_up,
        against=against,
        margin=margin,
        pairs=pairs,
        but_one=people >= FEWEST
        and any(
            bool((np.delete(orders, i, axis=0) == np.delete(orders, i, axis=0)[0]).all())
            for i in range(people)
        ),
    )


def weights_as_told(weights: Floats) -> Floats:
    """The weights, or those of all but one where these are all alike: who stands alone is not told.

    What is worked out at people's mean weights would otherwise tell unanimity from a lone dissent.

    Args:
        weights: Each person's weights, shape (people, considerations).
    """
    if len(weights) < FEWEST:
        return weights
    rows, counts = np.unique(np.round(weights, 9), axis=0, return_counts=True)
    if len(rows) == 2 and counts.min() == 1:
        most = weights[(np.round(weights, 9) == rows[counts.argmax()]).all(1)][0]
        return np.tile(most, (len(weights), 1))
    return weights


def _columns(consequences: Consequences, names: tuple[str, ...], weights: Floats) -> Floats | None:
    """People's weights of what the cases have values of; None where they were not asked."""
    wanted = [c.name for c in consequences.considerations]
    if not set(wanted) <= set(names):
        return None
    return weights[:, [names.index(name) for name in wanted]]


def asked_values(cases: Sequence[RoundCase], round_: Round) -> Floats | None:
    """What each option brings in the round's cases, 0..1, for those cases that say.

    Returns:
        Shape (cases, options, considerations); None where no case says.
    """
    rows = [
        [
            [c.value(amount) for c, amount in zip(round_.considerations, option, strict=True)]
            for option in case.brings
        ]
        for case in cases
        if case.brings
    ]
    return np.array(rows, dtype=np.float64) if rows else None


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Cases that weights can act on, and the weights of what they have values of."""

    expected: Floats
    weights: Floats
    names: tuple[str, ...]
    live: bool
    cases_a_month: float | None


def _weighed(
    round_: Round,
    new: Sequence[RoundCase],
    live: ConsequencesReading | CannotTell | NotEnoughData,
    weights: Floats,
) -> _Weighed | CannotTell:
    """Live cases where they are known, else those of the round."""
    names = tuple(c.name for c in round_.considerations)
    lacks = NO_CASE_VALUES
    if isinstance(live, ConsequencesReading):
        found = live.consequences
        own = _columns(found, names, weights)
        if live.lacks is None and own is not None:
            kinds = tuple(c.name for c in found.considerations)
            return _Weighed(found.expected, own, kinds, True, found.cases_a_month)
        lacks = live.lacks or OTHER_CHARTER
    values = asked_values(new, round_)
    return lacks if values is None else _Weighed(values, weights, names, False, None)


def _flips(weighed: _Weighed | CannotTell, least: int) -> Flips | NotEnoughData | CannotTell:
    if isinstance(weighed, CannotTell):
        return weighed
    return _too_few(weighed.weights, least) or flips(
        weighed.expected,
        weighed.weights,
        weighed.names,
        live=weighed.live,
        cases_a_month=weighed.cases_a_month,
    )


def _decorative(weighed: _Weighed | CannotTell, least: int) -> Decorative | None:
    """Whether a case depends on it, and between whom: one person alone is never told.

    Where leaving out one person leaves no case that depends on it, the reading is the same whether
    that person is there or not.
    """
    if isinstance(weighed, CannotTell) or len(weighed.weights) < max(least, FEWEST):
        return None
    whole = decorative(weighed.expected, weighed.weights, live=weighed.live)
    without = [
        decorative(weighed.expected, np.delete(weighed.weights, i, axis=0), live=weighed.live)
        for i in range(len(weighed.weights))
    ]
    still = [found for found in without if not found.flips]
    if not still:
        return whole
    return replace(still[0], differ=all(found.differ for found in without))


def _differing(
    round_: Round,
    new: Sequence[RoundCase],
    answers: Sequence[RoundAnswer],
    said: Sequence[Floats | None],
    asked: Consequences | None,
) -> Differing | NotEnoughData | CannotTell:
    names = tuple(c.name for c in round_.considerations)
    places = [round_.cases.index(case) for case in new]
    choices = np.array([[_choice(round_, a, p) for p in places] for a in answers], dtype=np.intp)
    if not places:
        return NotEnoughData(1, 0, "cases")
    chose = int(np.greater_equal(choices, 0).any(axis=1).sum())
    if chose < round_.least:
        return NotEnoughData(round_.least, chose, "people who chose in the cases")
    if _nearly_alike(choices) or _nothing_apart(choices := as_told(choices, round_.least)):
        return NEARLY_ALIKE
    nothing = np.full(len(names), np.nan)
    weights = np.array([nothing if w is None else w for w in said]).reshape(-1, len(names))
    if asked is None:
        return differing(choices, None, None, weights)
    if len(asked.values) != len(new):
        raise ValueError(f"{len(new)} cases were asked, and values are of {len(asked.values)}")
    if len(asked.states) != 2:
        return differing(choices, None, None, weights, lacks=NOT_TWO_STATES)
    own = _columns(asked, names, weights)
    if own is None:
        return OTHER_CHARTER
    believed = np.array([[_belief(a, p) for p in places] for a in answers]) / POINTS
    beliefs = np.stack([1 - believed, believed], axis=-1)
    found = differing(choices, asked.values, beliefs if round_.event else None, own)
    if isinstance(found, Differing) and found.people < round_.least:
        return NotEnoughData(round_.least, found.people, "people who can be compared")
    return found


def _nearly_alike(choices: Places) -> bool:
    """Whether all chose alike in every case, or all but one person: which, is not told.

    Among fewer than five, all have agreed that others may work out their answers.
    """
    if len(choices) < FEWEST:
        return False
    for i in range(len(choices)):
        others = np.delete(choices, i, axis=0)
        most = others.max(axis=0, initial=-1)
        if bool(((others == most) | (others < 0)).all()):
            return True
    return False


def as_told(choices: Places, least: int) -> Places:
    """Choices with what ``counted`` hides hidden: who stands alone in a case stands with the others.

    Whatever is worked out from these can be worked out from the counts that are shown, so no
    subtraction tells five of five from four of five. Among fewer than five, all have agreed that
    others may work out their answers.

    Args:
        choices: Number of the option each person chose in each case, -1 where they skipped it,
            shape (people, cases).
        least: Answers below which the counts of a case are not shown.
    """
    if len(choices) < FEWEST:
        return choices
    told = choices.copy()
    for case in told.T:
        options, counts = np.unique(case[case >= 0], return_counts=True)
        if counts.sum() < least:
            case[:] = -1
        elif counts.max() >= TOGETHER and counts[counts < TOGETHER].sum() == 1:
            case[case == options[counts.argmin()]] = options[counts.argmax()]
    return told


def _nothing_apart(choices: Places) -> bool:
    """Whether nobody is seen to choose otherwise in any case."""
    most = choices.max(axis=0, initial=-1)
    return len(choices) >= FEWEST and bool(((choices == most) | (choices < 0)).all())


def _choice(round_: Round, answer: RoundAnswer, place: int) -> int:
    chosen = answer.choices[place] if place < len(answer.choices) else None
    return -1 if chosen is None else round_.options.index(chosen)


def _belief(answer: RoundAnswer, place: int) -> float:
    believed = answer.beliefs[place] if place < len(answer.beliefs) else None
    return np.nan if believed is None else believed


def _wobble(round_: Round, answers: Sequence[RoundAnswer]) -> Wobble | NotEnoughData | CannotTell:
    numbers = [case.number for case in round_.cases]
    pairs = [
        (numbers.index(case.repeats), place)
        for place, case in enumerate(round_.cases)
        if case.repeats is not None
    ]
    asked = [
        np.array(
            [[_choice(round_, a, pair[time]) for pair in pairs] for a in answers], dtype=np.intp
        ).reshape(len(answers), len(pairs))
        for time in (0, 1)
    ]
    asked[1] = _as_before(asked[0], asked[1])
    first, again = (as_told(choices, round_.least) for choices in asked)
    found = wobble(asked[0], asked[1], told=(first, again))
    if isinstance(found, Wobble):
        if found.people < round_.least:
            return NotEnoughData(round_.least, found.people, "people who answered a case twice")
        if _nearly_alike(np.hstack(asked)) or _nothing_apart(np.hstack([first, again])):
            return replace(found, between=NEARLY_ALIKE, beyond=NEARLY_ALIKE)
    return found


def _as_before(first: Places, again: Places) -> Places:
    """The second answers, where one person alone answered otherwise taken as the first."""
    other = (first >= 0) & (again >= 0) & (first != again)
    alone = other.any(axis=1).sum() == 1 and len(first) >= FEWEST
    return np.where(other, first, again) if alone else again


def _revealed(
    live: ConsequencesReading | CannotTell | NotEnoughData,
    names: tuple[str, ...],
    weights: Floats,
    least: int,
) -> Revealed | NotEnoughData | CannotTell:
    if not isinstance(live, ConsequencesReading):
        return live
    own = _columns(live.consequences, names, weights)
    if live.lacks is not None or own is None:
        return live.lacks or OTHER_CHARTER
    own = own[own.sum(1) > 0]
    return _too_few(own, max(1, least)) or revealed(live.consequences, own)


def _help(
    live: ConsequencesReading | CannotTell | NotEnoughData,
    names: tuple[str, ...],
    weights: Floats,
    least: int,
    model_share: float,
) -> HelpMost | NotEnoughData | CannotTell:
    if not isinstance(live, ConsequencesReading):
        return live
    own = weights if live.lacks else _columns(live.consequences, names, weights)
    if own is None:
        return OTHER_CHARTER
    if not live.lacks and (few := _too_few(own, least)) is not None:
        return few
    return help_most(live.consequences, own, lacks=live.lacks, model_share=model_share)


def _split(round_: Round, case: RoundCase, answers: Sequence[RoundAnswer]) -> CaseSplit:
    place = round_.cases.index(case)
    chosen = [a.choices[place] or "" for a in answers if place < len(a.choices)]
    believed = [b for b in (_belief(a, place) for a in answers) if np.isfinite(b)]
    return CaseSplit(
        number=case.number,
        facts=case.facts,
        choices=_enough(
            counted(chosen, of=len(answers), listed=round_.options, closed=True), round_.least
        ),
        believed=spread(believed, least=round_.least) if round_.event else None,
    )
