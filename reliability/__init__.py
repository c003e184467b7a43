"""Faults tried many times, with what was left; see ``python -m reliability``."""
