"""Measures: reducing queries, pure estimators, the catalogue that joins them, and the audit plan."""
