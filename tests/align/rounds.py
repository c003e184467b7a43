"""A round to answer, small and whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sayso.align.considerations import Consideration
from sayso.align.round import Form, Round, RoundCase, SettleBy
from sayso.domain.charter_ref import CharterRef

THREE = (
    Consideration(name="parts not wasted", worst=310, best=0, unit="EUR"),
    Consideration(name="first visit solves it", worst=0, best=100),
    Consideration(name="driving time", worst=90, best=10, unit="minutes"),
)


def a_round(
    *, form: Form = Form.POINTS, cases: int = 3, event: str = "part used", **changes
) -> Round:
    """A round with three considerations and two options."""
    made = Round(
        id="first-visit-part-1",
        charter=CharterRef.parse("first-visit-part@2"),
        fingerprint="v1:abc",
        question="Bring the part on the first visit?",
        options=("bring", "do not bring"),
        considerations=THREE,
        event=event,
        cases=tuple(RoundCase(number=n, facts=(("code", f"E-{n}"),)) for n in range(1, cases + 1)),
        form=form,
        settle=SettleBy.OWNER,
        quorum=0.6,
        invited=5,
        opened=date(2026, 1, 5),
        closes=date(2026, 1, 19),
    )
    return replace(made, **changes)
