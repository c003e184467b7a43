"""Rows that say the same thing twice, and rows of one case that say different things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.errors import RowsConflict

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

EXAMPLES = 3


def settle_duplicates(
    connection: duckdb.DuckDBPyConnection,
    note: Callable[[str, object, str], None],
    on_duplicate: str,
    has_case: bool,
) -> None:
    """Drop identical rows of a case, and settle those that differ as the person said.

    Identical rows are only dropped where there is a case id: without one, two alike rows may be
    two cases. One case decided by several people is a panel, not a duplicate.

    Args:
        connection: Where ``typed`` is.
        note: Keeps a treatment: code, rows, detail.
        on_duplicate: "refuse", "last" or "first".
        has_case: Whether the table has a case id.

    Raises:
        RowsConflict: If rows of one case and one decider differ, and nobody said which counts.
    """
    if not has_case:
        note("no-case-id", 1, "")
        return
    before = _count(connection)
    filled = connection.execute("SELECT count(case_id) FROM typed").fetchone()
    note("no-case-id-in-row", before - int((filled or (0,))[0]), "")
    cases = connection.execute(
        "SELECT count(*) FROM (SELECT DISTINCT case_id FROM typed WHERE case_id IS NOT NULL)"
    ).fetchone()
    if cases == filled:
        return
    distinct = connection.execute(
        "SELECT count(*) FROM (SELECT DISTINCT case_id, decider FROM typed "
        "WHERE case_id IS NOT NULL)"
    ).fetchone()
    if distinct == filled:
        _note_panel(connection, note)
        return
    # Whole rows are compared before anything is dropped, so that the count is exact.
    connection.execute(
        "CREATE TABLE whole AS SELECT DISTINCT * FROM typed WHERE case_id IS NOT NULL "
        "UNION ALL SELECT * FROM typed WHERE case_id IS NULL"
    )
    connection.execute("DROP TABLE typed")
    connection.execute("ALTER TABLE whole RENAME TO typed")
    note("duplicates-dropped", before - _count(connection), "")
    differing = connection.execute(
        "SELECT case_id, count(*) FROM typed WHERE case_id IS NOT NULL "
        "GROUP BY case_id, decider HAVING count(*) > 1 ORDER BY 1"
    ).fetchall()
    if differing and on_duplicate == "refuse":
        examples = ", ".join(str(r[0]) for r in differing[:EXAMPLES])
        raise RowsConflict(
            f"{len(differing)} case(s) have rows that differ, such as {examples}.",
            hint="Run again with --on-duplicate last or --on-duplicate first.",
        )
    if differing:
        order = "DESC" if on_duplicate == "last" else "ASC"
        connection.execute(
            "CREATE TABLE kept AS SELECT * EXCLUDE (place, row_at) FROM ("  # noqa: S608 - ASC or DESC
            "SELECT *, row_number() OVER (PARTITION BY case_id, decider "
            f"ORDER BY decided_at {order} NULLS LAST, row_at {order}) AS place "
            "FROM (SELECT *, rowid AS row_at FROM typed)) "
            "WHERE place = 1 OR case_id IS NULL"
        )
        dropped = _count(connection)
        connection.execute("DROP TABLE typed")
        connection.execute("ALTER TABLE kept RENAME TO typed")
        note("conflicts-settled", dropped - _count(connection), on_duplicate)
    _note_panel(connection, note)


def _note_panel(
    connection: duckdb.DuckDBPyConnection, note: Callable[[str, object, str], None]
) -> None:
    panel = connection.execute(
        "SELECT count(*) FROM (SELECT case_id FROM typed WHERE case_id IS NOT NULL "
        "GROUP BY case_id HAVING count(DISTINCT decider) > 1)"
    ).fetchone()
    note("panel", int((panel or (0,))[0]), "")


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    found = connection.execute("SELECT count(*) FROM typed").fetchone()
    return int((found or (0,))[0])
