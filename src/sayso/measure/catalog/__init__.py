"""One file a measure: its question, its query, its estimator."""
