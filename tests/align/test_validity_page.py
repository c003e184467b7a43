"""What docs/validity.md holds is what the simulations wrote, and says what it claims."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from validity.section import Section

DOCS = Path(__file__).parents[2] / "docs"
FOUND = json.loads((DOCS / "validity.json").read_text("utf-8"))


@pytest.mark.parametrize("row", [*FOUND["telling_cases"], *FOUND["recovery"]])
def test_telling_cases_are_better_beyond_the_simulation_error(row: dict[str, float]):
    assert row["gain"] > 3 * row["gain_error"]
    assert row["telling"] < row["at_random"] < row["none"]


def test_the_error_falls_with_every_further_count_of_cases():
    errors = [row["telling"] for row in FOUND["recovery"]]
    assert errors == sorted(errors, reverse=True)


def test_the_page_shows_the_rows_of_the_file():
    page = (DOCS / "validity.md").read_text("utf-8")
    for row in [*FOUND["telling_cases"], *FOUND["recovery"]]:
        assert f"| {row['telling']:.1f} ± {row['telling_error']:.1f} |" in page


def test_a_row_is_shown_with_its_simulation_error_and_blank_where_nothing_is_known():
    columns = {"cases": "cases", "error": "mean error", "hits": "predicted"}
    row = {"cases": 12, "error": 1.26, "error_error": 0.31, "hits": None, "more": 1.0}
    section = Section(key="k", title="T", before="B", columns=columns, rows=(row,))
    assert section.page == (
        "## T\n\nB\n\n| cases | mean error | predicted |\n|--:|--:|--:|\n| 12 | 1.3 ± 0.3 |  |\n"
    )
