"""The outside: engines, table files, databases."""
