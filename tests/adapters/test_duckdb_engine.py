"""What DuckDB returns, as named columns."""

import duckdb
import numpy as np
import pytest

from sayso.adapters.duckdb_engine import DuckDBEngine


def engine() -> DuckDBEngine:
    return DuckDBEngine(duckdb.connect())


def test_numbers_come_as_floats_and_nothing_as_nan():
    rows = engine().fetch(
        "SELECT x, sum(x) OVER () AS all_of_them, 1.50 AS exact, x > 1 AS more"
        " FROM (VALUES (1), (NULL), (3)) v(x) ORDER BY x NULLS LAST",
        {},
    )
    np.testing.assert_array_equal(rows.numbers("x"), [1, 3, np.nan])
    np.testing.assert_array_equal(rows.numbers("all_of_them"), [4, 4, 4])
    np.testing.assert_array_equal(rows.numbers("exact"), [1.5, 1.5, 1.5])
    np.testing.assert_array_equal(rows.numbers("more"), [0, 1, np.nan])


def test_texts_come_as_text_and_nothing_as_none():
    rows = engine().fetch(
        "SELECT t, t::ENUM('a', 'b') AS one_of FROM (VALUES ('b'), (NULL)) v(t) ORDER BY t NULLS LAST",
        {},
    )
    assert rows.text("t") == ["b", None]
    assert rows.text("one_of") == ["b", None]


def test_a_parameter_the_text_does_not_name_is_left_out():
    rows = engine().fetch("SELECT 1 AS n WHERE 2 > $least", {"least": 1, "seed": 7})
    assert len(rows) == 1


def test_a_query_that_does_not_fit_gets_the_memory_it_may_have():
    # 60 MB of texts to sort whole: too much for 30 MB without a place to spill.
    sql = "SELECT max(length(t)) AS n FROM (SELECT list(repeat('x', 200) || i) AS l, i % 2 AS g FROM range(300000) r(i) GROUP BY 2), unnest(l) u(t)"

    def small() -> duckdb.DuckDBPyConnection:
        return duckdb.connect(config={"memory_limit": "30MB", "temp_directory": ""})

    with pytest.raises(duckdb.OutOfMemoryException):
        DuckDBEngine(small()).fetch(sql, {})
    enough = DuckDBEngine(small(), more_memory=("21MB", "2GB"))
    assert enough.fetch(sql, {}).numbers("n").tolist() == [206]
