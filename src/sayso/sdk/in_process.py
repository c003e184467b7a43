"""The record of a workspace folder, in this process: for scripts and notebooks.

The one module of the SDK that knows the workspace; it is loaded when a folder is connected to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sayso.domain.errors import RecordRefused, RecordUnsure, RecordUnwritable, SaysoError
from sayso.record.refusal import Refusal
from sayso.record.strict_json import read_object
from sayso.sdk.server import Reply
from sayso.workspace.api_office import Office, Sent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class WorkspaceServer:
    """Answers as the server does, for whoever holds the folder."""

    def __init__(self, folder: Path, token: str | None) -> None:
        """Open a workspace.

        Args:
            folder: The workspace.
            token: Who asks; the person at this computer where not said.

        Raises:
            SaysoError: If its record cannot be opened, or the token is none.
        """
        self._office = Office(folder)
        self._token = token
        self._login()

    def batch(self, writes: Sequence[bytes]) -> Reply:
        """Record writes, each answered by itself, in order."""
        queued = [self._queued(body) for body in writes]
        return Reply(200, {"answers": [self._told(one) for one in queued]})

    def get(self, path: str, query: Mapping[str, str], etag: str = "") -> Reply:
        """Read a case or a charter."""
        try:
            if path == "/v1/case":
                told = self._office.case(self._login(), query["decision"], query["case"])
            else:
                told = self._office.charter(self._login(), path.split("/")[3], None)
        except SaysoError as error:
            return Reply(404, _problem(error))
        return Reply(200, told)

    def close(self) -> None:
        """Let go of the record."""
        self._office.close()

    def _queued(self, body: bytes) -> Sent | SaysoError:
        """Queue up first, so that many wait for the disk together."""
        try:
            plain = read_object(body)
            if isinstance(plain, Refusal):
                return RecordRefused(plain.code, plain.message, hint=plain.hint, field=plain.field)
            return self._office.submit(self._login(), str(plain.pop("verb", "")), plain)
        except SaysoError as error:
            return error

    def _told(self, one: Sent | SaysoError) -> dict[str, Any]:
        if isinstance(one, Sent):
            try:
                told = self._office.settled(one, one.answers.result()[0])
            except (RecordUnwritable, RecordUnsure):
                raise
            except SaysoError as error:
                return {"status": 422, "problem": _problem(error)}
            return {"status": 200 if told["again"] else 201, **told}
        return {"status": 422, "problem": _problem(one)}

    def _login(self) -> Any:  # a login of the workspace
        return self._office.login(self._token, local=self._token is None)


def _problem(error: SaysoError) -> dict[str, Any]:
    code = error.refusal if isinstance(error, RecordRefused) else error.code
    field = error.field if isinstance(error, RecordRefused) else ""
    return {"code": code, "detail": error.message, "hint": error.hint, "field": field}
