"""SliceLine's first experiment, as its package tests it."""

import numpy as np
import pytest

from sayso.measure.estimators.slices import search

FIRST = [1] * 10 + [2] * 5 + [1] * 5
SECOND = [1] * 15 + [2] * 5
THIRD = [2, 1, 1, 2, 2, 1, 1, 2, 1, 2, 1, 3, 2, 3, 1, 3, 2, 3, 1, 1]
CODES = np.array([FIRST, SECOND, THIRD], dtype=np.uint8).T
ERRORS = np.array([1.0] * 10 + [0.0] * 10)


@pytest.mark.oracle("S9")
def test_the_three_best_slices_are_those_of_sliceline():
    found = search(CODES, ERRORS, least=1, most=3, terms=2)
    assert [s.score for s in found] == pytest.approx([0.9, 0.516667, 0.516667], abs=1e-6)
    assert [(s.terms, s.cases) for s in found] == [
        (((0, 1), (1, 1)), 10),
        (((0, 1), (2, 2)), 6),
        (((1, 1), (2, 2)), 6),
    ]
    assert [s.mean for s in found] == pytest.approx([1.0, 5 / 6, 5 / 6])


def test_with_three_terms_two_others_come_second():
    found = search(CODES, ERRORS, least=1, most=3, terms=3)
    assert [s.score for s in found] == pytest.approx([0.9, 0.8, 0.8])
    assert {s.terms for s in found[1:]} == {((0, 1), (1, 1), (2, 1)), ((0, 1), (1, 1), (2, 2))}
