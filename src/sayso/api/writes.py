"""Writing: one route for every verb of a case, and one for many writes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sayso.api.answers import json_answer
from sayso.api.permissions import ANY_LOGIN, needs
from sayso.api.problem import defect, problem_of
from sayso.api.route import Route
from sayso.api.schemas import BATCH, BATCH_TOLD, DONE, MOST_WRITES, write_schema
from sayso.domain.errors import RecordRefused, RequestInvalid, SaysoError
from sayso.record.ports import Written

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.responses import Response

    from sayso.api.route import Call
    from sayso.record.refusal import Refusal
    from sayso.record.strict_json import Json
    from sayso.workspace.api_office import Sent

KEY = "idempotency-key"
MOST_BATCH = 4 << 20
# The address of each verb, and what asking it does.
ADDRESSES = {
    "open": ("/v1/cases", "Open a case."),
    "prior": ("/v1/priors", "Give a first view, before the advice."),
    "skip-prior": ("/v1/prior-skips", "Say that there is no first view."),
    "advice": ("/v1/advice", "Give advice; it is kept, and shown to nobody yet."),
    "ask-advice": ("/v1/advice/ask", "Ask to be shown the advice."),
    "open-advice": ("/v1/advice/open", "Say that shown advice was opened."),
    "signal": ("/v1/signals", "Record what a superior or a committee said before the choice."),
    "choice": ("/v1/choices", "Record the choice."),
    "reason": ("/v1/reasons", "Give a reason for the choice afterwards."),
    "ignore": ("/v1/ignored", "Say that nobody answered."),
    "abstain": ("/v1/abstentions", "Decline to decide."),
    "escalate": ("/v1/escalations", "Hand the case to a role above."),
    "expire": ("/v1/expiries", "Say that the time to decide ran out."),
    "contest": ("/v1/contests", "Object to a choice, advice, metric, assumption or charter."),
    "answer-contest": ("/v1/contests/answer", "Answer an objection."),
    "workaround": ("/v1/workarounds", "Report that this was decided round the system."),
    "answer-workaround": ("/v1/workarounds/answer", "Answer such a report."),
    "outcome": ("/v1/outcomes", "Record how it turned out."),
    "correct": ("/v1/corrections", "Correct one field of an earlier entry."),
}


def _writer(verb: str) -> Callable[[Call], Awaitable[Response]]:
    async def write(call: Call) -> Response:
        key = call.headers.get(KEY)
        if key is not None and key != call.plain.get("id"):
            raise RequestInvalid(
                "Idempotency-Key is not the id of the command.",
                hint="Send the id in both, or leave the header out.",
                field="Idempotency-Key",
            )
        sent = call.office.submit(call.who, verb, call.plain)
        told = await _told(call, sent, (await call.mailbox.answer(sent.answers))[0])
        return json_answer(told, 200 if told["again"] else 201)

    return write


async def _told(call: Call, sent: Sent, answer: Written | Refusal | Exception) -> dict[str, Json]:
    """What whoever wrote is told; only a case that is not at hand is read from the disk."""
    if isinstance(answer, Written) and answer.state is None:
        return await call.aside(call.office.settled, sent, answer)
    return call.office.settled(sent, answer)


async def write_many(call: Call) -> Response:
    """Queue every write before any is waited for; each is answered by itself."""
    writes = call.plain.get("writes")
    if set(call.plain) != {"writes"} or not isinstance(writes, list) or not writes:
        raise RequestInvalid(
            "A batch is an object with a list of writes.",
            hint='Send {"writes": [{"verb": "open", ...}]}.',
            field="writes",
        )
    if len(writes) > MOST_WRITES:
        raise RequestInvalid(
            f"{len(writes)} writes were sent; {MOST_WRITES} are taken at once.",
            hint="Send them in several batches.",
            field="writes",
        )
    call.take(len(writes) - 1)
    sent = [_queued(call, one) for one in writes]
    answers: list[Json] = []
    for one in sent:
        answers.append(one if isinstance(one, dict) else await _answered(call, one))
    return json_answer({"answers": answers})


def _queued(call: Call, one: Json) -> Sent | dict[str, Json]:
    try:
        if not isinstance(one, dict):
            raise RequestInvalid("A write is an object.", hint="Send one.", field="writes")
        verb = one.get("verb")
        if not isinstance(verb, str):
            raise RecordRefused(
                "field-missing", "verb is missing.", hint="Send verb.", field="verb"
            )
        rest = {name: value for name, value in one.items() if name != "verb"}
        return call.office.submit(call.who, verb, rest)
    except SaysoError as error:
        return _refused(error)


async def _answered(call: Call, sent: Sent) -> dict[str, Json]:
    try:
        told = await _told(call, sent, (await call.mailbox.answer(sent.answers))[0])
    except SaysoError as error:
        return _refused(error)
    except Exception:  # noqa: BLE001 - one write's defect is its own, and the others are told
        problem = defect()
        return {"status": problem.status, "problem": problem.plain}
    return {"status": 200 if told["again"] else 201, **told}


def _refused(error: SaysoError) -> dict[str, Json]:
    problem = problem_of(error)
    return {"status": problem.status, "problem": problem.plain}


ROUTES = (
    *(
        Route(
            method="POST",
            path=path,
            permission=needs(verb),
            answer=_writer(verb),
            says=says,
            body=write_schema(verb),
            told={201: DONE, 200: DONE},
        )
        for verb, (path, says) in ADDRESSES.items()
    ),
    Route(
        method="POST",
        path="/v1/batch",
        permission=ANY_LOGIN,
        answer=write_many,
        says="Write many at once; each is answered by itself, in their order.",
        body=BATCH,
        most=MOST_BATCH,
        told={200: BATCH_TOLD},
    ),
)
