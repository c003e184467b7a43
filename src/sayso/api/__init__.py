"""The REST door will live here."""
