"""The case table: the columns every measure reads, whatever the user's table looked like."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "VARCHAR"
    NUMBER = "DOUBLE"
    YES_NO = "BOOLEAN"
    MOMENT = "TIMESTAMP"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the case table.

    Attributes:
        name: The word for it; also the flag and the key under ``source.columns``.
        kind: What it holds. Moments are UTC without a zone.
        meaning: What it says, as the report prints it.
    """

    name: str
    kind: Kind
    meaning: str


# Roles: what a column of the user's table can mean. Each may be absent.
ROLES: tuple[Column, ...] = (
    Column("case", Kind.TEXT, "Case"),
    Column("repeat_of", Kind.TEXT, "Case that this one shows again"),
    Column("decider", Kind.TEXT, "Person (counted, never shown)"),
    Column("team", Kind.TEXT, "Team"),
    Column("opened_at", Kind.MOMENT, "When it was opened"),
    Column("decided_at", Kind.MOMENT, "When it was decided"),
    Column("choice", Kind.TEXT, "What was chosen"),
    Column("choice_probability", Kind.NUMBER, "Chance of the choice as made"),
    Column("prior", Kind.TEXT, "First view"),
    Column("prior_confidence", Kind.NUMBER, "How sure the first view was"),
    Column("prior_at", Kind.MOMENT, "When the first view was given"),
    Column("prior_asked", Kind.YES_NO, "First view was asked for"),
    Column("prior_ask_probability", Kind.NUMBER, "Chance of being asked"),
    Column("prior_skipped", Kind.YES_NO, "First view was skipped"),
    Column("advice", Kind.TEXT, "What the AI advised"),
    Column("advice_confidence", Kind.NUMBER, "The AI's estimate"),
    Column("advice_source", Kind.TEXT, "Which model advised"),
    Column("advice_at", Kind.MOMENT, "When the advice came"),
    Column("advice_opened_at", Kind.MOMENT, "When the advice was opened"),
    Column("shown", Kind.YES_NO, "Advice was visible"),
    Column("show_probability", Kind.NUMBER, "Chance of being shown"),
    Column("signal", Kind.TEXT, "What a superior said"),
    Column("override_kind", Kind.TEXT, "How the advice was overruled"),
    Column("reason_code", Kind.TEXT, "Reason"),
    Column("reason_text", Kind.TEXT, "Reason in words"),
    Column("reason_at", Kind.MOMENT, "When the reason was given"),
    Column("seconds", Kind.NUMBER, "Seconds taken"),
    Column("outcome", Kind.TEXT, "How it turned out"),
    Column("outcome_at", Kind.MOMENT, "When the outcome was known"),
    Column("outcome_due", Kind.MOMENT, "When the outcome is due"),
    Column("value", Kind.NUMBER, "Value of the outcome"),
    Column("best", Kind.TEXT, "The option known right afterwards"),
)

# What the import derives once, so that no query repeats it. The table `cases` holds the roles
# above (`case` is stored as case_id) and these. Absent ones are NULL throughout.
DERIVED: tuple[Column, ...] = (
    Column("choice_number", Kind.NUMBER, "The choice, where it is a quantity"),
    Column("prior_number", Kind.NUMBER, "The first view, where it is a quantity"),
    Column("advice_number", Kind.NUMBER, "The advice, where it is a quantity"),
    Column("outcome_number", Kind.NUMBER, "The outcome, where it is a quantity"),
    Column("kind", Kind.TEXT, "Kind of case, from the charter's kinds joined by ' / '"),
    Column("justification", Kind.YES_NO, "Advice fetched after the choice: not advice"),
    Column("outcome_matured", Kind.YES_NO, "The outcome is due or already known"),
    Column("choice_right", Kind.YES_NO, "The choice turned out right; NULL where not known"),
    Column("advice_right", Kind.YES_NO, "The advice turned out right; NULL where not known"),
    Column("prior_right", Kind.YES_NO, "The first view turned out right; NULL where not known"),
    Column("choice_loss", Kind.NUMBER, "What the choice cost: charter's unit, else 0 or 1"),
    Column("advice_loss", Kind.NUMBER, "What following the advice would have cost"),
    Column("prior_loss", Kind.NUMBER, "What following the first view would have cost"),
    Column("choice_stake", Kind.NUMBER, "What the choice costs if it is wrong"),
    Column("advice_stake", Kind.NUMBER, "What following the advice costs if it is wrong"),
    Column("prior_stake", Kind.NUMBER, "What following the first view costs if it is wrong"),
    Column("said", Kind.NUMBER, "Probability the AI stated, in 0..1"),
    Column("happened", Kind.YES_NO, "The event that probability speaks of"),
    Column("prior_said", Kind.NUMBER, "Probability the person stated, in 0..1"),
    Column("prior_happened", Kind.YES_NO, "The event that probability speaks of"),
    Column("alike_wide", Kind.TEXT, "Key of cases alike, loosest definition"),
    Column("alike", Kind.TEXT, "Key of cases alike, as declared or guessed"),
    Column("alike_narrow", Kind.TEXT, "Key of cases alike, strictest definition"),
    Column("late_half", Kind.YES_NO, "Decided in the later half of the cases"),
    Column("week", Kind.NUMBER, "Whole weeks since the first decision"),
)

ROLE_NAMES = tuple(column.name for column in ROLES)


def stored_name(role: str) -> str:
    """The column of ``cases`` that holds a role; CASE is a word of SQL, so `case` differs."""
    return "case_id" if role == "case" else role


CASE_COLUMNS: tuple[Column, ...] = (
    *(Column(stored_name(c.name), c.kind, c.meaning) for c in ROLES),
    *DERIVED,
)
