"""The two coins of a case: fair, independent, foreseen by nobody, tossed again by the auditor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from math import sqrt

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.declare.charter import Advice, Consent, InputType, Mode
from sayso.record.coins import Seed, draw, toss
from sayso.record.condition import holds
from tests.record.case_life_cases import CHARTER

SEED = Seed("s1", bytes(range(32)))
N = 20_000


def charter(**advice: object):
    return replace(CHARTER, advice=replace(CHARTER.advice or Advice(), **advice))


@pytest.mark.feature("C17")
def test_both_coins_have_the_chances_they_say_and_do_not_depend_on_each_other():
    drawn = [
        draw(SEED, charter(prior_sample=0.3, holdback=0.2), f"v{i}", excluded=False)
        for i in range(N)
    ]
    asked = sum(d.ask for d in drawn) / N
    shown = sum(d.show for d in drawn) / N
    both = sum(d.ask and d.show for d in drawn) / N
    # Four standard errors: a fair coin fails this once in 16,000 seeds, and the seed is fixed.
    assert abs(asked - 0.3) < 4 * sqrt(0.21 / N)
    assert abs(shown - 0.8) < 4 * sqrt(0.16 / N)
    assert abs(both - 0.24) < 4 * sqrt(0.24 * 0.76 / N)


def test_a_coin_does_not_tell_the_next_one():
    shown = [draw(SEED, CHARTER, f"v{i}", excluded=False).show for i in range(N)]
    after_hidden = [b for a, b in pairwise(shown) if not a]
    rate = sum(after_hidden) / len(after_hidden)
    assert abs(rate - 0.5) < 4 * sqrt(0.25 / len(after_hidden))
    # No blocks: in blocks of ten, no ten cases in a row would all be shown.
    runs = ["".join("s" if s else "h" for s in shown[i : i + 10]) for i in range(0, N, 10)]
    assert "s" * 10 in runs
    assert "h" * 10 in runs


def test_whoever_holds_the_seed_tosses_the_same_coins_again():
    assert draw(SEED, CHARTER, "v1", excluded=False) == draw(SEED, CHARTER, "v1", excluded=False)
    other = Seed("s1", bytes(32))
    assert toss(SEED, "d", 1, "v1", "ask") != toss(other, "d", 1, "v1", "ask")
    assert toss(SEED, "d", 1, "v1", "ask") != toss(SEED, "d", 1, "v1", "show")
    assert SEED.commitment == Seed("other", bytes(range(32))).commitment
    assert "01" not in repr(SEED)


@given(st.text(max_size=20), st.integers(1, 9))
def test_a_toss_lies_in_the_unit_interval(case: str, version: int):
    assert 0 <= toss(SEED, "d", version, case, "show") < 1


def test_nothing_is_withheld_without_the_owners_consent():
    free = charter(consent=None, holdback=0.9)
    assert all(draw(SEED, free, f"v{i}", excluded=False).show for i in range(200))
    assert draw(SEED, free, "v", excluded=False).show_probability == 1
    plain = replace(CHARTER, advice=None)
    found = draw(SEED, plain, "v", excluded=False)
    assert (found.ask, found.ask_probability, found.show_probability) == (False, 0, 1)


def test_a_case_that_the_consent_leaves_out_is_shown_and_says_so():
    found = [draw(SEED, CHARTER, f"v{i}", excluded=True) for i in range(200)]
    assert all(d.show and d.show_probability == 1 and d.excluded for d in found)


def test_in_mode_watch_the_advice_is_never_shown_before_the_choice():
    watch = charter(mode=Mode.WATCH, consent=Consent(by="o", on=date(2026, 1, 1)))
    found = [draw(SEED, watch, f"v{i}", excluded=False) for i in range(200)]
    assert not any(d.show for d in found)
    assert found[0].show_probability == 0


def test_a_seed_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        Seed("s", b"short")


DECLARED = replace(
    CHARTER,
    inputs=(
        ("code", InputType.CATEGORY),
        ("age", InputType.NUMBER),
        ("low", InputType.BOOLEAN),
    ),
)
CONDITIONS = [
    "code = 'E-12'",
    "code <> 'E-12' or low",
    "not low and age > 3",
    "age between 2 and 5",
    "code in ('E-12', 'A') and not (age < 3)",
    "code is null or low is null",
    "coalesce(low, false)",
    "if(low, age > 1, age > 4)",
    "case when low then age > 1 when age > 4 then true end",
    "lower(code) = 'e-12' and length(code) > 2",
    "abs(age - 3) <= 1 and age * 2 + 1 > age / 2",
    "age / (age - 3) > 1",
    "upper(trim(code)) = 'E-12'",
    "- age < -3",
]


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(CONDITIONS),
    st.sampled_from(["E-12", "A", " e-12 ", None]),
    st.sampled_from([0.0, 2.0, 3.0, 4.5, None]),
    st.sampled_from([True, False, None]),
)
def test_a_condition_is_answered_for_one_case_as_an_engine_answers_it(engine, text, code, age, low):
    from sayso.declare.expression import Expression, ExprType, parse_expression

    names = {"code": ExprType.TEXT, "age": ExprType.NUMBER, "low": ExprType.BOOLEAN}
    read = parse_expression(text, names)
    assert isinstance(read, Expression)
    row = engine.execute(
        f"SELECT {read.sql()} FROM (SELECT ?::VARCHAR AS code, ?::DOUBLE AS age, ?::BOOLEAN AS low)",  # noqa: S608
        [code, age, low],
    ).fetchone()
    assert row is not None
    assert holds(text, DECLARED, {"code": code, "age": age, "low": low}) == row[0]


def test_what_cannot_be_answered_is_not_guessed():
    assert holds("code = 'A'", DECLARED, {}) is None
    assert holds("age > 3", DECLARED, {"age": "5"}) is None
    assert holds("low", DECLARED, {"low": 1}) is None
    assert holds("nonsense > 3", DECLARED, {}) is None
    assert holds("age + 1", DECLARED, {"age": 1}) is None
