"""What is open and overdue, and what Sayso itself has changed, in sentences first."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

from sayso.align.round import RoundState
from sayso.present.accountability import sentences as who_sentences
from sayso.present.numbers import on_day
from sayso.present.terminal import WIDTH, plain
from sayso.steward.duties import OWED_TO_PEOPLE, DutyKind, overdue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sayso.declare.marks import Suggestion
    from sayso.steward.duties import Duty, Open
    from sayso.steward.own_effect import OwnEffect

NOTHING_YET = "Nothing is declared here yet. `sayso start` begins with one decision."
NOTHING_CHANGED = "So far, Sayso changes nothing here."
NOTHING_LATELY = "In the last {days} days, Sayso changed nothing here."
NOTHING_OWED = "Nothing is overdue."
LEADERS = "Those who are accountable owe {what}."
SAYS = {
    DutyKind.NAME: "Name one role that stands for {decision}.",
    DutyKind.FILL: "Nobody holds the role {about}, which stands for {decision}.",
    DutyKind.ACCEPT: "Accept {about}, or say why not.",
    DutyKind.SETTLE: "Settle {about}: write the rule, the expected effect and the day of the check.",
    DutyKind.ANSWER_OBJECTION: "Answer {about}.",
    DutyKind.ANSWER_SUGGESTION: "Answer the suggestion {about}.",
    DutyKind.CHECK: "Check whether {about} had the effect that was expected.",
    DutyKind.LOOK_AGAIN: "Look at {about} again.",
    DutyKind.ACTIVATE: "{about} is written and not in force.",
    DutyKind.RAISE_VERSION: "Raise the version of {about}.",
    DutyKind.FORGET: "Delete the answers of {about}: sayso round forget {about}.",
}
COMMANDS = {
    DutyKind.NAME: "sayso who",
    DutyKind.FILL: "sayso who",
    DutyKind.ACCEPT: "sayso accept {about}",
    DutyKind.SETTLE: "sayso settle {about}",
    DutyKind.ANSWER_OBJECTION: "sayso settle answer",
    DutyKind.ANSWER_SUGGESTION: "sayso marks answer {about}",
    DutyKind.CHECK: "sayso settle check {about} --table TABLE",
    DutyKind.LOOK_AGAIN: "sayso check",
    DutyKind.ACTIVATE: "sayso activate {about}",
    DutyKind.RAISE_VERSION: "sayso check",
    DutyKind.FORGET: "sayso round forget {about}",
}
KEPT_DAYS = 90


def effect_text(effect: OwnEffect) -> str:
    """Sayso's own effect, as the law of the house has it: nothing beyond what was counted.

    Args:
        effect: What was counted.
    """
    nothing = NOTHING_LATELY.format(days=effect.days) if effect.ever else NOTHING_CHANGED
    if not (effect.settled or effect.changed or effect.different or effect.other_way):
        return nothing
    parts = [
        f"{effect.settled or 'no'} {_many('item', effect.settled)} settled",
        f"{effect.changed or 'no'} {_many('charter', effect.changed)} changed",
        f"{effect.different or 'no'} {_many('decision', effect.different)} measurably different",
    ]
    said = f"In {effect.days} days: {', '.join(parts)}."
    if effect.other_way:
        said += f" {effect.other_way} moved the other way than expected."
    if not (effect.changed or effect.different or effect.other_way):
        said += f" {nothing}"
    return said


def front_line_text(effect: OwnEffect) -> str:
    """How many changes to charters came from those who decide; "" where nothing changed."""
    if not effect.changes:
        return ""
    if effect.changes == 1:
        came = "came" if effect.from_front_line else "did not come"
        return f"The one change to a charter in {effect.days} days {came} from the front line."
    came = f"{effect.from_front_line or 'none'} came from the front line"
    return f"Of {effect.changes} changes to charters in {effect.days} days, {came}."


def leaders_text(duties: Sequence[Duty]) -> str:
    """What people wait for from those who are accountable; "" where they wait for nothing."""
    owed = [d for d in duties if d.kind in OWED_TO_PEOPLE]
    rules = sum(d.kind is DutyKind.SETTLE for d in owed)
    answers = len(owed) - rules
    parts = [f"{answers} {_many('answer', answers)}"] if answers else []
    parts += [f"{rules} {_many('rule', rules)}"] if rules else []
    return LEADERS.format(what=" and ".join(parts)) if parts else ""


def duty_text(duty: Duty, *, on: date) -> str:
    """One thing that is owed, with its day and its role; nobody is named but the role.

    Args:
        duty: What is owed.
        on: The day asked for.
    """
    says = SAYS[duty.kind].format(decision=duty.decision, about=duty.about)
    days = duty.overdue_days(on)
    if days:
        when = f" {days} {_many('day', days)} overdue, since {on_day(duty.due or on)}."
    else:
        when = f" Due on {on_day(duty.due)}." if duty.due is not None else ""
    who = f" It is for {duty.role}." if duty.role else ""
    if duty.escalated_from:
        who = f" It was for {duty.escalated_from}, and is for {duty.role} now."
    note = f" {duty.note[:200].rstrip('.')}." if duty.note else ""
    return f"{says}{when}{who}{note}"


def headline(duties: Sequence[Duty], *, on: date) -> str:
    """How much is overdue, and how much is open beside it."""
    late = overdue(duties, today=on)
    rest = len(duties) - len(late)
    if not duties:
        return "Nothing is open, and nothing is overdue."
    if not late:
        return f"{NOTHING_OWED} {rest} {_many('thing', rest)} {'is' if rest == 1 else 'are'} open."
    n = len(late)
    said = f"{n} {_many('thing', n)} {'is' if n == 1 else 'are'} overdue"
    return f"{said}, {rest} more {'is' if rest == 1 else 'are'} open." if rest else f"{said}."


def status_text(
    open_: Open,
    duties: Sequence[Duty],
    effect: OwnEffect,
    unread: Sequence[str],
    *,
    on: date,
    today: date,
) -> str:
    """Everything ``sayso status`` says.

    Args:
        open_: What duties follow from.
        duties: What is owed, in order.
        effect: What Sayso itself has changed.
        unread: Files that could not be read, each with why.
        on: The day asked for.
        today: The day that counts as today.
    """
    lines = [f"  On {on_day(on)}:", ""] if on != today else []
    if not open_.ownership.standings and not open_.rounds and not duties:
        lines += [_wrapped(f"{NOTHING_YET} {NOTHING_CHANGED}")]
        return plain("\n".join([*lines, *_unread(unread)]))
    # What could not be read is said once, at the end.
    who = who_sentences(open_.ownership)[:1]
    said = [headline(duties, on=on), leaders_text(duties), *who]
    lines.append(_wrapped(" ".join(s for s in said if s)))
    late = overdue(duties, today=on)
    lines += _part("Overdue", [duty_text(d, on=on) for d in late])
    lines += _part("Open", [duty_text(d, on=on) for d in duties if d not in late])
    lines += _part("Rounds", _rounds(open_))
    lines += _part("What became of suggestions", _fates(open_.suggestions, on))
    effects = [s for s in (effect_text(effect), front_line_text(effect)) if s]
    lines += ["", _wrapped(" ".join(effects))]
    if duties:
        first = duties[0]
        lines += ["", _wrapped(f"Next: `{COMMANDS[first.kind].format(about=first.about)}`.")]
    return plain("\n".join([*lines, *_unread(unread)]))


def _rounds(open_: Open) -> list[str]:
    """Rounds that people answer, and those that too few answered."""
    said: list[str] = []
    for place, one in enumerate(open_.rounds):
        answered = f"{one.sent} of {one.invited} answered"
        if one.state is RoundState.OPEN:
            said.append(f"{one.id} is open until {on_day(one.closes)}; {answered}.")
        newer = any(r.decision == one.decision for r in open_.rounds[place + 1 :])
        if one.state is RoundState.WITHHELD and not newer:
            said.append(f"{one.id} is over; {answered}, too few to show anything. Hold another.")
    return said


def _fates(suggestions: Sequence[Suggestion], on: date) -> list[str]:
    said: list[str] = []
    for one in suggestions:
        fate = one.fate
        if fate is None or (on - fate.on).days >= KEPT_DAYS:
            continue
        became = f"taken up in {fate.adopted}" if fate.adopted is not None else "declined"
        because = f": {fate.because}" if fate.because else ""
        said.append(f"“{one.says}” ({one.id}) was {became}{because}")
    return said


def _part(head: str, said: Sequence[str]) -> list[str]:
    if not said:
        return []
    return ["", f"  {head}", *(_wrapped(s, first="    - ", rest="      ") for s in said)]


def _unread(unread: Sequence[str]) -> list[str]:
    return _part("Cannot be read", tuple(unread))


def status_json(
    open_: Open,
    duties: Sequence[Duty],
    effect: OwnEffect,
    unread: Sequence[str],
    *,
    on: date,
) -> dict[str, Any]:  # JSON holds values of every type
    """Everything ``sayso status`` says, as plain values."""
    late = overdue(duties, today=on)
    return {
        "on": on.isoformat(),
        "headline": headline(duties, on=on),
        "own_effect": {
            "says": effect_text(effect),
            "days": effect.days,
            "items_settled": effect.settled,
            "charters_changed": effect.changed,
            "decisions_measurably_different": effect.different,
            "decisions_moved_the_other_way": effect.other_way,
            "changes": effect.changes,
            "changes_from_the_front_line": effect.from_front_line,
        },
        "leaders": leaders_text(duties),
        "duties": [
            {
                "kind": str(d.kind),
                "decision": d.decision,
                "about": d.about,
                "role": d.role,
                "due": None if d.due is None else d.due.isoformat(),
                "overdue": d in late,
                "overdue_days": d.overdue_days(on),
                "escalated_from": d.escalated_from,
                "says": duty_text(d, on=on),
            }
            for d in duties
        ],
        "rounds": _rounds(open_),
        "suggestions": [
            {
                "id": s.id,
                "kind": str(s.kind),
                "says": s.says,
                "on": s.on.isoformat(),
                "answered": None if s.fate is None else s.fate.on.isoformat(),
                "adopted": None if s.fate is None or not s.fate.adopted else str(s.fate.adopted),
                "because": "" if s.fate is None else s.fate.because,
            }
            for s in open_.suggestions
        ],
        "unread": list(unread),
    }


def _many(word: str, number: int) -> str:
    return word if number <= 1 else f"{word}s"


def _wrapped(text: str, *, first: str = "  ", rest: str = "  ") -> str:
    return fill(
        text, WIDTH, initial_indent=first, subsequent_indent=rest,
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip
