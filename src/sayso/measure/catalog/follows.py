"""What choices follow: own view, advice, superior, last choice and the case, each with its share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sayso.domain.answer import Answer, Estimate, NotEnoughData, Range
from sayso.domain.figure import Figure, Unit
from sayso.domain.grade import Grade
from sayso.measure.estimators.choice_model import Design, all_values, coefficients
from sayso.measure.estimators.dominance import (
    centred_products,
    dominance,
    linear_values,
    shapley,
)
from sayso.measure.estimators.jackknife import ratio
from sayso.measure.estimators.replicates import from_replicates, groups_of
from sayso.measure.estimators.signals import (
    Signals,
    as_numbers,
    filled,
    lean,
    levels,
    repeats,
    varying,
    view,
)
from sayso.measure.input_columns import watched, with_inputs
from sayso.measure.measure import JointMeasure, query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sayso.measure.rows import Rows
    from sayso.measure.setting import Setting

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

# Above this many cases, evenly spaced ones of at least so many people picked by the seed.
MOST_CASES = 10_000
LEAST_PEOPLE_PICKED = 80
MOST_CASES_LOOKED_AT = 100_000
FOLDS = 4
MOST_OPTIONS = 4
LEAST_A_COLUMN = 10
# A model tried on other cases than its own tells less than there is, by what its coefficients
# cost; without this the ranges held in 88 to 93 of 100 (docs/validity.md).
CROSS_FITTED = 1.25
LEAST_VIEWS = 200
OWN, AI, ABOVE, LAST, PERSON, CASE = (
    "first view", "advice", "superior", "last choice", "person", "case",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Told:
    """What the rows hold: answers by option, signals by option, people and their groups."""

    answers: tuple[Floats, ...]
    signals: tuple[Signals, ...]
    people: Places
    group: Places
    repeated: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return self.signals[0].names


def _follows(rows: Mapping[str, Rows], setting: Setting) -> tuple[Figure, ...]:
    kept = rows["follows"]
    if not len(kept):
        return (associated("follows", NotEnoughData(setting.minimum_cases, 0)),)
    sampled = float(kept.numbers("every")[0]) > len(kept)
    if setting.holds("decided_at") and setting.deciders:
        dated = np.array([v is not None for v in kept.text("last_choice")]) | np.isfinite(
            kept.numbers("last_number")
        )
        kept = kept.where(dated) if int(dated.sum()) >= setting.minimum_cases else kept
    first = _has_first_view(kept)
    kept, viewed = (kept.where(first), True) if _enough_views(first) else (kept, False)
    told = _told(kept, setting, viewed=viewed)
    if isinstance(told, NotEnoughData):
        return (associated("follows", told),)
    figures = _of_quantity(told, setting) if setting.quantity else _of_options(told, setting)
    notes = (
        ("cases", len(kept)),
        ("sampled", sampled),
        ("repeated", ", ".join(told.repeated)),
        *figures[0].notes,
    )
    headline = associated("follows", figures[0].answer, notes=notes)
    moves = _moves(kept, told.people, setting) if viewed else ()
    return (headline, *figures[1:], *moves)


def _has_first_view(rows: Rows) -> NDArray[np.bool_]:
    said = np.array([v is not None for v in rows.text("prior")], dtype=bool)
    return said | np.isfinite(rows.numbers("prior_number"))


def _enough_views(given: NDArray[np.bool_]) -> bool:
    """Whether cases with a first view can carry a model by themselves.

    Cases without one would count as a view that says nothing, and dilute its share.
    """
    return int(given.sum()) >= LEAST_VIEWS


def _told(rows: Rows, setting: Setting, *, viewed: bool) -> _Told | NotEnoughData:
    """The rows as a model reads them, or what they lack."""
    people = rows.codes("who")[0]
    group = groups_of(people, len(rows), setting.population)
    if setting.quantity:
        y = rows.numbers("choice_number")
        found = [_quantity_signals(rows, y, people, setting, viewed=viewed)]
        answers, least = [y], 2 * LEAST_A_COLUMN
    else:
        chosen = rows.text("choice")
        options = sorted(set(chosen) - {None}, key=lambda o: (-chosen.count(o), str(o)))
        kept = options[:1] if len(options) == 2 else options[:MOST_OPTIONS]
        kept = [o for o in kept if chosen.count(o) >= LEAST_A_COLUMN]
        rest = min((len(chosen) - chosen.count(o) for o in kept), default=0)
        if len(options) < 2 or not kept or rest < LEAST_A_COLUMN:
            return NotEnoughData(LEAST_A_COLUMN, rest, "cases of a second option")
        answers = [np.array([c == o for c in chosen], dtype=np.float64) for o in kept]
        found = [
            _option_signals(rows, str(o), y, people, setting, viewed=viewed)
            for o, y in zip(kept, answers, strict=True)
        ]
        least = LEAST_A_COLUMN
    signals = [s for s, _ in found]
    shared = [n for n in signals[0].names if all(n in s.names for s in signals)]
    if len(shared) < 2:
        return NotEnoughData(2, len(shared), "things that choices could follow")
    signals = [_only(s, shared) for s in signals]
    need = max(setting.minimum_cases, least * (1 + signals[0].x.shape[1]))
    if len(rows) < need:
        return NotEnoughData(need, len(rows))
    return _Told(tuple(answers), tuple(signals), people, group, found[0][1])


def _only(signals: Signals, names: list[str]) -> Signals:
    kept = [i for i, n in enumerate(signals.names) if n in names]
    return Signals(
        tuple(signals.names[i] for i in kept), tuple(signals.columns[i] for i in kept)
    )  # fmt: skip


def _option_signals(
    rows: Rows, option: str, y: Floats, people: Places, setting: Setting, *, viewed: bool
) -> tuple[Signals, tuple[str, ...]]:
    """Columns for whether one option is chosen."""
    parts: list[tuple[str, list[Floats]]] = []
    if viewed:
        sure = rows.numbers("prior_confidence")
        parts.append((OWN, view(rows.text("prior"), option, sure)))
    elif setting.deciders:
        parts.append((PERSON, [lean(y, people)]))
    if setting.holds("advice"):
        sure = rows.numbers("advice_confidence")
        parts.append((AI, view(rows.text("advice"), option, sure)))
    if setting.holds("signal"):
        parts.append((ABOVE, levels(rows.text("signal"))))
    if setting.holds("decided_at") and setting.deciders:
        last = [float(v == option) for v in rows.text("last_choice")]
        parts.append((LAST, [np.array(last)]))
    return _with_case(rows, parts, setting)


def _quantity_signals(
    rows: Rows, y: Floats, people: Places, setting: Setting, *, viewed: bool
) -> tuple[Signals, tuple[str, ...]]:
    """Columns for a quantity."""
    parts: list[tuple[str, list[Floats]]] = []
    if viewed:
        parts.append((OWN, [filled(rows.numbers("prior_number"))]))
    elif setting.deciders:
        parts.append((PERSON, [lean(y, people)]))
    if setting.holds("advice_number"):
        parts.append((AI, [filled(rows.numbers("advice_number"))]))
    if setting.holds("signal"):
        said = as_numbers(rows.text("signal"))
        parts.append((ABOVE, levels(rows.text("signal")) if said is None else [filled(said)]))
    if setting.holds("decided_at") and setting.deciders:
        parts.append((LAST, [filled(rows.numbers("last_number"))]))
    return _with_case(rows, parts, setting)


def _with_case(
    rows: Rows, parts: list[tuple[str, list[Floats]]], setting: Setting
) -> tuple[Signals, tuple[str, ...]]:
    """The blocks that vary, and the inputs, less those that only repeat the advice."""
    blocks = {name: found for name, part in parts if (found := varying(part)) is not None}
    own: list[Floats] = []
    repeated: list[str] = []
    for i, one in enumerate(watched(setting.inputs)):
        columns = (
            [filled(rows.numbers(f"number_{i}"))] if one.number else levels(rows.text(f"input_{i}"))
        )
        if AI in blocks and columns and all(repeats(c, blocks[AI]) for c in columns):
            repeated.append(one.name)
        else:
            own += columns
    found = varying(own)
    if found is not None:
        blocks[CASE] = found
    return Signals(tuple(blocks), tuple(blocks.values())), tuple(repeated)


def _of_options(told: _Told, setting: Setting) -> list[Figure]:
    """Shares of McFadden's and Tjur's measures, summed over options judged one by one."""
    fold = np.random.default_rng(setting.seed).permutation(len(told.people)) % FOLDS
    designs = [
        Design(s.x, y, s.blocks, told.group, fold.astype(np.intp))
        for y, s in zip(told.answers, told.signals, strict=True)
    ]
    values = [all_values(d) for d in designs]
    fit = np.sum([v.fit for v in values], axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mcfadden = 1 - fit / fit[0]
    tjur = np.mean([v.tjur for v in values], axis=0)
    figures = _shares(told, mcfadden, setting, "McFadden", exact=any(v.exact for v in values))
    figures += _parts(told, tjur, setting, "Tjur")
    figures += _differ(told, designs, setting)
    return figures + _placebo(told, designs, setting)


def _of_quantity(told: _Told, setting: Setting) -> list[Figure]:
    """Shares of the variance explained, from sums of products by group."""
    signals, y = told.signals[0], told.answers[0]
    groups = int(told.group.max()) + 1
    values = np.zeros((1 << len(signals.names), groups + 1))
    values[:, 0] = linear_values(centred_products(signals.x, y), signals.blocks)
    for g in range(groups):
        rest = told.group != g
        products = centred_products(signals.x[rest], y[rest])
        values[:, g + 1] = linear_values(products, signals.blocks)
    return _shares(told, values, setting, "R2", exact=False)


def _shares(told: _Told, values: Floats, setting: Setting, of: str, *, exact: bool) -> list[Figure]:
    """The whole, then for each block its part, alone and last; the first is the headline."""
    names, parts = told.names, shapley(values)
    whole = values[-1] - values[0]
    found = dominance(names, values[:, 0])
    order = sorted(range(len(names)), key=lambda b: -parts[b, 0])
    ahead = _answer(told, parts[order[0]] - parts[order[1]], setting)
    clear = isinstance(ahead, Estimate) and ahead.low > 0
    notes: tuple[tuple[str, float | int | str | bool], ...] = (
        ("of", of),
        ("exact", exact),
        ("first", names[order[0]]),
        ("second", names[order[1]]),
        ("ahead", clear),
        ("dominates", ", ".join(b for a, b in found.complete if a == names[order[0]])),
    )
    figures = [associated("follows", _answer(told, whole, setting), notes=notes)]
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = parts / whole
    for b in order:
        block = (("block", names[b]),)
        share = _answer(told, relative[b], setting, stretched=False)
        if float(whole[0]) < LEAST_TOLD:
            share = NotEnoughData(1, 0, "things that tell choices apart")
        figures.append(associated("follows-share", share, block, unit=Unit.SHARE))
        alone, last = values[1 << b] - values[0], values[-1] - values[len(values) - 1 - (1 << b)]
        figures.append(associated("follows-alone", _answer(told, alone, setting), block))
        figures.append(associated("follows-last", _answer(told, last, setting), block))
    return figures + _parts(told, values, setting, of)


# Under one part in a hundred there is nothing to share out.
LEAST_TOLD = 0.01


def _parts(told: _Told, values: Floats, setting: Setting, of: str) -> list[Figure]:
    """The Shapley value of each block; together they are the whole."""
    return [
        associated("follows-part", _answer(told, part, setting), (("block", name), ("of", of)))
        for name, part in zip(told.names, shapley(values), strict=True)
    ]


def _differ(told: _Told, designs: list[Design], setting: Setting) -> list[Figure]:
    """How many choices would have another likelier option if a block were not there."""
    everything = tuple(range(len(told.names)))
    chosen = _likeliest(designs, everything)
    figures: list[Figure] = []
    for b, name in enumerate(told.names):
        other = _likeliest(designs, tuple(k for k in everything if k != b)) != chosen
        cases = np.bincount(told.group, minlength=other.shape[1] - 1)
        sums = np.stack([np.bincount(told.group, c, len(cases)) for c in other.T.astype(float)])
        values = np.array(
            [
                sums[r].sum() / len(told.people)
                if r == 0
                else (sums[r].sum() - sums[r, r - 1]) / max(1, len(told.people) - cases[r - 1])
                for r in range(len(sums))
            ]
        )
        answer = _answer(told, values, setting, stretched=False, bounds=Range(0.0, 1.0))
        turned = int(other[:, 0].sum())
        if turned < LEAST_A_COLUMN:
            # With hardly any the range would have no width, and none would be said to be sure.
            answer = NotEnoughData(LEAST_A_COLUMN, turned, "choices that would differ")
        figures.append(associated("follows-differ", answer, (("block", name),), unit=Unit.SHARE))
    return figures


def _likeliest(designs: list[Design], kept: tuple[int, ...]) -> NDArray[np.intp]:
    """Likeliest option of each row, by all people and without each group, (rows, 1 + groups)."""
    odds = [x @ beta.T for x, beta in (coefficients(d, kept) for d in designs)]
    if len(odds) == 1:
        return (odds[0] > 0).astype(np.intp)
    return np.argmax(np.stack(odds), axis=0).astype(np.intp)


def _placebo(told: _Told, designs: list[Design], setting: Setting) -> list[Figure]:
    """What the advice alone tells of the choice, less what it tells of the first view.

    Same rows, same columns; 0 where the second answer is only a second draw (RULINGS 14).
    """
    if AI not in told.names or OWN not in told.names:
        return []
    advice, own = told.names.index(AI), told.names.index(OWN)
    fits: list[Floats] = []
    for of_first in (False, True):
        total: Floats | None = None
        for signals, d in zip(told.signals, designs, strict=True):
            x = signals.columns[advice]
            y = signals.columns[own][:, 0] if of_first else d.y
            if float(np.ptp(y)) == 0:
                return []
            fit = all_values(Design(x, y, (tuple(range(x.shape[1])),), d.group, d.fold)).fit
            total = fit if total is None else total + fit
        if total is None:
            return []
        with np.errstate(divide="ignore", invalid="ignore"):
            fits.append(1 - total[1] / total[0])
    answer = _answer(told, fits[0] - fits[1], setting)
    return [associated("follows-beyond-first-view", answer)]


def _moves(rows: Rows, people: Places, setting: Setting) -> tuple[Figure, ...]:
    """From the first view towards each signal, net; for quantities the weight of each."""
    if setting.quantity:
        return _weights(rows, people, setting)
    first, chosen = rows.text("prior"), rows.text("choice")
    signals = [(AI, "advice"), (ABOVE, "signal"), (LAST, "last_choice")]
    figures: list[Figure] = []
    for name, column in signals:
        if not setting.holds(column) and column != "last_choice":
            continue
        signal = rows.text(column)
        known = np.array(
            [s is not None and f is not None for s, f in zip(signal, first, strict=True)]
        )
        if not known.any() or (name == ABOVE and not {*signal} & {*chosen}):
            continue
        net = np.array(
            [float(c == s) - float(f == s) for c, s, f in zip(chosen, signal, first, strict=True)]
        )
        count = int(people.max()) + 1
        cases = np.bincount(people, known, count).astype(np.float64)
        sums = np.bincount(people, net * known, count).astype(np.float64)
        answer = ratio(
            sums, cases, cases,
            population=setting.population, line=setting.line, bounds=Range(-1.0, 1.0),
        )  # fmt: skip
        figures.append(
            associated("follows-moves", answer, (("towards", name),), unit=Unit.NET_SHARE)
        )
    return tuple(figures)


def _weights(rows: Rows, people: Places, setting: Setting) -> tuple[Figure, ...]:
    """Weights of several advisers on the way from first view to choice, without a constant.

    Source:
        Rebholz, Biella and Huetter (2024), regression of movement on distances.
    """
    first = rows.numbers("prior_number")
    signals = {AI: rows.numbers("advice_number"), LAST: rows.numbers("last_number")}
    said = as_numbers(rows.text("signal")) if setting.holds("signal") else None
    # Said in few cases, it would let those speak for all.
    if said is not None and 2 * int(np.isfinite(said).sum()) >= len(said):
        signals[ABOVE] = said
    away = {n: s - first for n, s in signals.items() if np.isfinite(s).any()}
    moved = rows.numbers("choice_number") - first
    known = np.isfinite(moved) & np.all([np.isfinite(a) for a in away.values()], axis=0)
    if not away or int(known.sum()) < LEAST_A_COLUMN * 2:
        return ()
    x = np.column_stack([a[known] for a in away.values()])
    y = moved[known]
    if np.linalg.matrix_rank(x) < x.shape[1]:
        # Two advisers who always say the same cannot be told apart.
        return ()
    group = groups_of(people[known], len(y), setting.population)
    groups = int(group.max()) + 1
    weights: Floats = np.array(
        [
            np.linalg.lstsq(x[group != g], y[group != g], rcond=None)[0]
            for g in range(-1, groups)
            if (group != g).any()
        ],
        dtype=np.float64,
    )
    return tuple(
        associated(
            "follows-weight",
            from_replicates(weights[:, i], group, people[known], population=setting.population),
            (("of", name),),
        )
        for i, name in enumerate(away)
    )


def _answer(
    told: _Told,
    values: Floats,
    setting: Setting,
    *,
    stretched: bool = True,
    bounds: Range | None = None,
) -> Answer:
    return from_replicates(
        values,
        told.group,
        told.people,
        population=setting.population,
        stretched=stretched,
        bounds=bounds,
        wider=CROSS_FITTED,
    )


def associated(
    key: str,
    answer: Answer,
    groups: tuple[tuple[str, str], ...] = (),
    *,
    unit: Unit = Unit.COEFFICIENT,
    notes: tuple[tuple[str, float | int | str | bool], ...] = (),
) -> Figure:
    """A figure of things that go together; no design stands behind it."""
    return Figure(
        measure=key, groups=groups, answer=answer, grade=Grade.ASSOCIATION, unit=unit, notes=notes
    )


def _readable(setting: Setting) -> bool:
    """Whether there is a choice and at least two things it could follow."""
    if not (setting.holds("choice") or setting.holds("choice_number")):
        return False
    things = [
        setting.holds("prior") or setting.holds("prior_number") or setting.deciders > 0,
        setting.holds("advice") or setting.holds("advice_number"),
        setting.holds("signal"),
        setting.holds("decided_at") and setting.deciders > 0,
        bool(watched(setting.inputs)),
    ]
    return sum(things) >= 2


FOLLOWS = JointMeasure(
    key="follows",
    question="What do choices follow: the case, the AI, people's own view, the superior, habit?",
    needs=(),
    applies=_readable,
    queries=lambda s: {"follows": with_inputs(query("follows"), watched(s.inputs))},
    params=lambda s: {
        "seed": str(s.seed),
        "people": LEAST_PEOPLE_PICKED,
        "wide": MOST_CASES_LOOKED_AT,
        "most": MOST_CASES,
    },
    join=_follows,
)
