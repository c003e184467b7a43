"""A round as a text file: a line a question, to be filled in with any editor."""

from __future__ import annotations

from itertools import combinations
from textwrap import wrap
from typing import TYPE_CHECKING

from sayso.align.answers import KEEP_PAIRS, ROUND, asked
from sayso.align.round import Form, purposes_of
from sayso.present.round_form import (
    BELIEF,
    CHOICE,
    OWNER,
    OWNER_HINT,
    PAIRS,
    PAIRS_HINT,
    POINTS,
    POINTS_HINT,
    PURPOSE,
    PURPOSE_HINT,
    brings_text,
    privacy_sentence,
    span_text,
)
from sayso.present.round_notice import last_day
from sayso.present.terminal import plain

if TYPE_CHECKING:
    from sayso.align.round import Round

WIDTH = 92
LINK = "link"
KEEP_HINT = "If three of these contradict each other and you mean all of them, write yes."


def round_form_text(round_: Round, code: str = "") -> str:
    """The form as lines of ``name: answer`` under what each asks.

    Args:
        round_: The round.
        code: The link it counts with; left to be filled in where "".
    """
    lines = [
        *_said(round_.question),
        *_said(
            f"A form of the round {round_.id}, about {round_.charter}. Write behind each colon, on "
            f"the same line; leave empty what you skip. Hand it in by {last_day(round_)}."
        ),
        *_said(f"{privacy_sentence(round_)} Whoever reads this file in may see what it says."),
        "",
        *_said("The last part of your link; the form counts once, with it."),
        f"{LINK}: {code}".rstrip(),
        f"{ROUND}: {round_.id}",
        "",
        *_said(f"1. {OWNER} {OWNER_HINT}"),
        "owner:",
        "",
        *_said(f"2. {PURPOSE} {PURPOSE_HINT}"),
        *_each(list(purposes_of(round_))),
        "purpose:",
    ]
    if round_.considerations:
        lines.append("")
    if round_.considerations and round_.form is Form.POINTS:
        lines += _said(f"3. {POINTS} {POINTS_HINT}")
        for place, c in enumerate(round_.considerations, 1):
            lines += [*_said(f"{c.name}, {span_text(c)}"), f"points-{place}:"]
    elif round_.considerations:
        lines += _said(f"3. {PAIRS} {PAIRS_HINT}")
        for (i, one), (j, other) in combinations(enumerate(round_.considerations, 1), 2):
            first, second = (f"{c.name}, {span_text(c)}" for c in (one, other))
            lines += [*_said(f"{first}; against {second}"), f"pair-{i}-{j}:"]
        lines += [*_said(KEEP_HINT), f"{KEEP_PAIRS}:"]
    if round_.cases:
        lines += ["", *_said(f"4. {CHOICE}")]
    for case in round_.cases:
        facts = "; ".join(f"{name}: {value}" for name, value in case.facts)
        lines += ["", *_said(f"Case {case.number} of {len(round_.cases)}. {facts}")]
        brings = [(o, brings_text(round_, case, i)) for i, o in enumerate(round_.options)]
        lines += _each([f"{o} ({said})" if said else o for o, said in brings])
        lines.append(f"choice-{case.number}:")
        if round_.event:
            lines += [*_said(BELIEF.format(event=round_.event)), f"belief-{case.number}:"]
    return "\n".join(lines) + "\n"


def form_names(round_: Round) -> tuple[str, ...]:
    """The names that a form of this round has."""
    kept = (KEEP_PAIRS,) if round_.form is Form.PAIRS else ()
    return (LINK, ROUND, *asked(round_), *kept)


def _said(text: str) -> list[str]:
    """A text as remarks; a line break in a name cannot end one."""
    one = plain(" ".join(text.split()))
    return [f"# {line}" for line in wrap(one, WIDTH, break_on_hyphens=False)]


def _each(texts: list[str]) -> list[str]:
    return [f"#   - {plain(' '.join(text.split()))}" for text in texts]
