"""``sayso check``, ``accept``, ``diff``, ``charter draft`` and ``charter adopt``."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from sayso.cli.audit import Columns, named


def check(*paths: str, json: Annotated[bool, Parameter(negative="")] = False) -> int:
    """Check charters; exits 1 on errors, 0 with warnings only.

    Args:
        paths: Charter files, or folders of them; ``charters`` by default.
        json: Say the problems as JSON.
    """
    from sayso.workspace.check import as_json, check_paths, has_errors

    problems = check_paths(paths or ("charters",))
    if json:
        print(as_json(problems))
    else:
        for problem in problems:
            print(problem)
    return 1 if has_errors(problems) else 0


def accept(
    charter: str,
    /,
    *,
    person: Annotated[str | None, Parameter(name="--as")] = None,
    charters: str = "charters",
    people: str = "people.yaml",
) -> int:
    """Record that the accountable person accepts a charter.

    Args:
        charter: The version, as slug@version; the slug alone for the latest.
        person: Who accepts; whoever holds the owner's role where not said.
        charters: The folder of charters.
        people: The file that says who holds which role.
    """
    from sayso.workspace.accept import accept_charter

    print(accept_charter(charter, person=person, charters=charters, people=people))
    return 0


def diff(old: str, new: str, /) -> int:
    """Say what changed between two charters, for those who decide.

    Args:
        old: A file, or slug@version in charters/.
        new: A file, or slug@version in charters/.
    """
    from sayso.workspace.compare import compare_charters

    changes = compare_charters(old, new)
    print("\n".join(changes) if changes else "Nothing changes for those who decide.")
    return 0


def draft(table: str, /, *, out: str | None = None) -> int:
    """Write a draft charter from a table: what it shows filled in, the rest as questions.

    Args:
        table: A file, folder, glob or database address.
        out: Where the draft goes; printed where not said.
    """
    from sayso.workspace.draft import draft_from_table

    print(draft_from_table(table, out=out))
    return 0


def adopt(
    file: str,
    name: Annotated[str, Parameter(name="ID")],
    /,
    *,
    table: str | None = None,
    columns: Columns | None = None,
) -> int:
    """Take an assumption that an audit found, and nobody wrote down, into a charter.

    Args:
        file: The charter's file.
        name: The assumption, as the report names it.
        table: Past cases; the charter's own table where not said.
        columns: Which column holds what.
    """
    from pathlib import Path

    from sayso.workspace.adopt import adopt_assumption, adopted_text
    from sayso.workspace.clock import today

    place = Path(file)
    done = adopt_assumption(place, name, table, today=today(), columns=named(columns))
    print(adopted_text(place, done))
    return 0
