"""How many people gave which answer, as far as it may be told without telling on anyone.

A lone answer must not be found by subtraction: whoever reads "four of the five" knows that there is
a fifth. So counts are lower bounds wherever one person might stand alone: five of five and four of
five both read "at least four".
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from math import isfinite
from typing import TYPE_CHECKING

from sayso.align.round import FEWEST
from sayso.declare.inventory import ALIKE
from sayso.declare.owners import owner_names
from sayso.domain.answer import NotEnoughData

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TOGETHER = 2
# What people say in words of their own is recognised by its wording (UX rule P6).
OWN_WORDS = 3
_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn"}
# They carry meaning: "C#" is not "C".
_SPEAKING = frozenset("#%&@*/")
_SMALL_WORDS = frozenset(("and", "at", "for", "in", "of", "on", "the", "to"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Answers counted, with every answer hidden that would tell on a person.

    Attributes:
        shown: Answers that may be named, each with the people who gave it, most first.
        at_least: Whether the counts are lower bounds: one person more, at most, gave one of these
            answers or stood alone, and which of the two is not told. Then ``others`` is 0.
        others: People who gave answers that are not named.
        distinct: How many different answers there are; None where that would tell.
        skipped: People who gave no answer.
        of: People asked, those who skipped included.
        alike: Pairs of named answers that may be one, proposed; nothing is merged.
    """

    shown: tuple[tuple[str, int], ...]
    at_least: bool
    others: int
    distinct: int | None
    skipped: int
    of: int
    alike: tuple[tuple[str, str], ...] = ()

    @property
    def answered(self) -> int:
        """People who gave an answer."""
        return self.of - self.skipped


def normalised(text: str) -> str:
    r"""A text as it is compared: without case, spacing, punctuation and invisible characters.

    Examples:
        >>> normalised("  Maria  LUND. "), normalised("maria\u200b lund")
        ('maria lund', 'maria lund')
        >>> normalised("O’Brien-Smith"), normalised("cost < 5"), normalised("?!")
        ('obrien smith', 'cost < 5', '')
    """
    plain = unicodedata.normalize("NFKC", text)
    kept = "".join(_compared(c) for c in plain)
    # Folding case can take a text out of its normal form, so it is put back.
    return " ".join(unicodedata.normalize("NFKC", kept.casefold()).split())


def _compared(character: str) -> str:
    kind = unicodedata.category(character)
    if character.isspace():
        return " "
    if kind in _INVISIBLE or character in "'’‘ʼ":
        return ""
    return " " if kind.startswith("P") and character not in _SPEAKING else character


def counted(
    answers: Sequence[str], *, of: int, listed: Sequence[str] | None = None, closed: bool = False
) -> Counted:
    """How many people gave which answer.

    An answer is named when two people gave it, or three where it is in their own words or where
    the rest of a closed list could be told by elimination. If exactly one person would be left
    over, the reading is the one that people would get had that person joined the most.

    Args:
        answers: One text a person; blank ones, and marks alone such as "?", are skipped.
        of: People asked, at least as many as answered.
        listed: Answers that people could pick; others are in their own words. None for names and
            the like, which are nobody's own words.
        closed: Whether the listed answers are all there can be.

    Raises:
        ValueError: If more people answered than were asked, or an answer is not on a closed list.

    Examples:
        >>> counted(["Ann", "ann", "ANN", "Ann.", "Bo"], of=5).shown
        (('Ann', 4),)
        >>> counted(["Ann"] * 5, of=5) == counted(["Ann"] * 4 + ["Bo"], of=5)
        True
        >>> counted(["Ann", "Ann", "Ann", "Bo", "Cy"], of=5).others
        2
    """
    keys = listed_keys(listed or ())
    texts = {key: text for text, key in keys.items()}
    pairs = [(keys.get(a) or normalised(a), a) for a in answers]
    if closed and not {key for key, _ in pairs} - {""} <= set(texts):
        raise ValueError("an answer is not on the list")
    groups = _groups(pairs, texts, spelt_by=TOGETHER if listed is None else OWN_WORDS)
    if not closed:
        needs = {key: TOGETHER if key in texts or listed is None else OWN_WORDS for key in groups}
        return _hidden(groups, needs, of=of)
    # With three options or more, two lone answers beside a named one could be told by elimination.
    least = TOGETHER if len(keys) <= TOGETHER else OWN_WORDS
    return _hidden(groups, dict.fromkeys(groups, least), of=of, options=len(keys))


def listed_keys(listed: Sequence[str]) -> dict[str, str]:
    """What each listed answer is recognised by: itself, where another reads the same.

    Examples:
        >>> listed_keys(["Go", "Stay", "stay!"])
        {'Go': 'go', 'Stay': 'Stay', 'stay!': 'stay!'}
    """
    keys = {text: normalised(text) for text in listed}
    seen = Counter(keys.values())
    return {text: key if key and seen[key] == 1 else text for text, key in keys.items()}


def counted_owners(answers: Sequence[str], *, of: int) -> Counted:
    """How many people named whom as accountable.

    Several names in one answer are one answer, whatever their order: whoever names two people
    names nobody.

    Args:
        answers: One text a person, as they wrote it.
        of: People asked.

    Examples:
        >>> counted_owners(["Ann and Bo", "bo, ann", "Ann & Bo", "Cy", "Di"], of=5).shown
        (('Ann and Bo', 3),)
    """
    pairs: list[tuple[str, str]] = []
    for answer in answers:
        # NFKC first: a full-width comma parts names as well.
        names = {normalised(n): n for n in owner_names(unicodedata.normalize("NFKC", answer))}
        kept = [(key, names[key]) for key in sorted(names) if key]
        pairs.append((" and ".join(k for k, _ in kept), " and ".join(n for _, n in kept)))
    groups = _groups(pairs, {}, spelt_by=TOGETHER, capitals=True)
    return _hidden(groups, dict.fromkeys(groups, TOGETHER), of=of)


@dataclass(frozen=True, slots=True)
class _Group:
    """People who gave one answer, and the text it is shown by."""

    text: str
    people: int


def _groups(
    pairs: Iterable[tuple[str, str]],
    listed: dict[str, str],
    *,
    spelt_by: int,
    capitals: bool = False,
) -> dict[str, _Group]:
    spellings: dict[str, Counter[str]] = {}
    for key, text in pairs:
        if key:
            spellings.setdefault(key, Counter())[_on_one_line(text)] += 1
    return {
        key: _Group(listed.get(key) or _spelling(key, found, spelt_by, capitals), found.total())
        for key, found in spellings.items()
    }


def _on_one_line(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    kept = (c for c in plain if c.isspace() or unicodedata.category(c) not in _INVISIBLE)
    return " ".join("".join(kept).split()).strip(" .,;:!?")


def _spelling(key: str, found: Counter[str], spelt_by: int, capitals: bool) -> str:
    """The commonest spelling; one that a single person used would tell on them."""
    text, people = min(found.items(), key=lambda item: (-item[1], item[0]))
    if people >= spelt_by:
        return text
    if not capitals:
        return key[:1].upper() + key[1:]
    return re.sub(r"\S+", lambda w: w[0] if w[0] in _SMALL_WORDS else w[0].capitalize(), key)


def _hidden(
    groups: dict[str, _Group], needs: dict[str, int], *, of: int, options: int | None = None
) -> Counted:
    """Hide what would tell.

    A reading that says "at least" stands for one case in which one person is alone and for
    another in which nobody is; a reader cannot know which. So it is used for both.
    """
    people = sum(group.people for group in groups.values())
    if people > of:
        raise ValueError(f"{people} answered, and {of} were asked")
    named = {key: group.people for key, group in groups.items() if group.people >= needs[key]}
    left = people - sum(named.values())
    most = max(named.values(), default=0)
    first = [key for key, count in named.items() if count == most]
    full = options is not None and len(named) == options
    at_least = bool(named) and left == 1
    if len(first) == 1 and left == 0 and not full:
        if most - 1 >= needs[first[0]]:
            named[first[0]], at_least = most - 1, True
        elif len(named) == 1:
            # So few, and all alike: to name the answer is to say what each of them said.
            named, left = {}, people
    if people <= min(needs.values(), default=0):
        named, left, at_least = {}, people, False
    telling = at_least or (options is not None and left > 0)
    shown = sorted(((groups[k].text, count) for k, count in named.items()), key=_by_most)
    return Counted(
        shown=tuple(shown),
        at_least=at_least,
        others=0 if at_least else left,
        distinct=None if telling else len(groups),
        skipped=of - people,
        of=of,
        alike=near_spellings([text for text, _ in shown]),
    )


def _by_most(answer: tuple[str, int]) -> tuple[int, str]:
    return -answer[1], answer[0]


def near_spellings(texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Pairs of texts that may be one, by their letters or by the same words in another order.

    Args:
        texts: Texts that whoever reads the proposal may see.

    Examples:
        >>> near_spellings(["Maria Lund", "Marie Lund", "Lund Maria", "Cy"])
        (('Maria Lund', 'Marie Lund'), ('Maria Lund', 'Lund Maria'))
    """
    keys = [normalised(text) for text in texts]
    return tuple(
        (texts[i], texts[j])
        for i, j in combinations(range(len(texts)), 2)
        if keys[i] != keys[j]
        and (
            sorted(keys[i].split()) == sorted(keys[j].split())
            or SequenceMatcher(None, keys[i], keys[j], autojunk=False).ratio() >= ALIKE
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Where people's numbers lie.

    Attributes:
        middle: The median. Never a mean: from two means, before and after one more answer, that
            answer could be worked out.
        low: Lower end of the inner range: the lowest answer is left out from five answers on.
        high: Upper end, the highest left out likewise.
        n: Answers.
    """

    middle: float
    low: float
    high: float
    n: int

    @property
    def width(self) -> float:
        """How far apart the ends are."""
        return self.high - self.low


def spread(values: Sequence[float], *, least: int = FEWEST) -> Spread | NotEnoughData:
    """Where people's numbers lie, without the two at the ends.

    Args:
        values: One finite number a person.
        least: Answers below which nothing is shown, >= 1.

    Raises:
        ValueError: If a number is missing.

    Examples:
        >>> spread([0, 20, 30, 40, 100])
        Spread(middle=30, low=20, high=40, n=5)
        >>> spread([1, 2])
        NotEnoughData(need=5, have=2, of='people')
    """
    if not all(isfinite(v) for v in values):
        raise ValueError("a number is missing")
    ordered = sorted(values)
    count = len(ordered)
    if count < max(1, least):
        return NotEnoughData(max(1, least), count, "people")
    inner = ordered[1:-1] if count >= FEWEST else ordered
    half = count // 2
    middle = ordered[half] if count % 2 else (ordered[half - 1] + ordered[half]) / 2
    return Spread(middle=middle, low=inner[0], high=inner[-1], n=count)
