"""Gates, champion and challenger, proposals and their checks will live here."""
