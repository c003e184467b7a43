"""Rules about the shape of the code that no linter checks for us."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "sayso"
LONGEST = 500
NAMELESS = {"utils", "helpers", "common", "core", "manager", "base", "misc"}


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: str(p.stem))
def test_a_module_fits_in_one_sitting(path: Path):
    lines = path.read_text("utf-8").count("\n")
    assert lines <= LONGEST, f"{path.name} has {lines} lines; split it at the next noun."


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: str(p.stem))
def test_a_module_has_a_name(path: Path):
    assert path.stem not in NAMELESS, f"{path.name} says nothing of what lives there."


@pytest.mark.parametrize("folder", sorted(p.parent for p in SOURCE.rglob("__init__.py")))
def test_a_folder_says_what_lives_there(folder: Path):
    text = (folder / "__init__.py").read_text("utf-8")
    assert text.startswith('"""'), f"{folder.name}/__init__.py has no line saying what it is for."
