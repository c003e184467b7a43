"""Clarity: what a charter leaves open that no model can close."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sayso.declare.charter import Charter, Mode
from sayso.declare.charter_file import read_charter
from sayso.declare.consequence import (
    INPUT_TYPES,
    OUTCOME_TYPES,
    MeasureProblem,
    measure_of,
)
from sayso.declare.expression import Expression, ExprType, parse_expression, texts_given
from sayso.declare.holdback import cases_needed
from sayso.declare.owners import is_group, owner_names
from sayso.declare.problem import Place, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_QUESTION = re.compile(
    r"^(should|shall|do|does|did|is|are|was|were|can|could|may|will|would|has|have|had|how|which|"
    r"what|who|whom|whose|when|where|why|to whom|in which|at what)\b",
    re.IGNORECASE,
)
LEAST_EXPECTED = 0.7
LINE = 0.05


@dataclass(slots=True)
class _Lint:
    """The findings so far, and where each field stands."""

    charter: Charter
    places: Mapping[str, Place]
    today: date
    found: list[Problem] = field(default_factory=list[Problem])

    def say(self, path: str, code: str, message: str, hint: str, *, error: bool = False) -> None:
        """Keep a finding at a field, or where the field would stand."""
        severity = Severity.ERROR if error else Severity.WARNING
        self.found.append(Problem(self._place(path), code, f"{path}: {message}", hint, severity))

    def inside(self, path: str, offset: int) -> Place:
        """Some characters into a field's text."""
        place = self._place(path)
        return Place(place.file, place.line, place.column + offset)

    def _place(self, path: str) -> Place:
        while path and path not in self.places:
            path = path.rpartition(".")[0] if "." in path else path.rpartition("[")[0]
        return self.places.get(path) or self.places["decision"]


def lint(charter: Charter, places: Mapping[str, Place], *, today: date) -> tuple[Problem, ...]:
    """Say what is unclear; errors keep a charter from being activated.

    Args:
        charter: A charter without errors of form.
        places: Where each of its fields stands, from ``read_charter``.
        today: The day that counts as today.
    """
    found = _Lint(charter, places, today)
    for check in (
        _owner,
        _question,
        _options,
        _outcome,
        _mistakes,
        _matters,
        _differently,
        _assumptions,
        _people,
        _advice,
        _holdback,
        _look_again,
        _reasons,
        _expressions,
    ):
        check(found)
    return tuple(sorted(found.found))


def check_text(text: str, file: str, *, today: date) -> tuple[Charter | None, tuple[Problem, ...]]:
    """Read and lint one charter file.

    Returns:
        The charter, None where its form is broken, and every problem in the file's order.
    """
    reading = read_charter(text, file)
    if reading.charter is None:
        return None, reading.problems
    unclear = lint(reading.charter, reading.places, today=today)
    return reading.charter, tuple(sorted((*reading.problems, *unclear)))


def _owner(f: _Lint) -> None:
    owner = f.charter.owner
    if owner is None:
        f.say("owner", "SAY201", "nobody is accountable.", "Name one role.", error=True)
        return
    parts = owner_names(owner)
    if len(parts) > 1:
        number = {2: "two names", 3: "three names"}.get(len(parts), f"{len(parts)} names")
        f.say("owner", "SAY204", f"{number}; exactly one is accountable.", "Keep one.", error=True)
    elif is_group(owner):
        f.say("owner", "SAY203", f"{owner!r} is a group.", "Name one role held by one person.")


def _question(f: _Lint) -> None:
    question = f.charter.question
    if question is None:
        f.say("question", "SAY205", "missing.", "Ask what is decided.", error=True)
    elif not question.strip().endswith("?") or not _QUESTION.match(question.strip()):
        f.say(
            "question", "SAY206", f"{question[:60]!r} asks nothing.", "Write a question with `?`."
        )


def _options(f: _Lint) -> None:
    charter = f.charter
    if charter.quantity is not None:
        return
    if len(charter.options) < 2:
        f.say(
            "options",
            "SAY207",
            f"{len(charter.options)} option(s) leave nothing to decide.",
            "Write at least two, or a quantity.",
            error=True,
        )
    plain: dict[str, str] = {}
    for i, option in enumerate(charter.options):
        key = re.sub(r"[^a-z0-9]+", "", option.lower())
        if key in plain:
            f.say(
                f"options[{i}]",
                "SAY208",
                f"{option!r} and {plain[key]!r} are one answer.",
                "Keep one spelling.",
                error=True,
            )
        plain.setdefault(key, option)
    _unreachable(f)
    if charter.default is not None and charter.options and charter.default not in charter.options:
        f.say(
            "default",
            "SAY209",
            f"{charter.default!r} is not among the options.",
            f"Write one of: {', '.join(charter.options)}.",
            error=True,
        )
    for mistake in charter.mistakes:
        if charter.options and mistake.option not in charter.options:
            f.say(
                f"mistakes.{mistake.option}",
                "SAY210",
                f"{mistake.option!r} can never be chosen: it is not among the options.",
                f"Write one of: {', '.join(charter.options)}.",
                error=True,
            )


def _unreachable(f: _Lint) -> None:
    """Options that the source's own rule for the choice never gives."""
    source = f.charter.source
    rule = dict(source.columns).get("choice") if source is not None else None
    given = texts_given(rule) if rule is not None else None
    if given is None:
        return
    reached = {text.lower() for text in given}
    for i, option in enumerate(f.charter.options):
        if option.lower() not in reached:
            f.say(
                f"options[{i}]",
                "SAY243",
                f"no case can reach {option!r}: source.columns.choice gives only "
                f"{', '.join(sorted(given))}.",
                "Let that rule give it, or drop the option.",
            )


def _outcome(f: _Lint) -> None:
    outcome = f.charter.outcome
    if outcome is None:
        f.say(
            "outcome", "SAY211", "nothing shows that it went well.", "Name what is seen afterwards."
        )
        return
    if outcome.due_days is None:
        f.say("outcome.due", "SAY212", "never due, so never missing.", "Write `due: 21d`.")
    if outcome.seen_when != "always" and not outcome.plan:
        f.say(
            "outcome.seen_when",
            "SAY213",
            "the outcome is seen for some choices only, and nothing says how the rest is learned.",
            "Write a `plan:`, such as a random check of a few.",
        )


def _mistakes(f: _Lint) -> None:
    charter = f.charter
    if charter.quantity is not None:
        return
    costs = [m for m in charter.mistakes if m.costs is not None]
    if not costs:
        f.say(
            "mistakes",
            "SAY214",
            "no mistake has a cost, so all count as equal.",
            "Write what each wrong choice costs: `costs: 190 EUR`.",
        )
    units = {m.costs.unit for m in costs if m.costs is not None}
    if len(units) > 1:
        f.say(
            "mistakes",
            "SAY215",
            f"costs in {' and '.join(sorted(units))} cannot be compared.",
            "Use one unit.",
            error=True,
        )
    missing = [o for o in charter.options if o not in {m.option for m in charter.mistakes}]
    if charter.mistakes and missing:
        f.say(
            "mistakes",
            "SAY216",
            f"nothing says when {missing[0]!r} turns out wrong.",
            "Add a line for each option.",
        )


def _matters(f: _Lint) -> None:
    matters = f.charter.matters
    if not matters:
        f.say("matters", "SAY217", "nothing says what matters.", "Name two to five considerations.")
        return
    weights = [o.weight for o in matters]
    if any(w is None for w in weights):
        f.say("matters", "SAY218", "a consideration has no weight.", "Give each a share of 1.")
    else:
        total = sum(w for w in weights if w is not None)
        if abs(total - 1) > 1e-6:
            f.say(
                "matters", "SAY219", f"weights sum to {total:g}, not 1.", "Share out 1.", error=True
            )
    for i, objective in enumerate(matters):
        if objective.range is None:
            f.say(
                f"matters[{i}]",
                "SAY220",
                f"{objective.name!r} has no range, so its weight means nothing.",
                "Write [worst, best] on a stated scale.",
            )
        elif objective.unit is None and objective.range != (0.0, 1.0):
            f.say(
                f"matters[{i}]", "SAY221", f"{objective.name!r} has no unit.", "Write `unit: EUR`."
            )
        if objective.measure is not None:
            found = measure_of(objective.measure, f.charter)
            if isinstance(found, MeasureProblem):
                path = f"matters[{i}].measure"
                place = f.inside(path, found.offset)
                said = f"{path}: {found.message}"
                f.found.append(Problem(place, found.code, said, found.hint, Severity.WARNING))


def _differently(f: _Lint) -> None:
    lines = f.charter.differently
    if not lines:
        f.say(
            "differently",
            "SAY222",
            "nothing is to be decided differently.",
            "Say what changes from before, or why the AI is there.",
        )
    for i, line in enumerate(lines):
        if line.check is None or line.target is None:
            f.say(
                f"differently[{i}]",
                "SAY223",
                "no way to see whether it happened.",
                "Add check, from, to and by.",
            )


def _assumptions(f: _Lint) -> None:
    for i, assumption in enumerate(f.charter.assumptions):
        path = f"assumptions[{i}]"
        if assumption.check is None or assumption.holds is None:
            f.say(path, "SAY224", f"{assumption.says[:50]!r} has no test.", "Add check and holds.")
        if assumption.owner is None:
            f.say(path, "SAY225", "nobody watches this assumption.", "Add `owner:`.")
        if assumption.since is None:
            f.say(path, "SAY226", "no date says since when it was believed.", "Add `since:`.")


def _people(f: _Lint) -> None:
    rights = f.charter.rights
    if not rights.decide:
        f.say("rights.decide", "SAY227", "nobody may decide.", "Name the roles that choose.")
    front = [r for r in rights.consult if r != f.charter.owner]
    if not front:
        f.say(
            "rights.consult",
            "SAY228",
            "nobody from the front line is asked.",
            "Name who is nearest to the work.",
        )


def _advice(f: _Lint) -> None:
    advice = f.charter.advice
    if advice is None:
        return
    if advice.ceiling.rank < advice.mode.rank:
        f.say(
            "advice.ceiling",
            "SAY229",
            f"{advice.ceiling} is below the mode {advice.mode}.",
            "Lower the mode, or raise the ceiling.",
            error=True,
        )
    weak = advice.mode in (Mode.WATCH, Mode.ADVISE)
    if weak and f.charter.gate is None and advice.until is None:
        f.say(
            "advice.mode",
            "SAY230",
            f"{advice.mode} for ever: nothing says what evidence would give it more, or retire it.",
            "Add a `gate:`, or `until:`.",
        )
    if advice.mode is Mode.DELEGATE and advice.routine is None:
        f.say(
            "advice.routine",
            "SAY231",
            "the AI may decide, and nothing says which cases.",
            "Write a condition on the inputs.",
            error=True,
        )


def _holdback(f: _Lint) -> None:
    advice = f.charter.advice
    if advice is None or advice.holdback == 0:
        return
    if advice.consent is None:
        f.say(
            "advice.holdback",
            "SAY232",
            "advice is withheld without the owner's consent.",
            "Add `consent: {by, on}`, or write 0.",
            error=True,
        )
    line = f.charter.worth_acting_on or LINE
    cases = cases_needed(advice.holdback, line, agreement=LEAST_EXPECTED)
    f.say(
        "advice.holdback",
        "SAY233",
        f"at {100 * advice.holdback:g} in 100 withheld, about {cases.changes:,} cases are needed to "
        f"see an influence of {100 * line:g} in 100, {cases.too_small:,} to call it too small.",
        "Plan for that many, or withhold more.",
    )


def _look_again(f: _Lint) -> None:
    look = f.charter.look_again
    if look is None or look.next is None:
        f.say("look_again", "SAY234", "no date on which this is looked at again.", "Add `next:`.")
    elif look.next < f.today:
        f.say(
            "look_again.next",
            "SAY235",
            f"{look.next} has passed.",
            "Look at the evidence, then set the next date.",
        )


def _reasons(f: _Lint) -> None:
    if len(f.charter.reasons) == 1:
        f.say(
            "reasons", "SAY236", "a list of one is no choice.", "Offer three to five, and `other`."
        )


def _expressions(f: _Lint) -> None:
    """Every condition must be one that the declared names can answer."""
    charter = f.charter
    names = {name: INPUT_TYPES[kind] for name, kind in charter.inputs}
    kind = ExprType.NUMBER if charter.quantity is not None else ExprType.TEXT
    names |= dict.fromkeys(("choice", "advice", "prior"), kind)
    known = dict(names)
    if charter.outcome is not None:
        known[charter.outcome.name] = OUTCOME_TYPES[charter.outcome.kind]
    todo: list[tuple[str, str | None, dict[str, ExprType], bool]] = []
    for i, line in enumerate(charter.differently):
        todo += [
            (f"differently[{i}].check", line.check, known, True),
            (f"differently[{i}].where", line.where, known, False),
        ]
    for i, line in enumerate(charter.assumptions):
        todo += [
            (f"assumptions[{i}].check", line.check, known, True),
            (f"assumptions[{i}].where", line.where, known, False),
        ]
    for mistake in charter.mistakes:
        todo.append((f"mistakes.{mistake.option}.when", mistake.when, known, False))
    if charter.outcome is not None and charter.outcome.seen_when != "always":
        todo.append(("outcome.seen_when", charter.outcome.seen_when, names, False))
    if charter.advice is not None:
        todo.append(("advice.routine", charter.advice.routine, names, False))
    for path, text, allowed, aggregate in todo:
        if text is not None:
            _expression(f, path, text, allowed, aggregate=aggregate)


def _expression(
    f: _Lint, path: str, text: str, names: dict[str, ExprType], *, aggregate: bool
) -> None:
    parsed = parse_expression(text, names)
    if not isinstance(parsed, Expression):
        inside = f.inside(path, parsed.offset)
        message = f"{path}: {parsed.message}"
        f.found.append(Problem(inside, "SAY237", message, parsed.hint, Severity.ERROR))
    elif aggregate and not parsed.aggregate:
        f.say(path, "SAY238", "tests one case, not many.", "Write avg(...).", error=True)
    elif not aggregate and parsed.type is not ExprType.BOOLEAN:
        f.say(path, "SAY239", "is not a condition.", "Write one that is true or false.", error=True)
