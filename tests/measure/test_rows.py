"""Columns as numbers, whatever order they come in."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sayso.measure.rows import Rows

texts = st.sampled_from(["a", "b", "c", None])
numbers = st.sampled_from([0.0, 1.0, 2.5, float("nan")])


def numbered(values: list[object]) -> list[int]:
    """Places in order of appearance, by plain Python; NaN is one value."""
    place: dict[object, int] = {}
    return [
        place.setdefault("nothing" if isinstance(v, float) and np.isnan(v) else v, len(place))
        for v in values
    ]


@given(st.lists(st.tuples(texts, numbers), max_size=30), st.booleans())
def test_codes_number_values_in_order_of_appearance(
    pairs: list[tuple[str | None, float]], in_order: bool
):
    if in_order:
        pairs = sorted(pairs, key=lambda p: (p[0] or "", p[1] if not np.isnan(p[1]) else 9.0))
    text = np.array([p[0] for p in pairs], dtype=object)
    number = np.array([p[1] for p in pairs], dtype=np.float64)
    rows = Rows({"text": text, "number": number})
    for name, column in (("text", text), ("number", number)):
        codes, labels = rows.codes(name)
        assert codes.tolist() == numbered(column.tolist())
        assert len(labels) == len(set(codes.tolist()))
    both, labels = rows.codes("number", "text")
    joint = [("nothing" if np.isnan(n) else n, t) for t, n in pairs]
    assert both.tolist() == numbered(joint)
    assert len(labels) == len(set(joint))
