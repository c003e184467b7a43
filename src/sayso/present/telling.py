"""How this reading is told: the words for its people and teams, and its figures as numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isclose
from typing import TYPE_CHECKING

from sayso.declare.charter import FewDeciders
from sayso.domain.answer import Estimate, NotEnoughData, Population, Range
from sayso.domain.evidence import Word
from sayso.domain.figure import Figure, Unit
from sayso.present.numbers import MINUS, Printed, count, counted, key_of, printed
from sayso.present.sentence import Cited, say

if TYPE_CHECKING:
    from sayso.measure.profile import Profile
    from sayso.measure.reading import Reading
    from sayso.present.sentence import Sentence

PAST_LINE = (Word.CLEAR, Word.LIKELY)
THERE = (*PAST_LINE, Word.SMALL, Word.NOT_ZERO)

# Columns that already are the word for a team, with their plurals.
_TEAM_WORDS = {
    "branch": "branches",
    "clinic": "clinics",
    "country": "countries",
    "court": "courts",
    "department": "departments",
    "depot": "depots",
    "desk": "desks",
    "district": "districts",
    "hospital": "hospitals",
    "office": "offices",
    "plant": "plants",
    "region": "regions",
    "school": "schools",
    "shop": "shops",
    "site": "sites",
    "station": "stations",
    "store": "stores",
    "unit": "units",
    "ward": "wards",
}
NO_REASON = "none given"
# What lies below and above zero where a figure says what was saved or gained.
_SIDES = {
    Unit.MONEY: ("more", "less"),
    Unit.NET_SHARE: ("less often", "more often"),
    Unit.SHARE: ("less often", "more often"),
    Unit.AMOUNT: ("further off", "nearer"),
}


@dataclass(frozen=True, slots=True)
class Telling:
    """A reading with the words it is told in.

    Attributes:
        reading: Figures and frame.
        decider: One of the people who decide, such as "judge".
        deciders: Several of them.
        team: One team, such as "depot".
        teams: Several.
    """

    reading: Reading
    decider: str
    deciders: str
    team: str
    teams: str

    def figure(self, measure: str, **groups: str) -> Figure | None:
        """A figure that has a value to show, or None."""
        found = self.reading.figure(measure, **groups)
        return found if found is not None and found.estimate is not None else None

    def shown(self, measure: str, by: str | None = None) -> tuple[Figure, ...]:
        """Figures of a measure that may be listed: with a value, or not enough yet."""
        return tuple(f for f in self.reading.all_of(measure, by) if not f.hidden)

    def with_value(self, measure: str, by: str | None = None) -> tuple[Figure, ...]:
        """Figures of a measure that have a value to show."""
        return tuple(f for f in self.reading.all_of(measure, by) if f.estimate is not None)

    def number(self, figure: Figure, *, size: bool = False, column: bool = False) -> Printed:
        """A figure's value and range, ready to print.

        Raises:
            ValueError: If the figure has no value to show.
        """
        setting = self.reading.setting
        charter = self.reading.charter
        quantity = charter.quantity.unit if charter and charter.quantity else ""
        return printed(
            estimate_of(figure),
            figure.unit,
            money=setting.loss_unit,
            amount=quantity,
            size=size,
            column=column,
        )

    def cite(self, figure: Figure, *, size: bool = False) -> Cited:
        """A figure in full: "8 in 100 (5 to 10)"."""
        return Cited(self.number(figure, size=size).full, key_of(figure))

    def times(self, figure: Figure) -> Cited:
        """How often, in full: "23 times in 100 (21 to 26)"."""
        number = self.number(figure)
        return Cited(f"{number.value} times{number.unit} ({number.span})", key_of(figure))

    def bare_times(self, figure: Figure) -> Cited:
        """How often, for headings: "23 times in 100"."""
        number = self.number(figure)
        return Cited(f"{number.value} times{number.unit}", key_of(figure))

    def bare_value(self, figure: Figure) -> Cited:
        """A figure's value without unit or range, for headings."""
        return Cited(self.number(figure).value, key_of(figure))

    def bare(self, figure: Figure, *, size: bool = False) -> Cited:
        """A figure's value alone, for headings whose paragraph gives the range."""
        return Cited(self.number(figure, size=size).single, key_of(figure))

    def value_of(self, figure: Figure, *, size: bool = False) -> Cited:
        """A figure's value and range without its unit: "8 (5 to 10)"."""
        number = self.number(figure, size=size)
        return Cited(replace(number, unit="").full, key_of(figure))

    def between(self, figure: Figure) -> Cited:
        """A figure's range alone: "−2 and 10 in 100"."""
        number = self.number(figure)
        return Cited(f"{number.low} and {number.high}{number.unit}", key_of(figure))

    def ends(self, figure: Figure, *, sides: tuple[str, str] | None = None) -> Cited:
        """The range of what was saved or gained, in words that need no sign.

        "€40 more and €12 less" of costs, "4 in 100 less often and 6 in 100 more often" of shares.

        Args:
            figure: With a value to show.
            sides: Words for below and above zero; those of the figure's unit where not given.
        """
        number, estimate = self.number(figure), estimate_of(figure)
        below, above = sides or _SIDES.get(figure.unit, _SIDES[Unit.AMOUNT])
        ends = (
            f"{replace(number, value=text.removeprefix(MINUS)).single} {below if end < 0 else above}"
            for text, end in ((number.low, estimate.low), (number.high, estimate.high))
        )
        return Cited(" and ".join(ends), key_of(figure))

    def noted(self, figure: Figure, text: str) -> Cited:
        """A number that a figure carries among its notes."""
        return Cited(text, key_of(figure))

    def unit_of(self, figure: Figure) -> str:
        """The head of a value column."""
        match figure.unit:
            case Unit.SHARE | Unit.NET_SHARE:
                return "per 100"
            case Unit.MONEY:
                return f"{self.reading.setting.loss_unit or ''} a case".strip()
            case Unit.AMOUNT:
                charter = self.reading.charter
                return charter.quantity.unit if charter and charter.quantity else "a case"
            case Unit.SECONDS:
                return "seconds"
            case Unit.COEFFICIENT | Unit.COUNT:
                return "value"

    def counted(self, figure: Figure, of: str = "cases") -> str:
        """Cases and people behind a figure."""
        return counted(estimate_of(figure), of=of, people=self.deciders)

    @property
    def kind_label(self) -> str:
        """What stands before a kind of case: the input it comes from, where it is one."""
        charter = self.reading.charter
        kinds = charter.kinds if charter is not None else ()
        return f"{kinds[0].replace('_', ' ')}: " if len(kinds) == 1 else "Kind: "

    def who(self, figure: Figure) -> str:
        """Of whom a figure speaks: "one judge, these cases" or "39 dispatchers"."""
        estimate = estimate_of(figure)
        if estimate.population is Population.LIKE_THESE:
            return f"{count(estimate.people)} {self.deciders}"
        if self.is_one_decider(estimate):
            return f"one {self.decider}, these cases"
        if estimate.people >= 2:
            return f"these {count(estimate.people)} {self.deciders}, these cases"
        return "these cases"

    def is_one_decider(self, estimate: Estimate) -> bool:
        """Whether the table is one person's.

        A table that names nobody is taken as one person's where its charter says it covers few
        people and gives the one role that decides in the singular.
        """
        setting, charter = self.reading.setting, self.reading.charter
        if setting.deciders:
            return setting.deciders == 1 or estimate.people == 1
        if charter is None or setting.few_deciders is FewDeciders.REFUSE:
            return False
        decide = charter.rights.decide
        return len(decide) == 1 and _spoken(decide[0]) == _singular(_spoken(decide[0]))

    def population(self, figure: Figure) -> Sentence | None:
        """What must be said about whom a figure speaks of; None for ten people and more."""
        estimate = figure.estimate
        if estimate is None:
            return None
        if estimate.population is Population.THESE:
            if self.is_one_decider(estimate):
                return say("This speaks of one {who} and of these cases only.", who=self.decider)
            return say("This speaks of these people and these cases only.")
        if estimate.people < 10:
            return say("This comes from {n} {who}.", n=count(estimate.people), who=self.deciders)
        return None


def estimate_of(figure: Figure) -> Estimate:
    """The estimate of a figure that is known to have one.

    Raises:
        ValueError: If it has none that may be shown.
    """
    if figure.estimate is None:
        raise ValueError(f"{key_of(figure)} has no value to show")
    return figure.estimate


def how_many_more(answer: NotEnoughData) -> str:
    """What is missing until there is a value: "25 of the 30 cases needed"."""
    return f"{count(answer.have)} of the {count(answer.need)} {answer.of} needed"


def telling_of(reading: Reading, *, team_names: bool) -> Telling:
    """The reading in the words of its charter; teams lettered unless they agreed to be named.

    Args:
        reading: What was found.
        team_names: Whether teams are printed by name.
    """
    decide = reading.charter.rights.decide if reading.charter else ()
    role = _spoken(decide[0]) if len(decide) == 1 else ""
    singular = _singular(role) if role else "decider"
    team, teams = words_for_teams(reading.profile)
    kept = reading if team_names else _lettered(reading, team.capitalize())
    return Telling(kept, singular, _plural(singular) if role else "people", team, teams)


def _lettered(reading: Reading, word: str) -> Reading:
    """Every team under a letter, in the order in which its practice is drawn."""
    teams: list[str] = []
    ordered = sorted(
        (f for f in reading.figures if f.group("team") is not None),
        key=lambda f: f.estimate.value if f.estimate else float("inf"),
    )
    for figure in ordered:
        team = figure.group("team")
        if team is not None and team not in teams:
            teams.append(team)
    names = {team: f"{word} {_letter(i)}" for i, team in enumerate(teams)}

    def renamed(figure: Figure) -> Figure:
        groups = tuple((n, names[v] if n == "team" else v) for n, v in figure.groups)
        return replace(figure, groups=groups) if figure.group("team") is not None else figure

    return replace(reading, figures=tuple(renamed(f) for f in reading.figures))


def _letter(index: int) -> str:
    """A to Z, then AA to AZ and on."""
    text = chr(ord("A") + index % 26)
    return text if index < 26 else _letter(index // 26 - 1) + text


def words_for_teams(profile: Profile) -> tuple[str, str]:
    """One team and several, by the name of the team column where that is a word for it."""
    column = (profile.column_of("team") or "").lower()
    return (column, _TEAM_WORDS[column]) if column in _TEAM_WORDS else ("team", "teams")


def _spoken(role: str) -> str:
    return role.replace("-", " ").replace("_", " ").strip().lower()


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _plural(word: str) -> str:
    if word in ("person", "salesperson"):
        return f"{word[:-6]}people"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"


def is_share(figure: Figure) -> bool:
    """Whether a figure can be told as so many in a hundred."""
    return figure.unit in (Unit.SHARE, Unit.NET_SHARE)


def noted_number(figure: Figure | None, name: str) -> float | None:
    """A number among a figure's notes, or None."""
    value = figure.note(name) if figure is not None else None
    return float(value) if isinstance(value, int | float) else None


def worst_case(figure: Figure) -> Figure | None:
    """The figure with missing outcomes at each extreme; None where none are missing."""
    low, high = noted_number(figure, "worst_low"), noted_number(figure, "worst_high")
    estimate = estimate_of(figure)
    if low is None or high is None or low >= high:
        return None
    if isclose(low, estimate.low, abs_tol=1e-6) and isclose(high, estimate.high, abs_tol=1e-6):
        return None
    return replace(figure, answer=replace(estimate, r95=Range(low, high)))
