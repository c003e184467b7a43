"""What these tests stand on."""

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
