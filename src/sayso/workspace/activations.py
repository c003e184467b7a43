"""activations.yaml in a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.declare.activation_file import read_activations
from sayso.domain.errors import WorkspaceUnreadable
from sayso.workspace.proposals import read_text

if TYPE_CHECKING:
    from pathlib import Path

    from sayso.declare.activation import Activation

ACTIVATIONS = "activations.yaml"


def list_activations(folder: Path) -> tuple[tuple[Activation, ...], tuple[str, ...]]:
    """Every activation, and what cannot be read, with why.

    Args:
        folder: The workspace.
    """
    try:
        text = read_text(folder / ACTIVATIONS)
    except WorkspaceUnreadable as error:
        return (), (error.message,)
    reading = read_activations(text, ACTIVATIONS)
    return reading.activations, tuple(str(p) for p in reading.problems)
