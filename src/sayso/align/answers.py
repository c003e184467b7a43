"""What a person typed into a round, read: an answer, and every problem beside what was typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from sayso.align.contradiction import Contradiction, contradiction, pair_places, ratio_matrix
from sayso.align.counts import listed_keys, normalised
from sayso.align.pairwise import pairwise_weights
from sayso.align.round import Form, RoundAnswer, purposes_of
from sayso.domain.errors import AnswerToOldCharter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sayso.align.round import Round

    Floats = NDArray[np.float64]

LONGEST = 500
POINTS = 100.0
# Three times 33.3 is meant as a hundred.
NEAR_ENOUGH = 0.5
SCALE_END = 9.0
# Who keeps three comparisons that contradict each other says so in this field.
KEEP_PAIRS = "keep-pairs"
FINGERPRINT, ROUND = "fingerprint", "round"
_NUMBER = re.compile(r"[+-]?(?:\d{1,12}(?:[.,]\d{0,12})?|[.,]\d{1,12})")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+")
_RATIO = re.compile(r"([^/:]+)[/:]([^/:]+)")
_ASKS = re.compile(r"(?:points|pair|choice|belief)-")
_YES = frozenset(("yes", "on", "true", "1"))
# They turn the text around them about, so that a name may read as another one.
_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerProblem:
    """What is wrong with one answer, and what to do.

    Attributes:
        field: The field it is about; "points" for all points together, "" for the whole form.
        value: What was typed there, as typed.
        message: One sentence.
        hint: The next step.
        keepable: Whether the person may keep it as it is, by the field ``keep-pairs``.
    """

    field: str
    value: str
    message: str
    hint: str
    keepable: bool = False

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReading:
    """An answer as far as it can be read, beside everything that was typed.

    Attributes:
        answer: What could be read; what could not counts as skipped.
        problems: Everything that is wrong, in the order asked.
        fields: What was typed, as typed.
        contradiction: Comparisons that contradict each other, kept or not.
    """

    answer: RoundAnswer
    problems: tuple[AnswerProblem, ...]
    fields: Mapping[str, str]
    contradiction: Contradiction | None = None


def asked(round_: Round) -> tuple[str, ...]:
    """The fields of a round, in the order asked.

    They are ``owner``, ``purpose``, ``points-1`` ... or ``pair-1-2`` ..., and for each case
    ``choice-1`` and, where beliefs are asked, ``belief-1``; numbers count from 1.
    """
    cases: list[str] = []
    for case in round_.cases:
        cases.append(f"choice-{case.number}")
        if round_.event:
            cases.append(f"belief-{case.number}")
    return ("owner", "purpose", *_weighing(round_), *cases)


def _weighing(round_: Round) -> tuple[str, ...]:
    """The fields that say what matters; none where there is nothing to weigh."""
    things = len(round_.considerations)
    if things < 2:
        return ()
    if round_.form is Form.POINTS:
        return tuple(f"points-{i}" for i in range(1, things + 1))
    return tuple(f"pair-{i + 1}-{j + 1}" for i, j in pair_places(things))


def read_answer(round_: Round, fields: Mapping[str, str], *, pseudonym: str) -> AnswerReading:
    """Read what a form posts or a file holds; every problem is named at once.

    Args:
        round_: The round.
        fields: What was typed, by field as ``asked`` names them; those that are missing are
            skipped. ``fingerprint`` and ``round``, where given, must be the round's.
        pseudonym: Keyed pseudonym of the person.

    Raises:
        AnswerToOldCharter: If it answers another version of the charter.
    """
    version = fields.get(FINGERPRINT, "").strip()
    if version and version != round_.fingerprint:
        raise AnswerToOldCharter(round_.id, str(round_.charter))
    problems: list[AnswerProblem] = []
    known = set(asked(round_))
    for name, value in fields.items():
        if _ASKS.match(name) and name not in known and value.strip():
            problems.append(_problem(name, value, "This round does not ask it.", "Leave it out."))
    named = fields.get(ROUND, "").strip()
    if named and named != round_.id:
        problems.append(
            _problem(ROUND, named, f"It answers the round {named}.", f"This is {round_.id}.")
        )
    owner = _text("owner", fields, problems)
    purpose = _purpose(round_, _text("purpose", fields, problems))
    pairs = _pairs(round_, fields, problems)
    found = _contradiction(round_, pairs)
    if found is not None and fields.get(KEEP_PAIRS, "").strip().lower() not in _YES:
        field = f"pair-{found.pair[0] + 1}-{found.pair[1] + 1}"
        problems.append(
            AnswerProblem(
                field=field,
                value=fields.get(field, ""),
                message=found.says,
                hint="Change one of the three, or keep them as they are.",
                keepable=True,
            )
        )
    answer = RoundAnswer(
        pseudonym=pseudonym,
        owner=owner,
        purpose=purpose,
        points=_points(round_, fields, problems),
        pairs=pairs,
        choices=_choices(round_, fields, problems),
        beliefs=_beliefs(round_, fields, problems),
    )
    if not problems and not progress(answer, round_):
        problems.append(
            _problem("", "", "Nothing is answered yet.", "Answer at least one question.")
        )
    order = {name: i for i, name in enumerate(("", ROUND, *asked(round_)))}
    order["points"] = order.get("points-1", 0)
    return AnswerReading(
        answer=answer,
        problems=tuple(sorted(problems, key=lambda p: order.get(p.field, len(order)))),
        fields=dict(fields),
        contradiction=found,
    )


def missing(answer: RoundAnswer, round_: Round) -> tuple[str, ...]:
    """The fields that were skipped, in the order asked."""
    given = written(answer, round_)
    return tuple(name for name in asked(round_) if not given.get(name))


def progress(answer: RoundAnswer, round_: Round) -> float:
    """Share of the round that is answered, 0..1."""
    fields = asked(round_)
    return 1 - len(missing(answer, round_)) / len(fields)


def written(answer: RoundAnswer, round_: Round) -> dict[str, str]:
    """An answer as fields again; what was skipped is left out."""
    fields = {"owner": answer.owner, "purpose": answer.purpose}
    weights = answer.points if round_.form is Form.POINTS else answer.pairs
    cases = [str(case.number) for case in round_.cases]
    numbers: list[tuple[str, float | None]] = [
        *zip(_weighing(round_), weights, strict=False),
        *zip((f"belief-{n}" for n in cases), answer.beliefs, strict=False),
    ]
    fields |= {name: _plain(value, 12) for name, value in numbers if value is not None}
    fields |= {f"choice-{n}": c or "" for n, c in zip(cases, answer.choices, strict=False)}
    return {name: value for name, value in fields.items() if value}


def weights_of(answer: RoundAnswer, round_: Round) -> Floats | None:
    """A person's weights, whichever way they said them.

    Returns:
        Weights that sum to 1, shape (considerations,); None where they said too little, or were
        not asked.
    """
    things = len(round_.considerations)
    if things == 0:
        return None
    if things == 1:
        return np.ones(1)
    if len(answer.points) == things and sum(answer.points) > 0:
        points = np.array(answer.points, dtype=np.float64)
        return points / points.sum()
    ratios = ratio_matrix(answer.pairs, things)
    return None if ratios is None else pairwise_weights(ratios).weights


def _problem(field: str, value: str, message: str, hint: str) -> AnswerProblem:
    return AnswerProblem(field=field, value=value, message=message, hint=hint)


def _text(name: str, fields: Mapping[str, str], problems: list[AnswerProblem]) -> str:
    """A text on one line, without marks that nobody sees; HTML stays what it is, text."""
    typed = fields.get(name, "")
    plain = " ".join("".join(_seen(c) for c in typed).split())
    if len(plain) > LONGEST:
        problems.append(
            _problem(
                name,
                typed,
                f"It is {len(plain):,} characters long; {LONGEST} can be kept.",
                f"Shorten it by {len(plain) - LONGEST:,}.",
            )
        )
    return plain[:LONGEST].rstrip()


def _seen(character: str) -> str:
    if character.isspace():
        return " "
    unseen = character in _TURNING or unicodedata.category(character) in ("Cc", "Cs")
    return "" if unseen else character


def _purpose(round_: Round, text: str) -> str:
    """The listed purpose that is meant, or the person's own words."""
    keys = listed_keys(purposes_of(round_))
    return _listed(text, keys) or text


def _listed(text: str, keys: Mapping[str, str]) -> str | None:
    """The listed text that is meant; None where it is none of them."""
    if text in keys:
        return text
    key = normalised(text)
    return next((listed for listed, known in keys.items() if known == key), None)


def _quoted(value: str) -> str:
    plain = " ".join("".join(_seen(c) for c in value).split())
    return f"“{plain if len(plain) <= 40 else plain[:39] + '…'}”"


def _plain(number: float, places: int = 2) -> str:
    return f"{number:.{places}f}".rstrip("0").rstrip(".")


def _number(text: str) -> float | None:
    """A number as people write it, with a point or a comma; None where it is none, or could be two.

    ``1,000`` is a thousand to some and one to others, so it is not read.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("\N{MINUS SIGN}", "-")
    if _NUMBER.fullmatch(plain) is None or _THOUSANDS.fullmatch(plain):
        return None
    number = float(plain.replace(",", "."))
    return number + 0.0 if isfinite(number) else None


def points_given(round_: Round, fields: Mapping[str, str]) -> float:
    """The points that are shared out so far; what is no number of points does not count yet."""
    names = _weighing(round_) if round_.form is Form.POINTS else ()
    numbers = [_number(fields.get(name, "")) for name in names]
    return sum(n for n in numbers if n is not None and n > 0)


def _points(
    round_: Round, fields: Mapping[str, str], problems: list[AnswerProblem]
) -> tuple[float, ...]:
    names = _weighing(round_) if round_.form is Form.POINTS else ()
    typed = [fields.get(name, "").strip() for name in names]
    if not any(typed):
        return ()
    points: list[float] = []
    for name, value in zip(names, typed, strict=True):
        number = _number(value) if value else 0.0
        if number is None:
            problems.append(
                _problem(
                    name,
                    value,
                    f"{_quoted(value)} is not a number.",
                    "Write one such as 25 or 12.5.",
                )
            )
        elif number < 0:
            problems.append(
                _problem(name, value, f"{_quoted(value)} is below 0.", "Give 0 points or more.")
            )
        else:
            points.append(number)
    if len(points) < len(names):
        return ()
    total = sum(points)
    over = total - POINTS
    if total == 0:
        said = ("All of them are 0, so nothing would matter.", "Share out 100 points.")
    elif abs(over) < NEAR_ENOUGH:
        return tuple(points)
    else:
        step = f"Give {_plain(-over)} more." if over < 0 else f"Take {_plain(over)} away."
        said = (f"They add up to {_plain(total)}.", step)
    problems.append(_problem("points", _plain(total), *said))
    return ()


def _pairs(
    round_: Round, fields: Mapping[str, str], problems: list[AnswerProblem]
) -> tuple[float | None, ...]:
    names = _weighing(round_) if round_.form is Form.PAIRS else ()
    ratios = tuple(_ratio(name, fields.get(name, "").strip(), problems) for name in names)
    return ratios if any(r is not None for r in ratios) else ()


def _ratio(name: str, value: str, problems: list[AnswerProblem]) -> float | None:
    """How many times as much the first matters: 3, 1/3, 1:3 or 0.33."""
    if not value:
        return None
    parts = _RATIO.fullmatch(
        unicodedata.normalize("NFKC", value).replace("\N{FRACTION SLASH}", "/")
    )
    one, other = (_number(parts[1]), _number(parts[2])) if parts else (_number(value), 1.0)
    if one is None or other is None or one <= 0 or other <= 0:
        problems.append(
            _problem(
                name,
                value,
                f"{_quoted(value)} does not say how many times as much it matters.",
                "Write 3 where the first matters three times as much, 1/3 where the second does.",
            )
        )
        return None
    ratio = one / other
    # A ninth is written .11 as well.
    if not 0.98 / SCALE_END <= ratio <= SCALE_END * 1.02:
        problems.append(
            _problem(
                name,
                value,
                f"{_quoted(value)} is beyond the scale.",
                "It goes from 9, nine times as much, to 1/9.",
            )
        )
        return None
    return min(SCALE_END, max(1 / SCALE_END, ratio))


def _contradiction(round_: Round, pairs: tuple[float | None, ...]) -> Contradiction | None:
    return contradiction(pairs, [c.name for c in round_.considerations]) if pairs else None


def _choices(
    round_: Round, fields: Mapping[str, str], problems: list[AnswerProblem]
) -> tuple[str | None, ...]:
    keys = listed_keys(round_.options)
    choices: list[str | None] = []
    for case in round_.cases:
        name = f"choice-{case.number}"
        value = fields.get(name, "").strip()
        option = _listed(value, keys) if value else None
        choices.append(option)
        if value and option is None:
            near = get_close_matches(value, round_.options, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Choose {_either(round_.options)}."
            problems.append(
                _problem(name, value, f"{_quoted(value)} is not one of the options.", hint)
            )
    return tuple(choices)


def _either(options: tuple[str, ...]) -> str:
    return " or ".join([", ".join(options[:-1]), options[-1]] if len(options) > 1 else options)


def _beliefs(
    round_: Round, fields: Mapping[str, str], problems: list[AnswerProblem]
) -> tuple[float | None, ...]:
    if not round_.event:
        return ()
    beliefs: list[float | None] = []
    for case in round_.cases:
        name = f"belief-{case.number}"
        value = fields.get(name, "").strip()
        number = _number(value.removesuffix("%")) if value else None
        within = number is not None and 0 <= number <= POINTS
        beliefs.append(number if within else None)
        if value and not within:
            wrong = "is not a number" if number is None else "is not between 0 and 100"
            problems.append(
                _problem(
                    name,
                    value,
                    f"{_quoted(value)} {wrong}.",
                    "Of 100 such cases, in how many? Write 0 to 100.",
                )
            )
    return tuple(beliefs)
