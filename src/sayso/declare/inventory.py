"""AI systems against the decisions they are for: what each names, and what it leaves open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING

from sayso.declare.owners import is_group, owner_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

# What people write where there is nothing to write.
_NOTHING = re.compile(
    r"(-+|–|—|\.+|\?+|n/?a|none|nobody|no one|nothing|tbd|tbc|to be (decided|defined|determined)|"
    r"unknown|unclear|open|not (yet )?(known|defined|assigned|applicable)|various|several|misc|null)\.?",
    re.IGNORECASE,
)
_VERSION = re.compile(r"\b(v(ersion)?\s*)?\d+(\.\d+)*\b", re.IGNORECASE)
ALIKE = 0.87
MOST_COMPARED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One row of an inventory; "" and None where it says nothing.

    Attributes:
        row: Its row, the first below the header being 1.
        name: The AI system.
        decision: The decision it is for.
        owner: Who is accountable, as written.
        differently: What is decided differently because of it.
        started: When it started.
        cost: What it costs, as the file counts it.
        table: A table of its past decisions.
    """

    row: int
    name: str
    decision: str = ""
    owner: str = ""
    differently: str = ""
    started: date | None = None
    cost: float | None = None
    table: str = ""

    @property
    def accountable(self) -> str | None:
        """The one who is accountable; None for nobody, several or a group."""
        names = owner_names(self.owner)
        return names[0] if len(names) == 1 and not is_group(names[0]) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What a file of AI systems says, and what it leaves open.

    Attributes:
        systems: Every row that names a system.
        says: Which of decision, owner, differently, started, cost, table the file has a column for.
        alike: Pairs of names that may be one system; never merged.
        claimed: Decisions with more than one accountable, with those names.
    """

    systems: tuple[System, ...]
    says: frozenset[str]
    alike: tuple[tuple[System, System], ...]
    claimed: tuple[tuple[str, tuple[str, ...]], ...]

    def without(self, what: str) -> tuple[System, ...]:
        """Systems that leave open a decision, an owner or what differs."""
        if what == "owner":
            return tuple(s for s in self.systems if s.accountable is None)
        return tuple(s for s in self.systems if not getattr(s, what))

    @property
    def crowds(self) -> tuple[System, ...]:
        """Systems whose owner is a group, or several people: named, and nobody accountable."""
        return tuple(s for s in self.systems if s.owner and s.accountable is None)


def inventory(systems: Sequence[System], says: frozenset[str]) -> Inventory:
    """Compare the systems of a file with each other."""
    kept = tuple(systems)
    return Inventory(systems=kept, says=says, alike=_alike(kept), claimed=_claimed(kept))


def said(text: str | None) -> str:
    """A cell's text on one line; "" where it stands for nothing.

    Examples:
        >>> said("  Loan   approval "), said("tbd"), said("n/a"), said(None)
        ('Loan approval', '', '', '')
    """
    plain = " ".join((text or "").split())
    return "" if _NOTHING.fullmatch(plain) else plain


def amount(text: str) -> float | None:
    """A cost as a number: currency and thousands marks taken off; None where it is none.

    Examples:
        >>> amount("€ 1,200,000"), amount("1.200,50 EUR"), amount("12k"), amount("cheap")
        (1200000.0, 1200.5, 12000.0, None)
    """
    found = re.fullmatch(
        r"[^\d+-]{0,6}([+-]?\d[\d.,'\s]*)\s*(k|m|mn|million|thousand)?\b[^\d]{0,12}",
        text.strip(),
        re.IGNORECASE,
    )
    if found is None:
        return None
    digits = re.sub(r"[\s']", "", found[1])
    point = max(digits.rfind(","), digits.rfind("."))
    tail = len(digits) - point - 1
    # One mark followed by exactly three digits parts thousands; else the last mark is a point.
    single = len(re.findall(r"[.,]", digits)) == 1
    if point >= 0 and not (tail == 3 and (single or digits[point] in digits[:point])):
        digits = re.sub(r"[.,]", "", digits[:point]) + "." + digits[point + 1 :]
    else:
        digits = re.sub(r"[.,]", "", digits)
    scale = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6}
    try:
        return float(digits) * scale.get((found[2] or "").lower(), 1.0)
    except ValueError:
        return None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", _VERSION.sub(" ", name.lower()))


def _alike(systems: tuple[System, ...]) -> tuple[tuple[System, System], ...]:
    """Pairs whose names are one but for version, case and marks, or nearly so in short lists."""
    pairs: list[tuple[System, System]] = []
    near = len(systems) <= MOST_COMPARED
    names = {s.row: _plain(s.name) or s.name.lower() for s in systems}
    if not near:
        first: dict[str, System] = {}
        for system in systems:
            other = first.setdefault(names[system.row], system)
            if other is not system:
                pairs.append((other, system))
        return tuple(pairs)
    for one, other in combinations(systems, 2):
        a, b = names[one.row], names[other.row]
        if a == b or (min(len(a), len(b)) >= 5 and SequenceMatcher(None, a, b).ratio() >= ALIKE):
            pairs.append((one, other))
    return tuple(pairs)


def _claimed(systems: tuple[System, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for system in systems:
        if system.decision and system.accountable is not None:
            decision, owners = found.setdefault(system.decision.casefold(), (system.decision, {}))
            del decision
            owners.setdefault(system.accountable.casefold(), system.accountable)
    return tuple(
        (decision, tuple(owners.values())) for decision, owners in found.values() if len(owners) > 1
    )


ROLES = ("system", "decision", "owner", "differently", "started", "cost", "table")
_NAMES: Mapping[str, str] = {
    "system": r"(ai_?)?(system|tool|model|application|app|solution|use_?case|product)s?(_?name)?|name",
    "decision": r"(which_|supported_|affected_)?decisions?(_.*)?",
    "owner": r"(business_|decision_|process_|system_|product_)?owner(s)?|accountable(_.*)?|"
    r"responsible(_.*)?|who_is_accountable",
    "differently": r"(.*_)?(differently|different)(_.*)?|what_changes|changes?",
    "started": r"(started|start|launch(ed)?|live|go_?live|in_use|deployed|since)(_?(on|at|date|since))?",
    "cost": r"((annual|yearly|total|running)_)?(costs?|spend|budget|licen[cs]e(_fee)?)(_.*)?",
    "table": r"(.*_)?(table|export|log_?file|data_?file)",
}  # fmt: skip


def guess_columns(columns: Sequence[str], named: Mapping[str, str]) -> dict[str, str]:
    """Which column holds what: as said by flag, else by its name; each column once.

    Args:
        columns: The file's columns.
        named: Role to column, by flag; "none" for "there is no such column".
    """
    found = {role: column for role, column in named.items() if column != "none"}
    for role in ROLES:
        if role in named:
            continue
        for column in columns:
            words = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")
            if column not in found.values() and re.fullmatch(_NAMES[role], words):
                found[role] = column
                break
    return found
