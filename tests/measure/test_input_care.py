"""Warnings: said where inputs bend what is said, silent where they do not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData
from sayso.domain.evidence import Word
from sayso.measure.catalog.input_care import INPUT_CARE
from sayso.measure.measure import query
from sayso.measure.setting import Setting
from sayso.workspace.audit import audit
from tests.measure.case_rows import cases_from

if TYPE_CHECKING:
    from sayso.domain.figure import Figure

Case = dict[str, object]
START = datetime(2025, 1, 6, 9, 30)  # noqa: DTZ001 - moments of the case table have no zone
HAS = frozenset({"outcome", "outcome_at", "outcome_due", "decided_at", "choice", "advice", "shown"})


def cases_of(
    *,
    cases: int = 3000,
    seed: int = 1,
    at_once: float = 0.0,
    early: float = 0.0,
    early_wrong: float = 0.2,
    missing_overruled: float = 0.0,
    shown: float = 0.5,
) -> list[Case]:
    draw = np.random.default_rng(seed)
    rows: list[Case] = []
    for i in range(cases):
        decided = START + timedelta(hours=i)
        due = decided + timedelta(days=21)
        late = i > 0.7 * cases
        soon = late and draw.random() < early
        followed = bool(draw.random() < 0.7)
        gone = not followed and draw.random() < missing_overruled
        known = (not late or soon) and not gone
        written = decided + (timedelta(seconds=5) if draw.random() < at_once else timedelta(days=4))
        wrong = draw.random() < (early_wrong if soon else 0.2)
        rows.append(
            {
                "decider": f"p{i % 12}",
                "decided_at": decided,
                "outcome_at": written if known else None,
                "outcome_due": due,
                "outcome": "done" if known else None,
                "outcome_matured": known or not late,
                "choice": "yes" if followed else "no",
                "advice": "yes",
                "shown": bool(draw.random() < shown),
                "choice_right": None if not known else not wrong,
            }
        )
    return rows


def read(rows: list[Case], **other: object) -> dict[str, Figure]:
    setting = Setting(has=HAS, options=("yes", "no"), deciders=12, **other)  # type: ignore[arg-type]
    figures = INPUT_CARE.read(cases_from(rows), setting)
    return {"|".join([f.measure, *(v for _, v in f.groups)]): f for f in figures}


def value(figure: Figure) -> Estimate:
    assert figure.estimate is not None, figure.answer
    return figure.estimate


@pytest.mark.feature("M18")
def test_outcomes_written_down_with_the_choice_are_warned_of():
    figure = read(cases_of(at_once=0.4))["outcome-at-once"]
    assert value(figure).value == pytest.approx(0.4, abs=0.05)
    assert figure.word is Word.CLEAR


def test_days_without_a_time_of_day_say_nothing_of_the_same_minute():
    rows = cases_of(at_once=0.4)
    for row in rows:
        for name in ("decided_at", "outcome_at"):
            moment = row[name]
            if isinstance(moment, datetime):
                row[name] = moment.replace(hour=0, minute=0, second=0)
    assert isinstance(read(rows)["outcome-at-once"].answer, CannotTell)


def test_early_outcomes_that_are_bad_more_often_are_warned_of():
    figures = read(cases_of(early=0.5, early_wrong=0.5))
    assert figures["outcome-early"].word is Word.CLEAR
    gap = figures["outcome-early-gap"]
    assert value(gap).r95.contains(0.3)
    assert gap.word is Word.LIKELY


def test_outcomes_missing_after_overruling_are_warned_of():
    figure = read(cases_of(missing_overruled=0.3))["missing-apart|overruled"]
    assert value(figure).low > 0.1
    assert figure.word is Word.LIKELY


def test_a_coin_that_did_not_decide_is_told_from_one_that_did():
    off = read(cases_of(shown=0.6), show_probability=0.5)["sample-ratio"]
    fair = read(cases_of(shown=0.5), show_probability=0.5)["sample-ratio"]
    assert (off.note("mismatch"), off.word) == (True, Word.NOT_ZERO)
    assert (fair.note("mismatch"), fair.word) == (False, Word.EITHER)


def test_sound_inputs_are_warned_of_nowhere():
    figures = read(cases_of(), show_probability=0.5)
    assert not [f for f in figures.values() if f.word in (Word.CLEAR, Word.LIKELY, Word.NOT_ZERO)]


def test_few_cases_say_so_and_none_say_nothing():
    figures = read(cases_of(cases=20, at_once=0.4))
    assert isinstance(figures["outcome-at-once"].answer, NotEnoughData)
    assert read([]) == {}


def test_outcomes_seen_after_one_option_are_not_called_missing():
    rows = cases_of(missing_overruled=1.0)
    assert not [k for k in read(rows, outcome_seen_for="yes") if k.startswith("missing-apart")]


moments = st.sampled_from([None, START, START + timedelta(seconds=30), START + timedelta(days=3)])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "decider": st.sampled_from(["a", "b", None]),
                "decided_at": moments,
                "outcome_at": moments,
                "outcome_due": moments,
                "outcome": st.sampled_from(["done", None]),
                "outcome_matured": st.booleans(),
                "choice": st.sampled_from(["yes", "no", None]),
                "advice": st.sampled_from(["yes", None]),
                "shown": st.sampled_from([True, False, None]),
                "choice_right": st.sampled_from([True, False, None]),
            }
        ),
        max_size=25,
    )
)
def test_the_query_counts_what_plain_python_counts(rows: list[Case]):
    got = cases_from(rows).fetch(query("input_care"), {})
    seen = [m for r in rows if isinstance(m := r["outcome_at"] or r["decided_at"], datetime)]
    latest = max(seen, default=None)

    def is_early(row: Case) -> bool:
        due = row["outcome_due"]
        return isinstance(due, datetime) and latest is not None and due > latest

    def is_timed(row: Case) -> bool:
        return None not in (row["outcome_at"], row["decided_at"], row["outcome"])

    def is_at_once(row: Case) -> bool:
        a, b = row["outcome_at"], row["decided_at"]
        return isinstance(a, datetime) and isinstance(b, datetime) and a <= b + timedelta(minutes=1)

    known = [r for r in rows if r["outcome"] is not None]
    sums = {
        "cases": len(rows),
        "matured": sum(bool(r["outcome_matured"]) for r in rows),
        "known": sum(bool(r["outcome_matured"]) for r in known),
        "timed": sum(is_timed(r) for r in rows),
        "at_once": sum(is_timed(r) and is_at_once(r) for r in rows),
        "early": sum(is_early(r) for r in known),
        "early_judged": sum(is_early(r) and r["choice_right"] is not None for r in known),
        "early_wrong": sum(is_early(r) and r["choice_right"] is False for r in known),
        "due_judged": sum(not is_early(r) and r["choice_right"] is not None for r in known),
        "due_wrong": sum(not is_early(r) and r["choice_right"] is False for r in known),
    }
    for name, total in sums.items():
        assert (float(got.numbers(name).sum()) if len(got) else 0) == total, name


def frame(rows: list[Case]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "decider": r["decider"],
                "decided_at": r["decided_at"],
                "outcome_at": r["outcome_at"],
                "choice": r["choice"],
                "advice": r["advice"],
                "outcome": None if r["outcome"] is None else ("yes" if r["choice_right"] else "no"),
            }
            for r in rows
        ]
    )


def test_the_report_warns_and_a_sound_table_has_one_line():
    bent = audit(frame(cases_of(at_once=0.4))).to_html()
    assert "Handle with care" in bent
    assert "were written down within a minute of the choice" in bent
    sound = audit(frame(cases_of())).to_html()
    assert "Handle with care" not in sound
    assert "Nothing looked at speaks against the inputs" in sound
