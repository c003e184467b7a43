"""Decision stewardship: know who decides what, whether the AI changes it, and for the better."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sayso.sdk.connect import connect
    from sayso.workspace.audit import Audit, audit

__version__ = "0.1.0"
__all__ = ["Audit", "__version__", "audit", "connect"]


def __getattr__(name: str) -> object:
    """Load the workspace on first use, so that ``import sayso.sdk`` stays light."""
    if name in ("Audit", "audit"):
        from sayso.workspace import audit as room

        return getattr(room, name)
    if name == "connect":
        from sayso.sdk.connect import connect

        return connect
    raise AttributeError(f"module 'sayso' has no attribute {name!r}")
