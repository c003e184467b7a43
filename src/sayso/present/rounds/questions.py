"""A round as a person answers it: one question a page, what was typed kept, minutes told."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from math import ceil
from typing import TYPE_CHECKING

from sayso.align.answers import NEAR_ENOUGH, points_given
from sayso.align.round import Form, purposes_of
from sayso.present.numbers import in_words
from sayso.present.pages import FormProblem
from sayso.present.round_form import (
    BELIEF,
    CHOICE,
    OWNER,
    OWNER_HINT,
    PAIRS,
    POINTS,
    POINTS_HINT,
    PURPOSE,
    brings_text,
    privacy_sentence,
    span_text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sayso.align.answers import AnswerProblem
    from sayso.align.round import Round, RoundCase

SOMETHING_ELSE = "Something else"
OTHER = "other"
SECONDS = {"who": 60, "weigh": 110, "case": 20, "check": 20}
SCALE = (
    ("9", "far more"),
    ("6", "much more"),
    ("3", "more"),
    ("1", "about the same"),
    ("1/3", "less"),
    ("1/6", "much less"),
    ("1/9", "far less"),
)
POINTS_IN_ALL = 100.0
ALL_GIVEN = "All 100 points are given."
LEFT = "{given} of 100 points given, {rest} left."
OVER = "{given} of 100 points given, {rest} too many."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One page of a round.

    Attributes:
        place: Its place, from 1.
        kind: "who", "weigh", "case" or "check".
        fields: Names of the fields it asks for.
        title: The question on top.
        case: The case, where it is one.
    """

    place: int
    kind: str
    fields: tuple[str, ...]
    title: str
    case: RoundCase | None = None


def asked_pages(round_: Round) -> tuple[Asked, ...]:
    """The pages of a round, in order; a last one to check and send."""
    pages = [Asked(place=1, kind="who", fields=("owner", "purpose", OTHER), title=OWNER)]
    things = len(round_.considerations)
    if things >= 2:
        if round_.form is Form.POINTS:
            fields = tuple(f"points-{i + 1}" for i in range(things))
            pages.append(Asked(place=2, kind="weigh", fields=("points", *fields), title=POINTS))
        else:
            pairs = combinations(range(1, things + 1), 2)
            fields = (*(f"pair-{i}-{j}" for i, j in pairs), "keep-pairs")
            pages.append(Asked(place=2, kind="weigh", fields=fields, title=PAIRS))
    pages += [
        Asked(
            place=len(pages) + i,
            kind="case",
            fields=(f"choice-{case.number}", f"belief-{case.number}"),
            title=round_.question or CHOICE,
            case=case,
        )
        for i, case in enumerate(round_.cases, 1)
    ]
    pages.append(Asked(place=len(pages) + 1, kind="check", fields=(), title="Check and send"))
    return tuple(pages)


def minutes(pages: Sequence[Asked]) -> int:
    """Minutes that pages take, at least one."""
    return max(1, ceil(sum(SECONDS[page.kind] for page in pages) / 60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer to pick, with what it would bring."""

    value: str
    label: str
    sub: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        """Its value, and all that is read of it."""
        return self.value, f"{self.label}: {self.sub}" if self.sub else self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One thing to weigh, or one pair of them."""

    field: str
    name: str
    span: str
    typed: str
    other: str = ""
    other_span: str = ""

    @property
    def scale(self) -> tuple[tuple[str, str], ...]:
        """From far more than the other to far less, as values and words."""
        other = f"{self.other}, {self.other_span}"
        return tuple((v, f"{says} {'as' if v == '1' else 'than'} {other}") for v, says in SCALE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedView:
    """One page as its template prints it.

    Attributes:
        page: The page.
        progress: Where the person is, in words.
        action: Where the form goes.
        question: The charter's question.
        points: Whether things are weighed by points, rather than in pairs.
        typed: What was typed, by field.
        purposes: Purposes to pick.
        weighed: Things or pairs to weigh.
        sum: What the points add up to so far, in words.
        options: Options of the case.
        facts: What is known of the case.
        belief: The question about what would happen; "" for none.
        keep: Whether contradicting comparisons may be kept.
        left: Pages that are not answered, as (place, title) pairs; for the last page.
        back: Address of the page before; "" for none.
    """

    page: Asked
    progress: str
    action: str
    question: str
    points: bool
    typed: Mapping[str, str]
    purposes: tuple[Option, ...] = ()
    weighed: tuple[Weighed, ...] = ()
    sum: str = ""
    options: tuple[Option, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    belief: str = ""
    keep: bool = False
    left: tuple[tuple[int, str], ...] = ()
    back: str = ""
    hints: Mapping[str, str] = field(default_factory=dict[str, str])


def asked_view(
    round_: Round,
    place: int,
    typed: Mapping[str, str],
    *,
    base: str,
    missing: Sequence[str] = (),
    problems: Sequence[AnswerProblem] = (),
) -> AskedView:
    """One page with what was typed so far.

    Args:
        round_: The round.
        place: The page's place; beyond the ends, the nearest.
        typed: What was typed, by field.
        base: Address of the round.
        missing: Fields that are not answered, for the last page.
        problems: What is wrong on this page.
    """
    pages = asked_pages(round_)
    page = pages[min(max(place, 1), len(pages)) - 1]
    left = minutes(pages[page.place - 1 :])
    steps = f"{page.place} of {len(pages)}"
    return AskedView(
        page=page,
        progress=f"{steps}, about {in_words(left)} {'minute' if left == 1 else 'minutes'} left",
        action=f"{base}/answer/{page.place}",
        question=round_.question,
        points=round_.form is Form.POINTS,
        typed=typed,
        back=f"{base}/answer/{page.place - 1}" if page.place > 1 else "",
        hints={"owner": OWNER_HINT, "weigh": POINTS_HINT, "privacy": privacy_sentence(round_)},
        keep=any(p.keepable for p in problems),
        purposes=_purposes(round_),
        weighed=_weighed(round_, typed) if page.kind == "weigh" else (),
        sum=points_sum(round_, typed) if page.kind == "weigh" else "",
        options=_options(round_, page.case),
        facts=page.case.facts if page.case else (),
        belief=BELIEF.format(event=round_.event) if round_.event and page.case else "",
        left=_left(pages, missing),
    )


def _purposes(round_: Round) -> tuple[Option, ...]:
    """What the decision may be for; picked, so that answers can be counted."""
    return (
        *(Option(value=name, label=name[:1].upper() + name[1:]) for name in purposes_of(round_)),
        Option(value=OTHER, label=SOMETHING_ELSE),
    )


def purpose_asked() -> str:
    """The question about purpose."""
    return PURPOSE


def _weighed(round_: Round, typed: Mapping[str, str]) -> tuple[Weighed, ...]:
    things = round_.considerations
    if round_.form is Form.POINTS:
        return tuple(
            Weighed(
                field=f"points-{i}",
                name=c.name,
                span=span_text(c),
                typed=typed.get(f"points-{i}", ""),
            )
            for i, c in enumerate(things, 1)
        )
    return tuple(
        Weighed(
            field=f"pair-{i}-{j}",
            name=things[i - 1].name,
            span=span_text(things[i - 1]),
            other=things[j - 1].name,
            other_span=span_text(things[j - 1]),
            typed=typed.get(f"pair-{i}-{j}", ""),
        )
        for i, j in combinations(range(1, len(things) + 1), 2)
    )


def points_sum(round_: Round, typed: Mapping[str, str]) -> str:
    """How many of the points are shared out so far, in a sentence; "" where there are none."""
    if round_.form is not Form.POINTS or not round_.considerations:
        return ""
    given = points_given(round_, typed)
    if abs(given - POINTS_IN_ALL) < NEAR_ENOUGH:
        return ALL_GIVEN
    left = POINTS_IN_ALL - given
    return (LEFT if left > 0 else OVER).format(given=_points(given), rest=_points(abs(left)))


def _points(number: float) -> str:
    return f"{number:,.1f}".removesuffix(".0")


def _options(round_: Round, case: RoundCase | None) -> tuple[Option, ...]:
    if case is None:
        return ()
    return tuple(
        Option(
            value=option,
            label=option[:1].upper() + option[1:],
            sub=brings_text(round_, case, place),
        )
        for place, option in enumerate(round_.options)
    )


def _left(pages: Sequence[Asked], missing: Sequence[str]) -> tuple[tuple[int, str], ...]:
    gone = set(missing)
    return tuple(
        (page.place, _named(page)) for page in pages if any(f in gone for f in page.fields)
    )


def _named(page: Asked) -> str:
    match page.kind:
        case "who":
            return "Who is accountable, and what it is for"
        case "weigh":
            return "What matters"
        case _:
            return f"Case {page.case.number}" if page.case else page.title


def labelled(round_: Round, fields: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What was typed, each beside what it answers in words, in the order asked."""
    asks = {"owner": OWNER, "purpose": PURPOSE}
    for each in _weighed(round_, fields):
        asks[each.field] = f"{each.name} against {each.other}" if each.other else each.name
    for case in round_.cases:
        asks[f"choice-{case.number}"] = f"Case {case.number}"
        asks[f"belief-{case.number}"] = f"Case {case.number}, of 100"
    return tuple((asks[name], fields[name]) for name in asks if fields.get(name, "").strip())


def on_page(page: Asked, problems: Sequence[AnswerProblem]) -> tuple[AnswerProblem, ...]:
    """The problems that this page can mend."""
    return tuple(p for p in problems if p.field in page.fields)


def as_form_problems(
    problems: Sequence[AnswerProblem], page: Asked | None = None
) -> tuple[FormProblem, ...]:
    """Problems as a form's summary names them; those of other pages lead nowhere on this one."""
    here = () if page is None else page.fields
    return tuple(
        FormProblem(
            ("points-1" if p.field == "points" else p.field) if p.field in here else "", str(p)
        )
        for p in problems
    )


def typed_on(page: Asked, fields: Mapping[str, str]) -> dict[str, str]:
    """What was typed on a page, by the round's own fields.

    A purpose in the person's own words is posted as ``other``, beside the choice of it or with
    nothing chosen. It is kept as it was typed whatever is chosen, so that it is there again.
    """
    typed = {name: fields[name] for name in page.fields if name in fields}
    if typed.get("purpose", "") in ("", OTHER) and typed.get(OTHER, "").strip():
        typed["purpose"] = typed[OTHER]
    elif typed.get("purpose", "") == OTHER:
        typed["purpose"] = ""
    if page.kind == "weigh" and "keep-pairs" in page.fields:
        typed.setdefault("keep-pairs", "")
    return typed
