"""What deciders say of a charter before it is in force: is each assumption true where they work?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import InvalidReference

if TYPE_CHECKING:
    from sayso.declare.charter import Charter
    from sayso.declare.holders import Holder

NEEDED = 3
LEAST_COUNTED = 3
ANSWER_WITHIN_DAYS = 14
LONGEST = 2000
MOST_SUGGESTED = 20
CODE_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_CODE = re.compile(f"[{CODE_LETTERS}]{{26}}", re.ASCII)
_SUGGESTION = re.compile(r"(.+@[1-9][0-9]*)\.([1-9][0-9]{0,5})", re.ASCII)


class Mark(StrEnum):
    """What a decider says of one assumption."""

    TRUE = "true here"
    NOT = "not here"
    UNSURE = "don't know"


class SuggestionKind(StrEnum):
    """What a decider misses in the charter."""

    INPUT = "input"
    REASON = "reason"
    ASSUMPTION = "assumption"


_WORDS = {
    "true here": Mark.TRUE, "true": Mark.TRUE, "yes": Mark.TRUE,
    "not here": Mark.NOT, "not": Mark.NOT, "no": Mark.NOT, "false": Mark.NOT,
    "don't know": Mark.UNSURE, "dont know": Mark.UNSURE, "do not know": Mark.UNSURE,
    "unsure": Mark.UNSURE, "?": Mark.UNSURE,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMarks:
    """One filled-in form, as typed.

    Attributes:
        code: The form's random code; keeps one form from being counted twice.
        marks: What was written beside each assumption, by its id.
        inputs: Things that should be known of each case.
        reasons: Reasons people have that the charter does not list.
        assumptions: What is taken for granted and not written.
    """

    code: str
    marks: Mapping[str, str] = field(default_factory=dict[str, str])
    inputs: Sequence[str] = ()
    reasons: Sequence[str] = ()
    assumptions: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What one decider marked; whoever they are, it is not kept.

    Attributes:
        pseudonym: Stands for the form they filled in.
        marks: (assumption's id, mark), in the charter's order; what they left empty is missing.
        suggests: (kind, what they wrote).
    """

    pseudonym: str
    marks: tuple[tuple[str, Mark], ...]
    suggests: tuple[tuple[SuggestionKind, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of a suggestion.

    Attributes:
        on: The day it was answered.
        adopted: The version that takes it up; None where it was declined.
        because: Why it was declined, or how it was taken up; "" where nothing is said.
    """

    on: date
    adopted: CharterRef | None = None
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Something a decider misses, and what became of it.

    Attributes:
        id: The version it was made about, and a number: ``first-visit-part@3.1``.
        charter: That version.
        kind: What is missing.
        says: In their words.
        on: The day it was opened to those who answer.
        fate: What became of it; None while nobody answered.
    """

    id: str
    charter: CharterRef
    kind: SuggestionKind
    says: str
    on: date
    fate: Fate | None = None

    @property
    def due(self) -> date:
        """The day by which an answer is owed."""
        return self.on + timedelta(days=ANSWER_WITHIN_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumptionMarks:
    """What deciders say of one assumption, as far as it may be shown.

    Attributes:
        id: The assumption.
        says: In the charter's words.
        counts: How many say each, in the order of ``Mark``; None where a count would show what
            one person said.
        all_true: Whether all who marked it say true here.
        somebody_not: Whether somebody says not here.
        somebody_unsure: Whether somebody does not know.
    """

    id: str
    says: str
    counts: tuple[int, int, int] | None = None
    all_true: bool = False
    somebody_not: bool = False
    somebody_unsure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksReading:
    """A form as read, or what is wrong with it."""

    marks: Marks | None
    problems: tuple[str, ...]


def deciders_known(charter: Charter, holders: Sequence[Holder], *, on: date) -> int | None:
    """How many people decide; None where people.yaml does not say it for every role.

    Args:
        charter: The charter, whose ``rights.decide`` names the roles.
        holders: What people.yaml says.
        on: The day.
    """
    people: set[str] = set()
    for role in charter.rights.decide:
        held = {h.person for h in holders if h.role == role and h.holds_on(on)}
        if not held:
            return None
        people |= held
    return len(people) or None


def marks_needed(deciders: int | None) -> int:
    """How many deciders must mark before a charter is in force: three, or all if they are fewer."""
    return NEEDED if deciders is None else max(1, min(NEEDED, deciders))


def read_marks(charter: Charter, raw: RawMarks) -> MarksReading:
    """Take a form that fits the charter, or say everything that is wrong with it.

    Args:
        charter: The version that was marked.
        raw: What was typed.
    """
    problems: list[str] = []
    code = raw.code.strip().lower()
    if _CODE.fullmatch(code) is None:
        problems.append("The form's code is missing or was changed.")
    known = {a.id for a in charter.assumptions}
    typed = {
        name: " ".join(text.lower().replace("’", "'").split()) for name, text in raw.marks.items()
    }
    problems += [
        f"{name!r} is no assumption of {charter.ref}." for name in typed if name not in known
    ]
    problems += [
        f"{name}: {raw.marks[name]!r} is no mark; write true here, not here or don't know."
        for name, text in typed.items()
        if name in known and text and text not in _WORDS
    ]
    suggests: list[tuple[SuggestionKind, str]] = []
    for kind, texts in (
        (SuggestionKind.INPUT, raw.inputs),
        (SuggestionKind.REASON, raw.reasons),
        (SuggestionKind.ASSUMPTION, raw.assumptions),
    ):
        for text in texts:
            plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
            if len(plain) > LONGEST:
                problems.append(
                    f"A suggestion has {len(plain):,} characters; {LONGEST:,} are kept."
                )
            elif plain and (kind, plain) not in suggests:
                suggests.append((kind, plain))
    if len(suggests) > MOST_SUGGESTED:
        problems.append(f"One form holds {len(suggests)} suggestions; {MOST_SUGGESTED} are kept.")
    marks = tuple(
        (a.id, _WORDS[typed[a.id]]) for a in charter.assumptions if typed.get(a.id) in _WORDS
    )
    if known and not marks and not problems:
        problems.append("Nothing is marked in it.")
    if problems:
        return MarksReading(marks=None, problems=tuple(problems))
    # The code is random, so that its hash joins nobody; whoever kept their form can find it again.
    pseudonym = sha256(f"{charter.ref}\n{code}".encode()).hexdigest()[:32]
    return MarksReading(
        marks=Marks(pseudonym=pseudonym, marks=marks, suggests=tuple(suggests)), problems=()
    )


def told_marks(charter: Charter, marks: Sequence[Marks]) -> tuple[AssumptionMarks, ...]:
    """What deciders say of each assumption, so that nobody can be told from it.

    Where three or more marked an assumption, and no answer is one person's alone, they are
    counted. Else it is only said whether all call it true, and whether somebody does not. Of one
    person alone nothing is said.

    Args:
        charter: The version that was marked.
        marks: What was marked, one a person.
    """
    told: list[AssumptionMarks] = []
    for one in charter.assumptions:
        said = [mark for m in marks for name, mark in m.marks if name == one.id]
        true, no, unsure = (sum(mark is kind for mark in said) for kind in Mark)
        if len(said) < 2:
            told.append(AssumptionMarks(id=one.id, says=one.says))
            continue
        safe = len(said) >= LEAST_COUNTED and 1 not in (true, no, unsure)
        told.append(
            AssumptionMarks(
                id=one.id,
                says=one.says,
                counts=(true, no, unsure) if safe else None,
                all_true=true == len(said),
                somebody_not=no > 0,
                somebody_unsure=unsure > 0,
            )
        )
    return tuple(told)


def is_group_ready(waiting: int, shown: int, deciders: int | None) -> bool:
    """Whether marks that wait may be opened to those who answer.

    They are opened in groups of three, or once all have marked: whoever reads before and after
    one more form would know what that one says.

    Args:
        waiting: Forms not yet opened.
        shown: Forms opened before.
        deciders: How many decide; None where not known.
    """
    if waiting >= NEEDED:
        return True
    return 0 < waiting and deciders is not None and shown == 0 and waiting >= deciders


def suggestion_id(text: str) -> tuple[CharterRef, int] | None:
    """The version and the number of a suggestion's id; None where it names none."""
    match = _SUGGESTION.fullmatch(text)
    if match is None:
        return None
    try:
        return CharterRef.parse(match[1]), int(match[2])
    except InvalidReference:
        return None
