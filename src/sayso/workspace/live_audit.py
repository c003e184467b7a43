"""Audit the live record, here or at a server, through the table that an export would be."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.domain.errors import (
    CharterInvalid,
    FileNotWritable,
    RecordMissing,
    TableEmpty,
    TableUnreadable,
)
from sayso.workspace.audit import AuditOptions, load_charter, read_table, run_audit
from sayso.workspace.record import Record, SystemClock
from sayso.workspace.record_opening import ORIGIN, forget_again, open_keys, open_store
from sayso.workspace.record_place import RecordPlace
from sayso.workspace.segments import export_case_table

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import httpx

    from sayso.declare.charter import Charter
    from sayso.record.ports import Clock
    from sayso.workspace.audit import Audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What is to be audited: a table, the record here, or the record of a server.

    Attributes:
        table: A file, folder, glob or database URL.
        record: A decision of this workspace's record.
        database: Address of a PostgreSQL database that holds it.
        server: Address of a server.
        decision: The decision there.
        token_file: A private file with the token for it; ``SAYSO_TOKEN`` where not said.
        folder: The workspace.
    """

    table: str | None = None
    record: str | None = None
    database: str | None = None
    server: str | None = None
    decision: str | None = None
    token_file: Path | None = None
    folder: Path = Path()

    def __post_init__(self) -> None:
        """Check that one thing is named.

        Raises:
            TableUnreadable: If none is, or several are.
        """
        named = [one for one in (self.table, self.record, self.server) if one is not None]
        whole = (self.server is None) == (self.decision is None)
        if len(named) != 1 or not whole:
            raise TableUnreadable(
                "What to audit is not clear." if named else "Nothing to audit is named.",
                hint="Name a TABLE, --record DECISION, or --server URL and --decision NAME: `sayso audit --help`.",
            )


def audit_record(
    record: Record,
    decision: str,
    options: AuditOptions | None = None,
    *,
    progress: Callable[[str], None] | None = None,
) -> Audit:
    """Audit the ended cases of a decision as the record has them now.

    The figures are those of the exported table: it is the same table.

    Args:
        record: The record.
        decision: The decision.
        options: How; the record's clock says what is due where they do not.
        progress: Told in words what is being done.

    Raises:
        RecordRefused: If there is no such decision.
        TableEmpty: If no case has ended.
        SaysoError: As for any audit.
    """
    now = record.now()
    kept = record.charters.in_force(decision, now.date())
    how = options or AuditOptions()
    how = replace(how, as_of=how.as_of or now, name=how.name or _named(decision))
    with _scratch(decision) as file:
        _whole(export_case_table(record, decision, file).cases, decision)
        return read_table(file, None if kept is None else kept.charter, how, progress=progress)


def run_audit_of(
    source: Source,
    options: AuditOptions,
    *,
    charter: str | None = None,
    out: str = "audit.html",
    as_json: bool = False,
    keep_guess: bool = False,
    tell: Callable[[str], None],
    ask: Callable[[str], str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Audit:
    """Audit a table, the record here or the record of a server, and say what was found.

    Args:
        source: What to read.
        options: How.
        charter: The decision's charter file; the one in force of the record where not said.
        out: Where the report goes.
        as_json: Say everything as JSON instead.
        keep_guess: Store the person's guess in the report.
        tell: Takes each text meant for the person.
        ask: Asks the person one question; None where nobody is at a terminal.
        progress: Told in words what is being done.
    """
    with _table_of(source, load_charter(charter), charter or "", options) as found:
        return run_audit(
            found.table,
            found.options,
            charter=found.charter,
            out=out,
            as_json=as_json,
            keep_guess=keep_guess,
            tell=tell,
            ask=ask,
            progress=progress,
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """A table to audit, for as long as it lies there."""

    table: str
    charter: Charter | None
    options: AuditOptions


@contextmanager
def _table_of(
    source: Source, charter: Charter | None, charter_file: str, options: AuditOptions
) -> Generator[_Found]:
    options = replace(options, charter_file=charter_file)
    if source.record is not None:
        options = replace(options, name=_named(source.record))
        with (
            record_to_read(source.folder, database=source.database) as record,
            _scratch(source.record) as file,
        ):
            _whole(export_case_table(record, source.record, file).cases, source.record)
            kept = record.charters.in_force(source.record, record.now().date())
            if charter is None and kept is not None:
                charter = kept.charter
                options = replace(options, charter_file=str(kept.file))
            yield _Found(str(file), charter, options)
    elif source.server is not None and source.decision is not None:
        options = replace(options, name=f"{_named(source.decision)} at {source.server}")
        with _scratch(source.decision) as file:
            served = fetch(source.server, source.decision, source.token_file, file, charter)
            yield _Found(str(file), served, options)
    else:
        yield _Found(source.table or "", charter, options)


def fetch(
    server: str,
    decision: str,
    token_file: Path | None,
    file: Path,
    charter: Charter | None = None,
    *,
    transport: httpx.BaseTransport | None = None,
) -> Charter:
    """Get the case table of a decision from a server, with its charter.

    Args:
        server: The server's address.
        decision: The decision.
        token_file: A private file with the token; ``SAYSO_TOKEN`` where not said.
        file: Where the table goes.
        charter: A charter to read it with; the server's, in force there, where not said.
        transport: How requests travel; the network where not said.

    Returns:
        The charter.

    Raises:
        SaysoError: If the server does not answer, refuses, or has no ended case.
    """
    from sayso.adapters.segment_files import said_in
    from sayso.declare.charter_file import read_charter
    from sayso.record.segments import CaseTable
    from sayso.workspace.desk_server import ServerDesk
    from sayso.workspace.desk_token import token_of

    with ServerDesk(server, token_of(token_file), transport=transport) as desk:
        if charter is None:
            reading = read_charter(str(desk.charter(decision, None).get("text")), decision)
            if reading.charter is None:
                raise CharterInvalid(
                    f"{reading.problems[0]}",
                    hint="The server's charter is of another version of Sayso; use --charter.",
                )
            charter = reading.charter
        try:
            desk.save("export", {"decision": decision}, file)
        except OSError as error:
            raise FileNotWritable(
                f"Cannot write {file}: {error.strerror}.", hint="Free some space there."
            ) from error
    said = CaseTable.parse(said_in(file) or "")
    if said is None or said.decision != decision:
        raise TableUnreadable(
            f"{server} sent no case table of {decision!r}.", hint="Use the server's version."
        )
    _whole(said.cases, decision)
    return charter


@contextmanager
def record_to_read(
    folder: Path, *, database: str | None = None, clock: Clock | None = None
) -> Generator[Record]:
    """Open the record for reading alone, also while a server writes to it.

    Args:
        folder: The workspace.
        database: Address of a PostgreSQL database.
        clock: The clock; this computer's where not said.

    Raises:
        RecordMissing: If there is none.
        RecordUnreadable: If it is damaged, or was written by another version.
        RecordRewritten: If it is not the one that was seen here before.
    """
    from sayso.adapters.store_signing import LogSigner

    place, time = RecordPlace(folder), clock or SystemClock()
    if database is None and not place.database.exists():
        raise RecordMissing(
            f"There is no record in {folder}.",
            hint="`sayso record import TABLE --charter FILE` begins one.",
        )
    keys = open_keys(place)
    try:
        store = open_store(place, database, time, keys, read_only=True)
        try:
            forget_again(place, store, keys)
            signer = LogSigner(store.meta(ORIGIN) or "", place.signing_key(time.now().date()))
            # Not closed as a record is: that would sign a head, and nothing was added.
            yield Record(place, store, keys, signer, time, read_only=True)
        finally:
            store.close()
    finally:
        keys.close()


@contextmanager
def _scratch(decision: str) -> Generator[Path]:
    """Where a case table lies while it is read: it holds what people wrote."""
    try:
        made = tempfile.TemporaryDirectory(prefix="sayso-")
    except OSError as error:
        raise FileNotWritable(
            f"Cannot write working files in {tempfile.gettempdir()}: {error.strerror}.",
            hint="Free some space there, or set TMPDIR to a folder that has it.",
        ) from error
    with made as folder:
        yield Path(folder) / f"{decision}.parquet"


def _named(decision: str) -> str:
    return f"the record of {decision}"


def _whole(cases: int, decision: str) -> None:
    if not cases:
        raise TableEmpty(
            f"No case of {decision!r} has ended yet.", hint="Audit again when one has."
        )


__all__ = ["Source", "audit_record", "fetch", "record_to_read", "run_audit_of"]
