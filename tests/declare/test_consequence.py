"""A measure says what each option brings, or why it does not."""

from datetime import date

import pytest

from sayso.declare.charter import Charter, InputType, Outcome, OutcomeKind, Quantity
from sayso.declare.consequence import MeasureProblem, measure_of
from sayso.declare.expression import Expression, ExprType
from sayso.declare.lint import check_text
from sayso.declare.problem import Severity
from tests.declare.good_charter import broken

CHARTER = Charter(
    decision="first-visit-part",
    version=1,
    options=("bring", "leave"),
    outcome=Outcome(name="part_used"),
    inputs=(("age", InputType.NUMBER), ("code", InputType.CATEGORY)),
)


def problem(text: str, charter: Charter = CHARTER) -> MeasureProblem:
    found = measure_of(text, charter)
    assert isinstance(found, MeasureProblem)
    return found


def test_a_measure_over_choice_outcome_and_inputs_is_read_with_its_type():
    found = measure_of("if(choice = 'bring' and not part_used, 190 + age, 0)", CHARTER)
    assert isinstance(found, Expression)
    assert (found.type, found.names) == (ExprType.NUMBER, ("choice", "part_used", "age"))


def test_a_condition_over_the_choice_is_a_measure_too():
    found = measure_of("choice = 'bring' or not part_used", CHARTER)
    assert isinstance(found, Expression)
    assert found.type is ExprType.BOOLEAN


@pytest.mark.parametrize(
    "text", ["part_used", "age * 2", "parts cost (EUR)", "solved_first", "190"]
)
def test_a_measure_that_does_not_name_choice_cannot_tell_options_apart(text: str):
    found = problem(text)
    assert found.code == "SAY240"
    assert "over choice" in found.hint


@pytest.mark.parametrize(
    ("text", "part", "offset"),
    [
        ("if(choice = 'bring' and not part_usd, 1, 0)", "'part_usd'", 28),
        ("if(choice = 'brnig', 1, 0)", "'brnig'", 13),
        ("if(choice in ('bring', 'stay'), 1, 0)", "'stay'", 24),
        ("if('stay' = choice, 1, 0)", "'stay'", 4),
        ("if(choice = 'bring', 1, advice_confidence)", "'advice_confidence'", 24),
        ("if(choice = 1, 1, 0)", "choice", 12),
        ("if(choice = 'bring'", "", 0),
    ],
)
def test_what_the_declared_names_cannot_answer_is_said_with_its_place(
    text: str, part: str, offset: int
):
    found = problem(text)
    assert (found.code, found.offset) == ("SAY241", offset)
    assert part in found.message


@pytest.mark.parametrize("text", ["choice", "avg(choice = 'bring')", "upper(choice)"])
def test_what_gives_no_number_for_a_case_is_refused(text: str):
    assert problem(text).code == "SAY242"


def test_an_option_is_compared_with_the_outcome_without_complaint():
    outcome = Outcome(name="found", kind=OutcomeKind.CATEGORY)
    charter = Charter(decision="a", version=1, options=("x", "y"), outcome=outcome)
    assert isinstance(measure_of("if(choice = 'x' and found = 'z', 1, 0)", charter), Expression)


def test_of_a_quantity_the_choice_is_a_number():
    charter = Charter(decision="a", version=1, quantity=Quantity(unit="EUR", low=0, high=9))
    assert isinstance(measure_of("choice * 2", charter), Expression)
    assert problem("if(choice = 'x', 1, 0)", charter).code == "SAY241"


def test_a_measure_never_keeps_a_charter_from_being_used():
    text = broken("\"if(choice = 'leave' and part_used, 0, 1)\"", "solved")
    charter, problems = check_text(text, "first-visit-part.yaml", today=date(2026, 11, 24))
    assert charter is not None
    assert [(p.code, p.severity) for p in problems] == [("SAY240", Severity.WARNING)]


def test_html_in_a_measure_is_shown_as_it_is_and_cut():
    assert len(problem("<script>" * 20).message) < 120
