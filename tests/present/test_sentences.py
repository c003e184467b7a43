"""What may be said: obligatory sentences, banned words, short claims."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import sayso.present
from sayso.domain.answer import NotEnoughData
from sayso.domain.evidence import Verdict, Word
from sayso.domain.figure import Unit
from sayso.domain.grade import Grade
from sayso.measure.reading import Reading
from sayso.present.findings import findings
from tests.present.random_readings import random_reading
from tests.present.readings import ALL, CONTEXT, estimate, figure, pretrial, service_company

BANNED = (
    "adoption score", "uplift", "engagement", "compliance", "resistance", "resist", "abuse",
    "deviation from the advice", "inconsistency", "inconsistent", "error-prone", "bias", "biased",
    "bad model", "degradation", "roi", "gut feeling", "non-compliant", "rejected", "maturity score",
    "threshold", "failed", "useless", "optimise", "optimize", "leverage", "enforce", "best",
    "worst team", "best team", "top", "bottom", "ranking", "rank", "ranked", "winner", "loser",
    "outperform", "underperform", "worst performing", "saved",
)  # fmt: skip
# "best estimate" names the mark, and a missing outcome may be "at its worst and at its best".
EXEMPT = re.compile(r"our best estimate|best estimate|at its best")
# Pages that tell no reading may say that a text was saved, and what is worst and best about a thing.
OF_READINGS = frozenset({"best", "rank", "ranking", "failed", "saved", "threshold"})
TELLS_READINGS = ("sections", "findings.py", "telling.py", "unknown.py", "terminal.py", "page.py",
                  "numbers.py", "drawn.py", "marks.py", "treatments.py", "report")  # fmt: skip
CAUSAL = re.compile(r"\b(because|drives?|drove|changed?|changes|causes?|caused)\b")


def said(reading: Reading) -> str:
    told = findings(reading, CONTEXT)
    sentences = [told.headline.text, told.verdict.text]
    for section in told.sections:
        sentences += [section.claim.text, section.term]
        sentences += [s.text for s in (*section.lead, *section.note)]
    sentences += [line.says.text for line in told.lines]
    sentences += [f"{u.question} {u.cheapest_way}" for u in told.unknown]
    sentences += [f"{s.title} {s.why}" for s in told.steps]
    return "\n".join(sentences)


def written_words() -> Iterator[tuple[bool, str]]:
    """Every text in the package's modules, docstrings aside, and its templates.

    With each, whether it stands where readings are told.
    """
    folder = Path(sayso.present.__file__).parent
    for path in folder.rglob("*.py"):
        tells = path.relative_to(folder).as_posix().startswith(TELLS_READINGS)
        tree = ast.parse(path.read_text("utf-8"))
        notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or id(node) in notes:
                continue
            if isinstance(node.value, str) and " " in node.value:
                yield tells, node.value
    for path in folder.rglob("*.html"):
        tells = path.name.startswith(("report", "charts"))
        yield tells, re.sub(r"(?s){[{%#].*?[}%#]}|<[^>]*>", " ", path.read_text("utf-8"))


def test_the_pretrial_sentence_comes_out_word_for_word() -> None:
    assert (
        "In view, 75 or 76 of 100 choices are the advice; hidden, 70. The advice moved at least "
        "about 6 in 100 (2 to 10) its way, net: one judge, these cases, randomised. There, but "
        "perhaps too small to matter."
    ) in said(pretrial())


def test_without_a_charter_the_judge_is_one_decider() -> None:
    reading = replace(pretrial(), charter=None)
    assert "net: one decider, these cases, randomised" in said(reading)


def test_a_table_that_names_nobody_takes_its_one_role_from_a_charter_of_few_people() -> None:
    reading = pretrial()
    unnamed = replace(reading, setting=replace(reading.setting, deciders=0))
    assert "net: one judge, these cases, randomised" in said(unnamed)


def test_a_table_that_names_nobody_is_not_called_one_deciders() -> None:
    reading = pretrial()
    unnamed = replace(reading, charter=None, setting=replace(reading.setting, deciders=0))
    assert "one decider" not in said(unnamed)
    assert "net: these cases, randomised" in said(unnamed)


def test_an_effect_that_fades_says_what_the_file_cannot_tell() -> None:
    text = said(pretrial())
    assert "The effect fades between the halves of the period" in text
    assert (
        "Hidden cases have become more like shown ones: people may have learned the advice, "
        "stopped reading it, or the cases changed; this file cannot say which."
    ) in text


def test_the_verdict_of_a_moved_bench_is_not_that_nothing_changes() -> None:
    told = findings(pretrial(), CONTEXT)
    assert "changes choices" in told.verdict.text
    assert "too little to matter" not in told.verdict.text


def test_a_net_effect_too_small_says_that_opposite_moves_can_cancel() -> None:
    reading = pretrial()
    judged = replace(
        reading.judgement, verdict=Verdict.TOO_SMALL, not_decorative=("kinds", "fading")
    )
    verdict = findings(replace(reading, judgement=judged), CONTEXT).verdict.text
    assert verdict.startswith("The net effect is too small to matter; opposite moves can cancel.")
    assert "faded" in verdict


def test_alike_is_never_said_without_in_what_was_recorded() -> None:
    assert "alike in what was recorded" in said(service_company())


@pytest.mark.parametrize("name", sorted(ALL))
def test_headings_have_at_most_twelve_words(name: str) -> None:
    for section in findings(ALL[name](), CONTEXT).sections:
        assert len(section.claim.text.split()) <= 12, section.claim.text


@pytest.mark.parametrize("seed", range(25))
def test_headings_of_any_reading_have_at_most_twelve_words(seed: int) -> None:
    for section in findings(random_reading(seed), CONTEXT).sections:
        assert len(section.claim.text.split()) <= 12, section.claim.text


def test_no_banned_word_is_written_anywhere_in_the_catalogue() -> None:
    for tells, words in written_words():
        bare = EXEMPT.sub("", words.lower())
        for banned in BANNED if tells else [b for b in BANNED if b not in OF_READINGS]:
            assert not re.search(rf"\b{re.escape(banned)}\b", bare), (banned, words)


def test_no_sentence_exclaims_or_uses_percent_in_prose() -> None:
    for _, words in written_words():
        assert "!" not in words.replace("<!doctype", ""), words
        if "%" in words and not words.startswith("<"):
            assert "95%" in words or "90%" in words, words


@pytest.mark.parametrize("seed", range(30))
def test_only_a_randomised_design_speaks_of_change(seed: int) -> None:
    reading = random_reading(seed)
    grades = {f.grade for f in reading.figures if f.measure == "influence"}
    if Grade.RANDOMISED in grades:
        return
    text = said(reading).replace("or the cases changed", "").replace("change your mind", "")
    assert not CAUSAL.search(text), CAUSAL.search(text)


def test_the_lead_findings_are_one_family() -> None:
    """A claim that stands alone may fall among others, and then drops one word."""
    weak = estimate(0.09, 0.052, 0.128, line=0.05)
    alone = figure("team-gap", weak, service_company().figures[0].unit.NET_SHARE, line=0.05)
    reading = replace(service_company(), figures=(alone,))
    assert findings(reading, CONTEXT).sections[0].word is Word.CLEAR
    others = tuple(
        figure("calibration-slope", estimate(1.0, 0.9, 1.1, line=0.05), alone.unit, line=0.05,
               reference=1.0, of=of)
        for of in ("ai", "people")
    )  # fmt: skip
    rows = tuple(
        figure("calibration", estimate(0.5, 0.4, 0.6), of=of, said="50.0")
        for of in ("ai", "people")
    )
    misses = tuple(
        figure("miscalibration", estimate(0.01, 0.0, 0.02, line=0.05), alone.unit, line=0.05,
               of=of, notes=(("p", 0.01),))
        for of in ("ai", "people")
    )  # fmt: skip
    crowd = replace(reading, figures=(alone, *others, *rows, *misses))
    found = {s.key: s.word for s in findings(crowd, CONTEXT).sections}
    assert found["alike"] is Word.LIKELY


def test_at_most_six_findings_lead() -> None:
    assert all(len(findings(random_reading(s), CONTEXT).leading) <= 6 for s in range(20))


def test_the_headline_is_the_claim_of_the_first_finding() -> None:
    told = findings(service_company(), CONTEXT)
    assert told.headline == told.sections[0].claim


def test_only_commands_that_exist_are_printed() -> None:
    known = ("sayso charter draft ", "sayso check", "sayso audit ", "sayso diff", "sayso accept ")
    for make in ALL.values():
        for step in findings(make(), CONTEXT).steps:
            assert not step.command or step.command.startswith(known)


def test_calibration_that_luck_explains_has_only_a_line() -> None:
    told = findings(ALL["card_game"](), CONTEXT)
    assert [line.key for line in told.lines] == ["calibration-ai"]


def test_nothing_is_said_of_agreement_without_its_limits() -> None:
    reading = service_company()
    kept = tuple(f for f in reading.figures if f.measure == "agreement" and not f.groups)
    text = said(replace(reading, figures=kept))
    assert "We cannot say how much of this is the AI’s doing" in text


@pytest.mark.parametrize("seed", range(25))
def test_few_people_are_named_in_the_sentence_itself(seed: int) -> None:
    reading = random_reading(seed)
    for section in findings(reading, CONTEXT).sections:
        if section.primary is None or section.primary.estimate is None:
            continue
        people = section.primary.estimate.people
        if people in (1, 3):
            assert "these cases" in section.lead[0].text
        if 5 <= people <= 9:
            assert f"from {people} " in section.lead[0].text


def reasons(*, dated: bool, money: bool) -> Reading:
    """Two reasons that stand, beside a value over all cases that could go either way."""
    reading = service_company()
    setting = reading.setting
    if not dated:
        setting = replace(setting, has=setting.has - {"reason_at"})
    unit = Unit.MONEY if money else Unit.NET_SHARE
    size = 100.0 if money else 1.0
    overall = estimate(-0.1 * size, -0.3 * size, 0.1 * size, 600, 40, line=0.01)
    figures = [
        figure("override-rate", estimate(0.19, 0.17, 0.21)),
        figure("override-right", estimate(0.45, 0.42, 0.49, 600, 40)),
        figure("override-value", overall, unit, word=Word.EITHER),
    ]
    for reason in ("customer described the fault", "known issue"):
        gain = estimate(0.4 * size, 0.3 * size, 0.5 * size, 150, 30, line=0.01)
        figures += [
            figure("override-value", gain, unit, word=Word.CLEAR, reason=reason),
            figure("override-right", estimate(0.7, 0.65, 0.75, 150, 30), reason=reason),
        ]
    return replace(
        reading,
        setting=replace(setting, loss_unit="EUR" if money else None),
        figures=tuple(figures),
    )


@pytest.mark.parametrize(
    ("dated", "money", "claim"),
    [
        (True, True, "Overruling the AI pays off for some reasons"),
        (False, True, "For some reasons, overruling cost less than the advice would have"),
        (False, False, "For some reasons, people were right more often than the AI"),
    ],
)
def test_a_claim_on_overruling_and_its_word_come_from_one_figure(
    dated: bool, money: bool, claim: str
) -> None:
    (section,) = (
        s for s in findings(reasons(dated=dated, money=money), CONTEXT).sections
        if s.key == "override"
    )  # fmt: skip
    assert section.claim.text == claim
    assert section.word in (Word.CLEAR, Word.LIKELY)
    assert section.primary is not None
    assert section.primary.group("reason") == "customer described the fault"
    if money:
        # The figure that carries the word is printed, not only the share beside it.
        assert "an overruled case cost €40 (30 to 50) less" in section.lead[1].text


def test_a_share_right_without_a_value_is_claimed_as_a_share() -> None:
    right = figure("override-right", estimate(0.7, 0.64, 0.76, 160), word=Word.CLEAR)
    never = figure("override-value", NotEnoughData(5, 0, "named deciders"), Unit.NET_SHARE)
    rate = figure("override-rate", estimate(0.24, 0.22, 0.27))
    reading = replace(service_company(), figures=(rate, never, right))
    (section,) = (s for s in findings(reading, CONTEXT).sections if s.key == "override")
    assert section.claim.text == "Where people overrule the AI, they are mostly right"
    assert "missing outcome" not in section.lead[0].text
    hidden = figure(
        "override-right", estimate(0.7, 0.64, 0.76, 160), word=Word.EITHER,
        notes=(("worst_low", 0.4), ("worst_high", 0.81)),
    )  # fmt: skip
    reading = replace(service_company(), figures=(rate, never, hidden))
    (section,) = (s for s in findings(reading, CONTEXT).sections if s.key == "override")
    assert section.claim.text == "Overruling the AI could pay off or cost"
    assert "each extreme, it lies between 40 and 81 in 100" in section.lead[0].text


@pytest.mark.parametrize(
    ("state", "claim"),
    [
        ("did not", "What the charter said would be different is not"),
        ("happened", "What the charter said would be different is different"),
    ],
)
def test_what_was_to_differ_is_said_to_differ_or_not(state: str, claim: str) -> None:
    shown = figure(
        "differently", estimate(0.26, 0.23, 0.30), check="Low stock no longer decides",
        notes=(("state", state), ("target", 0.35)),
    )  # fmt: skip
    reading = replace(service_company(), figures=(shown,))
    assert findings(reading, CONTEXT).sections[0].claim.text == claim


def test_worst_cases_are_said_only_where_an_outcome_is_missing() -> None:
    def told(low: float) -> str:
        moved = figure(
            "quality", estimate(0.06, 0.05, 0.07), Unit.NET_SHARE,
            notes=(("worst_low", low), ("worst_high", 0.07)), word=Word.LIKELY,
        )  # fmt: skip
        return said(replace(service_company(), figures=(moved,)))

    assert "every missing outcome" in told(0.01)
    assert "every missing outcome" not in told(0.05)


def test_people_are_named_once_where_figures_share_them() -> None:
    (section,) = (
        s for s in findings(reasons(dated=False, money=True), CONTEXT).sections
        if s.key == "override"
    )  # fmt: skip
    notes = " ".join(s.text for s in section.note)
    assert notes.count("39 people") <= 1


def test_agreement_of_quantities_says_how_near_it_counts() -> None:
    reading = ALL["house_prices"]()
    agreed = figure("agreement", estimate(0.38, 0.35, 0.41))
    text = said(replace(reading, figures=(*reading.figures, agreed)))
    assert "within a twentieth of the advice" in text
    assert "the same as the advice" not in text


@pytest.mark.parametrize(
    ("share", "says"),
    [
        (0.0, "Of 18 other cut dates, a gap as large shows at none."),
        (1 / 18, "Of 18 other cut dates, a gap as large shows at 1."),
        (1 / 3, "Of 18 other cut dates, a gap as large shows at 6."),
    ],
)
def test_other_cut_dates_are_counted_and_not_put_per_hundred(share: float, says: str):
    reading = service_company()
    other = figure("influence-placebo", estimate(share, share, share, 18, 0))
    figures = [f if f.measure != other.measure else other for f in reading.figures]
    assert says in said(replace(reading, figures=tuple(figures)))
