"""The six first questions on a page: nothing typed is lost, and one form begins one charter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sayso.declare.first_answers import (
    FIELDS,
    LONGEST,
    FirstAnswers,
    answers_in,
    charter_from,
    one_line,
    slug_of,
)
from sayso.declare.holders import Accountability, accountable
from sayso.declare.lint import check_text
from sayso.domain.errors import FileNotWritable
from sayso.present.charter_form import slot
from sayso.present.pages import FormProblem
from sayso.present.start import SKIPPED_ALL
from sayso.present.start_form import ONE_NAME, first_view, question_views
from sayso.workspace.accountability import people_of
from sayso.workspace.charter_next import next_for
from sayso.workspace.charter_pages import Shown
from sayso.workspace.charter_versions import alone, charter_file
from sayso.workspace.charters import reading_of, text_of
from sayso.workspace.start import begin_charter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

CHARTERS, ASKED = "charters", "asked"
TITLE = "Six questions about one decision"
TOO_LONG = f"Longer than {LONGEST:,} characters. Shorten it."


def start_page() -> Shown:
    """The six questions, with nothing typed."""
    return _asked({}, {}, ())


def start_from(folder: Path, posted: Mapping[str, str], today: date) -> Shown:
    """Begin a charter from what was typed, or ask again; whatever it is, what was typed stays.

    Args:
        folder: The workspace.
        posted: The six answers, and whose phone rings where that was asked.
        today: The day.
    """
    said = FirstAnswers(**{name: one_line(posted.get(name, "")) for name in FIELDS})
    long = {n: TOO_LONG for n in (*FIELDS, ONE_NAME) if len(one_line(posted.get(n, ""))) > LONGEST}
    if long:
        problems = tuple(FormProblem(name, says) for name, says in long.items())
        return _asked(posted, long, problems, names=len(said.owners) if ONE_NAME in posted else 0)
    if said.silent:
        return _asked(posted, {}, (FormProblem(FIELDS[0], SKIPPED_ALL),))
    one = one_line(posted.get(ONE_NAME, ""))
    if one and len(said.owners) > 1:
        said = replace(said, owner=one)
    elif len(said.owners) > 1 and posted.get(ASKED) != said.owner:
        return _asked(posted, {}, (), names=len(said.owners))
    try:
        (folder / CHARTERS).mkdir(parents=True, exist_ok=True)
        with alone(folder / CHARTERS):
            file = _begun_before(folder, said, today)
            file = file or begin_charter(folder / CHARTERS, said, today)
    except (OSError, FileNotWritable) as error:
        says = f"Nothing was written: {getattr(error, 'strerror', None) or error}"
        return _asked(posted, {}, (FormProblem("", says),))
    return Shown(go=f"/start/{file.stem}")


def said_page(folder: Path, slug: str, today: date) -> Shown:
    """What the answers say, from the charter that they began, and the one next step.

    Raises:
        CharterNotFound: If there is no such decision.
        CharterInvalid: If its file cannot be read as text.
    """
    file = charter_file(folder / CHARTERS, slug)
    charter = reading_of(file).charter
    if charter is None:
        return Shown(go=f"/d/{slug}/charter")
    holders, _ = people_of(folder)
    # What is said first speaks of a word that was given; once it was accepted, it is more than that.
    if accountable(holders, charter, on=today)[0] is Accountability.ACCEPTED:
        return Shown(go=f"/d/{slug}")
    view = first_view(answers_in(charter))
    _, findings = check_text(text_of(file), str(file), today=today)
    return Shown(
        template="console/start_says.html",
        title=view.claim,
        values={
            "view": view,
            "next": next_for(charter),
            "file": f"{CHARTERS}/{file.name}",
            "form": f"/d/{slug}/charter?depth=10",
            "open_points": len(findings),
        },
    )


def _begun_before(folder: Path, said: FirstAnswers, today: date) -> Path | None:
    """The charter that these very answers have begun today: the form was sent twice."""
    slug = slug_of(said.decision)
    for file in sorted((folder / CHARTERS).glob(f"{slug}*.yaml")):
        if text_of(file) == charter_from(said, file.stem, today):
            return file
    return None


def _asked(
    typed: Mapping[str, str],
    said: Mapping[str, str],
    problems: tuple[FormProblem, ...],
    *,
    names: int = 0,
) -> Shown:
    return Shown(
        template="console/start.html",
        title=TITLE,
        problems=problems,
        values={
            "fields_asked": question_views(typed, said, names=names),
            "slot": slot,
            "asked": one_line(typed.get("owner", "")) if names else "",
        },
    )
