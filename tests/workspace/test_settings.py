"""What sayso.toml says, and what it cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sayso.domain.errors import SettingsInvalid
from sayso.workspace.settings import Settings, read_settings

if TYPE_CHECKING:
    from pathlib import Path


def test_a_workspace_without_settings_has_the_usual_ones(tmp_path: Path):
    assert read_settings(tmp_path) == Settings(name="")


@pytest.mark.parametrize("text", ['name = "Nordlys Heat"', '\ufeffname = "Nordlys Heat"\n'])
def test_the_organisation_has_a_name(tmp_path: Path, text: str):
    (tmp_path / "sayso.toml").write_text(text, encoding="utf-8")
    assert read_settings(tmp_path).name == "Nordlys Heat"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"nmae = 'x'", "'nmae' is no setting. Did you mean `name`?"),
        (b"colour = 'x'", "'colour' is no setting. Known: name, host, port,"),
        (
            b"access_key = 'x'",
            "A secret does not belong in sayso.toml: name a file with `access_key_file`.",
        ),
        (b"database = 'x'", "name a file with `database_file`."),
        (b"port = '80'", "port is '80', not a whole number."),
        (b"port = true", "port is True, not a whole number."),
        (b"hostt = 'x'", "Did you mean `host`?"),
        (b"name = 3", "name is 3, not a text."),
        (b"name = ", "is not TOML"),
        (b"name = '\xff'", "not text in UTF-8"),
        (b"[name]\nx = 1", "not a text"),
    ],
)
def test_what_is_no_setting_is_named_with_the_nearest(tmp_path: Path, text: bytes, says: str):
    (tmp_path / "sayso.toml").write_bytes(text)
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(tmp_path)
    assert says in str(refused.value)
