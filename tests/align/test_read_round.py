"""Everything a round says, of people together and never of one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sayso.align.consequence_reading import ConsequencesReading
from sayso.align.consequences import Consequences
from sayso.align.counts import Spread
from sayso.align.read_round import NO_CASE_VALUES, NO_TABLE, OTHER_CHARTER, order_of, read_round
from sayso.align.round import RoundAnswer, RoundCase
from sayso.align.round_reading import (
    Differing,
    Flips,
    HelpMost,
    OrderReading,
    Revealed,
    RoundReading,
    Wobble,
)
from sayso.domain.answer import CannotTell, Estimate, NotEnoughData
from tests.align.rounds import THREE, a_round

BRING, LEAVE = "bring", "do not bring"
POINTS = ((70, 20, 10), (60, 30, 10), (20, 60, 20), (20, 70, 10), (10, 70, 20), (30, 40, 30))


def cases(*, brings: bool = True) -> tuple[RoundCase, ...]:
    """Twelve cases and two of them again."""
    random = np.random.default_rng(1)
    made = [
        RoundCase(
            number=n,
            facts=(("code", f"E-{n}"),),
            brings=(
                tuple(
                    tuple(c.worst + float(v) * (c.best - c.worst) for c, v in zip(THREE, row, strict=True))
                    for row in random.random((2, 3))
                )
                if brings
                else ()
            ),
        )
        for n in range(1, 13)
    ]  # fmt: skip
    again = [replace(made[k], number=13 + i, repeats=k + 1) for i, k in enumerate((2, 5))]
    return (*made, *again)


def answers(count: int = 6) -> list[RoundAnswer]:
    random = np.random.default_rng(2)
    return [
        RoundAnswer(
            pseudonym=f"p{k}",
            owner=("Ann", "Ann", "ann.", "Bo", "Bo", "Cy")[k % 6],
            purpose="parts not wasted" if k % 2 else "first visit solves it",
            points=POINTS[k % 6],
            choices=tuple(BRING if random.random() < 0.5 else LEAVE for _ in range(14)),
            beliefs=tuple(float(random.integers(0, 101)) for _ in range(14)),
        )
        for k in range(count)
    ]


def consequences(count: int = 120) -> Consequences:
    random = np.random.default_rng(3)
    happens = random.random(count)
    values = random.random((count, 2, 2, 3))
    belief = np.column_stack([1 - happens, happens])
    made = Consequences(
        options=(BRING, LEAVE),
        considerations=THREE,
        states=("false", "true"),
        values=values,
        belief=belief,
        deciders=np.arange(count) % 8,
        chosen=random.integers(0, 2, count),
        cases_a_month=300.0,
        of=count,
    )
    chosen = (5 * made.expected @ [0.5, 0.3, 0.2] + random.gumbel(size=(count, 2))).argmax(1)
    return replace(made, chosen=chosen)


def whole(**more: object) -> RoundReading:
    round_ = a_round(cases=1)
    round_ = replace(round_, cases=cases(), invited=8)
    return read_round(round_, answers(), **more)  # type: ignore[arg-type]


@pytest.mark.feature("A10")
def test_a_round_with_a_table_says_all_of_it():
    found = whole(
        live=ConsequencesReading(consequences=consequences()),
        asked=consequences(12),
    )
    assert (found.sent, found.invited) == (6, 8)
    assert found.owners.shown[0] == ("Ann", 3)
    assert found.owners.at_least, "one named somebody else, or stood with the others"
    assert isinstance(found.order, OrderReading)
    assert set(found.order.order) == {c.name for c in THREE}
    assert found.order.margin >= 0
    assert isinstance(found.flips, Flips)
    assert found.flips.live
    assert isinstance(found.flips.two_a_month, Estimate)
    assert found.decorative is not None
    assert isinstance(found.differing, Differing)
    assert isinstance(found.differing.reading, Estimate)
    assert found.differing.cases <= 12
    assert isinstance(found.wobble, Wobble)
    assert found.wobble.pairs == 12
    assert isinstance(found.revealed, Revealed)
    assert isinstance(found.help_most, HelpMost)
    assert found.help_most.unit == "EUR"
    assert len(found.splits) == 12
    assert found.cases_a_month == 300.0


@pytest.mark.feature("A2")
def test_weights_are_in_points_and_the_widest_comes_first():
    found = whole()
    spreads = [row.spread for row in found.weights]
    assert all(isinstance(s, Spread) for s in spreads)
    widths = [s.width for s in spreads if isinstance(s, Spread)]
    assert widths == sorted(widths, reverse=True)
    waste = next(r.spread for r in found.weights if r.name == "parts not wasted")
    assert isinstance(waste, Spread)
    assert (waste.low, waste.middle, waste.high) == (20, 25, 60)


def test_without_a_table_the_cases_asked_are_looked_at_and_the_rest_says_why_not():
    found = whole()
    assert isinstance(found.flips, Flips)
    assert not found.flips.live
    assert found.flips.cases == 12, "repeats are no new cases"
    assert isinstance(found.flips.two_a_month, CannotTell)
    assert found.decorative is not None
    assert not found.decorative.live
    assert isinstance(found.differing, Differing)
    assert isinstance(found.differing.differently, Estimate)
    assert isinstance(found.differing.reading, CannotTell)
    assert found.revealed == found.help_most == NO_TABLE
    assert found.cases_a_month is None


def test_without_values_no_weight_turns_into_a_choice():
    round_ = replace(a_round(), cases=cases(brings=False))
    found = read_round(round_, answers())
    assert found.flips == NO_CASE_VALUES
    assert found.decorative is None


def test_costs_alone_price_information_and_say_why_agreeing_has_no_price():
    lacks = CannotTell("Only costs are known.", "Write measures.")
    cost = replace(
        consequences(),
        values=consequences().values[..., :1],
        considerations=(replace(THREE[0], name="cost of mistakes"),),
    )
    found = whole(live=ConsequencesReading(consequences=cost, lacks=lacks))
    assert isinstance(found.flips, Flips)
    assert not found.flips.live
    assert found.revealed == lacks
    assert isinstance(found.help_most, HelpMost)
    assert found.help_most.rule.answer == lacks
    assert isinstance(found.help_most.information.answer, Estimate)


def test_a_table_of_another_charter_is_not_mixed_in():
    other = replace(
        consequences(12), considerations=(replace(THREE[0], name="something new"), *THREE[1:])
    )
    found = whole(live=ConsequencesReading(consequences=other), asked=other)
    with pytest.raises(ValueError, match="12 cases"):
        whole(asked=consequences(11))
    assert found.revealed == found.help_most == found.differing == OTHER_CHARTER
    assert isinstance(found.flips, Flips)
    assert not found.flips.live


@pytest.mark.feature("A10")
def test_fewer_answers_than_may_be_shown_are_refused():
    with pytest.raises(ValueError, match="4 answers"):
        read_round(a_round(), answers(4))


@pytest.mark.feature("A10")
def test_five_of_five_and_four_of_five_cannot_be_told_apart_by_case():
    """Neither by what is counted nor by the order of the cases."""
    round_ = replace(a_round(cases=2), invited=5)

    def five(*first: str) -> RoundReading:
        people = [
            RoundAnswer(pseudonym=f"p{k}", choices=(first[k], (BRING, LEAVE)[k % 2]))
            for k in range(5)
        ]
        return read_round(round_, people)

    alike, apart = five(*[BRING] * 5), five(*[BRING] * 4, LEAVE)
    assert alike.splits == apart.splits
    assert [s.number for s in alike.splits] == [1, 2]


def test_people_who_skipped_everything_are_counted_and_no_more():
    found = read_round(a_round(), [RoundAnswer(pseudonym=f"p{k}") for k in range(5)])
    assert found.weights == ()
    assert found.order == NotEnoughData(2, 0, "people")
    assert found.owners.skipped == 5
    assert isinstance(found.wobble, CannotTell)
    assert isinstance(found.differing, NotEnoughData)


def test_two_people_where_the_charter_lets_them():
    round_ = replace(a_round(), cases=cases(), least=2)
    found = read_round(round_, answers(2), live=ConsequencesReading(consequences=consequences()))
    assert found.flips == NotEnoughData(5, 2, "people")
    assert isinstance(found.help_most, HelpMost)
    assert np.array(found.help_most.regret).shape == (2, 2)
    assert isinstance(found.order, OrderReading)


def test_people_who_all_say_the_same():
    same = [replace(answers()[0], pseudonym=f"p{k}") for k in range(6)]
    round_ = replace(a_round(), cases=cases())
    found = read_round(round_, same, live=ConsequencesReading(consequences=consequences()))
    assert isinstance(found.order, OrderReading)
    assert found.order.w == pytest.approx(1)
    assert isinstance(found.flips, Flips)
    assert found.flips.most is None
    assert found.decorative is not None
    assert not found.decorative.differ
    assert isinstance(found.help_most, HelpMost)
    assert isinstance(found.help_most.rule.answer, Estimate)
    assert found.help_most.rule.answer.value == 0


def test_who_sent_first_changes_nothing():
    live = ConsequencesReading(consequences=consequences())
    round_ = replace(a_round(), cases=cases())
    one = read_round(round_, answers(), live=live, asked=consequences(12))
    other = read_round(round_, answers()[::-1], live=live, asked=consequences(12))
    assert one.owners == other.owners
    assert one.purposes == other.purposes
    assert one.weights == other.weights
    assert one.splits == other.splits
    assert isinstance(one.order, OrderReading)
    assert isinstance(other.order, OrderReading)
    assert one.order.order == other.order.order
    assert one.order.w == pytest.approx(other.order.w)


@pytest.mark.feature("A2")
def test_the_order_with_its_runner_up_by_hand():
    """Three put a over b over c and two b over a over c: ten pairs agree on c, two of five flip."""
    weights = np.array([[5, 3, 2]] * 3 + [[3, 5, 2]] * 2) / 10
    found = order_of(("a", "b", "c"), weights)
    assert isinstance(found, OrderReading)
    assert found.order == ("a", "b", "c")
    assert found.runner_up == ("b", "a", "c")
    assert (found.against, found.margin, found.pairs) == (2, 1, 15)
    assert found.by_chance == 0.2
    assert not found.tied


def test_orders_that_say_nothing():
    assert order_of(("a",), np.ones((3, 1))) == NotEnoughData(2, 1, "considerations")
    assert order_of(("a", "b"), np.ones((1, 2))) == NotEnoughData(2, 1, "people")
    level = order_of(("a", "b"), np.full((5, 2), 0.5))
    assert isinstance(level, OrderReading)
    assert level.order == ()
    assert level.w == 0
    many = order_of(tuple("abcdefghijklmnop"), np.random.default_rng(1).random((5, 16)))
    assert isinstance(many, OrderReading)
    assert many.order == ()


@pytest.mark.feature("A4")
def test_an_outcome_that_is_not_yes_or_no_is_not_what_people_believed_something_of():
    one = consequences(12)
    single = replace(
        one, states=("whatever",), values=one.values[:, :, :1], belief=np.ones((12, 1))
    )
    found = whole(asked=single).differing
    assert isinstance(found, Differing)
    assert isinstance(found.reading, CannotTell)
    assert "yes or no" in found.reading.cheapest_way
    assert isinstance(found.differently, Estimate)
