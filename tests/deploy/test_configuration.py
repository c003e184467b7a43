"""How a server is told how to run: one rule for what counts, one table, and slips that are named."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from sayso.domain.errors import SettingsInvalid
from sayso.workspace.configuration import OPTIONS, Configuration, configured, table
from sayso.workspace.settings import Settings

ROOT = Path(__file__).parents[2]


def test_without_a_word_this_computer_is_served_from_this_folder():
    assert configured({}, {}) == Configuration(
        folder=Path(),
        host="127.0.0.1",
        port=8080,
        access_key=None,
        database=None,
        log="trouble",
        stop_seconds=10,
        strange=(),
    )


def test_a_flag_counts_before_a_variable_and_that_before_the_file(tmp_path: Path):
    (tmp_path / "sayso.toml").write_text("port = 1\nhost = 'a'\nlog = 'life'\n", "utf-8")
    found = configured({"folder": str(tmp_path), "port": 3}, {"SAYSO_PORT": "2", "SAYSO_HOST": "b"})
    assert (found.port, found.host, found.log) == (3, "b", "life")


def test_the_workspace_itself_may_be_named_by_a_variable(tmp_path: Path):
    (tmp_path / "sayso.toml").write_text("port = 81\n", "utf-8")
    assert configured({}, {"SAYSO_FOLDER": str(tmp_path)}).port == 81


def test_a_variable_that_is_empty_says_nothing():
    assert configured({}, {"SAYSO_PORT": "", "SAYSO_ACCESS_KEY": ""}).port == 8080


def test_secrets_are_read_from_files_without_the_end_of_the_line(tmp_path: Path):
    (tmp_path / "key").write_text("four words nobody says\n", "utf-8")
    (tmp_path / "address").write_text("postgresql://sayso:secret@db/sayso\n", "utf-8")
    (tmp_path / "sayso.toml").write_text(f"database_file = '{tmp_path}/address'\n", "utf-8")
    found = configured({"folder": str(tmp_path)}, {"SAYSO_ACCESS_KEY_FILE": str(tmp_path / "key")})
    assert found.access_key == "four words nobody says"
    assert found.database == "postgresql://sayso:secret@db/sayso"


def test_a_secret_of_a_layer_that_counts_more_wins_over_a_file_of_one_that_counts_less(
    tmp_path: Path,
):
    found = configured({"database": "x"}, {"SAYSO_DATABASE_FILE": str(tmp_path / "not-there")})
    assert found.database == "x"


@pytest.mark.parametrize(
    ("flags", "variables", "says"),
    [
        ({"port": 70000}, {}, "--port is '70000'"),
        ({}, {"SAYSO_PORT": "http"}, "SAYSO_PORT is 'http'"),
        ({}, {"SAYSO_PORT": "-1"}, "SAYSO_PORT is '-1'"),
        ({}, {"SAYSO_PORT": "٣"}, "SAYSO_PORT is '٣'"),
        ({}, {"SAYSO_STOP_SECONDS": "9e9"}, "SAYSO_STOP_SECONDS is '9e9'"),
        ({"log": "everything"}, {}, "The log cannot hold 'everything'"),
        ({}, {"SAYSO_DATABASE": "x", "SAYSO_DATABASE_FILE": "y"}, "SAYSO_DATABASE and SAYSO_DAT"),
        ({}, {"SAYSO_ACCESS_KEY_FILE": "/not/there"}, "cannot be read: No such file"),
        ({}, {"SAYSO_ACCESS_KEY_FILE": "/dev/null"}, "does not hold one line"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(
    flags: dict[str, str | int | None], variables: dict[str, str], says: str
):
    with pytest.raises(SettingsInvalid) as refused:
        configured(flags, variables)
    assert says in refused.value.message
    assert refused.value.hint


def test_a_secret_is_not_in_the_message_of_a_file_that_holds_too_much(tmp_path: Path):
    (tmp_path / "key").write_text("first secret\nsecond secret\n", "utf-8")
    with pytest.raises(SettingsInvalid) as refused:
        configured({"access_key_file": str(tmp_path / "key")}, {})
    assert "secret" not in f"{refused.value.message}{refused.value.hint}".replace(str(tmp_path), "")


def test_a_slip_in_a_variable_is_noticed_and_what_is_not_ours_is_not():
    found = configured({}, {"SAYSO_DATABSE": "x", "SAYSO_REFERENCE_DATA": "y", "DATABASE": "z"})
    assert found.strange == ("SAYSO_DATABSE",)


def test_the_reference_shows_every_option_as_the_code_has_it():
    page = (ROOT / "docs" / "reference" / "configuration.md").read_text("utf-8")
    assert table() in page, "write `sayso.workspace.configuration.table()` into the page"


def test_the_table_knows_every_key_of_the_file_and_every_variable_that_the_code_reads():
    assert {o.key for o in OPTIONS if o.key} == {f.name for f in dataclasses.fields(Settings)}
    read = {
        name
        for path in (ROOT / "src").rglob("*.py")
        if "SAYSO_" in (text := path.read_text("utf-8"))
        for name in re.findall(r"""["'](SAYSO_[A-Z_]+[A-Z])["']""", text)
    }
    assert read - {"SAYSO_REFERENCE_DATA"} == {o.variable for o in OPTIONS if o.variable}
