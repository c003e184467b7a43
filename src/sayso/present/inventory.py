"""What a list of AI systems says about decisions, in sentences."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from sayso.present.numbers import count
from sayso.present.terminal import WIDTH, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sayso.declare.inventory import Inventory, System

MOST_LISTED = 30
MOST_PAIRS = 5
SPELLED = {
    "decision": ("name no decision", "names no decision", "which decision each is for"),
    "owner": ("have someone accountable", "has someone accountable", "who is accountable"),
    "differently": (
        "say what is decided differently",
        "says what is decided differently",
        "what is decided differently",
    ),
}
CROWDS = (
    "For {n} a group or several people are named: there, nobody’s phone rings.",
    "For one a group or several people are named: there, nobody’s phone rings.",
)
ALL_NAMED = "each names a decision"
COST = "Those that name no decision cost {part} of {whole}, as this file counts it."
OLDEST = "Longest without anybody accountable: “{name}”, since {since}."
ALIKE = "Perhaps one and the same, counted apart: {pairs}. Nothing was merged."
CLAIMED = "“{decision}” has {n} people accountable, by different systems: {owners}."
NOT_SAID = "This file does not say {what}."
NEXT_DECISION = (
    "Take “{name}”{why}. Which decision should it change, and whose phone rings if that goes wrong? "
    "`sayso start` asks."
)
NEXT_OWNER = "Agree on one name for “{name}”{why}."
NEXT_DIFFERENTLY = "Ask those who use “{name}”{why} what they decide differently because of it."
DRAFTS = "`sayso inventory {file} --drafts charters` begins a charter for each decision named here."


def sentences(found: Inventory) -> tuple[str, ...]:
    """What the list says, the most telling first; nothing is said of what has no column."""
    told = [_headline(found)]
    missing = [SPELLED[what][2] for what in SPELLED if what not in found.says]
    if missing:
        told.append(NOT_SAID.format(what=_listed(missing, "or")))
    if found.crowds:
        told.append(CROWDS[len(found.crowds) == 1].format(n=len(found.crowds)))
    told += [
        CLAIMED.format(decision=decision, n=len(owners), owners=_listed(owners))
        for decision, owners in found.claimed[:MOST_PAIRS]
    ]
    if (cost := _cost(found)) is not None:
        told.append(cost)
    dated = [s for s in found.without("owner") if s.started is not None]
    if dated and "owner" in found.says:
        oldest = min(dated, key=lambda s: (str(s.started), s.row))
        told.append(OLDEST.format(name=oldest.name, since=oldest.started))
    if found.alike:
        pairs = [f"“{a.name}” and “{b.name}” (rows {a.row}, {b.row})" for a, b in found.alike]
        more = len(pairs) - MOST_PAIRS
        shown = pairs[:MOST_PAIRS] + ([f"{more} more pairs"] if more > 0 else [])
        told.append(ALIKE.format(pairs="; ".join(shown)))
    return tuple(told)


def _headline(found: Inventory) -> str:
    """How many name a decision, somebody accountable, and something that differs."""
    total = len(found.systems)
    parts: list[str] = []
    for what, (many, one, _) in SPELLED.items():
        if what in found.says:
            left = len(found.without(what))
            n = left if what == "decision" else total - left
            named = what == "decision" and n == 0
            parts.append(ALL_NAMED if named else f"{n or 'none'} {one if n <= 1 else many}")
    if not parts:
        return f"{count(total)} AI systems are listed." if total > 1 else "One AI system is listed."
    of = f"Of {count(total)} AI systems" if total > 1 else "Of one AI system"
    return f"{of}, {'; '.join(parts)}."


def _cost(found: Inventory) -> str | None:
    """What the systems without a decision cost, where the file gives costs and decisions."""
    if not {"cost", "decision"} <= found.says:
        return None
    known = [s for s in found.systems if s.cost is not None]
    part = sum(s.cost or 0.0 for s in known if not s.decision)
    if len(known) < len(found.systems) or not part:
        return None
    return COST.format(part=count(part), whole=count(sum(s.cost or 0.0 for s in known)))


def next_step(found: Inventory) -> str | None:
    """The one system to begin with: no decision before no owner before nothing different."""
    for what, text in (
        ("decision", NEXT_DECISION),
        ("owner", NEXT_OWNER),
        ("differently", NEXT_DIFFERENTLY),
    ):
        left = found.without(what) if what in found.says else ()
        if left:
            first, why = _worst(left)
            return text.format(name=first.name, why=why)
    return None


def _worst(systems: Sequence[System]) -> tuple[System, str]:
    """The one that costs most, else that has run longest, else the first."""
    if len(systems) > 1 and all(s.cost is not None for s in systems):
        return max(systems, key=lambda s: s.cost or 0.0), ", which costs most of these"
    if len(systems) > 1 and all(s.started is not None for s in systems):
        return min(systems, key=lambda s: str(s.started)), ", which has run longest of these"
    return systems[0], ""


def inventory_text(
    found: Inventory,
    columns: Mapping[str, str],
    audits: Mapping[int, str],
    *,
    file: str,
    drafts: Sequence[str] | None,
) -> str:
    """Everything that is said of a list of systems.

    Args:
        found: What the list says.
        columns: Role to column, as read.
        audits: Row to what the audit of its table says.
        file: The list, as the person named it.
        drafts: Charters that were begun; None where nobody asked for them.
    """
    wide = max(len(role) for role in columns)
    lines = [f"  Read {count(len(found.systems))} rows."]
    lines += [f"    {role:<{wide}}  {column}" for role, column in columns.items()]
    lines += ["", _wrapped(" ".join(sentences(found))), ""]
    lines += _table(found)
    for system in found.systems:
        if system.row in audits:
            lines += ["", _wrapped(f"“{system.name}”: {audits[system.row]}")]
    if (step := next_step(found)) is not None:
        lines += ["", _wrapped(f"Next: {step}")]
    if drafts is not None:
        lines += ["", *(f"  Begun: {name}" for name in drafts)]
    elif any(s.decision for s in found.systems):
        lines += ["", _wrapped(DRAFTS.format(file=file))]
    return plain("\n".join(lines))


def _table(found: Inventory) -> list[str]:
    """One line a system: what it names."""
    shown = found.systems[:MOST_LISTED]
    wide = min(30, max(len(s.name) for s in shown))
    lines: list[str] = []
    for system in shown:
        said = [
            (system.decision or "no decision", "decision"),
            (system.accountable or ("several, or a group" if system.owner else "nobody"), "owner"),
            ("differs" if system.differently else "nothing differs", "differently"),
        ]
        cells = "; ".join(_short(text, 30) for text, what in said if what in found.says)
        lines.append(f"    {_short(system.name, wide):<{wide}}  {cells}".rstrip())
    more = len(found.systems) - len(shown)
    return [*lines, f"    ... and {count(more)} more"] if more > 0 else lines


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _listed(texts: Sequence[str], last: str = "and") -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {last} {texts[-1]}"


def _wrapped(text: str) -> str:
    return fill(
        text, WIDTH, initial_indent="  ", subsequent_indent="  ",
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip
