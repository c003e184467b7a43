"""What every test may use."""

import os
import sys
from pathlib import Path

import pytest

# Tests run side by side; matrices that each take every core make all of them wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Tests share rows and published tables as `tests.measure.case_rows`, `tests.oracles.card_game`.
sys.path.insert(0, str(Path(__file__).parent.parent))


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of published tables; skips where it is not set, fails where it is broken."""
    folder = os.environ.get("SAYSO_REFERENCE_DATA")
    if not folder:
        pytest.skip("SAYSO_REFERENCE_DATA is not set, so published figures are not checked here")
    path = Path(folder)
    if not (path / "pretrial_psa" / "psa_trial.csv").is_file():
        pytest.fail(f"SAYSO_REFERENCE_DATA is {folder!r}, which does not hold the tables")
    return path
