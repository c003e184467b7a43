"""A workspace with one decision, and its record."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sayso.record.commands import Ask, Command
from sayso.record.ids import uuid7
from sayso.record.terms import Actor
from sayso.workspace.record import Done, Record
from sayso.workspace.record_opening import open_record
from tests.record.case_life_cases import ANN

CHARTER = """\
decision: first-visit-part
version: 3
question: Should the technician bring the part on the first visit?
options: [bring, leave]
default: leave
owner: head-of-field-service
rights: {decide: [dispatchers]}
inputs: {fault_code: category, stock_low: boolean}
outcome: {name: part_used, kind: boolean, due: 21d}
reasons: [stock is low, other]
advice:
  source: parts-model
  mode: advise
  ceiling: delegate
  routine: "fault_code = 'E-12'"
  prior: {sample: 0.5}
  holdback: 0.5
  consent: {by: head-of-field-service, on: 2026-01-01, except: "stock_low"}
"""
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
_numbers = itertools.count(1)


class Hand:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


def workspace(folder: Path, charter: str = CHARTER) -> Path:
    (folder / "charters").mkdir(parents=True)
    (folder / "charters" / "first-visit-part.yaml").write_text(charter, "utf-8")
    return folder


def opened(folder: Path, **options: object) -> Record:
    return open_record(folder, clock=options.pop("clock", Hand()), **options)  # pyright: ignore[reportArgumentType]


def command(case: str, ask: Ask, by: Actor = ANN, version: int = 3) -> Command:
    return Command(
        id=uuid7(NOW, next(_numbers).to_bytes(9, "big") + b"\0"),
        decision="first-visit-part",
        charter_version=version,
        case=case,
        by=by,
        at=NOW,
        ask=ask,
    )


def does(record: Record, case: str, *asks: Ask, by: Actor = ANN) -> Done:
    done = [record.do(command(case, ask, by)) for ask in asks]
    return done[-1]
