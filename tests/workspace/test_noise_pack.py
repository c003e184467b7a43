"""A noise audit by pack: planned, handed out blind, filled in, read back."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest

from sayso.declare.charter import Charter, Mistake, Money
from sayso.domain.errors import NoisePackRefused, PeopleTooFew
from sayso.measure.estimators.noise_plan import reach_of, smallest
from sayso.workspace.audit import AuditOptions
from sayso.workspace.noise import PackWanted, audit_pack, ordered, read_pack, write_pack

CHARTER = Charter(
    decision="loan-review",
    version=3,
    question="Should the loan be granted?",
    options=("grant", "refuse"),
    mistakes=(
        Mistake(option="grant", when="defaulted", costs=Money(900, "EUR")),
        Mistake(option="refuse", when="not defaulted", costs=Money(200, "EUR")),
    ),
)
FACTS = tuple((("income", str(20 + i)), ("note", "=SUM(A1)")) for i in range(60))
WANTED = PackWanted(people=6, cases=20, repeats=4, seed=1)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    write_pack(CHARTER, FACTS, WANTED, tmp_path / "pack")
    return tmp_path / "pack"


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def fill(pack: Path, *, people: int = 6, delimiter: str = ",", spelled: str = "grant") -> None:
    plan = json.loads((pack / "plan.json").read_text("utf-8"))
    draw = random.Random(3)
    for name in list(plan["people"])[:people]:
        rows = rows_of(pack / f"{name}.csv")
        for row in rows[1:]:
            row[-1] = spelled if draw.random() < 0.5 else "refuse"
        with (pack / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)


@pytest.mark.feature("M8")
def test_everybody_gets_the_same_cases_in_an_order_of_their_own(pack: Path):
    plan = json.loads((pack / "plan.json").read_text("utf-8"))
    orders = [[case for case, _ in order] for order in plan["people"].values()]
    assert len({tuple(o) for o in orders}) == 6
    assert {frozenset(o) for o in orders} == {frozenset(plan["cases"])}
    assert all(len(o) == 24 for o in orders)


def test_nothing_on_a_sheet_says_which_case_was_there_before(pack: Path):
    for name in ("P01.csv", "P01.txt"):
        text = (pack / name).read_text("utf-8")
        assert "again" not in text
        assert "c1" not in text.split()
    head, first, *_ = rows_of(pack / "P01.csv")
    assert head == ["number", "income", "note", "choice"]
    assert first[0] == "1"
    assert first[-1] == ""


def test_a_cell_that_a_spreadsheet_would_run_is_made_plain(pack: Path):
    assert all(row[2] == "'=SUM(A1)" for row in rows_of(pack / "P01.csv")[1:])


@pytest.mark.parametrize("seed", range(20))
def test_a_repeat_comes_late_and_after_its_case(seed: int):
    order = ordered(20, 5, random.Random(seed))
    assert sum(again for _, again in order) == 5
    for place, (case, again) in enumerate(order):
        if again:
            assert place - order.index((case, False)) >= 4
            assert order.index((case, False)) < 10


def test_the_same_seed_writes_the_same_pack(tmp_path: Path):
    texts = []
    for name in ("a", "b"):
        files = write_pack(CHARTER, FACTS, WANTED, tmp_path / name)
        texts.append([f.read_text("utf-8") for f in files])
    assert texts[0] == texts[1]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_filled_in_pack_is_read_with_the_measures_of_an_audit(pack: Path, delimiter: str):
    fill(pack, delimiter=delimiter, spelled=" GRANT ")
    read = read_pack(pack)
    assert (read.answered, read.open) == (6, 0)
    got = audit_pack(read, AuditOptions()).to_json()
    figures = {f["key"]: f for f in got["figures"]}
    two = figures["two-differ"]["value"]
    assert figures["noise-differ|part=system"]["value"] == pytest.approx(two)
    assert figures["repeat-differ"]["n"] == 24
    assert figures["noise-cost"]["value"] == pytest.approx(two * 200 / 2)
    assert figures["noise-cost"]["unit"] == "money"


def test_cases_left_open_and_people_who_gave_none_count_for_nobody(pack: Path):
    fill(pack, people=5)
    rows = rows_of(pack / "P01.csv")
    rows[1][-1] = ""
    with (pack / "P01.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    read = read_pack(pack)
    assert (read.answered, read.open) == (5, 1)


def test_four_who_answer_are_not_reported_on(pack: Path):
    fill(pack, people=4)
    with pytest.raises(PeopleTooFew):
        audit_pack(read_pack(pack), AuditOptions())


def test_a_choice_that_is_no_option_is_named_with_its_file_and_row(pack: Path):
    fill(pack, spelled="perhaps")
    with pytest.raises(NoisePackRefused, match=r"P0\d\.csv:\d+: 'perhaps' is none of the options"):
        read_pack(pack)


@pytest.mark.parametrize("number", ["", "0", "25", "2", "x"])
def test_a_number_that_is_gone_or_there_twice_is_refused(pack: Path, number: str):
    fill(pack)
    rows = rows_of(pack / "P02.csv")
    rows[1][0] = number
    with (pack / "P02.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.raises(NoisePackRefused, match=r"P02\.csv:"):
        read_pack(pack)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (PackWanted(people=4, cases=20, repeats=0), "4 people are too few"),
        (PackWanted(people=6, cases=9, repeats=0), "9 cases are too few"),
        (PackWanted(people=6, cases=61, repeats=0), "60 cases that read differently"),
        (PackWanted(people=6, cases=20, repeats=11), "people would notice"),
    ],
)
def test_a_pack_that_could_say_nothing_is_not_written(
    tmp_path: Path, wanted: PackWanted, words: str
):
    with pytest.raises(NoisePackRefused, match=words):
        write_pack(CHARTER, FACTS, wanted, tmp_path / "pack")
    assert not (tmp_path / "pack").exists()


def test_a_pack_is_not_written_over_another(pack: Path):
    with pytest.raises(NoisePackRefused, match="would be lost"):
        write_pack(CHARTER, FACTS, WANTED, pack)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": "v2", "people": {}, "options": []}'])
def test_a_plan_that_is_damaged_is_refused(pack: Path, text: str):
    (pack / "plan.json").write_text(text, "utf-8")
    with pytest.raises(NoisePackRefused, match=r"plan\.json cannot be read"):
        read_pack(pack)


def test_an_empty_pack_says_that_nobody_has_answered(pack: Path):
    with pytest.raises(NoisePackRefused, match="Nobody has answered"):
        read_pack(pack)


def test_more_people_and_more_cases_reach_less_far():
    few, people, cases = (
        reach_of(p, c, differ=0.3, seed=1) for p, c in ((6, 20), (20, 20), (6, 80))
    )
    assert people < few
    assert cases < few


def test_the_sizes_said_to_be_enough_reach_as_far_as_wanted():
    sizes = smallest(0.08, differ=0.3, seed=0, people=(5, 10), cases=(20, 40, 80))
    assert sizes
    assert all(s.reach <= 0.08 for s in sizes)
    assert [s.answers for s in sizes] == sorted(s.answers for s in sizes)
