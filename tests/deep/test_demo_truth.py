"""Over many simulated companies the declared truth lies in the printed ranges as promised."""

from pathlib import Path

import pytest
from scipy import stats

import sayso
from sayso.workspace.demo_company import TRUTH, write_demo

COMPANIES = 60
NOMINAL = 0.95

Key = tuple[str, str]

STATED: dict[Key, float] = {
    ("influence", ""): TRUTH.influence,
    ("override-rate", ""): TRUTH.override_rate,
    ("agreement", "arm=shown"): TRUTH.agreement_shown,
    ("quality", ""): TRUTH.quality_cost,
    ("team-gap", ""): TRUTH.depot_gap,
    ("calibration-slope", "of=ai"): TRUTH.calibration_slope,
    **{("override-right", f"reason={name}"): right for name, right in TRUTH.right_by_reason},
    **{("override-value", f"reason={name}"): value for name, value in TRUTH.value_by_reason},
}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[Key, list[tuple[float, float]]]:
    """Every printed range of the figures above, one for each company that prints one."""
    ranges: dict[Key, list[tuple[float, float]]] = {key: [] for key in STATED}
    for seed in range(COMPANIES):
        place: Path = tmp_path_factory.mktemp(f"company{seed}")
        written = write_demo(place, seed)
        audit = sayso.audit(written.table, charter=written.charter, seed=seed)
        for figure in audit.to_json()["figures"]:
            key = (
                str(figure["measure"]),
                ", ".join(f"{name}={value}" for name, value in figure["groups"].items()),
            )
            if key in ranges and figure["status"] == "ok":
                low, high = float(figure["low"]), float(figure["high"])
                if key[0] == "quality" and figure["unit"] != "money":
                    # Held against the same truth, as a share of cases instead of their cost.
                    scale = TRUTH.quality_cost / TRUTH.quality
                    low, high = low * scale, high * scale
                ranges[key].append((low, high))
    return ranges


@pytest.mark.deep
@pytest.mark.parametrize("key", STATED, ids=lambda key: " ".join(key).strip())
def test_the_truth_lies_in_the_printed_range_at_the_nominal_rate(
    key: Key, printed: dict[Key, list[tuple[float, float]]]
):
    ranges = printed[key]
    assert ranges, f"no company printed {key}"
    inside = sum(low <= STATED[key] <= high for low, high in ranges)
    # One run in a thousand of a true 95 % range has fewer inside than this.
    least = int(stats.binom.ppf(0.001, len(ranges), NOMINAL))
    assert inside >= least, f"{inside} of {len(ranges)} ranges hold {STATED[key]}"
