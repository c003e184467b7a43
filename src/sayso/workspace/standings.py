"""How a charter's assumptions stood when a table was last read; kept for the pages."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sayso.domain.errors import FileNotWritable
from sayso.measure.estimators.standing import Standing
from sayso.present.assumption_list import Stood
from sayso.workspace.private_file import write_private
from sayso.workspace.together import KEPT, changing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sayso.declare.charter import Assumption, Charter
    from sayso.domain.figure import Figure

CHARTERS, PLACE, FORM = "charters", "standings", "v1"


def keep_standings(
    charter_file: Path, charter: Charter, figures: Iterable[Figure], *, table: str, today: date
) -> None:
    """Keep how each assumption stands, where the charter lies in a workspace.

    A page that had to read the table each time would be slow; it shows what was kept, and the
    day. Only a state, a day and a count are kept. What cannot be written is not kept.

    Args:
        charter_file: The charter's file.
        charter: What it says.
        figures: The audit's.
        table: The table's name.
        today: The day.
    """
    folder = charter_file.resolve().parent
    if folder.name != CHARTERS or not charter.assumptions:
        return
    tests = {a.id: _test(a) for a in charter.assumptions}
    kept: dict[str, Any] = {}
    for figure in figures:
        name = figure.group("assumption")
        if figure.measure == "assumption" and name in tests:
            kept[name] = {
                "test": tests[name],
                "state": figure.note("state"),
                "since": figure.note("stopped"),
                "cases": figure.note("cases_since"),
            }
    text = json.dumps(
        {"form": FORM, "table": table, "on": today.isoformat(), "assumptions": kept},
        ensure_ascii=False,
    )
    workspace = folder.parent
    with suppress(FileNotWritable, OSError), changing(workspace):
        place = workspace / KEPT / PLACE
        place.mkdir(mode=0o700, exist_ok=True)
        write_private(place / f"{charter.decision}.json", text, day=today)


def read_standings(workspace: Path, charter: Charter) -> dict[str, Stood]:
    """How assumptions stood, by id; one whose test was changed since is not among them.

    A file that is damaged counts as none: what it held is read again with the next audit.

    Args:
        workspace: The workspace.
        charter: The charter, as it is now.
    """
    if not charter.assumptions:
        return {}
    file = workspace / KEPT / PLACE / f"{charter.decision}.json"
    try:
        said = json.loads(file.read_text("utf-8"))
        on, table = date.fromisoformat(said["on"]), str(said["table"])
        kept = said["assumptions"] if said["form"] == FORM else {}
        return {
            a.id: _stood(kept[a.id], on, table)
            for a in charter.assumptions
            if a.id in kept and kept[a.id]["test"] == _test(a)
        }
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def _stood(kept: dict[str, Any], on: date, table: str) -> Stood:
    since, cases = kept["since"], kept["cases"]
    return Stood(
        standing=Standing(kept["state"]),
        on=on,
        table=table,
        since=None if since is None else date.fromisoformat(since),
        cases=None if cases is None else int(cases),
    )


def _test(one: Assumption) -> str:
    """What tells one test from another."""
    since = one.since.isoformat() if one.since is not None else None
    spelled = json.dumps([one.check, one.where, one.holds, since])
    return sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()[:16]
