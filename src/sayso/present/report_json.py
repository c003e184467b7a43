"""Everything the report says, as plain values for machines."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING, Any

from sayso.domain.answer import CannotTell, Estimate, NotEnoughData
from sayso.domain.figure import Status
from sayso.present.findings import findings
from sayso.present.numbers import key_of
from sayso.present.treatments import treatment_sentence

if TYPE_CHECKING:
    from sayso.domain.figure import Figure
    from sayso.measure.profile import Profile
    from sayso.measure.reading import Reading
    from sayso.present.context import ReportContext
    from sayso.present.section import Section

HIDDEN = "hidden"


def to_json(reading: Reading, context: ReportContext) -> dict[str, Any]:  # JSON of every type
    """The report's content under its fixed keys.

    Args:
        reading: What was found.
        context: How and when it was made.

    Returns:
        ``verdict``, ``headline``, ``findings``, ``figures``, ``cannot_tell`` and ``profile``.
        Shares lie in 0..1; a figure withheld to protect people has no numbers at all.
    """
    told = findings(reading, context)
    return {
        "verdict": str(told.reading.judgement.verdict),
        "headline": told.headline.text,
        "findings": [_finding(section) for section in told.leading],
        "figures": [figure_json(figure) for figure in told.reading.figures],
        "cannot_tell": [
            {"question": item.question, "cheapest_way": item.cheapest_way} for item in told.unknown
        ],
        "profile": _profile(told.reading.profile, context),
    }


def _finding(section: Section) -> dict[str, Any]:
    first, *more = section.lead
    return {
        "section": section.key,
        "claim": section.claim.text,
        "sentence": first.text,
        "more": [sentence.text for sentence in more],
        "word": str(section.word) if section.word is not None else None,
        "figures": list(
            dict.fromkeys(key for s in (section.claim, *section.lead) for key in s.keys)
        ),
    }


def figure_json(figure: Figure) -> dict[str, Any]:
    """One figure under its fixed keys; what is withheld leaves no trace but its existence."""
    values: dict[str, Any] = {
        "measure": figure.measure,
        "groups": dict(figure.groups),
        "key": key_of(figure),
        "value": None,
        "low": None,
        "high": None,
        "n": None,
        "people": None,
        "grade": str(figure.grade),
        "word": str(figure.word) if figure.word is not None else None,
        "status": str(figure.status),
        "unit": str(figure.unit),
        "line": figure.line,
    }
    if figure.hidden:
        groups = {name: HIDDEN for name, _ in figure.groups}
        masked = replace(figure, groups=tuple(groups.items()))
        return {**values, "groups": groups, "key": key_of(masked), "word": None}
    match figure.answer:
        case Estimate() as answer:
            numbers = (answer.value, answer.low, answer.high)
            if not all(isfinite(number) for number in numbers):
                return {**values, "status": str(Status.MISSING)}
            values.update(
                value=answer.value,
                low=answer.low,
                high=answer.high,
                n=answer.n,
                people=answer.people,
                population=str(answer.population),
            )
        case NotEnoughData() as answer:
            values.update(need=answer.need, have=answer.have, of=answer.of)
        case CannotTell() as answer:
            values.update(reason=answer.reason, cheapest_way=answer.cheapest_way)
    notes = {name: value for name, value in figure.notes if _sayable(value)}
    return {**values, "notes": notes}


def _sayable(value: float | str | bool) -> bool:
    """Whether a note is a text, a truth value or a finite number."""
    return not isinstance(value, float) or isfinite(value)


def _profile(profile: Profile, context: ReportContext) -> dict[str, Any]:
    return {
        "name": profile.name,
        "rows_read": profile.rows_read,
        "rows_used": profile.rows_used,
        "deciders": profile.deciders,
        "teams": profile.teams,
        "since": profile.since.isoformat() if profile.since else None,
        "until": profile.until.isoformat() if profile.until else None,
        "shown_since": profile.shown_since.isoformat() if profile.shown_since else None,
        "sha256": profile.sha256,
        "columns": [
            {
                "role": guess.role,
                "column": guess.column,
                "certainty": str(guess.certainty),
                "filled": guess.filled,
            }
            for guess in profile.roles
        ],
        "treatments": [
            {"code": t.code, "count": t.count, "detail": t.detail, "says": treatment_sentence(t)}
            for t in profile.treatments
        ],
        "made_on": context.made_on.isoformat(),
        "seed": context.seed,
        "version": context.version,
        "command": context.command,
        "guess": context.guess,
    }
