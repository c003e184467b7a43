"""Answers are counted so that nobody's can be found by subtraction."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations_with_replacement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.align.counts import (
    Counted,
    counted,
    counted_owners,
    near_spellings,
    normalised,
    spread,
)
from sayso.domain.answer import NotEnoughData

NAMES = ("Ann", "Bo", "Cy", "Di", "Eve", "Fay", "Gus")


def of_groups(*sizes: int) -> Counted:
    """People who answered in groups of these sizes, and nobody who skipped."""
    answers = [name for name, size in zip(NAMES, sizes, strict=False) for _ in range(size)]
    return counted(answers, of=len(answers))


def test_five_of_five_and_four_of_five_read_the_same():
    assert of_groups(5) == of_groups(4, 1)
    assert of_groups(5).shown == (("Ann", 4),)
    assert of_groups(5).at_least
    assert of_groups(5).others == 0
    assert of_groups(5).distinct is None


def test_two_lone_answers_are_two_others():
    found = of_groups(3, 1, 1)
    assert (found.shown, found.at_least, found.others) == ((("Ann", 3),), False, 2)


def test_a_lone_answer_beside_two_equal_groups_leaves_both_named():
    found = of_groups(2, 2, 1)
    assert found.shown == (("Ann", 2), ("Bo", 2))
    assert found.at_least
    assert found == of_groups(3, 2) == of_groups(2, 3)


def test_where_all_differ_nothing_is_named_but_how_many_differ():
    found = of_groups(1, 1, 1, 1, 1)
    assert (found.shown, found.others, found.distinct) == ((), 5, 5)


def test_a_larger_group_loses_one_person_of_one_count_and_no_name():
    assert of_groups(8, 3, 1) == of_groups(9, 3)
    assert of_groups(9, 3).shown == (("Ann", 8), ("Bo", 3))


def test_equal_groups_with_nobody_left_over_are_told_as_they_are():
    found = of_groups(3, 3)
    assert (found.shown, found.at_least, found.distinct) == ((("Ann", 3), ("Bo", 3)), False, 2)


@pytest.mark.parametrize("answers", [["Ann"], ["Ann", "Ann"], ["Ann", "Bo"]])
def test_of_one_or_two_people_nothing_is_named(answers: list[str]):
    found = counted(answers, of=5)
    assert found.shown == ()
    assert found.others == len(answers)


def test_nobody_answered():
    found = counted(["", " "], of=5)
    assert (found.shown, found.others, found.distinct, found.skipped) == ((), 0, 0, 5)


def test_who_skipped_is_counted_apart():
    found = counted(["Ann", "Ann", "Ann", "", "?"], of=6)
    assert (found.skipped, found.answered, found.shown) == (3, 3, (("Ann", 2),))


def test_more_answers_than_people_are_a_mistake():
    with pytest.raises(ValueError, match="2 answered, and 1 were asked"):
        counted(["a", "b"], of=1)


def test_words_of_their_own_are_named_from_three_people_on():
    said = ["Safety"] * 2 + ["keep the lights on"] * 2 + ["x", "y"]
    found = counted(said, of=6, listed=("Safety", "Cost"))
    assert (found.shown, found.others) == ((("Safety", 2),), 4)
    three = counted([*said, "Keep the lights on!"], of=7, listed=("Safety", "Cost"))
    assert dict(three.shown) == {"Keep the lights on": 3, "Safety": 2}


def test_where_nothing_is_listed_all_are_own_words():
    assert counted(["keep calm"] * 2 + ["x", "y"], of=4, listed=()).shown == ()
    assert counted(["keep calm"] * 3 + ["x", "y"], of=5, listed=()).shown == (("keep calm", 3),)


def test_a_spelling_that_one_person_used_is_not_shown():
    found = counted(["CHEAP!", "cheap", "Cheap "], of=3)
    assert found.shown == (("Cheap", 2),)
    assert counted_owners(["maria LUND", "MARIA lund", "mARIA lund"], of=3).shown == (
        ("Maria Lund", 2),
    )
    role = counted_owners(["HEAD of Sales", "Head Of SALES", "head OF sales"], of=3)
    assert role.shown == (("Head of Sales", 2),)


def test_a_listed_answer_is_shown_as_it_is_listed():
    assert counted(["safety"] * 3, of=3, listed=("Safety",)).shown == (("Safety", 2),)


def test_listed_answers_that_read_alike_are_kept_apart():
    found = counted(["go", "go", "go!", "go!"], of=4, listed=("go", "go!"), closed=True)
    assert found.shown == (("go", 2), ("go!", 2))


def test_of_three_options_lone_ones_cannot_be_told_by_elimination():
    both = counted(["a", "a", "a", "b", "c"], of=5, listed=("a", "b", "c"), closed=True)
    pair = counted(["a", "a", "a", "b", "b"], of=5, listed=("a", "b", "c"), closed=True)
    assert both == pair
    assert (both.shown, both.others, both.distinct) == ((("a", 3),), 2, None)


def test_of_two_options_a_majority_is_told():
    found = counted(["a", "a", "a", "b", "b"], of=5, listed=("a", "b"), closed=True)
    assert (found.shown, found.at_least) == ((("a", 3), ("b", 2)), False)


def test_a_closed_list_refuses_what_is_not_on_it():
    with pytest.raises(ValueError, match="not on the list"):
        counted(["z"], of=1, listed=("a", "b"), closed=True)


def groupings(people: int, answers: int) -> list[tuple[int, ...]]:
    """Every way in which so many people may give so many answers."""
    return [
        tuple(Counter(picked)[a] for a in range(answers))
        for picked in combinations_with_replacement(range(answers), people)
    ]


# On an open list somebody may always say what nobody else thought of: more answers than people.
@pytest.mark.parametrize(
    ("options", "most", "closed"),
    [(2, 9, True), (3, 9, True), (4, 8, True), (5, 7, True), (7, 6, False)],
)
def test_no_reading_tells_what_a_single_person_said(options: int, most: int, closed: bool):
    """Every way to answer is tried; a reading must leave it open who stood alone with what."""
    for people in range(1, most + 1):
        meant: dict[Counted, list[tuple[int, ...]]] = defaultdict(list)
        for sizes in groupings(people, options):
            said = [NAMES[a] for a, size in enumerate(sizes) for _ in range(size)]
            listed = NAMES[:options] if closed else None
            meant[counted(said, of=people, listed=listed, closed=closed)].append(sizes)
        for found, ways in meant.items():
            named = {name for name, _ in found.shown}
            for place in range(options):
                alone = all(way[place] == 1 for way in ways)
                assert not alone, f"{found} tells that one person said {NAMES[place]}"
                fewer = any(way[place] < 2 for way in ways)
                assert not (fewer and NAMES[place] in named), f"{found} names {NAMES[place]}"


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("options", [2, 3, 4])
def test_one_left_over_reads_as_none_left_over(closed: bool, options: int):
    """Wherever everybody but one shares named answers, nobody can tell that there is that one."""
    names = NAMES[:options]
    for people in range(3, 10):
        readings = {
            sizes: counted(
                [NAMES[a] for a, size in enumerate(sizes) for _ in range(size)],
                of=people,
                listed=names if closed else None,
                closed=closed,
            )
            for sizes in groupings(people, options)
        }
        for sizes, found in readings.items():
            named = sum(count for _, count in found.shown)
            if named == people - 1 and 1 in sizes:
                same = [s for s, other in readings.items() if other == found and 1 not in s]
                assert same, f"{sizes} reads as {found}, and nothing else does"


answers = st.lists(st.sampled_from([*NAMES, "ann", "BO ", "", "ann."]), max_size=12)


@settings(deadline=None)
@given(answers, st.randoms())
def test_the_order_of_people_changes_nothing(said: list[str], random):
    other = list(said)
    random.shuffle(other)
    assert counted(said, of=12) == counted(other, of=12)
    assert counted_owners(said, of=12) == counted_owners(other, of=12)


@settings(deadline=None)
@given(answers)
def test_renaming_the_answers_changes_nothing_but_the_names(said: list[str]):
    def sizes(found: Counted) -> tuple[object, ...]:
        return ([n for _, n in found.shown], found.at_least, found.others, found.distinct)

    renamed = [f"person {normalised(s)} zz" if normalised(s) else "" for s in said]
    assert sizes(counted(said, of=12)) == sizes(counted(renamed, of=12))


@settings(deadline=None)
@given(answers)
def test_everybody_is_counted_once(said: list[str]):
    found = counted(said, of=12)
    told = sum(n for _, n in found.shown) + found.others + found.skipped
    assert told == 12 - found.at_least


@settings(deadline=None)
@given(st.text(max_size=40))
def test_comparing_texts_twice_is_comparing_them_once(text: str):
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ann", " ANN. "), ("ﬁre", "fire"), ("Straße", "STRASSE"), ("a\u200bnn", "Ann"),
     ("caf\u00e9", "cafe\u0301"), ("ANN-LEE", "ann lee"), ("O'Hara", "O’Hara")],
)  # fmt: skip
def test_texts_that_are_the_same_to_a_reader_are_counted_together(one: str, other: str):
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"), [("C#", "C"), ("cost < 5", "cost > 5"), ("cafe", "café"), ("हिंदी", "हद")]
)
def test_texts_that_are_not_the_same_stay_apart(one: str, other: str):
    assert normalised(one) != normalised(other)


def test_near_spellings_are_proposed_and_never_merged():
    found = counted(["Maria Lund"] * 3 + ["Marie Lund"] * 3, of=6)
    assert found.alike == (("Maria Lund", "Marie Lund"),)
    assert len(found.shown) == 2


def test_no_proposal_tells_how_one_person_spelt():
    found = counted(["Maria Lund"] * 3 + ["Marie Lund", "Cy"], of=5)
    assert found.alike == ()


def test_the_same_words_in_another_order_are_proposed():
    assert near_spellings(["Lund Maria", "Maria Lund", "Bo"]) == (("Lund Maria", "Maria Lund"),)


def test_who_names_several_people_is_counted_apart_from_who_names_one():
    found = counted_owners(["Ann", "Ann", "Ann and Bo", "Bo & Ann", "ann; bo", "Ann", "Bo"], of=7)
    assert found.shown == (("Ann", 3), ("Ann and Bo", 3))
    assert found.at_least


def test_names_with_html_are_text():
    name = "<b>Ann</b>"
    assert counted([name] * 3, of=3).shown == ((name, 2),)


def test_the_spread_leaves_out_both_ends_from_five_on():
    found = spread([0, 100, 20, 40, 30])
    assert not isinstance(found, NotEnoughData)
    assert (found.low, found.middle, found.high, found.n, found.width) == (20, 30, 40, 5, 20)


def test_the_spread_of_six_has_a_middle_between_two():
    found = spread([0, 10, 20, 30, 40, 50])
    assert not isinstance(found, NotEnoughData)
    assert (found.low, found.middle, found.high) == (10, 25, 40)


def test_too_few_numbers_have_no_spread():
    assert spread([1, 2, 3, 4]) == NotEnoughData(5, 4, "people")
    assert spread([]) == NotEnoughData(5, 0, "people")


def test_two_who_consented_have_a_spread():
    found = spread([10, 30], least=2)
    assert not isinstance(found, NotEnoughData)
    assert (found.low, found.middle, found.high) == (10, 20, 30)


def test_a_missing_number_is_a_mistake():
    with pytest.raises(ValueError, match="missing"):
        spread([1, float("nan")] * 3)


@settings(deadline=None)
@given(st.lists(st.floats(0, 100), min_size=5, max_size=15), st.randoms(), st.floats(-1000, -1))
def test_the_lowest_answer_may_lie_anywhere_below(values: list[float], random, lower: float):
    before = spread(values)
    other = sorted(values)
    other[0] = lower
    random.shuffle(other)
    assert spread(other) == before
