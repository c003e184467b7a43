"""What a person typed is read; what is wrong is named beside it; nothing typed is lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.align.answers import (
    KEEP_PAIRS,
    LONGEST,
    AnswerReading,
    asked,
    missing,
    progress,
    read_answer,
    weights_of,
    written,
)
from sayso.align.contradiction import contradiction
from sayso.align.round import Form, Round, RoundAnswer
from sayso.domain.errors import AnswerToOldCharter
from tests.align.rounds import THREE, a_round

POINTS = {"points-1": "50", "points-2": "30", "points-3": "20"}


def read(fields: dict[str, str], round_: Round | None = None) -> AnswerReading:
    return read_answer(round_ or a_round(), fields, pseudonym="p")


def told(fields: dict[str, str], round_: Round | None = None) -> list[tuple[str, str]]:
    return [(p.field, str(p)) for p in read(fields, round_).problems]


def test_a_whole_answer_is_read():
    fields = {
        "owner": "  Maria\tLund ",
        "purpose": "FIRST visit solves it.",
        **POINTS,
        "choice-1": "bring",
        "choice-2": "Do not  bring",
        "choice-3": "bring",
        "belief-1": "60",
        "belief-2": "0",
        "belief-3": "100 %",
    }
    found = read(fields)
    assert found.problems == ()
    assert found.answer == RoundAnswer(
        pseudonym="p",
        owner="Maria Lund",
        purpose="first visit solves it",
        points=(50, 30, 20),
        choices=("bring", "do not bring", "bring"),
        beliefs=(60, 0, 100),
    )
    assert progress(found.answer, a_round()) == 1
    assert missing(found.answer, a_round()) == ()


def test_the_fields_are_named_in_the_order_asked():
    assert asked(a_round(cases=1)) == (
        "owner", "purpose", "points-1", "points-2", "points-3", "choice-1", "belief-1"
    )  # fmt: skip
    assert asked(a_round(form=Form.PAIRS, cases=1, event="")) == (
        "owner", "purpose", "pair-1-2", "pair-1-3", "pair-2-3", "choice-1"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("points", "says"),
    [
        (("50", "30", "15"), "They add up to 95. Give 5 more."),
        (("50", "30", "30"), "They add up to 110. Take 10 away."),
        (("12,5", "12.5", ""), "They add up to 25. Give 75 more."),
        (("0", "0", "0"), "All of them are 0, so nothing would matter. Share out 100 points."),
        (("130", "", ""), "They add up to 130. Take 30 away."),
    ],
)
def test_points_that_do_not_add_up_say_by_how_much(points: tuple[str, ...], says: str):
    fields = {f"points-{i}": p for i, p in enumerate(points, 1)}
    assert told(fields) == [("points", says)]
    assert read(fields).answer.points == ()
    assert read(fields).fields == fields


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("-5", "“-5” is below 0. Give 0 points or more."),
        ("−5", "“−5” is below 0. Give 0 points or more."),
        ("NaN", "“NaN” is not a number. Write one such as 25 or 12.5."),
        ("inf", "“inf” is not a number. Write one such as 25 or 12.5."),
        ("1,000", "“1,000” is not a number. Write one such as 25 or 12.5."),
        ("9" * 400, f"“{'9' * 39}…” is not a number. Write one such as 25 or 12.5."),
        ("<b>5</b>", "“<b>5</b>” is not a number. Write one such as 25 or 12.5."),
        ("1_0", "“1_0” is not a number. Write one such as 25 or 12.5."),
    ],
)
def test_points_that_are_no_points_are_named_where_they_stand(value: str, says: str):
    found = read({**POINTS, "points-2": value})
    assert [(p.field, str(p)) for p in found.problems] == [("points-2", says)]
    assert found.problems[0].value == value


@pytest.mark.parametrize(
    "points", [("33.3", "33.3", "33.3"), ("33,34", "33,33", "33,33"), ("１００", "", "0")]
)
def test_points_that_are_meant_as_a_hundred_are_taken(points: tuple[str, ...]):
    found = read({f"points-{i}": p for i, p in enumerate(points, 1)})
    assert found.problems == ()
    assert len(found.answer.points) == 3


def test_a_consideration_that_weighs_nothing_is_an_answer():
    found = read({"points-1": "100", "points-2": "0", "points-3": "0"})
    assert found.problems == ()
    weights = weights_of(found.answer, a_round())
    assert weights is not None
    assert weights.tolist() == [1, 0, 0]


def test_all_problems_are_named_at_once_in_the_order_asked():
    found = told(
        {
            "belief-2": "120",
            "choice-1": "brnig",
            "choice-2": "perhaps",
            "points-1": "x",
            "belief-1": "many",
            "owner": "a" * 600,
        }
    )
    assert found == [
        ("owner", "It is 600 characters long; 500 can be kept. Shorten it by 100."),
        ("points-1", "“x” is not a number. Write one such as 25 or 12.5."),
        ("choice-1", "“brnig” is not one of the options. Did you mean bring?"),
        ("belief-1", "“many” is not a number. Of 100 such cases, in how many? Write 0 to 100."),
        ("choice-2", "“perhaps” is not one of the options. Choose bring or do not bring."),
        ("belief-2", "“120” is not between 0 and 100. Of 100 such cases, in how many? Write 0 to 100."),
    ]  # fmt: skip


def test_a_form_left_empty_says_so():
    assert told({"owner": "  ", "choice-1": ""}) == [
        ("", "Nothing is answered yet. Answer at least one question.")
    ]


def test_what_the_round_does_not_ask_is_not_dropped_in_silence():
    found = told({"owner": "Ann", "choice-9": "bring", "pair-1-2": "3", "csrf": "x"})
    assert found == [
        ("choice-9", "This round does not ask it. Leave it out."),
        ("pair-1-2", "This round does not ask it. Leave it out."),
    ]


def test_an_answer_to_an_old_version_of_the_charter_is_refused():
    with pytest.raises(AnswerToOldCharter) as caught:
        read({"owner": "Ann", "fingerprint": "v1:old"})
    assert caught.value.code == "answer-to-old-charter"
    assert "first-visit-part@2" in str(caught.value)
    assert read({"owner": "Ann", "fingerprint": " v1:abc"}).problems == ()


def test_an_answer_to_another_round_is_a_problem():
    assert told({"owner": "Ann", "round": "other-2"}) == [
        ("round", "It answers the round other-2. This is first-visit-part-1.")
    ]


def test_html_is_kept_as_text():
    text = "<script>alert(1)</script> & <b>Bo</b>"
    assert read({"owner": text}).answer.owner == text


def test_control_characters_and_marks_that_turn_text_about_are_taken_out():
    found = read({"owner": "A\x00nn\x1b\u202e Be\r\nrg\ud800"})
    assert found.answer.owner == "Ann Be rg"
    assert found.answer.owner.encode()
    assert found.fields["owner"] == "A\x00nn\x1b\u202e Be\r\nrg\ud800"


def test_a_long_text_is_cut_and_nothing_typed_is_lost():
    found = read({"purpose": "ab " * 300})
    assert len(found.answer.purpose) <= LONGEST
    assert found.fields["purpose"] == "ab " * 300
    assert [p.field for p in found.problems] == ["purpose"]


def test_a_purpose_in_own_words_stays_in_own_words():
    assert read({"purpose": "Happy customers"}).answer.purpose == "Happy customers"


def test_where_beliefs_are_not_asked_there_are_none():
    round_ = a_round(event="")
    found = read({"choice-1": "bring"}, round_)
    assert found.answer.beliefs == ()
    assert progress(found.answer, round_) == pytest.approx(1 / 8)


def test_one_consideration_weighs_all_and_none_weighs_nothing():
    one = a_round(considerations=THREE[:1])
    assert not any(name.startswith("points") for name in asked(one))
    weights = weights_of(RoundAnswer(pseudonym="p"), one)
    assert weights is not None
    assert weights.tolist() == [1]
    assert weights_of(RoundAnswer(pseudonym="p"), a_round(considerations=())) is None


def pairs(one_two: str, one_three: str, two_three: str, **more: str) -> dict[str, str]:
    return {"pair-1-2": one_two, "pair-1-3": one_three, "pair-2-3": two_three, **more}


IN_PAIRS = a_round(form=Form.PAIRS)


@pytest.mark.parametrize(
    ("typed", "ratio"),
    [("3", 3), ("1/3", 1 / 3), ("1:3", 1 / 3), ("3/1", 3), ("0,5", 0.5), ("0.11", 1 / 9), ("1⁄9", 1 / 9)],
)  # fmt: skip
def test_ratios_are_read_as_people_write_them(typed: str, ratio: float):
    assert read(pairs(typed, "", ""), IN_PAIRS).answer.pairs == (pytest.approx(ratio), None, None)


@pytest.mark.parametrize("typed", ["0", "-3", "1/0", "three", "NaN", "1/2/3", "/", "10", "1/12"])
def test_ratios_that_are_none_are_named_where_they_stand(typed: str):
    found = read(pairs("1", typed, "1"), IN_PAIRS)
    assert [p.field for p in found.problems] == ["pair-1-3"]
    assert found.answer.pairs == (1, None, 1)
    assert weights_of(found.answer, IN_PAIRS) is None


def test_pairs_that_agree_give_weights():
    found = read(pairs("2", "4", "2"), IN_PAIRS)
    assert found.problems == ()
    weights = weights_of(found.answer, IN_PAIRS)
    assert weights is not None
    assert weights.tolist() == pytest.approx([4 / 7, 2 / 7, 1 / 7])


def test_preferences_in_a_circle_are_named_and_may_be_kept():
    circle = pairs("3", "1/3", "3")
    found = read(circle, IN_PAIRS)
    assert [(p.field, p.keepable) for p in found.problems] == [("pair-1-2", True)]
    assert found.problems[0].message == (
        "You said parts not wasted matters more than first visit solves it, first visit solves it "
        "more than driving time, and driving time more than parts not wasted."
    )
    kept = read({**circle, KEEP_PAIRS: "yes"}, IN_PAIRS)
    assert kept.problems == ()
    assert kept.contradiction is not None
    assert kept.contradiction.ratio > 0.10
    assert kept.answer == found.answer


def test_ratios_that_only_exaggerate_say_what_follows():
    found = contradiction([3, 2, 3], ["A", "B", "C"])
    assert found is not None
    assert found.says == (
        "You said A matters 2 times as much as C, and B matters 3 times as much as C. "
        "So B matters 1.5 times as much as A; but you said A matters 3 times as much as B."
    )
    assert (found.pair, found.by) == ((0, 1), 2)
    assert (found.said, found.follows) == (3, pytest.approx(2 / 3))


def test_the_pair_that_contradicts_most_is_the_one_turned_about():
    """Weights 8:4:2:1, and the person says the second over the fourth the wrong way."""
    weights = [8, 4, 2, 1]
    ratios = [weights[i] / weights[j] for i in range(4) for j in range(i + 1, 4)]
    ratios[4] = 1 / ratios[4]
    found = contradiction(ratios, list("ABCD"))
    assert found is not None
    assert found.pair == (1, 3)


def test_two_things_cannot_contradict_each_other():
    assert contradiction([9], ["A", "B"]) is None
    assert contradiction([], ["A"]) is None


def test_more_things_than_can_be_compared_have_no_weights_and_no_crash():
    many = a_round(
        form=Form.PAIRS,
        considerations=tuple(type(THREE[0])(name=f"c{i}", worst=0, best=1) for i in range(11)),
    )
    found = read({name: "1" for name in asked(many) if name.startswith("pair")}, many)
    assert found.problems == ()
    assert weights_of(found.answer, many) is None


@settings(deadline=None)
@given(st.lists(st.floats(0.2, 5), min_size=3, max_size=3))
def test_ratios_of_any_weights_hold_together(weights: list[float]):
    ratios = [weights[i] / weights[j] for i in range(3) for j in range(i + 1, 3)]
    assert contradiction(ratios, list("ABC")) is None


typed = st.text(max_size=12) | st.sampled_from(
    ["50", "25", "bring", "1/3", "0", "3", "do not bring"]
)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from([*asked(a_round()), *asked(IN_PAIRS)]), typed), st.booleans()
)
def test_whatever_is_typed_is_read_without_a_crash_and_kept(fields: dict[str, str], paired: bool):
    round_ = IN_PAIRS if paired else a_round()
    found = read(fields, round_)
    assert found.fields == fields
    assert 0 <= progress(found.answer, round_) <= 1
    assert all(p.message and p.hint for p in found.problems)
    weights = weights_of(found.answer, round_)
    assert weights is None or (np.isclose(weights.sum(), 1) and (weights >= 0).all())
    again = read_answer(round_, written(found.answer, round_), pseudonym="p").answer
    assert again.choices == found.answer.choices
    assert again.points == pytest.approx(found.answer.points)
    assert again.pairs == pytest.approx(found.answer.pairs) if None not in found.answer.pairs else 1
    assert (again.owner, again.purpose) == (found.answer.owner, found.answer.purpose)
    assert missing(again, round_) == missing(found.answer, round_)
