"""The documentation keeps its own promises: links lead somewhere, statuses are true."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(
    [*DOCS.rglob("*.md"), *(ROOT / "examples").rglob("*.md"), *ROOT.glob("*.md")],
)
FAMILIES = {
    "D": 18,
    "C": 18,
    "M": 26,
    "A": 10,
    "E": 12,
    "S": 11,
    "I": 10,
    "U": 6,
    "T": 8,
    "K": 4,
}
STATUSES = {"here", "part", "later"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def features() -> dict[str, str]:
    """Status of every promise, by id."""
    rows = re.findall(
        r"^\| ([A-Z]\d+)(?:\\\*)? \|.*\| (\w+) \|[^|]*\|$",
        (DOCS / "features.md").read_text("utf-8"),
        re.MULTILINE,
    )
    return dict(rows)


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_links_lead_to_files_that_exist(path: Path):
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
    missing = [t for t in targets if "://" not in t and not (path.parent / t).exists()]
    assert not missing, f"{name_of(path)} links to {missing}"


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_page_loads_anything_from_another_computer(path: Path):
    text = path.read_text("utf-8")
    assert not re.search(r"!\[[^\]]*\]\(https?:|<(script|img|link)[^>]+https?:", text)


def test_every_page_is_in_the_navigation():
    listed = set(re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text("utf-8")))
    assert listed == {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")}


def test_features_lists_every_promise_with_a_status():
    wanted = {f"{family}{i}" for family, last in FAMILIES.items() for i in range(1, last + 1)}
    found = features()
    assert set(found) == wanted
    assert set(found.values()) <= STATUSES


def test_a_promise_that_a_test_keeps_is_not_called_later():
    kept = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r'mark\.feature\("(\w+)"\)', path.read_text("utf-8"))
    }
    found = features()
    assert not [name for name in kept if found.get(name, "later") == "later"]


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*/charter.yaml")), ids=name_of)
def test_each_example_has_a_page_and_a_charter_that_maps_a_table(path: Path):
    charter = yaml.safe_load(path.read_text("utf-8"))
    assert {"choice", "advice"} <= set(charter["source"]["columns"])
    page = (path.parent / "README.md").read_text("utf-8")
    assert charter["source"]["table"] in page
    assert "Licence" in page
    assert "Where to get it" in page


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*/charter.yaml")), ids=name_of)
def test_each_example_reads_without_errors(path: Path):
    read_charter = pytest.importorskip("sayso.declare.charter_file").read_charter
    reading = read_charter(path.read_text("utf-8"), name_of(path))
    assert reading.charter is not None, "\n".join(str(p) for p in reading.problems)


def test_no_example_holds_a_table():
    kept = {path.suffix for path in (ROOT / "examples").rglob("*") if path.is_file()}
    assert kept <= {".md", ".yaml"}
