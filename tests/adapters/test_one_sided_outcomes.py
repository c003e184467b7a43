"""Outcomes known after one option only, and chances held against what happened."""

from __future__ import annotations

import random

import pandas as pd
import pytest

import sayso
from sayso.domain.answer import CannotTell, Estimate
from sayso.domain.evidence import Word

CASES = 1500


def loans(*, follow_up: float = 0.0) -> tuple[pd.DataFrame, float]:
    """Loans whose outcome is known where they were approved, and the share of wrong advice taken.

    Args:
        follow_up: Share of declined loans whose outcome became known elsewhere.

    Returns:
        The table, and the true over-acceptance over all cases.
    """
    draw = random.Random(3)
    rows: list[dict[str, object]] = []
    wrong = taken = 0
    for i in range(CASES):
        good = draw.random() < 0.6
        advice = "approve" if draw.random() < (0.8 if good else 0.3) else "decline"
        choice = "approve" if draw.random() < (0.95 if advice == "approve" else 0.4) else "decline"
        right = "approve" if good else "decline"
        wrong += advice != right
        taken += advice != right and choice == advice
        known = choice == "approve" or draw.random() < follow_up
        rows.append(
            {
                "officer": f"officer {i % 20}",
                "advice": advice,
                "choice": choice,
                "outcome": right if known else None,
                "chance": round(draw.uniform(0.5, 1.0), 2),
            }
        )
    return pd.DataFrame(rows), taken / wrong


def read(table: pd.DataFrame) -> sayso.Audit:
    return sayso.audit(
        table,
        choice="choice",
        advice="advice",
        decider="officer",
        outcome="outcome",
        advice_confidence="chance",
    )


@pytest.mark.feature("M6")
def test_a_share_of_wrong_advice_taken_is_not_read_off_cases_the_choice_picked():
    table, truth = loans()
    seen = table[table["outcome"].notna()]
    wrong = seen[seen["advice"] != seen["outcome"]]
    naive = float((wrong["choice"] == wrong["advice"]).mean())
    # Wrong advice to approve is unseen where overruled, and wrong advice to decline where taken.
    assert abs(naive - truth) > 0.05
    found = read(table).reading
    assert found.setting.outcome_seen_for == "approve"
    for key in ("over-acceptance", "under-acceptance"):
        figure = found.figure(key)
        assert figure is not None
        assert isinstance(figure.answer, CannotTell)
    for who in ("choice", "advice"):
        figure = found.figure("accuracy", who=who)
        assert figure is not None
        assert isinstance(figure.answer, CannotTell)


@pytest.mark.feature("M6")
def test_the_report_says_that_the_other_outcomes_were_never_seen():
    audit = read(loans()[0])
    said = audit.to_html()
    assert "How would the other cases have turned out?" in said
    assert "known after “approve” only" in said
    assert "Fill them in and run this again" not in said


def test_outcomes_known_after_both_options_are_only_missing():
    audit = read(loans(follow_up=0.2)[0])
    assert audit.reading.setting.outcome_seen_for is None
    assert "Fill them in and run this again" in audit.to_html()
    figure = audit.reading.figure("over-acceptance")
    assert figure is not None
    assert isinstance(figure.answer, Estimate)


def test_calibration_over_cases_that_people_picked_is_never_clear():
    slopes = []
    for follow_up in (0.0, 1.0):
        figure = read(loans(follow_up=follow_up)[0]).reading.figure("calibration-slope", of="ai")
        assert figure is not None
        slopes.append(figure)
    picked, whole = slopes
    assert whole.word is Word.CLEAR
    assert picked.word is not Word.CLEAR


def cards(best: bool) -> pd.DataFrame:
    """A true chance of red in every game; where it is over one half, red is the better guess."""
    draw = random.Random(8)
    rows: list[dict[str, object]] = []
    for i in range(2500):
        chance = draw.choice([0.2, 0.3, 0.4, 0.6, 0.7, 0.8])
        guess = "red" if chance > 0.5 else "black"
        row: dict[str, object] = {
            "player": f"p{i % 25}",
            "advice": guess,
            "choice": guess if draw.random() < 0.8 else "red",
            "p_red": chance,
            "outcome": "red" if draw.random() < chance else "black",
        }
        rows.append({**row, "best": guess} if best else row)
    return pd.DataFrame(rows)


@pytest.mark.feature("M10")
@pytest.mark.parametrize("best", [False, True])
def test_a_true_chance_is_true_whatever_was_the_better_guess(best: bool):
    audit = sayso.audit(
        cards(best), choice="choice", advice="advice", decider="player", outcome="outcome",
        advice_confidence="p_red", **({"best": "best"} if best else {}),
    )  # fmt: skip
    slope = audit.reading.figure("calibration-slope", of="ai")
    assert slope is not None
    assert isinstance(slope.answer, Estimate)
    # Held against the better guess the slope would be far above 1: red is always better at .7.
    assert slope.answer.low < 1 < slope.answer.high
    assert "less sure than it could be" not in audit.to_html()


@pytest.mark.feature("M10")
@pytest.mark.parametrize(("rises", "read_as"), [(True, True), (False, False)])
def test_a_chance_is_read_as_that_of_a_yes_or_no_outcome_only_where_it_rises_with_it(
    rises: bool, read_as: bool
):
    draw = random.Random(5)
    rows: list[dict[str, object]] = []
    for i in range(1200):
        chance = draw.random()
        defaults = draw.random() < (chance if rises else 1 - chance)
        rows.append(
            {
                "officer": f"o{i % 12}",
                "advice": "decline" if chance > 0.5 else "approve",
                "choice": draw.choice(["approve", "decline"]),
                "p_default": chance,
                "defaulted": int(defaults),
            }
        )
    audit = sayso.audit(
        pd.DataFrame(rows), choice="choice", advice="advice", decider="officer",
        outcome="defaulted", advice_confidence="p_default",
    )  # fmt: skip
    slope = audit.reading.figure("calibration-slope", of="ai")
    assert (slope is not None) is read_as
    codes = [t.code for t in audit.reading.profile.treatments]
    assert ("confidence-of-outcome" in codes) is read_as
    if slope is not None:
        assert isinstance(slope.answer, Estimate)
        assert slope.answer.low < 1 < slope.answer.high


def test_without_a_charter_the_report_says_in_what_cases_are_alike():
    audit = read(loans()[0].assign(kind=[f"k{i % 3}" for i in range(CASES)]))
    said = audit.to_html()
    assert "taken as alike: the same kind" in said
    assert "alike as recorded" in said
    assert "alike as declared" not in said
