"""The door for agents will live here."""
