"""One judge in Dane County, advice shown or hidden at random.

Published: Ben-Michael, Greiner, Huang, Imai, Jiang and Shin (2025), PNAS 122(38) e2505106122,
table 1, figure S1 and the authors' vignette; Imai et al. (2023), JRSS A 186:167.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pytest

import sayso
from sayso.domain.answer import CannotTell, Estimate
from sayso.domain.evidence import Quality, Verdict, Word
from sayso.domain.grade import Grade
from sayso.measure.reading import Reading

ROOT = Path(__file__).parents[2]


@lru_cache(maxsize=1)
def audited(folder: Path) -> sayso.Audit:
    return sayso.audit(
        folder / "pretrial_psa" / "psa_trial.csv",
        charter=ROOT / "examples" / "pretrial_psa" / "charter.yaml",
    )


@pytest.fixture
def audit(reference_data: Path) -> sayso.Audit:
    return audited(reference_data)


@pytest.fixture
def reading(audit: sayso.Audit) -> Reading:
    return audit.reading


def value(reading: Reading, measure: str, **groups: str) -> Estimate:
    figure = reading.figure(measure, **groups)
    assert figure is not None, f"{measure} {groups} was not read"
    assert isinstance(figure.answer, Estimate), f"{measure} {groups}: {figure.answer}"
    return figure.answer


@pytest.mark.oracle("I1")
def test_the_agreement_table_is_the_published_one(reading: Reading):
    # Hidden: 510 + 149 of 943 agree; shown: 543 + 173 of 948.
    hidden, shown = (value(reading, "agreement", arm=a) for a in ("hidden", "shown"))
    assert (hidden.events, hidden.n) == (510 + 149, 510 + 195 + 89 + 149)
    assert (shown.events, shown.n) == (543 + 173, 543 + 162 + 70 + 173)
    released = value(reading, "choice-rate", arm="hidden", option="signature bond")
    assert released.events == 510 + 195
    released = value(reading, "choice-rate", arm="shown", option="signature bond")
    assert released.events == 543 + 162


@pytest.mark.oracle("I2")
@pytest.mark.feature("E7")
def test_the_net_influence_is_the_published_one(reading: Reading):
    figure = reading.figure("influence")
    got = value(reading, "influence")
    assert (got.value, got.low, got.high) == pytest.approx((0.056, 0.016, 0.097), abs=5e-4)
    assert figure is not None
    assert figure.grade is Grade.RANDOMISED
    assert figure.word is Word.SMALL


def test_weighted_to_one_mix_of_advice_it_is_smaller(reading: Reading):
    # RULINGS 5: post-stratified .0519, SE .0185; margins allow up to 51 changed in 100.
    got = value(reading, "influence-adjusted")
    assert (got.value, got.low, got.high) == pytest.approx((0.0519, 0.016, 0.088), abs=5e-4)
    assert value(reading, "influence-most").value == pytest.approx(0.51, abs=5e-3)


@pytest.mark.feature("M12")
def test_the_effect_fades_between_the_halves_of_the_period(reading: Reading, audit: sayso.Audit):
    # RULINGS 7: first half .110 (.029), second half .004 (.029), by calendar.
    first = value(reading, "influence", period="first half")
    second = value(reading, "influence", period="second half")
    assert first.value == pytest.approx(0.110, abs=5e-3)
    assert second.value == pytest.approx(0.004, abs=5e-3)
    assert value(reading, "influence-fading").low > 0
    assert "first half" in audit.to_html()


@pytest.mark.oracle("I4")
def test_quality_differences_are_the_published_ones(reading: Reading):
    for key, estimate, error in (
        ("quality-loss", 0.0420, 0.0364),
        ("quality-false-negative", 0.0190, 0.0184),
        ("quality-false-positive", 0.0230, 0.0229),
    ):
        got = value(reading, key)
        assert got.value == pytest.approx(estimate, abs=5e-5)
        assert (got.high - got.low) / (2 * 1.959964) == pytest.approx(error, abs=5e-5)


@pytest.mark.oracle("I6")
@pytest.mark.feature("M6")
def test_bounds_of_the_advice_alone_are_ours_raw(reading: Reading):
    expected = {
        "advice-alone-false-negative": (-0.05802, 0.00323),
        "advice-alone-false-positive": (0.03903, 0.11170),
    }
    for key, ends in expected.items():
        figure = reading.figure(key)
        assert figure is not None
        assert (figure.note("low"), figure.note("high")) == pytest.approx(ends, abs=5e-5)


@pytest.mark.feature("M3")
def test_the_verdict_is_not_decorative_because_the_rate_did_not_move(reading: Reading):
    shown = value(reading, "choice-rate", arm="shown", option="cash bail")
    hidden = value(reading, "choice-rate", arm="hidden", option="cash bail")
    assert shown.value - hidden.value == pytest.approx(0.004, abs=5e-4)
    assert reading.judgement.verdict is Verdict.CHANGES_CHOICES
    assert reading.judgement.quality is Quality.UNKNOWN


@pytest.mark.feature("U3")
def test_the_report_says_what_a_leader_may_believe(audit: sayso.Audit):
    said = audit.findings[0]
    for part in ("75 or 76 of 100", "hidden, 70", "at least about 6 in 100 (2 to 10)", "net"):
        assert part in said
    assert "one judge, these cases, randomised" in said
    assert audit.verdict == "changes choices"


@pytest.mark.oracle("I5")
def test_failures_to_appear_and_violent_arrests_by_arm(reference_data: Path):
    # MEASURES 3, row I5: raw means by arm, hidden then shown.
    for column, expected in (
        ("Y_FTA", (0.18134, 0.17932)),
        ("Y_NVCA", (0.04772, 0.04958)),
    ):
        got = sayso.audit(
            reference_data / "pretrial_psa" / "psa_trial.csv",
            choice=column,
            advice="DMF",
            shown="Z",
            outcome="none",
            decider="none",
            case="case_id",
        )
        rates = [
            value(got.reading, "choice-rate", arm=a, option="yes") for a in ("hidden", "shown")
        ]
        assert [r.value for r in rates] == pytest.approx(expected, abs=5e-6)


@pytest.mark.feature("M6")
def test_what_the_advice_alone_would_bring_is_said_between_bounds(audit: sayso.Audit):
    page = re.sub(r"<[^>]+>", "", audit.to_html())
    assert "between 10 in 100 fewer and 4 in 100 more cases of “signature bond”" in page
    assert "between just above 0 in 100 more and 15 in 100 more of it wrongly left out" in page


@pytest.mark.feature("M6")
def test_nothing_is_said_of_wrong_advice_where_the_choice_picked_what_is_seen(
    audit: sayso.Audit, reading: Reading
):
    for key in ("over-acceptance", "under-acceptance"):
        figure = reading.figure(key)
        assert figure is not None
        assert isinstance(figure.answer, CannotTell)
    page = audit.to_html()
    assert "choices follow it" not in page
    assert "Fill them in" not in page
