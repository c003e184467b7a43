"""What the tests of the door stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.doors import Door
from tests.record.workspaces import workspace


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """The door of a workspace with one decision, at this computer."""
    with Door(workspace(tmp_path)) as made:
        yield made


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Door]:
    """The same at an address that others reach."""
    with Door(workspace(tmp_path), public=True) as made:
        yield made
