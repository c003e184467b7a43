"""Six plain questions, the charter they begin, and what they say at once."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.declare.first_answers import (
    FIELDS,
    answers_from,
    asks_yes_or_no,
    charter_from,
    one_line,
    slug_of,
)
from sayso.domain.errors import AnswersUnreadable
from sayso.present.start import OPENING, QUESTIONS, TWO_NAMES, start_text
from sayso.workspace.files import free_place, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from sayso.declare.first_answers import FirstAnswers

KEPT = "sayso-start.txt"
NUMBERS = {2: "Two", 3: "Three", 4: "Four"}


def run_start(
    *,
    answers: str | None = None,
    out: str = "charters",
    tell: Callable[[str], None],
    ask: Callable[[str], str] | None = None,
    today: date | None = None,
) -> Path | None:
    """Ask or read the six answers, write the charter they begin, and say what they say.

    Args:
        answers: A file with one answer a line, an empty line for a skipped one.
        out: The folder of charters.
        tell: Takes each text meant for the person.
        ask: Asks the person one question; None where nobody is at a terminal.
        today: The day; today where not said.

    Returns:
        The charter's file; None where every question was skipped.

    Raises:
        AnswersUnreadable: If there is nobody to ask and no file, or the file cannot be read.
        FileNotWritable: If the folder does not take the charter.
    """
    if answers is not None:
        said = _read(Path(answers))
    elif ask is not None:
        said = _asked(tell, ask)
    else:
        raise AnswersUnreadable(
            "Nobody is at a terminal to answer.",
            hint="Give the answers in a file, one a line: sayso start --answers FILE.",
        )
    if said.silent:
        tell(start_text(said, "", 0))
        return None
    file = begin_charter(Path(out), said, today or datetime.now(UTC).date())
    options = 2 if asks_yes_or_no(said.decision) else 0
    tell(start_text(said, str(file), _open_points(file), options=options))
    return file


def begin_charter(charters: Path, said: FirstAnswers, today: date) -> Path:
    """Write the charter that six answers begin; one that is there is never written over.

    Args:
        charters: The folder of charters; made where it is not there.
        said: The answers.
        today: The day.

    Raises:
        FileNotWritable: If the folder does not take the charter.
    """
    file = free_place(charters, slug_of(said.decision))
    with suppress(OSError):  # writing says why, with the path
        charters.mkdir(parents=True, exist_ok=True)
    write_whole(file, charter_from(said, file.stem, today))
    return file


def _asked(tell: Callable[[str], None], ask: Callable[[str], str]) -> FirstAnswers:
    """Ask one after the other; what was typed is kept when the person stops half way."""
    tell(f"\n  {OPENING}\n")
    lines: list[str] = []
    try:
        for place, (question, hint) in enumerate(QUESTIONS, 1):
            lines.append(one_line(ask(f"  {place}. {question}\n     {hint}\n     > ")))
            said = answers_from(lines)
            if FIELDS[place - 1] == "owner" and len(said.owners) > 1:
                n = NUMBERS.get(len(said.owners), str(len(said.owners)))
                one = one_line(ask(f"     {TWO_NAMES.format(n=n)}\n     > "))
                lines[-1] = one or lines[-1]
    except (KeyboardInterrupt, EOFError):
        if any(lines):
            write_whole(Path(KEPT), "\n".join(lines) + "\n")
            tell(
                f"\n  What you typed is in {KEPT}. Add to it, one line a question, and run "
                f"`sayso start --answers {KEPT}`."
            )
        raise KeyboardInterrupt from None
    except ValueError as error:
        write_whole(Path(KEPT), "\n".join(lines) + "\n")
        raise AnswersUnreadable(
            f"An answer cannot be kept: {error}.",
            hint=f"Shorten it in {KEPT}, and run `sayso start --answers {KEPT}`.",
        ) from error
    return answers_from(lines)


def _read(file: Path) -> FirstAnswers:
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise AnswersUnreadable(
            f"Cannot read the answers in {file}: {why}.",
            hint="Give a text file with one answer a line; an empty line skips one.",
        ) from error
    try:
        return answers_from(text.splitlines())
    except ValueError as error:
        raise AnswersUnreadable(
            f"{file}, {error}.", hint="Write one answer a line, six at most; an empty line skips."
        ) from error


def _open_points(file: Path) -> int:
    from sayso.workspace.check import check_paths

    return len(check_paths((str(file),)))
