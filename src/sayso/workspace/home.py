"""What is on record in a workspace, for its first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.domain.errors import SettingsInvalid
from sayso.present.home import HomeFacts
from sayso.present.status import effect_text
from sayso.workspace.decision import read_decisions
from sayso.workspace.settings import read_settings
from sayso.workspace.status import own_effect

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path


def read_home(folder: Path, today: date) -> HomeFacts:
    """What is on record of every decision.

    Args:
        folder: The workspace.
        today: The day.
    """
    found = read_decisions(folder, today)
    broken = list(found.broken)
    try:
        read_settings(folder)
    except SettingsInvalid as error:
        broken.append(str(error))
    return HomeFacts(
        decisions=found.decisions,
        apart=found.apart,
        broken=tuple(broken),
        effect=effect_text(own_effect(folder, today)) if found.decisions else "",
    )
