"""A page for each file of the catalogue, and each page true of the code it speaks of."""

import ast
import importlib
import importlib.util
import inspect
import re
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from sayso.measure.catalog import all as catalogue

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "sayso" / "measure"
PAGES = ROOT / "docs" / "measures"
FILES = sorted(
    path for path in (SOURCE / "catalog").glob("*.py") if path.stem not in ("__init__", "all")
)
HEADINGS = ["What is asked", "What it means", "What it does not mean", "For statisticians"]
PARTS = ["Definition", "Assumes", "Least data", "Refused", "Source", "In the JSON"]
# Figures of the report that no file of the catalogue reads: they belong to a charter.
CHARTERS_OWN = {
    "differently",
    "differently-momentum",
    "differently-by-quarter",
    "assumption",
    "assumption-over-time",
    "assumption-since",
}


_JOINS = re.compile(r"[a-z]+[-_]$|^[-_][a-z]+|[a-z]+[-_][a-z]+")


def page_of(path: Path) -> Path:
    return PAGES / f"{path.stem.replace('_', '-')}.md"


def stem(path: Path) -> str:
    return path.stem


every_file = pytest.mark.parametrize("path", FILES, ids=stem)


def read(path: Path) -> str:
    return page_of(path).read_text("utf-8")


def known_keys() -> set[str]:
    """Every key of the reference, which other tests hold against audits."""
    text = (ROOT / "docs" / "reference" / "measures.md").read_text("utf-8")
    cells = re.findall(r"^\| *(`[^|]*`) *\|", text, re.MULTILINE)
    return {key for cell in cells for key in re.findall(r"`([^`]+)`", cell)}


def strings(path: Path) -> tuple[set[str], list[re.Pattern[str]]]:
    """Plain strings of a file, and a pattern for each string with holes that may make a key."""
    plain: set[str] = set()
    made: list[re.Pattern[str]] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            parts = [
                re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[a-z_-]+"
                for p in node.values
            ]
            if any(
                isinstance(p, ast.Constant) and _JOINS.search(str(p.value)) for p in node.values
            ):
                made.append(re.compile("".join(parts)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            plain.add(node.value)
    return plain, made


def keys_of(path: Path) -> set[str]:
    """Keys of figures that a file makes, as far as the text shows: too many rather than too few."""
    plain, made = strings(path)
    return {k for k in known_keys() if k in plain or any(m.fullmatch(k) for m in made)}


def measures_of(path: Path) -> set[str]:
    """Keys given to figures outright, with ``measure=`` or ``key=`` or as a first argument."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        given = [k.value for k in node.keywords if k.arg in ("measure", "key")]
        if name in ("_figure", "associated", "_share", "_plain", "_coefficient"):
            given += node.args[:1]
        found |= {
            str(one.value)
            for one in given
            if isinstance(one, ast.Constant) and re.fullmatch(r"[a-z0-9-]+", str(one.value))
        }
    return found - {"cases"}


def module_of(path: Path) -> ModuleType:
    return importlib.import_module(f"sayso.measure.catalog.{path.stem}")


def rows_of(text: str) -> list[list[str]]:
    """Rows of the table of keys."""
    table = text.split("### In the JSON\n")[1]
    return [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| `")]


def named_keys(text: str) -> list[str]:
    return [key for row in rows_of(text) for key in re.findall(r"`([^`]+)`", row[0])]


@pytest.fixture(scope="module")
def pictures() -> ModuleType:
    """The command that draws the pictures, without running it."""
    spec = importlib.util.spec_from_file_location("pictures", PAGES / "pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["pictures"] = module
    spec.loader.exec_module(module)
    return module


def test_every_file_of_the_catalogue_has_its_page_and_no_page_is_left_over():
    wanted = {page_of(path).name for path in FILES} | {"index.md"}
    assert {path.name for path in PAGES.glob("*.md")} == wanted


def test_every_measure_of_the_catalogue_is_named_on_a_page():
    named = {key for path in FILES for key in named_keys(read(path))}
    assert {measure.key for measure in catalogue.CATALOGUE} <= named


def test_together_the_pages_name_every_key_of_the_reference():
    named = {key for path in FILES for key in named_keys(read(path))}
    assert known_keys() - CHARTERS_OWN == named


@every_file
def test_a_page_names_every_figure_that_its_file_makes(path: Path):
    # A string may be another's key and something else here, such as the name of a group.
    others = {key for other in FILES if other != path for key in named_keys(read(other))}
    wanted = measures_of(path) | (keys_of(path) - others)
    missing = sorted(wanted - set(named_keys(read(path))))
    assert not missing, f"{page_of(path).name} does not name {missing}"


@every_file
def test_a_page_names_no_key_that_its_file_does_not_make(path: Path):
    named = named_keys(read(path))
    extra = sorted(set(named) - keys_of(path))
    assert not extra, f"{page_of(path).name} names {extra}, which {path.name} does not make"
    assert len(named) == len(set(named))


@every_file
def test_groups_and_notes_of_a_page_are_those_of_the_code(path: Path):
    plain, made = strings(path)
    known = set(re.findall(r"[a-z_]+", " ".join(plain)))
    named = {
        w for row in rows_of(read(path)) for cell in row[2:] for w in re.findall(r"`(\w+)`", cell)
    }
    unknown = {w for w in named - known if not any(m.fullmatch(w) for m in made)}
    assert not unknown, f"{page_of(path).name} names {sorted(unknown)}"


@every_file
def test_a_page_has_its_headings_in_order(path: Path):
    text = re.sub(r"```.*?```", "", read(path), flags=re.DOTALL)
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    assert re.findall(r"^### (.+)$", text, re.MULTILINE) == PARTS


@every_file
def test_no_part_of_a_page_is_empty(path: Path):
    for part in re.split(r"^#{1,3} .+$", read(path), flags=re.MULTILINE)[2:]:
        words = part.split()
        assert len(words) >= 5 or part.strip() == "", part
    assert f"### {PARTS[0]}" in read(path)


@every_file
def test_the_first_half_can_be_read_aloud(path: Path):
    first = read(path).split("## For statisticians")[0]
    spoken = re.sub(r"!\[[^\]]*\]\([^)]*\)|\]\([^)]*\)", "", first)
    assert not re.search(r"[`%=<>±²√]|\bR2\b|\bp[- ]value", spoken), "no signs that nobody speaks"
    for sentence in re.split(r"(?<=[.?!:;])\s+|\*\n|\n\n", spoken):
        assert len(sentence.split()) <= 45, sentence


@every_file
def test_the_first_half_claims_no_cause(path: Path):
    first = read(path).split("## For statisticians")[0].lower()
    assert not re.search(
        r"\b(because|thanks to|causes|caused|drives|drove|proves|significant)\b", first
    )


@every_file
def test_the_sources_of_the_code_are_named_on_the_page(path: Path):
    source = read(path).split("### Source\n")[1].split("\n### ")[0]
    assert re.search(r"\(?(1[89]|20)\d\d\b", source)
    told = read(path)
    told += (PAGES / "index.md").read_text("utf-8").split("### How ranges are made")[1]
    for name, made in vars(module_of(path)).items():
        mine = str(getattr(made, "__module__", "")).startswith("sayso.measure.")
        doc = inspect.getdoc(made) if mine and inspect.isroutine(made) else ""
        cited = re.search(
            r"Source:\n(.+?)(?:; (?:reproduces|checked)|\n\n|$)", doc or "", re.DOTALL
        )
        for author, year in re.findall(r"(\w+)[^()]*\((\d{4})\)", cited.group(1) if cited else ""):
            assert year in told, f"{page_of(path).name}: {author} ({year}), the source of {name}"


@every_file
def test_the_limits_of_the_code_are_told_on_the_page(path: Path):
    """A limit that is changed in the code and not on the page makes the page untrue."""
    told = read(path)
    for name, value in vars(module_of(path)).items():
        if not re.match(r"(LEAST|MOST)_", name) or not isinstance(value, int | float):
            continue
        if value < 1:
            spelled = [f"{value * 100:g} in 100", f"{value:g}".removeprefix("0")]
        else:
            words = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
            spelled = [f"{value:,.0f}", words[int(value) - 1]] if value <= 10 else [f"{value:,.0f}"]
        assert any(one in told.lower() for one in spelled), f"{name} = {value} is not on the page"


@every_file
def test_a_page_shows_its_picture_with_words_for_those_who_do_not_see_it(path: Path):
    name = page_of(path).stem
    shown = re.findall(r"!\[([^\]]+)\]\(([^)]+)\)", read(path))
    assert [target for _, target in shown] == [f"{name}.svg"]
    assert len(shown[0][0]) > 20
    assert re.search(r"^\*From (the demo|an invented)", read(path), re.MULTILINE)


@every_file
def test_a_picture_is_small_and_readable_on_light_and_on_dark(path: Path):
    text = (PAGES / f"{page_of(path).stem}.svg").read_text("utf-8")
    tree = ElementTree.fromstring(text)
    assert tree.get("role") == "img"
    assert tree.get("aria-label")
    assert len(text) < 12_000
    assert "prefers-color-scheme:dark" in text
    assert 'class="paper"' in text, "a background of its own, so that it is readable on any page"
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|<script|<image", text)


def test_the_index_leads_to_every_page_once():
    text = (PAGES / "index.md").read_text("utf-8")
    tables = re.findall(r"^\|.*$", text, re.MULTILINE)
    found = re.findall(r"\]\(([\w-]+\.md)\)", "\n".join(tables))
    assert sorted(found) == sorted(page_of(path).name for path in FILES)


def test_there_is_a_picture_for_every_page_and_no_other(pictures: ModuleType):
    assert set(pictures.PICTURES) == {page_of(path).stem for path in FILES}
    assert {path.stem for path in PAGES.glob("*.svg")} == set(pictures.PICTURES)


def test_a_picture_tells_the_values_of_its_table(pictures: ModuleType, tmp_path: Path):
    """One table of six, and values only; the slow tier draws them all to the byte."""
    reading = pictures.panel(tmp_path)
    for key in ("panel", "noise"):
        drawn = pictures.drawn(pictures.whole(key, reading), reading)
        there = (PAGES / f"{key}.svg").read_text("utf-8")
        told = [re.findall(r">([^<>(]+?)(?: \([^<]*)?</text>", text) for text in (drawn, there)]
        assert told[0] == told[1], "run docs/measures/pictures.py"


@pytest.mark.deep
def test_all_pictures_are_as_the_command_draws_them(pictures: ModuleType):
    for key, text in pictures.all_pictures().items():
        assert text == (PAGES / f"{key}.svg").read_text("utf-8"), key
