"""Conformance suites for anyone who writes an engine, a store or a measure will live here."""
