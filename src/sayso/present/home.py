"""The first page: the five questions of stewardship, answered from whatever is on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sayso.align.round import RoundState
from sayso.declare.people import Accountability
from sayso.present.decision import (
    DecisionFacts,
    Need,
    Step,
    field_href,
    is_seen,
    mode,
    next_step,
    owner_href,
    state,
    who,
)
from sayso.present.numbers import in_words, on_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

QUESTIONS = (
    "What should be decided differently?",
    "Who is accountable?",
    "Where are we unclear or contested?",
    "What do we assume and not see?",
    "Does it help people act?",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeFacts:
    """What is on record of every decision in a workspace.

    Attributes:
        decisions: One each, in the order of their names.
        apart: Points in which charters do not fit together.
        broken: What else could not be read, one sentence each.
        effect: What Sayso itself has changed here, in a sentence.
    """

    decisions: tuple[DecisionFacts, ...]
    apart: int = 0
    broken: tuple[str, ...] = ()
    effect: str = ""

    @property
    def readable(self) -> tuple[DecisionFacts, ...]:
        """The decisions whose charter can be read; nothing is counted of the others."""
        return tuple(d for d in self.decisions if d.charter is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One of the five questions, with its answer and what to do about it.

    Attributes:
        question: The question.
        says: The answer, with its count.
        step: The one thing to do.
        about: The decision that the step concerns.
        open: Whether something is left to do.
    """

    question: str
    says: str
    step: Step
    about: str = ""
    open: bool = True


def five_answers(facts: HomeFacts) -> tuple[Answered, ...]:
    """The five questions, each answered in a sentence that claims no more than its count.

    Args:
        facts: What is on record; at least one decision can be read.

    Raises:
        ValueError: If no decision can be read.
    """
    if not facts.readable:
        raise ValueError("there is no decision to answer from")
    return (
        _differently(facts.readable),
        _accountable(facts.readable),
        _unclear(facts),
        _assumed(facts.readable),
        _helps(facts.readable),
    )


def _some(n: int, of: int, one: str = "decision", many: str = "decisions") -> str:
    """So many of all, as the subject of a sentence.

    Examples:
        >>> _some(0, 7), _some(1, 7), _some(7, 7), _some(2, 2), _some(1, 1)
        ('None of seven decisions', 'One of seven decisions', 'All seven decisions', 'Both decisions', 'The one decision here')
    """
    if of == 1:
        return f"The one {one} here"
    if n == of:
        return f"Both {many}" if of == 2 else f"All {in_words(of)} {many}"
    counted = "None" if n == 0 else in_words(n).capitalize()
    return f"{counted} of {in_words(of)} {many}"


def _plural(n: int, of: int, one: str, many: str) -> str:
    """The verb that goes with ``_some``."""
    return one if of == 1 or n <= 1 else many


def _differently(all_: Sequence[DecisionFacts]) -> Answered:
    said = [d for d in all_ if d.charter and d.charter.differently]
    dim = [d for d in said if d.charter and not is_seen(d.charter)]
    k, n = len(said), len(all_)
    if k == 0 and n == 1:
        says = "The one decision here says nothing of what should be decided differently."
    else:
        says = f"{_some(k, n)} {_plural(k, n, 'says', 'say')} what should be decided differently"
        if dim and len(dim) == k:
            how = "nothing says how anybody would see it."
            says += f"; {how}"
        elif dim:
            says += f"; for {in_words(len(dim))} of these, nothing says how anybody would see it."
        else:
            says += "."
    silent = [d for d in all_ if d not in said]
    if silent or dim:
        first = (silent or dim)[0]
        label = "Say what changes" if silent else "Say how it would show"
        return _answer(0, says, label, field_href(first.slug, "differently"), first)
    return _answer(0, says, "Read what changes", f"/d/{said[0].slug}#differently", said[0], False)


def _accountable(all_: Sequence[DecisionFacts]) -> Answered:
    n = len(all_)
    nobody = [d for d in all_ if d.nobody]
    named = [d for d in all_ if d.standing is Accountability.NAMED]
    if nobody:
        if n == 1:
            says = "Nobody is accountable for the one decision here."
        elif len(nobody) == n:
            says = f"Nobody is accountable for any of {in_words(n)} decisions."
        else:
            says = f"Nobody is accountable for {in_words(len(nobody))} of {in_words(n)} decisions"
            says += (
                f"; for {in_words(len(named))}, whoever is named has not accepted."
                if named
                else "."
            )
        return _answer(1, says, "Name someone", owner_href(nobody[0]), nobody[0])
    if named:
        if n == 1:
            says = "Somebody is named for the one decision here, and has not accepted."
        elif len(named) == n:
            says = f"Somebody is named for each of {in_words(n)} decisions, and none has accepted."
        else:
            says = (
                f"Somebody is named for each of {in_words(n)} decisions; "
                f"{in_words(len(named))} {'is' if len(named) == 1 else 'are'} not accepted yet."
            )
        return _answer(1, says, "Accept", owner_href(named[0]), named[0])
    each = "the one decision here" if n == 1 else f"each of {in_words(n)} decisions"
    says = f"Somebody has accepted to be accountable for {each}."
    return _answer(1, says, "See who", owner_href(all_[0]), all_[0], False)


def _unclear(facts: HomeFacts) -> Answered:
    all_ = facts.readable
    n = len(all_)
    points = sum(len(d.findings) for d in all_)
    where = [d for d in all_ if d.findings]
    if points == 0:
        says = f"No point is open in {_charters(n)}."
    else:
        verb = "One point is" if points == 1 else f"{in_words(points).capitalize()} points are"
        says = f"{verb} open in {_charters(n) if n == 1 else f'{in_words(len(where))} of {_charters(n)}'}."
    if facts.apart:
        k = facts.apart
        says += " In one point, two do" if k == 1 else f" In {in_words(k)} points, they do"
        says += " not fit together."
    unsettled = [d for d in all_ if d.unsettled is not None]
    open_ = sum(r.state is RoundState.OPEN for d in all_ for r in d.rounds)
    asked = [d for d in all_ if d.rounds]
    if unsettled:
        k = len(unsettled)
        says += (
            f" People have answered on {'one decision' if k == 1 else f'{in_words(k)} decisions'}"
        )
        says += ", and no rule is written yet."
    elif open_:
        says += (
            " One round is open."
            if open_ == 1
            else f" {in_words(open_).capitalize()} rounds are open."
        )
    elif not asked:
        says += " No round has asked anybody yet."
    if unsettled and (seen := unsettled[0].unsettled):
        href = f"/d/{unsettled[0].slug}/round/{seen.round.id}/settle"
        return _answer(2, says, "Write the rule", href, unsettled[0])
    if where:
        worst = max(where, key=lambda d: (len(d.errors), len(d.findings)))
        return _answer(2, says, "See the open points", f"/d/{worst.slug}#unclear", worst)
    silent = [d for d in all_ if not d.rounds]
    if silent:
        first = silent[0]
        return _answer(2, says, "Ask five people", f"/d/{first.slug}/round/new", first)
    return _answer(2, says, "See the rounds", f"/d/{all_[0].slug}#rounds", all_[0], False)


def _charters(n: int) -> str:
    return "the one charter here" if n == 1 else f"{in_words(n)} charters"


def _assumed(all_: Sequence[DecisionFacts]) -> Answered:
    n = len(all_)
    total = sum(len(d.charter.assumptions) for d in all_ if d.charter)
    dim = sum(d.unwatched for d in all_)
    none = [d for d in all_ if d.charter and not d.charter.assumptions]
    if total == 0:
        of = "for the one decision here" if n == 1 else f"for any of {in_words(n)} decisions"
        says = f"No assumption is written down {of}."
        return _answer(3, says, "Write one down", field_href(none[0].slug, "assumptions"), none[0])
    if total == 1:
        says = f"The one assumption written down has {'no' if dim else 'a'} test."
    elif dim in (0, total):
        every = "Both" if total == 2 else f"All {in_words(total)}"
        none_of = "Neither of the two" if total == 2 else f"None of {in_words(total)}"
        says = (
            f"{every if dim == 0 else none_of} assumptions {'have' if dim == 0 else 'has'} a test."
        )
    else:
        says = (
            f"{_some(dim, total, 'assumption', 'assumptions')} {_plural(dim, total, 'has', 'have')}"
        )
        says += " no test."
    if none:
        k = len(none)
        says += f" {_some(k, n)} {_plural(k, n, 'writes', 'write')} none down."
    first = next((d for d in all_ if d.unwatched), None)
    if first is not None:
        return _answer(3, says, "Write a test", field_href(first.slug, "assumptions"), first)
    if none:
        href = field_href(none[0].slug, "assumptions")
        return _answer(3, says, "Write one down", href, none[0])
    return _answer(3, says, "Read them", f"/d/{all_[0].slug}#assumptions", all_[0], False)


def _helps(all_: Sequence[DecisionFacts]) -> Answered:
    n = len(all_)
    dark = [d for d in all_ if d.charter and d.charter.outcome is None]
    k = n - len(dark)
    told = [d for d in all_ if d.measured]
    if told:
        of = (
            "the one decision here"
            if n == 1
            else f"{in_words(len(told))} of {in_words(n)} decisions"
        )
        says = f"For {of}, a table was asked what a rule changed."
        return _answer(4, says, "Read what it said", f"/d/{told[0].slug}#settled", told[0], False)
    if n == 1:
        rest = (
            "which outcome would show it is not said"
            if dark
            else "the outcome that would show it is named"
        )
        says = f"Nothing is measured here yet, and {rest}."
    else:
        says = (
            f"Nothing is measured here yet; {_lower(_some(k, n))} "
            f"{_plural(k, n, 'names', 'name')} the outcome that would show it."
        )
    if dark:
        href = field_href(dark[0].slug, "outcome")
        return _answer(4, says, "Say how it would show", href, dark[0])
    return _answer(4, says, "See how to measure it", f"/d/{all_[0].slug}#measure", all_[0])


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _answer(
    number: int, says: str, label: str, href: str, about: DecisionFacts, is_open: bool = True
) -> Answered:
    return Answered(
        question=QUESTIONS[number],
        says=says,
        step=Step(label, href),
        about=about.question,
        open=is_open,
    )


def most_valuable(answers: Sequence[Answered], facts: HomeFacts) -> int:
    """Which of the five steps is worth most: without somebody accountable, nothing settles."""
    if any(d.nobody for d in facts.readable):
        return 1
    if any(d.unsettled for d in facts.readable):
        return 2
    return next((i for i, answer in enumerate(answers) if answer.open), 0)


def headline(facts: HomeFacts, today: date) -> str:
    """How many decisions need the visitor."""
    needy = sum(state(d, today).need is Need.NEEDS for d in facts.decisions)
    if needy == 0:
        return "Nothing needs you"
    many = f"{in_words(needy).capitalize()} decisions need you"
    return "One decision needs you" if needy == 1 else many


def home_page(facts: HomeFacts, today: date) -> dict[str, Any]:
    """Everything the template prints.

    Args:
        facts: What is on record.
        today: The day.

    Returns:
        Values by the names the template uses; of any type, as Jinja takes them.
    """
    answers = five_answers(facts) if facts.readable else ()
    order = list(Need)
    rows = [(d, state(d, today)) for d in facts.decisions]
    rows.sort(key=lambda row: (order.index(row[1].need), row[0].slug))
    n = len(facts.decisions)
    care = (
        "One decision is in your care."
        if n == 1
        else f"{in_words(n).capitalize()} decisions are in your care."
    )
    dark = n - len(facts.readable)
    if dark:
        care += (
            " One cannot be read, and is not counted below."
            if dark == 1
            else f" {in_words(dark).capitalize()} cannot be read, and are not counted below."
        )
    return {
        "day": f"{_DAYS[today.weekday()]} {on_day(today)}, week {today.isocalendar().week}",
        "headline": headline(facts, today) if facts.decisions else "No decisions yet",
        "care": f"{care} Five questions say how {'it stands' if n == 1 else 'they stand'}.",
        "answers": answers,
        "filled": most_valuable(answers, facts) if answers else None,
        "questions": QUESTIONS,
        "rows": [
            {
                "question": d.question,
                "href": f"/d/{d.slug}",
                "who": who(d),
                "nobody": d.nobody and d.charter is not None,
                "mode": mode(d) if d.charter else "Not known",
                "need": s.need.value,
                "word": s.need.word,
                "reason": s.reason,
            }
            for d, s in rows
        ],
        "broken": facts.broken,
        "effect": facts.effect,
    }


def home_data(facts: HomeFacts, today: date) -> dict[str, Any]:
    """The first page as plain data, of any type that JSON has.

    Args:
        facts: What is on record.
        today: The day.
    """
    answers = five_answers(facts) if facts.readable else ()
    return {
        "as_of": today.isoformat(),
        "headline": headline(facts, today) if facts.decisions else "No decisions yet",
        "questions": [
            {
                "question": a.question,
                "says": a.says,
                "open": a.open,
                "step": {"label": a.step.label, "href": a.step.href},
            }
            for a in answers
        ],
        "decisions": [decision_line(d, today) for d in facts.decisions],
        "broken": list(facts.broken),
        "effect": facts.effect,
    }


def decision_line(facts: DecisionFacts, today: date) -> dict[str, Any]:
    """One decision in a list, as plain data, of any type that JSON has."""
    found = state(facts, today)
    step = next_step(facts, today)
    charter = facts.charter
    return {
        "slug": facts.slug,
        "version": charter.version if charter else None,
        "question": charter.question if charter else None,
        "owner": charter.owner if charter else None,
        "accountable": {"state": str(facts.standing), "person": facts.person},
        "mode": str(charter.advice.mode) if charter and charter.advice else None,
        "open_points": len(facts.findings),
        "state": {"need": found.need.value, "reason": found.reason},
        "step": {"label": step.label, "href": step.href},
    }
