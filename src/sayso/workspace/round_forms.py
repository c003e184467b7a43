"""Rounds on paper and in files: forms to hand out, and filled-in ones to read in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.align.answers import read_answer
from sayso.align.round import RoundState
from sayso.domain.errors import LinkUnknown, LinkUsed, RoundOver, RoundRefused
from sayso.present.round_form import round_form_html
from sayso.present.round_form_text import LINK, form_names, round_form_text
from sayso.workspace.files import write_whole
from sayso.workspace.form_file import FileProblem, form_text_of, read_form
from sayso.workspace.links import LinkState, grouped, read_token
from sayso.workspace.rounds import begin, find_link, send, status_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sayso.align.round import Round

NO_FORM_COUNTS = "The round {round_id} is over, so no form of it counts any more."
MISSING = ("Nothing stands behind it.", "Write the last part of the link that the person got.")


@dataclass(frozen=True, slots=True)
class ReadForms:
    """What became of filled-in forms.

    Attributes:
        taken: Files that count now.
        problems: What is wrong with the others; nothing of those was taken.
    """

    taken: tuple[str, ...]
    problems: tuple[FileProblem, ...]


def write_form(
    folder: Path,
    round_id: str,
    *,
    today: date,
    links: Sequence[str] = (),
    as_text: bool = False,
    out: str | None = None,
) -> Path:
    """Write a form of a round: to be printed, or a text file to be filled in.

    Args:
        folder: The workspace.
        round_id: The round.
        today: The day.
        links: Links of the round that each form carries; one form without where none are given.
        as_text: Whether it is a text file.
        out: Where it goes; beside the workspace's files under the round's name where None.

    Raises:
        RoundNotFound: If there is no such round.
        RoundOver: If it takes no answers any more.
        RoundRefused: If a link belongs to another round, or two go into one text file.
        LinkUnknown: If no round made a link.
        LinkUsed: If one was used.
        FileNotWritable: If the folder does not take it.
    """
    status = status_of(folder, round_id, today)
    if status.state is not RoundState.OPEN:
        raise RoundOver(NO_FORM_COUNTS.format(round_id=round_id), hint="Open a new round.")
    codes = [grouped(_fresh(folder, round_id, link, today)) for link in links]
    if as_text and len(codes) > 1:
        raise RoundRefused(
            f"{len(codes)} links were given; a text form is for one.",
            hint="Run it once a link, with another --out each.",
        )
    file = Path(out) if out else folder / f"{round_id}-form.{'txt' if as_text else 'html'}"
    write_whole(
        file,
        round_form_text(status.round, codes[0] if codes else "")
        if as_text
        else round_form_html(status.round, codes),
    )
    return file


def read_forms(folder: Path, round_id: str, files: Iterable[str], today: date) -> ReadForms:
    """Count filled-in text forms, one file a person; each takes its link with it.

    A file with a problem is left out whole, and its link stays fresh; the others count.

    Args:
        folder: The workspace.
        round_id: The round.
        files: The forms.
        today: The day.

    Raises:
        RoundNotFound: If there is no such round.
        KeyMissing: If the workspace has lost its key.
        FileNotWritable: If an answer cannot be kept.
    """
    round_ = status_of(folder, round_id, today).round
    taken: list[str] = []
    problems: list[FileProblem] = []
    for name in files:
        found = _take(folder, round_, name, today)
        problems += found
        if not found:
            taken.append(name)
    return ReadForms(tuple(taken), tuple(problems))


def _fresh(folder: Path, round_id: str, link: str, today: date) -> str:
    """The token of a fresh link of this round."""
    found, token = find_link(folder, link, today), read_token(link)
    if token is None or found.round is None:
        raise LinkUnknown
    if found.round.id != round_id:
        raise RoundRefused(
            f"This link belongs to the round {found.round.id}.",
            hint=f"Give a link of {round_id}, or none: then the form leaves a line for it.",
        )
    if found.state is LinkState.EXPIRED:
        raise RoundOver(NO_FORM_COUNTS.format(round_id=round_id), hint="Open a new round.")
    if found.state is LinkState.USED:
        raise LinkUsed
    return token


def _take(folder: Path, round_: Round, name: str, today: date) -> list[FileProblem]:
    """Count one form; what is wrong with it instead."""
    text = form_text_of(Path(name))
    if isinstance(text, FileProblem):
        return [text]
    reading = read_form(text, name, form_names(round_))
    problems = list(reading.problems)

    def refuse(field: str, says: str, hint: str) -> None:
        line = reading.lines.get("points-1" if field == "points" else field, 0)
        problems.append(FileProblem(name, line, f"{field}: {says}" if field else says, hint))

    code = reading.fields.get(LINK, "")
    try:
        token = _fresh(folder, round_.id, code, today)
    except (LinkUnknown, LinkUsed, RoundOver, RoundRefused) as error:
        refuse(LINK, *(MISSING if not code else (error.message, error.hint)))
        return sorted(problems)
    fields = {field: said for field, said in reading.fields.items() if field != LINK}
    for problem in read_answer(round_, fields, pseudonym="").problems:
        refuse(problem.field, problem.message, problem.hint)
    if not problems:
        # Nothing that is stored may join the link and the answer, so a crash between these two
        # steps costs the link; another is made with `sayso round link`.
        send(folder, round_.id, begin(folder, token, today), fields, today=today)
    return sorted(problems)
