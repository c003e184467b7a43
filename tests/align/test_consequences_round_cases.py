"""Cases of a round: past ones in words people read, with nobody in them; invented ones else."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sayso.declare.charter import Charter, InputType, Outcome, OutcomeKind, Source
from sayso.workspace.round_cases import ChosenCases, cases_for, choose_cases
from tests.align.consequence_tables import CHARTER, NOW, measured, rows


def chosen(table: pd.DataFrame, charter: Charter = CHARTER, n: int = 8) -> ChosenCases:
    return choose_cases(charter, table, n, 3, as_of=NOW)


def said(cases: ChosenCases, name: str) -> set[str]:
    return {dict(case.facts)[name] for case in cases.cases}


def names(cases: ChosenCases) -> set[str]:
    return {name for case in cases.cases for name, _ in case.facts}


@pytest.fixture(scope="module")
def wide() -> pd.DataFrame:
    """The plain table with more known of each case."""
    table = rows(600)
    random = np.random.default_rng(8)
    table["unit_age"] = random.uniform(0, 40, 600).round(3)
    table["urgent"] = random.random(600) < 0.4
    table["depot"] = random.choice(["Harbour", "Hill"], 600)
    table["remark"] = [f"Mrs {i} says <b>it leaks</b>" for i in range(600)]
    table["kind"] = random.choice(["household", "business"], 600)
    table["seen"] = table["day"]
    return table


WIDE = replace(
    CHARTER,
    inputs=(
        *CHARTER.inputs,
        ("unit_age", InputType.NUMBER),
        ("urgent", InputType.BOOLEAN),
        ("depot", InputType.CATEGORY),
        ("remark", InputType.CATEGORY),
        ("kind", InputType.CATEGORY),
        ("seen", InputType.DATE),
        ("who", InputType.CATEGORY),
    ),
    affected=("kind",),
    source=Source(columns=(*CHARTER.source.columns, ("team", "depot"))),  # type: ignore[union-attr]
)


@pytest.fixture(scope="module")
def found(wide: pd.DataFrame) -> ChosenCases:
    return chosen(wide, WIDE)


def test_people_read_declared_inputs_and_never_who_where_when_or_how_it_turned_out(
    found: ChosenCases,
):
    assert names(found) == {"code", "price", "unit age", "urgent"}
    text = repr(found.cases)
    assert "Mrs" not in text
    assert not any(word in text for word in ("V1", "d1", "Harbour", "household", "2026"))


def test_facts_are_in_words_and_rounded(found: ChosenCases):
    assert said(found, "urgent") == {"yes", "no"}
    ages = {a.removesuffix(" or more").removesuffix(" or less") for a in said(found, "unit age")}
    assert {float(a) % 1 for a in ages} == {0.0}


def test_numbers_at_the_ends_do_not_stand_out(wide: pd.DataFrame):
    wide = wide.assign(unit_age=np.where(wide["unit_age"] > 39.5, 9_999.0, wide["unit_age"]))
    highest = max(said(chosen(wide, WIDE, n=12), "unit age"), key=lambda a: float(a.split()[0]))
    assert float(highest.split()[0]) <= 40


def test_a_value_that_few_cases_have_is_not_named(wide: pd.DataFrame):
    table = wide.copy()
    table.loc[table.index[:4], "code"] = "the one at the castle"
    assert "castle" not in repr(chosen(table, WIDE, n=12).cases)


def test_the_same_seed_asks_the_same_and_two_cases_never_read_the_same(
    wide: pd.DataFrame, found: ChosenCases
):
    assert found.cases == chosen(wide, WIDE).cases
    new = [case.facts for case in found.cases if case.repeats is None]
    assert len(new) == len(set(new)) == 8
    assert [case.number for case in found.cases] == list(range(1, 11))
    assert sum(case.repeats is not None for case in found.cases) == 2


def test_where_people_are_asked_what_would_happen_nothing_answers_for_them(found: ChosenCases):
    assert all(case.brings == () for case in found.cases)


def test_values_are_those_of_the_cases_asked(found: ChosenCases):
    assert found.values is not None
    assert found.values.shape == (10, 2, 2, 2)
    assert found.states == ("false", "true")
    for case, values in zip(found.cases, found.values, strict=True):
        price = float(dict(case.facts)["price"])
        assert values[0, 0, 1] == pytest.approx(1 - price / 200)


def test_where_nothing_has_to_be_believed_the_case_says_what_each_option_brings():
    charter = measured("if(choice = 'bring', 1, 0)", "if(choice = 'bring', price, 0)")
    found = chosen(rows(), charter)
    for case in found.cases:
        price = float(dict(case.facts)["price"])
        assert case.brings == ((1.0, price), (0.0, 0.0))


def test_expected_amounts_are_said_where_the_outcome_has_several_kinds():
    table = rows(900)
    table["used"] = np.where(table["used"], "used", "unused")
    charter = measured(
        "if(choice = 'leave' and used = 'used', 0, 1)",
        "if(choice = 'bring' and used <> 'used', price, 0)",
        outcome=Outcome(name="used", kind=OutcomeKind.CATEGORY),
    )
    found = chosen(table, charter)
    solved = {round(case.brings[1][0], 2) for case in found.cases}
    assert len(solved) > 1
    assert all(round(s * 20, 6).is_integer() for s in solved)


def test_a_charter_that_does_not_say_what_options_bring_still_gives_cases(wide: pd.DataFrame):
    charter = replace(WIDE, matters=tuple(replace(o, measure="price") for o in WIDE.matters))
    found = chosen(wide, charter)
    assert len(found.cases) == 10
    assert found.values is None
    assert names(found) == {"code", "price", "unit age", "urgent"}


def test_a_table_in_which_nothing_is_known_gives_invented_cases():
    found = chosen(rows(), replace(measured("if(choice = 'bring', 1, 0)", None), inputs=()))
    assert found.cases
    assert all(case.facts == () and case.brings for case in found.cases)


def test_without_a_table_cases_are_invented_and_say_what_each_option_brings():
    found = choose_cases(CHARTER, None, 5, 1)
    assert found.values is not None
    assert found.values.shape == (len(found.cases), 2, 1, 2)
    for case, values in zip(found.cases, found.values, strict=True):
        assert values[:, 0, 1] == pytest.approx(1 - np.array(case.brings)[:, 1] / 200)
    assert cases_for(CHARTER, None, 5, 1) == found.cases


@pytest.mark.parametrize(
    "charter",
    [replace(CHARTER, matters=()), replace(CHARTER, options=()), replace(CHARTER, options=("a",))],
)
def test_where_nothing_tells_cases_apart_there_are_none(charter: Charter):
    assert cases_for(charter, None, 5, 1) == ()


def test_no_cases_wanted_gives_none():
    assert cases_for(CHARTER, None, 0, 1) == ()
