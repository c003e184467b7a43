"""What would help most: one rule, knowing more, or a better model, side by side and never added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso.align.round_reading import HelpMost
from sayso.domain.answer import Estimate
from sayso.domain.evidence import Word
from sayso.domain.figure import Unit
from sayso.domain.grade import Grade
from sayso.present.numbers import count
from sayso.present.rounds.telling import figure_of, missing, people
from sayso.present.section import (
    DotChart,
    DotRow,
    Line,
    MapRow,
    Row,
    RowChart,
    Section,
    TableChart,
)
from sayso.present.sentence import Tone, joined, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.align.round_reading import Help
    from sayso.domain.figure import Figure
    from sayso.present.rounds.telling import RoundTelling
    from sayso.present.sentence import Sentence

MORE_THAN_ALL = "Agreeing one rule would help more than any data or better model"
MORE_THAN_MODEL = "Agreeing one rule would help more than a better model"
WORTH = "One rule for all would bring {rule} {per}"
EITHER = "What one rule for all would bring could go either way"
NOTHING = "One rule for all would bring too little to matter"
RULE, INFORMATION, BETTER = "Agree one rule", "Know everything beforehand", "Improve the model"
RULE_SUB = "instead of each deciding by their own weights"
INFORMATION_SUB = "the most that any data could bring"
BETTER_SUB = "one that settles {share} of 100 of what is left to know"
TITLE = "What each could bring, in {unit} {per}"
SUBTITLE = "Each dot is a 1-in-20 chance. Left of the dashed line it would cost."
OVERLAP = "They overlap, so do not add them."
LEAD = "By the weights that you hold on average, one rule for all is worth {rule} {per}, against each deciding by their own."
SECOND = "Perfect foresight could bring {information}, and a better model {model}, at the most."
PER = {"month": "a month", "100 cases": "per 100 cases"}
SETTLE = "Settle first: the weight of {name}."
INPUTS_TITLE = "What going by one input alone could bring"
INPUTS_SUB = "{unit} {per}, the most that it could, against one answer for all cases"
NOTE = "{cases} live cases, weights of {people}."
SPLIT = "Choices were made by one half of the outcomes and scored by the other, so that luck does not look like value."
UNSPLIT = (
    "Outcomes were too few to choose by one half and score by the other; these figures lean high."
)
FORWARD = "This looks forward, so no word here is stronger than “Likely”."
TERM = "Expected value of clarity (one rule), of perfect information, of a better model; twenty quantiles."
NO_HELP = "What would help most: {why}"
FORESIGHT = "Knowing everything beforehand could bring {information} {per}"
FORESIGHT_NOTHING = "Knowing everything beforehand would bring too little to matter"
FORESIGHT_EITHER = "What knowing everything beforehand would bring could go either way"
FORESIGHT_LEAD = (
    "Perfect foresight could bring {information} {per}, and a better model {model}, at the most. What "
    "one rule for all would bring is not told, as no case depends on whose weights count but for one "
    "of you at most."
)


REGRET = "What each of you would lose where another decides"
REGRET_LEAD = (
    "So few of you answered that nothing here has a range; these are the losses themselves, each "
    "judged by one’s own weights. Who is who is not told."
)
REGRET_SUB = "{unit} {per}; a row is one of you, a column the one who decides"
ONE_OF_YOU = "One of you, {letter}"
WHERE = "{letter} decides"


def help_most(telling: RoundTelling) -> Section | Line:
    """What would help most, in one unit."""
    found = telling.reading.help_most
    if not isinstance(found, HelpMost):
        return Line(key="help", says=say(NO_HELP, why=missing(found)))
    rule, information, model = (
        _figure("rule", found.rule, found),
        _figure("information", found.information, found),
        _figure("model", found.model, found),
    )
    per = PER.get(found.per, f"per {found.per}")
    idle = telling.reading.decorative
    alone = idle is not None and not idle.flips
    told = information if alone else rule
    if found.regret and not alone:
        return _regrets(found, per)
    if told.estimate is None or (alone and model.estimate is None):
        return Line(key="help", says=say(NO_HELP, why=missing(told.answer)))
    lead = [
        say(
            FORESIGHT_LEAD,
            information=telling.cite(information),
            model=telling.cite(model),
            per=per,
        )
        if alone
        else say(LEAD, rule=telling.cite(rule), per=per)
    ]
    if not alone and information.estimate is not None and model.estimate is not None:
        lead.append(say(SECOND, information=telling.cite(information), model=telling.cite(model)))
    first = found.settle_first[0] if found.settle_first else None
    # Where another weight alone would leave fewer such cases, the two would seem to disagree.
    most = getattr(telling.reading.flips, "most", None)
    if (
        not alone
        and first is not None
        and most in (None, first[0])
        and isinstance(first[1].answer, Estimate)
        and first[1].answer.value > 0
    ):
        lead.append(say(SETTLE, name=first[0]))
    unit = "€" if found.unit == "EUR" else found.unit
    share = count(found.model_share * 100)
    rows = (
        (RULE, RULE_SUB, Tone.PEOPLE, found.rule, rule),
        (INFORMATION, INFORMATION_SUB, Tone.BOTH, found.information, information),
        (BETTER, BETTER_SUB.format(share=share), Tone.AI, found.model, model),
    )
    charts: list[DotChart | RowChart] = [
        DotChart(
            title=say(TITLE, unit=unit, per=per),
            subtitle=SUBTITLE,
            value_head=f"{unit} {per}",
            rows=tuple(
                DotRow(label=label, sub=sub, figure=figure, tone=tone, dots=part.dots)
                for label, sub, tone, part, figure in (rows[1:] if alone else rows)
            ),
            source=OVERLAP,
        )
    ]
    inputs = [(n, h) for n, h in found.inputs if isinstance(h.answer, Estimate)]
    if inputs:
        charts.append(
            RowChart(
                title=say(INPUTS_TITLE),
                subtitle=INPUTS_SUB.format(unit=unit, per=per),
                head="Input",
                value_head=f"{unit} {per}",
                rows=tuple(
                    Row(
                        label=name.replace("_", " "),
                        figure=_figure("input", part, found, ("input", name)),
                        tone=Tone.BOTH,
                    )
                    for name, part in inputs
                ),
                wide=True,
            )
        )
    claim = (
        _foresight(telling, found, information, per) if alone else _claim(telling, found, rule, per)
    )
    return Section(
        key="help",
        claim=claim.says,
        lead=(joined(*lead),),
        charts=tuple(charts),
        note=(
            say(NOTE, cases=count(found.cases), people=people(found.people)),
            say(SPLIT if found.split else UNSPLIT),
            say(FORWARD),
        ),
        term=TERM,
        word=claim.word,
        primary=told,
    )


def _figure(name: str, part: Help, found: HelpMost, group: tuple[str, str] | None = None) -> Figure:
    money = found.numeraire is not None
    return figure_of(
        f"help-{name}",
        part.answer,
        unit=Unit.MONEY if money else Unit.AMOUNT,
        grade=Grade.ASSOCIATION,
        word=part.word,
        groups=(group,) if group else (),
        notes=(("per", found.per), ("unit", found.unit))
        + ((("raw", part.raw),) if part.raw is not None else ()),
    )


def _claim(telling: RoundTelling, found: HelpMost, rule: Figure, per: str) -> _Claim:
    """What stands against luck, and nothing else; the word is that of what is claimed."""
    if found.rule.word is Word.TOO_SMALL:
        return _Claim(say(NOTHING), found.rule.word)
    if _above(found.over_information):
        return _Claim(say(MORE_THAN_ALL), found.over_information.word)
    if _above(found.over_model):
        return _Claim(say(MORE_THAN_MODEL), found.over_model.word)
    if isinstance(found.rule.answer, Estimate) and found.rule.answer.low > 0:
        return _Claim(say(WORTH, rule=telling.bare(rule), per=per), found.rule.word)
    return _Claim(say(EITHER), found.rule.word)


def _foresight(telling: RoundTelling, found: HelpMost, information: Figure, per: str) -> _Claim:
    """What is claimed where one rule for all is not told of."""
    estimate = information.estimate
    if found.information.word is Word.TOO_SMALL:
        return _Claim(say(FORESIGHT_NOTHING), found.information.word)
    if estimate is not None and estimate.low > 0:
        claim = say(FORESIGHT, information=telling.bare(information), per=per)
        return _Claim(claim, found.information.word)
    return _Claim(say(FORESIGHT_EITHER), found.information.word)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What is claimed, and how sure that is."""

    says: Sentence
    word: Word


def _above(part: Help) -> bool:
    return isinstance(part.answer, Estimate) and part.answer.low > 0


def _regrets(found: HelpMost, per: str) -> Section:
    """What one loses where another decides; for a few people who agreed to be so few."""
    unit = "€" if found.unit == "EUR" else found.unit
    letters = [chr(ord("A") + place) for place in range(len(found.regret))]
    return Section(
        key="help",
        claim=say(REGRET),
        lead=(say(REGRET_LEAD),),
        charts=(
            TableChart(
                title=say(REGRET),
                subtitle=REGRET_SUB.format(unit=unit, per=per),
                corner="By whose weights",
                heads=tuple(WHERE.format(letter=letter) for letter in letters),
                rows=tuple(
                    MapRow(
                        label=ONE_OF_YOU.format(letter=letter),
                        figures=(),
                        values=tuple(count(value) for value in regret_shown(row)),
                    )
                    for letter, row in zip(letters, found.regret, strict=True)
                ),
            ),
        ),
        note=(say(NOTE, cases=count(found.cases), people=people(found.people)),),
        term="Matrix of regrets; no range is made of so few.",
        leads=False,
    )


def regret_shown(row: Sequence[float]) -> tuple[float, ...]:
    """Losses at two significant figures, as everywhere money is told."""
    return tuple(float(f"{value:.2g}") for value in row)
