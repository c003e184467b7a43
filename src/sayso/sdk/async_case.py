"""A case in a program that awaits: the same verbs, none of which holds up the loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sayso.sdk.case import Case

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType
    from typing import Self

P = ParamSpec("P")
T = TypeVar("T")


def _awaited(
    method: Callable[Concatenate[Case, P], T],
) -> Callable[Concatenate[AsyncCase, P], Awaitable[T]]:
    async def run(self: AsyncCase, *args: P.args, **named: P.kwargs) -> T:
        return await asyncio.to_thread(method, self.case, *args, **named)

    run.__name__, run.__doc__ = method.__name__, method.__doc__
    return run


def _prior_asked(case: Case) -> bool:
    """Whether a first view is asked for; waits for the server where the charter may ask."""
    return case.prior_asked


class AsyncCase:
    """A case whose methods are awaited; each runs in a thread, as it may wait for the disk.

    Attributes:
        case: The same case without waiting.
    """

    def __init__(self, case: Case) -> None:
        """Wrap a case."""
        self.case = case

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is recorded at the end: what was not said is not known."""

    open = _awaited(Case.open)
    prior_asked = _awaited(_prior_asked)
    prior = _awaited(Case.prior)
    skip_prior = _awaited(Case.skip_prior)
    advice = _awaited(Case.advice)
    give_advice = _awaited(Case.give_advice)
    ask_advice = _awaited(Case.ask_advice)
    open_advice = _awaited(Case.open_advice)
    signal = _awaited(Case.signal)
    choose = _awaited(Case.choose)
    reason = _awaited(Case.reason)
    ignore = _awaited(Case.ignore)
    abstain = _awaited(Case.abstain)
    escalate = _awaited(Case.escalate)
    expire = _awaited(Case.expire)
    contest = _awaited(Case.contest)
    answer_contest = _awaited(Case.answer_contest)
    workaround = _awaited(Case.workaround)
    answer_workaround = _awaited(Case.answer_workaround)
    outcome = _awaited(Case.outcome)
    correct = _awaited(Case.correct)
