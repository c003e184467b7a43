"""Numbers as people read them."""

import pytest

from sayso.domain.answer import Estimate
from sayso.domain.figure import Unit
from sayso.present.numbers import count, of_hundred, printed
from tests.present.readings import estimate


def test_a_share_is_so_many_in_a_hundred_with_its_range() -> None:
    assert printed(estimate(0.078, 0.052, 0.104), Unit.SHARE).full == "8 in 100 (5 to 10)"


def test_a_share_half_way_between_two_counts_prints_both() -> None:
    assert of_hundred(0.7553) == "75 or 76"
    assert of_hundred(0.6988) == "70"


def test_a_rare_share_is_told_of_a_thousand_instead_of_vanishing() -> None:
    assert printed(estimate(0.004, 0.001, 0.008), Unit.SHARE).full == "4 in 1,000 (1 to 8)"


def test_a_fall_carries_a_true_minus() -> None:
    assert printed(estimate(-0.03, -0.06, 0.01), Unit.NET_SHARE).full == "−3 in 100 (−6 to 1)"


def test_a_fall_told_by_its_size_turns_its_range_over() -> None:
    shown = printed(estimate(-0.03, -0.06, -0.01), Unit.NET_SHARE, size=True)
    assert shown.full == "3 in 100 (1 to 6)"


def test_a_difference_that_leaves_out_zero_does_not_print_as_if_it_held_it() -> None:
    shown = printed(estimate(0.03, 0.002, 0.06), Unit.NET_SHARE)
    assert shown.full == "3 in 100 (just above 0 to 6)"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (estimate(2.9, -20.2, 26.4), "€3 (−20 to 26)"),
        (estimate(-38.4, -61.0, -15.8), "−€38 (−61 to −16)"),
        (estimate(12_346.0, 10_100.0, 14_900.0), "€12,000 (10,000 to 15,000)"),
    ],
)
def test_money_has_the_figures_its_range_supports(told: Estimate, words: str) -> None:
    assert printed(told, Unit.MONEY, money="EUR").full == words


def test_points_are_named_behind_the_number() -> None:
    assert printed(estimate(3.2, 1.1, 5.4), Unit.MONEY, money="points").full.startswith(
        "3.2 points"
    )


def test_a_quantity_is_rounded_to_what_its_range_supports() -> None:
    shown = printed(estimate(41_312.0, 35_120.0, 47_520.0), Unit.AMOUNT, amount="dollars")
    assert shown.full == "41,300 dollars (35,100 to 47,500)"


def test_thousands_are_separated() -> None:
    assert count(4_276) == "4,276"
