"""Take an assumption that nobody wrote down into a charter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sayso.declare.charter import Assumption
from sayso.declare.charter_file import read_charter
from sayso.declare.charter_text import with_fields
from sayso.declare.charter_values import yaml_of
from sayso.domain.answer import CannotTell
from sayso.domain.errors import AssumptionNotFound, CharterInvalid
from sayso.workspace.charter_versions import mark_of, save_charter
from sayso.workspace.charters import text_of
from sayso.workspace.check_sql import check_sql

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from sayso.adapters.table_source import OpenTable
    from sayso.declare.charter import Charter
    from sayso.domain.charter_ref import CharterRef
    from sayso.domain.figure import Figure

WHO = "   # Who watches it? Add `owner:`."


@dataclass(frozen=True, slots=True)
class Adopted:
    """What came of taking up an assumption.

    Attributes:
        assumption: As it stands in the charter now.
        ref: The version that the file holds now.
        kept: Where the version before it is kept; None where it had none.
    """

    assumption: Assumption
    ref: CharterRef
    kept: Path | None


def adopt_assumption(
    file: Path,
    name: str,
    table: Any,  # a path, a URL, or a pandas or polars frame; None for the charter's own
    *,
    today: date,
    columns: Mapping[str, str] | None = None,
) -> Adopted:
    """Write one surfaced assumption into a charter, with the test that the table allows.

    The table is read again, so that what is written is what it says now. Who watches it is left
    as a question.

    Args:
        file: The charter's file.
        name: The assumption, as the report names it.
        table: Past cases, as for an audit.
        today: The day since which it is believed.
        columns: Role to column, as for an audit.

    Raises:
        AssumptionNotFound: If the table shows no such assumption.
        CharterInvalid: If the charter has errors of form, or holds it already.
        CharterChanged: If somebody changed the file meanwhile.
        PeopleTooFew: If the table would report on persons.
        TableUnreadable: If the table cannot be read.
    """
    from sayso.adapters.table_source import ImportRequest, open_table

    before = text_of(file)
    reading = read_charter(before, str(file))
    charter = reading.charter
    if charter is None:
        raise CharterInvalid(
            str(reading.problems[0]), hint=f"Run `sayso check {file}` for all of them."
        )
    if name in {one.id for one in charter.assumptions}:
        raise CharterInvalid(
            f"{file} has an assumption called {name!r} already.", hint="Nothing was changed."
        )
    source = table if table is not None else _own_table(file, charter)
    request = ImportRequest(
        source=source,
        charter=charter,
        columns=dict(columns or {}),
        as_of=datetime.now(UTC).replace(tzinfo=None),
    )
    with open_table(request) as opened:
        figure = _find(name, opened)
        assumption = _assumption(figure, name, opened, charter, today)
    after = replace(charter, assumptions=(*charter.assumptions, assumption))
    value = yaml_of(after, "assumptions")
    assert value is not None
    text = with_fields(before, {"assumptions": f"{value}{WHO}"})
    saved = save_charter(file, text, seen=mark_of(before))
    return Adopted(assumption, saved.ref, saved.kept)


def _own_table(file: Path, charter: Charter) -> str:
    if charter.source is None or charter.source.table is None:
        raise CharterInvalid(f"{file} names no table.", hint="Name one with --table.")
    return charter.source.table


def _find(name: str, opened: OpenTable) -> Figure:
    from sayso.measure.audit import plan, run
    from sayso.measure.catalog.all import CATALOGUE
    from sayso.measure.surfaced import SURFACED, name_of, surfaced

    wanted = [m for m in CATALOGUE if m.key in SURFACED]
    # As for an audit: no figure is drawn from a table that would report on persons.
    planned = plan(opened.setting, wanted)
    found = {name_of(f): f for f in surfaced(run(planned, opened.engine, opened.setting))}
    if name not in found:
        raise AssumptionNotFound(name, list(found))
    return found[name]


def _assumption(
    figure: Figure, name: str, opened: OpenTable, charter: Charter, today: date
) -> Assumption:
    from sayso.measure.surfaced import watch_of
    from sayso.present.sections.surfaced import says_of

    says = says_of(figure)
    watch = watch_of(figure, charter)
    # What the charter's names cannot say is written without a test, which lint then asks for.
    if watch is None or isinstance(
        check_sql(watch.check, watch.where, opened, charter), CannotTell
    ):
        return Assumption(id=name, says=says, since=today)
    return Assumption(
        id=name, says=says, check=watch.check, where=watch.where, holds=watch.holds, since=today
    )


def adopted_text(file: Path, adopted: Adopted) -> str:
    """What a terminal shows of it."""
    one = adopted.assumption
    lines = [f"{file} is {adopted.ref} now. It says: {one.says}."]
    if one.check is None:
        lines.append(
            "It has no test yet: nothing the charter declares could show whether it holds."
        )
    else:
        low, high = one.holds or (0.0, 1.0)
        where = f" where {one.where}" if one.where else ""
        lines.append(f"It holds while {one.check}{where} is between {low:g} and {high:g}.")
    if adopted.kept is not None:
        lines.append(f"The version before it is kept as {adopted.kept}.")
    lines.append("Nobody watches it yet: add `owner:` to it.")
    return "\n".join(lines)
