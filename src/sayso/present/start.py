"""What six first answers say at once: what is clear, what is missing, and the one next step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from textwrap import fill
from typing import TYPE_CHECKING

from sayso.declare.owners import is_group
from sayso.present.terminal import WIDTH, plain

if TYPE_CHECKING:
    from sayso.declare.first_answers import FirstAnswers

QUESTIONS = (
    ("Which decision worries you?", "As a question, if you can: Should this loan be approved?"),
    ("Which AI has a part in it?", "Its name, or what people call it."),
    ("Who is accountable for it?", "One name. If it goes wrong on Friday, whose phone rings?"),
    ("What should be decided differently because of it?", "What would somebody see that they do not see today?"),
    ("How, and when, would you see that it went well?", "For example: the loan is repaid after 12 months."),
    ("What must be true for the AI to be right?", "For example: customers this year are like last year’s."),
)  # fmt: skip
TWO_NAMES = "{n} names. If it goes wrong on Friday, whose phone rings?"
OPENING = "Six questions, five minutes, no data. Enter skips one."
SKIPPED_ALL = (
    "You skipped all six, so nothing was written. Start with one decision that worries you."
)

AI_NO_DECISION = "You have an AI, and no decision."
DECISION_AND_AI = "One decision, and an AI that has a part in it."
DECISION_NO_AI = "One decision worries you, and no AI has a part in it."
NEITHER = "You named neither a decision nor an AI."
NOBODY = "Nobody is accountable"
SEVERAL = "{n} are named as accountable, so nobody is"
GROUP = "“{owner}” is a group, so nobody’s phone rings"
ONE = "{owner} is accountable, by your word; no acceptance is on record"
NOTHING = "nothing is to be decided differently"
DIFFERENT = "You said what should be decided differently; how anybody would see it is open."
BETTER_MODEL = {
    2: "A better model would fix neither.",
    1: "A better model would not fix that.",
}
ANY_MODEL = {2: "An AI would fix neither.", 1: "An AI would not fix that."}
UNSEEN = "Nobody would see whether it went well."
UNDATED = "You said how you would see that it went well, and not when."
BELIEVED = "What must be true for the AI to be right is not written down, so nobody can watch it."
FINISH = "Ask those who decide to finish this sentence: “From next month on we will…”."
TWO_TO_FIVE = "two to five things that matter, each with its worst and its best"
COUNTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


@dataclass(frozen=True, slots=True)
class Clarity:
    """One of the four things that no model can make clear.

    Attributes:
        name: As a person would call it.
        state: "clear", "missing" or "not asked".
        says: What was said, or why it is missing.
    """

    name: str
    state: str
    says: str


def clarities(answers: FirstAnswers) -> tuple[Clarity, ...]:
    """Which decision, who is accountable, what differs, and whether others agree."""
    who, missing = "Who is accountable", "missing"
    match answers.owners:
        case ():
            owner = Clarity(who, missing, "nobody named")
        case (one,) if is_group(one):
            owner = Clarity(who, missing, f"{one} is a group")
        case (one,):
            owner = Clarity(who, "clear", one)
        case several:
            owner = Clarity(who, missing, f"{len(several)} names: {', '.join(several)}")
    return (
        _given("Which decision", answers.decision, "no decision named"),
        owner,
        _given("What is decided differently", answers.differently, "nothing said"),
        Clarity("Do we agree", "not asked", "only you were asked so far"),
    )


def _given(name: str, said: str, otherwise: str) -> Clarity:
    return Clarity(name, "clear", said) if said else Clarity(name, "missing", otherwise)


def first_sentences(answers: FirstAnswers) -> tuple[str, ...]:
    """What the answers say, each sentence true of them and no more."""
    said: list[str] = []
    if answers.decision:
        said.append(DECISION_AND_AI if answers.ai else DECISION_NO_AI)
    else:
        said.append(AI_NO_DECISION if answers.ai else NEITHER)
    accountable, differs = answers.accountable is not None, bool(answers.differently)
    owner = _owner(answers)
    if accountable:
        said.append(f"{owner}.")
        said.append(DIFFERENT if differs else f"{_capital(NOTHING)}.")
    else:
        said.append(f"{owner}; {NOTHING}." if not differs else f"{owner}.")
        if differs:
            said.append(DIFFERENT)
    missing = (not accountable) + (not differs)
    if missing:
        said.append((BETTER_MODEL if answers.ai else ANY_MODEL)[missing])
    if not answers.outcome:
        said.append(UNSEEN)
    elif not answers.says_when:
        said.append(UNDATED)
    if answers.ai and not answers.assumption:
        said.append(BELIEVED)
    return tuple(said)


def _owner(answers: FirstAnswers) -> str:
    match answers.owners:
        case ():
            return NOBODY
        case (one,) if is_group(one):
            return GROUP.format(owner=one)
        case (one,):
            return ONE.format(owner=_capital(one))
        case several:
            return SEVERAL.format(n=_capital(COUNTS.get(len(several), str(len(several)))))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class Next(Enum):
    """The one thing to do next: the first of these that is missing."""

    DECISION = "decision"
    OWNER = "owner"
    DIFFERENTLY = "differently"
    ANSWERS = "answers"
    FIRST = "first round"
    MATTERS = "matters"
    ROUND = "round"


def next_of(answers: FirstAnswers, *, options: int, weighed: int, matters: int = 0) -> Next:
    """What to do next.

    Args:
        answers: What was said.
        options: Answers that the charter allows; a round asks for one of two or more.
        weighed: Things that matter with a range; a round weighs two or more.
        matters: Things that matter. Where none is said yet, others are asked who is accountable
            and what the decision is for, which needs nothing more.
    """
    if not answers.decision:
        return Next.DECISION
    if answers.accountable is None:
        return Next.OWNER
    if not answers.differently:
        return Next.DIFFERENTLY
    if matters == 0 and weighed == 0:
        return Next.FIRST
    if options < 2:
        return Next.ANSWERS
    return Next.MATTERS if weighed < 2 else Next.ROUND


def next_step(
    answers: FirstAnswers, file: str, *, options: int = 0, weighed: int = 0, matters: int = 0
) -> str:
    """The one thing to do next, at a terminal.

    Args:
        answers: What was said.
        file: The charter.
        options: Answers that the charter allows.
        weighed: Things that matter with a range.
        matters: Things that matter.
    """
    match next_of(answers, options=options, weighed=weighed, matters=matters):
        case Next.DECISION:
            of = f" that {answers.ai} should change" if answers.ai else ""
            return f"Name one decision{of}, as a question, behind `question:` in {file}."
        case Next.OWNER:
            return f"Agree on one name, and write it behind `owner:` in {file}."
        case Next.DIFFERENTLY:
            return f"{FINISH} Write it under `differently:` in {file}."
        case Next.ANSWERS:
            return (
                f"Write the answers that are allowed behind `options:` in {file}, and under "
                f"`matters:` {TWO_TO_FIVE}. Then {_round(file)}"
            )
        case Next.FIRST:
            return (
                f"`sayso round {file}` asks five people or more who is accountable and what the "
                "decision is for, each apart; it takes them two minutes. Where they differ is what to "
                f"settle. Once `matters:` holds {TWO_TO_FIVE}, a round asks that too."
            )
        case Next.MATTERS:
            return f"Write under `matters:` in {file} {TWO_TO_FIVE}. Then {_round(file)}"
        case Next.ROUND:
            return _round(file)


def _round(file: str) -> str:
    return (
        f"`sayso round {file}` asks five people or more what you were asked, and what matters to "
        "them, each apart. Where they differ is what to settle."
    )


@dataclass(frozen=True, slots=True)
class NextOnPage:
    """The one thing to do next, on a page.

    Attributes:
        says: What, and why.
        label: What the button says.
        href: Where it leads.
    """

    says: str
    label: str
    href: str


def next_on_page(step: Next, slug: str, ai: str) -> NextOnPage:
    """The one thing to do next, with its button.

    Args:
        step: What it is.
        slug: The decision.
        ai: The AI's name; "" for none.
    """
    form = f"/d/{slug}/charter"
    match step:
        case Next.DECISION:
            of = f" that {ai} should change" if ai else ""
            return NextOnPage(
                f"Name one decision{of}, as a question.", "Name it", f"{form}#question"
            )
        case Next.OWNER:
            return NextOnPage("Agree on one name.", "Name someone", f"{form}#owner")
        case Next.DIFFERENTLY:
            return NextOnPage(FINISH, "Fill in what differs", f"{form}#differently")
        case Next.ANSWERS:
            return NextOnPage(
                "Say which answers are allowed. Only then can others be asked.",
                "Write the answers",
                f"{form}#options",
            )
        case Next.FIRST:
            return NextOnPage(
                "Ask five colleagues who is accountable and what it is for, each apart.",
                "Invite five colleagues",
                f"/d/{slug}/round/new",
            )
        case Next.MATTERS:
            return NextOnPage(
                f"Say what matters: {TWO_TO_FIVE}. Only then can others be asked whether they agree.",
                "Write what matters",
                f"{form}?depth=10#matters",
            )
        case Next.ROUND:
            return NextOnPage(
                "Ask those who take part in this decision the same, each apart. Where they differ "
                "is what to settle.",
                "Invite five colleagues",
                f"/d/{slug}/round/new",
            )


def start_text(answers: FirstAnswers, file: str, findings: int, *, options: int = 0) -> str:
    """Everything that is said after the last answer.

    Args:
        answers: What was said.
        file: Where the charter was written.
        findings: How many lines `sayso check` has for it.
        options: Answers that the charter allows.
    """
    if answers.silent:
        return plain(SKIPPED_ALL)
    shown = [
        (c.name, c.says if c.state == "clear" else f"{c.state}: {c.says}")
        for c in clarities(answers)
    ]
    wide = max(len(name) for name, _ in shown)
    lines = [_wrapped(" ".join(first_sentences(answers))), ""]
    lines += [_wrapped(says, f"  {name:<{wide}}  ", " " * (wide + 4)) for name, says in shown]
    lines += ["", _wrapped(f"Next: {next_step(answers, file, options=options)}"), ""]
    rest = f"`sayso check {file}` lists {findings} open points." if findings else ""
    lines.append(_wrapped(f"Written to {file}. {rest}".strip()))
    return plain("\n".join(lines))


def _wrapped(text: str, first: str = "  ", rest: str = "  ") -> str:
    return fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    )
