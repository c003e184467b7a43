"""The glossary and the reference say what the code says, and the code what they say."""

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sayso.declare import charter as declared
from sayso.declare import coherence, people, problem_codes
from sayso.declare.charter import Charter, FewDeciders, InputType, Mode, OutcomeKind
from sayso.domain import errors_hooks
from sayso.domain.errors import SaysoError
from sayso.measure.case_table import DERIVED, ROLES

DOCS = Path(__file__).parent.parent / "docs"
COMMANDS = (
    "start",
    "inventory",
    "audit",
    "demo",
    "check",
    "who",
    "accept",
    "diff",
    "charter draft",
    "charter adopt",
    "marks form",
    "marks read",
    "marks show",
    "marks answer",
    "noise plan",
    "noise read",
    "activate",
    "round",
    "round list",
    "round link",
    "round form",
    "round import",
    "round close",
    "round report",
    "round forget",
    "settle",
    "settle object",
    "settle answer",
    "settle check",
    "settle show",
    "status",
    "serve",
    "token make",
    "token list",
    "token revoke",
    "hook add",
    "hook list",
    "hook remove",
    "hook dead",
    "hook resend",
    "mcp",
    "record import",
    "record export",
    "record reconcile",
    "record checkpoint",
    "record receipt",
    "record backup",
    "record restore",
    "record erase",
    "record hold",
    "record freeze",
    "verify",
    "witness",
)

# Fields that the file spells in another way than the value.
SPELLED = {
    "start": "from",
    "target": "to",
    "due_days": "due",
    "every_days": "every",
    "escalate_after_days": "escalate_after",
    "excluding": "except",
    "prior_sample": "sample",
    "costs": "costs",
}
# Parts of an amount, which the file writes in one piece: `190 EUR`.
IN_ONE_PIECE = {"amount"}


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def code_words(text: str) -> set[str]:
    """Names in backticks, split at anything that is not part of a name."""
    spans = re.findall(r"`([^`\n]+)`", text)
    return {word for span in spans for word in re.findall(r"[A-Za-z_][\w-]*", span)}


def first_cells(text: str) -> list[str]:
    """Names in backticks in the first cell of each table row."""
    rows = re.findall(r"^\| *(`[^|]*`) *\|", text, re.MULTILINE)
    return [name for cell in rows for name in re.findall(r"`([^`]+)`", cell)]


def charter_values() -> list[type]:
    return [
        value
        for value in vars(declared).values()
        if isinstance(value, type)
        and dataclasses.is_dataclass(value)
        and value.__module__ == declared.__name__
    ]


@pytest.mark.parametrize("value", charter_values(), ids=lambda value: value.__name__)
def test_the_reference_names_every_key_of_a_charter(value: type):
    written = code_words(page("reference/charter.md"))
    names = {SPELLED.get(f.name, f.name) for f in dataclasses.fields(value)} - IN_ONE_PIECE
    assert names <= written, f"docs/reference/charter.md does not name {sorted(names - written)}"


def test_the_reference_lists_the_keys_of_a_charter_and_no_others():
    listed = first_cells(page("reference/charter.md").split("## Rights")[0])
    assert listed == [field.name for field in dataclasses.fields(Charter)]


@pytest.mark.parametrize("words", [Mode, InputType, OutcomeKind, FewDeciders])
def test_the_reference_names_every_word_a_key_may_hold(words: type):
    assert {str(word.value) for word in words} <= code_words(page("reference/charter.md"))


def test_the_glossary_has_every_key_of_a_charter():
    glossary = page("words.md").lower()
    missing = [
        f.name
        for f in dataclasses.fields(Charter)
        if f.name not in glossary and f.name.replace("_", " ") not in glossary
    ]
    assert not missing, f"docs/words.md does not know {missing}"


def test_the_reference_lists_the_roles_with_their_meaning():
    text = page("reference/case-table.md")
    listed = first_cells(text.split("## Roles")[1].split("## Derived")[0])
    assert listed == [role.name for role in ROLES]
    assert all(role.meaning in text for role in ROLES)


def test_the_reference_lists_the_derived_columns_with_their_meaning():
    text = page("reference/case-table.md").split("## Derived columns")[1]
    assert first_cells(text) == [column.name for column in DERIVED]
    assert all(column.meaning in text for column in DERIVED)


def test_the_glossary_lists_the_commands():
    listed = first_cells(page("words.md").split("## Commands")[1])
    assert listed == [f"sayso {command}" for command in COMMANDS]


def test_the_measures_page_names_every_measure_of_the_catalogue():
    catalogue = pytest.importorskip("sayso.measure.catalog.all").CATALOGUE
    listed = set(first_cells(page("reference/measures.md")))
    missing = sorted({measure.key for measure in catalogue} - listed)
    assert not missing, f"docs/reference/measures.md does not name {missing}"


def test_a_measure_is_named_once():
    listed = first_cells(page("reference/measures.md"))
    assert len(listed) == len(set(listed))


def test_the_codes_page_names_every_error():
    listed = set(first_cells(page("reference/codes.md").split("## Errors")[1]))
    assert errors_hooks.HookRefused in SaysoError.__subclasses__()
    assert listed == {error.code for error in _errors(SaysoError)}


def _errors(parent: type[SaysoError]) -> list[type[SaysoError]]:
    below = [child for one in parent.__subclasses__() for child in _errors(one)]
    return [*parent.__subclasses__(), *below]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_page_names_every_flag_and_no_others(command: str):
    pytest.importorskip("sayso.cli.main")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("sayso")), *command.split(), "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
    )
    flags = set(re.findall(r"(?<![\w-])--[a-z][\w-]*", done.stdout)) - {"--help", "--version"}
    flags = {flag for flag in flags if not flag.startswith("--no-")}
    roles = {f"--{role.name.replace('_', '-')}" for role in ROLES} - {"--table"}
    part = page("reference/cli.md").split(f"\n## sayso {command}\n")[1].split("\n## ")[0]
    written = set(re.findall(r"(?<![\w-])--[a-z][\w-]*", part)) - roles
    assert flags - roles == written


def test_the_codes_page_names_every_code_of_a_charter_problem():
    codes = {**problem_codes.CODES, **coherence.CODES, **people.CODES}
    charters = page("reference/codes.md").split("## Errors")[0]
    assert first_cells(charters) == sorted(codes)
