"""Each problem of a charter is found at its line and column, with its code, all at once."""

from __future__ import annotations

import random
from datetime import date

import pytest

from sayso.declare.charter import FewDeciders, InputType, Mode, Money
from sayso.declare.charter_file import SOURCE_ROLES, read_charter
from sayso.declare.lint import check_text
from sayso.declare.problem import Severity
from sayso.declare.problem_codes import CODES
from sayso.measure.case_table import ROLE_NAMES
from tests.declare.good_charter import GOOD, broken

TODAY = date(2026, 11, 24)
FILE = "first-visit-part.yaml"

# What is broken, with what, and what must be said of it: code and line:column.
CASES: list[tuple[str, str, str, str]] = [
    ("version: 3", "version: three", "SAY110", "2:10"),
    ("version: 3\n", "version: 3\nversion: 4\n", "SAY108", "3:1"),
    ("version: 3\n", "", "SAY112", "1:1"),
    ("default: leave", "defalt: leave", "SAY109", "5:1"),
    ("decision: first-visit-part", "decision: First Visit", "SAY113", "1:11"),
    ("decision: first-visit-part", "decision: other-name", "SAY114", "1:11"),
    ("mode: advise", "mode: advice", "SAY111", "21:37"),
    ("options: [bring, leave]", "options: [bring, leave]\nquantity: {unit: EUR, low: 0, high: 9}",
     "SAY115", "5:11"),
    ("options: [bring, leave]", "quantity: {unit: EUR, low: 9, high: 0}", "SAY116", "4:11"),
    ("minimum_people: 5", "minimum_people: 3", "SAY117", "28:27"),
    ("? [1, 2]", "", "SAY107", ""),
    ("owner: head-of-field-service\n", "", "SAY201", "1:11"),
    ("owner: head-of-field-service", "owner: operations team", "SAY203", "6:8"),
    ("owner: head-of-field-service", "owner: [ann, bob]", "SAY204", "6:8"),
    ("owner: head-of-field-service", "owner: Ann and Bob", "SAY204", "6:8"),
    ("question: Should the technician bring the part on the first visit?\n", "", "SAY205", "1:11"),
    ("first visit?", "first visit", "SAY206", "3:11"),
    ("options: [bring, leave]", "options: [bring]", "SAY207", "4:10"),
    ("[bring, leave]", "[bring, leave, Bring]", "SAY208", "4:25"),
    ("default: leave", "default: wait", "SAY209", "5:10"),
    ("  leave: {when", "  skip: {when", "SAY210", "20:9"),
    ("outcome: {name: part_used, kind: boolean, due: 21d, seen_when: always}\n", "", "SAY211", "1:11"),
    ("due: 21d, ", "", "SAY212", "17:10"),
    ("seen_when: always", "seen_when: \"choice = 'bring'\"", "SAY213", "17:65"),
    (", costs: 190 EUR}\n  leave: {when: \"part_used\", costs: 310 EUR}",
     "}\n  leave: {when: \"part_used\"}", "SAY214", "19:3"),
    ("costs: 310 EUR", "costs: 310 USD", "SAY215", "19:3"),
    ("  leave: {when: \"part_used\", costs: 310 EUR}\n", "", "SAY216", "19:3"),
    ("range: [310, 0], unit: EUR}", "range: [310, 0]}",
     "SAY221", "16:5"),
    (", range: [0, 1]", "", "SAY220", "15:5"),
    ("weight: 0.4", "weight: 0.5", "SAY219", "15:3"),
    ("weight: 0.4, ", "", "SAY218", "15:3"),
    (", to: 0.60", "", "SAY223", "9:5"),
    (", check: avg(part_used)", "", "SAY224", "25:5"),
    (", owner: data-science", "", "SAY225", "25:5"),
    (", since: 2026-03-09", "", "SAY226", "25:5"),
    ("decide: [dispatchers]", "decide: []", "SAY227", "7:18"),
    ("consult: [technicians]", "consult: []", "SAY228", "7:42"),
    ("ceiling: delegate", "ceiling: watch", "SAY229", "21:54"),
    ("gate: {to: delegate, when: {gain: \"> 0\", outcomes: 600}, stop: {harm: \"> 0.02\"}}\n", "",
     "SAY230", "21:37"),
    ("mode: advise, ceiling: delegate, routine: \"fault_code = 'E-12'\",",
     "mode: delegate, ceiling: delegate,", "SAY231", "21:9"),
    ("holdback: 0", "holdback: 0.1", "SAY232", "21:128"),
    ("holdback: 0", "holdback: 0.1", "SAY233", "21:128"),
    ("look_again: {every: 90d, next: 2026-12-07,", "look_again: {every: 90d,", "SAY234", "27:13"),
    ("next: 2026-12-07", "next: 2026-10-07", "SAY235", "27:32"),
    ("[customer described the fault, stock is low, other]", "[other]", "SAY236", "22:10"),
    ("when: \"not part_used", "when: \"not part_usd", "SAY237", "19:22"),
    ("check: avg(part_used)", "check: part_used", "SAY238", "25:55"),
    ("where: words_match", "where: age", "SAY239", "9:64"),
    ("\"if(choice = 'leave' and part_used, 0, 1)\"", "solved", "SAY240", "15:50"),
    ("\"if(choice = 'leave' and part_used, 0, 1)\"", "\"if(part_used, 0, 1)\"", "SAY240", "15:51"),
    ("'leave' and part_used, 0, 1)", "'leave' and used, 0, 1)", "SAY241", "15:75"),
    ("'leave' and part_used, 0, 1)", "'left' and part_used, 0, 1)", "SAY241", "15:64"),
    ("\"if(choice = 'leave' and part_used, 0, 1)\"", "choice", "SAY242", "15:50"),
    ("if(sent, 'bring', 'leave')", "if(sent, 'bring', 'BRING')", "SAY243", "4:18"),
    ("if(sent, 'bring', 'leave')", "case when sent then 'bring' else 'bring' end", "SAY243", "4:18"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "code", "at"), [c for c in CASES if c[3]], ids=lambda v: str(v)[:18]
)
def test_a_problem_is_found_where_it_stands(old: str, new: str, code: str, at: str):
    _, problems = check_text(broken(old, new), FILE, today=TODAY)
    found = [p for p in problems if p.code == code]
    assert found, f"{code} was not said; said: {[str(p) for p in problems]}"
    assert f"{found[0].place.line}:{found[0].place.column}" == at
    assert found[0].message
    assert found[0].hint


OTHERS = {
    "SAY101": "a: " + "x" * 300_000,
    "SAY102": "# nothing\n",
    "SAY103": "decision: a\n---\ndecision: b\n",
    "SAY104": "a: " + "[" * 30 + "]" * 30,
    "SAY105": "a: &x 1\nb: [" + ", ".join(["*x"] * 30) + "]\n",
    "SAY106": "decision: [a\nversion: }",
    "SAY107": "? [1, 2]\n: 3\n",
    "SAY217": GOOD[: GOOD.index("matters:")] + GOOD[GOOD.index("outcome:") :],
    "SAY222": GOOD[: GOOD.index("differently:")] + GOOD[GOOD.index("inputs:") :],
}


@pytest.mark.parametrize("code", sorted(OTHERS))
def test_a_file_out_of_shape_is_refused_with_its_code(code: str):
    _, problems = check_text(OTHERS[code], FILE, today=TODAY)
    assert code in {p.code for p in problems}


def test_every_code_has_a_test_and_every_tested_code_a_meaning():
    assert {c[2] for c in CASES} | set(OTHERS) == set(CODES)


@pytest.mark.feature("D1")
def test_the_good_charter_has_nothing_to_say_about():
    charter, problems = check_text(GOOD, FILE, today=TODAY)
    assert problems == ()
    assert charter is not None
    assert charter.options == ("bring", "leave")
    assert charter.inputs[2] == ("stock_low", InputType.BOOLEAN)
    assert charter.worth_acting_on == 0.05
    assert charter.outcome is not None
    assert charter.outcome.due_days == 21
    assert charter.mistakes[1].costs == Money(310.0, "EUR")
    assert charter.advice is not None
    assert (charter.advice.mode, charter.advice.ceiling) == (Mode.ADVISE, Mode.DELEGATE)
    assert charter.privacy.few_deciders is FewDeciders.REFUSE
    assert charter.alike is not None
    assert charter.alike.within == (("age", 1.0),)


def test_all_problems_are_said_in_one_go_and_in_order():
    text = broken("version: 3", "version: three").replace("mode: advise", "mode: advice")
    _, problems = check_text(text, FILE, today=TODAY)
    assert [p.code for p in problems] == ["SAY110", "SAY111"]
    assert list(problems) == sorted(problems)


@pytest.mark.feature("D3")
def test_a_problem_reads_like_a_compilers():
    _, problems = check_text(
        broken("owner: head-of-field-service", "owner: [ann, bob]"), FILE, today=TODAY
    )
    assert str(problems[0]) == (
        "first-visit-part.yaml:6:8: SAY204 owner: two names; exactly one is accountable. Keep one."
    )
    assert problems[0].severity is Severity.ERROR


def test_the_answers_yes_and_no_stay_answers():
    text = broken("[bring, leave]", "[yes, no]").replace("default: leave", "default: no")
    reading = read_charter(text.replace("  bring:", "  yes:").replace("  leave:", "  no:"), FILE)
    assert reading.charter is not None
    assert reading.charter.options == ("yes", "no")
    assert reading.charter.default == "no"


def test_a_near_miss_is_named():
    _, problems = check_text(broken("default: leave", "defalt: leave"), FILE, today=TODAY)
    assert "`default`" in problems[0].hint


def test_the_roles_of_a_source_are_the_roles_of_the_case_table():
    assert SOURCE_ROLES == ROLE_NAMES


def test_the_holdback_says_how_many_cases_it_needs():
    # RULINGS 19: 7,317 cases at nine to one, for 5 in 100.
    _, problems = check_text(broken("holdback: 0", "holdback: 0.1"), FILE, today=TODAY)
    said = next(p for p in problems if p.code == "SAY233")
    assert "7,317" in said.message


def test_no_change_of_the_text_raises():
    draw = random.Random(5)
    for _ in range(300):
        text = list(GOOD)
        for _ in range(draw.randint(1, 6)):
            place = draw.randrange(len(text))
            text[place] = draw.choice(["", "{", "]", ":", "\n", "\t", "'", '"', "&", "*", "é", "0"])
        check_text("".join(text), FILE, today=TODAY)
