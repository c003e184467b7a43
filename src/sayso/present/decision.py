"""One decision: what it needs from whoever looks after it, and the one step that is worth most."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from sayso.align.round import RoundState
from sayso.declare.charter import Mode
from sayso.declare.owners import is_group, owner_names
from sayso.declare.people import Accountability
from sayso.present.assumption_list import Stood, without_test
from sayso.present.charter_questions import QUESTIONS as ASKED
from sayso.present.charter_questions import Depth
from sayso.present.numbers import in_words, on_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sayso.align.round import Round
    from sayso.declare.charter import Charter

LABELS = {
    "decision": "The decision's name",
    "version": "The version",
    "question": "The question",
    "options": "The answers",
    "quantity": "The answers",
    "default": "If nobody chooses",
    "owner": "Who is accountable",
    "rights": "Who decides, and who is asked",
    "differently": "What is decided differently",
    "inputs": "What is known of a case",
    "alike": "When cases are alike",
    "matters": "What matters",
    "outcome": "How it would show",
    "mistakes": "What a mistake costs",
    "advice": "What the AI may do",
    "reasons": "Reasons",
    "worth_acting_on": "The line that matters",
    "assumptions": "What is assumed",
    "gate": "What earns the AI more",
    "look_again": "When it is looked at again",
    "privacy": "Who is protected",
    "source": "Where past cases are",
}
MODES = {
    None: "People, no AI",
    Mode.WATCH: "People, AI in the background",
    Mode.ADVISE: "People, AI advises",
    Mode.DELEGATE: "AI on routine cases, people on the rest",
    Mode.ACT: "AI, people can change it",
}


class Need(StrEnum):
    """What a decision needs from whoever looks after it, most urgent first."""

    NEEDS = "needs"
    WATCH = "watch"
    LEARNING = "learning"
    STEADY = "steady"

    @property
    def word(self) -> str:
        """As people read it."""
        return "Needs you" if self is Need.NEEDS else self.value.capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An open point of a charter.

    Attributes:
        field: Where in the charter, such as ``outcome.due``; "" for the file as a whole.
        code: As ``sayso check`` prints it.
        says: What is open.
        hint: What to write in the file.
        error: Whether it keeps the charter from being used.
    """

    field: str
    code: str
    says: str
    hint: str
    error: bool = False

    @property
    def key(self) -> str:
        """The charter's key that the field belongs to."""
        return self.field.partition(".")[0].partition("[")[0]

    @property
    def label(self) -> str:
        """What the key is called on a page."""
        return LABELS.get(self.key, f"“{self.field}”" if self.field else "The file")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSeen:
    """A round as the page of its decision tells it: how many, never who.

    Attributes:
        round: The round.
        state: Where it stands.
        sent: People who sent their answers.
        settled: The proposal that settled it; "" for none.
    """

    round: Round
    state: RoundState
    sent: int
    settled: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Something that was settled.

    Attributes:
        says: The rule, as the accountable person wrote it.
        on: The day; None where it is not on record.
        check: The day on which its effect is checked; None for none.
        seen: What a table said of its effect; "" where none was asked.
    """

    says: str
    on: date | None = None
    check: date | None = None
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFacts:
    """What is on record of one decision.

    Attributes:
        slug: Its name.
        file: Its charter's file.
        charter: The version that counts; None where the file cannot be read.
        standing: Whether somebody stands for it.
        person: Who holds the accountable role; None for nobody.
        findings: Its open points, in the file's order.
        rounds: Its rounds, the latest last.
        settled: What was settled, the latest last.
        stood: By id, how its assumptions stood when a table was last read.
    """

    slug: str
    file: str
    charter: Charter | None
    standing: Accountability = Accountability.NOBODY
    person: str | None = None
    findings: tuple[Finding, ...] = ()
    rounds: tuple[RoundSeen, ...] = ()
    settled: tuple[Settled, ...] = ()
    stood: Mapping[str, Stood] = field(default_factory=dict[str, Stood])

    @property
    def question(self) -> str:
        """What is decided, else its name."""
        asked = self.charter.question if self.charter else None
        return asked or self.slug.replace("-", " ").capitalize()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The open points that keep the charter from being used."""
        return tuple(f for f in self.findings if f.error)

    @property
    def nobody(self) -> bool:
        """Whether nobody is accountable, for whatever reason."""
        return self.standing in (Accountability.NOBODY, Accountability.VACANT)

    @property
    def last_round(self) -> RoundSeen | None:
        """The latest round."""
        return self.rounds[-1] if self.rounds else None

    @property
    def unsettled(self) -> RoundSeen | None:
        """The latest round whose answers are open to all, and no rule is written."""
        shown = [r for r in self.rounds if r.state is RoundState.SHOWN]
        return shown[-1] if shown else None

    @property
    def measured(self) -> bool:
        """Whether a table was ever asked what a rule changed."""
        return any(s.seen for s in self.settled)

    @property
    def unwatched(self) -> int:
        """Assumptions without a test."""
        return 0 if self.charter is None else len(without_test(self.charter))


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and where.

    Attributes:
        label: The verb on the button.
        href: Where it leads.
    """

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class State:
    """What a decision needs, and why, in words."""

    need: Need
    reason: str


def is_seen(charter: Charter) -> bool:
    """Whether each thing that is to be decided differently can be seen to happen."""
    return all(d.check is not None and d.target is not None for d in charter.differently)


def state(facts: DecisionFacts, today: date) -> State:
    """What a decision needs, and why.

    Args:
        facts: What is on record of it.
        today: The day.
    """
    charter = facts.charter
    if charter is None:
        return State(Need.NEEDS, "its file cannot be read")
    if facts.nobody:
        return State(Need.NEEDS, "name someone")
    if facts.errors:
        n = len(facts.errors)
        return State(Need.NEEDS, "mend one error" if n == 1 else f"mend {in_words(n)} errors")
    if facts.unsettled is not None:
        return State(Need.NEEDS, "settle a rule")
    last = facts.last_round
    if last is not None and last.state is RoundState.WITHHELD:
        return State(Need.NEEDS, "too few answered")
    look = charter.look_again.next if charter.look_again else None
    if look is not None and look < today:
        return State(Need.NEEDS, f"look again, due {on_day(look)}")
    if last is not None and last.state is RoundState.OPEN:
        return State(Need.LEARNING, f"round until {on_day(last.round.closes)}")
    if facts.standing is Accountability.NAMED:
        return State(Need.WATCH, "not accepted yet")
    if not charter.differently:
        return State(Need.WATCH, "nothing differs")
    if facts.findings:
        n = len(facts.findings)
        return State(Need.WATCH, "one open point" if n == 1 else f"{in_words(n)} open points")
    if not facts.rounds:
        return State(Need.WATCH, "only you were asked")
    return State(Need.STEADY, f"look again {on_day(look)}" if look else "no day to look again")


def next_step(facts: DecisionFacts, today: date) -> Step:
    """The one step that is worth most: without somebody accountable, nothing else settles.

    Args:
        facts: What is on record of it.
        today: The day.
    """
    here, charter = f"/d/{facts.slug}", facts.charter
    form = f"{here}/charter"
    if charter is None:
        return Step("See what is wrong", "#unclear")
    if facts.nobody:
        return Step("Name someone", owner_href(facts))
    if facts.errors:
        return Step("Mend the charter", field_href(facts.slug, facts.errors[0].key))
    if facts.unsettled is not None:
        return Step("Write the rule", f"{here}/round/{facts.unsettled.round.id}/settle")
    last = facts.last_round
    if last is not None and last.state is RoundState.WITHHELD:
        return Step("Ask again", f"{here}/round/new")
    look = charter.look_again.next if charter.look_again else None
    if look is not None and look < today:
        return Step("Look again", field_href(facts.slug, "look_again"))
    if facts.standing is Accountability.NAMED:
        return Step("Accept", owner_href(facts))
    if last is not None and last.state is RoundState.OPEN:
        return Step("See the round", f"{here}/round/{last.round.id}")
    if not charter.differently:
        return Step("Say what changes", field_href(facts.slug, "differently"))
    if not facts.rounds:
        return Step("Invite people to a round", f"{here}/round/new")
    if facts.findings:
        return Step("Close an open point", field_href(facts.slug, facts.findings[0].key))
    return Step("Read the charter", form)


def field_href(slug: str, key: str) -> str:
    """Where a charter's key is asked for: in the short form, else in the long one."""
    depth = next((q.depth for q in ASKED if q.key == key), None)
    if depth is None:
        return f"/d/{slug}/charter?depth={Depth.TEN}"
    query = "" if depth is Depth.TWO else f"?depth={Depth.TEN}"
    return f"/d/{slug}/charter{query}#{key}"


def owner_href(facts: DecisionFacts) -> str:
    """Where somebody is named: in the charter where it names no role, else who holds it."""
    owner = facts.charter.owner if facts.charter else None
    if owner is None or len(owner_names(owner)) != 1 or is_group(owner):
        return field_href(facts.slug, "owner")
    return f"/d/{facts.slug}/owner"


def who(facts: DecisionFacts) -> str:
    """Who is accountable, in the few words of a list."""
    if facts.charter is None:
        return "Not known"
    owner = role_words(facts.charter.owner)
    match facts.standing:
        case Accountability.ACCEPTED:
            return facts.person or ""
        case Accountability.NAMED:
            return f"{facts.person}, not accepted yet"
        case Accountability.VACANT:
            return f"Nobody: {owner} is vacant"
        case Accountability.NOBODY:
            return f"Nobody on record as {owner}" if owner else "Nobody accountable yet"


def role_words(role: str | None) -> str:
    """A role as people say it; a name stays as it is written.

    Examples:
        >>> role_words("head-of-sales"), role_words("Ann-Marie Berg"), role_words(None)
        ('head of sales', 'Ann-Marie Berg', '')
    """
    if role is None:
        return ""
    spelled = role.islower() and " " not in role
    return role.replace("-", " ").replace("_", " ") if spelled else role


def mode(facts: DecisionFacts) -> str:
    """Who decides, people or the AI, in words."""
    advice = facts.charter.advice if facts.charter else None
    return MODES[advice.mode if advice else None]
