"""Conditions a person may write: checked, typed, and written again as SQL."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.declare.expression import Expression, ExpressionProblem, ExprType, parse_expression

NAMES = {
    "fault": ExprType.TEXT,
    "age": ExprType.NUMBER,
    "low": ExprType.BOOLEAN,
    "closed": ExprType.DATE,
    "my col": ExprType.NUMBER,
}


def good(text: str) -> Expression:
    parsed = parse_expression(text, NAMES)
    assert isinstance(parsed, Expression), parsed
    return parsed


@pytest.mark.parametrize(
    ("text", "sql", "kind"),
    [
        ("fault = 'E-41' and age > 3", """(("fault" = 'E-41') AND ("age" > 3))""", "boolean"),
        ("not low", '(NOT "low")', "boolean"),
        ("if(age > 0, 'a', 'b')", """CASE WHEN ("age" > 0) THEN 'a' ELSE 'b' END""", "text"),
        ("fault in ('a', 'b')", """("fault" IN ('a', 'b'))""", "boolean"),
        ("age between 1 and 2.5", '("age" BETWEEN 1 AND 2.5e0)', "boolean"),
        ('"my col" + 1', '("my col" + 1)', "number"),
        ("fault is not null", '(NOT ("fault" IS NULL))', "boolean"),
        ("avg(low)", 'avg(CASE WHEN "low" THEN 1e0 WHEN NOT "low" THEN 0e0 END)', "number"),
        ("closed < '2026-01-01'", """("closed" < '2026-01-01')""", "boolean"),
        ("fault = 'it''s'", """("fault" = 'it''s')""", "boolean"),
    ],
)
def test_what_is_allowed_is_written_again(text: str, sql: str, kind: str):
    assert good(text).sql() == sql
    assert good(text).type == kind


@pytest.mark.parametrize(
    ("text", "offset", "part"),
    [
        ("ages > 1", 0, "Did you mean 'age'"),
        ("age > 1 and fualt = 'x'", 12, "Did you mean 'fault'"),
        ("age + fault", 6, "number"),
        ("age and low", 0, "boolean"),
        ("avg(age) + 1", 0, "alone"),
        ("fault = 1", 8, "Compare"),
        ("avg(fault)", 0, "number"),
        ("", 0, "condition"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(text: str, offset: int, part: str):
    parsed = parse_expression(text, NAMES)
    assert isinstance(parsed, ExpressionProblem)
    assert parsed.offset == offset
    assert part in f"{parsed.message} {parsed.hint}"


@pytest.mark.parametrize(
    "text",
    [
        "select 1",
        "age > (select max(age) from cases)",
        "exists(select 1)",
        "age; drop table cases",
        "age > 1 -- and nothing else",
        "age /* x */ > 1",
        "read_csv('x')",
        "cast(age as text) = '1'",
        "age::int",
        "age > $x",
        "age > ?",
        "cases.age > 1",
        "getenv('HOME')",
        "fault like 'a%'",
        "fault || 'x'",
        "trim(both 'x' from fault)",
        "count(distinct age)",
        "sum(age) over ()",
        "avg(age) filter (where low)",
        "age > 1 limit 1",
        "copy cases to 'x'",
        "attach 'x'",
        "pragma version",
        "lambda x: x",
        "[1, 2]",
        "{'a': 1}",
        "age > all (1)",
        "interval 1 day",
        "(" * 100 + "age" + ")" * 100,
        "age > " + "1 + " * 1000 + "1",
    ],
)
def test_nothing_else_gets_through(text: str):
    assert isinstance(parse_expression(text, NAMES), ExpressionProblem)


numbers = st.one_of(st.none(), st.integers(-5, 5).map(float))
flags = st.one_of(st.none(), st.booleans())
words = st.one_of(st.none(), st.sampled_from(["a", "b", "it's"]))

# Each condition beside what it means on one row, with NULL as None.
MEANINGS = [
    ("age > 1", lambda r: None if r["age"] is None else r["age"] > 1),
    ("low and age > 1", lambda r: _and(r["low"], None if r["age"] is None else r["age"] > 1)),
    ("low or age > 1", lambda r: _or(r["low"], None if r["age"] is None else r["age"] > 1)),
    ("not low", lambda r: None if r["low"] is None else not r["low"]),
    ("fault in ('a', 'it''s')", lambda r: None if r["fault"] is None else r["fault"] != "b"),
    ("fault is null", lambda r: r["fault"] is None),
    ("age / 2 > 1", lambda r: None if r["age"] is None else r["age"] / 2 > 1),
    ("age / (age - age) > 1", lambda r: None),
    ("coalesce(age, 9) > 3", lambda r: (9 if r["age"] is None else r["age"]) > 3),
    ("abs(age) between 2 and 4", lambda r: None if r["age"] is None else 2 <= abs(r["age"]) <= 4),
    ("if(low, age, -age) > 0", lambda r: _if(r)),
    ("length(fault) = 1", lambda r: None if r["fault"] is None else len(r["fault"]) == 1),
]


def _and(a: bool | None, b: bool | None) -> bool | None:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def _or(a: bool | None, b: bool | None) -> bool | None:
    if a or b:
        return True
    return None if a is None or b is None else False


def _if(row: dict[str, object]) -> bool | None:
    age = row["age"]
    return None if age is None else (age if row["low"] else -age) > 0  # type: ignore[operator]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(words, numbers, flags), min_size=1, max_size=8))
def test_sql_means_on_rows_what_it_says(rows: list[tuple[str | None, float | None, bool | None]]):
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t (place INT, fault TEXT, age DOUBLE, low BOOLEAN)")
    connection.executemany(
        "INSERT INTO t VALUES (?, ?, ?, ?)", [(i, *row) for i, row in enumerate(rows)]
    )
    for text, meaning in MEANINGS:
        got = connection.execute(f"SELECT {good(text).sql()} FROM t ORDER BY place").fetchall()  # noqa: S608
        want = [meaning(dict(zip(("fault", "age", "low"), row, strict=True))) for row in rows]
        assert [g[0] for g in got] == want, text
