"""A charter's fields in the file's own spelling, ready to be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.declare.charter_file import KEYS
from sayso.declare.yaml_value import as_yaml, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sayso.declare.charter import Charter, Money
    from sayso.declare.yaml_value import Value


def yaml_of(charter: Charter, key: str) -> str | None:
    """One key of a charter as ``charter_text.with_fields`` takes it; None where it says nothing.

    Args:
        charter: The charter.
        key: A key of the file, such as ``matters``.

    Raises:
        KeyError: If no charter has such a key.

    Examples:
        >>> from sayso.declare.charter import Charter
        >>> yaml_of(Charter(decision="a", version=1, options=("bring", "no")), "options")
        '[bring, "no"]'
    """
    value = value_of(charter, key)
    return None if value is None or value in ((), [], {}) else as_yaml(value)


def changes_between(old: Charter, new: Charter) -> dict[str, str | None]:
    """What has to be written so that the old charter's text says the new one; version apart."""
    return {
        key: yaml_of(new, key)
        for key in KEYS
        if key != "version" and value_of(old, key) != value_of(new, key)
    }


def value_of(charter: Charter, key: str) -> Value:
    """One key's value as the file spells it; None where it says nothing.

    Raises:
        KeyError: If no charter has such a key.
    """
    return _VALUES[key](charter)


def _given(**pairs: Value) -> dict[str, Value] | None:
    """The pairs that say something; a trailing underscore is for words that Python keeps."""
    kept: dict[str, Value] = {}
    for name, value in pairs.items():
        if value is not None and value not in ((), [], {}):
            kept[name.rstrip("_")] = value
    return kept or None


def _days(days: int | None) -> str | None:
    return None if days is None else f"{days}d"


def _money(amount: Money | None) -> str | None:
    return None if amount is None else f"{number(amount.amount)} {amount.unit}"


def _quantity(c: Charter) -> Value:
    q = c.quantity
    return None if q is None else {"unit": q.unit, "low": q.low, "high": q.high}


def _rights(c: Charter) -> Value:
    r = c.rights
    if not (r.decide or r.consult or r.inform or r.veto):
        return None
    return {"decide": r.decide, "consult": r.consult, "inform": r.inform, "veto": r.veto}


def _differently(c: Charter) -> Value:
    return _rows(
        _given(says=d.says, check=d.check, where=d.where, from_=d.start, to=d.target, by=d.by)
        for d in c.differently
    )


def _rows(rows: Iterable[dict[str, Value] | None]) -> list[Value]:
    return [row for row in rows if row is not None]


def _alike(c: Charter) -> Value:
    if c.alike is None:
        return None
    return {"exact": c.alike.exact, "within": dict(c.alike.within)}


def _matters(c: Charter) -> Value:
    return _rows(
        _given(name=o.name, weight=o.weight, measure=o.measure, range=o.range, unit=o.unit)
        for o in c.matters
    )


def _outcome(c: Charter) -> Value:
    o = c.outcome
    if o is None:
        return None
    return _given(
        name=o.name, kind=str(o.kind), due=_days(o.due_days), seen_when=o.seen_when, plan=o.plan
    )


def _mistakes(c: Charter) -> Value:
    return {m.option: _given(when=m.when, costs=_money(m.costs)) for m in c.mistakes}


def _advice(c: Charter) -> Value:
    a = c.advice
    if a is None:
        return None
    consent = a.consent
    given = (
        None if consent is None else _given(by=consent.by, on=consent.on, except_=consent.excluding)
    )
    return _given(
        source=a.source,
        mode=str(a.mode),
        ceiling=str(a.ceiling),
        routine=a.routine,
        prior={"sample": a.prior_sample} if a.prior_sample else None,
        holdback=a.holdback or None,
        consent=given,
        show_probability=a.show_probability,
        until=a.until,
    )


def _assumptions(c: Charter) -> Value:
    return _rows(
        _given(
            id=a.id, says=a.says, check=a.check, where=a.where, holds=a.holds, owner=a.owner,
            since=a.since,
        )
        for a in c.assumptions
    )  # fmt: skip


def _gate(c: Charter) -> Value:
    g = c.gate
    return None if g is None else _given(to=str(g.to), when=dict(g.when), stop=dict(g.stop))


def _look_again(c: Charter) -> Value:
    look = c.look_again
    if look is None:
        return None
    return {
        "every": _days(look.every_days),
        "next": look.next,
        "escalate_after": _days(look.escalate_after_days),
        "to": look.to,
    }


def _privacy(c: Charter) -> Value:
    p = c.privacy
    return _given(
        minimum_people=p.minimum_people,
        minimum_cases=p.minimum_cases,
        team_names=p.team_names,
        few_deciders=str(p.few_deciders),
        quality_by_team=p.quality_by_team,
        purpose=p.purpose,
    )


def _source(c: Charter) -> Value:
    s = c.source
    return None if s is None else _given(table=s.table, where=s.where, columns=dict(s.columns))


_VALUES: dict[str, Callable[[Charter], Value]] = {
    "decision": lambda c: c.decision,
    "version": lambda c: c.version,
    "question": lambda c: c.question,
    "options": lambda c: c.options,
    "quantity": _quantity,
    "default": lambda c: c.default,
    "owner": lambda c: c.owner,
    "rights": _rights,
    "differently": _differently,
    "inputs": lambda c: {name: str(kind) for name, kind in c.inputs},
    "kinds": lambda c: c.kinds,
    "alike": _alike,
    "affected": lambda c: c.affected,
    "matters": _matters,
    "outcome": _outcome,
    "mistakes": _mistakes,
    "advice": _advice,
    "reasons": lambda c: c.reasons,
    "worth_acting_on": lambda c: c.worth_acting_on,
    "assumptions": _assumptions,
    "gate": _gate,
    "look_again": _look_again,
    "privacy": _privacy,
    "source": _source,
}
