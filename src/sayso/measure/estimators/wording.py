"""What several people say in their own words that nothing declared has a word for.

Texts are compared by the words that tell them apart (TF-IDF, cosine). It proposes: a word that
means the same and is spelled otherwise is not seen, and a person decides what a theme means.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LEAST_PEOPLE = 3
# From a third of their weight in common on: one telling word of two, or two of four.
HELD = 0.35
ALIKE = 0.35
MOST_WORDS = 3
LONGEST_TEXT = 500
_WORD = re.compile(r"[^\W\d_]{2,30}")
_NOT_WORDS = re.compile(r"\S+@\S+|https?://\S+|<[^<>]*>|&\w+;")
_COMMON_WORDS = """about after again all also and any are because been before being but can could did does
    done for from get got had has have her here him his how into its just like made make more much
    need not now off one only other our out over said same she should since some still such than
    that the their them then there these they this those too two under until very was well were
    what when where which while who why will with would you your is it in on of to as at be by he
    if me my no or so up us we do an am"""
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True, slots=True)
class Said:
    """A text that one person gave as a reason.

    Attributes:
        text: As it was typed.
        person: Who said it, as a number; None where that is not known.
        cases: In how many cases.
    """

    text: str
    person: int | None
    cases: float


@dataclass(frozen=True, slots=True)
class Theme:
    """Something that several people said alike.

    Attributes:
        words: The words they share, most telling first; each used by three people or more.
        people: How many people said it.
        cases: Cases by person.
    """

    words: tuple[str, ...]
    people: int
    cases: Mapping[int, float]


def themes(
    said: Sequence[Said], known: Iterable[str], *, names: Iterable[str] = (), most: int = 5
) -> tuple[Theme, ...]:
    """What at least three people said alike that no declared code or input has a word for.

    A word that is never written small is taken as a name and left out, as are the names of people
    and teams: a theme shows words that three people used, and nobody's own sentence.

    Args:
        said: Reasons in words.
        known: Declared codes, inputs and options.
        names: Whatever must never be shown, such as who decided.
        most: Themes at most.

    Returns:
        Themes by the number of cases, largest first.

    Source:
        Salton and Buckley (1988), Inf. Process. Manage. 24:513-523: term frequency times
        smoothed inverse document frequency, vectors of length 1; leaders as in Hartigan (1975),
        chapter 3.

    Examples:
        >>> reasons = [Said("the address was wrong", p, 2) for p in range(4)]
        >>> [t.words for t in themes(reasons, ["stock_low"])]
        [('address', 'wrong')]
    """
    hidden = {stem(w.lower()) for name in names for w in _WORD.findall(name)}
    hidden |= _names_in(one.text for one in said)
    terms = [_stems(one.text, hidden) for one in said]
    weight = _weights(terms)
    codes = [v for code in known if (v := _vector(_code_stems(code), weight))]
    by_term: dict[str, list[int]] = defaultdict(list)
    for i, vector in enumerate(codes):
        for term in vector:
            by_term[term].append(i)
    left: list[tuple[Said, dict[str, float]]] = []
    for one, stems in zip(said, terms, strict=True):
        vector = _vector(stems, weight)
        near = {i for term in vector for i in by_term.get(term, ())}
        if vector and not any(_cosine(vector, codes[i]) >= HELD for i in near):
            left.append((one, vector))
    groups = _grouped(left)
    spelled = _spellings(said, terms)
    found = [t for group in groups if (t := _theme(group, weight, spelled)) is not None]
    found.sort(key=lambda t: (-sum(t.cases.values()), t.words))
    return tuple(found[:most])


def stem(word: str) -> str:
    """A word without its commonest endings, so that "parts" and "part" are one."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
            return word.removesuffix(ending)
    return word


def _words(text: str) -> list[str]:
    return _WORD.findall(_NOT_WORDS.sub(" ", text[:LONGEST_TEXT]))


def _stems(text: str, hidden: set[str]) -> list[str]:
    kept = (w.lower() for w in _words(text))
    return [s for w in kept if w not in _COMMON and len(w) > 2 and (s := stem(w)) not in hidden]


def _code_stems(code: str) -> list[str]:
    """A code or a column's name is no sentence: every word of it counts."""
    parts = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", code).replace("_", " ")
    return [stem(w.lower()) for w in _WORD.findall(parts)]


def _names_in(texts: Iterable[str]) -> set[str]:
    """Words that are only ever written with a capital, where not everything is."""
    small: set[str] = set()
    large: set[str] = set()
    for text in texts:
        words = _words(text)
        if text.isupper():
            small |= {stem(w.lower()) for w in words}
            continue
        for word in words:
            (large if word[:1].isupper() else small).add(stem(word.lower()))
    return large - small


def _weights(terms: Sequence[Sequence[str]]) -> dict[str, float]:
    """Inverse document frequency, smoothed as if one more text held every word."""
    held = Counter(term for stems in terms for term in set(stems))
    return {term: log((1 + len(terms)) / (1 + n)) + 1 for term, n in held.items()}


def _vector(stems: Sequence[str], weight: Mapping[str, float]) -> dict[str, float]:
    """Words with their weights, of length 1; a word of no text weighs as one said once."""
    rare = max(weight.values(), default=1.0)
    raw = {t: n * weight.get(t, rare) for t, n in Counter(stems).items()}
    size = sqrt(sum(v * v for v in raw.values()))
    return {t: v / size for t, v in raw.items()} if size else {}


def _cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    return sum(v * b[t] for t, v in a.items() if t in b)


_Group = list[tuple[Said, dict[str, float]]]


def _grouped(texts: _Group) -> list[_Group]:
    """Each text with the first, most frequent one that it is like."""
    order = sorted(texts, key=lambda pair: (-pair[0].cases, pair[0].text))
    leaders: list[dict[str, float]] = []
    groups: list[_Group] = []
    by_term: dict[str, list[int]] = defaultdict(list)
    for one, vector in order:
        likeness: dict[int, float] = defaultdict(float)
        for term, value in vector.items():
            for leader in by_term.get(term, ()):
                likeness[leader] += value * leaders[leader][term]
        best = max(likeness, key=lambda i: (likeness[i], -i), default=None)
        if best is not None and likeness[best] >= ALIKE:
            groups[best].append((one, vector))
            continue
        for term in vector:
            by_term[term].append(len(leaders))
        leaders.append(vector)
        groups.append([(one, vector)])
    return groups


def _theme(group: _Group, weight: Mapping[str, float], spelled: Mapping[str, str]) -> Theme | None:
    cases: dict[int, float] = defaultdict(float)
    users: dict[str, set[int]] = defaultdict(set)
    uses: Counter[str] = Counter()
    for one, vector in group:
        if one.person is None:
            continue
        cases[one.person] += one.cases
        for term in vector:
            users[term].add(one.person)
            uses[term] += round(one.cases)
    shared = [t for t, who in users.items() if len(who) >= LEAST_PEOPLE]
    if len(cases) < LEAST_PEOPLE or not shared:
        return None
    shared.sort(key=lambda t: (-uses[t] * weight[t], t))
    words = tuple(spelled.get(t, t) for t in shared[:MOST_WORDS])
    return Theme(words, len(cases), dict(cases))


def _spellings(said: Sequence[Said], terms: Sequence[Sequence[str]]) -> dict[str, str]:
    """Each stem as it is written most often, if three people write it so; else the stem."""
    forms: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for one, stems in zip(said, terms, strict=True):
        if one.person is None:
            continue
        wanted = set(stems)
        for word in _words(one.text):
            if (s := stem(word.lower())) in wanted:
                forms[s][word.lower()].add(one.person)
    found: dict[str, str] = {}
    for s, spelled in forms.items():
        word, who = max(spelled.items(), key=lambda pair: (len(pair[1]), pair[0]))
        if len(who) >= LEAST_PEOPLE:
            found[s] = word
    return found
