"""Every error the product raises on purpose."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence


class SaysoError(Exception):
    """What went wrong, and what to do next.

    Attributes:
        code: Stable name, documented, the same through every door.
        hint: One sentence a person can act on.
    """

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"


class InvalidReference(SaysoError):
    """The text does not name a charter version."""

    code = "invalid-reference"

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} does not name a charter version.",
            hint="Write slug@version, for example loan-review@3.",
        )


class CharterNotFound(SaysoError):
    """No charter of that name is in the workspace."""

    code = "charter-not-found"

    def __init__(self, slug: str, known: Sequence[str]) -> None:
        near = get_close_matches(slug, known, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else "See the files in charters/."
        super().__init__(f"No charter is called {slug!r}.", hint=hint)
        self.slug = slug


class CharterInvalid(SaysoError):
    """A charter file has errors; they are listed together by ``sayso check``."""

    code = "charter-invalid"


class CharterTangled(SaysoError):
    """A charter's text cannot be changed key by key without touching what other lines say."""

    code = "charter-tangled"


class CharterChanged(SaysoError):
    """The charter's file is no longer the one that was read before the change."""

    code = "charter-changed"


class TableUnreadable(SaysoError):
    """The table could not be opened or read."""

    code = "table-unreadable"


class TableEmpty(SaysoError):
    """The table has no rows to read."""

    code = "table-empty"


class AnswersUnreadable(SaysoError):
    """Answers that were to come from a file or a terminal, and did not."""

    code = "answers-unreadable"


class ColumnUnclear(SaysoError):
    """A column that matters could not be told, and we do not guess."""

    code = "column-unclear"


class ColumnMissing(SaysoError):
    """A named column is not in the table."""

    code = "column-missing"

    def __init__(self, column: str, known: Sequence[str], *, flag: str) -> None:
        near = get_close_matches(column, known, n=2, cutoff=0.5)
        shown = ", ".join(near or list(known)[:8])
        super().__init__(
            f"The table has no column {column!r} ({flag}).",
            hint=f"Closest: {shown}." if near else f"Its columns: {shown}.",
        )


class RowsConflict(SaysoError):
    """Rows with one case id say different things."""

    code = "rows-conflict"


class ValueOutOfRange(SaysoError):
    """A cell holds a value its column cannot have."""

    code = "value-out-of-range"


class PeopleTooFew(SaysoError):
    """Too few people to report on without exposing one of them."""

    code = "people-too-few"


class FileNotWritable(SaysoError):
    """The result could not be written."""

    code = "file-not-writable"


class SettingsInvalid(SaysoError):
    """sayso.toml says something that no setting means."""

    code = "settings-invalid"


class RoundRefused(SaysoError):
    """A round cannot be opened, or ended, as it was asked for."""

    code = "round-refused"


class RoundNotFound(SaysoError):
    """No round of that name is in the workspace."""

    code = "round-not-found"

    def __init__(self, round_id: str, known: Sequence[str]) -> None:
        near = get_close_matches(round_id, known, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else "See `sayso round list`."
        super().__init__(f"No round is called {round_id!r}.", hint=hint)


class RoundUnreadable(SaysoError):
    """A file of a round is damaged, or was written by a newer Sayso."""

    code = "round-unreadable"


class RoundNotOver(SaysoError):
    """Answers are asked for while somebody may still answer."""

    code = "round-not-over"


class RoundWithheld(SaysoError):
    """Too few answered for anything to be shown, and nobody can answer any more."""

    code = "round-withheld"


class RoundForgotten(SaysoError):
    """The answers of the round were deleted; what it said is kept as a report."""

    code = "round-forgotten"


class RoundOver(SaysoError):
    """The round is over, so no answer is taken any more."""

    code = "round-over"


class LinkUnknown(SaysoError):
    """No round of the workspace made this link."""

    code = "link-unknown"

    def __init__(self) -> None:
        super().__init__(
            "This link belongs to no round here.",
            hint="Copy all of it, or ask whoever sent it for a new one.",
        )


class LinkUsed(SaysoError):
    """The link was used before."""

    code = "link-used"

    def __init__(self) -> None:
        super().__init__("This link was used.", hint="Ask for a new one.")


class AnswersNotBegun(SaysoError):
    """No answers to this round were begun here."""

    code = "answers-not-begun"

    def __init__(self) -> None:
        super().__init__(
            "No answers to this round were begun in this browser.",
            hint="Go on in the browser where you began, or ask for a new link.",
        )


class AnswersTooLong(SaysoError):
    """More was typed than a round keeps for one person."""

    code = "answers-too-long"


class FormUnreadable(SaysoError):
    """A filled-in form cannot be taken."""

    code = "form-unreadable"


class KeyMissing(SaysoError):
    """The key that pseudonyms are made with is gone or damaged."""

    code = "key-missing"


class AnswerToOldCharter(SaysoError):
    """An answer to another version of the charter than the round asks about."""

    code = "answer-to-old-charter"

    def __init__(self, round_id: str, charter: str) -> None:
        super().__init__(
            f"The answer is to another version of the charter than {charter}, "
            f"which the round {round_id} asks about.",
            hint="Answer this round's own questions; what was typed is left as it was.",
        )


class WorkspaceMissing(SaysoError):
    """The folder that was named as a workspace is not there."""

    code = "workspace-missing"


class AddressRefused(SaysoError):
    """Pages are to be served where others could reach them, and nothing keeps others out."""

    code = "address-refused"


class AccessKeyTooShort(SaysoError):
    """The access key could be guessed."""

    code = "access-key-too-short"


class PortUnavailable(SaysoError):
    """The address cannot be listened on."""

    code = "port-unavailable"


class WorkspaceUnreadable(SaysoError):
    """A file of proposals, activations or marks is damaged."""

    code = "workspace-unreadable"


class ProposalNotFound(SaysoError):
    """No proposal, and no suggestion, of that name is in the workspace."""

    code = "proposal-not-found"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        near = get_close_matches(name, known, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else "See `sayso status`."
        super().__init__(f"Nothing that is proposed is called {name!r}.", hint=hint)


class SettleRefused(SaysoError):
    """A round cannot be settled as it was asked for, or not yet; what was typed is kept.

    Attributes:
        reasons: Everything that stands in the way, one sentence each.
    """

    code = "settle-refused"

    def __init__(self, message: str, *, hint: str, reasons: Sequence[str] = ()) -> None:
        super().__init__("\n  ".join([message, *reasons]), hint=hint)
        self.reasons = tuple(reasons)


class ActivationRefused(SaysoError):
    """A charter version cannot come into force yet; every reason is listed."""

    code = "activation-refused"


class AssumptionNotFound(SaysoError):
    """A table shows no assumption of that name that nobody wrote down."""

    code = "assumption-not-found"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        near = get_close_matches(name, known, n=1)
        shown = ", ".join(known[:8])
        super().__init__(
            f"This table shows no assumption called {name!r}.",
            hint=f"Did you mean {near[0]!r}?"
            if near
            else f"It shows {shown}."
            if known
            else "It shows none that nobody wrote down.",
        )


class NoisePackRefused(SaysoError):
    """A pack for a noise audit cannot be written as asked for, or its answers cannot be read."""

    code = "noise-pack-refused"


class MarksRefused(SaysoError):
    """A filled-in form of marks, or an answer to a suggestion, cannot be taken."""

    code = "marks-refused"


class RecordRefused(SaysoError):
    """The record does not take what was asked; nothing of it was stored.

    Attributes:
        refusal: Its stable code, listed in the reference of events.
        field: The field at fault; empty where it is no field.
    """

    code = "record-refused"

    def __init__(self, refusal: str, message: str, *, hint: str, field: str = "") -> None:
        super().__init__(f"[{refusal}] {message}", hint=hint)
        self.refusal = refusal
        self.field = field


class RecordMissing(SaysoError):
    """There is no record in this workspace."""

    code = "record-missing"


class RecordBusy(SaysoError):
    """Another Sayso is writing to this record."""

    code = "record-busy"


class RecordUnwritable(SaysoError):
    """The record cannot be written; nothing was stored, and it may be sent again."""

    code = "record-unwritable"


class RecordUnsure(SaysoError):
    """The last write failed at its end and may be stored; sending it again finds out."""

    code = "record-unsure"


class RecordUnreadable(SaysoError):
    """The record is damaged, or was written by a newer Sayso."""

    code = "record-unreadable"


class RecordRewritten(SaysoError):
    """The record is not the one that was seen before."""

    code = "record-rewritten"


class TokenRefused(SaysoError):
    """A token cannot be made, or revoked, as it was asked for."""

    code = "token-refused"


class TokensUnreadable(SaysoError):
    """The file of tokens is damaged, or was written by a newer Sayso."""

    code = "tokens-unreadable"


class TokenMissing(SaysoError):
    """The request carries no token, and needs one."""

    code = "token-missing"

    def __init__(self) -> None:
        super().__init__(
            "This request carries no token.",
            hint="Send `Authorization: Bearer TOKEN`; `sayso token make` makes one.",
        )


class TokenUnknown(SaysoError):
    """What was sent as a token is none of this workspace."""

    code = "token-unknown"

    def __init__(self) -> None:
        # One sentence for every kind of wrong token: which part of it was right is nobody's business.
        super().__init__(
            "This is no token of this workspace.",
            hint="Copy all of it, or make another one with `sayso token make`.",
        )


class TokenDead(SaysoError):
    """The token was revoked, or has expired."""

    code = "token-dead"


class TokenUnset(SaysoError):
    """A program was given no token, or one in a file that others can read."""

    code = "token-unset"


class NotAllowed(SaysoError):
    """Whoever asks may not do this."""

    code = "not-allowed"


class TooManyRequests(SaysoError):
    """One token asks for more than the server gives it at a time.

    Attributes:
        after_seconds: When to ask again.
    """

    code = "too-many-requests"

    def __init__(self, message: str, *, hint: str, after_seconds: int) -> None:
        super().__init__(message, hint=hint)
        self.after_seconds = after_seconds


class RequestInvalid(SaysoError):
    """A request that cannot be read.

    Attributes:
        field: The parameter or header at fault.
    """

    code = "request-invalid"

    def __init__(self, message: str, *, hint: str, field: str = "") -> None:
        super().__init__(message, hint=hint)
        self.field = field


class ThingNotFound(SaysoError):
    """Nothing is at this address."""

    code = "not-found"


class SpoolFull(SaysoError):
    """The spool holds as much as it may, so the write was not taken."""

    code = "spool-full"


class SpoolUnusable(SaysoError):
    """The folder of the spool cannot be used, or holds what another token wrote."""

    code = "spool-unusable"


class ServerAway(SaysoError):
    """The server did not answer, and the answer is needed."""

    code = "server-away"
