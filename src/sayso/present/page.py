"""The report as plain values for its template: everything placed, nothing left to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sayso.domain.evidence import Word
from sayso.domain.grade import Grade
from sayso.measure.case_table import ROLES
from sayso.measure.profile import Certainty
from sayso.present.drawn import drawn_section, drawn_short, drawn_strips
from sayso.present.marks import evidence
from sayso.present.numbers import between_days, count, in_words, on_day
from sayso.present.telling import Telling, telling_of
from sayso.present.treatments import treatment_sentence

if TYPE_CHECKING:
    from sayso.present.context import ReportContext
    from sayso.present.section import Findings

WORDS = (
    (Word.CLEAR, "The whole 95% range is past the line that matters, on one side."),
    (
        Word.LIKELY,
        (
            "The 90% range is past the line; or the 95% range is, but the comparison was not an "
            "experiment, or the finding is one of many."
        ),
    ),
    (Word.SMALL, "The 95% range leaves out zero, but not the line that matters."),
    (Word.EITHER, "The range holds zero, and reaches past the line."),
    (Word.TOO_SMALL, "The whole 95% range is nearer to zero than the line."),
    (Word.NOT_ZERO, "The 95% range leaves out zero, and nobody declared a line."),
    (Word.NOT_YET, "Too few cases, people or known outcomes for a range we would defend."),
    (Word.CANNOT_TELL, "No number of such cases would answer it."),
)


def page_of(told: Findings, context: ReportContext) -> dict[str, Any]:
    """Everything the template prints.

    Args:
        told: What the report says.
        context: How and when it was made.

    Returns:
        Values by the names the template uses; of any type, as Jinja takes them.
    """
    telling = telling_of(told.reading, team_names=True)
    profile, setting = told.reading.profile, told.reading.setting
    keyed = False
    sections: list[dict[str, Any]] = []
    for section in told.sections:
        drawn, keyed = drawn_section(telling, section, keyed=keyed)
        sections.append(drawn)
    charter = told.reading.charter
    question = charter.question if charter and charter.question else ""
    return {
        "headline": told.headline,
        "verdict": told.verdict,
        "eyebrow": f"{profile.name}: {question}" if question else profile.name,
        "stand": stand(telling),
        "made_on": on_day(context.made_on),
        "hero": drawn_strips(telling, told.hero) if told.hero else None,
        "short": [drawn_short(section) for section in told.leading],
        "sections": sections,
        "lines": told.lines,
        "unknown": told.unknown,
        "steps": told.steps,
        "least": in_words(setting.minimum_people),
        "names": _names(telling, context),
        "made": _made(telling),
        "treatments": [treatment_sentence(t) for t in profile.treatments if t.count],
        "columns": _columns(telling),
        "words": [(word, evidence(word), meaning) for word, meaning in WORDS],
        "command": context.command,
        "seal": _seal(telling, context),
        "version": context.version,
    }


def stand(telling: Telling) -> str:
    """What was read, in one or two sentences."""
    profile = telling.reading.profile
    who = ""
    if profile.deciders == 1:
        who = f" made by one {telling.decider}"
    elif profile.deciders >= 2:
        who = f" made by {count(profile.deciders)} {telling.deciders}"
    where = f" in {in_words(profile.teams)} {telling.teams}" if profile.teams >= 2 else ""
    when = ""
    if profile.calendar and profile.since and profile.until:
        when = f" between {between_days(profile.since, profile.until)}"
    read = f"We read {count(profile.rows_used)} choices{who}{where}{when}."
    if profile.shown_since is not None:
        since = on_day(profile.shown_since)
        return f"{read} Since {since} an AI’s advice has been in view."
    moved = telling.figure("influence")
    if moved is not None and moved.grade is Grade.RANDOMISED:
        return f"{read} Chance decided in which cases the AI’s advice was in view."
    if telling.reading.setting.holds("prior"):
        return f"{read} A first view came before the AI’s advice."
    return read


def _names(telling: Telling, context: ReportContext) -> str:
    if telling.reading.profile.teams < 2:
        return "Who decided is counted, never shown."
    if context.team_names:
        return f"The {telling.teams} are named here; they agreed to it, or you asked for it."
    return f"The {telling.teams} go by letters; naming them is for them to agree to."


def _made(telling: Telling) -> str:
    profile = telling.reading.profile
    return (
        f"Read from {profile.name} on your computer. Nothing was sent anywhere. "
        f"{count(profile.rows_read)} rows read; {count(profile.rows_used)} used. Columns were "
        "recognised by name and content; correct any of them with an option."
    )


def _seal(telling: Telling, context: ReportContext) -> str:
    digest = telling.reading.profile.sha256
    words = f"Input SHA-256 {digest[:4]}…{digest[-4:]}. " if digest else ""
    return (
        f"{words}Seed {context.seed}, Sayso {context.version}. "
        "Same file, charter and seed give the same report."
    )


def _columns(telling: Telling) -> list[dict[str, str]]:
    meanings = {column.name: column.meaning.replace("'", "’") for column in ROLES}
    sure = {Certainty.SURE: "yes", Certainty.PROBABLY: "probably", Certainty.UNCLEAR: "unclear"}
    return [
        {
            "meaning": meanings.get(guess.role, guess.role),
            "column": guess.column,
            "sure": sure[guess.certainty],
            "filled": f"{round(guess.filled * 100)}%",
        }
        for guess in telling.reading.profile.roles
    ]
