"""Errors of webhooks."""

from __future__ import annotations

from sayso.domain.errors import SaysoError


class HookRefused(SaysoError):
    """A webhook cannot be added, or used, as it was asked for."""

    code = "hook-refused"


class HooksUnreadable(SaysoError):
    """A file of webhooks is damaged, or was written by a newer Sayso."""

    code = "hooks-unreadable"
