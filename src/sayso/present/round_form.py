"""A round on paper: one form a person, to be printed and filled in by hand."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib import resources
from itertools import combinations
from math import ceil
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sayso.align.round import Form, purposes_of
from sayso.present.numbers import MINUS, in_words, on_day
from sayso.present.round_notice import last_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sayso.align.considerations import Consideration
    from sayso.align.round import Round, RoundCase

SHARE = "share"
OWNER = "Who is accountable for this decision?"
OWNER_HINT = "One name. If it goes wrong on Friday, whose phone rings?"
PURPOSE = "What is this decision for, most of all?"
PURPOSE_HINT = "One of these, or your own words."
POINTS = "Share out 100 points over what matters."
POINTS_HINT = (
    "Give most to the change from worst to best that you would want first, none to one that does "
    "not matter to you. The points add to 100."
)
PAIRS = "Which of the two changes matters more, and how many times as much?"
PAIRS_HINT = "1 where both matter the same; below 1 where the second matters more, such as 0.5."
CHOICE = "What would you choose?"
BELIEF = "Of 100 cases like this, in how many would this be so: {event}?"


def round_form_html(round_: Round, codes: Sequence[str] = ()) -> str:
    """The form as one page of HTML that prints on A4; the same round gives the same bytes.

    Args:
        round_: The round.
        codes: One code a person, each on its own form; one form with an empty line where none.
    """
    style = _style()
    return (
        _templates()
        .get_template("round_form.html")
        .render(
            form=_form(round_),
            codes=tuple(codes) or ("",),
            style=Markup(style),
            style_hash=b64encode(sha256(style.encode()).digest()).decode(),
        )
    )


def amount_text(amount: float, unit: str) -> str:
    """An amount as a person reads it: "310 EUR", "0.5", "90 of 100".

    Examples:
        >>> amount_text(310.0, "EUR"), amount_text(0.25, ""), amount_text(0.9, "share")
        ('310 EUR', '0.25', '90 of 100')
    """
    if unit == SHARE:
        return amount_text(round(100 * amount, 6), "of 100")
    digits = f"{amount + 0.0:,.6f}".rstrip("0").rstrip(".").replace("-", MINUS)
    return f"{digits} {unit}".strip()


def minutes_of(round_: Round) -> int:
    """Minutes that a round takes one person."""
    return minutes_for(weighs=bool(round_.considerations), cases=len(round_.cases))


def minutes_for(*, weighs: bool, cases: int) -> int:
    """Minutes that so many questions take one person.

    Args:
        weighs: Whether things are weighed.
        cases: Cases asked, repeats included.
    """
    return max(2, ceil((80 + (110 if weighs else 0) + 20 * cases) / 60))


def span_text(consideration: Consideration) -> str:
    """From where to where something may change: "from 310 EUR at worst to 0 EUR"."""
    unit = consideration.unit
    return (
        f"from {amount_text(consideration.worst, unit)} at worst "
        f"to {amount_text(consideration.best, unit)}"
    )


def privacy_sentence(round_: Round) -> str:
    """What happens with the answers, in words that hold for every way of giving them."""
    return (
        "Nobody is told who said what. Results open to everybody at once when the round is over, "
        f"on {on_day(round_.closes)} at the latest, and only if {in_words(round_.least)} have "
        "answered."
    )


def _form(round_: Round) -> dict[str, Any]:
    """Everything the template prints; of any type, as Jinja takes it."""
    numbered = iter(range(1, 100))
    points = round_.form is Form.POINTS
    return {
        "id": round_.id,
        "question": round_.question,
        "charter": str(round_.charter),
        "last_day": last_day(round_),
        "privacy": privacy_sentence(round_),
        "minutes": in_words(minutes_of(round_)),
        "owner": (next(numbered), OWNER, OWNER_HINT),
        "purpose": (next(numbered), PURPOSE, PURPOSE_HINT),
        "purposes": purposes_of(round_),
        "considerations": [(c.name, span_text(c)) for c in round_.considerations],
        "weigh": (next(numbered), *((POINTS, POINTS_HINT) if points else (PAIRS, PAIRS_HINT)))
        if round_.considerations
        else None,
        "pairs": [
            ((one.name, span_text(one)), (other.name, span_text(other)))
            for one, other in combinations(round_.considerations, 2)
        ]
        if not points
        else [],
        "choose": (next(numbered), CHOICE),
        "cases": [_case(round_, case) for case in round_.cases],
        "belief": BELIEF.format(event=round_.event) if round_.event else "",
    }


def _case(round_: Round, case: RoundCase) -> dict[str, Any]:
    return {
        "number": case.number,
        "facts": case.facts,
        "options": [
            (option, brings_text(round_, case, place))
            for place, option in enumerate(round_.options)
        ],
    }


def brings_text(round_: Round, case: RoundCase, option: int) -> str:
    """What an option would bring in a case, in the considerations' own units; "" if unsaid.

    Where less is better that is said: "work saved: 6 hours" could be read as six hours won.

    Args:
        round_: The round.
        case: One of its cases.
        option: The option's place, from 0.
    """
    if not case.brings:
        return ""
    return "; ".join(
        f"{c.name}: {amount_text(amount, c.unit)}"
        + (f" ({amount_text(c.best, c.unit)} is best)" if c.best < c.worst else "")
        for c, amount in zip(round_.considerations, case.brings[option], strict=True)
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("sayso.present"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _style() -> str:
    sheet = resources.files("sayso.present").joinpath("static", "round-form.css")
    bare = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r" ?([{};,]) ?", r"\1", re.sub(r"\s+", " ", bare)).strip()
