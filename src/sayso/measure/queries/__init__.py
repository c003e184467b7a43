"""The reducing queries, as text."""
