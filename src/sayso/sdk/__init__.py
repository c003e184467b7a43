"""The client that records decisions from a program will live here."""
