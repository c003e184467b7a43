"""What a round says: true in every situation, of nobody alone, and found again in the data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest

from sayso.align.read_frontier import read_frontier
from sayso.align.read_round import read_round
from sayso.align.round import Round, RoundAnswer
from sayso.align.round_reading import RoundReading
from sayso.present.rounds.report import round_html, round_json, round_text
from sayso.present.rounds.told import Against, RoundTold, Settled, round_told
from sayso.present.section import MapChart
from tests.present.round_situations import (
    ALIKE,
    CAMPS,
    OPTIONS,
    SITUATIONS,
    SPREAD,
    answers,
    asked,
    live,
    round_of,
)
from tests.present.test_sentences import BANNED, CAUSAL

MADE_ON = date(2026, 11, 23)
EACH = pytest.mark.parametrize("name", SITUATIONS)


@cache
def told(name: str) -> RoundTold:
    return round_told(SITUATIONS[name](), owner="" if name == "first day" else "head-of-claims")


def page(reading: RoundReading | RoundTold) -> str:
    whole = (
        reading if isinstance(reading, RoundTold) else round_told(reading, owner="head-of-claims")
    )
    return round_html(whole, made_on=MADE_ON, version="0", system_fonts=True)


def everything(reading: RoundReading) -> tuple[str, str, str]:
    """The report in its three forms."""
    whole = round_told(reading, owner="head-of-claims")
    return page(whole), json.dumps(round_json(whole)), round_text(whole)


def sentences(whole: RoundTold) -> list[str]:
    said = [whole.headline.text, whole.stand]
    for section in whole.sections:
        said += [
            section.claim.text,
            section.term,
            *(s.text for s in (*section.lead, *section.note)),
        ]
    said += [line.says.text for line in whole.lines]
    said += [f"{u.question} {u.cheapest_way}" for u in whole.unknown]
    return [
        *said,
        *(f"{s.title} {s.why}" for s in whole.steps),
        *(f"{f}: {c}" for f, c in whole.cases),
    ]


@EACH
def test_a_heading_is_a_claim_of_twelve_words_at_most(name: str) -> None:
    for section in told(name).sections:
        assert len(section.claim.text.split()) <= 12, section.claim.text


@EACH
def test_sentences_are_whole_and_count_as_people_do(name: str) -> None:
    for text in sentences(told(name)):
        assert not re.search(
            r"\b(nan|None|inf)\b|[{}]|\(s\)|  |\bone people\b|\b1 people\b", text
        ), text
        assert not re.search(r"\b1 (more links|cases|pairs|points)\b", text), text
        assert not re.search(r"\d of the \d+ .* needed", text), text
        assert "%" not in text, text


@EACH
def test_no_banned_word_and_no_cause_is_said(name: str) -> None:
    kept = BANNED + ("score",)
    for text in sentences(told(name)):
        # Names that the people in the round gave are theirs.
        bare = re.sub(r"“[^”]*”|money saved|work saved", "", text).lower()
        bare = bare.removeprefix("rank acceptability")  # the method's name, in the margin
        bare = re.sub(r"from its worst to its best|from the worst to the best", "", bare)
        for word in kept:
            assert not re.search(rf"\b{re.escape(word)}\b", bare), (word, text)
        # What other weights would change is a supposition that the sentence states.
        bare = re.sub(r"would (another’s weights )?change|a change", "", bare)
        assert not CAUSAL.search(bare), text


@EACH
def test_every_printed_figure_is_in_the_data(name: str) -> None:
    whole = told(name)
    known = {
        figure["key"] if "key" in figure else _key(figure)
        for figure in round_json(whole)["figures"]
    }
    printed = set(re.findall(r'<data value="([^"]+)"', page(whole)))
    assert {key.replace("&#39;", "'").replace("&amp;", "&") for key in printed} <= known
    for section in whole.sections:
        for sentence in (section.claim, *section.lead):
            assert set(sentence.keys) <= known


def _key(figure: dict[str, object]) -> str:
    groups = figure["groups"]
    assert isinstance(groups, dict)
    return "|".join([str(figure["measure"]), *(f"{k}={v}" for k, v in groups.items())])


@EACH
def test_a_report_is_small_and_closed_and_names_are_text(name: str) -> None:
    text = round_html(told(name), made_on=MADE_ON, version="0")
    assert len(text.encode()) <= 150_000
    assert "<script" not in text.lower()
    assert "://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"\b[0-9a-f]{32}\b", text), "a pseudonym"


def _parts(weights: list[tuple[float, ...]], **more: object) -> Callable[[], tuple]:
    def made() -> tuple[Round, list[RoundAnswer], dict[str, object]]:
        r = round_of(len(weights))
        said = answers(
            r, weights, owners=["Ann", "Bo", "Ann "], purposes=["money saved"], noise=0.2
        )
        return r, said, {"live": live(), "asked": asked()}

    return made


PARTS = {"two camps": _parts(CAMPS), "no dates": _parts(SPREAD), "all alike": _parts(ALIKE)}


@pytest.mark.parametrize("name", PARTS)
def test_which_person_gave_which_answers_changes_no_byte(name: str) -> None:
    round_, said, given = PARTS[name]()
    before = everything(read_round(round_, said, **given))
    random = np.random.default_rng(1)
    for _ in range(3):
        shuffled = [said[i] for i in random.permutation(len(said))]
        renamed = [replace(a, pseudonym=f"{i:032x}") for i, a in enumerate(shuffled)]
        assert everything(read_round(round_, renamed, **given)) == before


@pytest.mark.feature("A10")
def test_a_lone_dissent_in_five_reads_as_unanimity_to_the_byte() -> None:
    """Who is accountable, what it is for, and what is chosen in every case, at once or apart."""
    r = round_of(5)
    one = answers(r, ALIKE[:1], owners=["Ann"], purposes=["money saved"])[0]
    alike = [replace(one, pseudonym=f"{n:032x}") for n in range(5)]
    whole = everything(read_round(r, alike, live=live(), asked=asked()))
    other = tuple(OPTIONS[1 - OPTIONS.index(c)] for c in one.choices if c is not None)
    for dissent in (
        replace(one, owner="Bo"),
        replace(one, purpose="no waiting"),
        replace(one, choices=other),
        replace(one, choices=(other[0], *one.choices[1:12], other[0], one.choices[13])),
        replace(one, choices=(other[0], *one.choices[1:])),
        replace(one, choices=(*one.choices[:12], *other[12:])),
        replace(one, owner="Bo", purpose="anything", choices=other),
    ):
        apart = [dissent, *alike[1:]]
        assert everything(read_round(r, apart, live=live(), asked=asked())) == whole


def test_sums_over_pairs_do_not_tell_what_the_counts_of_a_case_hide() -> None:
    """Eight people, split in open cases; in two others one of them stands alone, each time another.

    What "two of you chose differently" adds up over cases would give those two away by subtraction.
    """
    r = round_of(8)
    said = answers(r, CAMPS, owners=["Ann", "Bo"], purposes=["money saved"])
    first = said[0].choices
    hidden = (2, 5)
    alike = [
        replace(a, choices=tuple(first[c] if c in hidden else x for c, x in enumerate(a.choices)))
        for a in said
    ]
    apart = list(alike)
    for person, case in zip((0, 6), hidden, strict=True):
        choices = list(apart[person].choices)
        choices[case] = OPTIONS[1 - OPTIONS.index(first[case] or "")]
        apart[person] = replace(apart[person], choices=tuple(choices))
    before, after = (
        everything(read_round(r, s, live=live(), asked=asked())) for s in (alike, apart)
    )
    assert before == after
    assert "in at least" in before[0]


def test_data_hold_no_more_digits_than_a_page_prints() -> None:
    """From all of them, answers could be solved for."""
    for figure in round_json(told("fifteen"))["figures"]:
        assert "raw" not in figure.get("notes", {})
        for name in ("value", "low", "high"):
            value = figure[name]
            if figure["unit"] in ("share", "net share"):
                assert value == round(value, 2)
            elif value is not None:
                assert value == float(f"{value:.1e}"), figure["key"]


def test_one_who_weighs_otherwise_alone_is_told_in_no_sentence() -> None:
    r = round_of(6)
    same = answers(r, ALIKE, owners=["Ann"], purposes=["money saved"])
    same = [replace(a, choices=same[0].choices, beliefs=same[0].beliefs) for a in same]
    alone = [replace(same[0], points=(5.0, 60.0, 35.0)), *same[1:]]

    def claims(said: list[RoundAnswer]) -> list[str]:
        whole = round_told(read_round(r, said, live=live(), asked=asked()), owner="head-of-claims")
        return [s.claim.text for s in whole.sections if s.key in ("flips", "weights", "owners")]

    assert claims(alone) == claims(same)
    whole = [everything(read_round(r, s, live=live(), asked=asked())) for s in (alone, same)]
    assert whole[0] == whole[1], "means, and what is worked out at them, told of the one"
    text = " ".join(sentences(round_told(read_round(r, alone, live=live(), asked=asked()))))
    assert "All of you, or all but one, put them in one order" in text
    assert "By the weights that you hold on average" not in text


@pytest.mark.parametrize("least", [5, 8])
def test_a_question_that_too_few_answered_is_not_shown(least: int) -> None:
    """Three weighed and three named somebody, of those who sent an answer; nothing of it is seen."""
    r = round_of(9, least=least)
    said = answers(r, [*SPREAD[:3], *[None] * 6], owners=["Zoe"], purposes=["zeal"])
    said = [replace(a, owner="", purpose="") if n >= 3 else a for n, a in enumerate(said)]
    said = [
        replace(a, choices=(None,) * 14, beliefs=()) if n >= 4 else a for n, a in enumerate(said)
    ]
    html, data, text = everything(read_round(r, said, live=live(), asked=asked()))
    for shown in (html, data, text):
        assert "Zoe" not in shown
        assert "zeal" not in shown
        assert "Pay: " not in shown
        assert "Examine: " not in shown
        assert "about 45 said" not in shown
    assert json.loads(data)["figures"] == []
    assert json.loads(data)["order"] is None


def test_said_weights_are_given_to_five_points_only() -> None:
    text = page(told("fifteen"))
    said = [int(n) for n in re.findall(r"about (\d+) said", text)]
    assert len(said) == 3
    assert all(n % 5 == 0 for n in said)


def test_two_camps_are_told_in_words_and_figures_that_agree() -> None:
    """Four weigh money at 90 of 100 and four at 5, so every pair across differs: 4 x 4 of 28."""
    whole = told("two camps")
    data = round_json(whole)
    flips = next(f for f in data["figures"] if f["measure"] == "round-flips")
    anybody = next(f for f in data["figures"] if f["measure"] == "round-flips-anybody")
    # Two of eight picked by lot stand in different camps 16 times in 28.
    assert flips["value"] == pytest.approx(anybody["value"] * 16 / 28, abs=0.01)
    assert f"In {round(100 * flips['value'])} of 100 live cases" in whole.headline.text
    assert "you mostly want different things" in round_text(whole).replace("\n", " ")
    assert [s["text"] for s in data["purposes"]["said"]] == ["money saved", "no waiting"]
    assert [s["people"] for s in data["purposes"]["said"]] == [4, 4]


def test_where_nothing_depends_on_it_the_report_says_to_stop() -> None:
    whole = told("decorative")
    assert whole.headline.text == "Your weights differ, and for nearly all no case depends on it"
    text = " ".join(sentences(whole))
    assert "Stop arguing" in text
    assert "would help more" not in text
    assert "One rule for all would bring" not in whole.sections[1].claim.text


def test_the_first_day_says_who_and_what_for_and_asks_for_nothing_else() -> None:
    whole = told("first day")
    assert [s.key for s in whole.sections] == ["owners", "purposes"]
    assert whole.lines == ()
    assert "Write into the charter what matters" in whole.unknown[0].cheapest_way
    assert "At least two said “to be quicker”" in " ".join(sentences(whole))


def test_a_group_among_those_named_is_said_to_be_one() -> None:
    assert "“the claims team” is a group" in " ".join(sentences(told("two camps")))


def test_two_who_agreed_to_be_few_are_not_told_that_ends_are_left_out() -> None:
    text = page(told("two of three, consented"))
    assert "without the two at the ends" not in text
    assert "who agreed beforehand to be so few" in text


def test_what_was_settled_stands_first_with_what_was_said_against_it() -> None:
    settled = Settled(
        rule="Pay small claims <at once>.",
        why="Waiting costs more.",
        expected="“pay” is chosen 60 times in 100, where it was 41.",
        check_on=date(2027, 2, 21),
        role="head of claims",
        charter="warranty-claim@2",
        against=(Against(because="They add up.", answer="Fifty a week are looked at."),),
    )
    whole = round_told(SITUATIONS["no table"](), owner="head-of-claims", settled=settled)
    text = page(whole)
    assert "Pay small claims &lt;at once&gt;." in text
    assert text.index("Pay small claims") < text.index("What people say matters")
    assert "Checked on 21 February 2027" in text
    assert "They add up." in text
    assert "Fifty a week are looked at." in text
    assert whole.steps == ()


def test_a_few_who_agreed_to_be_few_read_what_each_would_lose_where_another_decides() -> None:
    whole = told("two of three, consented")
    help_ = next(s for s in whole.sections if s.key == "help")
    assert help_.claim.text == "What each of you would lose where another decides"
    losses = round_json(whole)["regret"]
    assert [len(row) for row in losses] == [2, 2]
    assert losses[0][0] == losses[1][1] == 0
    assert min(losses[0][1], losses[1][0]) > 0
    assert "One of you, A" in page(whole)


def test_five_or_more_have_ranges_and_no_table_of_losses() -> None:
    assert round_json(told("two camps"))["regret"] == []


def test_the_rule_that_beats_todays_choices_is_named_and_in_the_table() -> None:
    """Twelve people toss a coin, so some line beats them; both ends of favourites have one unit."""
    reading = told("two camps").telling.reading
    r = round_of(8)
    table = live()
    chances = 100 * table.consequences.belief[:, 1]
    coin = np.random.default_rng(3).integers(0, 2, len(chances))
    table = replace(
        table,
        known={"chance": chances},
        unseen=np.zeros(len(chances), np.bool_),
        consequences=replace(table.consequences, chosen=coin),
    )
    traded = read_frontier(r, answers(r, CAMPS), table)
    section = next(s for s in round_told(reading, traded=traded).sections if s.key == "frontier")
    text = " ".join(s.text for s in section.lead)
    assert "such as the line at chance" in text
    (chart,) = section.charts
    assert isinstance(chart, MapChart)
    assert [row.label.partition(":")[0] for row in chart.rows][:2] == [
        "Today’s choices",
        "A rule at least as good on everything",
    ]
