"""What a stated confidence is a confidence in: one option, or the advice itself."""

import pytest

from sayso.adapters.case_rules import RightSql, Stated, stated_probability
from sayso.measure.setting import RightRule

RIGHT = RightSql(
    rule=RightRule.MISTAKES, right={"pay": "genuine", "examine": "NOT genuine"}, cost={}
)


@pytest.mark.parametrize(
    ("pay", "examine", "event"),
    [
        # Averages on both sides of one half: the chance of `pay`.
        (Stated(0.8, 0.5, 1.0), Stated(0.3, 0.0, 0.6), "pay"),
        # A line at .75 divides them, and `examine` is advised down to .1: still the chance of
        # `pay`, though `examine` goes with .62 on average.
        (Stated(0.9, 0.75, 1.0), Stated(0.62, 0.1, 0.75), "pay"),
        # Both above one half and overlapping: confidence in whatever is advised.
        (Stated(0.9, 0.5, 1.0), Stated(0.7, 0.5, 0.99), ""),
        # Divided, and never under one half: a confident and a less confident advice.
        (Stated(0.9, 0.8, 1.0), Stated(0.7, 0.55, 0.8), ""),
    ],
)
def test_a_confidence_is_read_as_the_chance_of_one_option_where_it_cannot_be_else(
    pay: Stated, examine: Stated, event: str
):
    by = {"pay": pay, "examine": examine}
    _, happened, read = stated_probability("c", "advice", ("pay", "examine"), by, RIGHT)
    assert read == event
    assert happened == ("(genuine)" if event else RIGHT.was_right("advice"))
