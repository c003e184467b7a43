"""What a charter's form asks, in words nobody has to look up."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Depth(StrEnum):
    """How much is asked, by the minutes it takes."""

    TWO = "2"
    TEN = "10"


class Widget(StrEnum):
    """How something is typed."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Asked:
    """One field's words.

    Attributes:
        label: What it asks; "" for the question's own words.
        hint: One line.
        widget: How it is typed.
        words: (value, label) pairs of a choice.
        depth: From which depth on it is asked.
        wide: "", "half" or "short".
    """

    label: str = ""
    hint: str = ""
    widget: Widget = Widget.LINE
    words: tuple[tuple[str, str], ...] = ()
    depth: Depth = Depth.TWO
    wide: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of the form.

    Attributes:
        key: The charter's key.
        legend: The question.
        hint: One line.
        parts: Its fields, by their path below the key.
        depth: From which depth on it is asked.
        row: Legend of a row, with {n} and {name}.
        add: What the button that adds a row says.
        least: Rows to begin with.
        compact: Whether a row is one line.
    """

    key: str
    legend: str
    hint: str = ""
    parts: dict[str, Asked] = field(default_factory=dict[str, Asked])
    depth: Depth = Depth.TEN
    row: str = ""
    add: str = ""
    least: int = 1
    compact: bool = False


_EXPRESSION = "A condition over {names}."
_AVERAGE = "A figure over many cases, such as: avg(choice = 'bring')."
_DAY = "Such as 2026-12-07."
_TYPES = (
    ("category", "One of several words"),
    ("number", "A number"),
    ("boolean", "Yes or no"),
    ("date", "A day"),
)
_KINDS = (("boolean", "Yes or no"), ("category", "One of several words"), ("number", "A number"))
_MODES = (
    ("watch", "Watch: nobody sees its advice"),
    ("advise", "Advise: people choose"),
    ("delegate", "Decide routine cases"),
    ("act", "Decide, and people check some"),
)


def _lines(label: str, hint: str = "One a line.", wide: str = "") -> Asked:
    return Asked(label, hint, Widget.TEXT, wide=wide)


QUESTIONS = (
    Question(
        key="question",
        legend="What is decided, again and again?",
        hint="As one question: Should the technician bring the part on the first visit?",
        parts={"": Asked(widget=Widget.TEXT)},
        depth=Depth.TWO,
    ),
    Question(
        key="options",
        legend="Which answers are allowed?",
        parts={"": Asked("Answer {n}", wide="half")},
        depth=Depth.TWO,
        row="Answer {n}",
        add="Add another answer",
        least=2,
        compact=True,
    ),
    Question(
        key="quantity",
        legend="Or is the answer a quantity?",
        hint="In place of answers, never beside them.",
        parts={
            "unit": Asked("Its unit", "Such as EUR.", wide="short"),
            "low": Asked("The least", wide="short"),
            "high": Asked("The most", wide="short"),
        },
    ),
    Question(
        key="default",
        legend="What happens if nobody chooses?",
        parts={"": Asked(wide="half")},
    ),
    Question(
        key="owner",
        legend="Who is accountable?",
        hint="One role, held by one person. If it goes wrong on Friday, whose phone rings?",
        parts={"": Asked()},
        depth=Depth.TWO,
    ),
    Question(
        key="rights",
        legend="Who takes part?",
        hint="Roles, one a line.",
        parts={
            "decide": _lines("Who may decide?", "", "half"),
            "consult": _lines("Who is asked before a choice?", "", "half"),
            "inform": _lines("Who is told of it?", "", "half"),
            "veto": _lines("Who may stop it?", "", "half"),
        },
    ),
    Question(
        key="mistakes",
        legend="What does a mistake cost?",
        hint="Of each answer: when it turns out to have been the wrong one, and what that costs.",
        parts={
            "option": Asked("The answer", wide="half"),
            "when": Asked("It was wrong when", _EXPRESSION),
            "costs": Asked("That costs", "An amount with its unit, such as 190 EUR.", wide="half"),
        },
        depth=Depth.TWO,
        row="Choosing “{name}”",
        least=0,
    ),
    Question(
        key="differently",
        legend="What is to be decided differently from before?",
        parts={
            "says": Asked("From now on", "As something that somebody could see.", Widget.TEXT),
            "check": Asked("Seen in", _AVERAGE, depth=Depth.TEN),
            "where": Asked("In which cases", _EXPRESSION, depth=Depth.TEN),
            "from": Asked("Today it is", depth=Depth.TEN, wide="short"),
            "to": Asked("It should become", depth=Depth.TEN, wide="short"),
            "by": Asked("By which day", _DAY, depth=Depth.TEN, wide="short"),
        },
        depth=Depth.TWO,
        row="Difference {n}",
        add="Add another difference",
    ),
    Question(
        key="inputs",
        legend="What is known of each case before the choice?",
        hint="Each as a word, such as stock_low.",
        parts={
            "name": Asked("Input {n}", wide="half"),
            "type": Asked("It holds", widget=Widget.CHOICE, words=_TYPES, wide="half"),
        },
        row="Input {n}",
        add="Add another input",
        compact=True,
    ),
    Question(
        key="kinds",
        legend="Which inputs tell kinds of case apart?",
        parts={"": _lines("")},
    ),
    Question(
        key="alike",
        legend="When are two cases alike?",
        parts={
            "exact": _lines("They are equal in"),
            "within": _lines("They are no further apart than", "A name and a distance a line, such as age: 1."),
        },
    ),
    Question(
        key="affected",
        legend="Which inputs name groups of people who are affected?",
        parts={"": _lines("")},
    ),
    Question(
        key="matters",
        legend="What matters, and how much?",
        hint="Two to five things. Their shares make 1, and each has a worst and a best that is realistic.",
        parts={
            "name": Asked("What matters"),
            "range.0": Asked("At worst", wide="short"),
            "range.1": Asked("At best", wide="short"),
            "unit": Asked("In which unit", wide="short"),
            "weight": Asked("Its share of 1", wide="short"),
            "measure": Asked(
                "What each answer brings of it",
                "Over choice, the outcome and inputs: if(choice = 'bring' and not part_used, 190, 0).",
            ),
        },
        row="What matters, {n}",
        add="Add another thing that matters",
        least=2,
    ),
    Question(
        key="outcome",
        legend="How is it seen that it went well?",
        parts={
            "name": Asked("What is seen", "As a word, such as part_used.", wide="half"),
            "kind": Asked("It holds", widget=Widget.CHOICE, words=_KINDS, wide="half"),
            "due": Asked("After how long", "Days or weeks: 21d, 3w.", wide="short"),
            "seen_when": Asked(
                "Seen when", "Always, or a condition such as: choice = 'approve'."
            ),
            "plan": Asked("How the rest is learned", "Where it is not always seen.", Widget.TEXT),
        },
    ),
    Question(
        key="advice",
        legend="What may the AI do?",
        parts={
            "source": Asked("Which AI", "Its name, and its version if it has one: parts-model@4.", wide="half"),
            "mode": Asked("What it may do now", widget=Widget.CHOICE, words=_MODES, wide="half"),
            "ceiling": Asked("The most it may ever do", widget=Widget.CHOICE, words=_MODES, wide="half"),
            "routine": Asked("Which cases are routine", _EXPRESSION),
            "until": Asked("Until which day, where nothing else ends it", _DAY, wide="short"),
            "prior.sample": Asked(
                "In what share of cases is a first view asked for?", "0.2 is one case in five.", wide="short"
            ),
            "holdback": Asked(
                "In what share of cases is advice withheld at random?", "0 unless somebody consents below.", wide="short"
            ),
            "consent.by": Asked("Who consents to withholding it", wide="half"),
            "consent.on": Asked("On which day", _DAY, wide="short"),
            "consent.except": Asked("Except in which cases", _EXPRESSION),
            "show_probability": Asked(
                "For past cases: by what chance was advice shown?", "Only where that was random.", wide="short"
            ),
        },
    ),
    Question(
        key="reasons",
        legend="Which reasons can somebody give for overruling?",
        hint="Three to five, and “other”. One a line.",
        parts={"": Asked(widget=Widget.TEXT)},
    ),
    Question(
        key="worth_acting_on",
        legend="How many choices in 100 must the AI change to matter?",
        hint="5 per 100, where nothing is said.",
        parts={"": Asked(wide="half")},
    ),
    Question(
        key="assumptions",
        legend="What must be true for this to work?",
        parts={
            "says": Asked("It is assumed that", widget=Widget.TEXT),
            "check": Asked("Seen in", _AVERAGE),
            "where": Asked("In which cases", _EXPRESSION),
            "holds.0": Asked("It holds from", wide="short"),
            "holds.1": Asked("It holds up to", wide="short"),
            "owner": Asked("Who watches it", wide="half"),
            "since": Asked("Believed since", _DAY, wide="short"),
            "id": Asked("Short name", "One word, for lists.", wide="short"),
        },
        row="Assumption {n}",
        add="Add another assumption",
    ),
    Question(
        key="gate",
        legend="What gives the AI more, and what takes it away?",
        parts={
            "to": Asked("The next step", widget=Widget.CHOICE, words=_MODES, wide="half"),
            "when": _lines("It is earned by", "A name and a condition a line, such as gain: > 0."),
            "stop": _lines("It is stopped by", "A name and a condition a line, such as harm: > 0.02."),
        },
    ),
    Question(
        key="look_again",
        legend="When is this looked at again?",
        parts={
            "next": Asked("On which day next", _DAY, wide="short"),
            "every": Asked("And then every", "Days or weeks: 90d.", wide="short"),
            "escalate_after": Asked("If nobody does, after", "Days or weeks: 14d.", wide="short"),
            "to": Asked("It goes to", "One role.", wide="half"),
        },
    ),
)  # fmt: skip

# What to do next, where the charter's own hint speaks of lines in a file.
ADVICE_OF = {
    "SAY116": "Give a unit, the least and the most.",
    "SAY206": "End it with a question mark.",
    "SAY212": "Say after how long it can be seen, such as 21d.",
    "SAY213": "Say how the rest is learned, such as by a random check of a few.",
    "SAY214": "Say what each wrong choice costs, such as 190 EUR.",
    "SAY216": "Say it for each answer.",
    "SAY220": "Say its worst and its best.",
    "SAY221": "Say its unit, such as EUR.",
    "SAY223": "Say what it is seen in, what it is today, what it should become, and by when.",
    "SAY224": "Say what it is seen in, and from where to where it holds.",
    "SAY225": "Name who watches it.",
    "SAY226": "Say since when.",
    "SAY230": "Say what it takes to give it more, or a day on which it ends.",
    "SAY232": "Say who consents and on which day, or withhold none.",
    "SAY234": "Say on which day.",
    "SAY236": "Offer three to five, and “other”.",
}
