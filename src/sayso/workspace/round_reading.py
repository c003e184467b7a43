"""What a round says, read from its answers, its charter and the charter's table."""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.domain.answer import CannotTell
from sayso.domain.errors import RoundWithheld, SaysoError
from sayso.workspace.proposals import list_proposals
from sayso.workspace.round_store import place_of, read_frozen
from sayso.workspace.rounds import answers_of, charter_of, status_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from sayso.align.consequence_reading import ConsequencesReading
    from sayso.align.consequences import Consequences
    from sayso.declare.charter import Charter
    from sayso.domain.answer import NotEnoughData
    from sayso.present.rounds.told import RoundTold, Settled

KEPT = 16
NO_TABLE = CannotTell(
    "There is no table of live cases, so which of them depend on whose weights is not known.",
    "Name the table in the charter under `source`, as `table: cases.csv`.",
)


def round_report(
    folder: Path,
    round_id: str,
    today: date,
    *,
    table: str | None = None,
) -> RoundTold:
    """What a round says, once it may be said.

    Args:
        folder: The workspace.
        round_id: The round.
        today: The day.
        table: A table of live cases; the charter's own where None.

    Raises:
        RoundNotFound: If there is no such round.
        RoundNotOver: If somebody may still answer.
        RoundWithheld: If too few answered.
        SaysoError: If a table that was named cannot be read.
    """
    status = status_of(folder, round_id, today)
    answers_of(folder, round_id, today)  # refuses what may not be seen yet
    charter = charter_of(folder, round_id)
    source = _table(folder, charter, table)
    stamp = source.stat().st_mtime_ns if isinstance(source, Path) else 0
    place = str(source) if source is not None else ""
    key = (str(folder), round_id, place, stamp, status.sent, status.settled)
    return _told(key, today)


def run_round_report(
    folder: Path,
    round_id: str,
    today: date,
    *,
    table: str | None = None,
    out: str | None = None,
    as_json: bool = False,
    system_fonts: bool = False,
    tell: Callable[[str], None],
) -> Path | None:
    """Write the report of a round and say what it says.

    Args:
        folder: The workspace.
        round_id: The round.
        today: The day.
        table: A table of live cases; the charter's own where None.
        out: Where the report goes; beside the round where None.
        as_json: Say everything as JSON, and write nothing.
        system_fonts: Leave the fonts out of the report.
        tell: Takes each text meant for the person.

    Returns:
        The report; None where JSON was asked for.

    Raises:
        SaysoError: As for ``round_report``; FileNotWritable if the report cannot be written.
    """
    import json

    from sayso import __version__
    from sayso.present.rounds.report import round_html, round_json, round_text
    from sayso.workspace.files import write_whole

    told = round_report(folder, round_id, today, table=table)
    if as_json:
        tell(json.dumps(round_json(told), ensure_ascii=False, indent=2))
        return None
    place = Path(out) if out is not None else place_of(folder, round_id) / "report.html"
    html = round_html(told, made_on=today, version=__version__, system_fonts=system_fonts)
    write_whole(place, html)
    tell(f"{round_text(told)}\n\n  {place}\n  Nothing left this computer.")
    return place


@lru_cache(maxsize=KEPT)
def _told(key: tuple[str, str, str, int, int, str], today: date) -> RoundTold:
    """A round that is over changes no more; only its table and its settling may."""
    from sayso.align.consequence_reading import ConsequencesReading
    from sayso.align.read_frontier import read_frontier
    from sayso.align.read_round import read_round
    from sayso.present.rounds.told import round_told

    folder, round_id, place = Path(key[0]), key[1], key[2]
    charter, status = charter_of(folder, round_id), status_of(folder, round_id, today)
    answers = answers_of(folder, round_id, today)
    if len(answers) < status.round.least:
        raise RoundWithheld("Too few answered.", hint="Open another round.")
    live = _live(charter, place, today)
    reading = read_round(status.round, answers, live=live, asked=_asked(folder, round_id))
    traded = (
        read_frontier(status.round, answers, live)
        if isinstance(live, ConsequencesReading)
        else None
    )
    return round_told(
        reading,
        owner=charter.owner or "",
        settled=settled_by(folder, status.settled),
        traded=traded,
    )


def _asked(folder: Path, round_id: str) -> Consequences | None:
    """What options bring in the round's own cases, repeats left out."""
    import numpy as np

    from sayso.align.consequences import Consequences

    frozen = read_frozen(place_of(folder, round_id))
    if not frozen.values:
        return None
    new = [place for place, case in enumerate(frozen.round.cases) if case.repeats is None]
    values = np.array(frozen.values, dtype=np.float64)[new]
    states = len(frozen.states)
    return Consequences(
        options=frozen.round.options,
        considerations=frozen.round.considerations,
        states=frozen.states,
        values=values,
        # People's own beliefs take the place of these.
        belief=np.full((len(new), states), 1 / states),
    )


def _live(
    charter: Charter, place: str, today: date
) -> ConsequencesReading | CannotTell | NotEnoughData:
    from sayso.workspace.consequences import read_consequences

    if not place:
        return NO_TABLE
    now = datetime.combine(today, time.max, tzinfo=UTC)
    try:
        return read_consequences(charter, place, as_of=now, seed=0)
    except SaysoError as error:
        return CannotTell(f"The table cannot be read: {error.message}", error.hint)


def _table(folder: Path, charter: Charter, named: str | None) -> Path | str | None:
    """The table of live cases: the one named, or the charter's, beside the workspace."""
    said = named or (charter.source.table if charter.source else None)
    if said is None:
        return None
    for place in (folder / said, Path(said)):
        if place.is_file():
            return place
    return said if named is not None else None


def settled_by(folder: Path, proposal: str) -> Settled | None:
    """How a round ended, by the name of its proposal; None where it has not."""
    from sayso.present.rounds.convening import expected_text
    from sayso.present.rounds.telling import role_name
    from sayso.present.rounds.told import Against, Settled

    found = next((p for p in list_proposals(folder)[0] if p.id == proposal), None)
    if found is None:
        return None
    return Settled(
        rule=found.rule,
        why=found.why,
        expected=expected_text(found.expected),
        check_on=found.check_on,
        role=role_name(found.by),
        charter=str(found.to),
        against=tuple(
            Against(because=o.because, answer=o.answer, veto=role_name(o.veto))
            for o in found.objections
        ),
    )
