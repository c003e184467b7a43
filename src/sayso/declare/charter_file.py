"""Reading a charter file: every field typed, every problem placed, all of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from sayso.declare.charter import (
    Advice,
    Alike,
    Charter,
    Consent,
    FewDeciders,
    Gate,
    InputType,
    LookAgain,
    Mode,
    Outcome,
    OutcomeKind,
    Privacy,
    Quantity,
    Rights,
    Source,
)
from sayso.declare.charter_lists import (
    read_assumptions,
    read_differently,
    read_matters,
    read_mistakes,
)
from sayso.declare.fields import Fields
from sayso.declare.problem import Place, Problem, Severity
from sayso.declare.yaml_tree import Entries, Node, read_tree
from sayso.domain.charter_ref import CharterRef
from sayso.domain.errors import InvalidReference

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYS = (
    "decision",
    "version",
    "question",
    "options",
    "quantity",
    "default",
    "owner",
    "rights",
    "differently",
    "inputs",
    "kinds",
    "alike",
    "affected",
    "matters",
    "outcome",
    "mistakes",
    "advice",
    "reasons",
    "worth_acting_on",
    "assumptions",
    "gate",
    "look_again",
    "privacy",
    "source",
)


@dataclass(frozen=True, slots=True)
class CharterReading:
    """What a charter file says.

    Attributes:
        charter: The charter; None where an error of form leaves its meaning open.
        problems: Every problem of form, in the file's order.
        places: Where each field stands, by path such as ``matters[0].weight``.
    """

    charter: Charter | None
    problems: tuple[Problem, ...]
    places: Mapping[str, Place]


def read_charter(text: str, file: str) -> CharterReading:
    """Read a charter.

    Args:
        text: The file's text.
        file: Its name, for places; ``<decision>.yaml`` is expected.
    """
    tree = read_tree(text, file)
    fields = Fields(problems=list(tree.problems))
    if tree.root is None:
        return CharterReading(None, tree.problems, {})
    root = fields.mapping(tree.root, "", KEYS)
    charter = _charter(root, fields) if root is not None else None
    if root is None and not fields.problems:
        fields.refuse(
            tree.root.place, "SAY102", "the file says nothing.", "Start with `decision: some-name`."
        )
    if charter is not None and PurePath(file).stem not in (
        charter.decision,
        "charter",
        f"{charter.decision}@{charter.version}",
    ):
        fields.problems.append(
            Problem(
                fields.places.get("decision", tree.root.place),
                "SAY114",
                f"decision {charter.decision!r} lives in {PurePath(file).name}.",
                f"Name the file {charter.decision}.yaml.",
                Severity.WARNING,
            )
        )
    problems = tuple(sorted(fields.problems))
    broken = any(p.severity is Severity.ERROR for p in problems)
    return CharterReading(None if broken else charter, problems, fields.places)


def _charter(root: Entries, f: Fields) -> Charter | None:
    slug = f.text(root.get("decision"), "decision")
    version = f.whole(root.get("version"), "version")
    for key, value in (("decision", slug), ("version", version)):
        if value is None and root.get(key) is None:
            f.refuse(root.place, "SAY112", f"{key}: missing.", f"Add `{key}:` at the top.")
    if slug is None or version is None:
        # The rest is read all the same, so that every problem is said at once.
        slug, version = slug or "unnamed", version or 1
    try:
        CharterRef(slug, version)
    except InvalidReference:
        f.refuse(
            f.places.get("decision", root.place),
            "SAY113",
            f"decision: {slug!r} is no name a file can have.",
            "Use small letters, digits and hyphens: first-visit-part.",
        )
    options = f.texts(root.get("options"), "options")
    quantity = _quantity(root.get("quantity"), f)
    if options and quantity is not None:
        f.refuse(
            f.places["quantity"], "SAY115", "quantity: there are options too.", "Keep one of them."
        )
    return Charter(
        decision=slug,
        version=version,
        question=f.text(root.get("question"), "question"),
        options=options,
        quantity=quantity,
        default=f.text(root.get("default"), "default"),
        owner=_owner(root.get("owner"), f),
        rights=_rights(root.get("rights"), f),
        differently=read_differently(root.get("differently"), f),
        inputs=_inputs(root.get("inputs"), f),
        kinds=f.texts(root.get("kinds"), "kinds"),
        alike=_alike(root.get("alike"), f),
        affected=f.texts(root.get("affected"), "affected"),
        matters=read_matters(root.get("matters"), f),
        outcome=_outcome(root.get("outcome"), f),
        mistakes=read_mistakes(root.get("mistakes"), f),
        advice=_advice(root.get("advice"), f),
        reasons=f.texts(root.get("reasons"), "reasons"),
        worth_acting_on=f.share(root.get("worth_acting_on"), "worth_acting_on"),
        assumptions=read_assumptions(root.get("assumptions"), f),
        gate=_gate(root.get("gate"), f),
        look_again=_look_again(root.get("look_again"), f),
        privacy=_privacy(root.get("privacy"), f),
        source=_source(root.get("source"), f),
    )


def _owner(node: Node | None, f: Fields) -> str | None:
    """One role. Several are kept as one text, so that the lint can say why one is enough."""
    return ", ".join(f.texts(node, "owner")) or None


def _quantity(node: Node | None, f: Fields) -> Quantity | None:
    entries = f.mapping(node, "quantity", ("unit", "low", "high"))
    if entries is None:
        return None
    low = f.number(entries.get("low"), "quantity.low")
    high = f.number(entries.get("high"), "quantity.high")
    unit = f.text(entries.get("unit"), "quantity.unit")
    if unit is None or low is None or high is None or not low < high:
        f.refuse(
            entries.place,
            "SAY116",
            "quantity: needs a unit and low < high.",
            "Write {unit: EUR, low: 0, high: 50000}.",
        )
        return None
    return Quantity(unit=unit, low=low, high=high)


def _rights(node: Node | None, f: Fields) -> Rights:
    names = ("decide", "consult", "inform", "veto")
    entries = f.mapping(node, "rights", names)
    if entries is None:
        return Rights()
    decide, consult, inform, veto = (f.texts(entries.get(n), f"rights.{n}") for n in names)
    return Rights(decide=decide, consult=consult, inform=inform, veto=veto)


def _inputs(node: Node | None, f: Fields) -> tuple[tuple[str, InputType], ...]:
    found: list[tuple[str, InputType]] = []
    for entry in f.pairs(node, "inputs"):
        kind = f.one_of(entry.value, f"inputs.{entry.key}", InputType)
        if kind is not None:
            found.append((entry.key, kind))
    return tuple(found)


def _alike(node: Node | None, f: Fields) -> Alike | None:
    entries = f.mapping(node, "alike", ("exact", "within"))
    if entries is None:
        return None
    within: list[tuple[str, float]] = []
    for entry in f.pairs(entries.get("within"), "alike.within"):
        width = f.number(entry.value, f"alike.within.{entry.key}")
        if width is not None and width > 0:
            within.append((entry.key, width))
        elif width is not None:
            f.wrong(entry.value, f"alike.within.{entry.key}", "a distance above 0", "1")
    return Alike(exact=f.texts(entries.get("exact"), "alike.exact"), within=tuple(within))


def _outcome(node: Node | None, f: Fields) -> Outcome | None:
    entries = f.mapping(node, "outcome", ("name", "kind", "due", "seen_when", "plan"))
    if entries is None:
        return None
    name = f.text(entries.get("name"), "outcome.name")
    if name is None:
        f.refuse(entries.place, "SAY112", "outcome.name: missing.", "Name what is seen afterwards.")
        return None
    return Outcome(
        name=name,
        kind=f.one_of(entries.get("kind"), "outcome.kind", OutcomeKind) or OutcomeKind.BOOLEAN,
        due_days=f.days(entries.get("due"), "outcome.due"),
        seen_when=f.text(entries.get("seen_when"), "outcome.seen_when") or "always",
        plan=f.text(entries.get("plan"), "outcome.plan"),
    )


def _advice(node: Node | None, f: Fields) -> Advice | None:
    known = (
        "source",
        "mode",
        "ceiling",
        "routine",
        "prior",
        "holdback",
        "consent",
        "show_probability",
        "until",
    )
    entries = f.mapping(node, "advice", known)
    if entries is None:
        return None
    prior = f.mapping(entries.get("prior"), "advice.prior", ("sample",))
    consent = f.mapping(entries.get("consent"), "advice.consent", ("by", "on", "except"))
    given: Consent | None = None
    if consent is not None:
        by = f.text(consent.get("by"), "advice.consent.by")
        on = f.day(consent.get("on"), "advice.consent.on")
        if by is None or on is None:
            f.refuse(
                consent.place,
                "SAY112",
                "advice.consent: needs by and on.",
                "Write {by: head-of-field-service, on: 2026-03-09}.",
            )
        else:
            excluding = f.text(consent.get("except"), "advice.consent.except")
            given = Consent(by=by, on=on, excluding=excluding)
    sample = f.share(prior.get("sample"), "advice.prior.sample") if prior is not None else None
    return Advice(
        source=f.text(entries.get("source"), "advice.source"),
        mode=f.one_of(entries.get("mode"), "advice.mode", Mode) or Mode.WATCH,
        ceiling=f.one_of(entries.get("ceiling"), "advice.ceiling", Mode) or Mode.ADVISE,
        routine=f.text(entries.get("routine"), "advice.routine"),
        prior_sample=sample or 0.0,
        holdback=f.share(entries.get("holdback"), "advice.holdback") or 0.0,
        consent=given,
        show_probability=f.share(entries.get("show_probability"), "advice.show_probability"),
        until=f.day(entries.get("until"), "advice.until"),
    )


def _gate(node: Node | None, f: Fields) -> Gate | None:
    entries = f.mapping(node, "gate", ("to", "when", "stop"))
    if entries is None:
        return None
    to = f.one_of(entries.get("to"), "gate.to", Mode)
    if to is None:
        f.refuse(entries.place, "SAY112", "gate.to: missing.", "Name the mode it opens: delegate.")
        return None

    def conditions(key: str) -> tuple[tuple[str, str], ...]:
        pairs = f.pairs(entries.get(key), f"gate.{key}")
        found = ((e.key, f.text(e.value, f"gate.{key}.{e.key}")) for e in pairs)
        return tuple((name, text) for name, text in found if text is not None)

    return Gate(to=to, when=conditions("when"), stop=conditions("stop"))


def _look_again(node: Node | None, f: Fields) -> LookAgain | None:
    entries = f.mapping(node, "look_again", ("every", "next", "escalate_after", "to"))
    if entries is None:
        return None
    return LookAgain(
        every_days=f.days(entries.get("every"), "look_again.every"),
        next=f.day(entries.get("next"), "look_again.next"),
        escalate_after_days=f.days(entries.get("escalate_after"), "look_again.escalate_after"),
        to=f.text(entries.get("to"), "look_again.to"),
    )


def _privacy(node: Node | None, f: Fields) -> Privacy:
    known = (
        "minimum_people",
        "minimum_cases",
        "team_names",
        "few_deciders",
        "quality_by_team",
        "purpose",
    )
    entries = f.mapping(node, "privacy", known)
    if entries is None:
        return Privacy()
    least = Privacy()
    people = f.whole(entries.get("minimum_people"), "privacy.minimum_people")
    cases = f.whole(entries.get("minimum_cases"), "privacy.minimum_cases")
    for key, value, floor in (
        ("minimum_people", people, least.minimum_people),
        ("minimum_cases", cases, least.minimum_cases),
    ):
        if value is not None and value < floor:
            f.refuse(
                f.places[f"privacy.{key}"],
                "SAY117",
                f"privacy.{key}: {value} is below {floor}.",
                "The minimum protects people; it can only be raised.",
            )
    names = f.text(entries.get("team_names"), "privacy.team_names") or least.team_names
    if names not in ("hidden", "shown"):
        f.refuse(
            f.places["privacy.team_names"],
            "SAY111",
            f"privacy.team_names: {names!r} is not allowed.",
            "Write one of: hidden, shown.",
        )
    few = f.one_of(entries.get("few_deciders"), "privacy.few_deciders", FewDeciders)
    return Privacy(
        minimum_people=max(people or 0, least.minimum_people),
        minimum_cases=max(cases or 0, least.minimum_cases),
        team_names=names,
        few_deciders=few or FewDeciders.REFUSE,
        quality_by_team=f.text(entries.get("quality_by_team"), "privacy.quality_by_team") or "no",
        purpose=f.text(entries.get("purpose"), "privacy.purpose"),
    )


def _source(node: Node | None, f: Fields) -> Source | None:
    entries = f.mapping(node, "source", ("table", "where", "columns"))
    if entries is None:
        return None
    columns = f.mapping(entries.get("columns"), "source.columns", SOURCE_ROLES)
    pairs = columns.entries if columns is not None else ()
    found = ((e.key, f.text(e.value, f"source.columns.{e.key}")) for e in pairs)
    return Source(
        table=f.text(entries.get("table"), "source.table"),
        where=f.text(entries.get("where"), "source.where"),
        columns=tuple((role, text) for role, text in found if text is not None),
    )


# The roles of the case table; a test keeps them equal to measure.case_table.ROLE_NAMES, which
# this folder may not import.
SOURCE_ROLES = (
    "case",
    "repeat_of",
    "decider",
    "team",
    "opened_at",
    "decided_at",
    "choice",
    "choice_probability",
    "prior",
    "prior_confidence",
    "prior_at",
    "prior_asked",
    "prior_ask_probability",
    "prior_skipped",
    "advice",
    "advice_confidence",
    "advice_source",
    "advice_at",
    "advice_opened_at",
    "shown",
    "show_probability",
    "signal",
    "override_kind",
    "reason_code",
    "reason_text",
    "reason_at",
    "seconds",
    "outcome",
    "outcome_at",
    "outcome_due",
    "value",
    "best",
)
