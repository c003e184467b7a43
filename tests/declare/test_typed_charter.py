"""A charter as somebody typed it: read from a file, and written back, field by field."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.declare.charter_file import read_charter
from sayso.declare.charter_text import with_fields
from sayso.declare.typed_charter import (
    SHAPES,
    Holds,
    changed_keys,
    cleaned,
    counted_anew,
    field_of,
    name_of,
    typed_of,
    unwritable,
    written,
)
from tests.declare.good_charter import GOOD, broken

FIELDS = tuple((key, part) for key, shape in SHAPES.items() for part in shape.parts)
NASTY = ("- a", "no", "a: b #c", "<b>", "{x", "[", "'", '"', "é", "0.5", "2026-01-01", "*a", "~", "null",
         "x" * 3000, "&a", "!!int 3", "a\\n", "😀")  # fmt: skip
lines = st.one_of(
    st.sampled_from(NASTY),
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1, max_size=20
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), lines, min_size=1, max_size=8))
def test_whatever_is_typed_is_read_back(said: dict):
    typed: dict[str, str] = {}
    for (key, part), text in said.items():
        shape = SHAPES[key]
        row = 0 if shape.rows else None
        plain = f"name: {text}" if part.holds is Holds.PAIRS else text
        typed[name_of(key, part.path, row)] = plain
        if shape.rows:
            for needed in (shape.named, *shape.needed[:1]):
                if needed:
                    typed.setdefault(name_of(key, needed, row), "x")
            if not shape.named and key != "options":
                # A list in a list needs its first member: a second alone would become the first.
                typed.update(
                    {name_of(key, p.path, row): "1" for p in shape.parts if p.path.endswith(".0")}
                )
    text = with_fields("decision: a\nversion: 1\n", written(typed, tuple(SHAPES)))
    assert changed_keys(typed_of(text), typed) == ()


def test_a_file_in_fields_and_back_says_the_same():
    typed = typed_of(GOOD)
    assert typed["matters.1.range.0"] == "310"
    assert typed["gate.when"] == "gain: > 0\noutcomes: 600"
    again = with_fields(GOOD, written(typed, tuple(SHAPES)))
    assert changed_keys(typed, typed_of(again)) == ()
    name = "first-visit-part.yaml"
    assert read_charter(again, name).charter == read_charter(GOOD, name).charter


def test_spaces_breaks_and_another_spelling_of_a_number_are_no_change():
    typed = {name: f" {text}\r\n" for name, text in typed_of(GOOD).items()}
    typed["matters.0.weight"] = "0.60"
    assert changed_keys(typed_of(GOOD), typed) == ()
    typed["matters.0.weight"] = "0.61"
    assert changed_keys(typed_of(GOOD), typed) == ("matters",)


def test_rows_are_counted_anew_and_empty_ones_are_none():
    typed = {"options.3": "a", "options.5": " ", "options.9": "b", "mistakes.0.option": "a",
             "inputs.1.type": "number", "decision": "x", "nope.1": "y"}  # fmt: skip
    kept = counted_anew(cleaned(typed))
    assert kept == {"options.0": "a", "options.1": "b"}
    assert written(typed, ("options", "mistakes", "inputs")) == {
        "options": "[a, b]", "mistakes": None, "inputs": None,
    }  # fmt: skip


def test_what_does_not_read_as_a_number_or_a_day_is_kept_as_typed():
    typed = {"matters.0.name": "x", "matters.0.weight": "a lot", "look_again.next": "soon"}
    text = with_fields("decision: a\nversion: 1\n", written(typed, ("matters", "look_again")))
    assert typed_of(text) == typed
    assert {p.code for p in read_charter(text, "a.yaml").problems} == {"SAY110"}


@pytest.mark.parametrize(
    "text",
    ["options: {a: b}", "owner: {a: b}", "matters: 3", "inputs: [a]", "- x", "", "rights: [a]"],
)
def test_what_has_another_shape_shows_no_field_and_does_not_crash(text: str):
    assert all(isinstance(value, str) for value in typed_of(text).values())


@pytest.mark.parametrize(
    ("path", "code", "name"),
    [
        ("owner", "SAY201", "owner"),
        ("options", "SAY207", "options"),
        ("options[1]", "SAY208", "options.4"),
        ("matters[1].weight", "SAY110", "matters.1.weight"),
        ("matters[0].range", "SAY110", "matters.0.range.0"),
        ("matters[0].range[1]", "SAY110", "matters.0.range.1"),
        ("matters[0]", "SAY220", "matters.0.range.0"),
        ("assumptions[0]", "SAY225", "assumptions.0.owner"),
        ("assumptions[0]", "SAY112", "assumptions.0.says"),
        ("mistakes.bring.when", "SAY237", "mistakes.0.when"),
        ("mistakes", "SAY214", "mistakes"),
        ("mistakes.nobody", "SAY210", "mistakes"),
        ("inputs.age", "SAY111", "inputs.1.type"),
        ("alike.within.age", "SAY110", "alike.within"),
        ("advice.consent", "SAY112", "advice.consent.by"),
        ("advice.prior.sample", "SAY110", "advice.prior.sample"),
        ("look_again", "SAY234", "look_again.next"),
        ("rights.decide", "SAY227", "rights.decide"),
        ("rights.decide[2]", "SAY110", "rights.decide"),
        ("privacy.purpose", "SAY110", None),
        ("ownr", "SAY109", None),
    ],
)
def test_a_problem_finds_its_field(path: str, code: str, name: str | None):
    typed = dict(typed_of(GOOD))
    typed["options.4"] = typed.pop("options.1")  # a row above it was removed
    assert field_of(path, typed, code) == name


def test_what_a_file_cannot_hold_is_said_beside_its_field():
    typed = {"mistakes.0.option": "a", "mistakes.0.when": "x", "mistakes.1.option": "a",
             "mistakes.1.when": "y", "gate.to": "act", "gate.when": "gain > 0"}  # fmt: skip
    assert unwritable(typed) == {
        "mistakes.1.option": "'a' is here twice. Keep one.",
        "gate.when": "Each line needs a name, a colon and what it says.",
    }
    assert unwritable(typed_of(broken("version: 3", "version: 3"))) == {}
