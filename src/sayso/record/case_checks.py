"""Whether what is said of a case can be said under its charter."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, cast

from sayso.declare.charter import OutcomeKind
from sayso.record.names import check_name
from sayso.record.refusal import Refusal
from sayso.record.terms import Actor, ActorKind

if TYPE_CHECKING:
    from sayso.declare.charter import Charter
    from sayso.record.terms import Details, Scalar

LONGEST_TEXT = 10_000


def check_actor(by: Actor) -> Refusal | None:
    """Whether it is clear who acts, and for whom."""
    for name, field in ((by.name, "by.name"), (by.acting_for, "by.for")):
        bad = None if name is None else check_name(name, field)
        if bad is not None:
            return bad
    if by.kind is ActorKind.AGENT and by.acting_for is None:
        return Refusal(
            "agent-for-nobody",
            f"The agent {by.name!r} does not say for whom it acts.",
            "Send the person's name beside the agent's.",
            "by.for",
        )
    return None


def check_answer(answer: object, charter: Charter, field: str) -> Refusal | None:
    """Whether an answer is one of the options, or a quantity within the range."""
    if charter.quantity is not None:
        q = charter.quantity
        number = not isinstance(answer, bool) and isinstance(answer, int | float)
        # NaN lies in no range, and a whole number of any size can be held against one.
        if not number or not q.low <= cast("float", answer) <= q.high:
            return Refusal(
                "quantity-out-of-range",
                f"{field} is {answer!r:.60}, and {charter.ref} allows {q.low:g} to {q.high:g} {q.unit}.",
                "Send a number in that range.",
                field,
            )
        return None
    if charter.options and answer not in charter.options:
        return Refusal(
            "option-not-allowed",
            f"{field} is {answer!r:.60}, and {charter.ref} allows {', '.join(charter.options)}.",
            "Send one of these, in the same spelling.",
            field,
        )
    if isinstance(answer, bool) or not isinstance(answer, str | int | float):
        return _wrong_form(field, answer)
    return check_scalar(answer, field)


def check_scalar(value: Scalar, field: str) -> Refusal | None:
    """Whether one value can be kept: finite, and not too long."""
    if isinstance(value, float) and not isfinite(value):
        return Refusal(
            "not-finite", f"{field} is {value}.", "Send a number, or leave it out.", field
        )
    if isinstance(value, int) and abs(value) > 2**53 - 1:
        return Refusal(
            "number-too-large", f"{field} is beyond 2^53 - 1.", "Send it as a text.", field
        )
    if isinstance(value, str):
        return check_text(value, field)
    return None


def check_text(text: str | None, field: str, *, needed: bool = False) -> Refusal | None:
    """Whether a text can be kept."""
    if text is None or not text.strip():
        if not needed:
            return None
        return Refusal("field-missing", f"{field} says nothing.", f"Send {field}.", field)
    if len(text) > LONGEST_TEXT:
        return Refusal(
            "too-large",
            f"{field} has {len(text)} characters; {LONGEST_TEXT} are kept.",
            "Shorten it.",
            field,
        )
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        return Refusal(
            "text-unreadable",
            f"{field} holds half a character or a zero byte.",
            "Send the text as UTF-8 without zero bytes.",
            field,
        )
    return None


def check_details(details: Details, field: str) -> Refusal | None:
    """Whether each named value can be kept."""
    for name, value in details:
        bad = check_text(name, f"a name in {field}", needed=True) or check_scalar(
            value, f"{field}.{name}"
        )
        if bad is not None:
            return bad
    return None


def check_chance(value: float | None, field: str) -> Refusal | None:
    """Whether a confidence lies in 0..1."""
    if value is None or (isfinite(value) and 0 <= value <= 1):
        return None
    return Refusal("chance-out-of-range", f"{field} is {value}.", "Send a chance in 0 to 1.", field)


def check_seconds(value: float | None) -> Refusal | None:
    """Whether seconds are a span of time that a person can have taken."""
    if value is None or (isfinite(value) and 0 <= value <= 31_622_400):
        return None
    return Refusal(
        "chance-out-of-range",
        f"seconds is {value}.",
        "Send seconds since the case was seen.",
        "seconds",
    )


def check_reason(code: str | None, charter: Charter) -> Refusal | None:
    """Whether a reason is one of the charter's."""
    if code is None or not charter.reasons or code in charter.reasons:
        return None
    return Refusal(
        "reason-unknown",
        f"{code[:60]!r} is no reason of {charter.ref}.",
        f"Send one of: {'; '.join(charter.reasons)}; or a text of your own.",
        "reason_code",
    )


def check_outcome(outcome: Scalar, charter: Charter) -> Refusal | None:
    """Whether an outcome is of the declared kind."""
    if outcome is None:
        return _wrong_form("outcome", outcome)
    kind = None if charter.outcome is None else charter.outcome.kind
    fits = {
        OutcomeKind.BOOLEAN: isinstance(outcome, bool),
        OutcomeKind.NUMBER: not isinstance(outcome, bool | str),
        OutcomeKind.CATEGORY: isinstance(outcome, str),
        None: True,
    }[kind]
    if not fits:
        return Refusal(
            "outcome-wrong",
            f"The outcome is {outcome!r:.60}, and {charter.ref} declares a {kind}.",
            "Send true or false, a number or a text, as declared.",
            "outcome",
        )
    return check_scalar(outcome, "outcome")


def _wrong_form(field: str, value: object) -> Refusal:
    return Refusal("field-wrong", f"{field} is {value!r:.60}.", "Send a text or a number.", field)
