"""A decision's name in an address."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

# Anything else leads nowhere, and no file is looked for.
Slug = Annotated[str, Path(pattern=r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$", max_length=100)]
