"""Pure mathematics: sums in, answers out. No files, no database, no clock."""
