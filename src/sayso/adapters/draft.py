"""The case table while it is being made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sayso.declare.lines import lines_of
from sayso.measure.profile import Treatment

if TYPE_CHECKING:
    import duckdb

    from sayso.adapters.case_columns import RoleColumn
    from sayso.adapters.column_facts import ReadColumn
    from sayso.declare.charter import Charter
    from sayso.measure.roles import Roles


@dataclass(slots=True)
class Draft:
    """What is known while the case table is being made."""

    connection: duckdb.DuckDBPyConnection
    charter: Charter | None
    columns: dict[str, ReadColumn]
    roles: Roles
    values: dict[str, RoleColumn]
    quantity: bool = False
    options: tuple[str, ...] = ()
    stored: frozenset[str] = frozenset()
    treatments: list[Treatment] = field(default_factory=list[Treatment])

    def one(self, sql: str) -> tuple[object, ...]:
        """The single row of a query."""
        return tuple(self.connection.execute(sql).fetchone() or ())

    def note(self, code: str, count: object, detail: str = "") -> None:
        """Keep a treatment, where it concerns any row."""
        if isinstance(count, int) and count > 0:
            self.treatments.append(Treatment(code=code, count=count, detail=detail))


def input_places(draft: Draft) -> list[int]:
    """Places of the columns that the case table keeps: what makes cases alike, or is checked."""
    names = list(draft.columns)
    charter = draft.charter
    if charter is None:
        return [i for i, name in enumerate(names) if name in draft.roles.inputs]
    wanted = {*charter.kinds, *charter.affected, *(name for name, _ in charter.inputs)}
    wanted |= {line.name for line in lines_of(charter, names)}
    if charter.alike is not None:
        wanted |= {*charter.alike.exact, *(name for name, _ in charter.alike.within)}
    elif not charter.kinds:
        wanted |= {*draft.roles.inputs}
    return [i for i, name in enumerate(names) if name in wanted]
