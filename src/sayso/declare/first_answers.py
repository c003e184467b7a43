"""Six plain answers, on the first day and without data, and the charter they begin."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING

from sayso.declare.owners import is_group, owner_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sayso.declare.charter import Charter

LONGEST = 2000
LOOK_AGAIN_DAYS = 90
UNNAMED = "unnamed-decision"
# Written bare, YAML reads these as something else than a text.
_NO_TEXT = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
_YES_OR_NO = re.compile(
    r"^(should|shall|do|does|did|is|are|was|were|can|could|may|will|would|has|have)\b",
    re.IGNORECASE,
)
_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 30.44, "quarter": 91.3, "year": 365}
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "next": 1, "half a": 0.5,
}  # fmt: skip
_WHEN = re.compile(
    r"\b(?:(?:with)?in|after|by|for)?\s*"
    rf"(\d+(?:\.\d+)?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\s*"
    rf"({'|'.join(_DAYS)})s?\b(?:\s+later)?",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(20\d\d|q[1-4]|january|february|april|june|july|august|september|october|november|"
    r"december|(by|in|until|before|this|next) (march|may|spring|summer|autumn|winter|christmas|easter))\b",
    re.IGNORECASE,
)
_SMALL = re.compile(
    r"(a|an|the|this|that|these|those|should|shall|do|does|did|is|are|was|were|can|could|may|will|"
    r"would|has|have|be|been|being|we|i|you|they|it|of|for|to|in|on|at|by|with|our|my|your|their|"
    r"which|what|who|whom|when|how|whether|or|and)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAnswers:
    """What a person said; "" where they skipped.

    Attributes:
        decision: Which decision worries them.
        ai: Which AI has a part in it.
        owner: Who is accountable.
        differently: What should be decided differently because of it.
        outcome: How, and when, they would see that it went well.
        assumption: What must be true for the AI to be right.
    """

    decision: str = ""
    ai: str = ""
    owner: str = ""
    differently: str = ""
    outcome: str = ""
    assumption: str = ""

    @property
    def owners(self) -> tuple[str, ...]:
        """Everybody named as accountable."""
        return owner_names(self.owner)

    @property
    def accountable(self) -> str | None:
        """The one who is accountable; None for nobody, several or a group."""
        names = self.owners
        return names[0] if len(names) == 1 and not is_group(names[0]) else None

    @property
    def due_days(self) -> int | None:
        """Days until the outcome can be seen; None where no time was said."""
        return due_days(self.outcome)

    @property
    def says_when(self) -> bool:
        """Whether a time was said at all, as a lag or as a date such as "by June 2027"."""
        return self.due_days is not None or _DATE.search(self.outcome.replace("_", " ")) is not None

    @property
    def silent(self) -> bool:
        """Whether every question was skipped."""
        return not any(getattr(self, field.name) for field in fields(self))


FIELDS = tuple(field.name for field in fields(FirstAnswers))


def answers_from(lines: Sequence[str]) -> FirstAnswers:
    """Six lines as answers, an empty one skipped; lines beyond the sixth belong to no question.

    Raises:
        ValueError: If a seventh line says something, or a line is longer than 2,000 characters.
    """
    said = [one_line(line) for line in lines]
    beyond = [place for place, text in enumerate(said, 1) if place > len(FIELDS) and text]
    if beyond:
        raise ValueError(f"line {beyond[0]}: there are six questions")
    for place, text in enumerate(said, 1):
        if len(text) > LONGEST:
            raise ValueError(f"line {place}: longer than {LONGEST:,} characters")
    return FirstAnswers(**dict(zip(FIELDS, said, strict=False)))


def one_line(text: str) -> str:
    """A typed answer without line breaks and control characters; "-" skips like an empty line."""
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or c.isprintable())
    plain = re.sub(r" +", " ", kept).strip()
    return "" if plain in ("-", "?") else plain


def due_days(text: str) -> int | None:
    """Days in "after 12 months" or "in two weeks"; None where no time is named.

    Examples:
        >>> due_days("the loan is repaid after 12 months"), due_days("customers are happy")
        (365, None)
    """
    found = _WHEN.search(text)
    if found is None:
        return None
    count = _NUMBERS.get(found[1].lower())
    return round((float(found[1]) if count is None else count) * _DAYS[found[2].lower()]) or 1


def slug_of(text: str, *, otherwise: str = UNNAMED, between: str = "-", words: int = 6) -> str:
    """A file's name from a sentence: its first words that carry meaning, in plain letters.

    Examples:
        >>> slug_of("Should this loan be approved?")
        'loan-approved'
        >>> slug_of("Größe?", otherwise="decision")
        'grosse'
    """
    plain = (
        unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode()
    )
    found = [w for w in re.findall(r"[a-z0-9]+", plain.lower()) if not _SMALL.fullmatch(w)]
    name = between.join(found[:words])[:60].strip(between)
    return name if name[:1].isalpha() and name not in _NO_TEXT else otherwise


def asks_yes_or_no(question: str) -> bool:
    """Whether a question has two answers by its form.

    Examples:
        >>> asks_yes_or_no("Should we hire?"), asks_yes_or_no("Whom do we hire?")
        (True, False)
    """
    return _YES_OR_NO.match(question) is not None


def answers_in(charter: Charter) -> FirstAnswers:
    """What a charter answers of the six questions, however it came to say it."""
    outcome = ""
    if charter.outcome is not None:
        days = charter.outcome.due_days
        outcome = charter.outcome.name + ("" if days is None else f", after {days} days")
    return FirstAnswers(
        decision=charter.question or "",
        ai=(charter.advice.source or "the AI") if charter.advice is not None else "",
        owner=charter.owner or "",
        differently=charter.differently[0].says if charter.differently else "",
        outcome=outcome,
        assumption=charter.assumptions[0].says if charter.assumptions else "",
    )


def charter_from(answers: FirstAnswers, slug: str, today: date) -> str:
    """The text of a charter that reads without errors of form; what was skipped stays a question.

    Args:
        answers: What was said.
        slug: Name of the decision and its file.
        today: When, so that a day to look again can be set.
    """
    lines = [
        "# Begun by `sayso start`. A line that ends in a question is yours to answer.",
        f"decision: {slug}",
        "version: 1",
        f"question: {_said(answers.decision)}" if answers.decision
        else "question:   # Which decision is it, as one question?",
        "options: [yes, no]   # as the question reads: are these all the answers?"
        if asks_yes_or_no(answers.decision)
        else "options: []   # Which answers are allowed?",
        "default:   # What happens if nobody chooses?",
        *_owner(answers),
        "rights: {decide: [], consult: [], inform: [], veto: []}   # Who is nearest to the work?",
    ]  # fmt: skip
    if answers.differently:
        lines += [
            "differently:",
            f"  - {{says: {_said(answers.differently)}}}   # How would you see that it happened?",
        ]
    else:
        lines.append("differently: []   # What shall be decided differently from before?")
    lines.append("matters: []   # What matters, and how much of 1 is each worth?")
    lines += _outcome(answers)
    lines.append("mistakes: {}   # When does each answer turn out wrong, and what does that cost?")
    if answers.ai:
        lines.append(
            f"advice: {{source: {_said(answers.ai)}, mode: advise, ceiling: advise}}"
            "   # What would give it more say, or end it?"
        )
    if answers.assumption:
        lines += [
            "assumptions:",
            "  # Who watches it, and by which test?",
            f"  - {{id: must-be-true, says: {_said(answers.assumption)}, since: {today}}}",
        ]
    look_again = today + timedelta(days=LOOK_AGAIN_DAYS)
    lines.append(f"look_again: {{every: {LOOK_AGAIN_DAYS}d, next: {look_again}}}")
    return "\n".join(lines) + "\n"


def _owner(answers: FirstAnswers) -> list[str]:
    names = answers.owners
    if not names:
        return ["owner:   # One name. If it goes wrong on Friday, whose phone rings?"]
    if len(names) == 1:
        return [f"owner: {_said(names[0])}"]
    listed = ", ".join(_said(name) for name in names)
    return [f"owner: [{listed}]   # If it goes wrong on Friday, whose phone rings?"]


def _outcome(answers: FirstAnswers) -> list[str]:
    if not answers.outcome:
        return ["outcome:   # How, and when, would you see that it went well?"]
    name = slug_of(_WHEN.sub(" ", answers.outcome), otherwise="went_well", between="_")
    due = f", due: {answers.due_days}d" if answers.due_days is not None else ""
    ask = "" if due else "   # After how long?"
    return [
        f"# Said of the outcome: {answers.outcome}",
        f"outcome: {{name: {name}, kind: boolean{due}, seen_when: always}}{ask}",
    ]


def _said(text: str) -> str:
    """A text as YAML reads it back."""
    return json.dumps(text, ensure_ascii=False)
