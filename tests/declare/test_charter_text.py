"""A charter's text is changed key by key; every other line stays as a person wrote it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.declare.charter import Charter
from sayso.declare.charter_file import KEYS, read_charter
from sayso.declare.charter_text import next_version, version_of, with_fields
from sayso.declare.charter_values import changes_between, yaml_of
from sayso.declare.yaml_tree import Entries, Items, Node, Scalar, read_tree
from sayso.declare.yaml_value import Value, as_flow, as_yaml, number
from sayso.domain.errors import CharterInvalid, CharterTangled
from tests.declare.good_charter import GOOD

NASTY = (
    "", " ", "no", "NO", "Yes", "~", "null", "1", "1e3", "0x1F", "1_000", "12:30", "2026-09-01",
    "- a", "-", "?", "? a", ": b", "a: b", "a #b", "#", "a\nb", "a\n", "\n", "\ta", "a ", "'", '"',
    "\\", "\\n", "{a}", "[a", "a, b", "&a", "*a", "!a", "%a", "@a", "`a", "|", ">", "---", "...",
    "<<", "=", "é", "契約", "😀", "\x00", "\x7f", "\x85", "\u2028", "\ufeff", "\uffff", "\u202e",
    "<b>bold</b>", "x" * 3000, "a  b", "190 EUR", "21d", "5 per 100", "avg(choice = 'bring')",
)  # fmt: skip
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
)
scalars = st.one_of(texts, st.booleans(), st.none(), st.dates(), st.integers(-(10**9), 10**9))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)


def meant(value: Value) -> object:
    """A value as a tree that forgets layout: texts and lists."""
    match value:
        case str():
            return value
        case dict():
            return {key: meant(inner) for key, inner in value.items()}
        case list() | tuple():
            return [meant(inner) for inner in value]
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case _:
            return number(value)


def said(node: Node | None) -> object:
    match node:
        case Scalar():
            return node.text
        case Items():
            return [said(inner) for inner in node.items]
        case Entries():
            return {e.key: said(e.value) for e in node.entries}
        case None:
            return None


def top(text: str) -> dict[str, object]:
    tree = read_tree(text, "x.yaml")
    assert tree.root is not None, tree.problems
    found = said(tree.root)
    assert isinstance(found, dict)
    return found


@settings(max_examples=80, deadline=None)
@given(values)
def test_what_is_written_is_what_is_read(value: Value):
    for text in (f"key: {as_flow(value)}", f"key:{_behind(as_yaml(value))}"):
        assert top(text) == {"key": meant(value)}


def _behind(value: str) -> str:
    return value if value.startswith("\n") else f" {value}"


@settings(max_examples=80, deadline=None)
@given(texts)
def test_no_text_is_read_as_another_type_by_any_reader(text: str):
    assert yaml.safe_load(f"- {as_flow(text)}") == [text]
    assert yaml.safe_load(f"a: {as_yaml(text)}") == {"a": text}


def test_amounts_sentences_and_words_stay_plain():
    for text in ("190 EUR", "21d", "5 per 100", "Should the part come along?", "words_match"):
        assert as_yaml(text) == text
    for text in ("no", "On", "1e3", "2026-09-01", "12:30", "07", "a: b", "a #b", "- a", ""):
        assert as_yaml(text).startswith('"')
    assert as_flow("a, b?") == '"a, b?"'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800"])
def test_what_cannot_be_written_is_refused(value: Value):
    with pytest.raises(ValueError, match="cannot be written"):
        as_yaml(value)


FLOW = "{decision: a, version: 3, question: Is it?, options: [yes, no], gate: {to: act}}\n"
COMMENTED = """\
# Kept by the service desk.
decision: a      # its name
version: 3

# What we ask
question:   # What is decided?
options:         # all of them
  - bring   # from Kari
  # not "take": it means both
  - leave
owner: ann
assumptions:
  # Who watches it?
  - says: |
      Two lines

      and a third
# the end
"""
SOURCES = (GOOD, FLOW, COMMENTED, GOOD.replace("\n", "\r\n"), "---\n" + GOOD + "...\n",
           "\ufeff" + GOOD, re.sub("^", "  ", GOOD, flags=re.MULTILINE), "decision: a")  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(SOURCES),
    st.dictionaries(st.sampled_from(KEYS), st.one_of(st.just("\0gone"), values), max_size=5),
)
def test_only_what_was_asked_for_changes(text: str, wanted: dict[str, Value]):
    changes = {k: None if v == "\0gone" else as_yaml(v) for k, v in wanted.items()}
    before = top(text.removeprefix("\ufeff"))
    if all(k in changes and changes[k] is None for k in before):
        return  # a file that says nothing is no charter
    after = top(with_fields(text, changes).removeprefix("\ufeff"))
    kept = {k: v for k, v in before.items() if k not in changes}
    asked = {k: meant(v) for k, v in wanted.items() if changes[k] is not None}
    assert after == {**kept, **asked}


@settings(max_examples=50, deadline=None)
@given(st.sampled_from((GOOD, COMMENTED)), st.sampled_from(KEYS), values)
def test_every_other_line_stays(text: str, key: str, value: Value):
    changed = with_fields(text, {key: as_yaml(value)}).split("\n")
    begin = [i for i, line in enumerate(text.split("\n")) if line.startswith(f"{key}:")]
    lines = text.split("\n")
    for i in begin:
        until = i + 1
        while any(line.startswith("  ") for line in lines[until : until + 2]):
            until += 1
        lines = lines[:i] + lines[until:]
    left = iter(changed)
    assert all(line in left for line in lines), "in the same order, every one of them"


def test_nothing_asked_changes_nothing():
    for text in SOURCES:
        assert with_fields(text, {}) is text


def test_a_missing_key_comes_where_the_reference_lists_it():
    text = with_fields(GOOD, {"question": None})
    keys = [line.split(":")[0] for line in GOOD.splitlines()]
    again = with_fields(text, {"question": as_yaml("Should the part come along?")})
    assert [line.split(":")[0] for line in again.splitlines()] == keys
    short = with_fields("version: 1\n", {"source": "{table: x}", "decision": "a", "owner": "b"})
    assert short == "decision: a\nversion: 1\nowner: b\nsource: {table: x}\n"


def test_comments_stay_and_answered_questions_go():
    text = with_fields(COMMENTED, {"question": "Is it?", "options": "[bring, leave, wait]"})
    assert "question: Is it?\n" in text
    assert "What is decided" not in text
    for kept in ("# Kept by", "# its name", "# What we ask", "# all of them", "# from Kari",
                 '# not "take"', "# the end"):  # fmt: skip
        assert text.count(kept) == 1
    assert "options: [bring, leave, wait]         # all of them\nowner: ann" in text


def test_a_key_written_twice_is_written_once_by_a_change():
    text = "decision: a\nowner: ann   # since May\ndefault: x\nowner: bo\n"
    assert (
        with_fields(text, {"owner": "cy"}) == "decision: a\nowner: cy   # since May\ndefault: x\n"
    )


@pytest.mark.parametrize("value", ["cy", None])
def test_an_anchor_that_reaches_into_another_key_is_named(value: str | None):
    text = "decision: a\nowner: &who ann\nlook_again: {to: *who}\n"
    with pytest.raises(CharterTangled, match=r"owner cannot be changed alone.*line 3"):
        with_fields(text, {"owner": value})
    assert "to: *who" in with_fields(text, {"decision": "b"})
    both = with_fields(text, {"owner": "cy", "look_again": "{to: di}"})
    assert both == "decision: a\nowner: cy\nlook_again: {to: di}\n"
    assert with_fields(text, {"look_again": "{to: di}"}).endswith(
        "&who ann\nlook_again: {to: di}\n"
    )


@pytest.mark.parametrize("text", ["", "- a\n", "a: [", "a: 1\n---\nb: 2\n", "just text"])
def test_what_is_no_charter_is_refused(text: str):
    with pytest.raises(CharterInvalid):
        with_fields(text, {"owner": "ann"})


def test_a_value_that_is_no_yaml_is_refused():
    with pytest.raises(CharterTangled):
        with_fields(GOOD, {"owner": "[ann"})
    with pytest.raises(CharterTangled):
        with_fields(GOOD, {"owner": "ann\nversion: 9"})


def test_the_next_version_is_higher_by_one():
    assert version_of(GOOD) == 3
    assert version_of(next_version(GOOD, {"owner": "ann"})) == 4
    assert next_version(COMMENTED, {"version": "9"}).count("version: 4\n") == 1
    for broken in ("decision: a\n", "version: first\n", "version: 0\n", "version: ٣\n"):
        with pytest.raises(CharterInvalid, match="version"):
            next_version(broken, {})


def test_an_alias_within_itself_is_a_problem_and_no_crash():
    tree = read_tree("decision: &a [*a]\n", "x.yaml")
    assert [p.code for p in tree.problems] == ["SAY105"]
    assert tree.root is None


def test_the_good_charter_changed_and_changed_back_says_the_same():
    there = with_fields(GOOD, {"matters": as_yaml([{"name": "time", "weight": 1}])})
    reading = read_charter(there, "first-visit-part.yaml")
    assert reading.charter is not None
    assert [o.name for o in reading.charter.matters] == ["time"]
    matters = GOOD[GOOD.index("matters:") + 8 : GOOD.index("\noutcome:")]
    assert with_fields(there, {"matters": matters}) == GOOD
    assert isinstance(read_charter(GOOD, "first-visit-part.yaml").charter, Charter)


def test_every_key_of_a_charter_is_written_as_it_is_read():
    charter = read_charter(GOOD, "first-visit-part.yaml").charter
    assert charter is not None
    written = {key: yaml_of(charter, key) for key in KEYS}
    assert read_charter(with_fields("{}", written), "first-visit-part.yaml").charter == charter
    text = with_fields("decision: first-visit-part\n", written)
    assert read_charter(text, "first-visit-part.yaml").charter == charter
    assert [line.split(":")[0] for line in text.splitlines() if line[0] != " "] == [
        key for key in KEYS if written[key] is not None
    ]


def test_only_what_differs_between_two_charters_is_written():
    old = read_charter(GOOD, "first-visit-part.yaml").charter
    assert old is not None
    assert changes_between(old, old) == {}
    new = replace(old, owner=None, matters=(replace(old.matters[0], weight=0.7), old.matters[1]))
    changes = changes_between(old, new)
    assert list(changes) == ["owner", "matters"]
    reading = read_charter(next_version(GOOD, changes), "first-visit-part.yaml")
    assert reading.charter == replace(new, version=4)
