"""Who owns what, told."""

from datetime import date

import pytest

from sayso.declare.accountability import Version, ownership_of
from sayso.declare.charter import Charter
from sayso.present.accountability import next_step

DAY = date(2026, 6, 1)


@pytest.mark.feature("D15")
@pytest.mark.parametrize(
    ("owner", "says"),
    [("Ops team", "is a group. Agree on one role"), ("head of ops", "Say who holds head of ops")],
)
def test_nobody_is_asked_to_name_the_holder_of_a_group(owner: str, says: str):
    charter = Charter(decision="a", version=1, owner=owner, question="Should we?")
    found = ownership_of([Version(charter, None)], (), (), on=DAY)
    assert says in (next_step(found) or "")
