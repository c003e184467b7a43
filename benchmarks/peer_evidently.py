"""Drift of the table's inputs between its halves, and classification quality, with Evidently."""

from __future__ import annotations

import json
import sys

import pandas as pd
from evidently import BinaryClassification, DataDefinition, Dataset, Report
from evidently.presets import ClassificationPreset, DataDriftPreset

NUMBERS = ["amount", "customer_years", "score", "seconds"]
CATEGORIES = ["kind", "abroad", "advice", "choice", "model", "reason"]


def audit(path: str) -> dict[str, object]:
    """Drift of ten columns, and how well the score tells what was repaid."""
    t = pd.read_parquet(path, columns=[*NUMBERS, *CATEGORIES, "decided_at", "repaid"])
    late = t["decided_at"] > t["decided_at"].quantile(0.5)
    definition = DataDefinition(numerical_columns=NUMBERS, categorical_columns=CATEGORIES)
    halves = [
        Dataset.from_pandas(t.loc[part, [*NUMBERS, *CATEGORIES]], data_definition=definition)
        for part in (late, ~late)
    ]
    drift = Report([DataDriftPreset()]).run(*halves)
    known = t[t["repaid"].notna()]
    outcomes = pd.DataFrame({"target": known["repaid"].astype(int), "prediction": known["score"]})
    quality = Report([ClassificationPreset()]).run(
        Dataset.from_pandas(
            outcomes,
            data_definition=DataDefinition(
                classification=[
                    BinaryClassification(
                        target="target", prediction_probas="prediction", pos_label=1
                    )
                ]
            ),
        ),
        None,
    )
    return {"drift": drift.dict(), "quality": quality.dict()}


if __name__ == "__main__":
    json.dump(audit(sys.argv[1]), sys.stdout, default=str)
