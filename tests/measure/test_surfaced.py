"""Assumptions that nobody wrote down, found in a table."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path

import pandas as pd
import pytest

from sayso.adapters.table_source import ImportRequest, open_table
from sayso.declare.charter import Charter, InputType, Mistake, Money, Outcome, OutcomeKind
from sayso.domain.answer import CannotTell, Estimate
from sayso.domain.evidence import Word
from sayso.domain.figure import Figure
from sayso.measure.catalog.cost_ratio import COST_RATIO
from sayso.measure.catalog.missing_values import MISSING_VALUES
from sayso.measure.catalog.support import CONSTANT, SUPPORT, UNSEEN
from sayso.measure.catalog.unheld_reasons import UNHELD_REASONS
from sayso.measure.surfaced import name_of, surfaced, watch_of

NOW = datetime.fromisoformat("2027-01-01")
ALL = (COST_RATIO, UNSEEN, SUPPORT, MISSING_VALUES, CONSTANT, UNHELD_REASONS)
COLUMNS = {"case": "id", "decider": "who", "choice": "choice", "outcome": "used"}


def rows(n: int = 960, people: int = 8) -> pd.DataFrame:
    """Two faults at random, a stock flag; both answers everywhere, outcomes everywhere."""
    at = range(n)
    return pd.DataFrame(
        {
            "id": [f"c{i}" for i in at],
            "who": [f"p{i % people}" for i in at],
            "fault": [("E-12", "E-41", "E-77")[(i // 8) % 3] for i in at],
            "stock": [("low", "high")[(i // 24) % 2] for i in at],
            "age": [float(i % 7) for i in at],
            "choice": [("bring", "leave")[(i // 3) % 2] for i in at],
            "used": [("yes", "no")[(i // 5) % 2] for i in at],
        }
    )


def figures(frame: pd.DataFrame, charter: Charter | None = None, **columns: str) -> list[Figure]:
    request = ImportRequest(
        source=frame, charter=charter, columns={**COLUMNS, **columns}, as_of=NOW
    )
    with open_table(request) as opened:
        read = [m for m in ALL if m.can_read(opened.setting)]
        return [f for m in read for f in m.read(opened.engine, opened.setting)]


def names(found: Iterable[Figure]) -> list[str]:
    return [name_of(f) for f in surfaced(found)]


def charter(**inputs: InputType) -> Charter:
    kinds = {"fault": InputType.CATEGORY, "stock": InputType.CATEGORY, "age": InputType.NUMBER}
    return Charter(
        decision="bring",
        version=1,
        options=("bring", "leave"),
        inputs=tuple((kinds | inputs).items()),
        outcome=Outcome(name="used", kind=OutcomeKind.BOOLEAN),
    )


def test_a_table_with_evidence_everywhere_surfaces_nothing() -> None:
    assert names(figures(rows())) == []


@pytest.mark.feature("M24")
def test_an_answer_that_was_never_tried_for_a_kind_of_case_is_found() -> None:
    frame = rows()
    frame.loc[frame.fault == "E-41", "choice"] = "leave"
    found = figures(frame, replace(charter(), kinds=("fault",)))
    (one,) = surfaced(found)
    assert (name_of(one), one.note("option")) == ("one-answer-fault-e-41", "leave")
    watch = watch_of(one, charter())
    assert watch is not None
    assert (watch.check, watch.where) == ("avg(choice = 'leave')", "fault = 'E-41'")
    # 320 of 320: the least share that is not ruled out is .025 to the power of 1/320, .9885.
    assert watch.holds == (0.988, 1.0)
    # All cases alike in fault got one answer: a third of the table.
    whole = next(f for f in found if f.measure == "outside-support" and not f.groups)
    assert whole.estimate is not None
    assert whole.estimate.value == pytest.approx(1 / 3)


def test_an_input_that_spells_the_choice_is_no_missing_evidence() -> None:
    frame = rows()
    frame["bail"] = frame.choice.map({"bring": "1", "leave": "0"})
    assert names(figures(frame)) == []


def test_a_range_of_a_number_becomes_a_condition() -> None:
    frame = rows()
    frame["age"] = [i % 97 / 10 for i in range(len(frame))]
    frame.loc[frame.age <= 1.5, "choice"] = "leave"
    watches = [watch_of(f, charter()) for f in surfaced(figures(frame, charter()))]
    conditions = [w.where for w in watches if w is not None]
    assert any(c is not None and c.startswith("age <= ") for c in conditions)


@pytest.mark.feature("M24")
def test_a_kind_of_case_without_any_outcome_is_found() -> None:
    frame = rows()
    frame.loc[frame.stock == "low", "used"] = None
    (one,) = surfaced(figures(frame, charter()))
    watch = watch_of(one, charter())
    assert watch is not None
    assert (watch.check, watch.where) == ("avg(used is null)", "stock = 'low'")


@pytest.mark.feature("M24")
def test_an_answer_whose_outcomes_are_never_seen_is_found() -> None:
    frame = rows()
    frame.loc[frame.choice == "leave", "used"] = None
    found = surfaced(figures(frame, charter()))
    assert names(found) == ["unseen-leave"]
    watch = watch_of(found[0], charter())
    assert watch is not None
    assert (watch.check, watch.where) == ("avg(used is null)", "choice = 'leave'")


@pytest.mark.feature("M24")
@pytest.mark.parametrize(
    ("value", "check"), [("A", "avg(line = 'A')"), (None, "avg(line is null)")]
)
def test_an_input_that_never_varies_is_found(value: str | None, check: str) -> None:
    frame = rows()
    frame["line"] = pd.Series([value] * len(frame), dtype="object")
    asks = charter(line=InputType.CATEGORY)
    found = surfaced(figures(frame, asks))
    assert names(found) == ["constant-line"]
    watch = watch_of(found[0], asks)
    assert watch is not None
    assert (watch.check, watch.where) == (check, None)


@pytest.mark.feature("M24")
def test_an_empty_cell_that_goes_with_a_choice_is_found() -> None:
    frame = rows()
    empty = [i // 8 % 2 == 0 for i in range(len(frame))]
    frame.loc[empty, "stock"] = None
    # Where it is empty nearly all bring; elsewhere half do.
    frame.loc[[e and i % 13 != 0 for i, e in enumerate(empty)], "choice"] = "bring"
    found = surfaced(figures(frame, charter()))
    assert names(found) == ["empty-stock-bring"]
    assert found[0].word is Word.LIKELY
    watch = watch_of(found[0], charter())
    assert watch is not None
    assert (watch.check, watch.where) == ("avg(choice = 'bring')", "stock is null")


def test_cells_that_are_empty_by_chance_are_no_finding() -> None:
    frame = rows()
    frame.loc[[i % 7 == 0 for i in range(len(frame))], "stock"] = None
    found = figures(frame)
    assert names(found) == []
    assert any(f.measure == "missing-as-value" for f in found)


@pytest.mark.feature("M24")
def test_reasons_that_no_input_holds_are_found_and_have_no_test() -> None:
    frame = rows()
    texts = ["wrong address", "stock was low", "", "the address is wrong"]
    frame["why"] = [texts[(i // 8) % 4] for i in range(len(frame))]
    found = surfaced(figures(frame, charter(), reason_text="why"))
    assert [f.group("theme") for f in found] in (["address wrong"], ["wrong address"])
    assert watch_of(found[0], charter()) is None


def test_reasons_of_nobody_named_cannot_be_told() -> None:
    frame = rows().drop(columns="who")
    frame["why"] = "wrong address"
    found = figures(frame, decider="none", reason_text="why")
    (one,) = (f for f in found if f.measure == "unheld-reasons")
    assert isinstance(one.answer, CannotTell)
    assert names(found) == []


def priced(ratio: float | None) -> Charter:
    """A wrong "bring" costs so many wrong "leave"; None where nobody says what they cost."""
    costs = (None, None) if ratio is None else (Money(100 * ratio, "EUR"), Money(100, "EUR"))
    return Charter(
        decision="bring",
        version=1,
        options=("bring", "leave"),
        inputs=(("fault", InputType.CATEGORY),),
        outcome=Outcome(name="used", kind=OutcomeKind.BOOLEAN),
        mistakes=(
            Mistake(option="bring", when="not used", costs=costs[0]),
            Mistake(option="leave", when="used", costs=costs[1]),
        ),
    )


def advised(p: list[float]) -> pd.DataFrame:
    frame = rows()
    numbers = count()
    frame["p"] = [p[next(numbers) % len(p)] for _ in frame.index]
    frame["rec"] = ["bring" if x > 0.5 else "leave" for x in frame.p]
    return frame


@pytest.mark.feature("M24")
def test_choices_that_hang_on_the_cost_of_a_mistake_are_counted() -> None:
    # The chance of "bring": two of four lie between 1/3 and 2/3, the lines at half and twice 1.
    frame = advised([0.1, 0.4, 0.6, 0.9, 0.4])
    found = figures(frame, priced(1.0), advice="rec", advice_confidence="p")
    (one,) = (f for f in found if f.measure == "cost-ratio")
    assert isinstance(one.answer, Estimate)
    assert one.answer.value == pytest.approx(3 / 5)
    assert (one.note("ratio"), one.note("declared")) == (1.0, True)
    # It is written down, in the charter's mistakes.
    assert names(found) == []


def test_a_chance_of_the_advice_itself_is_turned_to_the_first_answer() -> None:
    # Sureness of the advice, never under one half: .9 "leave" is a chance of .1 of "bring".
    frame = advised([0.1, 0.4, 0.6, 0.9, 0.4])
    frame["p"] = [max(p, 1 - p) for p in frame.p]
    found = figures(frame, priced(1.0), advice="rec", advice_confidence="p")
    (one,) = (f for f in found if f.measure == "cost-ratio")
    assert isinstance(one.answer, Estimate)
    assert one.answer.value == pytest.approx(3 / 5)


ATTACKS = {
    "no inputs": lambda f: f[["id", "who", "choice", "used"]],
    "one decider": lambda f: f.assign(who="p1"),
    "one answer": lambda f: f.assign(choice="bring"),
    "nulls everywhere": lambda f: f.assign(fault=None, stock=None, age=None, used=None),
    "a value a row": lambda f: f.assign(fault=[f"E-{i}" for i in range(len(f))]),
    "html and formulas": lambda f: f.assign(
        stock=[("<b>'\"</b>", "=1+1")[(i // 24) % 2] for i in range(len(f))]
    ),
    "few rows": lambda f: f.head(3),
}


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_no_table_breaks_it_and_every_proposal_can_be_named(attack: str) -> None:
    found = figures(ATTACKS[attack](rows()))
    for figure in surfaced(found):
        assert name_of(figure).replace("-", "").isalnum()
        assert figure.answer is not None


def test_names_of_different_values_differ() -> None:
    frame = rows()
    frame["fault"] = frame.fault.map({"E-12": "é'a", "E-41": "è'a", "E-77": "x"})
    frame.loc[frame.fault != "x", "choice"] = "leave"
    found = surfaced(figures(frame, charter()))
    assert len(set(names(found))) == len(found) == 2
    conditions = [w.where for f in found if (w := watch_of(f, charter())) is not None]
    assert "fault = 'é''a'" in conditions


def test_a_row_of_the_charters_names_that_are_words_of_sql_is_quoted(tmp_path: Path) -> None:
    frame = rows().rename(columns={"stock": "order"})
    frame.loc[frame.order == "low", "choice"] = "leave"
    asks = Charter(
        decision="bring", version=1, options=("bring", "leave"),
        inputs=(("order", InputType.CATEGORY), ("fault", InputType.CATEGORY)),
    )  # fmt: skip
    watch = watch_of(surfaced(figures(frame, asks))[0], asks)
    assert watch is not None
    assert watch.where == "\"order\" = 'low'"


def test_the_dearer_mistake_is_told_in_cheaper_ones() -> None:
    frame = advised([0.1, 0.4, 0.6, 0.9, 0.4])
    found = figures(frame, priced(0.25), advice="rec", advice_confidence="p")
    (one,) = (f for f in found if f.measure == "cost-ratio")
    assert (one.note("ratio"), one.note("first"), one.note("second")) == (4.0, "leave", "bring")


@pytest.mark.feature("M24")
def test_that_mistakes_cost_the_same_is_assumed_where_nobody_says_what_they_cost() -> None:
    frame = advised([0.1, 0.4, 0.6, 0.9, 0.4])
    found = figures(frame, priced(None), advice="rec", advice_confidence="p")
    (one,) = surfaced(found)
    assert (name_of(one), one.note("ratio")) == ("cost-ratio", 1.0)
    assert watch_of(one, priced(None)) is None
