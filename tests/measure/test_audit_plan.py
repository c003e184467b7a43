"""Which measures a table allows, and what is shared between them."""

from collections.abc import Mapping

import numpy as np
import pytest

from sayso.declare.charter import FewDeciders
from sayso.domain.answer import NotEnoughData
from sayso.domain.errors import PeopleTooFew
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.audit import SharedScans, plan, run
from sayso.measure.measure import Gap, Measure
from sayso.measure.rows import Rows
from sayso.measure.setting import Setting


class CountingEngine:
    def __init__(self) -> None:
        self.calls = 0

    def fetch(self, sql: str, params: Mapping[str, object]) -> Rows:
        self.calls += 1
        return Rows({"n": np.array([1.0])})


def measure(key: str, *needs: str, gap: Gap | None = None) -> Measure:
    def estimate(rows: Rows, setting: Setting) -> tuple[Figure, ...]:
        return (
            Figure(
                measure=key,
                answer=NotEnoughData(30, len(rows)),
                grade=Grade.DESCRIPTION,
                unit=Unit.SHARE,
            ),
        )

    return Measure(
        key=key, question="?", needs=needs, sql="SELECT 1 AS n", estimate=estimate, gap=gap
    )


GAP = Gap(question="Had people made up their mind?", cheapest_way="Ask first.", measure="prior")


def test_a_measure_without_its_columns_becomes_a_gap_said_once():
    got = plan(
        Setting(has=frozenset({"choice"}), deciders=9),
        (measure("a", "choice"), measure("b", "prior", gap=GAP), measure("c", "prior", gap=GAP)),
    )
    assert [m.key for m in got.measures] == ["a"]
    assert got.gaps == (GAP,)


def test_a_table_of_four_people_is_refused_without_their_consent():
    with pytest.raises(PeopleTooFew, match="names 4 people"):
        plan(Setting(has=frozenset(), deciders=4), ())


def test_public_data_of_one_person_is_read():
    setting = Setting(has=frozenset(), deciders=1, few_deciders=FewDeciders.PUBLIC_DATA)
    assert plan(setting, ()).measures == ()


def test_measures_with_one_query_share_one_scan():
    engine = CountingEngine()
    setting = Setting(has=frozenset({"choice"}), deciders=9)
    figures = run(plan(setting, (measure("a"), measure("b"))), engine, setting)
    assert [f.measure for f in figures] == ["a", "b"]
    assert engine.calls == 1


def test_other_parameters_are_another_scan():
    shared = SharedScans(CountingEngine())
    shared.fetch("SELECT $x", {"x": 1})
    shared.fetch("SELECT $x", {"x": 2})
    shared.fetch("SELECT $x", {"x": 2})
    assert shared.scans == 2


def test_what_a_query_gave_is_let_go_after_its_last_use():
    engine = CountingEngine()
    shared = SharedScans(engine, {"SELECT 1": 2})
    first = shared.fetch("SELECT 1", {})
    assert shared.fetch("SELECT 1", {}) is first
    assert shared.scans == 1
    assert engine.calls == 1
    again = shared.fetch("SELECT 1", {})
    assert again is not first
    assert engine.calls == 2
    assert shared.fetch("SELECT 2", {}) is shared.fetch("SELECT 2", {})
