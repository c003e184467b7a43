"""Elicitation, disagreement, flips and the value of clarity will live here."""
