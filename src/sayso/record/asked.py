"""Commands as JSON, from a host, a page or an agent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sayso.record import commands
from sayso.record.commands import Command
from sayso.record.moments import read_instant
from sayso.record.refusal import Refusal
from sayso.record.strict_json import canonical
from sayso.record.wire import plain_data, read_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sayso.record.strict_json import Json
    from sayso.record.terms import Actor

VERBS: dict[str, type[commands.Ask]] = {
    "open": commands.OpenCase,
    "prior": commands.SealPrior,
    "skip-prior": commands.SkipPrior,
    "advice": commands.GiveAdvice,
    "ask-advice": commands.AskAdvice,
    "open-advice": commands.OpenAdvice,
    "signal": commands.SeeSignal,
    "choice": commands.Choose,
    "reason": commands.GiveReason,
    "ignore": commands.Ignore,
    "abstain": commands.Abstain,
    "escalate": commands.Escalate,
    "expire": commands.Expire,
    "contest": commands.FileContest,
    "answer-contest": commands.AnswerContest,
    "workaround": commands.ReportWorkaround,
    "answer-workaround": commands.AnswerWorkaround,
    "outcome": commands.RecordOutcome,
    "correct": commands.Correct,
}
NAMES = {made: verb for verb, made in VERBS.items()}
_FRAME = ("id", "decision", "charter_version", "case", "at")


def read_command(verb: str, plain: Mapping[str, Json], by: Actor) -> Command | Refusal:
    """A command from JSON.

    Args:
        verb: What is asked, one of ``VERBS``.
        plain: ``id``, ``decision``, ``charter_version``, ``case``, ``at`` and the fields of the
            verb. Who asks is never read from here.
        by: Who asks, as the door has found out.

    Returns:
        The command, or a refusal that names the field.
    """
    made = VERBS.get(verb)
    if made is None:
        return Refusal(
            "kind-unknown", f"{verb[:40]!r} cannot be asked.", f"Ask one of: {', '.join(VERBS)}."
        )
    frame: dict[str, Any] = {}
    for name in _FRAME:
        value = plain.get(name)
        wanted = int if name == "charter_version" else str
        if type(value) is not wanted:
            code = "field-missing" if value is None else "field-wrong"
            return Refusal(code, f"{name} is {value!r:.60}.", f"Send {name}.", name)
        frame[name] = value
    at = read_instant(frame["at"], "at")
    if isinstance(at, Refusal):
        return at
    rest = {name: value for name, value in plain.items() if name not in _FRAME}
    ask = read_fields(made, verb, rest)
    if isinstance(ask, Refusal):
        return ask
    del frame["at"]
    return Command(**frame, at=at, by=by, ask=ask)


def command_bytes(command: Command) -> bytes:
    """Everything a command says, in one spelling; its hash tells it from another."""
    ask: Any = command.ask
    return canonical(
        {
            "verb": NAMES[type(command.ask)],
            "id": command.id,
            "decision": command.decision,
            "charter_version": command.charter_version,
            "case": command.case,
            "at": command.at.isoformat(),
            "by": [command.by.kind, command.by.name, command.by.acting_for],
            "ask": plain_data(ask),
        }
    )
