"""The demo's charter and table say what agreeing and knowing more would be worth, as by hand."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from sayso.align.clarity import clarity
from sayso.align.consequence_reading import ConsequencesReading, NoteCode, threshold_choices
from sayso.align.information import evppi
from sayso.declare.lint import check_text
from sayso.workspace.audit import load_charter
from sayso.workspace.consequences import read_consequences
from sayso.workspace.demo_company import FAULTS, expit, needed_odds, write_demo

# Weight of "solved on the first visit"; the rest is that of "parts not wasted".
SOLVED = np.array([0.80, 0.65, 0.55, 0.50, 0.35])
RANGE = 190.0


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> ConsequencesReading:
    written = write_demo(tmp_path_factory.mktemp("demo"), 7)
    charter = load_charter(written.charter)
    assert charter is not None
    now = datetime(2026, 7, 1, tzinfo=UTC)
    found = read_consequences(charter, written.table, as_of=now, seed=3)
    assert isinstance(found, ConsequencesReading)
    return found


def test_the_demos_measures_tell_options_apart(tmp_path: Path):
    text = write_demo(tmp_path, 7).charter.read_text("utf-8")
    _, problems = check_text(text, "first-visit-part.yaml", today=datetime(2026, 7, 1).date())  # noqa: DTZ001 - a day
    assert not [p for p in problems if p.code in ("SAY240", "SAY241", "SAY242")]


def test_the_demo_says_what_each_option_brings(reading: ConsequencesReading):
    found = reading.consequences
    assert reading.lacks is None
    assert found.values.shape == (2000, 2, 2, 2)
    # Not used, then used: bring, leave; solved, parts kept.
    assert found.values[0].tolist() == [[[1, 0], [1, 1]], [[1, 1], [0, 1]]]
    assert found.cases_a_month == pytest.approx(6299 / 145 * 30.4375, rel=0.02)
    assert [n.detail for n in reading.noted(NoteCode.STATE_OF_THINGS)] == ["part_used"]


def test_beliefs_come_near_the_chances_that_made_the_demo(reading: ConsequencesReading):
    codes = {fault.code: i for i, fault in enumerate(FAULTS)}
    code = np.array([codes[c] for c in reading.known["fault_code"].tolist()])
    age = np.asarray(reading.known["unit_age_years"], dtype=np.float64)
    # The customer's words, which the table has as a yes or no, say more than code and age alone.
    chance = expit(needed_odds(code, age))
    belief = reading.consequences.belief[:, 1]
    for which in range(len(FAULTS)):
        here = code == which
        assert belief[here].mean() == pytest.approx(chance[here].mean(), abs=0.06)


def test_what_agreement_and_information_are_worth_is_recomputed_by_hand(
    reading: ConsequencesReading,
):
    found = reading.consequences
    weights = np.column_stack([SOLVED, 1 - SOLVED])
    utility = found.utility(weights)
    rule = float(np.mean([clarity(utility[:, c]).rule for c in range(2000)]))

    # By hand, with p the belief that the part is used and w the weight of "solved": bringing costs
    # (1 - w)(1 - p), leaving costs w p. At the mean weight, agreeing spares what those lose who
    # would have chosen the dearer one.
    p = found.belief[:, 1]
    mean = float(SOLVED.mean())
    bring, leave = (1 - mean) * (1 - p), mean * p
    lost = np.zeros(2000)
    for w in SOLVED:
        chooses_bring = (1 - w) * (1 - p) < w * p
        lost += (np.where(chooses_bring, bring, leave) - np.minimum(bring, leave)) / len(SOLVED)
    assert rule == pytest.approx(float(lost.mean()), abs=1e-12)

    # In EUR: 190 EUR weigh 1 - mean, so one unit of utility is 190 / (1 - mean) EUR.
    assert found.cases_a_month is not None
    a_month = RANGE / (1 - mean) * found.cases_a_month
    information = float(np.minimum(bring, leave).mean()) * a_month
    agreeing = rule * a_month
    # 1,300 visits a month, a mistake in one of four, at 190 to 250 EUR: tens of thousands.
    assert 2_000 < agreeing < 40_000
    assert 40_000 < information < 110_000
    assert agreeing < information


def test_each_input_can_be_priced(reading: ConsequencesReading):
    found = reading.consequences
    mean = np.array([SOLVED.mean(), 1 - SOLVED.mean()])
    worth = {
        name: evppi(found.utility(mean), x, redraws=2).value for name, x in found.inputs.items()
    }
    assert set(worth) == {
        "fault_code", "unit_age_years", "stock_low", "customer_words_match", "customer_kind",
    }  # fmt: skip
    # What breaks says most; whether stock is low and who asks says nothing of the need.
    assert max(worth, key=lambda name: worth[name]) == "fault_code"
    assert worth["customer_kind"] < 0.1 * worth["fault_code"]


def test_thresholds_on_the_ais_estimate_go_from_always_to_never(reading: ConsequencesReading):
    found = reading.consequences
    assert reading.said_for == "bring"
    chosen = threshold_choices(
        reading.said, np.array([0.0, 0.5, 1.01]), above=0, below=1, missing=found.chosen
    )
    brought = (chosen == 0).mean(1)
    assert brought[0] > 0.98 > brought[1] > brought[2]
    # The AI at one half wastes and misses less than either always or never bringing.
    mean = np.array([SOLVED.mean(), 1 - SOLVED.mean()])
    worth = np.take_along_axis(found.utility(mean), chosen.T, axis=1).mean(0)
    assert worth.argmax() == 1
