"""The page on engines is true: each function is there, and no measure of an audit calls it."""

import importlib
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "reference" / "engines.md").read_text("utf-8")
CATALOGUE = ROOT / "src" / "sayso" / "measure" / "catalog"


def rows() -> list[tuple[list[str], str]]:
    found = re.findall(r"^\| (`.+?`) \| .+ \| `([\w.]+)` \|$", PAGE, re.MULTILINE)
    return [(re.findall(r"`(\w+)`", names), module) for names, module in found]


def test_every_function_of_the_page_is_where_it_says():
    assert len(rows()) >= 7
    for names, module in rows():
        there = importlib.import_module(module)
        for name in names:
            assert callable(getattr(there, name, None)), f"{module}.{name}"


def test_no_audit_calls_what_is_said_to_be_for_programs():
    read = "\n".join(path.read_text("utf-8") for path in CATALOGUE.glob("*.py"))
    for names, module in rows():
        imported = "".join(
            re.findall(rf"from {re.escape(module)} import ([^)]+?)(?:\)|\n\n)", read)
        )
        for name in names:
            assert not re.search(rf"\b{name}\b", imported), f"{name} is read by a measure: say so"
