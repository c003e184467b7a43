"""What can be recorded of a decision, or of the record itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TableImported:
    """A table of past cases was read in."""

    KIND: ClassVar[str] = "table.imported"
    PERSONAL: ClassVar[dict[str, str]] = {}

    table: str
    name: str
    cases: int
    skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountReconciled:
    """The host's own count of cases was held against the record."""

    KIND: ClassVar[str] = "count.reconciled"
    PERSONAL: ClassVar[dict[str, str]] = {}

    since: datetime | None = None
    until: datetime | None = None
    host_count: int
    recorded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterActivated:
    """A charter version came into force."""

    KIND: ClassVar[str] = "charter.activated"
    PERSONAL: ClassVar[dict[str, str]] = {}

    fingerprint: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewHeld:
    """The owner looked at the decision again."""

    KIND: ClassVar[str] = "review.held"
    PERSONAL: ClassVar[dict[str, str]] = {"text": "by"}

    text: str
    next_on: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatePassed:
    """What the AI may do changed, upwards by evidence or downwards by harm or by hand."""

    KIND: ClassVar[str] = "gate.passed"
    PERSONAL: ClassVar[dict[str, str]] = {}

    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalSettled:
    """A change to the charter was settled, with its expected effect in the proposal's file."""

    KIND: ClassVar[str] = "proposal.settled"
    PERSONAL: ClassVar[dict[str, str]] = {}

    proposal: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedCommitted:
    """A secret seed of coins came into use; its hash binds it."""

    KIND: ClassVar[str] = "seed.committed"
    PERSONAL: ClassVar[dict[str, str]] = {}

    seed: str
    commitment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedRevealed:
    """A seed that is no longer used, so that anyone can toss its coins again."""

    KIND: ClassVar[str] = "seed.revealed"
    PERSONAL: ClassVar[dict[str, str]] = {}

    seed: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectErased:
    """A person's text was made unreadable for good."""

    KIND: ClassVar[str] = "subject.erased"
    PERSONAL: ClassVar[dict[str, str]] = {}

    subject: str
    authority: str
    approved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced:
    """A legal hold: while it lasts, nothing of the subject, or of anyone, is erased."""

    KIND: ClassVar[str] = "hold.placed"
    PERSONAL: ClassVar[dict[str, str]] = {}

    subject: str | None = None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLifted:
    """A legal hold ended."""

    KIND: ClassVar[str] = "hold.lifted"
    PERSONAL: ClassVar[dict[str, str]] = {}

    hold: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRestored:
    """The record was restored from a backup, and what came after it is lost."""

    KIND: ClassVar[str] = "record.restored"
    PERSONAL: ClassVar[dict[str, str]] = {}

    size: int
    seen: int
    seen_root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFrozen:
    """The end of the record: nothing is added after this."""

    KIND: ClassVar[str] = "record.frozen"
    PERSONAL: ClassVar[dict[str, str]] = {}

    why: str
