"""A study: tables drawn from a known truth, and how often each printed range holds it."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from sayso.domain.answer import Answer, Estimate
from sayso.domain.evidence import Word
from sayso.domain.figure import Figure
from sayso.measure.estimators.words import REFERENCES

NOMINAL = 0.95
FIGURES = (
    "validity.",
    "sayso.align.",
    "sayso.domain.",
    "sayso.measure.catalog.",
    "sayso.measure.estimators.",
    "sayso.measure.verdict",
)
RUNS = 2000
Outcome = tuple[str, Figure | Answer | None, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One truth of one measure.

    Attributes:
        measure: Key of the catalogue's measure.
        truth: What is true, in words.
        draw: One table and what the code says of it: interval, answer, truth. None stands for
            a figure that was not printed at all.
        runs: How many tables.
        wide: Why a range may hold its truth in more than 97 of 100, by interval or "" for all.
    """

    measure: str
    truth: str
    draw: Callable[[np.random.Generator], Iterable[Outcome]]
    runs: int = RUNS
    wide: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.measure}: {self.truth}"


def name_of(figure: Figure) -> str:
    """An interval's name: the figure's key and what it is split by."""
    parts = ", ".join(f"{k}={v}" for k, v in figure.groups)
    return f"{figure.measure}[{parts}]" if parts else figure.measure


def matched(figures: Sequence[Figure], truths: Mapping[str, float]) -> list[Outcome]:
    """Each true value with the figure of that name."""
    found = {name_of(f): f for f in figures}
    return [(name, found.get(name), truth) for name, truth in truths.items()]


@dataclass(slots=True)
class Tally:
    """What became of one interval over all tables."""

    runs: int = 0
    answered: int = 0
    covered: int = 0
    above: int = 0
    below: int = 0
    words: dict[str, int] = field(default_factory=dict)
    false_words: dict[str, int] = field(default_factory=dict)

    def add(self, said: Figure | Answer | None, truth: float) -> None:
        self.runs += 1
        answer = said.answer if isinstance(said, Figure) else said
        if isinstance(said, Figure) and said.word is not None:
            word = said.word.value
            self.words[word] = self.words.get(word, 0) + 1
            if is_false(said, truth):
                self.false_words[word] = self.false_words.get(word, 0) + 1
        if not isinstance(answer, Estimate):
            return
        self.answered += 1
        edge = 1e-9 * max(1.0, abs(truth))
        self.above += int(answer.low > truth + edge)
        self.below += int(answer.high < truth - edge)
        self.covered += int(answer.low <= truth + edge and truth - edge <= answer.high)


def is_false(figure: Figure, truth: float) -> bool:
    """Whether an evidence word says something that is not so."""
    reference = REFERENCES.get(figure.measure, 0.0)
    answer = figure.estimate
    if answer is None or figure.word is None:
        return False
    away = truth - reference
    up = answer.value - reference > 0
    towards = away if up else -away
    line = figure.line
    match figure.word:
        case Word.CLEAR | Word.LIKELY:
            # Without a line "past it" is past nothing.
            return towards <= (line or 0.0) + 1e-12
        case Word.NOT_ZERO | Word.SMALL:
            return towards <= 1e-12
        case Word.TOO_SMALL:
            return abs(away) >= (line or 0.0) - 1e-12
        case _:
            return False


def run(study: Study, *, runs: int | None = None) -> dict[str, Tally]:
    """All tables of a study, each from a seed of its own."""
    root = zlib.crc32(study.key.encode())
    tallies: dict[str, Tally] = {}
    for number in range(runs or study.runs):
        draw = np.random.default_rng([root, number])
        for name, said, truth in study.draw(draw):
            tallies.setdefault(name, Tally()).add(said, truth)
    return tallies


def cells(study: Study, tallies: Mapping[str, Tally]) -> list[dict[str, object]]:
    """Rows of docs/validity.json."""
    return [_cell(study, name, tally) for name, tally in tallies.items()]


def _cell(study: Study, name: str, tally: Tally) -> dict[str, object]:
    coverage = tally.covered / tally.answered if tally.answered else None
    wide = coverage is not None and coverage > 0.97
    row: dict[str, object] = {
        "measure": study.measure,
        "interval": name,
        "truth": study.truth,
        "nominal": NOMINAL,
        "coverage": None if coverage is None else round(coverage, 4),
        "runs": tally.runs,
        "refused": tally.runs - tally.answered,
        "too_high": tally.above,
        "too_low": tally.below,
        "conservative": wide,
    }
    if wide:
        row["why"] = (
            study.wide.get(name) or study.wide.get(name.split("[")[0]) or study.wide.get("")
        )
    if tally.false_words:
        row["false_words"] = dict(sorted(tally.false_words.items()))
    if tally.words:
        row["words"] = dict(sorted(tally.words.items()))
    return row


def kept(
    study: Study, folder: Path, module: str, *, runs: int | None = None
) -> tuple[list[dict[str, object]], bool]:
    """The study's cells, from the folder where the same code has run before.

    Returns:
        The cells, and whether they had to be worked out.
    """
    count = runs or study.runs
    code = code_of(module)
    name = hashlib.sha256(f"{study.key}|{count}|{code}".encode()).hexdigest()[:24]
    path = folder / f"{name}.json"
    if path.is_file():
        return json.loads(path.read_text("utf-8")), False
    made = cells(study, run(study, runs=count))
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(made), "utf-8")
    return made, True


@cache
def code_of(module: str) -> str:
    """A fingerprint of a module and of the code that its figures are worked out by.

    What only carries queries and rows to a measure, such as engines, is left out.
    """
    seen: dict[str, str] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            continue
        text = Path(spec.origin).read_text("utf-8")
        seen[name] = hashlib.sha256(text.encode()).hexdigest()
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.ImportFrom) or node.module is None:
                continue
            if node.module.startswith(FIGURES):
                waiting.append(node.module)
    return hashlib.sha256(json.dumps(sorted(seen.items())).encode()).hexdigest()
