"""A charter and a table say what each option would have brought, or what is missing."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from sayso.align.consequence_reading import Note, NoteCode, threshold_choices
from sayso.declare.charter import Charter, InputType, Outcome, OutcomeKind, Quantity, Source
from sayso.domain.answer import CannotTell, NotEnoughData
from sayso.domain.errors import CharterInvalid
from sayso.present.consequences import note_sentence
from tests.align.consequence_tables import (
    CHARTER,
    COSTS,
    KEPT,
    SOLVED,
    ask,
    measured,
    read,
    rows,
)


def test_each_option_is_valued_in_each_state_on_each_consideration():
    found = read().consequences
    assert found.options == ("bring", "leave")
    assert found.states == ("false", "true")
    price = read().known["price"]
    bring, leave = found.values[:, 0], found.values[:, 1]
    # Solved unless left and used; a part brought in vain costs its price, of a range of 200.
    assert (bring[:, :, 0] == 1).all()
    assert (leave[:, 0, 0] == 1).all()
    assert (leave[:, 1, 0] == 0).all()
    assert bring[:, 0, 1] == pytest.approx(1 - price / 200)
    assert (bring[:, 1, 1] == 1).all()
    assert (leave[:, :, 1] == 1).all()


def test_beliefs_follow_the_inputs_and_sum_to_1():
    reading = read(rows(6000), most=1000)
    codes = np.array(reading.known["code"].tolist())
    for belief in (reading.consequences.belief, reading.consequences.held_out):
        assert belief is not None
        assert belief.sum(1) == pytest.approx(1)
        assert belief[codes == "A", 1].mean() == pytest.approx(0.8, abs=0.03)
        assert belief[codes == "B", 1].mean() == pytest.approx(0.2, abs=0.03)


def test_what_is_chosen_by_and_what_it_is_scored_by_are_two_draws():
    found = read().consequences
    assert found.held_out is not None
    assert np.abs(found.belief - found.held_out).max() > 0.005
    assert np.abs(found.belief - found.held_out).max() < 0.4


def test_expected_money_is_worked_out_by_hand():
    reading = read()
    found, price = reading.consequences, reading.known["price"]
    used = found.belief[:, 1]
    kept = found.considerations[1]
    amount = kept.worst + found.expected[:, 0, 1] * (kept.best - kept.worst)
    assert amount == pytest.approx((1 - used) * price)


def test_choices_and_deciders_are_numbered_and_nobody_is_named():
    table = rows()
    found = read(table, most=10_000).consequences
    assert found.of == 300
    assert sorted(np.unique(found.chosen)) == [0, 1]
    assert (found.chosen == 0).sum() == (table["did"] == "bring").sum()
    assert sorted(np.unique(found.deciders)) == list(range(12))
    assert sorted(np.bincount(found.deciders)) == sorted(table["who"].value_counts())


def test_decider_numbers_do_not_follow_the_names():
    table = rows(1200)
    by_name = table["who"].value_counts().sort_index().tolist()
    first, second = (
        np.bincount(read(table, most=5000, seed=seed).consequences.deciders).tolist()
        for seed in (1, 2)
    )
    assert sorted(first) == sorted(second) == sorted(by_name)
    assert first != second
    assert by_name not in (first, second)


def test_the_same_seed_gives_the_same_cases_in_any_order_of_rows():
    table = rows(500)
    first = read(table, most=50)
    again = read(table.sample(frac=1, random_state=3), most=50)
    other = read(table, most=50, seed=6)
    assert first.known["code"].tolist() == again.known["code"].tolist()
    assert (first.consequences.belief == again.consequences.belief).all()
    assert first.known["code"].tolist() != other.known["code"].tolist()


def test_cases_a_month_come_from_the_dates():
    # 300 cases over 100 days, and a month of 30.4375 days.
    assert read().consequences.cases_a_month == pytest.approx(3 * 30.4375, rel=0.01)


def test_one_mistyped_year_does_not_stretch_the_month():
    table = rows()
    table.loc[0, "day"] = pd.Timestamp("1926-03-01")
    assert read(table).consequences.cases_a_month == pytest.approx(3 * 30.4375, rel=0.03)


def test_there_is_no_month_without_dates_or_with_less_than_28_days_of_them():
    short = rows()
    short["day"] = pd.Timestamp("2026-03-01") + (short["day"] - short["day"].min()) / 4
    assert read(short).consequences.cases_a_month is None
    columns = tuple(c for c in CHARTER.source.columns if c[0] != "decided_at")  # type: ignore[union-attr]
    undated = replace(CHARTER, source=Source(columns=(*columns, ("decided_at", "none"))))
    assert read(rows().drop(columns="day"), undated).consequences.cases_a_month is None


def test_inputs_to_be_priced_are_numbers_by_name():
    inputs = read().consequences.inputs
    assert {name: column.shape[1] for name, column in inputs.items()} == {"code": 1, "price": 1}
    assert all(np.isfinite(column).all() for column in inputs.values())


def test_what_lies_outside_the_range_is_held_to_it_and_counted():
    table = rows()
    table.loc[table.index[:7], "price"] = 500.0
    reading = read(table)
    assert [(n.count, n.of, n.detail) for n in reading.noted(NoteCode.OUTSIDE_RANGE)] == [
        (7, 300, "kept")
    ]
    assert reading.consequences.values.min() == 0


def test_cases_with_an_input_that_a_measure_needs_missing_are_left_out_and_counted():
    table = rows()
    table.loc[table.index[:9], "price"] = None
    reading = read(table)
    assert len(reading.consequences.values) == 291
    assert [(n.count, n.of, n.detail) for n in reading.noted(NoteCode.LEFT_OUT)] == [
        (9, 300, "kept")
    ]


def test_a_number_that_is_not_finite_is_not_known():
    table = rows()
    table.loc[table.index[:2], "price"] = [np.inf, -np.inf]
    assert [n.count for n in read(table).noted(NoteCode.LEFT_OUT)] == [2]


def test_a_condition_counts_as_1_or_0():
    charter = measured("choice = 'bring' or not used", "if(choice = 'bring', 1, 0)")
    assert (
        read(charter=charter).consequences.values[..., 0] == read().consequences.values[..., 0]
    ).all()


def test_without_the_outcome_in_a_measure_nothing_is_learned_and_nothing_can_turn_out():
    charter = measured("if(choice = 'bring', 1, 0)", "if(choice = 'bring', price, 0)")
    reading = read(rows().drop(columns="used"), replace(charter, source=Source(columns=(
        ("case", "id"), ("choice", "did"), ("outcome", "none")))))  # fmt: skip
    assert len(reading.consequences.states) == 1
    assert (reading.consequences.belief == 1).all()
    assert reading.consequences.held_out is None


def test_an_outcome_of_several_kinds_is_believed_as_such():
    table = rows(900)
    used = table["used"]
    table["used"] = np.where(used, "used", np.where(table["price"] > 120, "broken", "unused"))
    outcome = Outcome(name="used", kind=OutcomeKind.CATEGORY)
    charter = measured(
        "if(choice = 'leave' and used = 'used', 0, 1)",
        "if(choice = 'bring' and used <> 'used', price, 0)",
        outcome=outcome,
    )
    found = read(table, charter).consequences
    assert found.states == ("broken", "unused", "used")
    assert found.values.shape[2] == 3
    dear = read(table, charter).known["price"] > 120
    assert (found.belief[dear, 0] > found.belief[dear, 1]).all()


def test_an_outcome_that_is_not_due_is_not_learned_from_even_where_it_is_known():
    table = rows(600)
    early = table["day"] > table["day"].quantile(0.5)
    table.loc[early, "used"] = True
    now = table["day"].quantile(0.5).to_pydatetime() + timedelta(days=21)
    found = read(table, as_of=now).consequences
    assert found.belief[:, 1].mean() == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("change", "need", "of"),
    [
        (lambda t: t.assign(used=None), 10, "outcomes that are due and known"),
        (lambda t: t.assign(used=True), 10, "outcomes of another kind"),
        (lambda t: t.assign(used=[True] * 297 + [False] * 3), 10, "outcomes of another kind"),
        (lambda t: t.head(1), 10, "outcomes of another kind"),
        (lambda t: t.assign(used="perhaps"), 10, "outcomes that are due and known"),
    ],
    ids=["none", "one class", "nearly one class", "one case", "unreadable"],
)
def test_too_few_outcomes_are_said_and_counted(change, need: int, of: str):
    found = ask(change(rows()))
    assert isinstance(found, NotEnoughData | CannotTell)
    if isinstance(found, NotEnoughData):
        assert (found.need, found.of) == (need, of)
        assert found.have < need


@pytest.mark.parametrize(
    ("charter", "reason", "way"),
    [
        (measured("used", KEPT.measure), "does not say what each option brings on solved",
         "over choice, used and inputs"),
        (measured("if(choice = 'bring', usd, 1)", KEPT.measure), "brings on solved",
         "'usd' is not declared. Did you mean 'used'"),
        (measured("used", "price"), "brings on solved and on kept", "over choice"),
        (measured(None, KEPT.measure), "brings on solved", "over choice"),
        (replace(CHARTER, matters=()), "what matters over a stated range", "range"),
        (replace(CHARTER, matters=(replace(SOLVED, range=None),)), "stated range", "range"),
        (replace(CHARTER, options=()), "fewer than two options", "options:"),
        (replace(CHARTER, options=(), quantity=Quantity(unit="EUR", low=0, high=9)),
         "is a quantity", "bands"),
        (replace(CHARTER, outcome=Outcome(name="used", kind=OutcomeKind.NUMBER),
                 matters=(replace(SOLVED, measure="if(choice = 'bring', used, 0)"),)),
         "is a number", "boolean or category"),
        (replace(CHARTER, inputs=(*CHARTER.inputs, ("size", InputType.NUMBER)),
                 matters=(replace(SOLVED, measure="if(choice = 'bring', size, 0)"),)),
         "no column 'size'", "Add the column"),
    ],
    ids=lambda v: v[:20] if isinstance(v, str) else "",
)  # fmt: skip
def test_what_cannot_be_told_says_what_to_declare(charter: Charter, reason: str, way: str):
    found = ask(charter=charter)
    assert isinstance(found, CannotTell)
    assert reason in found.reason
    assert way in found.cheapest_way


def test_a_table_without_outcomes_says_so():
    columns = tuple(c for c in CHARTER.source.columns if c[0] != "outcome")  # type: ignore[union-attr]
    charter = replace(CHARTER, source=Source(columns=(*columns, ("outcome", "none"))))
    found = ask(rows().drop(columns="used"), charter)
    assert isinstance(found, CannotTell)
    assert "has no outcomes" in found.reason


def test_an_outcome_of_too_many_kinds_is_refused():
    table = rows()
    table["used"] = [f"kind {i % 13}" for i in range(300)]
    outcome = Outcome(name="used", kind=OutcomeKind.CATEGORY)
    charter = measured("if(choice = 'bring' and used = 'x', 1, 0)", outcome=outcome)
    found = ask(table, charter)
    assert isinstance(found, CannotTell)
    assert "more than 12" in found.reason


def test_a_measure_whose_input_is_never_known_is_refused_by_name():
    found = ask(rows().assign(price=None))
    assert isinstance(found, CannotTell)
    assert "on kept cannot be worked out" in found.reason


def test_a_measure_that_overflows_is_an_error_of_the_charter():
    charter = measured("if(choice = 'bring', 9223372036854775807 + 1, 0)")
    with pytest.raises(CharterInvalid, match="cannot be worked out"):
        ask(charter=charter)


@pytest.mark.parametrize("amount", ["1e308 * 1e308", "price / 0", "9" * 400])
def test_an_amount_without_end_is_refused_by_name(amount: str):
    found = ask(charter=measured(f"if(choice = 'bring', {amount}, 0)"))
    assert isinstance(found, CannotTell)
    assert "on solved cannot be worked out" in found.reason


def test_an_input_filled_in_afterwards_is_not_believed_from():
    charter = replace(CHARTER, inputs=(*CHARTER.inputs, ("used", InputType.BOOLEAN)))
    reading = read(charter=charter)
    assert [n.detail for n in reading.noted(NoteCode.KNOWN_AFTERWARDS)] == ["used"]
    assert "used" not in reading.known
    assert reading.consequences.belief.max() < 0.95


class TestCostsOnly:
    CHARTER = measured("used", "price", mistakes=COSTS)

    def test_the_cost_of_mistakes_stands_in_and_agreement_cannot_be_priced(self):
        reading = read(charter=self.CHARTER)
        (cost,) = reading.consequences.considerations
        assert (cost.name, cost.worst, cost.best, cost.unit) == ("cost of mistakes", 310, 0, "EUR")
        assert reading.lacks is not None
        assert "on solved and on kept" in reading.lacks.reason
        assert reading.noted(NoteCode.COSTS_ONLY)

    def test_a_mistake_costs_what_the_charter_says(self):
        values = read(charter=self.CHARTER).consequences.values[..., 0]
        assert values[:, 0, 0] == pytest.approx(1 - 190 / 310)
        assert (values[:, 0, 1] == 1).all()
        assert (values[:, 1, 0] == 1).all()
        assert (values[:, 1, 1] == 0).all()

    @pytest.mark.parametrize(
        "mistakes",
        [
            COSTS[:1],
            (COSTS[0], replace(COSTS[1], costs=None)),
            (COSTS[0], replace(COSTS[1], costs=replace(COSTS[1].costs, unit="USD"))),  # type: ignore[type-var]
            (COSTS[0], replace(COSTS[1], when="used, 5, 0) + if(true")),
            (COSTS[0], replace(COSTS[1], when="price")),
            (COSTS[0], replace(COSTS[1], when="nothing_declared")),
        ],
        ids=["one option", "no cost", "two units", "injected", "no condition", "unknown"],
    )
    def test_costs_that_do_not_compare_are_no_stand_in(self, mistakes):
        assert isinstance(ask(charter=replace(self.CHARTER, mistakes=mistakes)), CannotTell)

    def test_measures_that_say_enough_come_before_costs(self):
        reading = read(charter=replace(CHARTER, mistakes=COSTS))
        assert len(reading.consequences.considerations) == 2
        assert reading.lacks is None


class TestUnseen:
    CHARTER = measured(outcome=Outcome(name="used", seen_when="choice = 'bring'"))

    def test_what_the_choice_hides_is_supposed_and_said(self):
        reading = read(charter=self.CHARTER)
        left = reading.consequences.chosen == 1
        assert (reading.unseen == left).all()
        (note,) = reading.noted(NoteCode.UNSEEN)
        assert (note.count, note.detail) == (int(left.sum()), "choice = 'bring'")
        assert "supposed" in note_sentence(note)

    def test_the_bounds_need_no_such_supposition(self):
        reading = read(charter=self.CHARTER)
        expected, bounds = reading.consequences.expected, reading.extremes
        assert (bounds.low <= expected + 1e-12).all()
        assert (bounds.high >= expected - 1e-12).all()
        seen = ~reading.unseen
        assert (bounds.low[seen] == expected[seen]).all()
        # Left: solved is 0 in its worst state and 1 in its best.
        assert (bounds.low[~seen, 1, 0] == 0).all()
        assert (bounds.high[~seen, 1, 0] == 1).all()

    def test_an_option_whose_outcome_is_never_there_is_found_without_a_word_in_the_charter(self):
        table = rows()
        table["used"] = table["used"].where(table["did"] == "bring", None)
        reading = read(table)
        (note,) = reading.noted(NoteCode.UNSEEN)
        assert note.detail == "choice is not 'leave'"
        assert not reading.noted(NoteCode.UNKNOWN_OUTCOMES)
        assert (reading.unseen == (reading.consequences.chosen == 1)).all()


def test_due_outcomes_that_are_not_known_are_counted():
    table = rows()
    table["used"] = table["used"].where(table.index >= 12, None)
    (note,) = read(table).noted(NoteCode.UNKNOWN_OUTCOMES)
    assert (note.count, note.of) == (12, 300)


def test_without_inputs_every_case_is_believed_alike_and_that_is_said():
    charter = measured(SOLVED.measure, "if(choice = 'bring' and not used, 190, 0)", inputs=())
    reading = read(charter=charter)
    assert reading.noted(NoteCode.NO_INPUTS)
    assert len(np.unique(reading.consequences.belief[:, 1].round(9))) <= 3
    assert reading.consequences.inputs == {}


def test_a_category_of_very_many_values_is_taken_together_and_said():
    table = rows(600)
    table["code"] = [f"code {i}" for i in range(600)]
    reading = read(table)
    assert [n.detail for n in reading.noted(NoteCode.MANY_VALUES)] == ["code"]
    assert reading.consequences.inputs["code"].shape[1] <= 7


def test_options_that_bring_the_same_everywhere_are_pointed_out():
    charter = measured(SOLVED.measure, "if(choice = 'bring', 7, 7)")
    assert [n.detail for n in read(charter=charter).noted(NoteCode.NO_DIFFERENCE)] == ["kept"]


def test_an_input_that_never_varies_or_is_never_known_is_no_input_to_price():
    table = rows().assign(code="A")
    assert "code" not in read(table).consequences.inputs
    assert "code" not in read(rows().assign(code=None)).consequences.inputs


def test_rows_without_a_case_number_are_sampled_one_by_one():
    table = rows(3000).drop(columns=["id", "day", "who"])
    charter = replace(
        CHARTER, source=Source(columns=(("choice", "did"), ("outcome", "used"), ("case", "none"),
        ("decider", "none"), ("decided_at", "none"))),
    )  # fmt: skip
    found = read(table, charter, most=400).consequences
    assert len(found.values) == 400
    assert 0.35 < (found.values[:, 0, 0, 1] == 0.5).mean() < 0.65
    assert (found.deciders == -1).all()


def test_quotes_semicolons_and_html_in_options_stay_text():
    strange = "bring'; DROP TABLE cases; --<b>"
    table = rows()
    table["did"] = table["did"].replace("bring", strange)
    told = strange.replace("'", "''").replace(";", "").replace("--", "")
    charter = replace(
        measured(
            "if(choice = 'leave' and used, 0, 1)", "if(choice <> 'leave' and not used, 100, 0)"
        ),
        options=(strange, "leave"),
    )
    found = read(table, charter).consequences
    assert found.options == (strange, "leave")
    assert (found.chosen == 0).sum() == (table["did"] == strange).sum()
    assert isinstance(ask(table, measured(f"if(choice = '{told}', 1, 0)")), CannotTell)


def test_a_moment_with_and_without_a_zone_is_the_same_moment():
    aware = read(as_of=datetime.fromisoformat("2026-11-24T00:00:00+00:00")).consequences
    naive = read(as_of=datetime(2026, 11, 24)).consequences  # noqa: DTZ001 - on purpose
    assert (aware.belief == naive.belief).all()


class TestSaid:
    def columns(self) -> Charter:
        source = CHARTER.source
        assert source is not None
        more = (("advice", "rec"), ("advice_confidence", "p"))
        return replace(CHARTER, source=Source(columns=(*source.columns, *more)), mistakes=COSTS)

    def test_a_chance_of_one_option_is_handed_over_with_that_option(self):
        table = rows()
        table["p"] = np.linspace(0.01, 0.99, 300)
        table["rec"] = np.where(table["p"] > 0.5, "bring", "leave")
        reading = read(table, self.columns())
        assert reading.said_for == "bring"
        assert np.sort(reading.said) == pytest.approx(np.linspace(0.01, 0.99, 300))

    def test_a_confidence_in_the_advice_is_turned_to_one_option(self):
        table = rows()
        table["p"] = 0.9
        table["rec"] = np.where(table["price"] > 120, "bring", "leave")
        reading = read(table, self.columns())
        assert reading.said_for == "bring"
        dear = reading.known["price"] > 120
        assert reading.said[dear] == pytest.approx(0.9)
        assert reading.said[~dear] == pytest.approx(0.1)

    def test_without_advice_nothing_is_said(self):
        assert np.isnan(read().said).all()


class TestThresholds:
    def test_each_threshold_chooses_in_each_case(self):
        chosen = threshold_choices(
            np.array([0.2, 0.5, np.nan]), np.array([0.0, 0.5, 1.0]), above=0, below=1,
            missing=np.array([1, 1, 0]),
        )  # fmt: skip
        assert chosen.tolist() == [[0, 0, 0], [1, 0, 0], [1, 1, 0]]

    def test_infinite_thresholds_choose_one_option_throughout(self):
        chosen = threshold_choices(
            np.array([1.0, -9.0]), np.array([-np.inf, np.inf]), above=0, below=1, missing=1
        )
        assert chosen.tolist() == [[0, 0], [1, 1]]

    def test_a_missing_threshold_is_refused(self):
        with pytest.raises(ValueError, match="threshold"):
            threshold_choices(np.zeros(2), np.array([np.nan]), above=0, below=1, missing=1)


@pytest.mark.parametrize("code", list(NoteCode))
def test_each_note_has_a_sentence(code: NoteCode):
    said = note_sentence(Note(code, 3, 10, "price"))
    assert said.endswith(".")
    assert said.count(". ") <= 1
