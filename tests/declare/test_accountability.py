"""Who owns what on a day: half-open spans, loads, claims and vacancies."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.declare.accountability import Version, is_too_much, ownership_of, versions_on
from sayso.declare.activation import Activation, in_force
from sayso.declare.charter import Charter, Source
from sayso.declare.holders import Accountability, Holder
from sayso.domain.charter_ref import CharterRef

DAY = date(2026, 6, 1)
A_DAY = timedelta(days=1)


def charter(name: str = "a", version: int = 1, **given: object) -> Charter:
    keys = {"owner": "chief", "question": f"Should {name} be done?", **given}
    return Charter(decision=name, version=version, **keys)  # type: ignore[arg-type]


def ref(text: str) -> CharterRef:
    return CharterRef.parse(text)


def standing(*holders: Holder, on: date = DAY, written: date | None = None, **given: object):
    (one,) = ownership_of([Version(charter(**given), written)], holders, (), on=on).standings
    return one


@pytest.mark.feature("D15")
def test_a_role_changes_hands_on_one_day_with_nobody_between():
    first = Holder(role="chief", person="Ada", until=DAY)
    second = Holder(role="chief", person="Bo", since=DAY)
    assert standing(first, second, on=DAY - A_DAY).person == "Ada"
    assert standing(first, second, on=DAY).person == "Bo"


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(st.lists(days, min_size=2, max_size=5, unique=True).map(sorted), days)
def test_spans_that_follow_each_other_name_exactly_one_person_inside_and_nobody_outside(
    cuts: list[date], on: date
):
    holders = [
        Holder(role="chief", person=f"p{i}", since=since, until=until)
        for i, (since, until) in enumerate(itertools.pairwise(cuts))
    ]
    one = standing(*holders, on=on)
    inside = cuts[0] <= on < cuts[-1]
    assert (one.person is not None) == inside
    if inside:
        place = max(i for i, cut in enumerate(cuts) if cut <= on)
        assert one.person == f"p{place}"
    else:
        assert one.state is Accountability.VACANT
        assert one.vacant_since == (cuts[-1] if on >= cuts[-1] else None)


def test_a_vacancy_says_since_when_and_who_comes_next():
    gone = Holder(role="chief", person="Ada", until=DAY - 10 * A_DAY)
    comes = Holder(role="chief", person="Bo", since=DAY + A_DAY)
    one = standing(gone, comes)
    assert one.state is Accountability.VACANT
    assert one.vacant_since == DAY - 10 * A_DAY
    assert one.next_holder == ("Bo", DAY + A_DAY)


def test_fourteen_days_count_from_the_later_of_the_role_and_the_version():
    holder = Holder(role="chief", person="Ada", since=DAY)
    written = DAY - 100 * A_DAY
    for on, late in ((DAY + 14 * A_DAY, False), (DAY + 15 * A_DAY, True)):
        found = ownership_of([Version(charter(), written)], [holder], (), on=on)
        assert (len(found.late) == 1) == late
    newer = Version(charter(), DAY + 50 * A_DAY)
    found = ownership_of([newer], [holder], (), on=DAY + 60 * A_DAY)
    assert found.standings[0].named_since == DAY + 50 * A_DAY
    assert found.late == ()


def test_where_the_versions_day_is_not_on_record_nobody_is_called_late():
    holder = Holder(role="chief", person="Ada", since=date(2000, 1, 1))
    one = standing(holder)
    assert one.state is Accountability.NAMED
    assert one.named_since is None
    assert one.accept_by is None


def test_a_record_that_names_a_version_shows_since_when_at_the_latest_and_hides_it_on_no_day():
    holder = Holder(role="chief", person="Ada")
    version = Version(charter(), seen=DAY)
    late = ownership_of([version], [holder], (), on=DAY + 15 * A_DAY)
    assert len(late.late) == 1
    before = ownership_of([version], [holder], (), on=DAY - 99 * A_DAY)
    assert [s.state for s in before.standings] == [Accountability.NAMED]


def test_a_renamed_role_is_nobodys_and_says_what_it_may_be_called_now():
    one = standing(Holder(role="head-of-service", person="Ada"), owner="head-of-field-service")
    assert one.state is Accountability.NOBODY
    assert one.near == "head-of-service"


@pytest.mark.parametrize(
    ("owned", "of", "much"),
    [(2, 6, False), (3, 6, True), (5, 5, False), (7, 60, False), (8, 60, True), (1, 1, False)],
)
def test_too_much_is_more_than_seven_or_more_than_a_third_of_six(owned: int, of: int, much: bool):
    assert is_too_much(owned, of) == much


def test_loads_count_every_role_a_person_holds():
    names = ("a", "b", "c", "d", "e", "f")
    versions = [Version(charter(n, owner=f"role-{n}")) for n in names]
    holders = [Holder(role=f"role-{n}", person="Ada" if n in "abc" else f"p{n}") for n in names]
    (load,) = ownership_of(versions, holders, (), on=DAY).loads
    assert (load.person, load.decisions) == ("Ada", ("a", "b", "c"))


def test_the_same_question_under_two_owners_is_claimed_twice():
    versions = [
        Version(charter("a", question="Should we lend?", owner="risk")),
        Version(charter("b", question="  should we LEND ?", owner="sales")),
        Version(charter("c", question="Should we lend?", owner="risk")),
    ]
    (claim,) = ownership_of(versions, (), (), on=DAY).claims
    assert claim.decisions == ("a", "b", "c")
    assert claim.claimants == ("risk", "sales")
    assert ownership_of(versions[::2], (), (), on=DAY).claims == (), "one owner claims it once"


def test_the_same_choice_of_the_same_cases_is_claimed_twice_and_another_choice_is_not():
    source = Source(table="v.csv", columns=(("case", "id"), ("choice", "sent")))
    other = replace(source, columns=(("case", "id"), ("choice", "called")))
    one = Version(charter("a", owner="x", source=source))
    two = Version(charter("b", owner="y", source=source))
    three = Version(charter("c", owner="z", source=other))
    (claim,) = ownership_of([one, two, three], (), (), on=DAY).claims
    assert claim.decisions == ("a", "b")


def test_a_role_held_twice_and_two_names_together_are_claims():
    held = [Holder(role="chief", person="Ada"), Holder(role="chief", person="Bo")]
    (claim,) = ownership_of([Version(charter())], held, (), on=DAY).claims
    assert claim.claimants == ("Ada", "Bo")
    found = ownership_of([Version(charter(owner="Ada, Bo"))], (), (), on=DAY)
    assert found.claims[0].claimants == ("Ada", "Bo")
    assert found.standings[0].state is Accountability.NOBODY


@pytest.mark.feature("D11")
def test_the_version_in_force_counts_and_a_later_one_takes_its_place_on_its_day():
    old, new = Version(charter(version=1, owner="x")), Version(charter(version=2, owner="y"), DAY)
    acts = [Activation(charter=ref("a@1"), on=DAY - 9 * A_DAY)]
    found, _ = versions_on([old, new], acts, on=DAY + A_DAY)
    assert found["a"] is old, "written is not in force"
    acts.append(Activation(charter=ref("a@2"), on=DAY + 5 * A_DAY))
    for on, wanted in ((DAY + 4 * A_DAY, old), (DAY + 5 * A_DAY, new)):
        assert versions_on([old, new], acts, on=on)[0]["a"] is wanted


def test_versions_that_take_each_others_place_in_a_circle_end_with_the_greatest():
    acts = [
        Activation(charter=ref("a@2"), on=DAY),
        Activation(charter=ref("a@1"), on=DAY + A_DAY),
        Activation(charter=ref("a@2"), on=DAY + 2 * A_DAY),
    ]
    assert [in_force(acts, "a", on=DAY + k * A_DAY) for k in range(3)] == [ref("a@2")] * 3
    assert in_force(acts, "a", on=DAY - A_DAY) is None


def test_a_version_in_force_whose_text_is_gone_is_said_and_not_guessed():
    acts = [Activation(charter=ref("a@1"), on=DAY)]
    found = ownership_of([Version(charter(version=2))], (), acts, on=DAY)
    assert found.not_kept == (ref("a@1"),)
    assert found.standings == ()


def test_before_a_version_was_written_the_one_before_counts():
    old, new = Version(charter(version=1)), Version(charter(version=2), DAY)
    assert versions_on([new, old], (), on=DAY - A_DAY)[0]["a"] is old
    assert versions_on([new, old], (), on=DAY)[0]["a"] is new
    assert versions_on([new], (), on=DAY - A_DAY)[0] == {}
