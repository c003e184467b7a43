"""What the columns of a user's table mean: guessed from names and contents, never silently."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sayso.domain.errors import ColumnMissing, ColumnUnclear
from sayso.measure.case_table import ROLE_NAMES
from sayso.measure.profile import Certainty, RoleGuess
from sayso.measure.role_names import name_weight

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FEW_VALUES = 50
QUANTITY_VALUES = 20
NO_COLUMN = "none"
YES_WORDS = frozenset({"true", "t", "yes", "y", "1"})
NO_WORDS = frozenset({"false", "f", "no", "n", "0"})


class Content(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFacts:
    """What one pass over a table says of a column.

    Attributes:
        name: As the user wrote it.
        content: What its cells hold.
        rows: Rows of the table.
        filled: Share of rows with a value, in 0..1.
        distinct: Different values.
        values: The values as text, where there are at most fifty; else empty.
        low: Least value of a number.
        high: Greatest value of a number.
        whole: Whether all numbers are whole.
    """

    name: str
    content: Content
    rows: int
    filled: float
    distinct: int
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    whole: bool = False

    @property
    def quantity(self) -> bool:
        """Whether it holds a quantity rather than a code."""
        return self.content is Content.NUMBER and (
            self.distinct > QUANTITY_VALUES or not self.whole
        )

    @property
    def options(self) -> frozenset[str]:
        """Its values with the spellings of yes and no made one."""
        return frozenset(one_spelling(v) for v in self.values)

    @property
    def two_sided(self) -> bool:
        """Whether it says yes or no in any spelling."""
        return self.content is Content.BOOLEAN or (
            0 < len(self.values) <= 2 and self.options <= {"true", "false"}
        )

    @property
    def probability(self) -> bool:
        """Whether it can be a probability, in 0..1 or per 100."""
        return (
            self.content is Content.NUMBER
            and self.distinct > 2
            and self.low is not None
            and self.high is not None
            and self.low >= 0
            and self.high <= 100
        )


def one_spelling(value: str) -> str:
    """One spelling for yes and one for no; other values as they are, without outer blanks."""
    word = value.strip().lower()
    if word in YES_WORDS:
        return "true"
    return "false" if word in NO_WORDS else value.strip()


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles found, and the columns that stay inputs of the case."""

    guesses: tuple[RoleGuess, ...]
    inputs: tuple[str, ...]

    def column(self, role: str) -> str | None:
        """The user's column for a role."""
        return next((g.column for g in self.guesses if g.role == role), None)


_OPTION_ROLES = frozenset({"choice", "advice", "prior", "best", "signal"})
_MOMENT_ROLES = frozenset(
    {
        "opened_at",
        "decided_at",
        "prior_at",
        "advice_at",
        "advice_opened_at",
        "reason_at",
        "outcome_at",
        "outcome_due",
    }
)
_PROBABILITY_ROLES = frozenset({"choice_probability", "show_probability", "prior_ask_probability"})
_YES_NO_ROLES = frozenset({"prior_asked", "prior_skipped"})
# Roles that matter: never guessed silently. The others are looked for in this order, so that a
# telling name wins over a possible one.
_MATTER = ("choice", "advice", "outcome")
_ORDER = (
    "prior",
    "best",
    "choice",
    "advice",
    "outcome",
    "show_probability",
    "choice_probability",
    "prior_ask_probability",
    "prior_confidence",
    "advice_confidence",
    "advice_opened_at",
    "shown",
    "decider",
    "team",
    "repeat_of",
    "case",
    "decided_at",
    "opened_at",
    "prior_at",
    "advice_at",
    "reason_at",
    "outcome_at",
    "outcome_due",
    "prior_asked",
    "prior_skipped",
    "advice_source",
    "signal",
    "override_kind",
    "reason_code",
    "reason_text",
    "seconds",
)


def guess_roles(
    columns: Sequence[ColumnFacts],
    named: Mapping[str, str],
    *,
    expressions: Mapping[str, float] | None = None,
) -> Roles:
    """Tell what each column means.

    Args:
        columns: Facts of every column of the table.
        named: Role to column, by flag or charter; ``none`` for "there is no such column".
        expressions: Role to filled share, for roles the charter computes by an expression.

    Returns:
        One guess for each role found, in the case table's order.

    Raises:
        ColumnMissing: If a named column is not in the table.
        ColumnUnclear: If the choice cannot be told, or two columns could equally be the choice,
            the advice or the outcome.
    """
    by_name = {c.name: c for c in columns}
    computed = dict(expressions or {})
    found: dict[str, RoleGuess] = {}
    for role, column in named.items():
        if role in computed:
            found[role] = RoleGuess(
                role=role, column=column, certainty=Certainty.SURE, filled=computed[role]
            )
        elif column != NO_COLUMN:
            facts = by_name.get(column)
            if facts is None:
                raise ColumnMissing(column, list(by_name), flag=f"--{role.replace('_', '-')}")
            found[role] = RoleGuess(
                role=role, column=column, certainty=Certainty.SURE, filled=facts.filled
            )
    taken = {g.column for g in found.values()}
    for role in _ORDER:
        if role in named:
            continue
        free = [c for c in columns if c.name not in taken and c.filled > 0]
        choice = by_name.get(found["choice"].column) if "choice" in found else None
        guess = _guess(role, free, choice, columns)
        if guess is not None:
            found[role] = guess
            taken.add(guess.column)
    if "choice" not in found and "choice" not in named:
        found["choice"] = _choice_by_content(
            [c for c in columns if c.name not in taken], columns, found
        )
        taken.add(found["choice"].column)
    if "advice" not in found and "advice" not in named and "choice" in found:
        _refuse_unnamed_advice(
            [c for c in columns if c.name not in taken], by_name.get(found["choice"].column)
        )
    return Roles(
        guesses=tuple(found[role] for role in ROLE_NAMES if role in found),
        inputs=tuple(c.name for c in columns if c.name not in taken),
    )


def _guess(
    role: str,
    free: Sequence[ColumnFacts],
    choice: ColumnFacts | None,
    columns: Sequence[ColumnFacts],
) -> RoleGuess | None:
    scored = sorted(
        ((_score(role, c, choice, columns), -i, c) for i, c in enumerate(free)),
        key=lambda scoring: scoring[:2],
        reverse=True,
    )
    scored = [s for s in scored if s[0] > 0]
    if not scored:
        return None
    best, _, column = scored[0]
    if len(scored) > 1 and scored[1][0] == best:
        if role in _MATTER:
            raise _unclear(role, column.name, scored[1][2].name)
        if best < 4:
            return None
    return RoleGuess(
        role=role,
        column=column.name,
        certainty=_certainty(role, best),
        filled=column.filled,
    )


def _certainty(role: str, score: float) -> Certainty:
    if role == "shown":
        # An opened-by-choice flag looks like a shown flag, so contents cannot make it sure.
        return Certainty.PROBABLY
    if role in ("reason_code", "reason_text", "best"):
        return Certainty.SURE if score >= 6 else Certainty.PROBABLY
    return Certainty.SURE if score >= 4 else Certainty.PROBABLY


def _score(
    role: str,
    column: ColumnFacts,
    choice: ColumnFacts | None,
    columns: Sequence[ColumnFacts],
) -> float:
    """Twice the name's weight, plus what the contents add; 0 where they rule the role out."""
    weight = name_weight(role, column.name)
    if weight == 0 or not _fits(role, column):
        return 0
    score = 2.0 * weight
    if role in ("advice", "prior", "best") and choice is not None:
        if column.quantity != choice.quantity:
            return 0
        if not column.quantity:
            shared = column.options & choice.options
            if not shared:
                return 0
            score += 1
    if role == "choice":
        partners = [c for c in columns if c is not column and name_weight("advice", c.name) >= 2]
        if any(c.options & column.options or (c.quantity and column.quantity) for c in partners):
            score += 1
        elif weight == 1 and partners:
            return 0
    if role == "outcome" and choice is not None and column.options and choice.options:
        score += 0.5 if column.options <= choice.options else 0
    if weight == 1 and role in ("choice", "case") and score < 3:
        score -= 0.5
    return score


def _fits(role: str, column: ColumnFacts) -> bool:  # one line a family of roles
    if role in _MOMENT_ROLES:
        return column.content is Content.MOMENT
    if role in _OPTION_ROLES:
        return column.content is not Content.MOMENT and _few(column)
    if role in _PROBABILITY_ROLES:
        return column.content is Content.NUMBER and column.high is not None and column.high <= 1
    if role in _YES_NO_ROLES:
        return column.two_sided
    if role in ("advice_confidence", "prior_confidence"):
        return column.probability
    if role == "shown":
        return column.two_sided or column.content is Content.MOMENT
    if role == "seconds":
        return column.content is Content.NUMBER
    if role == "outcome":
        return column.content is not Content.MOMENT and column.distinct >= 1
    code = column.content is Content.TEXT or (column.content is Content.NUMBER and column.whole)
    if role == "decider":
        # Where the name says it outright, each case may well have had a person of its own.
        told = name_weight(role, column.name) == 3
        few = column.distinct < max(2.0, 0.9 * column.rows * column.filled)
        return code and column.distinct >= 1 and (told or few)
    if role == "team":
        return code and 2 <= column.distinct <= max(2, min(500, column.rows // 5))
    if role == "case":
        # A case that many people decide stands in as many rows, and only its name then says so.
        told = name_weight(role, column.name) == 3
        return code and column.distinct >= 2 and (told or column.distinct >= 0.2 * column.rows)
    return column.content is not Content.MOMENT


def _few(column: ColumnFacts) -> bool:
    """Whether it can hold answers: a quantity, or few enough to choose among."""
    return 0 < column.distinct <= FEW_VALUES or column.quantity


def _choice_by_content(
    free: Sequence[ColumnFacts],
    columns: Sequence[ColumnFacts],
    found: Mapping[str, RoleGuess],
) -> RoleGuess:
    """The column that shares its values with the advice, when no name says it."""
    advice = next(
        (c for c in columns if "advice" in found and c.name == found["advice"].column), None
    )
    shared = [
        c
        for c in free
        if advice is not None and advice.options and c.options and c.options <= advice.options
    ]
    if len(shared) == 1:
        return RoleGuess(
            role="choice",
            column=shared[0].name,
            certainty=Certainty.PROBABLY,
            filled=shared[0].filled,
        )
    many = next((c for c in free if name_weight("choice", c.name) > 1 and not _few(c)), None)
    if many is not None and not shared:
        raise ColumnUnclear(
            f"The column {many.name!r} has {many.distinct:,} different answers, and a choice "
            f"at most {FEW_VALUES}.",
            hint="Name the column that holds the choice with --choice COLUMN.",
        )
    near = shared or _near_a_choice(free)
    near = near or [c for c in free if _fits("choice", c)] or list(free) or list(columns)
    raise _unclear("choice", near[0].name, near[1].name if len(near) > 1 else None)


_CHOOSING = ("decid", "decis", "choice", "chose", "verdict", "action", "answer")


def _near_a_choice(free: Sequence[ColumnFacts]) -> list[ColumnFacts]:
    """Columns of few answers, nearest first: by a word in the name, then by shared answers."""
    fit = [c for c in free if _fits("choice", c) and c.content is not Content.NUMBER]

    def far(column: ColumnFacts) -> tuple[bool, bool, int]:
        named = any(word in column.name.lower() for word in _CHOOSING)
        alone = all(not (column.options & c.options) for c in fit if c is not column)
        return (not named, alone, column.distinct)

    return sorted(fit, key=far)


def _refuse_unnamed_advice(free: Sequence[ColumnFacts], choice: ColumnFacts | None) -> None:
    """Stop where a column gives the choice's own answers and no name says what it is.

    It may be the advice, a second reader or what was right; a report that took one for the other
    would be false. Columns of yes and no are too common to ask about.

    Raises:
        ColumnUnclear: Naming that column.
    """
    if choice is None or choice.two_sided or len(choice.options) < 2:
        return
    near = [c for c in free if len(c.options) >= 2 and c.options <= choice.options]
    if near:
        raise _unclear("advice", near[0].name, near[1].name if len(near) > 1 else None)


_MEANS = {
    "choice": "the choice",
    "advice": "the advice",
    "outcome": "how it turned out",
}


def _unclear(role: str, first: str, second: str | None) -> ColumnUnclear:
    closest = f"{first} or {second}" if second else first
    none = "" if role == "choice" else f", or --{role} none if there is no such column"
    return ColumnUnclear(
        f"We could not tell which column holds {_MEANS[role]}. Closest: {closest}.",
        hint=f"Run again with --{role} {_quoted(first)}{none}.",
    )


def _quoted(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() else f'"{name}"'
