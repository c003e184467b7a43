"""Charters: what is decided, by whom, for what. Reading, lint, expressions, diff, coherence, acceptance."""
