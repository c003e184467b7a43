"""No, with a reason: what is answered instead of an event."""

from __future__ import annotations

from dataclasses import dataclass

CODES: dict[str, str] = {
    "not-json": "The text is no JSON, or is nested too deeply.",
    "not-finite": "A number is NaN or infinite.",
    "key-twice": "A key is written twice.",
    "number-too-large": "A whole number is too large to be kept exactly.",
    "text-unreadable": "A text holds half a character, or a character that cannot be stored.",
    "too-large": "More was sent than one record holds.",
    "field-missing": "A field that is needed is missing.",
    "field-unknown": "A field that this kind of event does not have.",
    "field-wrong": "A field holds a value of the wrong form.",
    "kind-unknown": "No event is of this kind.",
    "format-unknown": "The record was written by a newer Sayso.",
    "name-unclear": "A name or id could be mistaken for another, or cannot be printed.",
    "id-wrong": "The id is no UUID of version 7 in its plain spelling.",
    "decision-unknown": "No charter in force declares this decision.",
    "charter-stale": "The command speaks of another version of the charter than the one that counts.",
    "agent-for-nobody": "An agent has to say for whom it acts.",
    "not-yours-to-decide": "Whoever asked may not do this.",
    "clock-ahead": "The time of the command lies in the future.",
    "case-not-opened": "The case was never opened.",
    "case-twice": "The case was opened before.",
    "case-ended": "The case has ended.",
    "option-not-allowed": "The answer is not among the charter's options.",
    "quantity-out-of-range": "The answer is no number within the charter's range.",
    "chance-out-of-range": "A chance does not lie in 0 to 1, or a time is negative.",
    "reason-unknown": "The reason is not in the charter's list.",
    "prior-not-asked": "No first view is asked for in this case.",
    "prior-after-advice": "A first view cannot follow the advice.",
    "prior-twice": "The first view was given or skipped before.",
    "prior-first": "The first view comes before the advice.",
    "advice-none": "There is no advice yet.",
    "advice-twice": "The advice was given before.",
    "advice-not-seen": "The advice has not been seen, so nothing can be said of it.",
    "choice-twice": "The choice was made before.",
    "choice-first": "There is no choice yet.",
    "choice-final": "The choice can no longer be corrected: the withheld advice has been seen.",
    "signal-after-choice": "A signal that came after the choice is no signal.",
    "outcome-before-choice": "The outcome comes before the choice.",
    "outcome-twice": "The outcome was recorded before.",
    "outcome-wrong": "The outcome is not of the kind that the charter declares.",
    "not-due": "The time to decide has not run out.",
    "nothing-owed": "There is nothing of that id to answer, or it was answered.",
    "nothing-to-correct": "There is no such entry, or it cannot be corrected.",
    "too-many-contests": "One speaker has filed as many as are kept.",
    "key-reused": "The same key came before with other content.",
    "record-frozen": "The record is frozen.",
    "subject-erased": "The person's text was erased, and no more of it is kept.",
    "on-hold": "A legal hold keeps this from being erased.",
    "second-person": "This needs a second person.",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing was recorded, and what to do next.

    Attributes:
        code: Stable name, one of ``CODES``.
        message: One sentence with the value that is refused.
        hint: One sentence a person can act on.
        field: The field at fault, with dots; empty where it is no field.
    """

    code: str
    message: str
    hint: str
    field: str = ""

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"no refusal has the code {self.code!r}")
