"""Calls of a model that record their answer as advice: a predictor's, and anything callable."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sayso.sdk.case import Case
    from sayso.sdk.client import Client
    from sayso.sdk.handed import Answer, Handed, Scalar

P = ParamSpec("P")
T = TypeVar("T")


class Predicts(Protocol):
    """Whatever predicts as scikit-learn's estimators do."""

    def predict(self, rows: Any, /) -> Sequence[Any]:
        """One answer for each row."""
        ...


@dataclass(frozen=True, slots=True)
class Advised:
    """A case with what its decider may be shown.

    Attributes:
        case: The case, to record the choice in.
        advice: The advice, or why it is not shown.
    """

    case: Case
    advice: Handed


@dataclass(frozen=True, slots=True)
class Predictor(Generic[T]):
    """A model whose predictions are recorded as advice; ``predictor`` makes one."""

    model: Predicts
    client: Client
    decision: str
    source: str
    answers: Mapping[Any, Answer] | None = None
    decider: str | None = None

    def predict(
        self,
        rows: Any,  # whatever the model takes
        *,
        cases: Iterable[str],
        inputs: Iterable[Mapping[str, Scalar]] | None = None,
    ) -> list[Advised]:
        """Predict, open a case for each row, and record the prediction as its advice.

        Args:
            rows: What the model takes.
            cases: The host's own id of each row's case.
            inputs: What is recorded of each row; nothing where not said.

        Returns:
            One for each row, with what may be shown.

        Raises:
            ValueError: If there are not as many cases, or inputs, as predictions.
        """
        said = [_bare(one) for one in self.model.predict(rows)]
        sure = self._sure(rows, len(said))
        known: Iterable[Mapping[str, Scalar] | None] = inputs or [None] * len(said)
        found: list[Advised] = []
        for answer, confidence, name, about in zip(
            said, sure, list(cases), list(known), strict=True
        ):
            case = self.client.case(self.decision, id=name, inputs=about, decider=self.decider)
            advised_answer = answer if self.answers is None else self.answers[answer]
            advice = case.advice(advised_answer, source=self.source, confidence=confidence)
            found.append(Advised(case, advice))
        return found

    def _sure(self, rows: Any, count: int) -> list[float | None]:
        """How sure the model is of each answer: the largest of its chances, where it has any."""
        chances = getattr(self.model, "predict_proba", None)
        if chances is None:
            return [None] * count
        return [float(max(row)) for row in chances(rows)]


def predictor(
    model: Predicts,
    client: Client,
    decision: str,
    *,
    source: str,
    answers: Mapping[Any, Answer] | None = None,
    decider: str | None = None,
) -> Predictor[Any]:
    """A model whose predictions are recorded as advice.

    Args:
        model: Has ``predict``; where it has ``predict_proba``, that gives the confidence.
        client: From ``sayso.connect``.
        decision: The decision's slug.
        source: What the model is called, as ``model@version``.
        answers: The charter's option for each of the model's answers, where they differ.
        decider: Whose cases these are, where the token acts for several people.
    """
    return Predictor(model, client, decision, source, answers, decider)


def advised(
    call: Callable[P, T],
    client: Client,
    decision: str,
    *,
    source: str,
    case: Callable[P, str],
    answer: Callable[[T], Answer],
    inputs: Callable[P, Mapping[str, Scalar]] | None = None,
    confidence: Callable[[T], float] | None = None,
    decider: str | None = None,
) -> Callable[P, Advised]:
    """Any call, such as of a language model or of an agent's tool, recorded as advice.

    Args:
        call: What is called.
        client: From ``sayso.connect``.
        decision: The decision's slug.
        source: Who advises, as ``model@version``.
        case: The case's id, from the call's arguments.
        answer: The charter's option, from what the call returned.
        inputs: What is recorded of the case, from the call's arguments.
        confidence: How sure, from what the call returned.
        decider: Whose cases these are, where the token acts for several people.

    Returns:
        The call, with the case and what may be shown in place of what it returned. Where it
        raises, nothing is recorded.
    """

    @wraps(call)
    def run(*args: P.args, **named: P.kwargs) -> Advised:
        said = call(*args, **named)
        one = client.case(
            decision,
            id=case(*args, **named),
            inputs=None if inputs is None else inputs(*args, **named),
            decider=decider,
        )
        sure = None if confidence is None else confidence(said)
        return Advised(one, one.advice(answer(said), source=source, confidence=sure))

    return run


def _bare(answer: Any) -> Any:  # a number of numpy, as a number
    item = getattr(answer, "item", None)
    return answer if item is None else item()
