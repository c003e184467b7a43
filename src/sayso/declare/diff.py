"""What changed between two charters, in sentences for those who decide."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from sayso.declare.charter import Advice, Charter, Outcome, Privacy, Rights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def diff(old: Charter, new: Charter) -> tuple[str, ...]:
    """Say what is different now, most telling first.

    Args:
        old: The charter that was in force.
        new: The one that is, or shall be.

    Returns:
        One sentence a change; none where the two mean the same. The version alone is no change.
    """
    said: list[str] = []
    for one in _CHANGES:
        said.extend(one(old, new))
    return tuple(said)


def _list(names: Iterable[str]) -> str:
    words = list(names)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _word(name: str) -> str:
    return name.replace("-", " ").replace("_", " ")


def _text(label: str, old: object, new: object) -> list[str]:
    """A plain field that appeared, went or changed."""
    if old == new:
        return []
    if old is None:
        return [f"{label} is now {new}; before, there was none."]
    if new is None:
        return [f"{label} is no longer declared; it was {old}."]
    return [f"{label} is now {new}; it was {old}."]


def _members(
    old: Sequence[str], new: Sequence[str], added: str, gone: str, *, order: str = ""
) -> list[str]:
    """A list that gained or lost members."""
    said = [added.format(_list(x for x in new if x not in old))] if set(new) - set(old) else []
    if set(old) - set(new):
        said.append(gone.format(_list(x for x in old if x not in new)))
    if not said and tuple(old) != tuple(new) and order:
        said.append(order)
    return said


def _question(old: Charter, new: Charter) -> list[str]:
    said = _text("The decision's name", old.decision, new.decision)
    if old.question != new.question:
        said.append(f"The question is now: {new.question}")
    said += _members(
        old.options,
        new.options,
        "You can now also choose: {}.",
        "You can no longer choose: {}.",
        order="The options stand in another order.",
    )
    if old.quantity != new.quantity:
        quantity = new.quantity
        said.append(
            "You no longer choose a quantity."
            if quantity is None
            else f"You choose a quantity from {quantity.low:g} to {quantity.high:g} {quantity.unit}."
        )
    return [*said, *_text("What happens if nobody chooses", old.default, new.default)]


def _people(old: Charter, new: Charter) -> list[str]:
    said = _text("The accountable role", old.owner, new.owner)
    phrases = {
        "decide": ("{} may now decide.", "{} may no longer decide."),
        "consult": ("{} are now asked before a choice.", "{} are no longer asked before a choice."),
        "inform": ("{} are now told of the choice.", "{} are no longer told of the choice."),
        "veto": ("{} may now stop a choice.", "{} may no longer stop a choice."),
    }
    for right in fields(Rights):
        before: tuple[str, ...] = getattr(old.rights, right.name)
        after: tuple[str, ...] = getattr(new.rights, right.name)
        added, gone = phrases[right.name]
        said += [
            sentence[0].upper() + sentence[1:]
            for sentence in _members(
                [_word(r) for r in before],
                [_word(r) for r in after],
                added,
                gone,
                order="The order of roles changed.",
            )
        ]
    return said


def _differently(old: Charter, new: Charter) -> list[str]:
    before = {d.says: d for d in old.differently}
    after = {d.says: d for d in new.differently}
    said = [
        f"To be decided differently: {says.rstrip('.')}." for says in after if says not in before
    ]
    said += [
        f"No longer to be decided differently: {says}." for says in before if says not in after
    ]
    said += [
        f"How “{says}” is seen, or by when, changed."
        for says in after
        if says in before and before[says] != after[says]
    ]
    return said


def _case(old: Charter, new: Charter) -> list[str]:
    names = [n for n, _ in old.inputs], [n for n, _ in new.inputs]
    said = _members(
        *names,
        "Known of each case now: {}.",
        "No longer known of each case: {}.",
        order="The inputs stand in another order.",
    )
    types = dict(old.inputs), dict(new.inputs)
    said += [
        f"The input {_word(n)} is now a {types[1][n]}; it was a {types[0][n]}."
        for n in names[1]
        if n in types[0] and types[0][n] != types[1][n]
    ]
    said += _members(
        old.kinds, new.kinds, "Pictures now tell cases apart by: {}.",
        "Pictures no longer tell cases apart by: {}.", order="Kinds stand in another order.",
    )  # fmt: skip
    if old.alike != new.alike:
        said.append("Which cases count as alike changed.")
    return said + _members(
        old.affected, new.affected, "Watched for affected people now: {}.",
        "No longer watched for affected people: {}.", order="Affected groups changed order.",
    )  # fmt: skip


def _matters(old: Charter, new: Charter) -> list[str]:
    before, after = ({o.name: o for o in c.matters} for c in (old, new))
    said = [f"{name} now matters." for name in after if name not in before]
    said += [f"{name} no longer counts." for name in before if name not in after]
    for name in (n for n in after if n in before):
        one, other = before[name], after[name]
        if one.weight != other.weight:
            said.append(
                f"{name} now weighs {_share(other.weight)}; it weighed {_share(one.weight)}."
            )
        if (one.measure, one.range, one.unit) != (other.measure, other.range, other.unit):
            said.append(f"How {name} is measured changed.")
    if not said and tuple(before) != tuple(after):
        said.append("What matters stands in another order.")
    return [sentence[0].upper() + sentence[1:] for sentence in said]


def _share(weight: float | None) -> str:
    return "nothing stated" if weight is None else f"{100 * weight:g} in 100"


def _outcome(old: Charter, new: Charter) -> list[str]:
    if old.outcome is None or new.outcome is None:
        names = (c.outcome.name if c.outcome is not None else None for c in (old, new))
        said = _text("The outcome", *names)
    else:
        labels = {
            "name": "The outcome",
            "kind": "What the outcome holds",
            "due_days": "Days until the outcome is due",
            "seen_when": "When the outcome is seen",
            "plan": "How unseen outcomes are learned",
        }
        said = [
            sentence
            for f in fields(Outcome)
            for sentence in _text(
                labels[f.name], getattr(old.outcome, f.name), getattr(new.outcome, f.name)
            )
        ]
    before, after = ({m.option: m for m in c.mistakes} for c in (old, new))
    for option in dict.fromkeys((*before, *after)):
        one, other = before.get(option), after.get(option)
        if one == other:
            continue
        if one is None or other is None:
            verb = "may now turn out wrong" if one is None else "is no longer ever wrong"
            said.append(f"Choosing {option} {verb}.")
            continue
        if one.when != other.when:
            said.append(f"Choosing {option} is now wrong when {other.when}.")
        if one.costs != other.costs:
            new_cost, old_cost = (
                "nothing stated" if m.costs is None else f"{m.costs.amount:g} {m.costs.unit}"
                for m in (other, one)
            )
            said.append(f"Choosing {option} wrongly now counts {new_cost}; it counted {old_cost}.")
    if not said and old.mistakes != new.mistakes:
        said.append("Mistakes stand in another order.")
    return said


def _advice(old: Charter, new: Charter) -> list[str]:
    labels = {
        "source": "The AI",
        "mode": "What the AI may do",
        "ceiling": "The most the AI may ever do",
        "routine": "Cases the AI may decide",
        "prior_sample": "The share of cases in which you are asked for a first view",
        "holdback": "The share of cases in which advice is withheld",
        "consent": "Consent to withhold advice",
        "show_probability": "The stated chance that advice was shown",
        "until": "The day on which the AI's mode ends",
    }
    before, after = old.advice or Advice(), new.advice or Advice()
    said = [
        sentence
        for f in fields(Advice)
        for sentence in _text(labels[f.name], getattr(before, f.name), getattr(after, f.name))
    ]
    if (old.advice is None) != (new.advice is None) and not said:
        said.append(
            "An AI is now declared." if old.advice is None else "No AI is declared any more."
        )
    return said


def _rest(old: Charter, new: Charter) -> list[str]:
    said = _members(
        old.reasons, new.reasons, "Reasons you can now give: {}.",
        "Reasons you can no longer give: {}.", order="Reasons stand in another order.",
    )  # fmt: skip
    if old.worth_acting_on != new.worth_acting_on:
        said.append(f"The smallest influence that matters is now {_share(new.worth_acting_on)}.")
    before, after = ({a.id: a for a in c.assumptions} for c in (old, new))
    said += [f"Now assumed: {a.says}." for i, a in after.items() if i not in before]
    said += [f"No longer assumed: {a.says}." for i, a in before.items() if i not in after]
    said += [
        f"The assumption “{a.says}”, its test or its owner changed."
        for i, a in after.items()
        if i in before and before[i] != a
    ]
    if old.gate != new.gate:
        said.append("What gives the AI more, or takes it away, changed.")
    if old.look_again != new.look_again:
        day = new.look_again.next if new.look_again is not None else None
        said.append(
            "No day is set to look again." if day is None else f"This is looked at again on {day}."
        )
    said += [
        f"Privacy: {_word(f.name)} is now {getattr(new.privacy, f.name)}; "
        f"it was {getattr(old.privacy, f.name)}."
        for f in fields(Privacy)
        if getattr(old.privacy, f.name) != getattr(new.privacy, f.name)
    ]
    if old.source != new.source:
        said.append("Where past cases are read from changed; no choice is affected.")
    return said


_CHANGES: tuple[Callable[[Charter, Charter], list[str]], ...] = (
    _question,
    _people,
    _differently,
    _case,
    _matters,
    _outcome,
    _advice,
    _rest,
)
