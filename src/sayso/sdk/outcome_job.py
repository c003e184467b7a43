"""Outcomes from a table: each row once, however often the job is run or broken off."""

from __future__ import annotations

import csv
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from hashlib import sha256
from itertools import chain as chained
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sayso.domain.errors import ColumnMissing, TableUnreadable, ValueOutOfRange
from sayso.record.ids import RANDOM_BYTES, uuid7
from sayso.record.moments import read_instant
from sayso.record.refusal import Refusal
from sayso.sdk.write import write_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sayso.sdk.road import Road

Kind = Literal["boolean", "number", "category"]
NOTE_EVERY = 1_000
_TRUE = frozenset({"true", "t", "yes", "y", "1"})
_FALSE = frozenset({"false", "f", "no", "n", "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column holds what.

    Attributes:
        case: The case.
        outcome: How it turned out; rows without one are passed over.
        value: Its worth in the charter's unit.
        best: The option known right afterwards.
        at: When it was known, with its zone; the moment of the job's first run where not said.
        decider: The person, where the token acts for several.
    """

    case: str = "case"
    outcome: str = "outcome"
    value: str | None = None
    best: str | None = None
    at: str | None = None
    decider: str | None = None


@dataclass(frozen=True, slots=True)
class OutcomeJob:
    """What one run of a job did.

    Attributes:
        recorded: Rows that were written in this run.
        before: Rows that an earlier run had written.
        unknown: Rows whose outcome is not known yet.
    """

    recorded: int
    before: int
    unknown: int


def record_outcomes(
    road: Road,
    rows: str | Path | Iterable[Mapping[str, object]],
    *,
    decision: str,
    version: int,
    columns: Columns | None,
    kind: Kind | None,
    job: str | None,
    jobs: Path,
) -> OutcomeJob:
    """Record the outcomes of a table.

    A row's id is made from what it says, so the same row is recorded once. A note says how many
    rows are done and what they were; where the table's beginning changed, the job begins again,
    and what is the same is recognised by its id.

    Raises:
        TableUnreadable: If the file cannot be read.
        ColumnMissing: If a column is not there.
        ValueOutOfRange: If an outcome, a value or a moment cannot be read; rows before it are
            recorded.
    """
    named = columns or Columns()
    if isinstance(rows, str | Path):
        if kind is None:
            raise ValueError("a CSV file holds text: say kind='boolean', 'number' or 'category'")
        name, listed = job or str(Path(rows).resolve()), _rows_of(Path(rows))
    else:
        name, listed = job, iter(rows)
    note = None if name is None else jobs / f"{sha256(f'{decision}/{name}'.encode()).hexdigest()}"
    start, done, digest = _read_note(note)
    begun = start or datetime.now(UTC)
    if start is None:
        _write_note(note, begun, 0, "")
    first = list(islice(listed, done))
    chain = reduce(_chained, first, "")
    before, unfinished = done, listed
    if chain != digest:
        chain, before, unfinished = "", 0, chained(first, listed)
    place, recorded, unknown = before, 0, 0
    for place, row in enumerate(unfinished, before + 1):
        if _one(road, row, named, kind, decision, version, begun):
            recorded += 1
        else:
            unknown += 1
        chain = _chained(chain, row)
        if place % NOTE_EVERY == 0:
            _write_note(note, begun, place, chain)
    _write_note(note, begun, place, chain)
    return OutcomeJob(recorded, before, unknown)


def _chained(chain: str, row: Mapping[str, object]) -> str:
    said = json.dumps(row, sort_keys=True, default=str)
    return sha256(f"{chain}{said}".encode()).hexdigest()


def _one(
    road: Road,
    row: Mapping[str, object],
    named: Columns,
    kind: Kind | None,
    decision: str,
    version: int,
    begun: datetime,
) -> bool:
    found = {
        name: _cell(row, column)
        for name, column in (
            ("case", named.case),
            ("outcome", named.outcome),
            ("value", named.value),
            ("best", named.best),
            ("at", named.at),
            ("for", named.decider),
        )
    }
    if found["outcome"] is None or found["case"] is None:
        return False
    case, at = str(found["case"]), _moment(found["at"], begun, str(found["case"]))
    fields = {
        "outcome": _read(found["outcome"], kind, case),
        "value": None if found["value"] is None else _read(found["value"], "number", case),
        "best": found["best"],
        "for": found["for"],
    }
    said = json.dumps([decision, case, fields, at.isoformat()], default=str)
    write = write_of(
        "outcome",
        fields,
        decision=decision,
        version=version,
        case=case,
        at=at,
        known_as=uuid7(at, sha256(said.encode()).digest()[:RANDOM_BYTES]),
    )
    road.keep(write)
    return True


def _rows_of(path: Path) -> Iterator[Mapping[str, object]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            yield from csv.DictReader(lines)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TableUnreadable(
            f"Cannot read {path}: {error}.", hint="Name a CSV file in UTF-8 with a header."
        ) from error


def _cell(row: Mapping[str, object], column: str | None) -> object:
    if column is None:
        return None
    if column not in row:
        raise ColumnMissing(column, [str(name) for name in row], flag="columns")
    value = row[column]
    return None if isinstance(value, str) and not value.strip() else value


def _read(value: object, kind: Kind | None, case: str) -> object:
    if not isinstance(value, str) or kind is None or kind == "category":
        return value
    text = value.strip().lower()
    if kind == "boolean" and text in _TRUE | _FALSE:
        return text in _TRUE
    if kind == "number":
        with suppress(ValueError):
            return float(text)
    raise ValueOutOfRange(
        f"Case {case!r} has {value[:40]!r}, which is no {kind}.",
        hint="Correct the row, or say another kind=; then run the job again.",
    )


def _moment(value: object, begun: datetime, case: str) -> datetime:
    if value is None:
        return begun
    found = value if isinstance(value, datetime) else read_instant(str(value), "at")
    if isinstance(found, Refusal) or found.tzinfo is None:
        raise ValueOutOfRange(
            f"Case {case!r} has {str(value)[:40]!r}, which is no moment with a zone.",
            hint="Write it as 2026-03-09T12:00:00Z; then run the job again.",
        )
    return found


def _read_note(note: Path | None) -> tuple[datetime | None, int, str]:
    if note is not None:
        with suppress(FileNotFoundError, ValueError, KeyError, TypeError):
            plain = json.loads(note.read_bytes())
            begun = datetime.fromisoformat(plain["begun"])
            return begun, int(plain["rows"]), str(plain["digest"])
    return None, 0, ""


def _write_note(note: Path | None, begun: datetime, rows: int, digest: str) -> None:
    if note is None:
        return
    note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = note.with_name(f"{note.name}.{os.getpid()}")
    new.write_text(
        json.dumps({"begun": begun.isoformat(), "rows": rows, "digest": digest}), "utf-8"
    )
    new.replace(note)
