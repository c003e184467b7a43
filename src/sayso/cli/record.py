"""``sayso record`` and what belongs to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

HERE = Path()


def read_in(
    table: str,
    /,
    *,
    charter: str,
    column: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    named: Annotated[str | None, Parameter(name="--table")] = None,
    database: str | None = None,
) -> int:
    """Read past cases from a table into the record, one event a case.

    Args:
        table: A file, folder, glob or database URL, as for an audit.
        charter: The decision's charter.
        column: A role and its column, as choice=approved; again for more.
        named: Table in a database that holds several.
        database: Address of a PostgreSQL database that holds the record.
    """
    from sayso.cli.progress import slow_progress
    from sayso.present.record import imported_text
    from sayso.workspace.record_import import import_table
    from sayso.workspace.record_opening import open_record
    from sayso.workspace.record_tables import roles_of

    roles = roles_of(column)
    with open_record(HERE, database=database) as record:
        done = import_table(
            record, table, charter, columns=roles, table=named, progress=slow_progress()
        )
    print(imported_text(done.cases, done.before, done.left_out))
    return 0


def hand_out(*, out: Path = Path("record-export"), database: str | None = None) -> int:
    """Hand out every event with its proof, and every decided case as CSV and Parquet.

    Args:
        out: Where to.
        database: Address of a PostgreSQL database that holds the record.
    """
    from sayso.present.record import exported_text
    from sayso.workspace.live_audit import record_to_read
    from sayso.workspace.record_tables import export

    with record_to_read(HERE, database=database) as record:
        done = export(record, out)
    print(exported_text(done.events, done.held_back, done.cases, str(out)))
    return 0


def reconcile(
    decision: str,
    /,
    *,
    count: int,
    since: str | None = None,
    until: str | None = None,
    database: str | None = None,
) -> int:
    """Hold the host's own count of cases against the record, and keep both on record.

    Args:
        decision: The decision.
        count: Cases that the host counts.
        since: First day or moment counted, by when cases were taken in.
        until: First day or moment not counted.
        database: Address of a PostgreSQL database that holds the record.
    """
    from sayso.present.record import coverage_text
    from sayso.workspace.record_opening import open_record
    from sayso.workspace.record_tables import moment_of, reconcile

    first, last = (None if text is None else moment_of(text) for text in (since, until))
    with open_record(HERE, database=database, make=False) as record:
        found = reconcile(record, decision, count, since=first, until=last)
    print(coverage_text(decision, found.recorded, found.host))
    return 0


def checkpoint(
    *,
    since: int | None = None,
    key: Annotated[bool, Parameter(negative="")] = False,
    database: str | None = None,
) -> int:
    """Print the newest signed head, or what a witness takes, or the key to pin.

    Args:
        since: The size that the witness saw last; prints a proof of growth with the head.
        key: Print the record's public key instead.
        database: Address of a PostgreSQL database that holds the record.
    """
    from sayso.workspace.live_audit import record_to_read

    with record_to_read(HERE, database=database) as record:
        if key:
            print(record.key.text)
        else:
            print(record.checkpoint() if since is None else record.witness_request(since), end="")
    return 0


def receipt(event: str, /, *, database: str | None = None) -> int:
    """Print a receipt: proof that an event is on record, and in which place.

    Args:
        event: The event's id.
        database: Address of a PostgreSQL database that holds the record.
    """
    from sayso.workspace.live_audit import record_to_read

    with record_to_read(HERE, database=database) as record:
        print(record.receipt(event).text, end="")
    return 0


def back_up(file: Path, /, *, database: str | None = None) -> int:
    """Write a copy of the record; keys of people and secrets are not in it.

    Args:
        file: Where to.
        database: Address of a PostgreSQL database that holds the record.
    """
    from sayso.workspace.live_audit import record_to_read
    from sayso.workspace.record_care import back_up

    with record_to_read(HERE, database=database) as record:
        size = back_up(record, file)
    print(f"  {size:,} events in {file}.")
    return 0


def restore(
    file: Path,
    /,
    *,
    although_older: Annotated[bool, Parameter(negative="")] = False,
    database: str | None = None,
) -> int:
    """Fill an empty record from a copy; whoever was erased stays erased.

    Args:
        file: The copy.
        although_older: Restore although the record was newer when it was seen last.
        database: Address of an empty PostgreSQL database.
    """
    from sayso.workspace.record_care import restore

    size = restore(HERE, file, database=database, although_older=although_older)
    print(f"  {size:,} events restored. Everyone who was erased stays erased.")
    return 0


def erase(
    person: str,
    /,
    *,
    by: str,
    approved_by: str,
    authority: str,
    database: str | None = None,
) -> int:
    """Make a person's text unreadable for good; that they decided, and what, stays.

    Args:
        person: The person's pseudonym.
        by: Who asks for it.
        approved_by: The second person.
        authority: On what ground.
        database: Address of a PostgreSQL database that holds the record.
    """
    from sayso.record.terms import Actor, ActorKind
    from sayso.workspace.record_care import erase
    from sayso.workspace.record_opening import open_record

    actor = Actor(ActorKind.HUMAN, by)
    with open_record(HERE, database=database, make=False) as record:
        done = erase(record, person, actor, approved_by=approved_by, authority=authority)
    print(f"  Erased, and on record as event {done.first}. The tree is as it was.")
    return 0


def hold(
    *,
    by: str,
    why: str = "",
    person: str | None = None,
    lift: str | None = None,
    database: str | None = None,
) -> int:
    """Place a legal hold, or lift one: while it lasts, nothing it covers is erased.

    Args:
        by: Who does it.
        why: On what ground.
        person: The person it covers; everyone where not said.
        lift: The id of a hold, to lift it.
        database: Address of a PostgreSQL database that holds the record.
    """
    from sayso.record.terms import Actor, ActorKind
    from sayso.workspace.record_care import place_or_lift
    from sayso.workspace.record_opening import open_record

    actor = Actor(ActorKind.HUMAN, by)
    with open_record(HERE, database=database, make=False) as record:
        print(f"  {place_or_lift(record, actor, why=why, subject=person, lift_id=lift)}")
    return 0


def freeze(*, by: str, why: str, database: str | None = None) -> int:
    """End the record: nothing is added after this. Prints its last signed head.

    Args:
        by: Who does it.
        why: On what ground.
        database: Address of a PostgreSQL database that holds the record.
    """
    from sayso.record.terms import Actor, ActorKind
    from sayso.workspace.record_care import freeze
    from sayso.workspace.record_opening import open_record

    with open_record(HERE, database=database, make=False) as record:
        print(freeze(record, Actor(ActorKind.HUMAN, by), why=why), end="")
    return 0
