"""A charter's form in two depths: which questions are asked, in which words, and what to say of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sayso.declare.typed_charter import SHAPES, Holds, filled_rows, name_of, rows_of
from sayso.present.charter_questions import ADVICE_OF, QUESTIONS, Depth, Question, Widget

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sayso.declare.typed_charter import Part, Typed

LINES_LEAST, TEXT_LEAST = 3, 2
LONG_LINE = 60
MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Said:
    """What is said beside a field.

    Attributes:
        code: The problem's code, kept in a title.
        says: The sentence.
        stops: Whether it keeps the charter from being saved.
    """

    code: str
    says: str
    stops: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One field as the page shows it.

    Attributes:
        name: Its name, which is also its id.
        label: What it asks.
        hint: One line; "" for none.
        value: What was typed.
        widget: How it is typed.
        words: (value, label) pairs of a choice.
        said: What is said beside it.
        wide: "", "half" or "short".
        rows: Lines of a text area.
        focus: Whether the page begins here.
    """

    name: str
    label: str
    hint: str = ""
    value: str = ""
    widget: Widget = Widget.LINE
    words: tuple[tuple[str, str], ...] = ()
    said: tuple[Said, ...] = ()
    wide: str = ""
    rows: int = 2
    focus: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One row of a list."""

    number: int
    legend: str
    fields: tuple[FieldView, ...]
    removable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One question with its fields.

    Attributes:
        key: The charter's key.
        legend: The question.
        hint: One line.
        fields: Its fields, where it has no rows.
        rows: Its rows.
        add: What the button that adds a row says; "" for none.
        said: What is said of the whole.
        bare: Whether the only field carries the question itself as its label.
        compact: Whether a row is one line.
        focus: Whether the page begins at the button.
    """

    key: str
    legend: str
    hint: str
    fields: tuple[FieldView, ...] = ()
    rows: tuple[RowView, ...] = ()
    add: str = ""
    said: tuple[Said, ...] = ()
    bare: bool = False
    compact: bool = False
    focus: bool = False

    @property
    def slots(self) -> tuple[tuple[str, tuple[Said, ...]], ...]:
        """Every place beside which something may be said, with what is."""
        whole = ((self.key, self.said),) if self.rows else ()
        return (*whole, *((f.name, f.said) for f in self.every))

    @property
    def every(self) -> tuple[FieldView, ...]:
        """The fields in it, those of its rows too."""
        return (*self.fields, *(f for row in self.rows for f in row.fields))


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """The form.

    Attributes:
        sections: What is shown.
        hidden: (name, value) pairs of what is typed and not shown at this depth.
        general: What is said of the file as a whole.
        problems: (field, sentence) pairs of what keeps it from being saved.
        open_here: Sentences beside fields that are shown.
        open_elsewhere: Sentences beside fields that are not.
    """

    sections: tuple[SectionView, ...]
    hidden: tuple[tuple[str, str], ...]
    general: tuple[Said, ...]
    problems: tuple[tuple[str, str], ...]
    open_here: int
    open_elsewhere: int


def said_by_field(findings: Iterable[tuple[str, str, str, str, bool]]) -> dict[str, list[Said]]:
    """What is said, by the field it is said beside.

    Args:
        findings: (field, code, message, hint, whether it stops saving).
    """
    found: dict[str, list[Said]] = {}
    for name, code, message, hint, stops in findings:
        found.setdefault(name, []).append(Said(code, sentence(code, message, hint), stops))
    return found


def sentence(code: str, message: str, hint: str) -> str:
    """A problem as a form says it: no path, no syntax of the file.

    Examples:
        >>> sentence("SAY225", "nobody watches this assumption.", "Add `owner:`.")
        'Nobody watches this assumption. Name who watches it.'
    """
    what = ADVICE_OF.get(code, hint).replace("`", "")
    return f"{message[:1].upper()}{message[1:]} {what}".strip()


def form_view(
    typed: Typed,
    said: Mapping[str, Sequence[Said]],
    depth: Depth,
    *,
    focus: str = "",
) -> FormView:
    """The form as the page shows it.

    Args:
        typed: The text of every field, empty rows that were asked for included.
        said: What is said beside each field; "" for the whole file.
        depth: How much is asked.
        focus: Where the page begins: a field, a key whose add button is meant, or "".
    """
    shown = [q for q in QUESTIONS if _is_asked(q, typed, depth)]
    sections = tuple(_section(q, typed, said, depth, focus) for q in shown)
    visible = {f.name for s in sections for f in s.every}
    known = visible | {q.key for q in shown}
    away = {n: s for n, s in said.items() if n and n not in known}
    labels = {f.name: f.label for s in sections for f in s.every}
    problems = [
        (name if name in known else "", _beyond(name, one, labels))
        for name, several in said.items()
        for one in several
        if one.stops
    ]
    return FormView(
        sections=sections,
        hidden=tuple((n, t) for n, t in typed.items() if t and n not in visible),
        general=tuple(said.get("", ())),
        problems=tuple(problems),
        open_here=sum(len(s) for n, s in said.items() if n in known),
        open_elsewhere=sum(len(s) for s in away.values()),
    )


def _beyond(name: str, one: Said, labels: Mapping[str, str]) -> str:
    """A problem's sentence away from its field: what the field asks goes before it."""
    if not name:
        return one.says
    legend = legend_of(name.partition(".")[0])
    if name not in labels:
        return f"{legend} {one.says}"
    return f"{labels[name].rstrip('?')}: {one.says}" if labels[name] != legend else one.says


def _is_asked(question: Question, typed: Typed, depth: Depth) -> bool:
    if question.key == "quantity" and depth is Depth.TWO:
        return any(name.startswith("quantity.") for name in typed)
    if question.key == "options" and depth is Depth.TWO:
        return not any(name.startswith("quantity.") for name in typed) or "options.0" in typed
    return depth is Depth.TEN or question.depth is Depth.TWO


def _section(
    question: Question,
    typed: Typed,
    said: Mapping[str, Sequence[Said]],
    depth: Depth,
    focus: str,
) -> SectionView:
    shape = SHAPES[question.key]

    def views(row: int | None, place: int = 0) -> tuple[FieldView, ...]:
        parts = {part.path: part for part in shape.parts}
        asked = (_view(question, parts[path], typed, row, depth) for path in question.parts)
        return tuple(
            replace(
                v,
                label=v.label.format(n=place),
                said=tuple(said.get(v.name, ())),
                focus=v.name == focus,
            )
            for v in asked
            if v is not None
        )

    section = SectionView(key=question.key, legend=question.legend, hint=question.hint)
    if not shape.rows:
        fields = views(None)
        if len(shape.parts) > 1:
            return replace(section, fields=fields)
        alone = replace(fields[0], label=question.legend, hint=question.hint)
        return replace(section, fields=(alone,), bare=True)
    numbers, legends = _numbers(question, typed), _options(typed)
    rows = tuple(
        RowView(
            number=number,
            legend=question.row.format(
                n=place, name=typed.get(name_of(question.key, shape.named, number), "")
            ),
            fields=views(number, place),
            removable=question.key != "mistakes"
            or typed.get(name_of("mistakes", "option", number), "") not in legends,
        )
        for place, number in enumerate(numbers, 1)
    )
    return replace(
        section,
        rows=rows,
        add=question.add,
        compact=question.compact,
        said=tuple(said.get(question.key, ())),
        focus=focus == question.key,
    )


def _options(typed: Typed) -> tuple[str, ...]:
    return tuple(typed.get(name_of("options", "", r), "") for r in filled_rows(typed, "options"))


def _names(typed: Typed) -> str:
    """The names that a condition may use, as a hint lists them."""
    outcome = typed.get("outcome.name", "")
    inputs = [typed.get(name_of("inputs", "name", row), "") for row in rows_of(typed, "inputs")]
    known = [name for name in (outcome, *inputs) if name]
    if not known:
        return "the outcome and inputs, once they are named in the 10 minutes"
    return ", ".join(known[:MOST_NAMES]) + (" and others" if len(known) > MOST_NAMES else "")


def _numbers(question: Question, typed: Typed) -> tuple[int, ...]:
    """The rows to show: those that are there, and as many empty ones as the question begins with."""
    rows = rows_of(typed, question.key)
    following = (rows[-1] if rows else -1) + 1
    empty = max(0, question.least - len(rows))
    return (*rows, *range(following, following + empty))


def with_mistake_rows(typed: Typed) -> dict[str, str]:
    """The same, with a row of mistakes for each answer: what a wrong choice costs is asked of all."""
    rows = {typed.get(name_of("mistakes", "option", r), ""): r for r in rows_of(typed, "mistakes")}
    following = max(rows.values(), default=-1) + 1
    more: dict[str, str] = {}
    for option in _options(typed):
        if option not in rows:
            more[name_of("mistakes", "option", following)] = option
            rows[option] = following
            following += 1
    return {**typed, **more}


def _view(
    question: Question, part: Part, typed: Typed, row: int | None, depth: Depth
) -> FieldView | None:
    asked = question.parts.get(part.path)
    if asked is None or (depth is Depth.TWO and asked.depth is Depth.TEN):
        return None
    name = name_of(question.key, part.path, row)
    value = typed.get(name, "")
    if question.key == "mistakes" and part.path == "option" and value in _options(typed):
        return None  # the row's own legend says it; the field stays hidden
    widget, words = asked.widget, asked.words
    if question.key == "default" and _options(typed):
        widget, words = Widget.CHOICE, tuple((o, o) for o in _options(typed))
    if widget is Widget.CHOICE:
        words = (("", "Nothing said"), *words)
        if value not in dict(words):
            words = (*words, (value, value))
    if widget is Widget.LINE and ("\n" in value or len(value) > LONG_LINE) and not asked.wide:
        widget = Widget.TEXT
    least = LINES_LEAST if part.holds in (Holds.LINES, Holds.PAIRS) else TEXT_LEAST
    hint = asked.hint.format(names=_names(typed)) if "{names}" in asked.hint else asked.hint
    return FieldView(
        name=name,
        label=asked.label or question.legend,
        hint=hint,
        value=value,
        widget=widget,
        words=words,
        wide=asked.wide,
        rows=min(12, max(least, value.count("\n") + 1, len(value) // 80 + 1)),
    )


def told(key: str, typed: Typed) -> tuple[tuple[str, str], ...]:
    """What one key says, as (label, text) pairs; a label is "" where the question says it all."""
    question = next(q for q in QUESTIONS if q.key == key)
    shape = SHAPES[key]
    pairs: list[tuple[str, str]] = []
    for place, row in enumerate(filled_rows(typed, key) if shape.rows else (None,), 1):
        first = next(iter(question.parts))
        called = typed.get(name_of(key, first, row), "")[:LONG_LINE] if shape.rows else ""
        for path, asked in question.parts.items():
            value = typed.get(name_of(key, path, row), "")
            label = asked.label.format(n=place)
            if value:
                pairs.append((f"{called}: {label}" if called and path != first else label, value))
    return tuple(pairs)


def first_field(key: str, row: int) -> str:
    """The field in which a row begins."""
    question = next(q for q in QUESTIONS if q.key == key)
    return name_of(key, next(iter(question.parts)), row)


def legend_of(key: str) -> str:
    """The question that a key answers."""
    return next(q.legend for q in QUESTIONS if q.key == key)


def slot(name: str) -> str:
    """The id of the place where something is said beside a field; without dots, as scripts need it."""
    return f"said-{name.replace('.', '-')}"
