"""Marks: forms that are read as meant, and counts from which nobody can be told."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.declare.charter import Assumption, Charter, Rights
from sayso.declare.holders import Holder
from sayso.declare.marks import (
    CODE_LETTERS,
    Mark,
    Marks,
    RawMarks,
    deciders_known,
    is_group_ready,
    marks_needed,
    read_marks,
    suggestion_id,
    told_marks,
)
from sayso.declare.marks_file import form_text, raw_marks
from tests.declare.test_accountability import DAY

CODE = "0123456789abcdefghjkmnpqrs"
CHARTER = Charter(
    decision="first-visit-part",
    version=3,
    question="Should <b>it</b> be brought?\n# no: comment",
    inputs=(),
    reasons=("stock: low",),
    assumptions=(
        Assumption(id="e41", says="E-41 means: the compressor"),
        Assumption(id="b", says="ü"),
    ),
)


def said(*marks: Mark) -> list[Marks]:
    return [Marks(pseudonym=str(i), marks=(("e41", m),)) for i, m in enumerate(marks)]


@pytest.mark.feature("D18")
def test_a_form_filled_in_by_hand_is_read_as_it_was_meant():
    text = form_text(CHARTER, CODE)
    text = text.replace("mark:\n", "mark: don't know\n", 1).replace(
        "mark:\n", "mark: True here\n", 1
    )
    text = text.replace("missing_inputs: []", 'missing_inputs:\n  - what the customer said: "no"')
    ref, raw, problems = raw_marks(text.replace('said: "no"', "said"), "form.yaml")
    assert problems == ()
    assert ref == CHARTER.ref
    reading = read_marks(CHARTER, raw)
    assert reading.marks is not None
    assert reading.marks.marks == (("e41", Mark.UNSURE), ("b", Mark.TRUE))
    assert [s for _, s in reading.marks.suggests] == ["what the customer said"]


def test_an_empty_form_reads_and_says_that_nothing_is_marked():
    ref, raw, problems = raw_marks(form_text(CHARTER, CODE), "form.yaml")
    assert (ref, problems) == (CHARTER.ref, ())
    assert read_marks(CHARTER, raw).problems == ("Nothing is marked in it.",)


def test_everything_wrong_with_a_form_is_said_at_once():
    raw = RawMarks(code="mine", marks={"e41": "perhaps", "x": "yes"}, inputs=["y" * 3000])
    problems = " ".join(read_marks(CHARTER, raw).problems)
    for word in ("code", "'x' is no assumption", "'perhaps' is no mark", "3,000 characters"):
        assert word in problems


def test_a_charter_without_assumptions_is_marked_by_what_people_miss_or_by_nothing():
    bare = Charter(decision="a", version=1)
    assert read_marks(bare, RawMarks(code=CODE)).marks is not None


@given(st.lists(st.sampled_from(list(Mark)), max_size=9))
def test_no_count_that_is_shown_is_one_persons_alone(marks: list[Mark]):
    one = told_marks(CHARTER, said(*marks))[0]
    if one.counts is not None:
        assert 1 not in one.counts
        assert sum(one.counts) == len(marks) >= 3
    if len(marks) < 2:
        assert (one.counts, one.all_true, one.somebody_not) == (None, False, False)


def test_two_people_are_told_in_words_without_counts():
    one = told_marks(CHARTER, said(Mark.TRUE, Mark.TRUE))[0]
    assert (one.counts, one.all_true) == (None, True)
    other = told_marks(CHARTER, said(Mark.TRUE, Mark.NOT))[0]
    assert (other.counts, other.all_true, other.somebody_not) == (None, False, True)


def test_nobody_can_be_told_by_what_is_shown_before_and_after_one_more_form():
    shown, waiting = 0, 0
    steps: list[int] = []
    for _ in range(10):
        waiting += 1
        if is_group_ready(waiting, shown, None):
            shown, waiting = shown + waiting, 0
        steps.append(shown)
    assert all(b - a in (0, 3) for a, b in pairwise(steps))


@pytest.mark.parametrize(("deciders", "needed"), [(None, 3), (1, 1), (2, 2), (3, 3), (40, 3)])
def test_three_mark_or_all_if_they_are_fewer(deciders: int | None, needed: int):
    assert marks_needed(deciders) == needed
    assert is_group_ready(needed, 0, deciders)


def test_who_decides_is_known_only_where_every_role_is_held():
    charter = Charter(decision="a", version=1, rights=Rights(decide=("x", "y")))
    holders = [Holder(role="x", person="Ada"), Holder(role="y", person="Ada")]
    assert deciders_known(charter, holders, on=DAY) == 1
    assert deciders_known(charter, holders[:1], on=DAY) is None
    assert deciders_known(Charter(decision="a", version=1), holders, on=DAY) is None


def test_a_form_has_another_pseudonym_in_each_version():
    raw = RawMarks(code=CODE, marks={"e41": "yes"})
    names = {
        read_marks(c, raw).marks.pseudonym  # type: ignore[union-attr]
        for c in (
            CHARTER,
            Charter(**{**{s: getattr(CHARTER, s) for s in CHARTER.__slots__}, "version": 4}),
        )
    }
    assert len(names) == 2
    assert CODE not in "".join(names)


@pytest.mark.parametrize("text", ["", "a", "a@1", "a@1.0", "../a@1.1", "a@1.1.1", "a@0.1"])
def test_only_a_suggestions_id_is_one(text: str):
    assert suggestion_id(text) is None
    assert suggestion_id("a-b@12.3") is not None


def test_every_letter_of_a_code_is_one_that_is_read_back():
    for letter, _ in product(CODE_LETTERS, range(1)):
        assert read_marks(CHARTER, RawMarks(code=letter * 26, marks={"b": "no"})).marks is not None
