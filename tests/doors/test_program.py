"""A printed command works as it stands, from wherever the program was called."""

from pathlib import Path

import pytest

from sayso.cli.program import program


def test_a_program_found_by_name_is_called_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    found = tmp_path / "sayso"
    found.touch()
    found.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program("/somewhere/else/bin/sayso") == "sayso"


def test_a_program_called_by_its_path_is_called_so_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program(".venv/bin/sayso") == ".venv/bin/sayso"
    assert program("src/sayso/__main__.py") == "python -m sayso"
