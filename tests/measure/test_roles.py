"""What columns mean, from names and contents; never a silent guess on what matters."""

from __future__ import annotations

import pytest

from sayso.domain.errors import ColumnMissing, ColumnUnclear
from sayso.measure.profile import Certainty
from sayso.measure.roles import ColumnFacts, Content, guess_roles

ROWS = 1000


def options(name: str, *values: str, filled: float = 1.0) -> ColumnFacts:
    return ColumnFacts(
        name=name, content=Content.TEXT, rows=ROWS, filled=filled,
        distinct=len(values), values=tuple(sorted(values)),
    )  # fmt: skip


def yes_no(name: str, filled: float = 1.0) -> ColumnFacts:
    return ColumnFacts(
        name=name, content=Content.BOOLEAN, rows=ROWS, filled=filled, distinct=2,
        values=("false", "true"),
    )  # fmt: skip


def chance(name: str, high: float = 1.0) -> ColumnFacts:
    return ColumnFacts(
        name=name, content=Content.NUMBER, rows=ROWS, filled=1.0, distinct=400, low=0.0, high=high
    )


def code(name: str, distinct: int, filled: float = 1.0) -> ColumnFacts:
    return ColumnFacts(name=name, content=Content.TEXT, rows=ROWS, filled=filled, distinct=distinct)


def when(name: str, filled: float = 1.0) -> ColumnFacts:
    return ColumnFacts(name=name, content=Content.MOMENT, rows=ROWS, filled=filled, distinct=900)


def money(name: str) -> ColumnFacts:
    return ColumnFacts(
        name=name, content=Content.NUMBER, rows=ROWS, filled=1.0, distinct=900, low=10, high=9e5
    )


DECIDE = ("approve", "decline")
HEADERS: list[tuple[list[ColumnFacts], dict[str, str]]] = [
    ([options("decision", *DECIDE), options("recommendation", *DECIDE), code("reviewer", 40)],
     {"choice": "decision", "advice": "recommendation", "decider": "reviewer"}),
    ([options("final_decision", *DECIDE), options("initial_decision", *DECIDE),
      options("ai_rec", *DECIDE)],
     {"choice": "final_decision", "prior": "initial_decision", "advice": "ai_rec"}),
    ([yes_no("approved"), yes_no("prediction"), yes_no("defaulted"), chance("score")],
     {"choice": "approved", "advice": "prediction", "outcome": "defaulted",
      "advice_confidence": "score"}),
    ([options("verdict", *DECIDE), options("model_decision", *DECIDE), options("y_true", *DECIDE)],
     {"choice": "verdict", "advice": "model_decision", "outcome": "y_true"}),
    ([options("choice", *DECIDE), options("advice", *DECIDE), options("ground_truth", *DECIDE)],
     {"choice": "choice", "advice": "advice", "outcome": "ground_truth"}),
    ([options("Entscheidung", *DECIDE), options("Empfehlung", *DECIDE), code("Bearbeiter", 30),
      options("Ergebnis", *DECIDE)],
     {"choice": "Entscheidung", "advice": "Empfehlung", "decider": "Bearbeiter",
      "outcome": "Ergebnis"}),
    ([options("finalDecision", *DECIDE), options("aiRecommendation", *DECIDE)],
     {"choice": "finalDecision", "advice": "aiRecommendation"}),
    ([options("Final decision", *DECIDE), options("AI advice", *DECIDE), code("Case ID", 1000)],
     {"choice": "Final decision", "advice": "AI advice", "case": "Case ID"}),
    ([options("action_taken", *DECIDE), options("suggested", *DECIDE), code("agent_id", 25)],
     {"choice": "action_taken", "advice": "suggested", "decider": "agent_id"}),
    ([money("final_choice"), money("recommended"), money("first_view"), money("actual")],
     {"choice": "final_choice", "advice": "recommended", "prior": "first_view",
      "outcome": "actual"}),
    ([options("disposition", *DECIDE), options("bot", *DECIDE), when("closed_at")],
     {"choice": "disposition", "advice": "bot", "decided_at": "closed_at"}),
    ([options("decision", *DECIDE), options("advice", *DECIDE), code("branch", 6)],
     {"team": "branch"}),
    ([options("decision", *DECIDE), options("advice", *DECIDE), yes_no("advice_shown")],
     {"shown": "advice_shown"}),
    ([options("decision", *DECIDE), options("advice", *DECIDE), chance("confidence", 100.0)],
     {"advice_confidence": "confidence"}),
    ([options("decision", *DECIDE), options("advice", *DECIDE), chance("prior_confidence")],
     {"prior_confidence": "prior_confidence"}),
    ([options("decision", *DECIDE), options("advice", *DECIDE), options("reason", "a", "b")],
     {"reason_code": "reason"}),
    ([options("decision", *DECIDE), options("advice", *DECIDE), options("best_option", *DECIDE)],
     {"best": "best_option"}),
    ([options("decision", *DECIDE), options("advice", *DECIDE), when("decision_date"),
      when("created_at"), when("outcome_date")],
     {"decided_at": "decision_date", "opened_at": "created_at", "outcome_at": "outcome_date"}),
    ([options("decision", *DECIDE), options("advice", *DECIDE), code("ticket_id", 1000)],
     {"case": "ticket_id"}),
    ([options("decision", *DECIDE), options("advice", *DECIDE), code("model_version", 3)],
     {"advice_source": "model_version"}),
    # A lender's own headers.
    ([code("Loan No", 1000), code("Loan officer", 20), options("Branch", "a", "b", "c"),
      options("Model says", *DECIDE), chance("Model probability"),
      options("Officer decision", *DECIDE), when("Decided"),
      yes_no("Default after 12 months", 0.66), options("Why overruled", "known", "other")],
     {"case": "Loan No", "decider": "Loan officer", "team": "Branch", "advice": "Model says",
      "advice_confidence": "Model probability", "choice": "Officer decision",
      "decided_at": "Decided", "outcome": "Default after 12 months",
      "reason_code": "Why overruled"}),
    # No name says the choice, but one column shares its values with the advice.
    ([options("xq", *DECIDE), options("advice", *DECIDE), options("colour", "red", "blue")],
     {"choice": "xq", "advice": "advice"}),
    # A score is no advice; it is the AI's estimate.
    ([options("decision", *DECIDE), chance("risk_score")],
     {"choice": "decision", "advice_confidence": "risk_score"}),
    # A prediction in other words than the choice is no advice either.
    ([options("decision", *DECIDE), options("prediction", "good", "bad")],
     {"choice": "decision"}),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "expected"), HEADERS, ids=range(len(HEADERS)))
def test_headers_of_this_world(columns: list[ColumnFacts], expected: dict[str, str]):
    roles = guess_roles(columns, {})
    assert {role: roles.column(role) for role in expected} == expected


def test_a_prediction_in_other_words_is_an_input():
    columns = [options("decision", *DECIDE), options("prediction", "good", "bad")]
    roles = guess_roles(columns, {})
    assert roles.column("advice") is None
    assert roles.inputs == ("prediction",)


def test_the_first_table_of_the_specification_is_told_as_it_prints():
    columns = [
        code("visit_id", 1000), yes_no("part_sent"), yes_no("rec"), chance("p_need"),
        when("rec_shown_at", 0.56), yes_no("part_used", 0.93), code("depot", 6),
        code("note_code", 5, 0.06), code("disp_id", 39), when("closed_at"),
    ]  # fmt: skip
    guesses = {g.role: (g.column, g.certainty) for g in guess_roles(columns, {}).guesses}
    sure, probably = Certainty.SURE, Certainty.PROBABLY
    assert guesses["choice"] == ("part_sent", sure)
    assert guesses["advice"] == ("rec", sure)
    assert guesses["advice_confidence"] == ("p_need", sure)
    assert guesses["shown"] == ("rec_shown_at", probably)
    assert guesses["outcome"] == ("part_used", sure)
    assert guesses["team"] == ("depot", sure)
    assert guesses["decider"] == ("disp_id", sure)
    assert guesses["reason_code"] == ("note_code", probably)


@pytest.mark.parametrize(
    ("columns", "both", "flag"),
    [
        ([options("decision", *DECIDE), options("final_decision", *DECIDE)],
         ("decision", "final_decision"), "--choice"),
        ([options("decision", *DECIDE), options("ai_rec", *DECIDE),
          options("recommendation", *DECIDE)], ("ai_rec", "recommendation"), "--advice"),
        ([options("decision", *DECIDE), options("outcome", *DECIDE), options("result", *DECIDE)],
         ("outcome", "result"), "--outcome"),
        ([options("colour", "red", "blue"), options("size", "s", "m")],
         ("colour", "size"), "--choice"),
        ([options("advice", *DECIDE), options("xq", *DECIDE), options("zz", *DECIDE)],
         ("xq", "zz"), "--choice"),
    ],
)  # fmt: skip
def test_what_matters_is_never_guessed_between_two(
    columns: list[ColumnFacts], both: tuple[str, str], flag: str
):
    with pytest.raises(ColumnUnclear) as caught:
        guess_roles(columns, {})
    assert all(name in str(caught.value) for name in both)
    assert flag in caught.value.hint


def test_a_column_with_the_choices_own_answers_is_never_silently_left_out():
    columns = [options("decision", *DECIDE), options("second opinion", *DECIDE)]
    with pytest.raises(ColumnUnclear, match="the advice. Closest: second opinion") as caught:
        guess_roles(columns, {})
    assert "--advice none" in caught.value.hint
    assert guess_roles(columns, {"advice": "none"}).column("advice") is None
    assert guess_roles(columns, {"advice": "second opinion"}).column("advice") == "second opinion"


def test_a_yes_or_no_beside_a_yes_or_no_choice_is_not_asked_about():
    roles = guess_roles([yes_no("approved"), yes_no("customer is new")], {})
    assert roles.inputs == ("customer is new",)


def test_a_named_decider_may_be_another_in_each_case():
    columns = [options("choice", *DECIDE), code("decider", 1000), code("case_id", 1000)]
    roles = guess_roles(columns, {})
    assert roles.column("decider") == "decider"
    assert roles.column("case") == "case_id"


def test_a_choice_of_too_many_answers_is_said_to_have_them():
    with pytest.raises(ColumnUnclear, match="'decision' has 700 different answers"):
        guess_roles([code("decision", 700), options("colour", "red", "blue")], {})


def test_the_columns_nearest_to_a_choice_are_named_first():
    columns = [
        options("salesman", *"abcdefgh"), options("colour", "red", "blue"),
        options("what we decided", "in", "out"),
    ]  # fmt: skip
    with pytest.raises(ColumnUnclear) as caught:
        guess_roles(columns, {})
    assert "Closest: what we decided or colour" in str(caught.value)
    assert '--choice "what we decided"' in caught.value.hint


def test_a_flag_settles_it_and_none_means_there_is_no_such_column():
    columns = [options("decision", *DECIDE), options("ai_rec", *DECIDE), options("rec", *DECIDE)]
    roles = guess_roles(columns, {"advice": "rec"})
    assert roles.column("advice") == "rec"
    assert guess_roles(columns, {"advice": "none"}).column("advice") is None


def test_a_flag_that_names_no_column_says_the_nearest():
    with pytest.raises(ColumnMissing, match="decision"):
        guess_roles([options("decision", *DECIDE)], {"choice": "decison"})
