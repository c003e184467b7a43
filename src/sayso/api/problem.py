"""Errors as RFC 9457 has them: the one place where a refusal becomes an answer over HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.responses import Response

from sayso.domain.errors import (
    RecordRefused,
    RequestInvalid,
    SaysoError,
    TooManyRequests,
)
from sayso.record.refusal import CODES

if TYPE_CHECKING:
    from sayso.record.strict_json import Json

MEDIA = "application/problem+json"
DEFECT = "defect"
# The record counts what one speaker files in a day, so an hour later is a fair try.
_LATER = {"too-many-contests": 3600}
_SOON = 1

_FORM = {
    "not-json",
    "not-finite",
    "key-twice",
    "number-too-large",
    "text-unreadable",
    "field-missing",
    "field-unknown",
    "field-wrong",
    "kind-unknown",
    "name-unclear",
    "id-wrong",
}
_CONFLICT = {
    "case-twice",
    "case-ended",
    "charter-stale",
    "choice-twice",
    "choice-final",
    "prior-twice",
    "advice-twice",
    "outcome-twice",
    "key-reused",
    "record-frozen",
}
STATUS_OF_REFUSALS = {
    **dict.fromkeys(CODES, 422),
    **dict.fromkeys(_FORM, 400),
    **dict.fromkeys(_CONFLICT, 409),
    "not-yours-to-decide": 403,
    "agent-for-nobody": 403,
    "second-person": 403,
    "decision-unknown": 404,
    "case-not-opened": 404,
    "too-large": 413,
    "too-many-contests": 429,
    "format-unknown": 503,
}
STATUS = {
    "token-missing": 401,
    "token-unknown": 401,
    "token-dead": 401,
    "not-allowed": 403,
    "not-found": 404,
    "request-invalid": 400,
    "token-refused": 400,
    "too-many-requests": 429,
    "record-unwritable": 503,
    "record-unsure": 503,
    "record-busy": 503,
    "record-missing": 503,
    "record-unreadable": 503,
    "record-rewritten": 503,
    "tokens-unreadable": 503,
    "key-missing": 503,
    "workspace-unreadable": 503,
    "file-not-writable": 503,
    "people-too-few": 422,
}
UNTOLD = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error, as it is answered.

    Attributes:
        status: HTTP status.
        code: Stable name, the same through every door.
        title: What the code means.
        detail: What happened, with the value at fault.
        hint: What to do next.
        where: The field at fault; empty where it is no field.
        headers: What the answer carries besides.
    """

    status: int
    code: str
    title: str
    detail: str
    hint: str
    where: str = ""
    headers: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def plain(self) -> dict[str, Json]:
        """The problem as JSON."""
        return {
            "type": f"urn:sayso:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "field": self.where,
            "hint": self.hint,
        }

    @property
    def response(self) -> Response:
        """The problem as an answer."""
        text = json.dumps(self.plain, ensure_ascii=False).encode("utf-8", "replace")
        return Response(text, self.status, self.headers, media_type=MEDIA)


def problem_of(error: SaysoError, *, status: int | None = None) -> Problem:
    """What an error is over HTTP.

    Args:
        error: The error.
        status: Its status, where the request's form decides it.
    """
    headers: dict[str, str] = {}
    where = error.field if isinstance(error, RecordRefused | RequestInvalid) else ""
    if isinstance(error, RecordRefused):
        code, title = error.refusal, CODES.get(error.refusal, "The record refuses this.")
        detail = error.message.removeprefix(f"[{code}] ")
        found = status or STATUS_OF_REFUSALS.get(code, UNTOLD)
        if code in _LATER:
            headers["retry-after"] = str(_LATER[code])
    else:
        code, detail = error.code, error.message
        title = (type(error).__doc__ or "").splitlines()[0]
        found = status or STATUS.get(code, UNTOLD)
    if isinstance(error, TooManyRequests):
        headers["retry-after"] = str(error.after_seconds)
    elif found == 503:
        headers["retry-after"] = str(_SOON)
    if found == 401:
        headers["www-authenticate"] = 'Bearer realm="sayso"'
    return Problem(
        status=found,
        code=code,
        title=title,
        detail=detail,
        hint=error.hint,
        where=where,
        headers=headers,
    )


def defect() -> Problem:
    """A mistake of ours; what it was stands in the server's log alone."""
    return Problem(
        status=500,
        code=DEFECT,
        title="A defect in Sayso.",
        detail="The server made a mistake, and wrote it into its log.",
        hint="Send the same again with the same id; if it happens again, report it.",
    )
