"""One call of a tool: what was sent is checked, asked at the desk, and told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from sayso.domain.errors import RecordRefused
from sayso.mcp.marking import QUOTES, marked, told, visible
from sayso.record.case_checks import check_actor
from sayso.record.ids import check_id, made_at
from sayso.record.moments import instant_text
from sayso.record.names import check_name
from sayso.record.refusal import Refusal
from sayso.record.strict_json import read_object
from sayso.record.terms import Actor, ActorKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sayso.domain.errors import SaysoError
    from sayso.mcp.tools import Field, Tool
    from sayso.record.strict_json import Json
    from sayso.workspace.desk import Desk

# The largest call that is read.
MOST_BYTES = 256 * 1024
_KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "object": dict,
    "null": type(None),
}


_WORDS = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "an object of names and values",
}


def answered(desk: Desk, tool: Tool, sent: Mapping[str, object]) -> dict[str, Json]:
    """What a call of a tool is answered.

    Args:
        desk: Where it is asked.
        tool: The tool.
        sent: Its fields, as they came.

    Raises:
        SaysoError: If it is refused; nothing of it is stored.
    """
    agent = _agent(desk.actor())
    plain = _read(tool, sent)
    if tool.verb:
        return told(desk.write(tool.verb, _written(desk, tool, plain, agent)))
    return told(_READS[tool.name](desk, plain))


def refused_as(error: SaysoError) -> dict[str, Json]:
    """A refusal as an agent gets it; what it says may quote a charter or a name."""
    code, field, message = error.code, "", error.message
    if isinstance(error, RecordRefused):
        code, field = error.refusal, error.field
        message = message.removeprefix(f"[{code}] ")
    return {
        "error": {
            "code": code,
            "field": visible(field),
            "message": marked(message, QUOTES),
            "hint": marked(error.hint, QUOTES),
        }
    }


def _agent(actor: Actor) -> Actor:
    """Whoever asks here is an agent that acts for somebody, and never that somebody."""
    if actor.kind is not ActorKind.AGENT:
        raise _refused(
            "not-yours-to-decide",
            f"This door is for agents, and the token is of a {actor.kind}.",
            "Make a token for the agent, with the person it acts for.",
        )
    bad = check_actor(actor)
    if bad is not None:
        raise _as_error(bad)
    return actor


def _read(tool: Tool, sent: Mapping[str, object]) -> dict[str, Json]:
    """The fields of a call, each of its form; read again as strictly as the record reads."""
    try:
        content = json.dumps(sent).encode()
    except (ValueError, RecursionError) as error:
        raise _refused("not-json", "The fields are no JSON.", "Send one JSON object.") from error
    plain = read_object(content, most=MOST_BYTES)
    if isinstance(plain, Refusal):
        raise _as_error(plain)
    strange = sorted(set(plain) - {field.name for field in tool.fields})
    if strange:
        raise _refused(
            "field-unknown",
            f"{tool.name} has no field {strange[0][:60]!r}.",
            f"Its fields: {', '.join(field.name for field in tool.fields) or 'none'}.",
            strange[0][:60],
        )
    for field in tool.fields:
        value = plain.get(field.name)
        if value is None and not field.needed:
            plain.pop(field.name, None)
        elif value is None:
            raise _refused(
                "field-missing",
                f"{tool.name} needs {field.name}.",
                f"Send {field.name}: {field.says}",
                field.name,
            )
        elif not _fits(value, field.form):
            wanted = _wanted(field)
            raise _refused(
                "field-wrong", f"{field.name} is {value!r:.60}.", f"Send {wanted}.", field.name
            )
    for name in ("decision", "case"):
        value = plain.get(name)
        bad = check_name(value, name) if isinstance(value, str) else None
        if bad is not None:
            raise _as_error(bad)
    return plain


def _fits(value: Json, form: Mapping[str, Json]) -> bool:
    kinds = form["type"] if isinstance(form["type"], list) else [form["type"]]
    among = form.get("enum")
    if isinstance(among, list) and value not in among:
        return False
    if isinstance(value, bool):
        return "boolean" in kinds
    if not any(isinstance(value, _KINDS[str(kind)]) for kind in kinds):
        return False
    low, high = form.get("minimum"), form.get("maximum")
    if isinstance(value, int | float):
        above = not isinstance(low, int | float) or value >= low
        return above and (not isinstance(high, int | float) or value <= high)
    inner = form.get("additionalProperties")
    if isinstance(value, dict) and isinstance(inner, dict):
        return all(_fits(one, inner) for one in value.values())
    return True


def _wanted(field: Field) -> str:
    among, kind = field.form.get("enum"), field.form["type"]
    if isinstance(among, list):
        return f"one of {', '.join(str(one) for one in among)}"
    kinds = kind if isinstance(kind, list) else [kind]
    words = " or ".join(_WORDS[str(one)] for one in kinds)
    low, high = field.form.get("minimum"), field.form.get("maximum")
    if low is None:
        return words
    return f"{words}, {low} or more" if high is None else f"{words}, {low} to {high}"


def _written(desk: Desk, tool: Tool, plain: dict[str, Json], agent: Actor) -> dict[str, Json]:
    """A command, as the record takes it.

    Its time is that of its id: an agent has no clock to be trusted, and the same id has to stand
    for the same command when it is sent again.
    """
    made = plain.setdefault("id", desk.new_id())
    bad = check_id(str(made))
    if bad is not None:
        raise _as_error(bad)
    try:
        plain["at"] = instant_text(made_at(str(made)))
    except OverflowError as error:
        raise _refused(
            "id-wrong", f"{str(made)[:60]!r} is of no time.", "Make one of today.", "id"
        ) from error
    if tool.verb == "advice":
        # An agent speaks for itself: it cannot give advice under the name of another model.
        model = plain.pop("model", None)
        plain["source"] = agent.name if model is None else f"{agent.name}@{model}"
    return plain


def _refused(code: str, message: str, hint: str, field: str = "") -> RecordRefused:
    return RecordRefused(code, message, hint=hint, field=field)


def _as_error(refusal: Refusal) -> RecordRefused:
    return _refused(refusal.code, refusal.message, refusal.hint, refusal.field)


_READS: dict[str, Callable[[Desk, dict[str, Json]], dict[str, Json]]] = {
    "list_decisions": lambda desk, plain: desk.decisions(),
    "read_charter": lambda desk, plain: desk.charter(
        str(plain["decision"]), cast("int | None", plain.get("version"))
    ),
    "may_i_decide_alone": lambda desk, plain: desk.mandate(
        str(plain["decision"]), cast("dict[str, Json]", plain["inputs"])
    ),
    "read_case": lambda desk, plain: desk.case(str(plain["decision"]), str(plain["case"])),
}
