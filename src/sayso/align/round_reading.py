"""What a round says, as values: figures and facts only; the sentences are made in ``present``.

Nothing in here tells who said what: answers of people are counted under complementary hiding, shown
as a spread, or pooled. Filled by ``align/read_round.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sayso.align.counts import Counted, Spread
    from sayso.domain.answer import Answer, CannotTell, NotEnoughData
    from sayso.domain.charter_ref import CharterRef
    from sayso.domain.evidence import Word


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightReading:
    """What people say one consideration weighs.

    Attributes:
        name: The consideration.
        spread: People's weights in points of 100, as far as they may be shown.
    """

    name: str
    spread: Spread | NotEnoughData


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReading:
    """Whether people put what matters in the same order, and the order nearest to all of theirs.

    Attributes:
        people: People whose weights are known, >= 2.
        w: Kendall's W: 0 where orders cancel out, 1 where all are alike.
        by_chance: W that people who order at random have on average, 1 / people.
        spearman: Mean rank correlation of two people, -1..1; 0 by chance.
        p: P of as much agreement by chance.
        order: The Kemeny order of considerations, the weightiest first; empty beyond 15, or where
            everybody weighs everything alike.
        runner_up: The next nearest order.
        against: Pairs that people order the other way than ``order``, summed over people.
        margin: How many more the runner-up has; 0 where two orders are equally near.
        pairs: Pairs that people order at all, summed over people; ties left out.
        but_one: Whether all orders are alike, or all but one person's; then no figure of it may be
            shown, as it would tell which of the two.
    """

    people: int
    w: float
    by_chance: float
    spearman: float
    p: float
    order: tuple[str, ...]
    runner_up: tuple[str, ...]
    against: float
    margin: float
    pairs: float
    but_one: bool = False

    @property
    def tied(self) -> bool:
        """Whether another order is just as near."""
        return self.margin == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """In how many cases people would choose differently, each by their own weights.

    Attributes:
        live: Whether the cases are live ones; otherwise they are those of the round, which were
            picked to tell views apart, and sentences say "of the cases asked".
        two: Share of cases in which two people drawn at random would choose differently.
        anybody: Share of cases in which anybody's choice differs from another's.
        two_a_month: The first in cases a month; CannotTell without dates or live cases.
        anybody_a_month: The second in cases a month.
        settled: For each consideration, the share of cases of ``two`` that would be left if
            people agreed on its weight alone; in the order of the considerations.
        most: The consideration whose weight makes most flips; None where no weight alone does.
        cases: Cases looked at.
        people: People whose weights are known.
    """

    live: bool
    two: Answer
    anybody: Answer
    two_a_month: Answer
    anybody_a_month: Answer
    settled: tuple[tuple[str, float], ...]
    most: str | None
    cases: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decorative:
    """People weigh things differently, and no case looked at depends on it: stop arguing.

    Of a round it is read so that one person alone does not show: without them at most.

    Attributes:
        differ: Whether people's weights differ at all (by more than a point of 100).
        flips: Whether any case depends on it.
        cases: Cases looked at.
        distinct: How many of them differ from each other in what options bring; alike cases say
            the same thing twice, so only these count for the range.
        at_most: Share of such cases that might flip between these people after all, with 95 %
            confidence; None where a case does flip.
        live: Whether the cases are live ones.
    """

    differ: bool
    flips: bool
    cases: int
    distinct: int
    at_most: float | None
    live: bool

    @property
    def decorative(self) -> bool:
        """Whether the disagreement changes no case."""
        return self.differ and not self.flips


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """Why two people answered the same case differently: they read it, or want, differently.

    The five shares are of the times two people chose differently, and sum to 1.

    Attributes:
        differently: Share of (pair of people, case) in which the two chose differently.
        reading: They would agree if one held the other's beliefs, not if one held the other's
            weights.
        wanting: They would agree if one held the other's weights, not the other's beliefs.
        either: Either of the two would do.
        both: Only both together would do.
        unfollowed: The choice of at least one does not follow from what they said, so neither
            would tell.
        pairs: Times that two people chose differently and both said what they believe and want.
        cases: Cases in which that happened.
        people: People behind them.
    """

    differently: Answer
    reading: Answer
    wanting: Answer
    either: Answer
    both: Answer
    unfollowed: Answer
    pairs: int
    cases: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wobble:
    """How often the same person answers the same case differently when asked again.

    Attributes:
        share: Share of repeated cases answered differently, pooled over people.
        between: Share of pairs of people who differ on those cases, one asked first and the other
            again.
        beyond: ``between`` minus ``share``: what people differ by, beyond their own wobble.
        pairs: Repeated cases answered twice, over all people.
        people: People behind them.
    """

    share: Answer
    between: Answer
    beyond: Answer
    pairs: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealedWeight:
    """What choices in the table follow of one consideration, beside what people say.

    Attributes:
        name: The consideration.
        stated: Mean stated weight, 0..1.
        revealed: The weight that fits the choices, 0..1.
        gap: ``revealed`` minus ``stated``.
        differs: Whether the gap stands against luck, in the family of all considerations (Holm).
    """

    name: str
    stated: float
    revealed: Answer
    gap: Answer
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """Stated against revealed weights.

    Attributes:
        weights: In the order of the considerations.
        angle: Angle between stated mean and revealed weights in degrees, 0..90.
        by_chance: Angle in degrees that luck alone gives about, where they are the same.
        against: Considerations that choices go against; their weight is shown as 0.
        cases: Decided cases in the table.
        deciders: People who decided them.
    """

    weights: tuple[RevealedWeight, ...]
    angle: Answer
    by_chance: float
    against: tuple[str, ...]
    cases: int
    deciders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What one thing could bring, in the unit and per the period of ``HelpMost``.

    Attributes:
        answer: The value with its ranges, or why there is none.
        dots: Twenty quantiles (i + .5) / 20 of what it could be, rising; empty without a range.
        word: Evidence word, Likely at most: this looks forward.
        raw: The value before it was held to 0: chosen on one half of the cases and scored on the
            other, it may come out below. Equal to the answer's value otherwise; None without one.
    """

    answer: Answer
    dots: tuple[float, ...]
    word: Word
    raw: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpMost:
    """What would help most, in one unit; the parts overlap and are never added.

    Attributes:
        unit: A currency, such as EUR, or "points" of 100.
        numeraire: The consideration whose money the unit is; None for points.
        per: "month", or "100 cases" where the table has no dates.
        rule: Agreeing on one rule (RULINGS 17), judged by the mean weights.
        information: The most that perfect information could save, beyond what is known of each
            case already, by one rule at the mean weights.
        model: The most that a better model could, which settles ``model_share`` of what is left.
        model_share: Share of the remaining uncertainty, 0..1; a supposition, always said.
        known: What going by what is known of each case brings against one answer for all cases.
        inputs: For each input, the most that going by it alone could, against one answer for all
            cases; by name, the largest first.
        settle_first: For each consideration, the value of learning the weight that counts, the
            largest first.
        joint: Weights and outcomes both known.
        interaction: joint - planner - information, of either sign.
        planner: Value of learning whose weights count; never worded as agreement.
        decider: Expected regret where a case meets a random person's weights.
        over_information: rule - information, compared within the same people and cases.
        over_model: rule - model, likewise.
        regret: What one loses where another chooses, by their own weights, per the same period;
            people in no order that means anything, shape (people, people). Given under five
            people only, where nothing has a range.
        split: Whether choices were made by one half of the cases and scored by the other.
        people: People whose weights are known.
        cases: Live cases.
        cannot_tell: What is missing for the parts that are missing.
    """

    unit: str
    numeraire: str | None
    per: str
    rule: Help
    information: Help
    model: Help
    model_share: float
    known: Help
    inputs: tuple[tuple[str, Help], ...]
    settle_first: tuple[tuple[str, Help], ...]
    joint: Help
    interaction: Help
    planner: Help
    decider: Help
    over_information: Help
    over_model: Help
    regret: tuple[tuple[float, ...], ...]
    split: bool
    people: int
    cases: int
    cannot_tell: tuple[CannotTell, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSplit:
    """How people chose in one case.

    Attributes:
        number: Its place in the order asked.
        facts: What people read about it.
        choices: Options counted, as far as they may be shown.
        believed: How often people believe it would happen, of 100 such cases; None where beliefs
            were not asked.
    """

    number: int
    facts: tuple[tuple[str, str], ...]
    choices: Counted
    believed: Spread | NotEnoughData | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundReading:
    """Everything a round says.

    Attributes:
        round_id: Its name.
        charter: The version people were asked about.
        question: The charter's question.
        options: Allowed answers.
        considerations: What matters, in the charter's order.
        sent: Answers sent.
        invited: Links made.
        owners: Whom people name as accountable; ``distinct`` says how many different names.
        purposes: What people say the decision is for.
        weights: Widest spread first; empty where nobody said.
        order: Whether people order what matters alike; refused under two people or two
            considerations.
        flips: In how many cases choices differ by people's weights.
        decorative: Whether weights differ and no case depends on it; None where no case has
            values.
        differing: Reading or wanting differently.
        wobble: Occasion noise.
        revealed: Stated against revealed weights.
        help_most: What would help most.
        splits: Choices by case, repeats left out, in the order asked: any other order would tell
            five of five from four of five.
        cases_a_month: Cases a month, where the table has dates.
    """

    round_id: str
    charter: CharterRef
    question: str
    options: tuple[str, ...]
    considerations: tuple[str, ...]
    sent: int
    invited: int
    owners: Counted
    purposes: Counted
    weights: tuple[WeightReading, ...]
    order: OrderReading | NotEnoughData
    flips: Flips | NotEnoughData | CannotTell
    decorative: Decorative | None
    differing: Differing | NotEnoughData | CannotTell
    wobble: Wobble | NotEnoughData | CannotTell
    revealed: Revealed | NotEnoughData | CannotTell
    help_most: HelpMost | NotEnoughData | CannotTell
    splits: tuple[CaseSplit, ...] = ()
    cases_a_month: float | None = None
